package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// MissionTask is what a mission asks of the reader.
type MissionTask struct {
	Platform qms.ID
	Mission  string // its number
	Ask      string // declare, findings, report, observe, decide
	On       qms.Date
}

// MissionTasks lists what missions of the platforms ask of the reader, in a fixed number of statements:
// of an evaluator the declaration, the findings and the report, of the platform its observations, of an
// officer of the programme the decision.
func (s *Service) MissionTasks(ctx context.Context, platforms []qms.ID) (tasks []MissionTask, err error) {
	actor := qms.ActorFrom(ctx)
	var mine []qms.ID
	for _, p := range platforms {
		if actor.Can(qms.ReadLabel.On(p)) {
			mine = append(mine, p)
		}
	}
	if len(mine) == 0 {
		return nil, nil
	}
	err = s.db.View(ctx, qms.ReadLabel.On(mine[0]), func(r store.Reader) error {
		facts, err := factsOf(ctx, r, mine)
		if err != nil {
			return err
		}
		team, err := evaluatorsOpen(ctx, r, mine)
		if err != nil {
			return err
		}
		var open []qms.ID
		for _, e := range team {
			open = append(open, e.Mission)
		}
		missing, err := findingsMissing(ctx, r, open)
		if err != nil {
			return err
		}
		for _, p := range mine {
			for i := range facts[p].Missions {
				if m := &facts[p].Missions[i]; facts[p].decided(m.ID, r.Today()) == 0 {
					tasks = append(tasks, m.tasks(actor, team, missing[m.ID], r.Today())...)
				}
			}
		}
		return nil
	})
	return tasks, err
}

// tasks are what an open mission asks of the actor.
func (m *Mission) tasks(actor qms.Actor, team []MissionEvaluator, missing int64, day qms.Date) (tasks []MissionTask) {
	ask := func(what string, on qms.Date) {
		tasks = append(tasks, MissionTask{Platform: m.Platform, Mission: m.Number, Ask: what, On: on})
	}
	for _, e := range team {
		if e.Mission != m.ID || e.Person != actor.ID || !m.Access().Contains(day) {
			continue
		}
		if e.DeclaredOn == 0 {
			ask("declare", m.VisitFrom)
		}
		visited := m.VisitThrough != 0 && m.VisitThrough <= day
		switch {
		case m.ReportOn != 0 || !visited:
		case missing > 0:
			ask("findings", m.VisitThrough)
		case e.Lead:
			ask("report", m.VisitThrough)
		}
	}
	officer := actor.Can(qms.AccompanyPlatform.On(m.Platform))
	observable := m.ReportOn != 0 && m.ObservationsOn == 0 && day <= m.ObservableUntil()
	switch {
	case m.ReportOn == 0:
	case observable && !officer && actor.Can(qms.WriteLabel.On(m.Platform)):
		ask("observe", m.ObservableUntil())
	case officer && !observable:
		ask("decide", m.ObservableUntil())
	}
	return tasks
}
