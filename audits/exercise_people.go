package audits

import (
	"context"
	"slices"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
)

// ExerciseEvaluator is one person named to answer an exercise, by their name on that day.
type ExerciseEvaluator struct {
	qms.Row
	Exercise qms.ID
	Person   qms.ID
	Name     string
	AddedBy  qms.ID
	AddedAt  time.Time
	Void     string // why they no longer are
}

// appoint names who draws, and the others, as evaluators.
func (s *Sheet) appoint(ctx context.Context, tx *store.Tx, others []qms.ID) error {
	if actor := tx.Actor(); actor.ID != "" {
		if err := s.addEvaluator(ctx, tx, actor.ID, actor.Name); err != nil {
			return err
		}
	}
	if len(others) == 0 {
		return nil
	}
	able, err := ableToEvaluate(ctx, tx, s.Exercise.Platform, s.Exercise.Practice)
	if err != nil {
		return err
	}
	for _, person := range others {
		name, can := able[person]
		if !can {
			return qms.InvalidFields(qms.Wrong("evaluators", "exercise.cannot_evaluate"))
		}
		if err := s.addEvaluator(ctx, tx, person, name); err != nil {
			return err
		}
	}
	return nil
}

// addEvaluator names the person, once, and again after they were dismissed.
func (s *Sheet) addEvaluator(ctx context.Context, tx *store.Tx, person qms.ID, name string) error {
	for i := range s.Evaluators {
		if e := &s.Evaluators[i]; e.Person == person {
			if e.Void == "" {
				return nil
			}
			e.Void, e.Name = "", name
			return tx.Update(ctx, e)
		}
	}
	e := ExerciseEvaluator{Exercise: s.Exercise.ID, Person: person, Name: name, AddedBy: tx.Actor().ID, AddedAt: tx.Now()}
	if err := tx.Insert(ctx, &e); err != nil {
		return err
	}
	s.Evaluators = append(s.Evaluators, e)
	return nil
}

// ableToEvaluate are the people who may be named, with their names.
func ableToEvaluate(ctx context.Context, r store.Reader, platform qms.ID, practice bool) (map[qms.ID]string, error) {
	needs := qms.EvaluatePlatform.On(platform)
	if practice {
		needs = qms.RunExercises.On(platform)
	}
	able := map[qms.ID]string{}
	for _, place := range []qms.ID{platform, ""} {
		held, err := people.HeldOn(ctx, r, place)
		if err != nil {
			return nil, err
		}
		for _, h := range held {
			grant := qms.Grant{Role: h.Role, Platform: h.Platform}
			if h.Active(r.Today()) && (qms.Actor{ID: h.Person, Grants: []qms.Grant{grant}}).Can(needs) {
				able[h.Person] = h.Name
			}
		}
	}
	return able, nil
}

// Named is one person by name.
type Named struct {
	Person qms.ID
	Name   string
}

// Evaluators lists who may be named on an exercise of the platform, by name.
func (s *Service) Evaluators(ctx context.Context, platform qms.ID, practice bool) (all []Named, err error) {
	err = s.db.View(ctx, qms.RunExercises.On(platform), func(r store.Reader) error {
		able, err := ableToEvaluate(ctx, r, platform, practice)
		for person, name := range able {
			all = append(all, Named{person, name})
		}
		return err
	})
	slices.SortFunc(all, func(a, b Named) int { return strings.Compare(a.Name+string(a.Person), b.Name+string(b.Person)) })
	return all, err
}

// Judges reports whether the person is one of the evaluators. Who drew an exercise of before
// evaluators were named is its only one.
func (s *Sheet) Judges(person qms.ID) bool {
	if person == "" {
		return false
	}
	for _, e := range s.Evaluators {
		if e.Person == person {
			return e.Void == ""
		}
	}
	return len(s.Evaluators) == 0 && s.Exercise.Evaluator == person
}

// judged refuses who is not an evaluator, and an exercise that is over.
func (s *Sheet) judged(tx *store.Tx) error {
	if s.Exercise.State == Concluded {
		return qms.Conflict("exercise.not_running", s.Exercise.Number)
	}
	if !s.Judges(tx.Actor().ID) && !tx.Actor().System {
		return qms.Refuse("exercise.not_evaluator", s.Exercise.Number)
	}
	return nil
}

// NameEvaluator names one more evaluator; Dismiss takes one off, with the reason.
type NameEvaluator struct {
	Platform qms.ID
	Exercise string // its number
	Person   qms.ID
	Dismiss  bool
	Reason   string // of dismissing
}

// NameEvaluator is for whoever may evaluate: so an exercise never waits for somebody who has left. The
// items of who is dismissed are given to nobody.
func (s *Service) NameEvaluator(ctx context.Context, cmd NameEvaluator) (*Sheet, error) {
	name := "exercise.name"
	if cmd.Dismiss {
		name = "exercise.dismiss"
	}
	act := qms.Act{Name: name, Needs: qms.RunExercises.On(cmd.Platform), Platform: cmd.Platform, Reason: strings.TrimSpace(cmd.Reason)}
	return s.changeSheet(ctx, act, cmd.Exercise, func(tx *store.Tx, sheet *Sheet) error {
		if sheet.Exercise.State == Concluded {
			return qms.Conflict("exercise.not_running", sheet.Exercise.Number)
		}
		if cmd.Dismiss {
			return sheet.dismiss(ctx, tx, cmd)
		}
		able, err := ableToEvaluate(ctx, tx, cmd.Platform, sheet.Exercise.Practice)
		if err != nil {
			return err
		}
		named, can := able[cmd.Person]
		if !can {
			return qms.InvalidFields(qms.Wrong("person", "exercise.cannot_evaluate"))
		}
		return sheet.addEvaluator(ctx, tx, cmd.Person, named)
	})
}

func (s *Sheet) dismiss(ctx context.Context, tx *store.Tx, cmd NameEvaluator) error {
	reason := strings.TrimSpace(cmd.Reason)
	if reason == "" {
		return qms.InvalidFields(qms.Wrong("reason", "input.required"))
	}
	if len(reason) > maxNote {
		return qms.InvalidFields(qms.Wrong("reason", "input.too_long", maxNote))
	}
	var left *ExerciseEvaluator
	remaining := 0
	for i := range s.Evaluators {
		switch e := &s.Evaluators[i]; {
		case e.Person == cmd.Person && e.Void == "":
			left = e
		case e.Void == "":
			remaining++
		}
	}
	switch {
	case left == nil:
		return qms.NotFound("exercise.evaluator_not_found")
	case remaining == 0:
		return qms.Conflict("exercise.last_evaluator")
	}
	left.Void = reason
	if err := tx.Update(ctx, left); err != nil {
		return err
	}
	return s.leave(ctx, tx, cmd.Person)
}

// leave takes from the person the items that are given to them, and stops the clocks that they started.
func (s *Sheet) leave(ctx context.Context, tx *store.Tx, person qms.ID) error {
	for i := range s.Items {
		item := &s.Items[i].ExerciseItem
		before := *item
		if item.Assigned == person {
			item.Assigned = ""
		}
		if item.RunningBy == person {
			item.stop(tx.Now())
		}
		if *item != before {
			if err := tx.Update(ctx, item); err != nil {
				return err
			}
		}
	}
	return nil
}

// AssignItems gives items to one of the evaluators, or to nobody.
type AssignItems struct {
	Platform qms.ID
	Exercise string
	Items    []qms.ID
	Person   qms.ID // empty for nobody in particular
}

// AssignItems says who is to answer which items; any evaluator may still answer any of them.
func (s *Service) AssignItems(ctx context.Context, cmd AssignItems) (*Sheet, error) {
	act := qms.Act{Name: "exercise.assign", Needs: qms.RunExercises.On(cmd.Platform), Platform: cmd.Platform}
	return s.changeSheet(ctx, act, cmd.Exercise, func(tx *store.Tx, sheet *Sheet) error {
		if err := sheet.judged(tx); err != nil {
			return err
		}
		if cmd.Person != "" && !sheet.Judges(cmd.Person) {
			return qms.InvalidFields(qms.Wrong("person", "exercise.evaluator_not_found"))
		}
		if len(cmd.Items) == 0 {
			return qms.InvalidFields(qms.Wrong("items", "input.required"))
		}
		for _, id := range cmd.Items {
			item := sheet.item(id)
			if item == nil {
				return qms.NotFound("exercise.item_not_found")
			}
			if item.Assigned == cmd.Person {
				continue
			}
			item.Assigned = cmd.Person
			if err := tx.Update(ctx, &item.ExerciseItem); err != nil {
				return err
			}
		}
		return nil
	})
}
