package store

import (
	"context"
	"encoding/json"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"maillon/qms"
	"maillon/qms/trail"
)

// JournalFilter narrows a journal; its zero fields do not.
type JournalFilter struct {
	Subject qms.ID    // what the act is about
	Row     qms.ID    // a row that the act changed
	Actor   qms.ID    // who acted
	Act     string    // noun.verb, or a prefix that ends in a dot: "version."
	From    time.Time // at or after
	Until   time.Time // before
}

// JournalEntry is one leaf with the first of its changes.
type JournalEntry struct {
	trail.Entry
	First []JournalChange // at most FirstChanges of them; Changes lists all
}

// FirstChanges is how many changes a JournalEntry carries.
const FirstChanges = 20

// JournalChange is one change of one row, with the act that made it.
type JournalChange struct {
	Log       string
	Seq       int64
	Position  int64 // within the act, from 0
	At        time.Time
	Actor     qms.ID
	ActorName string
	Act       string
	Reason    string
	Table     string
	Row       qms.ID
	Revision  int64           // of the row after the change
	Before    json.RawMessage // nil on insert
	After     json.RawMessage
}

// Journal lists the leaves of a log, newest first.
func Journal(ctx context.Context, r Reader, log string, f JournalFilter, c qms.Cursor) (qms.Page[JournalEntry], error) {
	return qms.Page[JournalEntry]{}, nil
}

// Changes lists the changes of one leaf in their order.
func Changes(ctx context.Context, r Reader, log string, seq int64, c qms.Cursor) (qms.Page[JournalChange], error) {
	return qms.Page[JournalChange]{}, nil
}

// History lists the changes of one row that the log holds, oldest first.
func History(ctx context.Context, r Reader, log string, row qms.ID) ([]JournalChange, error) {
	return nil, nil
}

// Head is the size and the root of a log; zero and the root of the empty tree when nothing is in it.
func Head(ctx context.Context, r Reader, log string) (int64, trail.Hash, error) {
	return 0, trail.Hash{}, nil
}

// Hashes reads the stored hashes of a log, for proofs of consistency.
func Hashes(ctx context.Context, r Reader, log string) tlog.HashReader { return nil }

// Report is what VerifyTrail found.
type Report struct {
	Logs          int
	Entries       int64
	Changes       int64
	Rows          int64
	Discrepancies []Discrepancy
}

// Discrepancy is one thing that is not as the trail says.
type Discrepancy struct{}

// String says it.
func (d Discrepancy) String() string { return "" }

// VerifyTrail checks.
func VerifyTrail(ctx context.Context, r Reader) (Report, error) { return Report{}, nil }
