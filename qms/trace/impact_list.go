package trace

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"hash"
	"io"

	"maillon/qms"
	"maillon/qms/store"
)

// Touched is one record that a cause touches.
type Touched struct {
	Kind      TouchedKind
	Record    qms.ID
	Number    string // of a report or use
	Request   string // of a report
	Client    string // of a report; empty when its request does not exist
	Person    qms.ID // operator, user, or who was trained
	Equipment qms.ID
	Date      qms.Date // of the analysis, the use or the training
	Project   string   // of a use
	Minutes   int64    // of a use
	Invoice   string   // the first invoice of the chain; none when there is none
}

// TouchedCounts counts what a cause touches.
type TouchedCounts struct {
	Chains    int64 // of the reports
	Reports   int64
	Uses      int64
	Trainings int64
}

// Total is how many records there are.
func (c TouchedCounts) Total() int64 { return c.Reports + c.Uses + c.Trainings }

// add counts one record; the chains are counted by who meets them all.
func (c *TouchedCounts) add(kind TouchedKind) {
	switch kind {
	case TouchedReport:
		c.Reports++
	case TouchedUse:
		c.Uses++
	case TouchedTraining:
		c.Trainings++
	}
}

// touched streams what a cause touches as of a day: reports, uses, trainings, each by day and
// identifier. after is the cursor of a record; limit, where it is not 0, says how many are wanted at
// most. What visit is handed is reused. It takes up to three statements.
func touched(ctx context.Context, r store.Reader, platform qms.ID, x *Reach, asOf qms.Date, after []string, limit int, visit func(*Touched) error) error {
	hull, ok := Window{Periods: x.Periods}.Hull()
	if !ok {
		return nil
	}
	found, from := 0, touchedAfter(after)
	for i, kind := range touchedKinds {
		if i < from || kind == TouchedUse && x.Instruction != "" || kind == TouchedTraining && x.Instruction == "" && !x.Taught {
			continue
		}
		var within []string
		if i == from && after != nil {
			within = []string{after[0][1:], after[1]}
		}
		ask := 0
		if limit > 0 && len(x.Periods) == 1 && (kind != TouchedTraining || x.Instruction == "") {
			ask = limit - found
		}
		rows, err := touchedRows(ctx, r, kind, platform, x, hull, asOf, within, ask)
		if err != nil {
			return err
		}
		n, err := visitTouched(rows, kind, x, limit-found, visit)
		if found += n; err != nil || limit > 0 && found >= limit {
			return err
		}
	}
	return nil
}

// touchedAfter is the place of the kind that the cursor is in.
func touchedAfter(after []string) int {
	if after == nil {
		return 0
	}
	return int(after[0][0] - '0')
}

// touchedCursor is the cursor of a record: its kind and day, and its identifier.
func touchedCursor(t *Touched) string {
	place := 0
	for i, kind := range touchedKinds {
		if kind == t.Kind {
			place = i
		}
	}
	return qms.EncodeAfter(string(rune('0'+place))+t.Date.String(), string(t.Record))
}

// readTouchedCursor refuses what touchedCursor did not make.
func readTouchedCursor(s string) ([]string, error) {
	after, err := qms.DecodeAfter(s, 2)
	if err != nil || after == nil {
		return nil, err
	}
	malformed := qms.Invalid("cursor.malformed")
	if len(after[0]) < 2 || after[0][0] < '0' || int(after[0][0]-'0') >= len(touchedKinds) {
		return nil, malformed
	}
	if _, err := qms.ParseDate(after[0][1:]); err != nil {
		return nil, malformed
	}
	return after, nil
}

// visitTouched hands over the rows that are on a day of the window, at most limit where it is not
// negative or 0, and closes them.
func visitTouched(rows interface {
	rowSource
	Close() error
}, kind TouchedKind, x *Reach, limit int, visit func(*Touched) error) (n int, err error) {
	defer rows.Close()
	scan := newScanner(rows, 11)
	t := Touched{Kind: kind}
	for scan.next() {
		t.Record, t.Number, t.Request, t.Client = qms.ID(scan.text(0)), scan.text(1), scan.text(2), scan.text(3)
		t.Person, t.Equipment, t.Date, t.Project, t.Invoice = qms.ID(scan.text(4)), qms.ID(scan.text(5)), scan.date(6), scan.text(8), scan.text(9)
		switch {
		case kind == TouchedTraining && x.Instruction != "":
			if !x.meets(validity(t.Date, qms.Months(scan.integer(10)), scan.date(7))) {
				continue
			}
		case !x.Periods.On(t.Date):
			continue
		case kind == TouchedUse:
			t.Minutes = scan.integer(10)
		}
		if err := visit(&t); err != nil {
			return n, err
		}
		if n++; limit > 0 && n >= limit {
			return n, nil
		}
	}
	return n, scan.done()
}

// countTouched counts what a cause touches: in the database where the window has no gaps, else by
// meeting each, which are the uses of one person.
func countTouched(ctx context.Context, r store.Reader, platform qms.ID, x *Reach, asOf qms.Date) (c TouchedCounts, err error) {
	hull, ok := Window{Periods: x.Periods}.Hull()
	if !ok {
		return c, nil
	}
	if len(x.Periods) == 1 {
		if c, err = touchedCount(ctx, r, platform, x, hull, asOf); err != nil || x.Instruction == "" && !x.Taught {
			return c, err
		}
		rows, err := touchedRows(ctx, r, TouchedTraining, platform, x, hull, asOf, nil, 0)
		if err != nil {
			return c, err
		}
		n, err := visitTouched(rows, TouchedTraining, x, 0, func(*Touched) error { return nil })
		c.Trainings = int64(n)
		return c, err
	}
	chains := map[string]bool{}
	err = touched(ctx, r, platform, x, asOf, nil, 0, func(t *Touched) error {
		c.add(t.Kind)
		if t.Kind == TouchedReport {
			chains[t.Request] = true
		}
		return nil
	})
	c.Chains = int64(len(chains))
	return c, err
}

// frozenList writes a list as it is frozen, one line of CSV a record, and its SHA-256. The identifiers
// stand beside the names, so that the same list gives the same bytes whatever people are called later.
type frozenList struct {
	out    *csv.Writer
	digest hash.Hash
}

var frozenHeads = []string{"kind", "record", "number", "request", "client", "date", "person", "equipment", "project"}

func newFrozenList(w io.Writer) (*frozenList, error) {
	l := &frozenList{digest: sha256.New()}
	l.out = csv.NewWriter(io.MultiWriter(w, l.digest))
	return l, l.out.Write(frozenHeads)
}

func (l *frozenList) add(t *Touched) error {
	return l.out.Write([]string{string(t.Kind), string(t.Record), t.Number, t.Request, t.Client, t.Date.String(), string(t.Person),
		string(t.Equipment), t.Project})
}

// sum ends the list and is its SHA-256 in hexadecimal.
func (l *frozenList) sum() (string, error) {
	l.out.Flush()
	return hex.EncodeToString(l.digest.Sum(nil)), l.out.Error()
}
