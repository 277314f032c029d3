package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"maillon/qms"
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
}

func verifyRows(ctx context.Context, r Reader, report *Report) error {
	tables, err := businessTables(ctx, r)
	if err != nil {
		return err
	}
	v := &rowVerifier{r: r, report: report, tables: tables, pending: map[identity]lastChange{}}
	if err := v.changes(ctx); err != nil {
		return fmt.Errorf("verify rows: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		if err := v.unrecorded(ctx, name); err != nil {
			return fmt.Errorf("verify rows of %s: %w", name, err)
		}
	}
	return nil
}

// changeRow is what is read of a change here.
type changeRow struct {
	bun.BaseModel `bun:"table:trail_changes,alias:c"`
	Log           string
	Seq           int64
	RowTable      string
	RowID         qms.ID
	Revision      int64
	Before        json.RawMessage
	After         json.RawMessage
}

func (v *rowVerifier) changes(ctx context.Context) error {
	var last *changeRow
	for {
		var rows []*changeRow
		q := v.r.Select(&rows).OrderExpr("row_id, row_table, revision, log, seq").Limit(batchRows)
		if last != nil {
			q = q.Where("(row_id, row_table, revision, log, seq) > (?, ?, ?, ?, ?)", last.RowID, last.RowTable, last.Revision, last.Log, last.Seq)
		}
		if err := q.Scan(ctx); err != nil {
			return err
		}
		for _, row := range rows {
			v.change(row)
		}
		if len(rows) < batchRows {
			v.finish()
			return v.compare(ctx)
		}
		last = rows[len(rows)-1]
		if err := v.compare(ctx); err != nil {
			return err
		}
	}
}

// change follows the history of one row.
func (v *rowVerifier) change(c *changeRow) {
	if id := (identity{c.RowTable, c.RowID}); id != v.current {
		v.finish()
		v.current, v.last = id, lastChange{}
	}
	if c.Revision != v.last.revision+1 || !continues(v.last.after, c.Before) {
		v.report.note(Discrepancy{Kind: HistoryBroken, Log: c.Log, Seq: c.Seq, Table: c.RowTable, Row: c.RowID})
	}
	v.last = lastChange{c.Revision, c.After}
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

// compare reads the rows whose history is known, table by table.
func (v *rowVerifier) compare(ctx context.Context) error {
	byTable := map[string][]qms.ID{}
	for id := range v.pending {
		byTable[id.table] = append(byTable[id.table], id.row)
	}
	for _, name := range slices.Sorted(maps.Keys(byTable)) {
		ids := byTable[name]
		slices.Sort(ids)
		if err := v.compareTable(ctx, name, ids); err != nil {
			return err
		}
	}
	clear(v.pending)
	return nil
}

func (v *rowVerifier) compareTable(ctx context.Context, name string, ids []qms.ID) error {
	found := make(map[qms.ID]bool, len(ids))
	if shape, ok := v.tables[name]; ok {
		err := shape.each(ctx, v.r, ids, func(id qms.ID, row map[string]any) error {
			found[id] = true
			v.report.Rows++
			if columns := shape.differing(v.pending[identity{name, id}].after, row); len(columns) > 0 {
				v.report.note(Discrepancy{Kind: RowDiffers, Seq: -1, Table: name, Row: id, Columns: columns})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, id := range ids {
		if !found[id] {
			v.report.note(Discrepancy{Kind: RowMissing, Seq: -1, Table: name, Row: id})
		}
	}
	return nil
}

// unrecorded looks for rows that no change made.
func (v *rowVerifier) unrecorded(ctx context.Context, name string) error {
	rows, err := v.r.Query(ctx, "SELECT t.id FROM ? AS t WHERE NOT EXISTS"+
		" (SELECT 1 FROM trail_changes AS c WHERE c.row_id = t.id AND c.row_table = ?) ORDER BY t.id", bun.Ident(name), name)
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
