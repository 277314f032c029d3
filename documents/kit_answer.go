package documents

import (
	"context"
	"slices"
	"unicode/utf8"

	"maillon/qms"
	"maillon/qms/store"
)

// AnswerKit is what a platform says to a version of the template that its document is a copy of.
type AnswerKit struct {
	Platform qms.ID
	Document qms.ID
	Number   string // of the template's version that is answered
	Answer   Reply  // TakenUp or NotApplicable
	Own      string // the document's version that took it over; required with TakenUp
	Reason   string // required with NotApplicable
}

// AnswerKit puts the answer on record: the notice about that version goes away. An answer that was given
// before is corrected, and the trail keeps what it said.
func (s *Service) AnswerKit(ctx context.Context, cmd AnswerKit) (a *KitAnswer, err error) {
	act := qms.Act{Name: "kit.answer", Needs: qms.WriteDocuments.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Document, Reason: tidy(cmd.Reason)}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		c, err := kitCopyIn(ctx, tx, cmd.Platform, cmd.Document)
		if err != nil {
			return err
		}
		versions, err := kitVersions(ctx, tx, c.Template)
		if err != nil {
			return err
		}
		own, err := versionsOf(ctx, tx, c.Document)
		if err != nil {
			return err
		}
		said, err := kitAnswersTo(ctx, tx, cmd.Platform, c.Template)
		if err != nil {
			return err
		}
		next := KitAnswer{Template: c.Template, Copy: c.ID, Answer: cmd.Answer, Reason: act.Reason}
		if wrong := next.answer(cmd, c, versions, own, tx.Today()); len(wrong) > 0 {
			return qms.InvalidFields(wrong...)
		}
		next.AnsweredOn, next.AnsweredAt, next.Person, next.Name = tx.Today(), tx.Now(), tx.Actor().ID, tx.Actor().Name
		a = &next
		if i := slices.IndexFunc(said, func(o *KitAnswer) bool { return o.Copy == c.ID && o.Version == next.Version }); i >= 0 {
			next.Row = said[i].Row
			return tx.Update(ctx, a)
		}
		return tx.Insert(ctx, a)
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// answer finds the two versions that an answer names, and says what is wrong with it.
func (a *KitAnswer) answer(cmd AnswerKit, c *KitCopy, versions []*KitVersion, own []*Version, today qms.Date) (wrong []qms.Field) {
	held := KitHeld{Versions: versions}
	began, v := held.byID(c.Version), newestOn(versions, today)
	if cmd.Number != "" {
		v, _ = held.numbered(cmd.Number) // nil when there is none
	}
	switch {
	case v == nil || !v.HeldOn(today):
		wrong = append(wrong, qms.Wrong("number", "version.not_found"))
	case began != nil && v.Number().Compare(began.Number()) <= 0:
		wrong = append(wrong, qms.Wrong("number", "kit.not_newer", v.Number().String(), began.Number().String()))
	default:
		a.Version = v.ID
	}
	if utf8.RuneCountInString(a.Reason) > maxReason {
		wrong = append(wrong, qms.Wrong("reason", "act.reason_long", maxReason))
	}
	switch cmd.Answer {
	case TakenUp:
		n, err := ParseNumber(cmd.Own)
		i := slices.IndexFunc(own, func(o *Version) bool { return err == nil && o.Number() == n })
		if i < 0 || own[i].State == Withdrawn {
			return append(wrong, qms.Wrong("own", "kit.own_version"))
		}
		a.TakenBy = own[i].ID
	case NotApplicable:
		if a.Reason == "" {
			wrong = append(wrong, qms.Wrong("reason", "act.reason_missing"))
		}
	default:
		wrong = append(wrong, qms.Wrong("answer", "kit.answer"))
	}
	return wrong
}

func (t *KitHeld) byID(id qms.ID) *KitVersion {
	if i := slices.IndexFunc(t.Versions, func(v *KitVersion) bool { return v.ID == id }); i >= 0 {
		return t.Versions[i]
	}
	return nil
}

// DeclineKit says that the platform has no use for a template that it has no copy of, and why.
func (s *Service) DeclineKit(ctx context.Context, platform qms.ID, template, reason string) error {
	act := qms.Act{Name: "kit.decline", Needs: qms.WriteDocuments.On(platform), Platform: platform, Reason: tidy(reason)}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		held, declined, err := declinable(ctx, tx, platform, template)
		if err != nil {
			return err
		}
		v := newestOn(held.Versions, tx.Today())
		copies, err := kitCopiesOf(ctx, tx, platform, held.ID)
		switch {
		case err != nil:
			return err
		case declined != nil:
			return qms.Conflict("kit.declined_already", held.Code)
		case !held.HeldOn(tx.Today()) || v == nil:
			return qms.Conflict("template.withdrawn", held.Code)
		case slices.ContainsFunc(copies, func(c *KitCopy) bool { return c.HeldOn(tx.Today()) }):
			return qms.Conflict("kit.copied_already", held.Code)
		}
		if err := checkReason(act.Reason); err != nil {
			return err
		}
		return tx.Insert(ctx, &KitAnswer{Template: held.ID, Version: v.ID, Answer: Declined, Reason: act.Reason,
			AnsweredOn: tx.Today(), AnsweredAt: tx.Now(), Person: tx.Actor().ID, Name: tx.Actor().Name})
	})
}

// ResumeKit says that a template which was declined is of use after all.
func (s *Service) ResumeKit(ctx context.Context, platform qms.ID, template, reason string) error {
	act := qms.Act{Name: "kit.resume", Needs: qms.WriteDocuments.On(platform), Platform: platform, Reason: tidy(reason)}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		held, declined, err := declinable(ctx, tx, platform, template)
		if err != nil {
			return err
		}
		if declined == nil {
			return qms.Conflict("kit.not_declined", held.Code)
		}
		if err := checkReason(act.Reason); err != nil {
			return err
		}
		declined.end(tx)
		return tx.Update(ctx, declined)
	})
}

// declinable is a template and the answer by which the platform declined it, nil while none does.
func declinable(ctx context.Context, r store.Reader, platform qms.ID, template string) (*KitHeld, *KitAnswer, error) {
	held, err := kitHeldOf(ctx, r, template)
	if err != nil {
		return nil, nil, err
	}
	said, err := kitAnswersTo(ctx, r, platform, held.ID)
	return held, declinedBy(said, r.Today()), err
}

// declinedBy is the answer that declines a template on the day, nil when none does.
func declinedBy(said []*KitAnswer, day qms.Date) *KitAnswer {
	if i := slices.IndexFunc(said, func(a *KitAnswer) bool { return a.Answer == Declined && a.AnsweredOn <= day && a.HeldOn(day) }); i >= 0 {
		return said[i]
	}
	return nil
}
