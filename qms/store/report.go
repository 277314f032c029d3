package store

import (
	"fmt"
	"strings"

	"maillon/qms"
)

// Kind says in what way something is not as the trail says.
type Kind string

// The kinds of discrepancies.
const (
	EntryAltered   Kind = "entry-altered"   // a leaf does not have the hash that was sealed
	EntryMissing   Kind = "entry-missing"   // a sequence number without its leaf
	ChangesAltered Kind = "changes-altered" // a leaf's changes are not those that were sealed
	ChangesOrphan  Kind = "changes-orphan"  // changes without their leaf
	HeadAltered    Kind = "head-altered"    // size or frontier are not those of the leaves
	HistoryBroken  Kind = "history-broken"  // a change does not begin where the one before ended
	RowDiffers     Kind = "row-differs"     // a row is not as its last change left it
	RowMissing     Kind = "row-missing"     // a row that the trail knows is gone
	RowUnrecorded  Kind = "row-unrecorded"  // a row that the trail does not know
)

// Discrepancy is one thing that is not as the trail says, and its place.
type Discrepancy struct {
	Kind    Kind
	Log     string
	Seq     int64 // of the leaf, -1 when it is about a row or a head
	Table   string
	Row     qms.ID
	Columns []string // that differ, of a row
}

// String says it for logs.
func (d Discrepancy) String() string {
	var b strings.Builder
	b.WriteString(string(d.Kind))
	if d.Log != "" {
		fmt.Fprintf(&b, " log %s", d.Log)
	}
	if d.Seq >= 0 {
		fmt.Fprintf(&b, " entry %d", d.Seq)
	}
	if d.Table != "" {
		fmt.Fprintf(&b, " %s %s", d.Table, d.Row)
	}
	if len(d.Columns) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(d.Columns, ", "))
	}
	return b.String()
}

// maxDiscrepancies is how many a Report lists; Found counts all.
const maxDiscrepancies = 1000

// Report is what VerifyTrail looked at and found.
type Report struct {
	Logs          int
	Entries       int64
	Changes       int64
	Rows          int64
	Found         int64
	Discrepancies []Discrepancy // the first of those found
}

// OK reports whether everything is as the trail says.
func (r Report) OK() bool { return r.Found == 0 }

func (r *Report) note(d Discrepancy) {
	r.Found++
	if len(r.Discrepancies) < maxDiscrepancies {
		r.Discrepancies = append(r.Discrepancies, d)
	}
}
