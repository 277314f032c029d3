package web

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// holdingCommand is what a form states of a piece of equipment beside what it is.
func holdingCommand(f *Form) trace.Holding {
	return trace.Holding{Supplier: f.Text("supplier"), Acquired: f.Date("acquired"), Cost: f.Money("cost"), Inventory: f.Text("inventory"),
		Funding: f.Text("funding"), Responsible: f.ID("responsible"), LifeYears: int64(f.Int("life_years")), RenewalYear: int64(f.Int("renewal_year")),
		RenewalCost: f.Money("renewal_cost"), Notes: f.Text("notes"), Waiting: f.Checked("waiting")}
}

// setHolding shows what is stated of the equipment in a form.
func setHolding(f *Form, e *trace.Equipment) {
	f.Set("supplier", e.Supplier).Set("acquired", e.Acquired).Set("inventory", e.Inventory).Set("funding", e.Funding).
		Set("responsible", e.Responsible).Set("notes", e.Notes).Set("waiting", e.Waiting)
	amount := func(name string, m qms.Money) {
		if m != 0 {
			f.Set(name, m)
		}
	}
	count := func(name string, n int64) {
		if n != 0 {
			f.Set(name, n)
		}
	}
	amount("cost", e.Cost)
	amount("renewal_cost", e.RenewalCost)
	count("life_years", e.LifeYears)
	count("renewal_year", e.RenewalYear)
}

// responsibleOptions are the members who may answer for equipment, and whoever does.
func (s *Site) responsibleOptions(p *Page, e *trace.Equipment) ([]Option, error) {
	c, err := s.Trace.Choices(p.Context(), p.Platform.ID)
	if err != nil {
		return nil, err
	}
	options := p.peopleOptions("page.life.nobody", c.People, p.Today)
	if e != nil {
		options = with(options, string(e.Responsible), namedIn(c.People)[e.Responsible])
	}
	return options, nil
}

// onEquipment are the acts on a piece of equipment as a whole, by the end of their path.
func (s *Site) onEquipment(name string) actOn {
	switch name {
	case "retire":
		return actOn{EquipmentAct{Title: "page.equipment.retire", On: "page.equipment.retired", Reason: "page.services.reason", Consequence: "page.equipment.retire_consequence", Danger: true},
			"page.equipment.retired_done", func(ctx context.Context, t trace.Target, f *Form) error {
				_, err := s.Trace.RetireEquipment(ctx, trace.RetireEquipment{Target: t, On: f.Date("on")})
				return err
			}}
	case "return":
		return actOn{EquipmentAct{Title: "page.equipment.return", On: "page.equipment.return_on", Reason: "page.services.reason", Consequence: "page.equipment.return_consequence"},
			"page.equipment.returned_done", func(ctx context.Context, t trace.Target, f *Form) error {
				_, err := s.Trace.ReturnEquipment(ctx, trace.ReturnEquipment{Target: t, On: f.Date("on")})
				return err
			}}
	case "commission":
		return actOn{EquipmentAct{Title: "page.equipment.commission", On: "page.equipment.commissioned", Consequence: "page.equipment.commission_consequence"},
			"page.equipment.commissioned_done", func(ctx context.Context, t trace.Target, f *Form) error {
				_, err := s.Trace.CommissionEquipment(ctx, trace.CommissionEquipment{Target: t, On: f.Date("on")})
				return err
			}}
	}
	return actOn{EquipmentAct{Title: "page.equipment.void", Reason: "page.services.void_reason", Consequence: "page.equipment.void_all_consequence", Danger: true},
		"page.equipment.voided_done", func(ctx context.Context, t trace.Target, _ *Form) error {
			_, err := s.Trace.VoidEquipment(ctx, t)
			return err
		}}
}

func (s *Site) askOn(p *Page, name string) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	return s.ask(p, piece, piece.Equipment.Row, s.onEquipment(name))
}

func (s *Site) takeOn(p *Page, name string) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	return s.take(p, piece, piece.Equipment.Row, s.onEquipment(name))
}

func (s *Site) newRetirement(p *Page) error       { return s.askOn(p, "retire") }
func (s *Site) retireEquipment(p *Page) error     { return s.takeOn(p, "retire") }
func (s *Site) newReturn(p *Page) error           { return s.askOn(p, "return") }
func (s *Site) returnEquipment(p *Page) error     { return s.takeOn(p, "return") }
func (s *Site) newCommission(p *Page) error       { return s.askOn(p, "commission") }
func (s *Site) commissionEquipment(p *Page) error { return s.takeOn(p, "commission") }
func (s *Site) newEquipmentVoid(p *Page) error    { return s.askOn(p, "void") }
func (s *Site) voidEquipment(p *Page) error       { return s.takeOn(p, "void") }
