package label

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// AccompanimentSheet is the accompaniment of a platform: the one that goes on, else the last one.
type AccompanimentSheet struct {
	Current  *Accompaniment // nil when the platform was never accompanied
	Before   []Accompaniment
	Facts    Accompanied
	Steps    []PlanStep // that count
	Meetings []Meeting  // of Current, by day, without what was said
	Progress []ProgressPoint
	Next     *Meeting  // the first one planned, today included
	Proposed *Proposal // when none is planned and the accompaniment goes on
	Officers []Holder  // who may accompany
	Names    map[qms.ID]string
	Day      qms.Date

	taken []Meeting // sessions of who accompanies, on any platform
}

// Accompaniment reads how far a platform is as of a day, today when none, in a fixed number of statements.
func (s *Service) Accompaniment(ctx context.Context, platform qms.ID, asOf qms.Date) (v *AccompanimentSheet, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) (err error) {
		v, err = s.accompaniment(ctx, r, platform, asOf)
		return err
	})
	return v, err
}

func (s *Service) accompaniment(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) (*AccompanimentSheet, error) {
	v := &AccompanimentSheet{Day: asOf}
	if v.Day == 0 {
		v.Day = r.Today()
	}
	all, err := accompanimentsOf(ctx, r, []qms.ID{platform})
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return v, s.offerOfficers(ctx, r, v)
	}
	v.Current, v.Before = &all[len(all)-1], all[:len(all)-1]
	a := v.Current
	if v.Steps, err = stepsOf(ctx, r, a.ID); err != nil {
		return nil, err
	}
	v.Steps = slices.DeleteFunc(v.Steps, func(t PlanStep) bool { return t.Void != "" })
	if v.Meetings, err = meetingsOf(ctx, r, a.ID); err != nil {
		return nil, err
	}
	v.Facts = *a.on(v.Day)
	if err := countOwed(ctx, r, []qms.ID{platform}, v.Day, map[qms.ID]*Accompanied{a.ID: &v.Facts}); err != nil {
		return nil, err
	}
	if v.taken, err = meetingsTaking(ctx, r, a.Officer, v.Day); err != nil {
		return nil, err
	}
	v.draw()
	ids := []qms.ID{a.Officer}
	for i := range v.Before {
		ids = append(ids, v.Before[i].Officer)
	}
	if v.Names, err = s.people.NamesOf(ctx, r, ids); err != nil {
		return nil, err
	}
	return v, s.offerOfficers(ctx, r, v)
}

// draw works out what follows from the steps and the sessions.
func (v *AccompanimentSheet) draw() {
	a := v.Current
	for i := range v.Steps {
		v.Facts.count(&v.Steps[i], v.Day)
	}
	var held []qms.Date
	var last *Meeting
	for i := range v.Meetings {
		m := &v.Meetings[i]
		switch {
		case m.Void != "":
		case m.State == Held && m.Day <= v.Day:
			held, last = append(held, m.Day), m
			v.Facts.Sessions, v.Facts.LastSession = v.Facts.Sessions+1, m.Day
		case m.State == Planned && m.Day < v.Day && v.Facts.Unrecorded == 0:
			v.Facts.Unrecorded = m.Day
		case m.State == Planned && m.Day >= v.Day && v.Next == nil:
			v.Next, v.Facts.NextSession = m, m.Day
		}
	}
	v.Progress = ProgressOf(a, v.Steps, held, v.Day)
	if v.Next == nil && a.EndedOn == 0 {
		p := ProposeNext(last, a.Start, v.Day, v.taken...)
		v.Proposed = &p
	}
}

func (s *Service) offerOfficers(ctx context.Context, r store.Reader, v *AccompanimentSheet) error {
	holders, err := s.people.Holders(ctx, r, "", r.Today())
	for _, h := range holders {
		if h.Role == qms.QualityOfficer {
			v.Officers = append(v.Officers, h)
		}
	}
	return err
}

// MeetingFilter narrows the list of sessions. Its zero fields do not narrow.
type MeetingFilter struct {
	State         MeetingState
	Accompaniment qms.ID
	AsOf          qms.Date // on that day or before
}

// Meetings lists the sessions of a platform, the newest first, without what was said.
func (s *Service) Meetings(ctx context.Context, platform qms.ID, f MeetingFilter, c qms.Cursor) (page qms.Page[Meeting], err error) {
	after, err := sessionCursor(c.After)
	if err != nil {
		return page, err
	}
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		all, err := meetingPage(ctx, r, platform, f, after, int64(c.Limit()+1))
		page = qms.PageOf(all, c.Limit(), func(m Meeting) string { return sessionAfter(m.Day, m.Number) })
		return err
	})
	return page, err
}

// sessionAfter is the cursor of a row by its day and number.
func sessionAfter(day qms.Date, number string) string {
	return qms.EncodeAfter(day.String(), number)
}

// sessionCursor reads what sessionAfter made; an empty cursor is none.
func sessionCursor(s string) ([]string, error) {
	values, err := qms.DecodeAfter(s, 2)
	if err != nil || values == nil {
		return nil, err
	}
	if _, err := qms.ParseDate(values[0]); err != nil {
		return nil, qms.Invalid("cursor.malformed")
	}
	return values, nil
}

// MeetingSheet is one session with what it asked for and what is due at it.
type MeetingSheet struct {
	Meeting       Meeting
	Accompaniment Accompaniment
	Asked         []Deliverable // for the next one
	Due           []Deliverable // at this one
	Missed        []Deliverable // still owed, from before
	Previous      *Meeting      // the last one that counts before it
	Next          *Meeting      // the first one that counts after it
	Holders       []Holder      // who may be invited, and own a deliverable
	Worked        []WorkedDocument
	Names         map[qms.ID]string
	Day           qms.Date
}

// Meeting reads one session by its number.
func (s *Service) Meeting(ctx context.Context, platform qms.ID, number string) (v *MeetingSheet, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) (err error) {
		m, err := numbered[Meeting](ctx, r, platform, strings.ToUpper(strings.TrimSpace(number)))
		if err != nil {
			return err
		}
		v = &MeetingSheet{Meeting: *m, Day: r.Today()}
		return s.fillMeeting(ctx, r, v)
	})
	return v, err
}

func (s *Service) fillMeeting(ctx context.Context, r store.Reader, v *MeetingSheet) error {
	m := &v.Meeting
	a, err := ofPlatform[Accompaniment](ctx, r, m.Platform, m.Accompaniment)
	if err != nil {
		return err
	}
	v.Accompaniment = *a
	meetings, err := meetingsOf(ctx, r, a.ID)
	if err != nil {
		return err
	}
	v.beside(meetings)
	if v.Worked, err = s.workedAt(ctx, r, m); err != nil {
		return err
	}
	if err := v.deliverables(ctx, r); err != nil {
		return err
	}
	v.Holders, err = s.holdersOf(ctx, r, m.Platform)
	if err != nil {
		return err
	}
	ids := []qms.ID{m.Officer, a.Officer}
	for _, some := range [][]Deliverable{v.Asked, v.Due, v.Missed} {
		for _, d := range some {
			ids = append(ids, d.Owner)
		}
	}
	v.Names, err = s.people.NamesOf(ctx, r, distinctIDs(ids))
	return err
}

// beside finds the session before and the one after.
func (v *MeetingSheet) beside(meetings []Meeting) {
	for i := range meetings {
		switch o := &meetings[i]; {
		case o.ID == v.Meeting.ID || !o.Counts():
		case o.Begin().Before(v.Meeting.Begin()):
			v.Previous = o
		case v.Next == nil:
			v.Next = o
		}
	}
}

// deliverables sorts what the session asked for, what is due at it, and what was missed before it.
func (v *MeetingSheet) deliverables(ctx context.Context, r store.Reader) error {
	at, err := deliverablesAt(ctx, r, v.Meeting.Platform, v.Meeting.ID)
	if err != nil {
		return err
	}
	listed := map[qms.ID]bool{}
	for _, d := range at {
		if d.Void != "" {
			continue
		}
		listed[d.ID] = true
		if d.AskedAt == v.Meeting.ID {
			v.Asked = append(v.Asked, d)
		} else {
			v.Due = append(v.Due, d)
		}
	}
	if v.Meeting.State != Planned {
		return nil
	}
	owed, err := owedIn(ctx, r, v.Meeting.Accompaniment)
	for _, d := range owed {
		if !listed[d.ID] && d.DueOn <= v.Meeting.Day {
			v.Missed = append(v.Missed, d)
		}
	}
	return err
}

// holdersOf lists who holds a role on the platform or on the site today, each person once, by name.
func (s *Service) holdersOf(ctx context.Context, r store.Reader, platform qms.ID) (all []Holder, err error) {
	seen := map[qms.ID]bool{}
	for _, of := range []qms.ID{platform, ""} {
		holders, err := s.people.Holders(ctx, r, of, r.Today())
		if err != nil {
			return nil, err
		}
		for _, h := range holders {
			if (of != "" || h.Role == qms.QualityOfficer) && !seen[h.Person] {
				seen[h.Person] = true
				all = append(all, h)
			}
		}
	}
	return all, nil
}

// distinctIDs is each identifier once, none left out but the empty one.
func distinctIDs(ids []qms.ID) []qms.ID {
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id qms.ID) bool { return id == "" })
}

// MeetingChoices lists who may be invited to a session of the platform, and the accompaniment that it would
// belong to.
func (s *Service) MeetingChoices(ctx context.Context, platform qms.ID) (holders []Holder, v *AccompanimentSheet, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		if v, err = s.accompaniment(ctx, r, platform, 0); err != nil {
			return err
		}
		holders, err = s.holdersOf(ctx, r, platform)
		return err
	})
	return holders, v, err
}
