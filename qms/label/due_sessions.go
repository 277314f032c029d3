package label

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// The kinds of what an accompaniment makes due; due.KIND names each in qms/locale.
const (
	dueSession     = "session"
	dueDeliverable = "deliverable"
)

// sessionDues is the part of Dues of accompaniments that go on: the next session of each, and what is to
// be delivered. It takes three statements.
func sessionDues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) ([]qms.Due, error) {
	all, err := accompanimentsOf(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(a Accompaniment) bool { return !a.OpenOn(day) })
	meetings, err := meetingSteps(ctx, r, all)
	if err != nil {
		return nil, err
	}
	owed, err := owedOn(ctx, r, platforms, day, until)
	if err != nil {
		return nil, err
	}
	due := deliverableDue(all, owed, until)
	for i := range all {
		if d := nextSessionDue(&all[i], meetings[all[i].ID], day); d.On <= until {
			due = append(due, d)
		}
	}
	return due, nil
}

// nextSessionDue is the session that an accompaniment owes: by four weeks after the last one held by the
// day, or on the day for which it is planned when that is earlier. The obligation is the same, whatever is
// planned, until a session is held. Its revision counts every change of every session.
func nextSessionDue(a *Accompaniment, meetings []Meeting, day qms.Date) qms.Due {
	d := qms.Due{Kind: dueSession, Platform: a.Platform, Subject: a.ID, Form: "session-first", Person: a.Officer, Parts: []string{"label", "sessions", "new"}, Revision: a.Revision}
	last, after := a.Start, a.ID
	for i := range meetings {
		m := &meetings[i]
		d.Revision += m.Revision
		if m.Void == "" && m.State == Held && m.Day <= day && m.Day >= last {
			last, after, d.Form, d.Title = m.Day, m.ID, "session-after", m.Number
		}
	}
	d.Key, d.On = dueSession+":"+string(a.ID)+":"+string(after), last.AddDays(SessionDays)
	planned := qms.Date(0)
	for i := range meetings {
		m := &meetings[i]
		waits := m.State == Planned || m.State == Held && m.Day > day
		if m.Void == "" && waits && m.Day <= d.On && (planned == 0 || m.Day < planned) {
			planned = m.Day
			d.On, d.Subject, d.Title, d.Form, d.Parts = m.Day, m.ID, m.Number, "session", []string{"label", "sessions", m.Number}
		}
	}
	return d
}

// deliverableDue is what is still to be brought in the accompaniments that go on.
func deliverableDue(open []Accompaniment, owed []Deliverable, until qms.Date) []qms.Due {
	going := map[qms.ID]bool{}
	for i := range open {
		going[open[i].ID] = true
	}
	var due []qms.Due
	for i := range owed {
		d := &owed[i]
		if !going[d.Accompaniment] || !d.Owed() || d.DueOn > until {
			continue
		}
		due = append(due, qms.Due{Key: dueDeliverable + ":" + string(d.ID), Kind: dueDeliverable,
			Platform: d.Platform, Subject: d.ID, Title: d.Number + " " + d.Title, On: d.DueOn, Person: d.Owner,
			Parts: []string{"label", "deliverables", d.Number}, Revision: d.Revision})
	}
	return due
}
