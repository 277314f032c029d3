package web

import (
	"context"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trace"
)

// ImpactBoard is what impacts have to say on the home of a platform: the dossiers that wait.
type ImpactBoard struct{ Trace *trace.Service }

// Board takes one statement.
func (b ImpactBoard) Board(ctx context.Context, platform people.Platform, today qms.Date) (BoardPart, error) {
	var part BoardPart
	open, err := b.Trace.OpenImpacts(ctx, []qms.ID{platform.ID}, qms.ReadTrace)
	for i := range open {
		part.Todo = append(part.Todo, impactItem(&open[i], today))
	}
	return part, err
}

// ImpactTasks is what impacts ask of who may decide on them.
type ImpactTasks struct{ Trace *trace.Service }

// Tasks takes one statement for all the platforms.
func (t ImpactTasks) Tasks(ctx context.Context, platforms []people.Platform, today qms.Date) ([]Task, error) {
	byID, ids := make(map[qms.ID]people.Platform, len(platforms)), make([]qms.ID, 0, len(platforms))
	for _, p := range platforms {
		byID[p.ID], ids = p, append(ids, p.ID)
	}
	open, err := t.Trace.OpenImpacts(ctx, ids, qms.ManageEquipment)
	tasks := make([]Task, 0, len(open))
	for i := range open {
		tasks = append(tasks, Task{BoardItem: impactItem(&open[i], today), Platform: byID[open[i].Platform], Kind: "impact"})
	}
	return tasks, err
}

func impactItem(i *trace.Impact, today qms.Date) BoardItem {
	item := BoardItem{State: "open", Title: Say("page.impact.board_open", i.Number, i.Words), Parts: []string{"impact", i.Number},
		Small: Say("page.impact.board_undecided", i.Undecided(), i.OpenedOn), On: i.OpenedOn.AddDays(trace.ImpactDays)}
	if i.Undecided() == 0 {
		item.Small = Say("page.impact.board_conclude", i.OpenedOn)
	}
	if item.On < today {
		item.State = "late"
	}
	return item
}
