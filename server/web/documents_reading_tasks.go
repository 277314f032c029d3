package web

import (
	"context"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
)

// ReadingTasks is what the reader is asked to read and has not.
type ReadingTasks struct{ Documents *documents.Service }

// Tasks asks the documents of all the platforms at once.
func (t ReadingTasks) Tasks(ctx context.Context, platforms []people.Platform, _ qms.Date) ([]Task, error) {
	byID := make(map[qms.ID]people.Platform, len(platforms))
	ids := make([]qms.ID, len(platforms))
	for i, p := range platforms {
		byID[p.ID], ids[i] = p, p.ID
	}
	readings, err := t.Documents.ToReadBy(ctx, ids)
	if err != nil {
		return nil, err
	}
	tasks := make([]Task, 0, len(readings))
	for i := range readings {
		tasks = append(tasks, Task{BoardItem: readingItem(&readings[i]), Platform: byID[readings[i].Document.Platform], Kind: "reading"})
	}
	return tasks, nil
}

// readingItem says one reading that is still to be done.
func readingItem(r *documents.Reading) BoardItem {
	item := BoardItem{State: "todo", On: r.Until, Parts: []string{"documents", r.Document.Code}, Small: Say("page.tasks.small_plain", r.Document.Title),
		Title: Say("page.readings.todo", r.Document.Code, r.Version.Number().String())}
	if r.State == documents.ReadLate {
		item.State = "late"
	}
	return item
}

// ReadingBoard is what readings have to say on the home of a platform: what the reader is asked to read
// and, to who answers for the documents, how many of all readings are done.
type ReadingBoard struct{ Documents *documents.Service }

// Board reads what waits, and the figure.
func (b ReadingBoard) Board(ctx context.Context, platform people.Platform, _ qms.Date) (BoardPart, error) {
	var part BoardPart
	readings, err := b.Documents.ToReadBy(ctx, []qms.ID{platform.ID})
	if err != nil {
		return part, err
	}
	for i := range readings {
		part.Todo = append(part.Todo, readingItem(&readings[i]))
	}
	if !qms.ActorFrom(ctx).Can(qms.ReadLibrary.On(platform.ID)) {
		return part, nil
	}
	tally, err := b.Documents.ReadingTally(ctx, platform.ID)
	if err != nil || tally.Asked == 0 {
		return part, err
	}
	part.Figures = append(part.Figures, Figure{Count: tally.Read, Of: tally.Asked, Label: Say("page.readings.figure"),
		Small: Say("page.readings.late_n", tally.Late), Parts: []string{"documents", "reading"}})
	return part, nil
}
