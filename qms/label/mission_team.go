package label

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// NameEvaluator adds an evaluator to an open mission.
type NameEvaluator struct {
	At
	Email string
	Lead  bool // the one who led before no longer does
}

// NameEvaluator names an evaluator, who may read the platform from then on, in one act.
func (s *Service) NameEvaluator(ctx context.Context, cmd NameEvaluator) (*Mission, error) {
	return s.onMission(ctx, "mission.name-evaluator", qms.AccompanyPlatform, cmd.At, func(tx *store.Tx, in *stating, m *Mission) ([]qms.Record, error) {
		in.needed("email", cmd.Email, statedShort)
		e, err := s.name(ctx, tx, in, "email", m, cmd.Platform, cmd.Email)
		if err != nil || e == nil {
			return nil, err
		}
		team, err := ofMission[MissionEvaluator](ctx, tx, m.ID, "named_on", "id")
		if err != nil {
			return nil, err
		}
		var rows []qms.Record
		serving := 0
		for i := range team {
			other := &team[i]
			if other.DismissedOn != 0 {
				continue
			}
			serving++
			if other.Person == e.Person {
				in.fail("email", "mission.named_already", e.Name)
			}
			if cmd.Lead && other.Lead {
				other.Lead = false
				rows = append(rows, other)
			}
		}
		if serving >= maxEvaluators {
			in.fail("email", "mission.evaluators_many", maxEvaluators)
		}
		if len(in.wrong) > 0 {
			return nil, nil
		}
		e.Lead = cmd.Lead || serving == 0
		if err := s.admit(ctx, tx, m, cmd.Platform, e); err != nil {
			return nil, err
		}
		return rows, tx.Insert(ctx, e)
	})
}

// DismissEvaluator ends the part of an evaluator in a mission.
type DismissEvaluator struct {
	At
	Evaluator qms.ID // the row of the mission
}

// DismissEvaluator ends the part of an evaluator and what they may read by it, in one act; what they
// found stays.
func (s *Service) DismissEvaluator(ctx context.Context, cmd DismissEvaluator) (*Mission, error) {
	return s.onMission(ctx, "mission.dismiss-evaluator", qms.AccompanyPlatform, cmd.At, func(tx *store.Tx, in *stating, m *Mission) ([]qms.Record, error) {
		e, err := serving(ctx, tx, m, cmd.Evaluator)
		if err != nil {
			return nil, err
		}
		e.Dismissed, e.DismissedOn, e.Lead = in.needed("reason", cmd.Reason, statedText), tx.Today(), false
		if e.RoleGrant != "" && len(in.wrong) == 0 {
			err = s.hosts.Dismiss(ctx, tx, cmd.Platform, e.RoleGrant, tx.Today())
		}
		return []qms.Record{e}, err
	})
}

// serving is the evaluator of the mission who was not dismissed.
func serving(ctx context.Context, tx *store.Tx, m *Mission, id qms.ID) (*MissionEvaluator, error) {
	e, err := ofPlatform[MissionEvaluator](ctx, tx, m.Platform, id)
	switch {
	case err != nil:
		return nil, err
	case e.Mission != m.ID:
		return nil, qms.NotFound("record.not_found")
	case e.DismissedOn != 0:
		return nil, qms.Conflict("mission.dismissed_already", e.Name)
	}
	return e, nil
}

// DeclareIndependence states that an evaluator has no part in the platform.
type DeclareIndependence struct {
	At
	Evaluator qms.ID
	Words     string
	On        qms.Date // none: today
}

// DeclareIndependence notes the declaration: by the evaluator, or by the officer who holds the signed paper.
func (s *Service) DeclareIndependence(ctx context.Context, cmd DeclareIndependence) (*Mission, error) {
	return s.onMission(ctx, "mission.declare", qms.ReadLabel, cmd.At, func(tx *store.Tx, in *stating, m *Mission) ([]qms.Record, error) {
		e, err := serving(ctx, tx, m, cmd.Evaluator)
		if err != nil {
			return nil, err
		}
		if tx.Actor().ID != e.Person && !tx.Actor().Can(qms.AccompanyPlatform.On(cmd.Platform)) {
			return nil, qms.Refuse("mission.not_yours", m.Number)
		}
		if cmd.On == 0 {
			cmd.On = tx.Today()
		}
		e.Declaration, e.DeclaredOn, e.DeclaredBy = in.words("words", cmd.Words, statedLong), in.past("on", cmd.On, tx.Today()), tx.Actor().ID
		return []qms.Record{e}, nil
	})
}

// evaluates refuses who is neither an evaluator of the mission nor an officer of the programme.
func evaluates(ctx context.Context, tx *store.Tx, m *Mission) ([]MissionEvaluator, error) {
	team, err := ofMission[MissionEvaluator](ctx, tx, m.ID, "named_on", "id")
	if err != nil || tx.Actor().Can(qms.AccompanyPlatform.On(m.Platform)) {
		return team, err
	}
	for _, e := range team {
		if e.Person == tx.Actor().ID && e.DismissedOn == 0 && m.Access().Contains(tx.Today()) {
			return team, nil
		}
	}
	return nil, qms.Refuse("mission.not_yours", m.Number)
}

// PlanVisit states the visit of a mission.
type PlanVisit struct {
	At
	From    qms.Date
	Through qms.Date // none: From
	Plan    []PlanItem
}

const maxPlan = 60

// PlanVisit notes the days of the visit, and who is met when about what.
func (s *Service) PlanVisit(ctx context.Context, cmd PlanVisit) (*Mission, error) {
	return s.onMission(ctx, "mission.plan", qms.ReadLabel, cmd.At, func(tx *store.Tx, in *stating, m *Mission) ([]qms.Record, error) {
		if _, err := evaluates(ctx, tx, m); err != nil {
			return nil, err
		}
		if m.ReportOn != 0 {
			return nil, qms.Conflict("mission.reported", m.Number)
		}
		in.neededOn("visit_from", cmd.From)
		m.visit(in, cmd.From, cmd.Through)
		if len(cmd.Plan) > maxPlan {
			in.fail("plan", "mission.plan_long", maxPlan)
			return nil, nil
		}
		m.Plan = []PlanItem{}
		for _, item := range cmd.Plan {
			m.Plan = append(m.Plan, item.clean(in, m))
		}
		return nil, nil
	})
}

// clean reads a line of the plan; it lies within the visit.
func (i PlanItem) clean(in *stating, m *Mission) PlanItem {
	i.Topic, i.With = in.needed("plan", i.Topic, statedText), in.words("plan", i.With, statedText)
	if i.Day == 0 {
		i.Day = m.VisitFrom
	}
	if i.Day < m.VisitFrom || i.Day > m.VisitThrough {
		in.fail("plan", "mission.plan_outside", i.Day)
	}
	i.From, i.Until = strings.TrimSpace(i.From), strings.TrimSpace(i.Until)
	for _, hour := range []string{i.From, i.Until} {
		if !isHour(hour) {
			in.fail("plan", "mission.plan_hour", in.words("plan", hour, 20))
			return i
		}
	}
	if i.Until != "" && i.Until <= i.From {
		in.fail("plan", "mission.plan_order", i.From)
	}
	return i
}

// isHour reports whether the text is an hour as 09:30, or none.
func isHour(s string) bool {
	if s == "" {
		return true
	}
	digit := func(i int) bool { return s[i] >= '0' && s[i] <= '9' }
	return len(s) == 5 && digit(0) && digit(1) && s[2] == ':' && digit(3) && digit(4) && s[:2] < "24" && s[3:] < "60"
}

// NoteExercises states the traceability exercises that a mission ran.
type NoteExercises struct {
	At
	Numbers []string
}

// NoteExercises notes the numbers of exercises of the platform.
func (s *Service) NoteExercises(ctx context.Context, cmd NoteExercises) (*Mission, error) {
	return s.onMission(ctx, "mission.exercises", qms.ReadLabel, cmd.At, func(tx *store.Tx, in *stating, m *Mission) ([]qms.Record, error) {
		if _, err := evaluates(ctx, tx, m); err != nil {
			return nil, err
		}
		numbers := []string{}
		for _, n := range cmd.Numbers {
			if n = strings.ToUpper(in.words("exercises", n, 64)); n != "" {
				numbers = append(numbers, n)
			}
		}
		if len(numbers) > 50 {
			in.fail("exercises", "mission.exercises_many", 50)
			return nil, nil
		}
		unknown, err := s.hosts.UnknownExercises(ctx, tx, cmd.Platform, numbers)
		if len(unknown) > 0 {
			in.fail("exercises", "mission.exercise_unknown", strings.Join(unknown, ", "))
		}
		m.Exercises = numbers
		return nil, err
	})
}
