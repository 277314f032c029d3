package trace

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
)

func (e *EquipmentEvent) void() string          { return e.Void }
func (e *EquipmentEvent) setVoid(reason string) { e.Void = reason }

// RecordEvent notes what was done to a piece of equipment, or befell it.
type RecordEvent struct {
	Platform    qms.ID
	Equipment   qms.ID
	Kind        EventKind
	Date        qms.Date
	Ended       qms.Date // the day on which the equipment served again; none while it goes on
	Usable      bool
	Description string
	Outcome     string
	Person      qms.ID
	Company     string
	Cost        qms.Money
	Program     string     // of preventive maintenance
	Months      qms.Months // until the next one
	NextOn      qms.Date   // or its day
	Ends        qms.ID     // an event that goes on, which this one brings to its end
	Place       string     // of a move: where to
}

// RecordEvent notes an event. Whoever writes traces may report a breakdown; the rest is for who manages
// equipment. A move changes where the equipment is; an event may end another one, as a repair ends a
// breakdown.
func (s *Service) RecordEvent(ctx context.Context, cmd RecordEvent) (*EquipmentEvent, error) {
	needs := qms.ManageEquipment
	if cmd.Kind == Breakdown && cmd.Ends == "" {
		needs = qms.WriteTrace
	}
	act := qms.Act{Name: "event.record", Needs: needs.On(cmd.Platform), Platform: cmd.Platform}
	return enter(ctx, s, act, func(in *checking, v *EquipmentEvent) {
		v.Equipment, v.Kind = in.piece("equipment", cmd.Equipment), cmd.Kind
		if !slices.Contains(EventKinds(), v.Kind) {
			in.fail("kind", "input.unknown_choice")
		}
		cmd.state(in, v)
		if len(in.wrong) > 0 || in.err != nil {
			return
		}
		if cmd.Ends != "" {
			in.end(v, cmd.Ends)
		}
		if v.Kind == Move {
			in.move(v, cmd.Place)
		}
	})
}

// state reads what may be corrected afterwards too.
func (c RecordEvent) state(in *checking, v *EquipmentEvent) {
	v.Date, v.Ended = in.past("date", c.Date), in.date("ended", c.Ended)
	if v.Ended != 0 && v.Ended < v.Date {
		in.fail("ended", "event.ends_before")
	}
	v.Usable = c.Usable
	v.Description, v.Outcome = in.long("description", c.Description), in.long("outcome", c.Outcome)
	if blank(c.Description) && (v.Kind != Preventive || blank(c.Program)) {
		in.fail("description", "input.required")
	}
	if c.Person != v.Person {
		in.person("person", c.Person)
	}
	v.Person, v.Company, v.Cost = c.Person, in.text("company", c.Company), in.cost("cost", c.Cost)
	v.Program, v.Months, v.NextOn = in.text("program", c.Program), in.months("months", c.Months), in.date("next_on", c.NextOn)
	switch {
	case v.Kind != Preventive && (v.Program != "" || v.Months != 0 || v.NextOn != 0):
		in.fail("program", "event.next_of_maintenance")
	case v.Months != 0 && v.NextOn != 0:
		in.fail("next_on", "event.two_nexts")
	case v.NextOn != 0 && v.NextOn <= v.Date:
		in.fail("next_on", "event.next_before")
	}
}

// end brings another event of the same equipment to its end on the day this one ends.
func (in *checking) end(v *EquipmentEvent, other qms.ID) {
	if _, err := qms.ParseID(string(other)); err != nil {
		in.fail("ends", "event.not_open")
		return
	}
	ended, err := byID[EquipmentEvent](in.ctx, in.tx, in.platform, other)
	switch {
	case qms.CodeOf(err) == qms.CodeNotFound || err == nil && (ended.Equipment != v.Equipment || !ended.Open()):
		in.fail("ends", "event.not_open")
	case err != nil:
		in.err = err
	case v.Kind.Lasts() && v.Ended == 0:
		in.fail("ended", "event.ends_nothing_yet")
	case max(v.Date, v.Ended) < ended.Date:
		in.fail("date", "event.ends_before")
	default:
		v.Ends, ended.Ended = other, max(v.Date, v.Ended)
		in.err = in.tx.Update(in.ctx, ended)
	}
}

// move notes where the equipment was taken from, and puts it where it was taken to unless a later move
// is on record.
func (in *checking) move(v *EquipmentEvent, place string) {
	v.Place = in.required("place", place)
	e, err := byID[Equipment](in.ctx, in.tx, in.platform, v.Equipment)
	if err != nil {
		in.err = err
		return
	}
	later, err := movesAfter(in.ctx, in.tx, in.platform, v.Equipment, v.Date)
	if err != nil || len(in.wrong) > 0 {
		in.err = err
		return
	}
	v.PlaceBefore = PlaceOn(e, later, v.Date)
	if len(later) > 0 {
		later[0].PlaceBefore = v.Place
		in.err = in.tx.Update(in.ctx, &later[0])
		return
	}
	e.Place = v.Place
	in.err = in.tx.Update(in.ctx, e)
}

// CorrectEvent puts right what was stated of an event. Its kind stays, and where and when a move went:
// such a one is voided and recorded anew. So is a stay out of service.
func (s *Service) CorrectEvent(ctx context.Context, target Target, cmd RecordEvent) (*EquipmentEvent, error) {
	act := qms.Act{Name: "event.correct", Needs: qms.ManageEquipment.On(target.Platform)}
	return correct(ctx, s, act, target, func(in *checking, v *EquipmentEvent) {
		if v.Kind == Withdrawal || v.Kind == Move && cmd.Date != v.Date {
			in.fail("date", "event.fixed")
		}
		cmd.state(in, v)
	})
}

// EndEvent states when an event that goes on came to its end.
type EndEvent struct {
	Target
	On      qms.Date // the day on which the equipment served again
	Outcome string   // what came of it; empty leaves what was stated
}

// EndEvent ends an event that goes on.
func (s *Service) EndEvent(ctx context.Context, cmd EndEvent) (*EquipmentEvent, error) {
	act := qms.Act{Name: "event.end", Needs: qms.ManageEquipment.On(cmd.Platform)}
	return revise(ctx, s, act, cmd.Target, func(in *checking, v *EquipmentEvent) {
		switch on := in.past("on", cmd.On); {
		case !v.Open():
			in.fail("on", "event.not_open")
		case on != 0 && on < v.Date:
			in.fail("on", "event.ends_before")
		default:
			v.Ended = on
		}
		if outcome := in.long("outcome", cmd.Outcome); outcome != "" {
			v.Outcome = outcome
		}
	})
}

// VoidEvent declares an event a mistake. A voided move puts the equipment back where it was taken from,
// unless it was moved since.
func (s *Service) VoidEvent(ctx context.Context, target Target) (*EquipmentEvent, error) {
	act := qms.Act{Name: "event.void", Needs: qms.ManageEquipment.On(target.Platform)}
	return correct(ctx, s, act, target, func(in *checking, v *EquipmentEvent) {
		v.Void = strings.TrimSpace(target.Reason)
		if v.Kind == Move && len(in.wrong) == 0 {
			in.err = in.unmove(v)
		}
	})
}

func (in *checking) unmove(v *EquipmentEvent) error {
	later, err := movesAfter(in.ctx, in.tx, in.platform, v.Equipment, v.Date)
	if err != nil {
		return err
	}
	if len(later) > 0 {
		later[0].PlaceBefore = v.PlaceBefore
		return in.tx.Update(in.ctx, &later[0])
	}
	e, err := byID[Equipment](in.ctx, in.tx, in.platform, v.Equipment)
	if err != nil || e.Place != v.Place {
		return err
	}
	e.Place = v.PlaceBefore
	return in.tx.Update(in.ctx, e)
}
