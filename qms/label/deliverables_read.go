package label

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// DeliverableFilter narrows and orders the list of deliverables. Its zero fields do not narrow.
type DeliverableFilter struct {
	State    DeliverableState
	Owed     bool     // still to be brought
	Late     bool     // owed, and past the day for which it was first asked
	Owner    qms.ID   // of this person
	NotOwner qms.ID   // not of this person
	Newest   bool     // the last due first; else the first due
	Day      qms.Date // on which Late is judged; today when none
}

// DeliverableList is a page of deliverables, with the names of those who owe them and the sessions at which
// they are due.
type DeliverableList struct {
	Page     qms.Page[Deliverable]
	Names    map[qms.ID]string
	Sessions map[qms.ID]Meeting // at which they were asked or are due
	Day      qms.Date
}

// Deliverables lists those of a platform by the day on which they are due, in three statements.
func (s *Service) Deliverables(ctx context.Context, platform qms.ID, f DeliverableFilter, c qms.Cursor) (v *DeliverableList, err error) {
	after, err := sessionCursor(c.After)
	if err != nil {
		return nil, err
	}
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		if f.Day == 0 {
			f.Day = r.Today()
		}
		v = &DeliverableList{Day: f.Day}
		all, err := deliverablePage(ctx, r, platform, f, after, int64(c.Limit()+1))
		if err != nil {
			return err
		}
		v.Page = qms.PageOf(all, c.Limit(), func(d Deliverable) string { return sessionAfter(d.DueOn, d.Number) })
		return s.fillDeliverables(ctx, r, v)
	})
	return v, err
}

func (s *Service) fillDeliverables(ctx context.Context, r store.Reader, v *DeliverableList) (err error) {
	var persons, meetings []qms.ID
	for _, d := range v.Page.Items {
		persons = append(persons, d.Owner, d.DeliveredBy, d.JudgedBy)
		meetings = append(meetings, d.AskedAt, d.DueMeeting)
	}
	if v.Names, err = s.people.NamesOf(ctx, r, distinctIDs(persons)); err != nil {
		return err
	}
	v.Sessions, err = meetingsByID(ctx, r, distinctIDs(meetings))
	return err
}

// DeliverableSheet is one deliverable with those whom it names.
type DeliverableSheet struct {
	Deliverable Deliverable
	Asked       *Meeting // the session that asked for it
	Due         *Meeting // at which it is due
	Open        []Meeting
	Holders     []Holder
	Names       map[qms.ID]string
	Ended       bool // the accompaniment has ended
	Day         qms.Date
}

// Deliverable reads one by its number.
func (s *Service) Deliverable(ctx context.Context, platform qms.ID, number string) (v *DeliverableSheet, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		d, err := numbered[Deliverable](ctx, r, platform, strings.ToUpper(strings.TrimSpace(number)))
		if err != nil {
			return err
		}
		v = &DeliverableSheet{Deliverable: *d, Day: r.Today()}
		return s.fillDeliverable(ctx, r, v)
	})
	return v, err
}

func (s *Service) fillDeliverable(ctx context.Context, r store.Reader, v *DeliverableSheet) error {
	d := &v.Deliverable
	a, err := ofPlatform[Accompaniment](ctx, r, d.Platform, d.Accompaniment)
	if err != nil {
		return err
	}
	v.Ended = a.EndedOn != 0 || a.Void != ""
	list := DeliverableList{Page: qms.Page[Deliverable]{Items: []Deliverable{*d}}}
	if err := s.fillDeliverables(ctx, r, &list); err != nil {
		return err
	}
	v.Names = list.Names
	if m, ok := list.Sessions[d.AskedAt]; ok {
		v.Asked = &m
	}
	if m, ok := list.Sessions[d.DueMeeting]; ok {
		v.Due = &m
	}
	planned, err := plannedMeetings(ctx, r, d.Accompaniment)
	if err != nil {
		return err
	}
	for _, m := range planned {
		if m.Day >= v.Day {
			v.Open = append(v.Open, m)
		}
	}
	v.Holders, err = s.holdersOf(ctx, r, d.Platform)
	return err
}
