package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/trail"
)

// identity names a row of a business table.
type identity struct {
	table string
	row   qms.ID
}

// lastChange is how the trail left a row.
type lastChange struct {
	revision int64
	after    json.RawMessage
}

// rowVerifier goes through all changes row by row, oldest first, and compares each row with the last.
type rowVerifier struct {
	r       Reader
	report  *Report
	tables  map[string]*tableShape
	current identity
	last    lastChange
	pending map[identity]lastChange // rows whose changes are read, not compared yet
	found   map[string]int64        // rows by table that a change made

	platform qms.ID   // whose trail changed the rows; empty: every one
	only     []string // the tables that are looked at; none: every one
	tell     func(read int)
}

func (v *rowVerifier) verify(ctx context.Context) error {
	v.pending, v.found = map[identity]lastChange{}, map[string]int64{}
	if err := alongside(ctx, v.read, v.check); err != nil {
		return fmt.Errorf("verify rows: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(v.tables)) {
		if len(v.only) > 0 && !slices.Contains(v.only, name) {
			continue
		}
		if err := v.unrecorded(ctx, name); err != nil {
			return fmt.Errorf("verify rows of %s: %w", name, err)
		}
	}
	return nil
}

// rowBatch is some changes, by row and revision, and the rows of which they bring the last one.
type rowBatch struct {
	changes []changeRow
	rows    []businessRow
	last    bool
}

// changeRow is what is read of a change here.
type changeRow struct {
	log           string
	seq, revision int64
	identity
	before, after json.RawMessage
}

// businessRow is a row as it is.
type businessRow struct {
	shape  *tableShape
	id     qms.ID
	values []any
}

func (v *rowVerifier) read(ctx context.Context, give func(rowBatch) error) error {
	complete := map[string]*idRange{}
	var last changeRow
	for first := true; ; first = false {
		changes, err := v.changesFrom(ctx, last, first)
		if err != nil {
			return err
		}
		batch := rowBatch{changes: changes, last: len(changes) < verifiedAtOnce}
		for i := range changes {
			if !first || i > 0 {
				last.completed(changes[i].identity, complete)
			}
			last = changes[i]
		}
		if batch.last {
			last.completed(identity{}, complete)
		}
		for _, name := range slices.Sorted(maps.Keys(complete)) {
			if shape, ok := v.tables[name]; ok {
				if batch.rows, err = shape.between(ctx, v.r, *complete[name], batch.rows); err != nil {
					return err
				}
			}
		}
		clear(complete)
		if err := give(batch); err != nil || batch.last {
			return err
		}
	}
}

// idRange is from the first to the last of the rows of a table whose changes are all read. As they are read
// by row, no other row that a change made lies between.
type idRange struct{ first, last qms.ID }

// completed notes the row of c when the next change is of another one.
func (c *changeRow) completed(next identity, by map[string]*idRange) {
	if c.identity == next || c.identity == (identity{}) {
		return
	}
	if by[c.table] == nil {
		by[c.table] = &idRange{first: c.row}
	}
	by[c.table].last = c.row
}

// changesFrom reads the changes after the last one, by row and revision.
func (v *rowVerifier) changesFrom(ctx context.Context, last changeRow, first bool) ([]changeRow, error) {
	query, where, args := "SELECT log, seq, row_table, row_id, revision, before, after FROM trail_changes", " WHERE ", []any{}
	if !first {
		query, where = query+where+"(row_id, row_table, revision, log, seq) > (?, ?, ?, ?, ?)", " AND "
		args = append(args, last.row, last.table, last.revision, last.log, last.seq)
	}
	if v.platform != "" { // with what other trails changed of these rows: their history is one
		query += where + "row_id IN (SELECT row_id FROM trail_changes WHERE log = ?)"
		where, args = " AND ", append(args, trail.LogOf(v.platform))
	}
	if len(v.only) > 0 {
		query, args = query+where+"row_table IN (?)", append(args, bun.List(v.only))
	}
	rows, err := v.r.Query(ctx, query+" ORDER BY row_id, row_table, revision, log, seq LIMIT ?", append(args, verifiedAtOnce)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := make([]changeRow, 0, verifiedAtOnce)
	for rows.Next() {
		all = append(all, changeRow{})
		c := &all[len(all)-1]
		if err := rows.Scan(&c.log, &c.seq, &c.table, &c.row, &c.revision, (*[]byte)(&c.before), (*[]byte)(&c.after)); err != nil {
			return nil, err
		}
	}
	return all, translate(ctx, rows.Err())
}

// check follows the histories of rows, and compares the rows of those that end.
func (v *rowVerifier) check(batch rowBatch) {
	for i := range batch.changes {
		v.change(&batch.changes[i])
	}
	v.tell(len(batch.changes))
	if batch.last {
		v.finish()
	}
	for _, row := range batch.rows {
		id := identity{row.shape.name, row.id}
		last, known := v.pending[id]
		if !known {
			continue // unrecorded finds it
		}
		delete(v.pending, id)
		v.report.Rows++
		v.found[row.shape.name]++
		if columns := row.shape.differing(last.after, row.values); len(columns) > 0 {
			v.report.note(Discrepancy{Kind: RowDiffers, Seq: -1, Table: id.table, Row: id.row, Columns: columns})
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(v.pending), compareIdentities) {
		v.report.note(Discrepancy{Kind: RowMissing, Seq: -1, Table: id.table, Row: id.row})
	}
	clear(v.pending)
}

func compareIdentities(a, b identity) int {
	return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.row, b.row))
}

// change follows the history of one row.
func (v *rowVerifier) change(c *changeRow) {
	if c.identity != v.current {
		v.finish()
		v.current, v.last = c.identity, lastChange{}
	}
	if c.revision != v.last.revision+1 || !continues(v.last.after, c.before) {
		v.report.note(Discrepancy{Kind: HistoryBroken, Log: c.log, Seq: c.seq, Table: c.table, Row: c.row})
	}
	v.last = lastChange{c.revision, c.after}
}

func (v *rowVerifier) finish() {
	if v.current != (identity{}) {
		v.pending[v.current] = v.last
	}
	v.current = identity{}
}

// continues reports whether before is as the change before left the row. A migration may have added
// columns meanwhile.
func continues(after, before json.RawMessage) bool {
	if bytes.Equal(after, before) {
		return true
	}
	var was, is map[string]json.RawMessage
	if json.Unmarshal(after, &was) != nil || json.Unmarshal(before, &is) != nil {
		return false
	}
	for name, value := range was {
		if !bytes.Equal(value, is[name]) {
			return false
		}
	}
	return true
}

// unrecorded looks for rows that no change made, in a table that has more rows than were found. Of one
// platform all its rows are looked at: its trail also changed some that are not its own.
func (v *rowVerifier) unrecorded(ctx context.Context, name string) error {
	query, args := "SELECT t.id FROM ? AS t WHERE NOT EXISTS"+
		" (SELECT 1 FROM trail_changes AS c WHERE c.row_id = t.id AND c.row_table = ?)", []any{bun.Ident(name), name}
	if v.platform == "" {
		var all int64
		if err := v.r.Select().TableExpr("?", bun.Ident(name)).ColumnExpr("count(*)").Scan(ctx, &all); err != nil || all == v.found[name] {
			return err
		}
	} else {
		if !v.tables[name].has("platform") {
			return nil
		}
		query, args = query+" AND t.platform = ?", append(args, v.platform)
	}
	rows, err := v.r.Query(ctx, query+" ORDER BY t.id", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id qms.ID
		if err := rows.Scan(&id); err != nil {
			return err
		}
		v.report.Rows++
		v.report.note(Discrepancy{Kind: RowUnrecorded, Seq: -1, Table: name, Row: id})
	}
	return translate(ctx, rows.Err())
}
