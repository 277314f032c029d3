package store

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/trail"
)

// JournalFilter narrows a journal; its zero fields do not.
type JournalFilter struct {
	Subject qms.ID    // what the act is about
	Row     qms.ID    // a row that the act changed
	Rows    []qms.ID  // rows of which it changed at least one
	Actor   qms.ID    // who acted
	Act     string    // noun.verb, or a prefix that ends in a dot: "version."
	Table   string    // it changed a record of that kind
	Words   string    // part of its reason, in any case
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
	Table     string          `bun:"row_table"`
	Row       qms.ID          `bun:"row_id"`
	Revision  int64           // of the row after the change
	Before    json.RawMessage // nil on insert
	After     json.RawMessage
}

// entryRow is a row of trail_entries.
type entryRow struct {
	bun.BaseModel `bun:"table:trail_entries,alias:e"`
	Log           string
	Seq           int64
	At            time.Time
	Actor         qms.ID
	ActorName     string
	Behalf        qms.ID
	Act           string
	Subject       qms.ID
	Reason        string
	Request       string
	Changes       int64
	Root          []byte
	Hashes        []byte
}

func (e *entryRow) entry() trail.Entry {
	entry := trail.Entry{
		Log: e.Log, Seq: e.Seq, At: e.At, Actor: e.Actor, ActorName: e.ActorName, Behalf: e.Behalf, Act: e.Act,
		Subject: e.Subject, Reason: e.Reason, Request: e.Request, Changes: e.Changes,
	}
	copy(entry.Root[:], e.Root)
	return entry
}

// Journal lists the leaves of a log, newest first. A malformed cursor is qms.Invalid("cursor.malformed").
func Journal(ctx context.Context, r Reader, log string, f JournalFilter, c qms.Cursor) (qms.Page[JournalEntry], error) {
	var rows []*entryRow
	q := narrow(r.Select(&rows).Where("e.log = ?", log), log, f).Order("e.seq DESC").Limit(int64(c.Limit()) + 1)
	if c.After != "" {
		after, err := cursorNumber(c.After)
		if err != nil {
			return qms.Page[JournalEntry]{}, err
		}
		q = q.Where("e.seq < ?", after)
	}
	if err := q.Scan(ctx); err != nil {
		return qms.Page[JournalEntry]{}, err
	}
	page := qms.PageOf(rows, c.Limit(), func(e *entryRow) string { return strconv.FormatInt(e.Seq, 10) })
	if len(page.Items) == 0 {
		return qms.Page[JournalEntry]{}, nil
	}
	entries, err := withFirst(ctx, r, log, page.Items)
	if err != nil {
		return qms.Page[JournalEntry]{}, err
	}
	return qms.Page[JournalEntry]{Items: entries, Next: page.Next}, nil
}

func narrow(q *bun.SelectQuery, log string, f JournalFilter) *bun.SelectQuery {
	if f.Subject != "" {
		q = q.Where("e.subject = ?", f.Subject)
	}
	if f.Row != "" {
		q = q.Where("e.seq IN (SELECT seq FROM trail_changes WHERE row_id = ? AND log = ?)", f.Row, log)
	}
	if len(f.Rows) > 0 {
		q = q.Where("e.seq IN (SELECT seq FROM trail_changes WHERE row_id IN (?) AND log = ?)", bun.List(f.Rows), log)
	}
	if f.Actor != "" {
		q = q.Where("e.actor = ?", f.Actor)
	}
	switch {
	case strings.HasSuffix(f.Act, "."):
		q = q.Where("substr(e.act, 1, ?) = ?", len(f.Act), f.Act)
	case f.Act != "":
		q = q.Where("e.act = ?", f.Act)
	}
	if f.Table != "" && (!utf8.ValidString(f.Table) || strings.ContainsRune(f.Table, 0)) {
		return q.Where("1 = 0") // no table is called so
	}
	if f.Table != "" { // from the newest on, so that a page of a common kind is found soon
		q = q.Where("EXISTS (SELECT 1 FROM trail_changes AS k WHERE k.log = e.log AND k.seq = e.seq AND k.row_table = ?)", f.Table)
	}
	if f.Words != "" {
		if !utf8.ValidString(f.Words) || strings.ContainsRune(f.Words, 0) {
			return q.Where("1 = 0") // no reason holds it
		}
		escaped := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(f.Words))
		q = q.Where(`e.reason <> '' AND LOWER(e.reason) LIKE ? ESCAPE '\'`, "%"+escaped+"%")
	}
	if !f.From.IsZero() {
		q = q.Where("e.at >= ?", qms.Instant(f.From))
	}
	if !f.Until.IsZero() {
		q = q.Where("e.at < ?", qms.Instant(f.Until))
	}
	return q
}

func cursorNumber(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, qms.Invalid("cursor.malformed")
	}
	return n, nil
}

// selectChanges begins a query on the changes of a log with their acts: c and e are their names.
func selectChanges(r Reader, into *[]JournalChange, log string) *bun.SelectQuery {
	return r.Select(into).ModelTableExpr("trail_changes AS c").
		ColumnExpr("c.log, c.seq, c.position, c.row_table, c.row_id, c.revision, c.before, c.after").
		ColumnExpr("e.at, e.actor, e.actor_name, e.act, e.reason").
		Join("JOIN trail_entries AS e ON e.log = c.log AND e.seq = c.seq").
		Where("c.log = ?", log)
}

// Changes lists the changes of one leaf in their order.
func Changes(ctx context.Context, r Reader, log string, seq int64, c qms.Cursor) (qms.Page[JournalChange], error) {
	var rows []JournalChange
	q := selectChanges(r, &rows, log).Where("c.seq = ?", seq).Order("c.position").Limit(int64(c.Limit()) + 1)
	if c.After != "" {
		after, err := cursorNumber(c.After)
		if err != nil {
			return qms.Page[JournalChange]{}, err
		}
		q = q.Where("c.position > ?", after)
	}
	if err := q.Scan(ctx); err != nil {
		return qms.Page[JournalChange]{}, err
	}
	return qms.PageOf(rows, c.Limit(), func(c JournalChange) string { return strconv.FormatInt(c.Position, 10) }), nil
}

// History lists the changes of one row that the log holds, oldest first.
func History(ctx context.Context, r Reader, log string, row qms.ID) ([]JournalChange, error) {
	var rows []JournalChange
	err := selectChanges(r, &rows, log).Where("c.row_id = ?", row).Order("c.seq", "c.position").Scan(ctx)
	return rows, err
}

// HistoryPage is a page of History.
func HistoryPage(ctx context.Context, r Reader, log string, row qms.ID, c qms.Cursor) (qms.Page[JournalChange], error) {
	var rows []JournalChange
	q := selectChanges(r, &rows, log).Where("c.row_id = ?", row).Order("c.seq", "c.position").Limit(int64(c.Limit()) + 1)
	after, err := qms.DecodeAfter(c.After, 2)
	if err != nil {
		return qms.Page[JournalChange]{}, err
	}
	if after != nil {
		seq, err := cursorNumber(after[0])
		position, wrong := cursorNumber(after[1])
		if err = cmp.Or(err, wrong); err != nil {
			return qms.Page[JournalChange]{}, err
		}
		q = q.Where("(c.seq > ? OR c.seq = ? AND c.position > ?)", seq, seq, position)
	}
	err = q.Scan(ctx)
	return qms.PageOf(rows, c.Limit(), func(c JournalChange) string {
		return qms.EncodeAfter(strconv.FormatInt(c.Seq, 10), strconv.FormatInt(c.Position, 10))
	}), err
}

// Corrections are the changes that rows of a table went through after they were made, oldest first:
// what each was before them. Rows are handed over in any number.
func Corrections(ctx context.Context, r Reader, log, table string, rows []qms.ID) ([]JournalChange, error) {
	var all []JournalChange
	for chunk := range slices.Chunk(rows, correctionsAtOnce) {
		var some []JournalChange
		err := selectChanges(r, &some, log).Where("c.row_id IN (?)", bun.List(chunk)).Where("c.row_table = ?", table).
			Where("c.before IS NOT NULL").Order("c.seq", "c.position").Scan(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// correctionsAtOnce is how many rows one statement asks about.
const correctionsAtOnce = 500
