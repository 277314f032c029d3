package web

import (
	"context"

	"maillon/audits"
	"maillon/qms"
	"maillon/qms/people"
)

// ExerciseTasks is what exercises ask of the reader: those they evaluate, that are not concluded.
type ExerciseTasks struct{ Audits *audits.Service }

// Tasks asks about the exercises of all the platforms at once.
func (t ExerciseTasks) Tasks(ctx context.Context, platforms []people.Platform, _ qms.Date) ([]Task, error) {
	byID := make(map[qms.ID]people.Platform, len(platforms))
	ids := make([]qms.ID, len(platforms))
	for i, p := range platforms {
		byID[p.ID], ids[i] = p, p.ID
	}
	found, err := t.Audits.ExerciseTasks(ctx, ids)
	if err != nil {
		return nil, err
	}
	tasks := make([]Task, 0, len(found))
	for _, e := range found {
		item := BoardItem{State: "open", Title: Say("page.tasks.say_exercise", e.Number, e.Open), Parts: []string{"exercises", e.Number}}
		switch {
		case e.Open == 0:
			item.Title = Say("page.exercises.to_conclude", e.Number)
		case e.Assigned > 0:
			item.Small = Say("page.tasks.small_exercise", e.Assigned)
		}
		tasks = append(tasks, Task{BoardItem: item, Platform: byID[e.Platform], Kind: "exercise"})
	}
	return tasks, nil
}
