package label

import "maillon/qms"

// Deliverable is what somebody of the platform brings to a session. What a session finds undelivered is
// carried over to the next one by itself, and counted.
type Deliverable struct {
	qms.Row
	Accompaniment qms.ID
	Number        string // LIV-001: per platform
	Title         string
	Expected      string // what exactly is expected
	Owner         qms.ID
	AskedAt       qms.ID // the session that asked for it; none when it was asked between two
	AskedOn       qms.Date
	DueMeeting    qms.ID   // none: the next session, which is not planned yet
	DueOn         qms.Date // the day of that session, or the day proposed for it
	FirstDue      qms.Date // what DueOn was before it was first carried over
	Carried       int64    // sessions that found it undelivered
	Redone        int64    // times it was to be done again
	State         DeliverableState
	DeliveredOn   qms.Date // the last time
	DeliveredBy   qms.ID
	Document      string // code of the document that it is; may be empty
	Version       string // of that document
	Words         string // of who delivered it
	Note          string // of the officer who looked at it, or why it is dropped
	JudgedBy      qms.ID
	JudgedOn      qms.Date
	Void          string
}

// DeliverableState is how far a deliverable is.
type DeliverableState string

// The states. page.deliverables.state_STATE names each in qms/locale.
const (
	ToDeliver DeliverableState = "expected"
	Delivered DeliverableState = "delivered" // the officer has not looked at it yet
	Accepted  DeliverableState = "accepted"
	ToRedo    DeliverableState = "redo"    // the officer's note says what is missing
	Dropped   DeliverableState = "dropped" // no longer expected
)

// DeliverableStates lists the states.
func DeliverableStates() []DeliverableState {
	return []DeliverableState{ToDeliver, Delivered, Accepted, ToRedo, Dropped}
}

// Owed reports whether the platform still has to bring it.
func (d *Deliverable) Owed() bool {
	return d.Void == "" && (d.State == ToDeliver || d.State == ToRedo)
}

// Late reports whether it was not, or is not yet, delivered by the day for which it was first asked.
func (d *Deliverable) Late(day qms.Date) bool {
	switch {
	case d.Void != "" || d.State == Dropped:
		return false
	case d.Owed():
		return d.FirstDue < day
	}
	return d.DeliveredOn > d.FirstDue
}

// follow moves it with its session, or to the next one when that is cancelled: nobody is late for that,
// so what was never carried over counts from the new day.
func (d *Deliverable) follow(to *Meeting, day qms.Date) {
	if d.Carried == 0 && d.FirstDue == d.DueOn {
		d.FirstDue = day
	}
	d.bind(to, day)
}

// carry moves what a session found undelivered to the next one.
func (d *Deliverable) carry(to *Meeting, day qms.Date) {
	d.Carried++
	d.bind(to, day)
}

func (d *Deliverable) bind(to *Meeting, day qms.Date) {
	d.DueMeeting, d.DueOn = "", day
	if to != nil {
		d.DueMeeting, d.DueOn = to.ID, to.Day
	}
}

// carryOver moves what the session, held, found undelivered to the next one: it was due there, or earlier.
// Without a next session it waits for one on the day proposed. It returns what moved.
func carryOver(all []Deliverable, held, next *Meeting, proposed qms.Date) (moved []*Deliverable) {
	for i := range all {
		d := &all[i]
		if d.Owed() && (d.DueMeeting == held.ID || d.DueOn <= held.Day) && d.AskedAt != held.ID {
			d.carry(next, proposed)
			moved = append(moved, d)
		}
	}
	return moved
}
