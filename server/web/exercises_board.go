package web

import (
	"context"

	"maillon/audits"
	"maillon/qms"
	"maillon/qms/people"
)

// ExerciseBoard is what exercises have to say on the home of a platform: the last one concluded, and
// those that are not. Those for practice count for what is to be done only.
type ExerciseBoard struct{ Audits *audits.Service }

// Board reads the latest exercises: one statement.
func (b ExerciseBoard) Board(ctx context.Context, platform people.Platform, _ qms.Date) (BoardPart, error) {
	var part BoardPart
	if !qms.ActorFrom(ctx).Can(qms.ReadExercises.On(platform.ID)) {
		return part, nil
	}
	page, err := b.Audits.Exercises(ctx, platform.ID, audits.ExerciseFilter{}, qms.Cursor{})
	if err != nil {
		return part, err
	}
	for _, e := range page.Items {
		switch {
		case e.State != audits.Concluded:
			part.Todo = append(part.Todo, BoardItem{State: "open", Title: Say("page.exercises.to_conclude", e.Number), Parts: []string{"exercises", e.Number}})
		case len(part.Figures) == 0 && !e.Practice:
			part.Figures = append(part.Figures, Figure{
				Count: int(e.Found), Of: int(e.Expected), Label: Say("page.exercises.last"), Small: Say("page.exercises.last_is", e.Number),
				Parts: []string{"exercises", e.Number},
			})
		}
	}
	return part, nil
}
