package web

import (
	"context"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
)

// KitBoard is what the quality kit has to say on the home of a platform: the templates that moved on,
// and that nobody has answered.
type KitBoard struct{ Documents *documents.Service }

// Board reads the platform's copies.
func (b KitBoard) Board(ctx context.Context, platform people.Platform, today qms.Date) (BoardPart, error) {
	var part BoardPart
	if !qms.ActorFrom(ctx).Can(qms.ReadLabel.On(platform.ID)) {
		return part, nil
	}
	behind, err := b.Documents.KitBehind(ctx, platform.ID)
	for _, c := range behind {
		state := "expiring"
		if c.DueOn() < today {
			state = "late"
		}
		part.Todo = append(part.Todo, BoardItem{State: state, Title: Say("page.kit.todo", c.Code, c.Newest.Number().String()), Small: Say("page.tasks.small_plain", c.Title),
			On: c.DueOn(), Parts: []string{"documents", c.Code, "kit"}})
	}
	return part, err
}
