package integrity

import (
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// Scrub is one look at everything, as it is on record. Scrubs are numbered without gaps, and there is one
// runner at a time: who holds it shows that it lives by its notes, and another replica takes over under a new
// term when it has itself seen none for the length of the lease, on its own stop-watch. Whoever held the old
// term is refused at its next note.
type Scrub struct {
	qms.Row     `trail:"site"`
	Number      int64
	AskedBy     qms.ID // who asked for it; empty: it was due
	AskedName   string
	Holder      string // the replica; empty: nobody has begun
	Term        int64
	Beats       int64
	BegunAt     time.Time
	TrailDoneAt time.Time `bun:",nullzero"`
	Reached     int64     // contents whose digest begins with a smaller byte were looked at; 256: all
	EndedAt     time.Time `bun:",nullzero"`
	Logs        int64
	Entries     int64
	Changes     int64
	Records     int64
	Contents    int64
	Bytes       int64
	Orphans     int64
	OrphanBytes int64
	Found       int64

	Signatures     int64
	SignaturesHold int64
}

// ScrubDefect is what one scrub found, in the words of that day.
type ScrubDefect struct {
	qms.Row  `trail:"site"`
	Scrub    qms.ID
	Kind     store.Kind
	Place    qms.ID // the platform; empty: the site
	Code     string
	Entry    int64 // -1: it is about none
	RowTable string
	RowID    qms.ID
	Fields   []string
	Content  string // in hexadecimal; empty: it is about none
	Words    string
	Parts    []string

	Signed    string    `bun:",nullzero"`
	Meaning   string    `bun:",nullzero"`
	Signatory string    `bun:",nullzero"`
	SignedAt  time.Time `bun:",nullzero"`
}

// ContentHold is until when the vault said that it holds a content.
type ContentHold struct {
	qms.Row `trail:"site"`
	Content digest
	Until   qms.Date
	HeldAt  time.Time
}

// State is where a scrub is.
type State string

// The states. A scrub that is Broken found something, whatever is true today.
const (
	Waiting State = "waiting"
	Running State = "running"
	Sound   State = "sound"
	Broken  State = "broken"
)

// State is where the scrub is.
func (s Scrub) State() State {
	switch {
	case s.Found > 0:
		return Broken
	case !s.EndedAt.IsZero():
		return Sound
	case s.Holder == "":
		return Waiting // to begin, or to be gone on with
	}
	return Running
}

// Ended reports whether nobody holds the scrub any more.
func (s Scrub) Ended() bool { return !s.EndedAt.IsZero() }

// Percent is how much of the contents was looked at.
func (s Scrub) Percent() int64 { return s.Reached * 100 / all }

// DueAt is when the next scrub begins after this one.
func (s Scrub) DueAt() time.Time { return s.BegunAt.Add(every) }

const (
	every     = 7 * 24 * time.Hour // from the beginning of one to that of the next
	beatEvery = 4 * time.Minute    // between two notes of who runs
	lease     = 15 * time.Minute   // how long a runner may be silent

	leaveTimeout = 10 * time.Second // for the last note of who was told to stop
)

// add counts what was looked at since the last note.
func (s *Scrub) add(r Report) {
	s.Logs += r.Logs
	s.Entries += r.Entries
	s.Changes += r.Changes
	s.Records += r.Rows
	s.Contents += r.Contents
	s.Bytes += r.Bytes
	s.Orphans += r.Orphans
	s.OrphanBytes += r.OrphanBytes
	s.Found += r.Found
	s.Signatures += r.Signatures
	s.SignaturesHold += r.SignaturesHold
}

// rowOf is a defect as it is kept.
func rowOf(scrub qms.ID, d Defect) *ScrubDefect {
	return &ScrubDefect{Scrub: scrub, Kind: d.Kind, Place: d.Platform, Code: d.Code, Entry: d.Seq, RowTable: d.Table, RowID: d.Row, Fields: d.Columns,
		Content: d.Content.String(), Words: d.Words, Parts: d.Parts, Signed: d.Signed, Meaning: d.Meaning, Signatory: d.Signatory, SignedAt: d.SignedAt}
}

// Defect is the defect as it was found.
func (d *ScrubDefect) Defect() Defect {
	content, _ := parseDigest(d.Content) // as rowOf wrote it
	return Defect{Kind: d.Kind, Platform: d.Place, Code: d.Code, Seq: d.Entry, Table: d.RowTable, Row: d.RowID, Columns: d.Fields,
		Content: content, Words: d.Words, Parts: d.Parts, Signed: d.Signed, Meaning: d.Meaning, Signatory: d.Signatory, SignedAt: d.SignedAt}
}
