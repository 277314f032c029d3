package scheduler

import (
	"strings"

	"maillon/qms/label"
	"maillon/qms/locale"
	"maillon/scheduler/calendar"
)

// Invitation is a session of an accompaniment as mail programs take it (RFC 5546): a request to come, or,
// when it is called off, that it does not take place. It is the same event for ever, and its sequence
// rises with every change that those invited should know of. address is that of the session's page.
func Invitation(v *label.MeetingSheet, say *locale.Printer, platform, address string) calendar.Calendar {
	m := &v.Meeting
	event := calendar.Event{UID: calendar.UID("meeting:" + string(m.ID)), Sequence: m.Sequence, Stamp: m.ChangedAt, Changed: m.ChangedAt,
		Begin: m.Begin(), End: m.End(), Summary: say.T("page.meetings.summary", platform, m.Number), Place: m.Place, URL: address, Busy: true}
	if m.Place == "" {
		event.Place = m.Link
	}
	var about []string
	for _, part := range []string{m.Agenda, m.Link} {
		if part != "" {
			about = append(about, part)
		}
	}
	for _, d := range v.Due {
		if d.Owed() {
			about = append(about, say.T("page.meetings.brings", d.Title, v.Names[d.Owner]))
		}
	}
	event.Description = strings.Join(about, "\n\n")
	for _, h := range v.Holders {
		if h.Person == m.Officer && calendar.IsAddress(h.Email) {
			event.Organizer = &calendar.Person{Name: h.Name, Address: h.Email}
		}
	}
	for _, a := range m.Attendees {
		if calendar.IsAddress(a.Email) && a.Person != m.Officer {
			event.Attendees = append(event.Attendees, calendar.Person{Name: a.Name, Address: a.Email})
		}
	}
	method := calendar.Request
	if !m.Counts() {
		method, event.Cancelled, event.Busy = calendar.Cancel, true, false
	}
	return calendar.Calendar{Method: method, Events: []calendar.Event{event}}
}
