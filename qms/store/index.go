package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/trail"
)

// The search index is derived data: sets of words of records, made of them in the transaction that
// writes them, and made anew from them when it is lost. It is no record: no leaf tells of it,
// VerifyTrail does not look at it, and no rule may read it. So there is a way to write to it beside
// Insert and Update, which reaches the tables search_* and nothing else.

// Entry is what the index holds of one record.
type Entry struct {
	Platform qms.ID
	Kind     string // what the record is
	Subject  qms.ID // the record
	Parent   qms.ID // what a hit on it opens
	Label    string // what hits of one rank are ordered by
	Mark     string // what the words were made of: an equal mark says that they are up to date
	Shown    []Shown
	Words    []string // analysed: letters and digits without spaces; nil leaves the words as they are
}

// Shown are days on which the entry is what a reader of its parent meets.
type Shown struct {
	Team  bool // those who read drafts; the others otherwise
	Since qms.Date
	Until qms.Date // first day on which it is not any more; zero while nothing ends it
}

// WrittenRow names a row that an act inserted or updated.
type WrittenRow struct {
	Table string
	Row   qms.ID
}

// Mirror keeps the entries of one kind in line with the records they are made of. Write is called at
// the end of every act that wrote to one of the Tables, once, before the act is sealed; when it fails
// the act fails.
type Mirror struct {
	Kind   string
	Tables []string
	Write  func(ctx context.Context, x *Index, written []WrittenRow) error
}

// Mirror sets the mirror of a kind. It is called before the first act.
func (db *DB) Mirror(m Mirror) { db.mirrors.Store(m.Kind, m) }

// Index writes the search index within one transaction, and reads the records.
type Index struct {
	*reading
	exec func(ctx context.Context, query string) error
}

// note remembers a row for the mirrors of its table.
func (tx *Tx) note(table string, row qms.ID) {
	tx.db.mirrors.Range(func(_, m any) bool {
		if slices.Contains(m.(Mirror).Tables, table) {
			tx.written = append(tx.written, WrittenRow{table, row})
			return false
		}
		return true
	})
}

// mirror lets the mirrors follow what the act wrote.
func (tx *Tx) mirror(ctx context.Context) (err error) {
	if len(tx.written) == 0 {
		return tx.failed
	}
	index := &Index{tx.reading, tx.exec}
	tx.db.mirrors.Range(func(_, value any) bool {
		m := value.(Mirror)
		var concerned []WrittenRow
		for _, w := range tx.written {
			if slices.Contains(m.Tables, w.Table) {
				concerned = append(concerned, w)
			}
		}
		if len(concerned) > 0 {
			err = m.Write(ctx, index, concerned)
		}
		return err == nil
	})
	if err != nil {
		return tx.fail(fmt.Errorf("index: %w", err))
	}
	return tx.failed
}

// Reindex runs fn in a writing transaction under the lock of the platform's log, so that no act writes
// the records meanwhile. It asks for the right to operate the site. fn writes the index and no record.
func (db *DB) Reindex(ctx context.Context, platform qms.ID, fn func(*Index) error) error {
	leave, err := db.enter()
	if err != nil {
		return err
	}
	defer leave()
	actor := qms.ActorFrom(ctx)
	if err := authorise(actor, qms.OperateSite.OnSite()); err != nil {
		return err
	}
	tx, end, err := db.begin(ctx, actor, trail.LogOf(platform))
	if err != nil {
		return err
	}
	defer end()
	if err := tx.lock(ctx); err != nil {
		return translate(ctx, err)
	}
	if err := fn(&Index{tx.reading, tx.exec}); err != nil {
		return translate(ctx, err)
	}
	if err := tx.settle(); err != nil {
		return err
	}
	return translate(ctx, tx.conn.tx.Commit())
}

// Put writes an entry over the one of the same kind and subject, if there is one, which keeps its
// number. Numbers rise in the order of the first Put.
func (x *Index) Put(ctx context.Context, e *Entry) error {
	shown := shownText(e.Shown)
	number, err := x.entry(ctx, e, shown)
	if err != nil {
		return err
	}
	var query []byte
	if e.Words != nil && x.Engine() == SQLite {
		query = x.db.gen.AppendQuery(query, "INSERT OR REPLACE INTO search_words (rowid, words) VALUES (?, ?); ", number, strings.Join(e.Words, " "))
	}
	query = x.db.gen.AppendQuery(query, "DELETE FROM search_shown WHERE number = ?", number)
	for i, s := range e.Shown {
		separator := ", "
		if i == 0 {
			separator = "; INSERT INTO search_shown (team, number, since, until) VALUES "
		}
		query = append(query, separator...)
		query = x.db.gen.AppendQuery(query, "(?, ?, ?, ?)", s.Team, number, s.Since, s.Until)
	}
	return x.exec(ctx, string(query))
}

// entry writes the row of an entry and returns its number.
func (x *Index) entry(ctx context.Context, e *Entry, shown string) (number int64, err error) {
	columns, values := "platform, kind, subject, parent, label, mark, shown", "?, ?, ?, ?, ?, ?, ?"
	update := "platform = excluded.platform, parent = excluded.parent, label = excluded.label, mark = excluded.mark, shown = excluded.shown"
	args := []any{e.Platform, e.Kind, e.Subject, e.Parent, e.Label, e.Mark, shown}
	if e.Words != nil && x.Engine() == PostgreSQL {
		columns, values, update = columns+", words", values+", array_to_tsvector(string_to_array(?, ' '))", update+", words = excluded.words"
		args = append(args, strings.Join(e.Words, " "))
	}
	query := x.db.gen.FormatQuery("INSERT INTO search_entries ("+columns+") VALUES ("+values+") ON CONFLICT (subject, kind) DO UPDATE SET "+
		update+" RETURNING number", args...)
	settled, err := x.conn.settled()
	if err != nil {
		return 0, err
	}
	count(ctx)
	if err := settled.QueryRowContext(ctx, query).Scan(&number); err != nil {
		return 0, translate(ctx, err)
	}
	return number, nil
}

// shownText is the days in one text, to be compared.
func shownText(all []Shown) string {
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "%t %s %s;", s.Team, s.Since, s.Until)
	}
	return b.String()
}

// SameDays reports whether the entry is shown on the days that its stored row names.
func (e *Entry) SameDays(shown string) bool { return shownText(e.Shown) == shown }

// Clear takes all entries of a kind out of the index, and the note that it was made to its end.
func (x *Index) Clear(ctx context.Context, kind string) error {
	query := "DELETE FROM search_shown WHERE number IN (SELECT number FROM search_entries WHERE kind = ?0);" +
		" DELETE FROM search_entries WHERE kind = ?0; DELETE FROM search_builds WHERE kind = ?0"
	if x.Engine() == SQLite {
		query = "DELETE FROM search_words WHERE rowid IN (SELECT number FROM search_entries WHERE kind = ?0); " + query
	}
	return x.exec(ctx, x.db.gen.FormatQuery(query, kind))
}

// Built notes that the index of a kind was made to its end by the analyser; BuiltBy is what it notes.
func (x *Index) Built(ctx context.Context, kind, analyser string) error {
	return x.exec(ctx, x.db.gen.FormatQuery("INSERT INTO search_builds (kind, analyser) VALUES (?, ?)"+
		" ON CONFLICT (kind) DO UPDATE SET analyser = excluded.analyser", kind, analyser))
}

// BuiltBy is the analyser that made the whole index of a kind; empty when none came to its end.
func BuiltBy(ctx context.Context, r Reader, kind string) (string, error) {
	var analyser []string
	err := r.Select().TableExpr("search_builds").Column("analyser").Where("kind = ?", kind).Scan(ctx, &analyser)
	if err != nil || len(analyser) == 0 {
		return "", err
	}
	return analyser[0], nil
}
