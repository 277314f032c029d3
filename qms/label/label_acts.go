package label

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// ChangeLabel says what happens to a label between its award and its end. The door has asked for the
// password of the officer who enters it.
type ChangeLabel struct {
	At   // the label
	Kind EventKind
	Date qms.Date
	Body string // that decided it
	Why  string
}

// ChangeLabel suspends a label, lifts its suspension or withdraws it.
func (s *Service) ChangeLabel(ctx context.Context, cmd ChangeLabel) (*Label, error) {
	act := qms.Act{Name: "label.change", Needs: qms.AccompanyPlatform.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.ID, Reason: strings.TrimSpace(cmd.Why)}
	var l *Label
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if l, err = ofPlatform[Label](ctx, tx, cmd.Platform, cmd.ID); err != nil {
			return err
		}
		if l.Void != "" {
			return qms.Conflict("record.void")
		}
		in := &stating{}
		e := &AwardEvent{Label: l.ID, Kind: cmd.Kind, Date: in.past("date", cmd.Date, tx.Today()), Body: in.needed("body", cmd.Body, statedShort),
			Why: in.needed("why", cmd.Why, statedLong), EnteredBy: tx.Actor().ID, EnteredAt: tx.Now()}
		if !slices.Contains([]EventKind{EventSuspended, EventLifted, EventWithdrawn}, cmd.Kind) {
			in.fail("kind", "input.unknown_choice")
		}
		if err := in.outcome(); err != nil {
			return err
		}
		facts, err := factsOf(ctx, tx, []qms.ID{cmd.Platform})
		if err != nil {
			return err
		}
		if err := facts[cmd.Platform].allow(l, e); err != nil {
			return err
		}
		if err := tx.Insert(ctx, e); err != nil {
			return err
		}
		return tx.Endorse(ctx, SignedEvent, e.ID, l.Number, qms.MeansDecision, e.signed())
	})
	if err != nil {
		return nil, err
	}
	return l, nil
}

// allow refuses an event that the label is not in a state for, or that is dated before another one.
func (f Facts) allow(l *Label, e *AwardEvent) error {
	withdrawn, suspended := f.halts(l.ID, e.Date)
	switch {
	case e.Date < l.AwardedOn:
		return qms.InvalidFields(qms.Wrong("date", "label.before_award", l.AwardedOn))
	case e.Date >= l.EndsOn():
		return qms.InvalidFields(qms.Wrong("date", "label.after_end", l.EndsOn()))
	case withdrawn != 0:
		return qms.Conflict("label.withdrawn", withdrawn)
	case e.Kind == EventSuspended && suspended != 0:
		return qms.Conflict("label.suspended", suspended)
	case e.Kind == EventLifted && suspended == 0:
		return qms.Conflict("label.not_suspended")
	}
	for _, other := range f.Events {
		if other.Label == l.ID && other.Void == "" && other.Date > e.Date {
			return qms.InvalidFields(qms.Wrong("date", "label.before_event", other.Date))
		}
	}
	return nil
}

// StandingNow is what a label is on a day, as the public is told: valid, suspended, withdrawn, ended, or
// coming where it has not begun.
type StandingNow string

// What a label is on a day.
const (
	LabelValid     StandingNow = "valid"
	LabelSuspended StandingNow = "suspended"
	LabelWithdrawn StandingNow = "withdrawn"
	LabelEnded     StandingNow = "expired"
	LabelComing    StandingNow = "approved"
	LabelVoid      StandingNow = "void"
)

// LabelOn tells what the label is on the day, and since when.
func (f Facts) LabelOn(l *Label, day qms.Date) (StandingNow, qms.Date) {
	withdrawn, suspended := f.halts(l.ID, day)
	switch {
	case l.Void != "":
		return LabelVoid, 0
	case withdrawn != 0 && withdrawn < l.EndsOn():
		return LabelWithdrawn, withdrawn
	case day >= l.EndsOn():
		return LabelEnded, l.EndsOn()
	case day < l.AwardedOn:
		return LabelComing, l.AwardedOn
	case suspended != 0:
		return LabelSuspended, suspended
	}
	return LabelValid, l.AwardedOn
}
