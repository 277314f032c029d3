package label

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// StateOtherLabel states a label or certificate that another body awarded.
type StateOtherLabel struct {
	Platform  qms.ID
	Kind      OtherKind
	Name      string
	Body      string
	Number    string
	Perimeter string
	From      qms.Date
	Through   qms.Date // last day; none where it has no end
}

// AddOtherLabel records one.
func (s *Service) AddOtherLabel(ctx context.Context, cmd StateOtherLabel) (*OtherLabel, error) {
	l := &OtherLabel{Row: qms.Row{ID: qms.NewID(s.db.Now())}}
	act := qms.Act{Name: "other-label.add", Needs: qms.WriteLabel.On(cmd.Platform), Platform: cmd.Platform, Subject: l.ID}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		if err := l.state(cmd); err != nil {
			return err
		}
		return tx.Insert(ctx, l)
	})
	if err != nil {
		return nil, err
	}
	return l, nil
}

// state reads what was stated.
func (l *OtherLabel) state(cmd StateOtherLabel) error {
	in := &stating{}
	if !slices.Contains(OtherKinds(), cmd.Kind) {
		in.fail("kind", "input.unknown_choice")
	}
	l.Kind, l.Name = cmd.Kind, in.words("name", cmd.Name, statedShort)
	if l.Kind == OtherAny && l.Name == "" {
		in.fail("name", "input.required")
	}
	l.Body, l.Number = in.needed("body", cmd.Body, statedShort), in.words("number", cmd.Number, statedShort)
	l.Perimeter, l.FromDate, l.UntilDate = in.words("perimeter", cmd.Perimeter, statedLong), in.neededOn("from", cmd.From), 0
	if through := in.on("through", cmd.Through); through != 0 {
		if through < l.FromDate {
			in.fail("through", "other_label.order", l.FromDate)
		}
		l.UntilDate = through.AddDays(1)
	}
	return in.outcome()
}

// onOther changes one within one act.
func (s *Service) onOther(ctx context.Context, name string, at At, change func(in *stating, l *OtherLabel) error) (*OtherLabel, error) {
	act := qms.Act{Name: name, Needs: qms.WriteLabel.On(at.Platform), Platform: at.Platform, Subject: at.ID, Reason: strings.TrimSpace(at.Reason)}
	var l *OtherLabel
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if l, err = ofPlatform[OtherLabel](ctx, tx, at.Platform, at.ID); err != nil {
			return err
		}
		in := &stating{}
		in.needed("reason", at.Reason, statedText)
		switch {
		case l.Void != "":
			return qms.Conflict("record.void")
		case l.Revision != at.Revision:
			return qms.Conflict("record.changed")
		case len(in.wrong) > 0:
			return in.outcome()
		}
		if err := change(in, l); err != nil {
			return err
		}
		return tx.Update(ctx, l)
	})
	if err != nil {
		return nil, err
	}
	return l, nil
}

// CorrectOtherLabel states one anew, with the reason.
func (s *Service) CorrectOtherLabel(ctx context.Context, at At, cmd StateOtherLabel) (*OtherLabel, error) {
	return s.onOther(ctx, "other-label.correct", at, func(_ *stating, l *OtherLabel) error { return l.state(cmd) })
}

// CloseOtherLabel says that nothing is due at its end: it was given up, or another one follows it.
func (s *Service) CloseOtherLabel(ctx context.Context, at At) (*OtherLabel, error) {
	return s.onOther(ctx, "other-label.close", at, func(_ *stating, l *OtherLabel) error {
		if l.Closed != "" {
			return qms.Conflict("other_label.closed")
		}
		l.Closed = strings.TrimSpace(at.Reason)
		return nil
	})
}

// VoidOtherLabel declares one a mistake; it stays readable.
func (s *Service) VoidOtherLabel(ctx context.Context, at At) (*OtherLabel, error) {
	return s.onOther(ctx, "other-label.void", at, func(_ *stating, l *OtherLabel) error {
		l.Void = strings.TrimSpace(at.Reason)
		return nil
	})
}
