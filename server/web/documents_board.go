package web

import (
	"context"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
)

// DocumentBoard is what documents have to say on the home of a platform: signatures that the reader
// owes, reviews late or near, and how many documents are in force.
type DocumentBoard struct{ Documents *documents.Service }

// Board reads what waits and what falls due.
func (b DocumentBoard) Board(ctx context.Context, platform people.Platform, today qms.Date) (BoardPart, error) {
	var part BoardPart
	actor := qms.ActorFrom(ctx)
	if !actor.Can(qms.ReadDocuments.On(platform.ID)) {
		return part, nil
	}
	var err error
	if part.Todo, err = b.toSign(ctx, actor, platform.ID); err != nil {
		return part, err
	}
	failed, err := failedPrints(ctx, b.Documents, platform.ID)
	if err != nil {
		return part, err
	}
	part.Todo = append(part.Todo, failed...)
	due, err := b.Documents.DueBy(ctx, platform.ID, today.AddDays(documents.SoonDays))
	if err != nil {
		return part, err
	}
	late := 0
	for _, d := range due {
		state := "expiring"
		if d.On < today {
			state, late = "late", late+1
		}
		part.Todo = append(part.Todo, BoardItem{State: state, Title: Say("page.documents.todo_review", d.Title), On: d.On, Parts: []string{"documents", d.Code}})
	}
	list, err := b.Documents.MasterList(ctx, platform.ID, documents.Filter{}, qms.Cursor{Size: 1})
	if err != nil {
		return part, err
	}
	part.Figures = append(part.Figures, Figure{Count: int(list.Counts.ByState[documents.Effective]), Of: int(list.Counts.Documents),
		Label: Say("page.documents.in_force"), Small: Say("page.documents.late_count", late), Parts: []string{"documents"}})
	return part, nil
}

// toSign is what waits for the actor's visa, where they read drafts.
func (b DocumentBoard) toSign(ctx context.Context, actor qms.Actor, platform qms.ID) (todo []BoardItem, err error) {
	if !actor.Can(qms.ReadDrafts.On(platform)) {
		return nil, nil
	}
	waiting, err := b.Documents.ToSign(ctx, platform)
	for _, w := range waiting {
		if w.Mine {
			todo = append(todo, BoardItem{State: "in-review", Parts: []string{"documents", w.Document.Code},
				Title: Say("page.documents.todo_"+string(w.Meaning), w.Document.Code, w.Version.Number().String()), Small: Words{}})
		}
	}
	return todo, err
}
