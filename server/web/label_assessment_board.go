package web

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
)

// gapDays is how long before its day a gap is told of.
const gapDays = 30

// AssessmentBoard is what the self-assessment has to say on the home of a platform: gaps to close, and
// criteria that are asked again.
type AssessmentBoard struct{ Label *label.Service }

// Board takes a fixed number of statements.
func (b AssessmentBoard) Board(ctx context.Context, platform people.Platform, today qms.Date) (BoardPart, error) {
	var part BoardPart
	w, err := b.Label.Waiting(ctx, []qms.ID{platform.ID}, qms.ReadLabel, today.AddDays(gapDays))
	for i := range w.Gaps {
		part.Todo = append(part.Todo, gapItem(&w.Gaps[i], today))
	}
	if n := w.Cover[platform.ID].Asked; n > 0 {
		part.Todo = append(part.Todo, askedItem(n))
	}
	return part, err
}

// AssessmentTasks is what self-assessments ask of who answers for the platform, and of who closes a gap.
type AssessmentTasks struct{ Label *label.Service }

// Tasks takes a fixed number of statements for all the platforms. A gap that somebody else closes is
// that person's task.
func (t AssessmentTasks) Tasks(ctx context.Context, platforms []people.Platform, today qms.Date) ([]Task, error) {
	byID, ids := make(map[qms.ID]people.Platform, len(platforms)), make([]qms.ID, 0, len(platforms))
	for _, p := range platforms {
		byID[p.ID], ids = p, append(ids, p.ID)
	}
	w, err := t.Label.Waiting(ctx, ids, qms.ReadLabel, today.AddDays(gapDays))
	actor := qms.ActorFrom(ctx)
	var tasks []Task
	for i := range w.Gaps {
		g := &w.Gaps[i]
		if g.Person == actor.ID || g.Person == "" && actor.Can(qms.WriteLabel.On(g.Platform)) && !actor.Can(qms.AccompanyPlatform.OnSite()) {
			tasks = append(tasks, Task{BoardItem: gapItem(g, today), Platform: byID[g.Platform], Kind: "gap"})
		}
	}
	for _, id := range ids {
		if n := w.Cover[id].Asked; n > 0 && actor.Can(qms.WriteLabel.On(id)) && !actor.Can(qms.AccompanyPlatform.OnSite()) {
			tasks = append(tasks, Task{BoardItem: askedItem(n), Platform: byID[id], Kind: "gap"})
		}
	}
	return tasks, err
}

func gapItem(g *qms.Due, today qms.Date) BoardItem {
	item := BoardItem{State: "todo", Title: Say("page.assessment.board_gap", g.Title), Small: Say("page.assessment.board_by", g.On), Parts: g.Parts, On: g.On}
	if g.On < today {
		item.State = "late"
	}
	return item
}

func askedItem(n int) BoardItem {
	return BoardItem{State: "todo", Title: Say("page.assessment.asked_n", n), Parts: []string{"label", "assessment"}}
}
