package web

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
)

// MeetingBoard is what accompaniment has to say on the home of a platform: the session that is due, what is
// late, and how far the plan is.
type MeetingBoard struct{ Label *label.Service }

// Board takes the statements of Service.WaitingSessions.
func (b MeetingBoard) Board(ctx context.Context, platform people.Platform, today qms.Date) (BoardPart, error) {
	var part BoardPart
	waiting, err := b.Label.WaitingSessions(ctx, []qms.ID{platform.ID}, today)
	if err != nil || len(waiting) == 0 {
		return part, err
	}
	w := waiting[0]
	part.Todo = append(part.Todo, sessionItem(&w, today))
	for _, d := range w.Owed {
		if d.Late(today) {
			part.Todo = append(part.Todo, deliverableItem(d, w.Names[d.Owner], today))
		}
	}
	part.Figures = []Figure{{Count: w.StepsDone, Of: w.Steps, Label: Say("page.meetings.figure"), Small: Say("page.meetings.figure_small", w.Sessions, w.Late), Parts: []string{"label", "sessions"}}}
	return part, nil
}

// MeetingTasks is what accompaniment asks of the reader: deliverables to bring, sessions to hold or to
// plan, and deliverables to look at.
type MeetingTasks struct{ Label *label.Service }

// Tasks takes the statements of Service.WaitingSessions for all the platforms.
func (t MeetingTasks) Tasks(ctx context.Context, platforms []people.Platform, today qms.Date) ([]Task, error) {
	byID, ids := make(map[qms.ID]people.Platform, len(platforms)), make([]qms.ID, 0, len(platforms))
	for _, p := range platforms {
		byID[p.ID], ids = p, append(ids, p.ID)
	}
	waiting, err := t.Label.WaitingSessions(ctx, ids, today)
	if err != nil {
		return nil, err
	}
	me := qms.ActorFrom(ctx).ID
	var tasks []Task
	add := func(w *label.AccompanimentWaiting, kind string, item BoardItem) {
		tasks = append(tasks, Task{BoardItem: item, Platform: byID[w.Platform], Kind: kind})
	}
	for i := range waiting {
		w := &waiting[i]
		if w.Officer == me {
			add(w, "session", sessionItem(w, today))
		}
		for _, d := range w.Owed {
			if d.Owner == me {
				add(w, "deliverable", deliverableItem(d, "", today))
			}
		}
		for _, d := range w.Delivered {
			if w.Officer == me {
				item := deliverableItem(d, w.Names[d.Owner], today)
				item.State, item.Title, item.Parts = "in-review", Say("page.deliverables.to_judge", d.Number, d.Title), []string{"label", "deliverables", d.Number, "judge"}
				add(w, "deliverable", item)
			}
		}
	}
	return tasks, nil
}

// sessionItem is the next session of an accompaniment.
func sessionItem(w *label.AccompanimentWaiting, today qms.Date) BoardItem {
	item := BoardItem{State: "open", Title: Say("page.meetings.todo_plan"), Small: Say("page.meetings.todo_first"), Parts: []string{"label", "sessions", "new"}, On: w.NextDue()}
	if w.LastSession != 0 {
		item.Small = Say("page.meetings.todo_last", w.LastSession)
	}
	if m := w.Next; m != nil {
		item.Title, item.Small = Say("page.meetings.todo_hold", m.Number), Say("page.meetings.todo_at", label.Hour(m.Start))
		item.Parts, item.On = []string{"label", "sessions", m.Number}, m.Day
		if m.Day <= today {
			item.Parts = append(item.Parts, "notes")
		}
	}
	if item.On < today {
		item.State = "late"
	}
	return item
}

// deliverableItem is a deliverable that somebody owes.
func deliverableItem(d label.Deliverable, owner string, today qms.Date) BoardItem {
	item := BoardItem{State: "todo", Title: Say("page.deliverables.todo", d.Number, d.Title), Parts: []string{"label", "deliverables", d.Number}, On: d.DueOn}
	if owner != "" {
		item.Small = Say("page.deliverables.todo_of", owner)
	}
	if d.Carried > 0 {
		item.Small = Say("page.deliverables.todo_carried", d.Carried, owner)
	}
	if d.Late(today) {
		item.State = "late"
	}
	return item
}
