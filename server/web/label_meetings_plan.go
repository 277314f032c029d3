package web

import (
	"strconv"

	"maillon/qms"
	"maillon/qms/label"
)

// PlanForm is a form about the accompaniment itself.
type PlanForm struct {
	*label.AccompanimentSheet
	meetingWords
	Form     *Form
	Officers []Option
	Endings  []Option
	Proposed []StepLine // the steps of a new plan
}

// StepLine is one line of the steps of a new plan.
type StepLine struct{ Title, Month string }

// planForm reads the accompaniment that the form is about.
func (s *Site) planForm(p *Page, f *Form, title string) (view PlanForm, err error) {
	p.Title = p.T(title)
	p.Crumb(p.T("page.meetings.title"), p.To("label", "sessions"))
	view = PlanForm{meetingWords: meetingWords{p}, Form: f, Endings: p.options("page.meetings.ending_", anys(label.Endings())...)}
	if view.AccompanimentSheet, err = s.Label.Accompaniment(p.Context(), p.Platform.ID, 0); err != nil {
		return view, err
	}
	view.Officers = []Option{{"", p.T("page.meetings.choose")}}
	for _, h := range view.AccompanimentSheet.Officers {
		view.Officers = append(view.Officers, Option{string(h.Person), h.Name})
	}
	return view, nil
}

// current is the accompaniment that goes on; qms.NotFound when none does.
func (v PlanForm) current() (*label.Accompaniment, error) {
	if v.Current == nil || v.Current.EndedOn != 0 {
		return nil, qms.NotFound("record.not_found")
	}
	return v.Current, nil
}

func planTerms(f *Form) label.PlanTerms {
	return label.PlanTerms{Start: f.Date("start"), Months: qms.Months(f.Int("months")), Officer: f.ID("officer"), Aim: f.Text("aim")}
}

func (s *Site) newAccompaniment(p *Page) error {
	f := p.Form().Set("start", p.Today).Set("months", int(usualMonths))
	if p.Actor.Can(qms.AccompanyPlatform.OnSite()) {
		f.Set("officer", p.Actor.ID)
	}
	view, err := s.planForm(p, f, "page.meetings.start")
	if err != nil {
		return err
	}
	for _, t := range label.SampleSteps() {
		view.Proposed = append(view.Proposed, StepLine{p.T("plan_step." + t.Key), strconv.FormatInt(t.Month(usualMonths), 10)})
	}
	return p.Render("meetings_start", view)
}

func (s *Site) startAccompaniment(p *Page) error {
	f := p.Form()
	view, err := s.planForm(p, f, "page.meetings.start")
	if err != nil {
		return err
	}
	cmd := label.StartAccompaniment{Platform: p.Platform.ID, PlanTerms: planTerms(f)}
	months := f.Texts("step_month")
	for i, title := range f.Texts("step_title") {
		month := ""
		if i < len(months) {
			month = months[i]
		}
		view.Proposed = append(view.Proposed, StepLine{title, month})
		if title != "" {
			n, _ := strconv.ParseInt(month, 10, 32) // what is no month is 0, which the room refuses
			n = p.spread(i, title, n, cmd.Months)
			cmd.Steps = append(cmd.Steps, label.StepTerms{Title: title, Month: n})
		}
	}
	if err = f.Err(); err == nil {
		_, err = s.Label.StartAccompaniment(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("meetings_start", f, err, view)
	}
	return p.Done(p.To("label", "sessions"), "page.meetings.started_flash")
}

// usualMonths is how long the plan is that a form begins with.
const usualMonths qms.Months = 15

// spread is the month of a step of a new plan: of one that stands as it was proposed, the month that it has
// in a plan of the length that was chosen.
func (p *Page) spread(i int, title string, month int64, months qms.Months) int64 {
	if proposed := label.SampleSteps(); i < len(proposed) && months > 0 && title == p.T("plan_step."+proposed[i].Key) && month == proposed[i].Month(usualMonths) {
		return proposed[i].Month(months)
	}
	return month
}

func (s *Site) newPlan(p *Page) error {
	f := p.Form()
	view, err := s.planForm(p, f, "page.meetings.change_plan")
	if err != nil {
		return err
	}
	a, err := view.current()
	if err != nil { // where one is started
		return p.Redirect(p.To("label", "sessions"))
	}
	f.Set("revision", a.Revision).Set("start", a.Start).Set("months", int(a.Months)).Set("officer", a.Officer).Set("aim", a.Aim)
	return p.Render("meetings_plan", view)
}

func (s *Site) changePlan(p *Page) error {
	f := p.Form()
	view, err := s.planForm(p, f, "page.meetings.change_plan")
	if err != nil {
		return err
	}
	a, err := view.current()
	if err != nil {
		return err
	}
	target, terms := p.meetingTarget(f, a.ID), planTerms(f)
	if err = f.Err(); err == nil {
		_, err = s.Label.ChangeAccompaniment(p.Context(), target, terms)
	}
	if err != nil {
		return p.Again("meetings_plan", f, err, view)
	}
	return p.Done(p.To("label", "sessions"), "page.meetings.plan_changed")
}

func (s *Site) planSteps(p *Page) error {
	view, err := s.planForm(p, p.Form(), "page.meetings.steps")
	if err != nil {
		return err
	}
	if _, err := view.current(); err != nil { // where one is started
		return p.Redirect(p.To("label", "sessions"))
	}
	return p.Render("meetings_steps", view)
}

// changeSteps does one thing to one step of the plan, or adds one.
func (s *Site) changeSteps(p *Page) error {
	f := p.Form()
	view, err := s.planForm(p, f, "page.meetings.steps")
	if err != nil {
		return err
	}
	a, err := view.current()
	if err != nil {
		return err
	}
	target := p.meetingTarget(f, f.ID("step"))
	terms := label.StepTerms{Title: f.Text("title"), Month: int64(f.Int("month"))}
	on := f.Date("on")
	if err = f.Err(); err == nil {
		switch f.Text("do") {
		case "done":
			_, err = s.Label.DonePlanStep(p.Context(), target, on)
		case "undone":
			_, err = s.Label.DonePlanStep(p.Context(), target, 0)
		case "change":
			_, err = s.Label.ChangePlanStep(p.Context(), target, terms)
		case "void":
			_, err = s.Label.VoidPlanStep(p.Context(), target)
		default:
			_, err = s.Label.AddPlanStep(p.Context(), p.Platform.ID, a.ID, terms)
		}
	}
	if err != nil {
		return p.Again("meetings_steps", f, err, view)
	}
	return p.Done(p.To("label", "sessions", "steps"), "page.meetings.steps_saved")
}

func (s *Site) newEnding(p *Page) error {
	f := p.Form().Set("on", p.Today).Set("outcome", label.ToEvaluation)
	view, err := s.planForm(p, f, "page.meetings.end")
	if err != nil {
		return err
	}
	a, err := view.current()
	if err != nil { // where one is started
		return p.Redirect(p.To("label", "sessions"))
	}
	f.Set("revision", a.Revision)
	return p.Render("meetings_end", view)
}

func (s *Site) endAccompaniment(p *Page) error {
	f := p.Form()
	view, err := s.planForm(p, f, "page.meetings.end")
	if err != nil {
		return err
	}
	a, err := view.current()
	if err != nil {
		return err
	}
	cmd := label.EndAccompaniment{Target: p.meetingTarget(f, a.ID), On: f.Date("on"), Outcome: label.Ending(f.Text("outcome"))}
	if err = f.Err(); err == nil {
		_, err = s.Label.EndAccompaniment(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("meetings_end", f, err, view)
	}
	return p.Done(p.To("label", "sessions"), "page.meetings.ended_flash")
}
