package scheduler

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/scheduler/calendar"
)

// Invite is what was said to one person about one session, with the calendar part of the mail that says it.
// It does not change: what is said later is another one, which overtakes it.
type Invite struct {
	qms.Row
	Meeting  qms.ID
	Person   qms.ID // none for an outsider
	Name     string
	Address  string // as it stands in the calendar part
	Method   calendar.Method
	Sequence int64
	Language string
	Told     Call
	Calendar string
	OverAt   time.Time // the end of the session: nobody is written to after it
	MadeAt   time.Time
}

// Call is what a mail about a session says, in the words of its reader.
type Call struct {
	Subject  string      `json:"subject"`
	Heading  string      `json:"heading"`
	Intro    string      `json:"intro"`
	Facts    [][2]string `json:"facts"` // what, and how it is
	Agenda   string      `json:"agenda,omitempty"`
	Brings   []string    `json:"brings,omitempty"`
	Platform string      `json:"platform"` // its code
	Parts    []string    `json:"parts"`    // of the session's page
	Reply    string      `json:"reply,omitempty"`
}

// InviteKind is the kind under which it is settled whether invitations go out. It is no obligation.
const InviteKind = "invitation"

// same reports whether two calls say the same of the session.
func (c *Call) same(o *Call) bool {
	return slices.Equal(c.Facts, o.Facts) && c.Agenda == o.Agenda
}

// mailed is somebody who is written to.
type mailed struct {
	person        qms.ID
	name, address string
}

// guests are those of a session who can be written to: who leads it, and everybody invited who has an
// address, each address once.
func guests(v *label.MeetingSheet) (all []mailed) {
	add := func(m mailed) {
		known := func(o mailed) bool { return strings.EqualFold(o.address, m.address) }
		if calendar.IsAddress(m.address) && !slices.ContainsFunc(all, known) {
			all = append(all, m)
		}
	}
	for _, h := range v.Holders {
		if h.Person == v.Meeting.Officer {
			add(mailed{h.Person, h.Name, h.Email})
		}
	}
	for _, a := range v.Meeting.Attendees {
		add(mailed{a.Person, a.Name, a.Email})
	}
	return all
}

// Invite queues the mails that tell a session, see label.Post. Where it is settled that none go out nothing
// is queued; without a mail server they are kept, and read in the application.
func (s *Service) Invite(ctx context.Context, tx *store.Tx, v *label.MeetingSheet, again bool) error {
	settled, err := rulesFor(ctx, tx, []qms.ID{v.Meeting.Platform})
	if err != nil || rulesOf(settled).steps(v.Meeting.Platform, InviteKind).Off {
		return err
	}
	before, err := invitesTo(ctx, tx, v.Meeting.ID)
	if err != nil {
		return err
	}
	last := map[string]*Invite{}
	for i := range before {
		last[strings.ToLower(before[i].Address)] = &before[i]
	}
	place, err := placeNamed(ctx, tx, v.Meeting.Platform)
	if err != nil {
		return err
	}
	w := &calling{s: s, tx: tx, v: v, place: place, again: again}
	if v.Meeting.Counts() {
		for _, g := range guests(v) {
			w.asked = append(w.asked, call{g, last[strings.ToLower(g.address)]})
			delete(last, strings.ToLower(g.address))
		}
	}
	for _, i := range last {
		if i.Method == calendar.Request {
			w.gone = append(w.gone, call{mailed{i.Person, i.Name, i.Address}, i})
		}
	}
	slices.SortFunc(w.gone, func(a, b call) int { return cmp.Compare(a.address, b.address) })
	return w.queue(ctx)
}

// call is one person to be told, and what they were told last.
type call struct {
	mailed
	last *Invite // nil: nothing
}

// calling is the telling of one session.
type calling struct {
	s           *Service
	tx          *store.Tx
	v           *label.MeetingSheet
	place       Place
	again       bool
	asked, gone []call
	rows        []qms.Record
}

// queue writes the mails and puts them into the outbox.
func (w *calling) queue(ctx context.Context) error {
	var persons []qms.ID
	for _, c := range slices.Concat(w.asked, w.gone) {
		if c.person != "" {
			persons = append(persons, c.person)
		}
	}
	languages := map[qms.ID]string{}
	if len(persons) > 0 {
		var err error
		if languages, err = languagesOf(ctx, w.tx, persons); err != nil {
			return err
		}
	}
	for n, c := range slices.Concat(w.asked, w.gone) {
		say := locale.For(cmp.Or(languages[c.person], locale.French))
		if err := w.write(c, n >= len(w.asked), say); err != nil {
			return err
		}
	}
	return w.tx.Insert(ctx, w.rows...)
}

// write makes the mail of one person, unless it would tell what they know already.
func (w *calling) write(c call, gone bool, say *locale.Printer) error {
	m := &w.v.Meeting
	event := Invitation(w.v, say, w.place.Name, w.address())
	i := &Invite{Row: qms.Row{ID: qms.NewID(w.tx.Now())}, Meeting: m.ID, Person: c.person, Name: c.name, Address: c.address, Method: event.Method,
		Sequence: m.Sequence, Language: say.Lang(), Told: w.told(c, gone, say), OverAt: m.End().UTC(), MadeAt: w.tx.Now()}
	if gone && m.Counts() { // it takes place without them (RFC 5546, section 3.2.5)
		i.Method, event.Method = calendar.Cancel, calendar.Cancel
		event.Events[0].Attendees, event.Events[0].Uninvites = []calendar.Person{{Name: c.name, Address: c.address}}, true
	}
	if l := c.last; l != nil && !w.again && !gone && l.Method == calendar.Request && l.Told.same(&i.Told) {
		return nil
	}
	var text bytes.Buffer
	if err := calendar.Write(&text, event); err != nil {
		return err
	}
	i.Calendar = text.String()
	w.rows = append(w.rows, i, w.mail(i))
	return nil
}

// mail is the one that carries the invitation. Who is no person of the house stands in it as the invitation.
func (w *calling) mail(i *Invite) *Mail {
	digest := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%d\n", i.Meeting, strings.ToLower(i.Address), i.Method, i.Sequence))
	m := &Mail{Row: qms.Row{ID: qms.NewID(w.tx.Now())}, Person: cmp.Or(i.Person, i.ID), Invite: i.ID, Day: w.tx.Today(), State: Queued, Address: i.Address,
		QueuedAt: w.tx.Now(), NextAt: w.tx.Now(), Message: "invitation-" + hex.EncodeToString(digest[:16]) + "@" + w.s.o.Domain}
	if w.s.o.Mailer == nil {
		m.settle(Kept, w.tx.Now())
	}
	return m
}

// address is where the session's page is; empty where the site does not know where it is reached.
func (w *calling) address() string {
	if w.s.o.URL == "" {
		return ""
	}
	return w.s.o.URL + "/p/" + w.place.Code + "/label/sessions/" + w.v.Meeting.Number
}

// told is what the mail says.
func (w *calling) told(c call, gone bool, say *locale.Printer) Call {
	m := &w.v.Meeting
	kind := "new"
	switch {
	case !m.Counts():
		kind = "cancelled"
	case gone:
		kind = "gone"
	case c.last != nil && c.last.Method == calendar.Request:
		kind = "changed"
	}
	hours := label.Hour(m.Start) + " – " + m.End().Format("15:04")
	t := Call{Subject: say.T("invite."+kind+"_subject", w.place.Code, say.Date(m.Day), label.Hour(m.Start)), Heading: say.T("invite." + kind),
		Intro: say.T("invite."+kind+"_intro", m.Number, w.place.Name), Platform: w.place.Code, Parts: []string{"label", "sessions", m.Number}}
	t.fact(say.T("invite.when"), say.Weekday(m.Day)+" "+say.LongDate(m.Day)+", "+hours+" "+say.T("invite.zone"))
	t.fact(say.T("page.meetings.place"), m.Place)
	t.fact(say.T("page.meetings.link"), m.Link)
	t.fact(say.T("page.meetings.officer"), w.v.Names[m.Officer])
	if kind == "cancelled" {
		t.fact(say.T("page.meetings.reason"), cmp.Or(m.Reason, m.Void))
		return t
	}
	for _, h := range w.v.Holders {
		if h.Person == m.Officer && h.Person != c.person {
			t.Reply = h.Email
		}
	}
	if t.Agenda = m.Agenda; kind == "gone" {
		t.Agenda = ""
		return t
	}
	for _, d := range slices.Concat(w.v.Missed, w.v.Due) {
		if d.Owed() && d.Owner == c.person {
			t.Brings = append(t.Brings, d.Title)
		}
	}
	return t
}

func (c *Call) fact(what, how string) {
	if how != "" {
		c.Facts = append(c.Facts, [2]string{what, how})
	}
}
