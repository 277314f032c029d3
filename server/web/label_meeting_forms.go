package web

import (
	"context"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/label"
)

// atoi is the whole number of a field that the page itself made; -1 when it is none.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// MeetingForm is the form of when and where a session takes place.
type MeetingForm struct {
	meetingWords
	Form     *Form
	Sheet    *label.MeetingSheet // of the session that it changes
	Proposed *label.Proposal
	Officers []Option
	Invited  []Option
	Recorded bool // the session has taken place
	Post     InvitesView
	Back     string
}

func meetingTerms(f *Form) label.MeetingTerms {
	t := label.MeetingTerms{Day: f.Date("day"), Minutes: int64(f.Int("minutes")), Officer: f.ID("officer"), Place: f.Text("place"),
		Link: f.Text("link"), Agenda: f.Text("agenda"), Attendees: outsiders(f.Raw("outsiders")), Quiet: f.Checked("quiet")}
	start, err := label.ParseHour(f.Text("start"))
	if err != nil {
		f.note("start", err)
	}
	t.Start = start
	for _, id := range f.Texts("invited") {
		t.Attendees = append(t.Attendees, label.Attendee{Person: qms.ID(id)})
	}
	return t
}

// meetingForm offers who may be invited.
func (s *Site) meetingForm(p *Page, f *Form, sheet *label.MeetingSheet) (view MeetingForm, err error) {
	view = MeetingForm{meetingWords: meetingWords{p}, Form: f, Sheet: sheet, Back: p.To("label", "sessions")}
	p.Crumb(p.T("page.meetings.title"), view.Back)
	holders, plan, err := s.Label.MeetingChoices(p.Context(), p.Platform.ID)
	if err != nil {
		return view, err
	}
	view.Proposed = plan.Proposed
	if view.Post, err = s.invites(p, ""); err != nil {
		return view, err
	}
	listed := map[qms.ID]bool{}
	for _, h := range holders {
		listed[h.Person] = true
		view.Invited = append(view.Invited, Option{string(h.Person), p.addressed(h.Name, h.Email)})
	}
	if sheet != nil {
		for _, a := range sheet.Meeting.Attendees {
			if a.Person != "" && !listed[a.Person] {
				view.Invited = append(view.Invited, Option{string(a.Person), p.addressed(a.Name, a.Email)})
			}
		}
	}
	for _, h := range plan.Officers {
		view.Officers = append(view.Officers, Option{string(h.Person), h.Name})
	}
	if p.c.Method() == "GET" && sheet == nil && plan.Current != nil {
		view.prefill(plan, holders)
	}
	return view, nil
}

// prefill proposes the next session: its day, hour, place and the people of the last one.
func (v *MeetingForm) prefill(plan *label.AccompanimentSheet, holders []label.Holder) {
	f := v.Form
	f.Set("officer", plan.Current.Officer).Set("minutes", 120).Set("start", "14:00")
	if pr := plan.Proposed; pr != nil && !v.Recorded {
		f.Set("day", pr.Day)
		f.values.Set("start", label.Hour(pr.Start))
		f.values.Set("minutes", text(pr.Minutes))
	}
	var last *label.Meeting
	for i := range plan.Meetings {
		if plan.Meetings[i].Counts() {
			last = &plan.Meetings[i]
		}
	}
	if last == nil {
		for _, h := range holders {
			if h.Role == qms.Manager || h.Role == qms.QualityLead || h.Person == plan.Current.Officer {
				f.Set("invited", h.Person)
			}
		}
		return
	}
	f.Set("place", last.Place).Set("link", last.Link)
	v.people(last.Attendees)
}

// people ticks those invited and lists the outsiders.
func (v *MeetingForm) people(attendees []label.Attendee) {
	var lines []string
	for _, a := range attendees {
		if a.Person != "" {
			v.Form.Set("invited", a.Person)
			continue
		}
		lines = append(lines, strings.TrimSuffix(a.Name+", "+a.Email, ", "))
	}
	v.Form.Set("outsiders", strings.Join(lines, "\n"))
}

// recorded reports whether the page is the one for sessions that have taken place.
func (p *Page) recorded() bool { return strings.HasSuffix(p.c.Path(), "/record") }

func (s *Site) newMeeting(p *Page) error {
	view, err := s.meetingForm(p, p.Form(), nil)
	if err != nil {
		return err
	}
	view.Recorded = p.recorded()
	p.Title = p.T(map[bool]string{false: "page.meetings.new", true: "page.meetings.record"}[view.Recorded])
	if view.Recorded {
		view.Form.values.Del("day")
	}
	return p.Render("meetings_form", view)
}

func (s *Site) planMeeting(p *Page) error {
	f := p.Form()
	view, err := s.meetingForm(p, f, nil)
	if err != nil {
		return err
	}
	view.Recorded = p.recorded()
	p.Title = p.T(map[bool]string{false: "page.meetings.new", true: "page.meetings.record"}[view.Recorded])
	cmd := label.PlanMeeting{Platform: p.Platform.ID, MeetingTerms: meetingTerms(f), Held: view.Recorded,
		Notes: label.MeetingNotes{Account: f.Text("account"), Decisions: f.Text("decisions"), Worked: workedOn(f.Raw("worked"))}}
	var m *label.Meeting
	if err = f.Err(); err == nil {
		m, err = s.Label.PlanMeeting(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("meetings_form", f, err, view)
	}
	if view.Recorded {
		return p.Done(p.To("label", "sessions", m.Number), "page.meetings.held_flash", m.Number)
	}
	return p.Done(p.To("label", "sessions", m.Number), view.Post.Flash("planned", cmd.Quiet), m.Number)
}

// meetingOf reads the session in the path.
func (s *Site) meetingOf(p *Page) (*label.MeetingSheet, error) {
	return s.Label.Meeting(p.Context(), p.Platform.ID, p.number("number"))
}

func (s *Site) moveForm(p *Page, f *Form) (view MeetingForm, err error) {
	sheet, err := s.meetingOf(p)
	if err != nil {
		return view, err
	}
	view, err = s.meetingForm(p, f, sheet)
	view.Back = p.To("label", "sessions", sheet.Meeting.Number)
	view.Recorded = sheet.Meeting.State == label.Held
	p.Title = p.T("page.meetings.move")
	p.Crumb(sheet.Meeting.Number, view.Back)
	return view, err
}

func (s *Site) newMove(p *Page) error {
	f := p.Form()
	view, err := s.moveForm(p, f)
	if err != nil {
		return err
	}
	m := view.Sheet.Meeting
	f.Set("revision", m.Revision).Set("day", m.Day).Set("start", label.Hour(m.Start)).Set("minutes", m.Minutes).Set("officer", m.Officer).
		Set("place", m.Place).Set("link", m.Link).Set("agenda", m.Agenda)
	view.people(m.Attendees)
	return p.Render("meetings_form", view)
}

func (s *Site) moveMeeting(p *Page) error {
	f := p.Form()
	view, err := s.moveForm(p, f)
	if err != nil {
		return err
	}
	cmd := label.MoveMeeting{Target: p.meetingTarget(f, view.Sheet.Meeting.ID), MeetingTerms: meetingTerms(f)}
	if err = f.Err(); err == nil {
		_, err = s.Label.MoveMeeting(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("meetings_form", f, err, view)
	}
	return p.Done(view.Back, view.Post.Flash("moved", cmd.Quiet || view.Recorded), view.Sheet.Meeting.Number)
}

// ReasonForm asks for the reason of an act that takes something back.
type ReasonForm struct {
	Form        *Form
	Number      string
	Heading     string
	Consequence string
	Act         string
	Back        string
}

// takeBack does an act that asks for nothing but its reason, to what the form is of.
func takeBack[R any](p *Page, form func(*Page, *Form) (ReasonForm, qms.ID, error), act func(context.Context, label.Target) (R, error), flash string) error {
	f := p.Form()
	view, id, err := form(p, f)
	if err != nil {
		return err
	}
	target := p.meetingTarget(f, id)
	if err = f.Err(); err == nil {
		_, err = act(p.Context(), target)
	}
	if err != nil {
		return p.Again("meetings_reason", f, err, view)
	}
	return p.Done(view.Back, flash, view.Number)
}

// reasonForm is the form of an act on a session.
func (s *Site) reasonForm(p *Page, f *Form) (view ReasonForm, id qms.ID, err error) {
	sheet, err := s.meetingOf(p)
	if err != nil {
		return view, "", err
	}
	m := sheet.Meeting
	act := "cancel"
	if strings.HasSuffix(p.c.Path(), "/void") {
		act = "void"
	}
	p.Title = p.T("page.meetings." + act)
	p.Crumb(p.T("page.meetings.title"), p.To("label", "sessions"))
	p.Crumb(m.Number, p.To("label", "sessions", m.Number))
	if p.c.Method() == "GET" {
		f.Set("revision", m.Revision)
	}
	consequence := p.T("page.meetings."+act+"_consequence", len(sheet.Due)+len(sheet.Missed))
	if m.State == label.Planned && m.End().After(s.Clock()) {
		post, err := s.invites(p, m.ID)
		if err != nil {
			return view, "", err
		}
		consequence += " " + post.CancelConsequence()
	}
	return ReasonForm{f, m.Number, p.Title, consequence, p.Title, p.To("label", "sessions", m.Number)}, m.ID, nil
}

func (s *Site) meetingReason(p *Page) error {
	view, _, err := s.reasonForm(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("meetings_reason", view)
}

func (s *Site) cancelMeeting(p *Page) error {
	return takeBack(p, s.reasonForm, s.Label.CancelMeeting, "page.meetings.cancelled_flash")
}

func (s *Site) voidMeeting(p *Page) error {
	return takeBack(p, s.reasonForm, s.Label.VoidMeeting, "page.meetings.voided_flash")
}
