package web

import (
	"context"

	"maillon/audits/witness"
	"maillon/qms"
	"maillon/qms/people"
)

// WitnessTasks tells who may read a trail that it does not continue its last checkpoint.
type WitnessTasks struct{ Witness *witness.Service }

// Tasks takes one statement for all the platforms.
func (t WitnessTasks) Tasks(ctx context.Context, platforms []people.Platform, _ qms.Date) ([]Task, error) {
	byID, ids := make(map[qms.ID]people.Platform, len(platforms)), make([]qms.ID, 0, len(platforms))
	for _, p := range platforms {
		byID[p.ID], ids = p, append(ids, p.ID)
	}
	alarms, err := t.Witness.OpenAlarms(ctx, ids)
	tasks := make([]Task, 0, len(alarms))
	for _, a := range alarms {
		item := BoardItem{State: "broken", Title: Say("page.tasks.say_alarm", a.KeptSize), Parts: []string{"trail", "checkpoints"}}
		tasks = append(tasks, Task{BoardItem: item, Platform: byID[a.Of()], Kind: "alarm"})
	}
	return tasks, err
}
