package auditors

import (
	"time"

	"maillon/qms"
)

// Admission is the access of one auditor to one platform. From when until when it holds stands in the role
// that it gave.
type Admission struct {
	qms.Row
	Person      qms.ID
	Name        string // as it was
	Email       string // that the letter goes to
	Purpose     string // what for, in the inviter's words
	Language    string // of the letter
	RoleGrant   qms.ID
	InvitedBy   qms.ID
	InviterName string
	InvitedAt   time.Time

	Letter      qms.ID    // the one whose link is good; none for who signed in before
	Account     int64     // revision of the account that a link is good for; 0 for who had one
	LetterUntil time.Time `bun:",nullzero"` // the link is good before it
	AcceptedAt  time.Time `bun:",nullzero"` // the password was chosen
	EndedAt     time.Time `bun:",nullzero"` // ended before its day
	Remark      string    // why it was last moved or ended
}

// State is how an access stands on a day.
type State string

// The states of an access.
const (
	Waiting  State = "waiting"   // the password is to be chosen
	ToCome   State = "to-come"   // its first day is still to come
	Open     State = "open"      // the auditor may read
	EndsSoon State = "ends-soon" // within a month
	Over     State = "over"
	Ended    State = "ended" // before its day
)

// States lists them in their order.
func States() []State { return []State{Waiting, ToCome, Open, EndsSoon, Over, Ended} }

// soon is within how many days an access ends soon.
const soon = 30

// StateOn is the state of the access of the period on the day; waits says that the account still has the
// password that nobody knows. The order counts: what is over is over, whether somebody came or not.
func (a *Admission) StateOn(p qms.Period, day qms.Date, waits bool) State {
	switch {
	case p.Until != 0 && p.Until <= day && !a.EndedAt.IsZero():
		return Ended
	case p.Until != 0 && p.Until <= day:
		return Over
	case waits:
		return Waiting
	case p.From > day:
		return ToCome
	case p.Until != 0 && day.DaysUntil(p.Until) <= soon:
		return EndsSoon
	}
	return Open
}

// The bounds of an access.
const (
	longest    = qms.Months(12) // from its first day, and from the day it is moved on
	linkLasts  = 14 * 24 * time.Hour
	maxPurpose = 500
	maxReason  = 500
	maxNote    = 8000
	maxAtOnce  = 20 // platforms of one invitation
)
