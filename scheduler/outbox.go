package scheduler

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"

	"maillon/qms"
)

// MailState is where a mail of the outbox is.
type MailState string

// The states of a mail. Queued is tried until it is Sent, or Failed: a dead letter, which a person may
// have tried again. Kept was never to leave: it is read in the application; or it was an invitation, and
// something else is true since.
const (
	Queued MailState = "queued"
	Sent   MailState = "sent"
	Failed MailState = "failed"
	Kept   MailState = "kept"
)

// Mail is one mail to one person: all that one run tells them.
type Mail struct {
	qms.Row   `trail:"site"`
	Person    qms.ID // of an invitation to an outsider: the invitation, for they are nobody of the house
	Invite    qms.ID // what it invites to: a session, or an audit; none in a mail of reminders
	Dispatch  qms.ID // what it carries that is neither; none in the others
	Slot      int64  // the run that queued it; 0 for an invitation
	Day       qms.Date
	Message   string // the Message-ID without brackets, see messageID
	State     MailState
	Address   string // where it was sent, or tried last
	Attempts  int
	Fault     string // what the last attempt ended with, in the mail server's words
	Asked     int    // reminders in it
	QueuedAt  time.Time
	NextAt    time.Time `bun:",nullzero"` // of Queued: not before
	SettledAt time.Time `bun:",nullzero"` // since when it is not Queued
}

// Reminder is one obligation told to one person at one step.
type Reminder struct {
	qms.Row    `trail:"site"`
	Mail       qms.ID
	Person     qms.ID
	Place      qms.ID // the platform of the obligation
	Obligation string
	Kind       string
	Title      string
	Subject    qms.ID
	Parts      []string
	DueOn      qms.Date
	Step       int // days before; negative: days late
	Escalated  bool
	MadeOn     qms.Date
	Through    qms.Date // told for every step reached until then
}

// Due is the obligation as it was told.
func (r *Reminder) Due() qms.Due {
	return qms.Due{Key: r.Obligation, Kind: r.Kind, Platform: r.Place, Subject: r.Subject, Title: r.Title, On: r.DueOn, Person: r.Person, Parts: r.Parts}
}

const (
	maxAttempts  = 12               // over two days and a half
	firstBackOff = 5 * time.Minute  // after the first attempt, doubled after each
	lastBackOff  = 12 * time.Hour   // never more
	maxFault     = 300              // characters kept of what a mail server says
	sendLimit    = time.Minute      // for one mail, or for opening the conversation
	runLimit     = 20 * time.Minute // for the sending of one run; what is left is the next one's
	notesAtOnce  = 32               // answers noted in one act
	noteWithin   = 200 * time.Millisecond
	noteTimeout  = 10 * time.Second // for one note
	batchMails   = 200              // mails read at once
	openAttempts = 3                // conversations that fail in a row before the server is taken to be away
)

// backOff is how long to wait after the attempt: longer each time, and up to a fifth more or less by the
// mail's own name, so that not all come back at once and a replay does the same.
func backOff(message string, attempt int) time.Duration {
	wait := lastBackOff
	if shift := max(attempt-1, 0); shift < 8 {
		wait = min(firstBackOff<<shift, lastBackOff)
	}
	seed := sha256.Sum256(fmt.Appendf(nil, "%s|%d", message, attempt))
	part := int64(binary.BigEndian.Uint32(seed[:4])%401) - 200 // thousandths
	return wait + time.Duration(int64(wait)/1000*part)
}

// messageID names a mail by what it tells to whom on which day: tried again, after whatever crash, it is
// the same, and a mail server or reader that has it already drops it (RFC 5322, section 3.6.4).
func messageID(person qms.ID, day qms.Date, reminders []*Reminder, domain string) string {
	digest := sha256.New()
	fmt.Fprintf(digest, "%s\n%s\n", person, day)
	for _, r := range reminders {
		fmt.Fprintf(digest, "%q %s %d\n", r.Obligation, r.DueOn, r.Step)
	}
	return hex.EncodeToString(digest.Sum(nil)[:16]) + "@" + domain
}

// settle notes that the mail is not tried any more.
func (m *Mail) settle(state MailState, at time.Time) {
	m.State, m.SettledAt, m.NextAt = state, at, time.Time{}
}

// answer is what came of one attempt to send a mail.
type answer struct {
	mail    qms.ID
	address string
	err     error // nil: the server took it
	refused bool  // err will be the same tomorrow
	moot    bool  // nothing was sent: there is nothing to tell any more
}

// note applies the answer. What is settled already stays so: a runner that was thought dead may come late.
func (m *Mail) note(a answer, at time.Time) {
	if m.State != Queued {
		return
	}
	if a.moot {
		m.settle(Kept, at)
		return
	}
	m.Attempts++
	m.Address, m.Fault = a.address, ""
	if a.err == nil {
		m.settle(Sent, at)
		return
	}
	m.Fault = short(a.err.Error())
	if a.refused || m.Attempts >= maxAttempts {
		m.settle(Failed, at)
		return
	}
	m.NextAt = qms.Instant(at.Add(backOff(m.Message, m.Attempts)))
}

// short is a text of a mail server as it is kept: one line, bounded.
func short(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if runes := []rune(s); len(runes) > maxFault {
		return string(runes[:maxFault]) + "…"
	}
	return s
}

// pack puts what is asked into mails, one for each person, and makes the reminders in them.
func pack(asks []Ask, slot int64, day qms.Date, at time.Time, domain string, leaves bool) (mails []*Mail, reminders []*Reminder) {
	for from := 0; from < len(asks); {
		until := from
		for until < len(asks) && asks[until].Person == asks[from].Person {
			until++
		}
		m := &Mail{Row: qms.Row{ID: qms.NewID(at)}, Person: asks[from].Person, Slot: slot, Day: day, State: Queued, Asked: until - from, QueuedAt: at, NextAt: at}
		if !leaves {
			m.settle(Kept, at)
		}
		first := len(reminders)
		for _, a := range asks[from:until] {
			reminders = append(reminders, &Reminder{Mail: m.ID, Person: a.Person, Place: a.Due.Platform, Obligation: a.Due.Key, Kind: a.Due.Kind,
				Title: a.Due.Title, Subject: a.Due.Subject, Parts: a.Due.Parts, DueOn: a.Due.On, Step: a.Step, Escalated: a.Escalated,
				MadeOn: day, Through: a.Through})
		}
		m.Message = messageID(m.Person, day, reminders[first:], domain)
		mails, from = append(mails, m), until
	}
	return mails, reminders
}
