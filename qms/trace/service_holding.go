package trace

import (
	"context"
	"strings"

	"maillon/qms"
)

// Holding is what a platform keeps of its equipment beside what it is: where it came from, who answers
// for it, and when it is to be renewed. Amounts are in cents, zero when they are not stated.
type Holding struct {
	Supplier    string
	Acquired    qms.Date
	Cost        qms.Money
	Inventory   string
	Funding     string
	Responsible qms.ID
	LifeYears   int64
	RenewalYear int64
	RenewalCost qms.Money
	Notes       string
	Waiting     bool // received, and not put into service yet
}

// The years of renewal that are plausible.
const (
	firstYear   = 1990
	lastYear    = 2100
	maxLifetime = 80
)

func (c Holding) state(in *checking, e *Equipment) {
	e.Supplier, e.Inventory, e.Funding = in.text("supplier", c.Supplier), in.text("inventory", c.Inventory), in.text("funding", c.Funding)
	e.Acquired, e.Notes = in.date("acquired", c.Acquired), in.long("notes", c.Notes)
	e.Cost, e.RenewalCost = in.cost("cost", c.Cost), in.cost("renewal_cost", c.RenewalCost)
	if c.Responsible != e.Responsible { // somebody who has left stays named until another is
		in.person("responsible", c.Responsible)
	}
	e.Responsible = c.Responsible
	if e.LifeYears = c.LifeYears; e.LifeYears < 0 || e.LifeYears > maxLifetime {
		in.fail("life_years", "equipment.life_implausible", maxLifetime)
	}
	if e.RenewalYear = c.RenewalYear; e.RenewalYear != 0 && (e.RenewalYear < firstYear || e.RenewalYear > lastYear) {
		in.fail("renewal_year", "equipment.year_implausible", firstYear, lastYear)
	}
	if e.Waiting = c.Waiting; e.Waiting && e.Commissioned != 0 {
		in.fail("waiting", "equipment.waiting_in_service")
	}
	if e.Retired == 0 {
		e.RetiredWhy = ""
	}
}

// cost reads an amount that cannot be negative.
func (in *input) cost(field string, m qms.Money) qms.Money {
	if m < 0 {
		in.fail(field, "money.negative", m)
	}
	return in.money(field, m)
}

// found reads what a calibration measured. The outcome agrees with the numbers, or the person says why
// it does not.
func (c RecordCalibration) found(in *checking, v *Calibration) {
	switch c.Kind {
	case "", Calibrated, Verified:
	default:
		in.fail("kind", "input.unknown_choice")
	}
	v.Kind, v.Provider = c.Kind, in.text("provider", c.Provider)
	v.Measure, v.Explanation = c.Measure.read(&in.input), in.long("explanation", c.Explanation)
	says, judged := v.Conformity()
	if judged && says != v.Outcome && v.Explanation == "" {
		in.fail("explanation", "calibration.disagrees_"+string(says))
	}
}

// RetireEquipment takes a piece of equipment out of service from a day on. The target's reason says why.
type RetireEquipment struct {
	Target
	On qms.Date // first day out of service; one to come is allowed
}

// RetireEquipment takes a piece of equipment out of service.
func (s *Service) RetireEquipment(ctx context.Context, cmd RetireEquipment) (*Equipment, error) {
	act := qms.Act{Name: "equipment.retire", Needs: qms.ManageEquipment.On(cmd.Platform)}
	return correct(ctx, s, act, cmd.Target, func(in *checking, e *Equipment) {
		switch on := in.requiredDate("on", cmd.On); {
		case e.Retired != 0:
			in.fail("on", "equipment.retired_already", e.Retired)
		case on != 0 && on < e.Commissioned:
			in.fail("on", "equipment.retired_before")
		default:
			e.Retired, e.RetiredWhy = on, strings.TrimSpace(cmd.Reason)
		}
	})
}

// ReturnEquipment puts a piece of equipment that was out of service back into it. That it was out, and
// why, stays on its life sheet.
type ReturnEquipment struct {
	Target
	On qms.Date // first day back in service
}

// ReturnEquipment puts a piece of equipment back into service.
func (s *Service) ReturnEquipment(ctx context.Context, cmd ReturnEquipment) (*Equipment, error) {
	act := qms.Act{Name: "equipment.return", Needs: qms.ManageEquipment.On(cmd.Platform)}
	return correct(ctx, s, act, cmd.Target, func(in *checking, e *Equipment) {
		switch on := in.past("on", cmd.On); {
		case e.Retired == 0 || e.Retired > in.tx.Today():
			in.fail("on", "equipment.not_retired")
		case on != 0 && on <= e.Retired:
			in.fail("on", "equipment.returned_before", e.Retired)
		case len(in.wrong) == 0:
			out := &EquipmentEvent{Equipment: e.ID, Kind: Withdrawal, Date: e.Retired, Ended: on, Description: e.RetiredWhy,
				Outcome: strings.TrimSpace(cmd.Reason)}
			out.ID = qms.NewID(in.tx.Now())
			in.err = in.tx.Insert(in.ctx, out)
			e.Retired, e.RetiredWhy = 0, ""
		}
	})
}

// CommissionEquipment puts a piece of equipment into service for the first time.
type CommissionEquipment struct {
	Target
	On qms.Date // first day of service
}

// CommissionEquipment puts into service what was received and waits for it.
func (s *Service) CommissionEquipment(ctx context.Context, cmd CommissionEquipment) (*Equipment, error) {
	act := qms.Act{Name: "equipment.commission", Needs: qms.ManageEquipment.On(cmd.Platform)}
	return revise(ctx, s, act, cmd.Target, func(in *checking, e *Equipment) {
		switch on := in.requiredDate("on", cmd.On); {
		case !e.Waiting:
			in.fail("on", "equipment.not_waiting")
		case on != 0 && on < e.Acquired:
			in.fail("on", "equipment.commissioned_before", e.Acquired)
		default:
			e.Commissioned, e.Waiting = on, false
		}
	})
}
