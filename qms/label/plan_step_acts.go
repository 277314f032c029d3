package label

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// step reads a step of a plan.
func (in *statement) step(field string, t *PlanStep, a *Accompaniment, c StepTerms) {
	t.Title, t.Month = in.line(field, in.need(field, c.Title)), c.Month
	if c.Month < 1 || c.Month > 10*int64(MostMonths) {
		in.fail(field, "plan_step.month", int(a.Months))
	}
}

// AddPlanStep adds a step at the end of a plan.
func (s *Service) AddPlanStep(ctx context.Context, platform, accompaniment qms.ID, cmd StepTerms) (*PlanStep, error) {
	t := &PlanStep{Row: qms.Row{ID: qms.NewID(s.db.Now())}, Accompaniment: accompaniment}
	act := accompanimentAct("plan_step.add", platform)
	act.Subject = t.ID
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		a, err := openAccompaniment(ctx, tx, platform, accompaniment)
		if err != nil {
			return err
		}
		steps, err := stepsOf(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		in := &statement{ctx: ctx, tx: tx, s: s}
		if len(steps) >= maxSteps {
			in.fail("title", "plan_step.too_many", maxSteps)
		}
		t.Position = int64(len(steps) + 1)
		in.step("title", t, a, cmd)
		if err := in.outcome(); err != nil {
			return err
		}
		return tx.Insert(ctx, t)
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// openAccompaniment reads an accompaniment that counts and has not ended.
func openAccompaniment(ctx context.Context, r store.Reader, platform, id qms.ID) (*Accompaniment, error) {
	a, err := ofPlatform[Accompaniment](ctx, r, platform, id)
	switch {
	case err != nil:
		return nil, err
	case a.Void != "":
		return nil, qms.Conflict("record.void")
	case a.EndedOn != 0:
		return nil, qms.Conflict("accompaniment.ended", a.EndedOn)
	}
	return a, nil
}

// onStep changes a step that counts of a plan that goes on.
func (s *Service) onStep(ctx context.Context, name string, target Target, change func(in *statement, t *PlanStep, a *Accompaniment)) (*PlanStep, error) {
	act := accompanimentAct(name, target.Platform)
	act.Subject, act.Reason = target.ID, strings.TrimSpace(target.Reason)
	var t *PlanStep
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if t, err = ofPlatform[PlanStep](ctx, tx, target.Platform, target.ID); err != nil {
			return err
		}
		a, err := openAccompaniment(ctx, tx, target.Platform, t.Accompaniment)
		switch {
		case err != nil:
			return err
		case t.Void != "":
			return qms.Conflict("record.void")
		case t.Revision != target.Revision:
			return qms.Conflict("record.changed")
		}
		in := &statement{ctx: ctx, tx: tx, s: s}
		change(in, t, a)
		if err := in.outcome(); err != nil {
			return err
		}
		return tx.Update(ctx, t)
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// ChangePlanStep plans a step otherwise.
func (s *Service) ChangePlanStep(ctx context.Context, target Target, cmd StepTerms) (*PlanStep, error) {
	return s.onStep(ctx, "plan_step.change", target, func(in *statement, t *PlanStep, a *Accompaniment) {
		in.step("title", t, a, cmd)
	})
}

// DonePlanStep notes the day on which a step was done; without a day it is not done after all.
func (s *Service) DonePlanStep(ctx context.Context, target Target, on qms.Date) (*PlanStep, error) {
	return s.onStep(ctx, "plan_step.done", target, func(in *statement, t *PlanStep, a *Accompaniment) {
		if t.DoneOn = on; on == 0 {
			return
		}
		if in.past("on", on); on < a.Start {
			in.fail("on", "plan_step.before_start", a.Start)
		}
	})
}

// VoidPlanStep takes a step out of the plan, with a reason.
func (s *Service) VoidPlanStep(ctx context.Context, target Target) (*PlanStep, error) {
	return s.onStep(ctx, "plan_step.void", target, func(in *statement, t *PlanStep, _ *Accompaniment) {
		t.Void = in.reasoned(target)
	})
}
