package web

import (
	"context"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
)

// DocumentTasks is what the documents ask of the reader: signatures, drafts that came back, comments
// to answer and periodic reviews.
type DocumentTasks struct{ Documents *documents.Service }

// Tasks asks the documents of all the platforms at once.
func (t DocumentTasks) Tasks(ctx context.Context, platforms []people.Platform, today qms.Date) ([]Task, error) {
	byID := make(map[qms.ID]people.Platform, len(platforms))
	ids := make([]qms.ID, len(platforms))
	for i, p := range platforms {
		byID[p.ID], ids[i] = p, p.ID
	}
	found, err := t.Documents.Tasks(ctx, ids)
	if err != nil {
		return nil, err
	}
	tasks := make([]Task, 0, len(found))
	for _, d := range found {
		task := Task{Kind: string(d.Kind), Platform: byID[d.Version.Platform]}
		task.BoardItem = documentTask(d, today)
		tasks = append(tasks, task)
	}
	return tasks, nil
}

// documentTask says one task of a document.
func documentTask(d documents.Task, today qms.Date) BoardItem {
	number := d.Version.Number().String()
	item := BoardItem{State: "in-review", Parts: []string{"documents", d.Document.Code}, Small: Say("page.tasks.small_plain", d.Document.Title),
		Title: Say("page.tasks.say_"+string(d.Kind), d.Document.Code, number)}
	switch d.Kind {
	case documents.ToVerify, documents.ToApprove:
		item.Small = Say("page.tasks.small_since", d.Document.Title, d.Since)
	case documents.ToRework:
		item.State, item.Small = "todo", Say("page.tasks.small_rework", d.Document.Title, d.Version.Remark)
	case documents.ToAnswer:
		item.State, item.Title = "open", Say("page.tasks.say_answer", d.Document.Code, number, d.Count)
		item.Parts = append(item.Parts, "versions", number)
	case documents.ToReview:
		item.State, item.On = "expiring", d.On
		if d.On < today {
			item.State = "late"
		}
	}
	return item
}
