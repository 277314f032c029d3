package web

import (
	"strconv"

	"maillon/qms"
	"maillon/qms/label"
)

// actIn is the form of an act on the mission in the path.
func (s *Site) actIn(p *Page, a missionAct) (*MissionView, error) {
	v, err := s.missionIn(p)
	if err != nil {
		return nil, err
	}
	v.Act, v.Part = a.name, p.Param("part")
	p.Crumb(v.Mission.Number, p.To("label", "missions", v.Mission.Number))
	p.Title = p.T("page.missions.act_" + a.name)
	for i := range v.Evaluators {
		if string(v.Evaluators[i].ID) == v.Part {
			v.Evaluator = &v.Evaluators[i]
		}
	}
	for i := range v.MissionSheet.Conditions {
		if string(v.MissionSheet.Conditions[i].ID) == v.Part {
			v.Condition = &v.MissionSheet.Conditions[i]
		}
	}
	mine := v.Evaluator != nil && v.Evaluator.Person == p.Actor.ID
	switch {
	case (a.name == "declare" || a.name == "dismiss") && v.Evaluator == nil, a.name == "condition" && v.Condition == nil, a.name == "void-decision" && v.Decision == nil:
		return nil, qms.NotFound("record.not_found")
	case a.needs == qms.ReadLabel && !v.Evaluates && !mine:
		return nil, qms.Refuse("mission.not_yours", v.Mission.Number)
	}
	for _, o := range label.OutcomesOf(v.Mission.Kind) {
		v.Outcomes = append(v.Outcomes, Option{string(o), p.T("page.missions.outcome_" + string(o))})
	}
	v.Conditions, v.Lines = places(5), places(max(8, len(v.Mission.Plan)+3))
	return v, nil
}

// places are so many lines of a form, from 1.
func places(n int) (all []int) {
	for i := range n {
		all = append(all, i+1)
	}
	return all
}

func (s *Site) askAct(p *Page, a missionAct) error {
	v, err := s.actIn(p, a)
	if err != nil {
		return err
	}
	f := v.Form.Set("revision", v.revision())
	switch a.name {
	case "plan":
		f.Set("visit_from", v.Mission.VisitFrom).Set("visit_through", v.Mission.VisitThrough)
		for i, item := range v.Mission.Plan {
			n := strconv.Itoa(i + 1)
			f.Set("day_"+n, item.Day).Set("from_"+n, item.From).Set("until_"+n, item.Until).Set("topic_"+n, item.Topic).Set("with_"+n, item.With)
		}
	case "exercises":
		for _, n := range v.Mission.Exercises {
			f.Set("exercises", joinLines(f.Raw("exercises"), n))
		}
	case "decision":
		f.Set("date", p.Today).Set("outcome", v.Outcomes[0].Value)
		course, err := s.Label.Course(p.Context(), p.Platform.ID, 0)
		if err != nil {
			return err
		}
		f.Set("perimeter", perimeterOf(course))
	case "access":
		f.Set("access_until", v.Mission.AccessUntil)
	case "condition", "declare", "report", "observations":
		f.Set("on", p.Today)
	}
	return p.Render("missions_act", v)
}

// revision is the one of the record that the act changes.
func (v *MissionView) revision() int64 {
	switch v.Act {
	case "void-decision":
		return v.Decision.Revision
	case "condition":
		return v.Condition.Revision
	}
	return v.Mission.Revision
}

// perimeterOf is what a label would be asked for: what the one before has, else what the candidacy states.
func perimeterOf(c *label.Course) string {
	if c.Standing.Label != nil {
		return c.Standing.Label.Perimeter
	}
	if candidacy := label.CurrentIn(c.Facts.Candidacies, c.Day); candidacy != nil {
		return candidacy.Included
	}
	return ""
}

func joinLines(lines, line string) string {
	if lines == "" {
		return line
	}
	return lines + "\n" + line
}

func (s *Site) takeAct(p *Page, a missionAct) error {
	v, err := s.actIn(p, a)
	if err != nil {
		return err
	}
	if err := a.do(p, v.Form, v); err != nil {
		return p.Again("missions_act", v.Form, err, v)
	}
	return p.Done(p.To("label", "missions", v.Mission.Number), "page.missions.done_"+a.name)
}

func (s *Site) nameEvaluator(p *Page, f *Form, v *MissionView) error {
	cmd := label.NameEvaluator{At: v.at(f), Email: f.Text("email"), Lead: f.Checked("lead")}
	return second(f.Err(), func() error { _, err := s.Label.NameEvaluator(p.Context(), cmd); return err })
}

// second goes on when nothing is wrong yet.
func second(err error, next func() error) error {
	if err != nil {
		return err
	}
	return next()
}

func (s *Site) changeAccess(p *Page, f *Form, v *MissionView) error {
	cmd := label.ChangeAccess{At: v.at(f), Until: f.Date("access_until")}
	return second(f.Err(), func() error { _, err := s.Label.ChangeAccess(p.Context(), cmd); return err })
}

func (s *Site) dismissEvaluator(p *Page, f *Form, v *MissionView) error {
	cmd := label.DismissEvaluator{At: v.at(f), Evaluator: v.Evaluator.ID}
	return second(f.Err(), func() error { _, err := s.Label.DismissEvaluator(p.Context(), cmd); return err })
}

func (s *Site) declareIndependence(p *Page, f *Form, v *MissionView) error {
	cmd := label.DeclareIndependence{At: v.at(f), Evaluator: v.Evaluator.ID, Words: f.Text("words"), On: f.Date("on")}
	return second(f.Err(), func() error { _, err := s.Label.DeclareIndependence(p.Context(), cmd); return err })
}

func (s *Site) planVisit(p *Page, f *Form, v *MissionView) error {
	cmd := label.PlanVisit{At: v.at(f), From: f.Date("visit_from"), Through: f.Date("visit_through")}
	for _, place := range v.Lines {
		n := strconv.Itoa(place)
		item := label.PlanItem{Day: f.Date("day_" + n), From: f.Text("from_" + n), Until: f.Text("until_" + n), Topic: f.Text("topic_" + n), With: f.Text("with_" + n)}
		if item != (label.PlanItem{}) {
			cmd.Plan = append(cmd.Plan, item)
		}
	}
	return second(f.Err(), func() error { _, err := s.Label.PlanVisit(p.Context(), cmd); return err })
}

func (s *Site) noteExercises(p *Page, f *Form, v *MissionView) error {
	cmd := label.NoteExercises{At: v.at(f), Numbers: addresses(f.Text("exercises"))}
	return second(f.Err(), func() error { _, err := s.Label.NoteExercises(p.Context(), cmd); return err })
}

func (s *Site) reportMission(p *Page, f *Form, v *MissionView) error {
	cmd := label.ReportMission{At: v.at(f), Text: f.Text("text"), On: f.Date("on")}
	return s.signed(p, f, func() error { _, err := s.Label.ReportMission(p.Context(), cmd); return err })
}

// signed goes on when nothing is wrong yet and the password of the reader is right.
func (s *Site) signed(p *Page, f *Form, next func() error) error {
	if err := f.Err(); err != nil {
		return err
	}
	if err := s.People.Confirm(p.Context(), f.Raw("password")); err != nil {
		return err
	}
	return next()
}

func (s *Site) observeReport(p *Page, f *Form, v *MissionView) error {
	cmd := label.ObserveReport{At: v.at(f), Text: f.Text("text"), On: f.Date("on")}
	return second(f.Err(), func() error { _, err := s.Label.ObserveReport(p.Context(), cmd); return err })
}

func (s *Site) decideMission(p *Page, f *Form, v *MissionView) error {
	cmd := label.DecideMission{At: v.at(f), Body: f.Text("body"), Date: f.Date("date"), Outcome: label.Outcome(f.Text("outcome")), Note: f.Text("note"), Perimeter: f.Text("perimeter")}
	for _, place := range v.Conditions {
		n := strconv.Itoa(place)
		cmd.Conditions = append(cmd.Conditions, label.ConditionStated{Words: f.Text("condition_" + n), DueOn: f.Date("due_" + n)})
	}
	return s.signed(p, f, func() error { _, err := s.Label.DecideMission(p.Context(), cmd); return err })
}

func (s *Site) voidDecision(p *Page, f *Form, v *MissionView) error {
	at := v.at(f)
	at.ID = v.Decision.ID
	return s.signed(p, f, func() error { _, err := s.Label.VoidDecision(p.Context(), at); return err })
}

func (s *Site) voidMission(p *Page, f *Form, v *MissionView) error {
	at := v.at(f)
	return second(f.Err(), func() error { _, err := s.Label.VoidMission(p.Context(), at); return err })
}

func (s *Site) liftCondition(p *Page, f *Form, v *MissionView) error {
	at := v.at(f)
	at.ID = v.Condition.ID
	cmd := label.LiftCondition{At: at, On: f.Date("on"), Evidence: f.Text("evidence")}
	return s.signed(p, f, func() error { _, err := s.Label.LiftCondition(p.Context(), cmd); return err })
}
