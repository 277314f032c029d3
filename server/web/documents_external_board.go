package web

import (
	"context"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
)

// WatchBoard is what documents of external origin have to say on the home of a platform: the looks for
// a new edition that are late or near.
type WatchBoard struct{ Documents *documents.Service }

// Board reads what falls due.
func (b WatchBoard) Board(ctx context.Context, platform people.Platform, today qms.Date) (BoardPart, error) {
	var part BoardPart
	if !qms.ActorFrom(ctx).Can(qms.ReadLibrary.On(platform.ID)) {
		return part, nil
	}
	due, err := b.Documents.WatchDueBy(ctx, platform.ID, today.AddDays(documents.SoonDays))
	for _, d := range due {
		state := "expiring"
		if d.On < today {
			state = "late"
		}
		part.Todo = append(part.Todo, BoardItem{State: state, Title: Say("page.external.todo", d.Title), On: d.On, Parts: []string{"documents", d.Code}})
	}
	return part, err
}
