package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/uptrace/bun"

	"maillon/qms"
)

// batchRows is how many rows one INSERT carries at most, and one question for stored rows.
const batchRows = 500

// Insert adds rows, pointers to structs that embed qms.Row first. It fills an empty ID, sets
// Revision to 1 and fills an empty Platform with the act's; a struct whose Row is tagged
// `trail:"site"` keeps none, also when a platform's act makes it. A row of another platform than the
// act's is refused. Rows of one type that follow each other go in batches. Digest columns aside, the
// trail keeps the row.
//
// A row that breaks a unique index is qms.Conflict("record.exists").
func (tx *Tx) Insert(ctx context.Context, rows ...qms.Record) error {
	b := &bulk{gen: tx.db.gen}
	var open *plan
	for i, row := range rows {
		p, value, err := tx.db.planOf(row)
		if err != nil {
			return tx.fail(err)
		}
		if p != open || b.rows == batchRows || len(b.text) > flushSize {
			if err := tx.sendRows(ctx, b); err != nil {
				return err
			}
			open = p
			b.begin(p.into(), tx.Engine() == PostgreSQL && follow(rows[i:], copiedRows))
		}
		if err := tx.insert(ctx, b, p, row, value); err != nil {
			return tx.fail(err)
		}
	}
	if err := tx.sendRows(ctx, b); err != nil {
		return err
	}
	return tx.settle()
}

// follow reports whether at least n rows of the first one's type begin the list.
func follow(rows []qms.Record, n int) bool {
	if len(rows) < n {
		return false
	}
	first := reflect.TypeOf(rows[0])
	return !slices.ContainsFunc(rows[:n], func(row qms.Record) bool { return reflect.TypeOf(row) != first })
}

// flush sends what was gathered and does not wait for it.
func (tx *Tx) flush(ctx context.Context, query []byte) error {
	if len(query) == 0 {
		return tx.failed
	}
	return tx.send(ctx, string(query))
}

// insert prepares one row: its identity, its change, its values.
func (tx *Tx) insert(ctx context.Context, b *bulk, p *plan, row qms.Record, value reflect.Value) error {
	head := row.Head()
	if head.ID == "" {
		head.ID = qms.NewID(tx.now)
	}
	head.Revision = 1
	switch {
	case p.ofSite && head.Platform == "":
	case head.Platform == "":
		head.Platform = tx.act.Platform
	}
	if err := tx.belongs(p, head); err != nil {
		return err
	}
	after, err := p.json(value)
	if err != nil {
		return err
	}
	if err := tx.record(ctx, p.table.Name, head, nil, after); err != nil {
		return err
	}
	b.open()
	for _, field := range p.fields {
		if err := b.literal(field.AppendValue(tx.db.gen, b.scratch[:0], value)); err != nil {
			return err
		}
	}
	b.close()
	return nil
}

// belongs refuses a record of one platform in the act of another, or of the site: the change would
// stand in the wrong log.
func (tx *Tx) belongs(p *plan, head *qms.Row) error {
	if head.Platform == tx.act.Platform || head.Platform == "" {
		return nil
	}
	return fmt.Errorf("store: %s writes to the log of %q, but %s %s belongs to platform %s",
		tx.act.Name, tx.log, p.table.Name, head.ID, head.Platform)
}

// Update writes rows over the stored ones of the same ID and Revision, and moves Revision on. It is
// qms.Conflict("record.changed") when a stored revision is another, and qms.NotFound when there is no
// such row. A row that is equal to the stored one is left alone: no new revision, no change in the
// trail. The platform of a row never changes.
func (tx *Tx) Update(ctx context.Context, rows ...qms.Record) error {
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && n < batchRows && reflect.TypeOf(rows[n]) == reflect.TypeOf(rows[0]) {
			n++
		}
		if err := tx.update(ctx, rows[:n]); err != nil {
			return tx.fail(err)
		}
		rows = rows[n:]
	}
	return tx.settle()
}

// update handles rows of one type.
func (tx *Tx) update(ctx context.Context, rows []qms.Record) error {
	p, _, err := tx.db.planOf(rows[0])
	if err != nil {
		return err
	}
	stored, err := tx.stored(ctx, p, rows)
	if err != nil {
		return err
	}
	var query []byte
	for _, row := range rows {
		if query, err = tx.change(ctx, query, p, row, stored); err != nil {
			return err
		}
		if len(query) > flushSize {
			if err := tx.flush(ctx, query); err != nil {
				return err
			}
			query = query[:0]
		}
	}
	return tx.flush(ctx, query)
}

// stored reads the rows as they are, by ID, and locks them: a record of the site may be written under
// the locks of two logs.
func (tx *Tx) stored(ctx context.Context, p *plan, rows []qms.Record) (map[qms.ID]reflect.Value, error) {
	ids := make([]qms.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.Head().ID
	}
	found := reflect.New(reflect.SliceOf(p.table.Type))
	q := tx.handle.NewSelect().Model(found.Interface()).Where("id IN (?)", bun.List(ids)).Order("id")
	if tx.Engine() == PostgreSQL {
		q = q.For("UPDATE")
	}
	settled, err := tx.conn.settled()
	if err != nil {
		return nil, err
	}
	count(ctx)
	result, err := settled.QueryContext(ctx, q.String())
	if err != nil {
		return nil, translate(ctx, err)
	}
	if err := tx.handle.ScanRows(ctx, result, found.Interface()); err != nil {
		return nil, translate(ctx, err)
	}
	byID := make(map[qms.ID]reflect.Value, len(rows))
	for i := range found.Elem().Len() {
		value := found.Elem().Index(i)
		byID[value.Addr().Interface().(qms.Record).Head().ID] = value
	}
	return byID, nil
}

// change prepares one row: its change, and an UPDATE of the columns that differ.
func (tx *Tx) change(ctx context.Context, query []byte, p *plan, row qms.Record, stored map[qms.ID]reflect.Value) ([]byte, error) {
	head, value := row.Head(), reflect.ValueOf(row).Elem()
	old, ok := stored[head.ID]
	if !ok {
		return nil, qms.NotFound("record.not_found")
	}
	delete(stored, head.ID) // twice in one call: the second time it is not found
	was := old.Addr().Interface().(qms.Record).Head()
	if was.Revision != head.Revision {
		return nil, qms.Conflict("record.changed")
	}
	if was.Platform != head.Platform {
		return nil, fmt.Errorf("store: %s %s would move from platform %q to %q", p.table.Name, head.ID, was.Platform, head.Platform)
	}
	if err := tx.belongs(p, head); err != nil {
		return nil, err
	}
	set, changed := tx.differences(nil, p, old, value)
	if !changed {
		return query, nil
	}
	before, err := p.json(old)
	if err != nil {
		return nil, err
	}
	head.Revision++
	after, err := p.json(value)
	if err != nil {
		head.Revision--
		return nil, err
	}
	if err := tx.record(ctx, p.table.Name, head, before, after); err != nil {
		return nil, err
	}
	if len(query) > 0 {
		query = append(query, "; "...)
	}
	return tx.db.gen.AppendQuery(query, "UPDATE ? SET ?, revision = ? WHERE id = ? AND revision = ?",
		p.table.SQLName, bun.Safe(set), head.Revision, head.ID, head.Revision-1), nil
}

// differences is the SET list of the columns that differ.
func (tx *Tx) differences(set []byte, p *plan, old, value reflect.Value) ([]byte, bool) {
	var was, is []byte
	for _, field := range p.fields {
		was = field.AppendValue(tx.db.gen, was[:0], old)
		is = field.AppendValue(tx.db.gen, is[:0], value)
		if string(was) == string(is) {
			continue
		}
		if len(set) > 0 {
			set = append(set, ", "...)
		}
		set = append(set, field.SQLName...)
		set = append(set, " = "...)
		set = append(set, is...)
	}
	return set, len(set) > 0
}
