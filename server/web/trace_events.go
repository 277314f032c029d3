package web

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// EventForm is the form of one event of a life sheet. Without a kind it asks for one.
type EventForm struct {
	Form   *Form
	Code   string
	Name   string
	Kind   trace.EventKind
	New    bool
	Kinds  []trace.EventKind
	People []Option
	Ends   []Option // events that go on, which this one may end
	Lasts  bool
	Place  string // where the equipment is
}

func (s *Site) eventForm(p *Page, f *Form, piece *trace.Piece, kind trace.EventKind) EventForm {
	p.equipmentForm(f, "page.life.record", &piece.Equipment)
	v := EventForm{Form: f, Code: piece.Equipment.Code, Name: piece.Equipment.Name, Kind: kind, New: true, Kinds: trace.EventKinds(), Lasts: kind.Lasts(),
		People: p.peopleOptions("page.life.nobody", piece.People, p.Today), Place: piece.Life.Place}
	if kind != "" {
		p.Title = p.T("page.life.kind_" + string(kind))
	}
	if kind != trace.Breakdown && kind.Lasts() {
		for _, open := range piece.Life.Open {
			v.Ends = append(v.Ends, Option{string(open.ID), p.T("page.life.ends_option", p.T("page.life.kind_"+string(open.Kind)), open.Date)})
		}
		if len(v.Ends) > 0 {
			v.Ends = append([]Option{{"", p.T("page.life.ends_nothing")}}, v.Ends...)
		}
	}
	return v
}

func eventCommand(p *Page, f *Form, equipment qms.ID, kind trace.EventKind) trace.RecordEvent {
	return trace.RecordEvent{Platform: p.Platform.ID, Equipment: equipment, Kind: kind, Date: f.Date("date"), Ended: f.Date("ended"), Usable: f.Checked("usable"),
		Description: f.Text("description"), Outcome: f.Text("outcome"), Person: f.ID("person"), Company: f.Text("company"), Cost: f.Money("cost"),
		Program: f.Text("program"), Months: qms.Months(f.Int("months")), NextOn: f.Date("next_on"), Ends: f.ID("ends"), Place: f.Text("place")}
}

// kindOf is the kind that the text names among those that people record; none for anything else.
func kindOf(text string) trace.EventKind {
	for _, k := range trace.EventKinds() {
		if string(k) == text {
			return k
		}
	}
	return ""
}

func (s *Site) newEvent(p *Page) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	kind := kindOf(p.Query("kind"))
	f := p.Form().Set("date", p.Today).Set("kind", kind).Set("ends", p.Query("ends"))
	if kind.Lasts() && kind != trace.Breakdown {
		f.Set("ended", p.Today)
	}
	if kind == trace.Preventive {
		f.Set("program", p.Query("program"))
		for _, m := range piece.Life.Maintenance {
			if m.Program == p.Query("program") && m.Months > 0 && f.Text("months") == "" {
				f.Set("months", int(m.Months))
			}
		}
	}
	return p.Render("equipment_event", s.eventForm(p, f, piece, kind))
}

func (s *Site) addEvent(p *Page) error { return s.takeEvent(p, kindOf(p.Form().Text("kind"))) }

func (s *Site) newBreakdown(p *Page) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	return p.Render("equipment_event", s.eventForm(p, p.Form().Set("date", p.Today), piece, trace.Breakdown))
}

func (s *Site) addBreakdown(p *Page) error { return s.takeEvent(p, trace.Breakdown) }

func (s *Site) takeEvent(p *Page, kind trace.EventKind) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	f := p.Form()
	cmd := eventCommand(p, f, piece.Equipment.ID, kind)
	if err = f.Err(); err == nil {
		_, err = s.Trace.RecordEvent(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("equipment_event", f, err, s.eventForm(p, f, piece, kind))
	}
	return p.Done(p.To("equipment", piece.Equipment.Code), "page.life.recorded", piece.Equipment.Code)
}

// eventOf is the event in the path, of the equipment in the path; one that is void is not found.
func (s *Site) eventOf(p *Page) (*trace.Piece, *trace.EquipmentEvent, error) {
	id, err := p.ID("id")
	if err != nil {
		return nil, nil, err
	}
	piece, err := s.pieceOf(p)
	if err != nil {
		return nil, nil, err
	}
	e, err := s.Trace.Event(p.Context(), p.Platform.ID, id)
	if err == nil && (e.Equipment != piece.Equipment.ID || e.Void != "") {
		err = qms.NotFound("record.not_found")
	}
	return piece, e, err
}

func (s *Site) eventCorrection(p *Page, f *Form, piece *trace.Piece, e *trace.EquipmentEvent) EventForm {
	v := s.eventForm(p, f, piece, e.Kind)
	v.New, v.Ends = false, nil
	v.People = with(v.People, string(e.Person), namedIn(piece.People)[e.Person])
	p.Title = p.T("page.life.correct")
	return v
}

func (s *Site) newEventCorrection(p *Page) error {
	piece, e, err := s.eventOf(p)
	if err != nil {
		return err
	}
	f := p.Form().Set("revision", e.Revision).Set("date", e.Date).Set("ended", e.Ended).Set("usable", e.Usable).Set("description", e.Description).
		Set("outcome", e.Outcome).Set("person", e.Person).Set("company", e.Company).Set("program", e.Program).Set("next_on", e.NextOn)
	if e.Cost != 0 {
		f.Set("cost", e.Cost)
	}
	if e.Months != 0 {
		f.Set("months", int(e.Months))
	}
	return p.Render("equipment_event", s.eventCorrection(p, f, piece, e))
}

func (s *Site) correctEvent(p *Page) error {
	piece, e, err := s.eventOf(p)
	if err != nil {
		return err
	}
	f := p.Form()
	cmd, target := eventCommand(p, f, piece.Equipment.ID, e.Kind), p.target(f, e.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.CorrectEvent(p.Context(), target, cmd)
	}
	if err != nil {
		return p.Again("equipment_event", f, err, s.eventCorrection(p, f, piece, e))
	}
	return p.Done(p.To("equipment", piece.Equipment.Code), "page.life.corrected", piece.Equipment.Code)
}

// EquipmentAct is a form for an act on equipment, or on a line of its life sheet, with its consequence
// in a sentence.
type EquipmentAct struct {
	Form        *Form
	Code        string
	About       string // what it is about
	Title       string
	On          string // key of the label of its date; empty for none
	Outcome     bool
	Reason      string // key of the label of its reason; empty for none
	Consequence string
	Danger      bool
	Back        string
}

// actOn is one such act: what its page says, and what it does.
type actOn struct {
	EquipmentAct
	done string // key of what is said afterwards
	do   func(ctx context.Context, target trace.Target, f *Form) error
}

// ask shows the form of an act on the record.
func (s *Site) ask(p *Page, piece *trace.Piece, row qms.Row, a actOn) error {
	a.prepare(p, p.Form().Set("revision", row.Revision).Set("on", p.Today), piece)
	return p.Render("equipment_act", a.EquipmentAct)
}

func (a *actOn) prepare(p *Page, f *Form, piece *trace.Piece) {
	p.equipmentForm(f, a.Title, &piece.Equipment)
	a.Form, a.Code = f, piece.Equipment.Code
	if a.About == "" {
		a.About = piece.Equipment.Name
	}
	if a.Back == "" {
		a.Back = p.To("equipment", piece.Equipment.Code)
	}
}

// take does the act.
func (s *Site) take(p *Page, piece *trace.Piece, row qms.Row, a actOn) error {
	f := p.Form()
	a.prepare(p, f, piece)
	target := p.target(f, row.ID)
	f.Date("on")
	err := f.Err()
	if err == nil {
		err = a.do(p.Context(), target, f)
	}
	if err != nil {
		return p.Again("equipment_act", f, err, a.EquipmentAct)
	}
	return p.Done(a.Back, a.done, piece.Equipment.Code)
}

func (s *Site) endOf(p *Page, e *trace.EquipmentEvent) actOn {
	return actOn{EquipmentAct{Title: "page.life.end_title", About: p.T("page.life.kind_"+string(e.Kind)) + ", " + e.Description, On: "page.life.ended", Outcome: true,
		Consequence: "page.life.end_consequence"}, "page.life.ended_done",
		func(ctx context.Context, t trace.Target, f *Form) error {
			_, err := s.Trace.EndEvent(ctx, trace.EndEvent{Target: t, On: f.Date("on"), Outcome: f.Text("outcome")})
			return err
		}}
}

func (s *Site) newEventEnd(p *Page) error {
	piece, e, err := s.eventOf(p)
	if err != nil {
		return err
	}
	return s.ask(p, piece, e.Row, s.endOf(p, e))
}

func (s *Site) endEvent(p *Page) error {
	piece, e, err := s.eventOf(p)
	if err != nil {
		return err
	}
	return s.take(p, piece, e.Row, s.endOf(p, e))
}

func (s *Site) voidOf(p *Page, e *trace.EquipmentEvent) actOn {
	return actOn{EquipmentAct{Title: "page.life.void_title", About: p.T("page.life.kind_"+string(e.Kind)) + ", " + e.Description, Reason: "page.services.void_reason",
		Consequence: "page.life.void_consequence", Danger: true}, "page.life.voided_done",
		func(ctx context.Context, t trace.Target, _ *Form) error {
			_, err := s.Trace.VoidEvent(ctx, t)
			return err
		}}
}

func (s *Site) newEventVoid(p *Page) error {
	piece, e, err := s.eventOf(p)
	if err != nil {
		return err
	}
	return s.ask(p, piece, e.Row, s.voidOf(p, e))
}

func (s *Site) voidEvent(p *Page) error {
	piece, e, err := s.eventOf(p)
	if err != nil {
		return err
	}
	return s.take(p, piece, e.Row, s.voidOf(p, e))
}
