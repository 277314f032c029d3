package web

import (
	"strings"

	"maillon/qms"
	"maillon/qms/label"
)

// askForm is the form that asks for a deliverable between two sessions.
func (s *Site) askForm(p *Page, f *Form) (view DeliverableView, err error) {
	p.Title = p.T("page.deliverables.new")
	p.Crumb(p.T("page.deliverables.title"), p.To("label", "deliverables"))
	holders, plan, err := s.Label.MeetingChoices(p.Context(), p.Platform.ID)
	if err != nil {
		return view, err
	}
	var open []label.Meeting
	for _, m := range plan.Meetings {
		if m.Void == "" && m.State == label.Planned && m.Day >= p.Today {
			open = append(open, m)
		}
	}
	view = DeliverableView{DeliverableSheet: &label.DeliverableSheet{Day: p.Today}, meetingWords: meetingWords{p}, Form: f}
	view.Owners, view.Sessions = p.deliverableChoices(holders, open)
	return view, nil
}

func askTerms(f *Form) label.AskTerms {
	return label.AskTerms{Title: f.Text("title"), Expected: f.Text("expected"), Owner: f.ID("owner"), Session: f.ID("session")}
}

func (s *Site) newDeliverable(p *Page) error {
	view, err := s.askForm(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("deliverables_form", view)
}

func (s *Site) askDeliverable(p *Page) error {
	f := p.Form()
	view, err := s.askForm(p, f)
	if err != nil {
		return err
	}
	cmd := label.AskDeliverable{Platform: p.Platform.ID, AskTerms: askTerms(f)}
	var d *label.Deliverable
	if err = f.Err(); err == nil {
		d, err = s.Label.AskDeliverable(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("deliverables_form", f, err, view)
	}
	return p.Done(p.To("label", "deliverables", d.Number), "page.deliverables.asked_flash", d.Number, d.DueOn)
}

func (s *Site) newDeliverableChange(p *Page) error {
	f := p.Form()
	view, err := s.deliverableView(p, f, "page.deliverables.change")
	if err != nil {
		return err
	}
	d := view.Deliverable
	f.Set("title", d.Title).Set("expected", d.Expected).Set("owner", d.Owner).Set("session", d.DueMeeting)
	return p.Render("deliverables_form", view)
}

func (s *Site) changeDeliverable(p *Page) error {
	f := p.Form()
	view, err := s.deliverableView(p, f, "page.deliverables.change")
	if err != nil {
		return err
	}
	target, terms := p.meetingTarget(f, view.Deliverable.ID), askTerms(f)
	if err = f.Err(); err == nil {
		_, err = s.Label.ChangeDeliverable(p.Context(), target, terms)
	}
	if err != nil {
		return p.Again("deliverables_form", f, err, view)
	}
	return p.Done(p.To("label", "deliverables", view.Deliverable.Number), "page.deliverables.changed_flash", view.Deliverable.Number)
}

func (s *Site) newDelivery(p *Page) error {
	f := p.Form()
	view, err := s.deliverableView(p, f, "page.deliverables.deliver")
	if err != nil {
		return err
	}
	f.Set("on", p.Today)
	return p.Render("deliverables_deliver", view)
}

func (s *Site) deliver(p *Page) error {
	f := p.Form()
	view, err := s.deliverableView(p, f, "page.deliverables.deliver")
	if err != nil {
		return err
	}
	cmd := label.Deliver{Target: p.meetingTarget(f, view.Deliverable.ID), On: f.Date("on"), Document: f.Text("document"), Version: f.Text("version"), Words: f.Text("words")}
	if err = f.Err(); err == nil {
		_, err = s.Label.Deliver(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("deliverables_deliver", f, err, view)
	}
	return p.Done(p.To("label", "deliverables", view.Deliverable.Number), "page.deliverables.delivered_flash", view.Deliverable.Number)
}

func (s *Site) newJudgement(p *Page) error {
	view, err := s.deliverableView(p, p.Form().Set("verdict", "accepted"), "page.deliverables.judge")
	if err != nil {
		return err
	}
	return p.Render("deliverables_judge", view)
}

func (s *Site) judgeDeliverable(p *Page) error {
	f := p.Form()
	view, err := s.deliverableView(p, f, "page.deliverables.judge")
	if err != nil {
		return err
	}
	cmd := label.JudgeDeliverable{Target: p.meetingTarget(f, view.Deliverable.ID), Accepted: f.Text("verdict") == "accepted", Note: f.Text("note"), Session: f.ID("session")}
	if err = f.Err(); err == nil {
		_, err = s.Label.JudgeDeliverable(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("deliverables_judge", f, err, view)
	}
	return p.Done(p.To("label", "deliverables", view.Deliverable.Number), "page.deliverables.judged_flash", view.Deliverable.Number)
}

// dropForm is the form of an act that takes a deliverable back.
func (s *Site) dropForm(p *Page, f *Form) (view ReasonForm, id qms.ID, err error) {
	act := "drop"
	if strings.HasSuffix(p.c.Path(), "/void") {
		act = "void"
	}
	v, err := s.deliverableView(p, f, "page.deliverables."+act)
	if err != nil {
		return view, "", err
	}
	d := v.Deliverable
	return ReasonForm{f, d.Number, p.Title, p.T("page.deliverables." + act + "_consequence"), p.Title, p.To("label", "deliverables", d.Number)}, d.ID, nil
}

func (s *Site) deliverableReason(p *Page) error {
	view, _, err := s.dropForm(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("meetings_reason", view)
}

func (s *Site) dropDeliverable(p *Page) error {
	return takeBack(p, s.dropForm, s.Label.DropDeliverable, "page.deliverables.dropped_flash")
}

func (s *Site) voidDeliverable(p *Page) error {
	return takeBack(p, s.dropForm, s.Label.VoidDeliverable, "page.deliverables.voided_flash")
}
