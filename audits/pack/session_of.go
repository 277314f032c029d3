package pack

import (
	"strings"
	"time"

	"maillon/qms/label"
	"maillon/qms/locale"
)

// SessionOf is the sheet of a session in the reader's words.
func SessionOf(v *label.MeetingSheet, say *locale.Printer, platform string, madeAt time.Time) *Session {
	m := &v.Meeting
	s := &Session{Language: say.Lang(), Platform: platform, Number: m.Number, Day: m.Day, Agenda: m.Agenda, Held: m.State == label.Held,
		Account: m.Account, Decisions: m.Decisions, MadeAt: madeAt}
	s.State, s.Status = sessionState(m, say)
	s.Facts = [][2]string{
		{say.T("pack.session.when"), say.Weekday(m.Day) + " " + say.LongDate(m.Day) + ", " + label.Hour(m.Start) + " – " + m.End().Format("15:04")},
		{say.T("pack.session.where"), strings.Trim(m.Place+"\n"+m.Link, "\n")},
		{say.T("pack.session.officer"), v.Names[m.Officer]},
	}
	for _, a := range m.Attendees {
		from := platform
		switch {
		case a.Person == m.Officer:
			from = say.T("role.quality-officer")
		case a.Person == "":
			from = say.T("pack.session.outside")
		}
		s.Attendees = append(s.Attendees, SessionAttendee{a.Name, from, a.Present})
	}
	for _, w := range v.Worked {
		s.Documents = append(s.Documents, SessionDocument{Code: w.Code, Version: w.Version, Words: w.Words, Title: w.Title})
	}
	for _, d := range append(v.Missed[:len(v.Missed):len(v.Missed)], v.Due...) {
		s.Due = append(s.Due, sessionDeliverable(v, d, say))
	}
	for _, d := range v.Asked {
		s.Asked = append(s.Asked, sessionDeliverable(v, d, say))
	}
	if n := v.Next; n != nil && n.State == label.Planned {
		s.Next = say.Weekday(n.Day) + " " + say.LongDate(n.Day) + ", " + label.Hour(n.Start)
	}
	return s
}

func sessionState(m *label.Meeting, say *locale.Printer) (state, words string) {
	switch {
	case m.Void != "":
		return "withdrawn", say.T("page.meetings.is_void") + " : " + m.Void
	case m.State == label.Cancelled:
		return "not-applicable", say.T("page.meetings.state_cancelled") + " : " + m.Reason
	case m.State == label.Held:
		return "done", say.T("page.meetings.state_held")
	}
	return "open", say.T("page.meetings.state_planned")
}

func sessionDeliverable(v *label.MeetingSheet, d label.Deliverable, say *locale.Printer) SessionDeliverable {
	out := SessionDeliverable{Number: d.Number, Title: d.Title, Expected: d.Expected, Owner: v.Names[d.Owner], Due: say.Date(d.DueOn),
		Status: say.T("page.deliverables.state_" + string(d.State)), Carried: d.Carried, State: "todo"}
	switch {
	case d.State == label.Accepted:
		out.State = "done"
	case d.State == label.Delivered:
		out.State = "in-review"
	case d.State == label.Dropped:
		out.State = "withdrawn"
	case d.Late(v.Day):
		out.State, out.Status = "late", say.T("page.deliverables.late")
	}
	return out
}
