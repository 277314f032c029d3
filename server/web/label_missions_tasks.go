package web

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
)

// MissionTasks is what evaluations ask of evaluators, of platforms and of officers.
type MissionTasks struct{ Label *label.Service }

// missionAsks are the pages where what is asked for is done.
var missionAsks = map[string][]string{"findings": {"grid"}, "report": {"report"}, "observe": {"observations"}, "decide": {"decision"}}

// Tasks takes a fixed number of statements for all the platforms.
func (t MissionTasks) Tasks(ctx context.Context, platforms []people.Platform, today qms.Date) ([]Task, error) {
	byID, ids := make(map[qms.ID]people.Platform, len(platforms)), make([]qms.ID, 0, len(platforms))
	for _, p := range platforms {
		byID[p.ID], ids = p, append(ids, p.ID)
	}
	asked, err := t.Label.MissionTasks(ctx, ids)
	tasks := make([]Task, 0, len(asked))
	for _, a := range asked {
		item := BoardItem{State: "todo", Title: Say("page.missions.task_"+a.Ask, a.Mission), On: a.On,
			Parts: append([]string{"label", "missions", a.Mission}, missionAsks[a.Ask]...)}
		if a.On != 0 && a.On < today {
			item.State = "late"
		}
		tasks = append(tasks, Task{BoardItem: item, Platform: byID[a.Platform], Kind: "mission"})
	}
	return tasks, err
}

// LabelBoard is what the label has to say on the home of a platform: what is late or near, and its next date.
type LabelBoard struct{ Label *label.Service }

// Board reads the course of the platform.
func (b LabelBoard) Board(ctx context.Context, platform people.Platform, today qms.Date) (BoardPart, error) {
	var part BoardPart
	if !qms.ActorFrom(ctx).Can(qms.ReadLabel.On(platform.ID)) {
		return part, nil
	}
	c, err := b.Label.Course(ctx, platform.ID, today)
	if err != nil {
		return part, err
	}
	for _, condition := range c.Conditions {
		part.Todo = append(part.Todo, labelItem(today, condition.DueOn, Say("page.missions.board_condition", condition.Words), "label", "missions", c.Missions[condition.Mission]))
	}
	for _, d := range c.Due {
		if d.Kind == "follow-up" || d.Kind == "label" || d.Kind == "renewal" {
			part.Todo = append(part.Todo, labelItem(today, d.On, Say("page.missions.board_"+d.Kind, d.Title), "label"))
		}
	}
	return part, nil
}

func labelItem(today, on qms.Date, title Words, parts ...string) BoardItem {
	item := BoardItem{State: "todo", Title: title, Parts: parts, On: on}
	switch {
	case on < today:
		item.State = "late"
	case on <= today.AddDays(90):
		item.State = "expiring"
	}
	return item
}
