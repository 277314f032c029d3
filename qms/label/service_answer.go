package label

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// StateAnswer is what a platform answers to a criterion of the version in effect.
type StateAnswer struct {
	Platform   qms.ID
	Code       string
	Serial     int64 // of the answer that the caller knows, 0 for none: another meanwhile is answer.changed
	Level      Level
	Reason     string // required when it is not applicable
	Remark     string
	Links      []Link // a link without a kind is looked for
	Gap        string
	CloseBy    qms.Date
	Person     qms.ID
	Correction string
}

// StateAnswer notes an answer; the one before keeps its place in the past. The same answer again to the
// same criterion writes nothing.
func (s *Service) StateAnswer(ctx context.Context, cmd StateAnswer) (*Answer, error) {
	a := &Answer{Row: qms.Row{ID: qms.NewID(s.db.Now()), Platform: cmd.Platform}}
	act := qms.Act{Name: "answer.state", Needs: qms.WriteLabel.On(cmd.Platform), Platform: cmd.Platform, Subject: a.ID, Reason: trimmed(cmd.Correction)}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		criterion, before, err := asked(ctx, tx, cmd.Platform, cmd.Code)
		if err != nil {
			return err
		}
		if known := serialOf(before); known != cmd.Serial {
			return qms.Conflict("answer.changed", criterion.Code)
		}
		if err := s.state(ctx, tx, a, criterion, before, cmd); err != nil {
			return err
		}
		if before != nil && a.says(before) {
			a = before
			return nil
		}
		if before != nil {
			before.ReplacedOn = tx.Today()
			if err := tx.Update(ctx, before); err != nil {
				return err
			}
		}
		return tx.Insert(ctx, a)
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// serialOf is that of an answer that holds.
func serialOf(a *Answer) int64 {
	if a == nil {
		return 0
	}
	return a.Serial
}

// asked finds the criterion of the code in the version in effect, and the answer that holds, nil for none.
func asked(ctx context.Context, r store.Reader, platform qms.ID, code string) (*Criterion, *Answer, error) {
	all, err := referentials(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	version := InEffect(all, r.Today())
	if version == nil {
		return nil, nil, qms.Conflict("referential.none_in_effect")
	}
	criteria, err := criteriaOf(ctx, r, version.ID)
	if err != nil {
		return nil, nil, err
	}
	code = NormalCode(shortened(code))
	i := slices.IndexFunc(criteria, func(c Criterion) bool { return c.Code == code })
	if i < 0 {
		return nil, nil, qms.NotFound("criterion.not_asked", code)
	}
	history, err := answerHistory(ctx, r, platform, code)
	if err != nil || len(history) == 0 || history[0].ReplacedOn != 0 {
		return &criteria[i], nil, err
	}
	return &criteria[i], &history[0], nil
}

// state fills the answer with what the command says.
func (s *Service) state(ctx context.Context, tx *store.Tx, a *Answer, c *Criterion, before *Answer, cmd StateAnswer) error {
	in := &cleaning{}
	a.Code, a.Criterion, a.Wording, a.Level, a.Thread = c.Code, c.ID, c.Wording, cmd.Level, a.ID
	a.Reason, a.Remark = in.text("reason", cmd.Reason, maxCriterionText), in.text("remark", cmd.Remark, maxCriterionText)
	a.Gap, a.Correction = in.text("gap", cmd.Gap, maxCriterionText), in.text("correction", cmd.Correction, maxTitle)
	a.CloseBy, a.Person = cmd.CloseBy, cmd.Person
	a.AnsweredBy, a.AnsweredAt, a.AnsweredOn = tx.Actor().ID, tx.Now(), tx.Today()
	history, err := answerHistory(ctx, tx, cmd.Platform, c.Code)
	if err != nil {
		return err
	}
	a.Serial = int64(len(history)) + 1
	if before != nil {
		a.Thread = before.Thread
	}
	a.rules(in, before, tx.Today())
	if a.Person != "" && (before == nil || before.Person != a.Person) {
		persons, err := s.closers(ctx, tx, cmd.Platform)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(persons, func(h Holder) bool { return h.Person == a.Person }) {
			in.fail("person", "answer.person_unknown")
		}
	}
	if err := s.link(ctx, tx, in, a, before, cmd.Links); err != nil {
		return err
	}
	return in.outcome()
}

// rules are what an answer must be to make sense.
func (a *Answer) rules(in *cleaning, before *Answer, today qms.Date) {
	switch {
	case !slices.Contains(levels, a.Level):
		in.fail("level", "answer.level_required")
	case a.Level == NotApplicable && a.Reason == "":
		in.fail("reason", "answer.reason_required")
	case a.Level != NotApplicable && a.Reason != "":
		in.fail("reason", "answer.reason_of_applicable")
	}
	if a.Gap != "" && (a.Level == FullyMet || a.Level == NotApplicable) {
		in.fail("gap", "answer.gap_of_met")
	}
	if a.Gap == "" && (a.CloseBy != 0 || a.Person != "") {
		in.fail("gap", "answer.gap_required")
	}
	if a.Person != "" && a.CloseBy == 0 {
		in.fail("close_by", "answer.day_required")
	}
	stays := before != nil && before.CloseBy == a.CloseBy
	switch {
	case a.CloseBy == 0 || stays:
	case a.CloseBy < today:
		in.fail("close_by", "answer.close_past", a.CloseBy)
	case a.CloseBy > today.AddMonths(120):
		in.fail("close_by", "date.implausible", a.CloseBy)
	}
}

// link finds what the links name. One that the answer before had already may be broken by now: it stays
// until somebody takes it out; a new one must stand.
func (s *Service) link(ctx context.Context, tx *store.Tx, in *cleaning, a, before *Answer, links []Link) error {
	a.Links = []Link{}
	if len(links) > maxLinks {
		in.fail("links", "answer.too_many_links", maxLinks)
		return nil
	}
	for i := range links {
		links[i].Code = in.text("links", links[i].Code, maxTitle)
	}
	links = slices.DeleteFunc(slices.Clone(links), func(l Link) bool { return l.Code == "" })
	found, err := s.stand(ctx, tx, a.Platform, links, tx.Today())
	if err != nil {
		return err
	}
	for _, f := range found {
		old := before != nil && slices.ContainsFunc(before.Links, func(l Link) bool { return l.Code == f.Code && (f.Kind == "" || l.Kind == f.Kind) })
		switch {
		case slices.Contains(a.Links, f.Link):
		case old && f.Kind == "":
			i := slices.IndexFunc(before.Links, func(l Link) bool { return l.Code == f.Code })
			a.Links = append(a.Links, before.Links[i])
		case !f.Broken() || old:
			a.Links = append(a.Links, f.Link)
		default:
			in.fail("links", "answer.link_"+f.Standing, shortened(f.Code))
		}
	}
	return nil
}

// says reports whether two answers say the same of the same criterion.
func (a *Answer) says(o *Answer) bool {
	return a.Criterion == o.Criterion && a.Level == o.Level && a.Reason == o.Reason && a.Remark == o.Remark && slices.Equal(a.Links, o.Links) &&
		a.Gap == o.Gap && a.CloseBy == o.CloseBy && a.Person == o.Person
}

// RetractAnswer takes an answer back: the criterion is unanswered again from today.
type RetractAnswer struct {
	Platform qms.ID
	Code     string
	Serial   int64
	Reason   string
}

// RetractAnswer takes back an answer that was a mistake; it stays readable.
func (s *Service) RetractAnswer(ctx context.Context, cmd RetractAnswer) (a *Answer, err error) {
	act := qms.Act{Name: "answer.retract", Needs: qms.WriteLabel.On(cmd.Platform), Platform: cmd.Platform, Reason: trimmed(cmd.Reason)}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		in := &cleaning{}
		reason := in.required("reason", cmd.Reason, maxCriterionText)
		if err := in.outcome(); err != nil {
			return err
		}
		var criterion *Criterion
		if criterion, a, err = asked(ctx, tx, cmd.Platform, cmd.Code); err != nil {
			return err
		}
		switch {
		case a == nil:
			return qms.Conflict("answer.none", criterion.Code)
		case a.Serial != cmd.Serial:
			return qms.Conflict("answer.changed", criterion.Code)
		}
		a.Void, a.ReplacedOn = reason, tx.Today()
		return tx.Update(ctx, a)
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}
