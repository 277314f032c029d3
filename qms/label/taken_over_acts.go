package label

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// TakeOverLabel records a label of the past. The door has asked for the password of the officer who
// enters it.
func (s *Service) TakeOverLabel(ctx context.Context, cmd TakeOverLabel) (*Label, error) {
	for try := 1; ; try++ {
		l, err := s.takeOverLabel(ctx, cmd)
		// Two platforms that are given a number in the same instant ask for the same: who comes second asks again.
		if err == nil || try == awardTries || strings.TrimSpace(cmd.Number) != "" || !isTaken(err) {
			return l, err
		}
	}
}

func (s *Service) takeOverLabel(ctx context.Context, cmd TakeOverLabel) (*Label, error) {
	l := &Label{Row: qms.Row{ID: qms.NewID(s.db.Now())}}
	act := qms.Act{Name: "label.take-over", Needs: qms.AccompanyPlatform.On(cmd.Platform), Platform: cmd.Platform, Subject: l.ID}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		l.TakenOn, l.TakenBy = tx.Today(), tx.Actor().ID
		if err := l.stateTakenOver(ctx, tx, cmd); err != nil {
			return err
		}
		if err := tx.Insert(ctx, l); err != nil {
			return err
		}
		return tx.Endorse(ctx, SignedLabel, l.ID, l.Number, qms.MeansTaken, l.signed())
	})
	if err != nil {
		return nil, err
	}
	return l, nil
}

// stateTakenOver reads a label of the past with its number.
func (l *Label) stateTakenOver(ctx context.Context, tx *store.Tx, cmd TakeOverLabel) error {
	facts, err := factsOf(ctx, tx, []qms.ID{cmd.Platform})
	if err != nil {
		return err
	}
	in := &stating{}
	l.takeOver(in, cmd, facts[cmd.Platform], tx.Today())
	number := certificateNumber(in, cmd.Number)
	if number != "" && number != l.Number {
		taken, err := numberTaken(ctx, tx, number)
		if err != nil {
			return err
		}
		if taken {
			in.fail("number", "label.number_taken", number)
		}
	}
	if err := in.outcome(); err != nil {
		return err
	}
	if number == "" && l.Number == "" {
		number, err = labelNumber(ctx, tx, l.AwardedOn.Year())
	}
	if number != "" {
		l.Number = number
	}
	return err
}

// onTakenOver changes a label of the past within one act, with the reason.
func (s *Service) onTakenOver(ctx context.Context, name string, at At, change func(tx *store.Tx, l *Label, reason string) ([]qms.Record, error)) (*Label, error) {
	act := qms.Act{Name: name, Needs: qms.AccompanyPlatform.On(at.Platform), Platform: at.Platform, Subject: at.ID, Reason: strings.TrimSpace(at.Reason)}
	var l *Label
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if l, err = ofPlatform[Label](ctx, tx, at.Platform, at.ID); err != nil {
			return err
		}
		in := &stating{}
		reason := in.needed("reason", at.Reason, statedText)
		switch {
		case l.Void != "":
			return qms.Conflict("record.void")
		case !l.TakenOver():
			return qms.Conflict("label.awarded_here", l.Number)
		case l.Revision != at.Revision:
			return qms.Conflict("record.changed")
		case len(in.wrong) > 0:
			return in.outcome()
		}
		rows, err := change(tx, l, reason)
		if err != nil {
			return err
		}
		return tx.Update(ctx, append(rows, l)...)
	})
	if err != nil {
		return nil, err
	}
	return l, nil
}

// CorrectTakenOver states a label of the past anew, with the reason. Its number stays when none is stated.
func (s *Service) CorrectTakenOver(ctx context.Context, at At, cmd TakeOverLabel) (*Label, error) {
	cmd.Platform = at.Platform
	return s.onTakenOver(ctx, "label.correct", at, func(tx *store.Tx, l *Label, _ string) ([]qms.Record, error) {
		if err := l.stateTakenOver(ctx, tx, cmd); err != nil {
			return nil, err
		}
		return nil, tx.Endorse(ctx, SignedLabel, l.ID, l.Number, qms.MeansTaken, l.signed())
	})
}

// VoidTakenOver declares a label of the past a mistake, with what is on record of it. One that a mission
// follows stays until that mission is declared a mistake.
func (s *Service) VoidTakenOver(ctx context.Context, at At) (*Label, error) {
	return s.onTakenOver(ctx, "label.void", at, func(tx *store.Tx, l *Label, reason string) (rows []qms.Record, err error) {
		facts, err := factsOf(ctx, tx, []qms.ID{at.Platform})
		if err != nil {
			return nil, err
		}
		f := facts[at.Platform]
		for _, m := range f.Missions {
			if m.Label == l.ID {
				return nil, qms.Conflict("label.followed", l.Number, m.Number)
			}
		}
		for i := range f.Events {
			if e := &f.Events[i]; e.Label == l.ID {
				e.Void = reason
				rows = append(rows, e)
				if err := tx.Endorse(ctx, SignedEvent, e.ID, l.Number, qms.MeansVoid, e.signed()); err != nil {
					return nil, err
				}
			}
		}
		l.Void = reason
		return rows, tx.Endorse(ctx, SignedLabel, l.ID, l.Number, qms.MeansVoid, l.signed())
	})
}
