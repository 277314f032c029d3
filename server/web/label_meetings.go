package web

import (
	"strconv"

	"maillon/qms"
	"maillon/qms/label"
)

// meetingPages are the accompaniment of a platform: its plan, its sessions and its deliverables.
func (s *Site) meetingPages() {
	const all, one = Prefix + "/label/sessions", Prefix + "/label/sessions/:number"
	s.page(all, qms.ReadLabel, s.meetings)
	s.both(all+"/start", qms.AccompanyPlatform, s.newAccompaniment, s.startAccompaniment)
	s.both(all+"/plan", qms.AccompanyPlatform, s.newPlan, s.changePlan)
	s.both(all+"/steps", qms.AccompanyPlatform, s.planSteps, s.changeSteps)
	s.both(all+"/end", qms.AccompanyPlatform, s.newEnding, s.endAccompaniment)
	s.both(all+"/new", qms.WriteLabel, s.newMeeting, s.planMeeting)
	s.both(all+"/record", qms.AccompanyPlatform, s.newMeeting, s.planMeeting)
	s.page(one, qms.ReadLabel, s.meeting)
	s.page(one+"/invitation", qms.ReadLabel, s.invitation)
	s.both(one+"/move", qms.WriteLabel, s.newMove, s.moveMeeting)
	s.both(one+"/notes", qms.WriteLabel, s.newNotes, s.noteMeeting)
	s.both(one+"/cancel", qms.WriteLabel, s.meetingReason, s.cancelMeeting)
	s.both(one+"/invite", qms.WriteLabel, s.askInvite, s.inviteMeeting)
	s.both(one+"/void", qms.AccompanyPlatform, s.meetingReason, s.voidMeeting)
	s.deliverablePages()
}

// meetingTarget is the record that a form changes.
func (p *Page) meetingTarget(f *Form, id qms.ID) label.Target {
	return label.Target{Platform: p.Platform.ID, ID: id, Revision: int64(f.Int("revision")), Reason: f.Text("reason")}
}

// meetingWords writes sessions and deliverables in the reader's words.
type meetingWords struct{ *Page }

// Hour is the hour of a session.
func (w meetingWords) Hour(minutes int64) string { return label.Hour(minutes) }

// Span is when a session begins and ends.
func (w meetingWords) Span(m label.Meeting) string {
	return label.Hour(m.Start) + " – " + m.End().Format("15:04")
}

// Shape is the shape of a session's state.
func (w meetingWords) Shape(m label.Meeting) string {
	switch {
	case m.Void != "":
		return "withdrawn"
	case m.State == label.Held:
		return "done"
	case m.State == label.Cancelled:
		return "not-applicable"
	case m.Unrecorded(w.Today):
		return "late"
	}
	return "open"
}

// StateWord is a session's state.
func (w meetingWords) StateWord(m label.Meeting) string {
	switch {
	case m.Void != "":
		return w.T("page.meetings.is_void")
	case m.Unrecorded(w.Today):
		return w.T("page.meetings.unrecorded")
	}
	return w.T("page.meetings.state_" + string(m.State))
}

// ShapeOf is the shape of a deliverable's state.
func (w meetingWords) ShapeOf(d label.Deliverable) string {
	switch {
	case d.Void != "" || d.State == label.Dropped:
		return "withdrawn"
	case d.State == label.Accepted:
		return "done"
	case d.State == label.Delivered:
		return "in-review"
	case d.Late(w.Today):
		return "late"
	case d.State == label.ToRedo:
		return "incoherent"
	}
	return "todo"
}

// WordOf is a deliverable's state.
func (w meetingWords) WordOf(d label.Deliverable) string {
	switch {
	case d.Void != "":
		return w.T("page.meetings.is_void")
	case d.Owed() && d.Late(w.Today):
		return w.T("page.deliverables.late")
	}
	return w.T("page.deliverables.state_" + string(d.State))
}

// MeetingsView is the accompaniment of a platform with its sessions.
type MeetingsView struct {
	*label.AccompanimentSheet
	meetingWords
	Page    qms.Page[label.Meeting]
	Owed    []label.Deliverable
	Drawing *Chart
	Chips   []Chip
	Past    qms.Date
}

// Officer is the name of who accompanies.
func (v MeetingsView) Officer() string {
	if v.Current == nil {
		return ""
	}
	return v.Names[v.Current.Officer]
}

// Goes reports whether the accompaniment goes on.
func (v MeetingsView) Goes() bool { return v.Current != nil && v.Current.EndedOn == 0 }

// Overdue reports whether more than four weeks have gone by since the last session.
func (v MeetingsView) Overdue() bool { return v.Goes() && v.Facts.NextDue() < v.Day }

func (s *Site) meetings(p *Page) error {
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	p.Title, p.Wide = p.T("page.meetings.title"), true
	p.Crumb(p.T("page.nav.label"), p.To("label"))
	filter := label.MeetingFilter{State: label.MeetingState(p.Query("state")), AsOf: p.asOfNote(asOf)}
	if p.Exported() || p.Printed() {
		return s.exportMeetings(p, filter)
	}
	view := MeetingsView{meetingWords: meetingWords{p}, Past: p.asOfNote(asOf)}
	if view.AccompanimentSheet, err = s.Label.Accompaniment(p.Context(), p.Platform.ID, asOf); err != nil {
		return err
	}
	if view.Page, err = s.Label.Meetings(p.Context(), p.Platform.ID, filter, p.Cursor()); err != nil {
		return err
	}
	view.Chips = p.Chips(func(_, value string) string { return p.T("page.meetings.state_" + value) }, "state")
	if view.Current != nil && len(view.Steps) > 0 {
		view.Drawing = p.progressChart(view.Progress)
	}
	return p.Render("meetings_list", view)
}

func (s *Site) exportMeetings(p *Page, filter label.MeetingFilter) error {
	w := meetingWords{p}
	return p.Export(export{
		name: "seances-" + p.Platform.Code + "-" + p.Today.String(), fixed: 1, kinds: map[int]cell{1: dayCell, 3: countCell, 6: countCell},
		heads: []string{"page.meetings.number", "page.meetings.day", "page.meetings.hour", "page.meetings.minutes", "page.meetings.state",
			"page.meetings.place", "page.meetings.present", "page.meetings.reason"},
		print: &printing{title: p.T("page.meetings.title"), asOf: p.Today, widths: []float64{14, 11, 12, 8, 12, 22, 9, 22},
			right: map[int]bool{1: true, 3: true, 6: true}, shapes: map[string]string{p.T("page.meetings.state_held"): "done", p.T("page.meetings.state_planned"): "open"},
			empty: p.T("page.meetings.empty")},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Label.Meetings(p.Context(), p.Platform.ID, filter, c)
			for _, m := range page.Items {
				lines = append(lines, []string{m.Number, p.InputDate(m.Day), w.Span(m), count(m.Minutes), w.StateWord(m), m.Place + linkBeside(m),
					strconv.Itoa(presentAt(m)), m.Reason + m.Void})
			}
			return lines, page.Next, err
		},
	})
}

func linkBeside(m label.Meeting) string {
	if m.Place != "" && m.Link != "" {
		return ", " + m.Link
	}
	return m.Link
}

// presentAt is how many came.
func presentAt(m label.Meeting) (n int) {
	for _, a := range m.Attendees {
		if a.Present {
			n++
		}
	}
	return n
}

// progressChart draws the steps done against the steps planned, month by month.
func (p *Page) progressChart(points []label.ProgressPoint) *Chart {
	c := &Chart{Title: p.T("page.meetings.progress"), Width: chartWidth, Height: chartHeight, Base: chartUp, Left: chartLeft}
	most := 1
	for _, pt := range points {
		most = max(most, pt.Planned, pt.Done)
	}
	top := c.scale(p, most)
	span := max(1, len(points)-1)
	x := func(n int) int { return chartLeft + 10 + (chartWidth-chartLeft-40)*n/span }
	plan, done := ChartCurve{Class: "c11"}, ChartCurve{Class: "c0"}
	for n, pt := range points {
		if n%max(1, (len(points)+9)/10) == 0 || n == span {
			c.Ticks = append(c.Ticks, ChartTick{X: x(n), Y: chartUp + 18, Text: strconv.Itoa(pt.Month)})
		}
		plan.Points += strconv.Itoa(x(n)) + "," + strconv.Itoa(c.at(pt.Planned, top)) + " "
		if pt.Reached {
			dot := ChartDot{X: x(n), Y: c.at(pt.Done, top), Title: p.T("page.meetings.point", pt.Month, pt.Done, pt.Planned, pt.Sessions)}
			done.Dots = append(done.Dots, dot)
			done.Points += strconv.Itoa(dot.X) + "," + strconv.Itoa(dot.Y) + " "
		}
	}
	c.Lines = []ChartCurve{plan, done}
	c.Legend = []ChartKey{{Class: "c11", Label: p.T("page.meetings.planned_steps")}, {Class: "c0", Label: p.T("page.meetings.done_steps")}}
	return c
}
