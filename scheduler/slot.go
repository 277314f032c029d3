package scheduler

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"maillon/qms"
)

// Slot is one run of the reminders over all replicas. Runs are numbered without gaps; the next one begins
// when the last has ended, so there is one runner at a time.
//
// A claim is an INSERT under a primary key that follows from the number: of two replicas one gets it. Who
// holds a slot beats with every note of what was sent. Clocks of different machines are never compared:
// another replica takes a slot over when it has itself seen no beat for the length of the lease, on its
// own stop-watch. It does so under a new term, and whoever held the old one is refused at its next note;
// what it may have sent in between carries the Message-ID that the new runner sends under too.
type Slot struct {
	qms.Row   `trail:"site"`
	Number    int64
	Day       qms.Date // whose questions it asked; none: it only told what is told at once, or sent again
	Holder    string   // the replica
	Term      int64    // moves on when it is taken over
	Beats     int64    // moves on with each sign of life
	Asked     int      // reminders made
	Mails     int      // mails queued
	Sent      int
	Refused   int // dead letters
	Delayed   int // attempts that are made again
	ClaimedAt time.Time
	EndedAt   time.Time `bun:",nullzero"`
}

// lease is how long a runner may be silent. It beats after each note, and no mail is waited for longer
// than sendLimit.
const lease = 4 * time.Minute

// errLost ends a run whose slot another replica took over.
var errLost = errors.New("another replica took the run over")

// slotID is the primary key of a slot: two replicas that claim the same number meet in it. It has the
// form of a UUIDv8 (RFC 9562, section 5.8).
func slotID(number int64) qms.ID {
	b := sha256.Sum256(fmt.Appendf(nil, "maillon reminders %d", number))
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	return qms.ID(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16]))
}

// watch is what one replica saw of the slot that another one holds.
type watch struct {
	mu    sync.Mutex
	slot  int64
	term  int64
	beats int64
	since time.Duration // on the own stop-watch
}

// silent reports whether the slot's holder gave no sign of life for a whole lease.
func (w *watch) silent(s *Slot, elapsed time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.slot != s.Number || w.term != s.Term || w.beats != s.Beats {
		w.slot, w.term, w.beats, w.since = s.Number, s.Term, s.Beats, elapsed
		return false
	}
	return elapsed-w.since >= lease
}

// ended reports whether nobody holds the slot, which may be none.
func (s *Slot) ended() bool { return s == nil || !s.EndedAt.IsZero() }
