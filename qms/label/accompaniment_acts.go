package label

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// maxSteps is how many steps a plan may have.
const maxSteps = 60

// PlanTerms is what is agreed at the start of an accompaniment.
type PlanTerms struct {
	Start   qms.Date
	Months  qms.Months // between FewestMonths and MostMonths
	Officer qms.ID     // a quality officer of the site
	Aim     string
}

// StepTerms is a step as somebody plans it.
type StepTerms struct {
	Title string
	Month int64 // of the accompaniment, from 1
}

// StartAccompaniment begins to accompany a platform.
type StartAccompaniment struct {
	Platform qms.ID
	PlanTerms
	Steps []StepTerms
}

func accompanimentAct(name string, platform qms.ID) qms.Act {
	return qms.Act{Name: name, Needs: qms.AccompanyPlatform.On(platform), Platform: platform}
}

// StartAccompaniment records the plan with its steps. A platform has one accompaniment at a time: another
// that goes on, or that ended after the start, is refused.
func (s *Service) StartAccompaniment(ctx context.Context, cmd StartAccompaniment) (*Accompaniment, error) {
	a := &Accompaniment{Row: qms.Row{ID: qms.NewID(s.db.Now())}}
	act := accompanimentAct("accompaniment.start", cmd.Platform)
	act.Subject = a.ID
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		in := &statement{ctx: ctx, tx: tx, s: s}
		in.plan(a, cmd.PlanTerms)
		if err := in.alone(a, cmd.Platform); err != nil {
			return err
		}
		rows := []qms.Record{a}
		if len(cmd.Steps) > maxSteps {
			in.fail("steps", "plan_step.too_many", maxSteps)
			cmd.Steps = nil
		}
		for i, terms := range cmd.Steps {
			t := &PlanStep{Row: qms.Row{ID: qms.NewID(tx.Now())}, Accompaniment: a.ID, Position: int64(i + 1)}
			in.step("steps", t, a, terms)
			rows = append(rows, t)
		}
		if err := in.outcome(); err != nil {
			return err
		}
		return tx.Insert(ctx, rows...)
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// plan reads what is agreed.
func (in *statement) plan(a *Accompaniment, c PlanTerms) {
	if c.Start == 0 {
		in.fail("start", "input.required")
	}
	a.Start, a.Months, a.Aim = in.day("start", c.Start), c.Months, in.text("aim", c.Aim)
	if c.Start > in.tx.Today().AddMonths(12) {
		in.fail("start", "accompaniment.far_start", c.Start)
	}
	if c.Months < FewestMonths || c.Months > MostMonths {
		in.fail("months", "accompaniment.months", int(FewestMonths), int(MostMonths))
	}
	a.Officer = in.leader("officer", c.Officer)
}

// leader wants a quality officer of the site.
func (in *statement) leader(field string, person qms.ID) qms.ID {
	if person == "" {
		in.fail(field, "input.required")
		return ""
	}
	holders, err := in.s.people.Holders(in.ctx, in.tx, "", in.tx.Today())
	if err != nil {
		in.err = err
		return ""
	}
	if !slices.ContainsFunc(holders, func(h Holder) bool { return h.Person == person && h.Role == qms.QualityOfficer }) {
		in.fail(field, "accompaniment.not_officer")
	}
	return person
}

// alone refuses an accompaniment that meets another one of the platform.
func (in *statement) alone(a *Accompaniment, platform qms.ID) error {
	others, err := accompanimentsOf(in.ctx, in.tx, []qms.ID{platform})
	if err != nil {
		return err
	}
	for i := range others {
		switch o := &others[i]; {
		case o.ID == a.ID:
		case o.EndedOn == 0:
			return qms.Conflict("accompaniment.goes_on", o.Start)
		case a.EndedOn == 0 && a.Start < o.EndedOn, a.EndedOn != 0 && a.Start < o.EndedOn && o.Start < a.EndedOn:
			in.fail("start", "accompaniment.before_end", o.EndedOn)
		}
	}
	return nil
}

// onAccompaniment changes an accompaniment that counts within one act; rows are what else changes.
func (s *Service) onAccompaniment(ctx context.Context, name string, target Target, change func(in *statement, a *Accompaniment) ([]qms.Record, error)) (*Accompaniment, error) {
	act := accompanimentAct(name, target.Platform)
	act.Subject, act.Reason = target.ID, strings.TrimSpace(target.Reason)
	var a *Accompaniment
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if a, err = ofPlatform[Accompaniment](ctx, tx, target.Platform, target.ID); err != nil {
			return err
		}
		switch {
		case a.Void != "":
			return qms.Conflict("record.void")
		case a.Revision != target.Revision:
			return qms.Conflict("record.changed")
		}
		in := &statement{ctx: ctx, tx: tx, s: s}
		rows, err := change(in, a)
		if err == nil {
			err = in.outcome()
		}
		if err != nil {
			return err
		}
		return tx.Update(ctx, append(rows, a)...)
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// ChangeAccompaniment puts the plan right, with a reason: more months, another officer. The sessions that
// are planned keep the officer they have.
func (s *Service) ChangeAccompaniment(ctx context.Context, target Target, cmd PlanTerms) (*Accompaniment, error) {
	return s.onAccompaniment(ctx, "accompaniment.change", target, func(in *statement, a *Accompaniment) ([]qms.Record, error) {
		in.reasoned(target)
		in.plan(a, cmd)
		if a.EndedOn != 0 && a.Start > a.EndedOn {
			in.fail("start", "accompaniment.ended", a.EndedOn)
		}
		meetings, err := meetingsOf(in.ctx, in.tx, a.ID)
		if err != nil {
			return nil, err
		}
		for i := range meetings {
			if m := &meetings[i]; m.Counts() && m.Day < a.Start {
				in.fail("start", "accompaniment.session_before", m.Number, m.Day)
				break
			}
		}
		return nil, in.alone(a, target.Platform)
	})
}

// EndAccompaniment ends it.
type EndAccompaniment struct {
	Target
	On      qms.Date // its last day, today when none
	Outcome Ending
}

// EndAccompaniment ends an accompaniment: towards the evaluation, or given up, which wants a reason. A
// session that is still planned is refused: it is cancelled or held first.
func (s *Service) EndAccompaniment(ctx context.Context, cmd EndAccompaniment) (*Accompaniment, error) {
	return s.onAccompaniment(ctx, "accompaniment.end", cmd.Target, func(in *statement, a *Accompaniment) ([]qms.Record, error) {
		if a.EndedOn != 0 {
			return nil, qms.Conflict("accompaniment.ended", a.EndedOn)
		}
		planned, err := plannedMeetings(in.ctx, in.tx, a.ID)
		if err != nil {
			return nil, err
		}
		if len(planned) > 0 {
			return nil, qms.Conflict("accompaniment.still_planned", planned[0].Number, planned[0].Day)
		}
		if cmd.On == 0 {
			cmd.On = in.tx.Today()
		}
		a.EndedOn, a.Outcome, a.EndReason = in.past("on", cmd.On), cmd.Outcome, in.text("reason", cmd.Reason)
		if !slices.Contains(Endings(), cmd.Outcome) {
			in.fail("outcome", "input.unknown_choice")
		}
		if cmd.Outcome == GivenUp {
			in.need("reason", cmd.Reason)
		}
		return nil, in.afterAll(a)
	})
}

// afterAll refuses an end before the start or before a session that was held.
func (in *statement) afterAll(a *Accompaniment) error {
	if a.EndedOn <= a.Start {
		in.fail("on", "accompaniment.end_before_start", a.Start)
	}
	last, err := lastHeld(in.ctx, in.tx, a.ID)
	if missing(err) {
		return nil
	}
	if err == nil && a.EndedOn < last.Day {
		in.fail("on", "accompaniment.end_before_session", last.Number, last.Day)
	}
	return err
}

// VoidAccompaniment declares an accompaniment a mistake. One with sessions that count is refused.
func (s *Service) VoidAccompaniment(ctx context.Context, target Target) (*Accompaniment, error) {
	return s.onAccompaniment(ctx, "accompaniment.void", target, func(in *statement, a *Accompaniment) ([]qms.Record, error) {
		meetings, err := meetingsOf(in.ctx, in.tx, a.ID)
		if err != nil {
			return nil, err
		}
		for i := range meetings {
			if meetings[i].Counts() {
				return nil, qms.Conflict("accompaniment.has_sessions", meetings[i].Number)
			}
		}
		a.Void = in.reasoned(target)
		return nil, nil
	})
}
