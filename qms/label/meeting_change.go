package label

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// onMeeting changes a session that counts within one act; when those invited should know of the change,
// the sequence of the invitation rises. rows are what else changes.
func (s *Service) onMeeting(ctx context.Context, act qms.Act, target Target, change func(in *statement, m *Meeting) ([]qms.Record, error)) (*Meeting, error) {
	act.Subject, act.Reason = target.ID, strings.TrimSpace(target.Reason)
	var m *Meeting
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if m, err = ofPlatform[Meeting](ctx, tx, target.Platform, target.ID); err != nil {
			return err
		}
		switch {
		case m.Void != "":
			return qms.Conflict("record.void")
		case m.State == Cancelled:
			return qms.Conflict("meeting.cancelled", m.Number)
		case m.Revision != target.Revision:
			return qms.Conflict("record.changed")
		}
		before := m.invites()
		in := &statement{ctx: ctx, tx: tx, s: s}
		rows, err := change(in, m)
		if err == nil {
			err = in.outcome()
		}
		if err != nil {
			return err
		}
		changed := in.again || m.invites() != before && m.State != Held
		if changed {
			m.Sequence++
			m.ChangedAt = tx.Now()
		}
		if err := tx.Update(ctx, append(rows, m)...); err != nil || in.quiet || !changed {
			return err
		}
		return s.tell(ctx, tx, m, in.again)
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// MoveMeeting plans a session otherwise: another day, hour, place, agenda or other people. What is due at
// it follows. A session that was held is only corrected, with a reason, by who accompanies.
type MoveMeeting struct {
	Target
	MeetingTerms
}

// MoveMeeting changes when and where a session takes place and who is invited.
func (s *Service) MoveMeeting(ctx context.Context, cmd MoveMeeting) (*Meeting, error) {
	return s.onMeeting(ctx, meetingAct("meeting.move", cmd.Platform), cmd.Target, func(in *statement, m *Meeting) ([]qms.Record, error) {
		a, err := openAccompaniment(in.ctx, in.tx, cmd.Platform, m.Accompaniment)
		if err != nil {
			return nil, err
		}
		was, present := m.Day, map[string]bool{}
		for _, p := range m.Attendees {
			present[string(p.Person)+"\x00"+p.Name] = p.Present
		}
		if m.State == Held {
			in.reasoned(cmd.Target)
			if err := qms.Authorise(in.tx.Actor(), qms.AccompanyPlatform.On(cmd.Platform)); err != nil {
				return nil, err
			}
		}
		in.quiet = cmd.Quiet
		in.meeting(m, a, cmd.MeetingTerms)
		for i := range m.Attendees {
			p := &m.Attendees[i]
			p.Present = present[string(p.Person)+"\x00"+p.Name]
		}
		if err := in.outcome(); err != nil || m.Day == was {
			return nil, err
		}
		return following(in, m, m, m.Day)
	})
}

// following moves what is due at a session to another one, or to a day when there is none.
func following(in *statement, from, to *Meeting, day qms.Date) ([]qms.Record, error) {
	owed, err := owedIn(in.ctx, in.tx, from.Accompaniment)
	if err != nil {
		return nil, err
	}
	var rows []qms.Record
	for i := range owed {
		if d := &owed[i]; d.DueMeeting == from.ID {
			d.follow(to, day)
			rows = append(rows, d)
		}
	}
	return rows, nil
}

// NoteMeeting is what is written down while a session takes place, or after it.
type NoteMeeting struct {
	Target
	MeetingNotes
	Present []int // places in Attendees of those who came; nobody came when it is empty
	Came    []Attendee
	Hold    bool            // the session is over: record it as held
	Asks    []AskOfMeeting  // deliverables for the next session
	Brought []BroughtByCode // deliverables that were brought along
}

// AskOfMeeting is a deliverable that a session asks for the next one.
type AskOfMeeting struct {
	Title    string
	Expected string
	Owner    qms.ID
}

// BroughtByCode says which deliverable was brought to the session.
type BroughtByCode struct {
	Deliverable qms.ID
	Accepted    bool // the officer accepts it at once
}

// NoteMeeting keeps the minutes of a session whose day has come, with who came, the documents worked on and
// the deliverables asked for the next one; Hold ends it. What it then finds undelivered is carried over to
// the next session and counted. Only who accompanies may record a session as held, or change the minutes of
// one that was, with a reason.
func (s *Service) NoteMeeting(ctx context.Context, cmd NoteMeeting) (*Meeting, error) {
	act := meetingAct("meeting.note", cmd.Platform)
	if cmd.Hold {
		act.Name, act.Needs = "meeting.hold", qms.AccompanyPlatform.On(cmd.Platform)
	}
	return s.onMeeting(ctx, act, cmd.Target, func(in *statement, m *Meeting) ([]qms.Record, error) {
		a, err := openAccompaniment(in.ctx, in.tx, cmd.Platform, m.Accompaniment)
		if err != nil {
			return nil, err
		}
		if err := cmd.allowed(in, m); err != nil {
			return nil, err
		}
		in.quiet = true // the hour has come: who was there knows
		in.notes(m, cmd.MeetingNotes)
		in.came(m, cmd)
		brought, err := in.brought(m, cmd.Brought)
		if err != nil {
			return nil, err
		}
		if cmd.Hold {
			m.State = Held
		}
		return in.closing(a, m, cmd, brought)
	})
}

// allowed refuses minutes before the day, and those of a session that was held without a reason.
func (c NoteMeeting) allowed(in *statement, m *Meeting) error {
	switch {
	case m.Day > in.tx.Today():
		return qms.Conflict("meeting.not_yet", m.Number, m.Day)
	case m.State == Held && c.Hold:
		return qms.Conflict("meeting.held", m.Number)
	case m.State == Held:
		in.reasoned(c.Target)
		return qms.Authorise(in.tx.Actor(), qms.AccompanyPlatform.On(m.Platform))
	}
	return nil
}

// came notes who was there, and adds who came without being invited.
func (in *statement) came(m *Meeting, c NoteMeeting) {
	for i := range m.Attendees {
		m.Attendees[i].Present = false
	}
	for _, i := range c.Present {
		if i < 0 || i >= len(m.Attendees) {
			in.fail("attendees", "input.unknown_choice")
			return
		}
		m.Attendees[i].Present = true
	}
	if len(c.Came) == 0 {
		return
	}
	for i := range c.Came {
		c.Came[i].Present = true
	}
	m.Attendees = in.attendees(append(m.Attendees, c.Came...), m.Attendees)
}

// brought notes the deliverables that were brought along.
func (in *statement) brought(m *Meeting, list []BroughtByCode) (map[qms.ID]*Deliverable, error) {
	found := map[qms.ID]*Deliverable{}
	if len(list) == 0 {
		return found, nil
	}
	owed, err := owedIn(in.ctx, in.tx, m.Accompaniment)
	if err != nil {
		return nil, err
	}
	judges := in.tx.Actor().Can(qms.AccompanyPlatform.On(m.Platform))
	for _, b := range list {
		for i := range owed {
			d := &owed[i]
			if d.ID != b.Deliverable {
				continue
			}
			d.State, d.DeliveredOn, d.DeliveredBy = Delivered, m.Day, in.tx.Actor().ID
			if b.Accepted && judges {
				d.State, d.JudgedBy, d.JudgedOn = Accepted, in.tx.Actor().ID, in.tx.Today()
			}
			found[d.ID] = d
		}
		if found[b.Deliverable] == nil {
			in.fail("brought", "deliverable.not_owed")
		}
	}
	return found, nil
}

// closing carries over what was not brought, once the session is held, and records what it asks for.
func (in *statement) closing(a *Accompaniment, m *Meeting, c NoteMeeting, brought map[qms.ID]*Deliverable) ([]qms.Record, error) {
	var rows []qms.Record
	for _, d := range brought {
		rows = append(rows, d)
	}
	next, proposed, err := nextOf(in.ctx, in.tx, a, m)
	if err != nil {
		return nil, err
	}
	if c.Hold {
		owed, err := owedIn(in.ctx, in.tx, a.ID)
		if err != nil {
			return nil, err
		}
		for _, d := range carryOver(owed, m, next, proposed) {
			if brought[d.ID] == nil {
				rows = append(rows, d)
			}
		}
	}
	var asked []qms.Record
	for _, ask := range c.Asks {
		d := &Deliverable{AskedAt: m.ID, AskedOn: m.Day}
		in.ask("asks", d, a, AskTerms{Title: ask.Title, Expected: ask.Expected, Owner: ask.Owner}, next, proposed)
		asked = append(asked, d)
	}
	if err := in.outcome(); err != nil {
		return nil, err
	}
	for _, d := range asked {
		if err := name(in.ctx, in.tx, d.(*Deliverable)); err != nil {
			return nil, err
		}
	}
	return rows, in.tx.Insert(in.ctx, asked...)
}

// CancelMeeting calls a planned session off, with a reason. What was due at it is due at the next one, and
// nobody is late for that.
func (s *Service) CancelMeeting(ctx context.Context, target Target) (*Meeting, error) {
	return s.onMeeting(ctx, meetingAct("meeting.cancel", target.Platform), target, func(in *statement, m *Meeting) ([]qms.Record, error) {
		if m.State == Held {
			return nil, qms.Conflict("meeting.held", m.Number)
		}
		m.Reason, m.State = in.reasoned(target), Cancelled
		return leaving(in, m)
	})
}

// VoidMeeting declares a session a mistake, with a reason; what was due at it is due at the next one.
func (s *Service) VoidMeeting(ctx context.Context, target Target) (*Meeting, error) {
	act := meetingAct("meeting.void", target.Platform)
	act.Needs = qms.AccompanyPlatform.On(target.Platform)
	return s.onMeeting(ctx, act, target, func(in *statement, m *Meeting) ([]qms.Record, error) {
		m.Void = in.reasoned(target)
		return leaving(in, m)
	})
}

func leaving(in *statement, m *Meeting) ([]qms.Record, error) {
	a, err := ofPlatform[Accompaniment](in.ctx, in.tx, m.Platform, m.Accompaniment)
	if err != nil {
		return nil, err
	}
	next, proposed, err := nextOf(in.ctx, in.tx, a, m)
	if err != nil {
		return nil, err
	}
	return following(in, m, next, proposed)
}
