package audits

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// ExerciseFilter narrows the list of exercises. Its zero fields do not narrow.
type ExerciseFilter struct {
	Kind     string // "full", or the kind of a sampled one
	Practice string // "no", or "only"; empty for both
	Verdict  Verdict
	State    State  // Concluded, or Running for what is not
	Year     int    // in which it was started
	Mine     qms.ID // of whom this person is an evaluator
}

// Exercises lists the exercises of a platform, the newest first, without the findings of full ones.
func (s *Service) Exercises(ctx context.Context, platform qms.ID, f ExerciseFilter, c qms.Cursor) (qms.Page[Exercise], error) {
	var page qms.Page[Exercise]
	err := s.db.View(ctx, qms.ReadExercises.On(platform), func(r store.Reader) error {
		rows, err := exercises(ctx, r, platform, f, c)
		page = qms.PageOf(rows, c.Limit(), func(e Exercise) string { return e.ID.String() })
		return err
	})
	return page, err
}

// ExerciseTask is an exercise that waits for one of its evaluators.
type ExerciseTask struct {
	Exercise
	Open     int64 // items that are not answered
	Assigned int64 // of these, given to who asks
}

// ExerciseTasks lists the exercises of some platforms that wait for who asks: those of which they are
// an evaluator and that are not concluded. One statement.
func (s *Service) ExerciseTasks(ctx context.Context, platforms []qms.ID) (tasks []ExerciseTask, err error) {
	actor := qms.ActorFrom(ctx)
	var mine []qms.ID
	for _, p := range platforms {
		if actor.Can(qms.RunExercises.On(p)) {
			mine = append(mine, p)
		}
	}
	if len(mine) == 0 || actor.ID == "" {
		return nil, nil
	}
	err = s.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) error {
		tasks, err = tasksOf(ctx, r, mine, actor.ID)
		return err
	})
	return tasks, err
}
