package label

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// MeetingTerms is when and where a session takes place, and who is asked to come.
type MeetingTerms struct {
	Day       qms.Date
	Start     int64  // minutes after midnight, as clocks in France show it
	Minutes   int64  // two hours when 0
	Officer   qms.ID // the officer of the accompaniment when empty
	Place     string // a place, a link or both
	Link      string
	Agenda    string
	Attendees []Attendee // by person, or outsiders by name
	Quiet     bool       // those invited are not written to this time
}

// PlanMeeting plans a session, or records one that was held.
type PlanMeeting struct {
	Platform qms.ID
	MeetingTerms
	Held  bool // it has taken place already
	Notes MeetingNotes
}

// MeetingNotes is what is written down at a session.
type MeetingNotes struct {
	Account   string // the minutes
	Decisions string
	Worked    []WorkedOn
}

func meetingAct(name string, platform qms.ID) qms.Act {
	return qms.Act{Name: name, Needs: qms.WriteLabel.On(platform), Platform: platform}
}

// PlanMeeting plans a session of the accompaniment that goes on; one that has taken place is recorded as
// held, by who accompanies. It refuses a session planned for the past, one held in the future, and one
// that overlaps another of the platform or of the officer. What waited for the next session is due at it.
func (s *Service) PlanMeeting(ctx context.Context, cmd PlanMeeting) (*Meeting, error) {
	m := &Meeting{Row: qms.Row{ID: qms.NewID(s.db.Now()), Platform: cmd.Platform}, State: Planned}
	act := meetingAct("meeting.plan", cmd.Platform)
	if act.Subject = m.ID; cmd.Held {
		act.Name, act.Needs, m.State = "meeting.record", qms.AccompanyPlatform.On(cmd.Platform), Held
	}
	if err := s.db.Change(ctx, act, func(tx *store.Tx) error { return s.plan(ctx, tx, m, cmd) }); err != nil {
		return nil, err
	}
	return m, nil
}

func (s *Service) plan(ctx context.Context, tx *store.Tx, m *Meeting, cmd PlanMeeting) error {
	a, err := currentAccompaniment(ctx, tx, cmd.Platform)
	if err != nil {
		return err
	}
	in := &statement{ctx: ctx, tx: tx, s: s}
	m.Accompaniment, m.ChangedAt = a.ID, tx.Now()
	in.meeting(m, a, cmd.MeetingTerms)
	in.notes(m, cmd.Notes)
	if cmd.Held {
		for i := range m.Attendees {
			m.Attendees[i].Present = true
		}
	}
	if err := in.outcome(); err != nil {
		return err
	}
	n, err := tx.Next(ctx, fmt.Sprintf("SEA-%d", m.Day.Year()))
	if err != nil {
		return err
	}
	m.Number = fmt.Sprintf("SEA-%d-%03d", m.Day.Year(), n)
	rows, err := bindOwed(ctx, tx, a, m)
	if err != nil {
		return err
	}
	if err := tx.Insert(ctx, m); err != nil {
		return err
	}
	if err := tx.Update(ctx, rows...); err != nil || cmd.Quiet {
		return err
	}
	return s.tell(ctx, tx, m, false)
}

// bindOwed moves deliverables for a session that is new, or held: what waited for the next session is due
// at the first one planned, and what a session that was held found undelivered is carried over.
func bindOwed(ctx context.Context, tx *store.Tx, a *Accompaniment, m *Meeting) ([]qms.Record, error) {
	owed, err := owedIn(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	next, proposed, err := nextOf(ctx, tx, a, m)
	if err != nil {
		return nil, err
	}
	var rows []qms.Record
	if m.State == Held {
		for _, d := range carryOver(owed, m, next, proposed) {
			rows = append(rows, d)
		}
		return rows, nil
	}
	if next == nil || m.Day < next.Day {
		next = m
	}
	for i := range owed {
		if d := &owed[i]; d.DueMeeting == "" {
			d.follow(next, next.Day)
			rows = append(rows, d)
		}
	}
	return rows, nil
}

// nextOf is the first other session that is planned from today on and after this one, when this one was
// held, and the day proposed for one where there is none.
func nextOf(ctx context.Context, tx *store.Tx, a *Accompaniment, m *Meeting) (next *Meeting, proposed qms.Date, err error) {
	planned, err := plannedMeetings(ctx, tx, a.ID)
	if err != nil {
		return nil, 0, err
	}
	for i := range planned {
		o := &planned[i]
		if o.ID != m.ID && o.Day >= tx.Today() && (m.State != Held || o.Day > m.Day) {
			return o, o.Day, nil
		}
	}
	last, err := lastHeld(ctx, tx, a.ID)
	if err != nil && !missing(err) {
		return nil, 0, err
	}
	if m.State == Held && (last == nil || last.Day < m.Day) {
		last = m
	}
	taken, err := meetingsTaking(ctx, tx, a.Officer, tx.Today())
	return nil, ProposeNext(last, a.Start, tx.Today(), taken...).Day, err
}

// currentAccompaniment reads the one that goes on; a conflict when the platform has none.
func currentAccompaniment(ctx context.Context, r store.Reader, platform qms.ID) (*Accompaniment, error) {
	all, err := accompanimentsOf(ctx, r, []qms.ID{platform})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].EndedOn == 0 {
			return &all[i], nil
		}
	}
	return nil, qms.Conflict("accompaniment.none")
}

// meeting reads when and where a session takes place.
func (in *statement) meeting(m *Meeting, a *Accompaniment, c MeetingTerms) {
	m.Place, m.Agenda = in.line("place", c.Place), in.text("agenda", c.Agenda)
	if m.Link = in.line("link", c.Link); m.Link != "" {
		if u, err := url.Parse(m.Link); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			in.fail("link", "meeting.link")
		}
	}
	if m.Place == "" && m.Link == "" {
		in.fail("place", "meeting.no_place")
	}
	if m.Minutes = c.Minutes; m.Minutes == 0 {
		m.Minutes = usualMinutes
	}
	if m.Minutes < shortestMeeting || m.Minutes > longestMeeting {
		in.fail("minutes", "meeting.duration", m.Minutes, shortestMeeting, longestMeeting)
		return
	}
	if m.Officer = c.Officer; m.Officer == "" {
		m.Officer = a.Officer
	}
	if m.Officer != a.Officer {
		in.leader("officer", m.Officer)
	}
	m.Attendees = in.attendees(c.Attendees, m.Attendees)
	if in.hour(m, a, c); len(in.wrong) == 0 && in.err == nil {
		in.apart(m)
	}
}

// hour reads the day and the hour.
func (in *statement) hour(m *Meeting, a *Accompaniment, c MeetingTerms) {
	if c.Day == 0 {
		in.fail("day", "input.required")
		return
	}
	if m.Day = in.day("day", c.Day); len(in.wrong) > 0 {
		return
	}
	m.Start = c.Start
	switch {
	case c.Start < 0 || c.Start >= dayMinutes:
		in.fail("start", "meeting.hour_malformed", fmt.Sprint(c.Start))
		return
	case !hourExists(m.Day, m.Start):
		in.fail("start", "meeting.hour_skipped", Hour(m.Start), m.Day)
		return
	case m.Start+m.Minutes > dayMinutes:
		in.fail("minutes", "meeting.past_midnight")
	}
	now := in.tx.Now()
	switch {
	case m.State == Held && m.Begin().After(now) && m.Day > in.tx.Today():
		in.fail("day", "meeting.held_in_future", m.Day)
	case m.State == Planned && !m.Begin().After(now):
		in.fail("day", "meeting.planned_in_past", m.Day)
	case m.Day < a.Start:
		in.fail("day", "meeting.before_start", a.Start)
	case m.Day > in.tx.Today().AddMonths(24):
		in.fail("day", "meeting.far", m.Day)
	}
}

// apart refuses a session at the same time as another of the platform or of the officer. The platform of
// the other is named to who may see it. Acts on two platforms do not wait for each other, so that all that
// plan for the same officer and day do it one after the other from here on.
func (in *statement) apart(m *Meeting) {
	if in.err = in.tx.Alone(in.ctx, "meetings of "+string(m.Officer)+" on "+m.Day.String()); in.err != nil {
		return
	}
	beside, err := meetingsBeside(in.ctx, in.tx, m.Platform, m.Officer, m.Day)
	if err != nil {
		in.err = err
		return
	}
	for i := range beside {
		o := &beside[i]
		if !m.overlaps(o) {
			continue
		}
		span := Hour(o.Start) + "–" + o.End().Format("15:04")
		switch {
		case o.Platform == m.Platform:
			in.fail("start", "meeting.overlaps", o.Number, o.Day, span, o.where())
		case in.tx.Actor().Can(qms.ReadLabel.On(o.Platform)):
			code, err := platformCode(in.ctx, in.tx, o.Platform)
			if err != nil {
				in.err = err
				return
			}
			in.fail("start", "meeting.officer_at", code, o.Number, o.Day, span, o.where())
		default:
			in.fail("start", "meeting.officer_taken", o.Day, span)
		}
		return
	}
}

// where is the place of the session, or its link.
func (m *Meeting) where() string {
	if m.Place != "" {
		return m.Place
	}
	return m.Link
}

// maxInvited is how many people a session may have, and documents.
const maxInvited = 60

// attendees reads who is invited: people of the platform or of the site, each once, who was invited
// before, and outsiders.
func (in *statement) attendees(list, before []Attendee) []Attendee {
	if len(list) > maxInvited {
		in.fail("attendees", "meeting.too_many", maxInvited)
		return nil
	}
	known, err := in.known()
	if err != nil {
		in.err = err
		return nil
	}
	for _, a := range before {
		if _, here := known[a.Person]; !here {
			known[a.Person] = Holder{Person: a.Person, Name: a.Name, Email: a.Email}
		}
	}
	all := []Attendee{}
	for _, a := range list {
		a.Name, a.Email = in.line("attendees", a.Name), in.line("attendees", a.Email)
		if h, here := known[a.Person]; a.Person != "" && here {
			a.Name, a.Email = h.Name, h.Email
		} else if a.Person != "" {
			in.fail("attendees", "person.not_member")
			continue
		}
		if a.Name == "" {
			in.fail("attendees", "meeting.nameless")
			continue
		}
		if a.Email != "" && !plausibleMail(a.Email) {
			in.fail("attendees", "meeting.mail", a.Email)
		}
		same := func(o Attendee) bool { return o.Person == a.Person && strings.EqualFold(o.Name, a.Name) }
		if !slices.ContainsFunc(all, same) {
			all = append(all, a)
		}
	}
	return all
}

// plausibleMail reports whether the address can stand in an invitation.
func plausibleMail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-1 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`"<>,;:\`, r) })
}

// known is everybody who holds a role on the platform of the act or on the site today.
func (in *statement) known() (map[qms.ID]Holder, error) {
	known := map[qms.ID]Holder{}
	for _, of := range []qms.ID{in.tx.Act().Platform, ""} {
		holders, err := in.s.people.Holders(in.ctx, in.tx, of, in.tx.Today())
		if err != nil {
			return nil, err
		}
		for _, h := range holders {
			known[h.Person] = h
		}
	}
	return known, nil
}

// notes reads what is written down.
func (in *statement) notes(m *Meeting, c MeetingNotes) {
	m.Account, m.Decisions = in.words("account", c.Account, statedBook), in.text("decisions", c.Decisions)
	if len(c.Worked) > maxInvited {
		in.fail("worked", "meeting.too_many", maxInvited)
		return
	}
	m.Worked = []WorkedOn{}
	for _, w := range c.Worked {
		w.Code, w.Version, w.Words = in.words("worked", w.Code, 64), in.words("worked", w.Version, 20), in.line("worked", w.Words)
		if w.Code == "" && w.Words == "" {
			continue
		}
		m.Worked = append(m.Worked, w)
	}
}
