package store

import (
	"context"

	"maillon/qms"
	"maillon/qms/trail"
)

// flushSize is how many bytes of SQL are gathered before they are sent, so that an act of any size
// holds little in memory.
const flushSize = 1 << 20

// changesInto is where the changes of an act stand.
const changesInto = "trail_changes (log, seq, position, row_table, row_id, revision, before, after)"

// record notes one change of one row for the leaf.
func (tx *Tx) record(ctx context.Context, table string, row *qms.Row, before, after []byte) error {
	data, err := trail.Change{Table: table, ID: row.ID, Before: before, After: after}.Encode()
	if err != nil {
		return tx.fail(err)
	}
	p := &tx.pending
	p.open()
	for _, v := range [...]any{tx.log, tx.head.Size, tx.changes.Size, table, row.ID, row.Revision, textOrNull(before), string(after)} {
		if err := p.value(v); err != nil {
			return tx.fail(err)
		}
	}
	p.close()
	tx.changes.Append(trail.LeafHash(data))
	tx.note(table, row.ID)
	if len(p.text) < flushSize {
		return nil
	}
	err = tx.sendRows(ctx, p)
	p.copied = tx.Engine() == PostgreSQL // the act is a big one
	return err
}

func textOrNull(b []byte) any {
	if b == nil {
		return nil
	}
	return string(b)
}

// seal writes the leaf and moves the head on, in one text with the last changes.
func (tx *Tx) seal(ctx context.Context) error {
	entry := trail.Entry{
		Log: tx.log, Seq: tx.head.Size, At: tx.now, Act: tx.act.Name, Subject: tx.act.Subject, Reason: tx.act.Reason,
		Actor: tx.actor.ID, ActorName: tx.actor.Name, Behalf: tx.actor.Behalf, Request: tx.actor.RequestID,
		Changes: tx.changes.Size, Root: tx.changes.Root(),
	}
	data, err := entry.Encode()
	if err != nil {
		return err
	}
	hashes := trail.Join(tx.head.Append(trail.LeafHash(data)))
	var query []byte
	switch p := &tx.pending; {
	case p.copied:
		if err := tx.sendRows(ctx, p); err != nil {
			return err
		}
	case p.rows > 0:
		query = append(p.text, "; "...)
	}
	query = tx.db.gen.AppendQuery(query, "INSERT INTO trail_entries (log, seq, at, actor, actor_name, behalf, act, subject, reason, request, changes, root, hashes)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?); ",
		entry.Log, entry.Seq, entry.At, entry.Actor, entry.ActorName, entry.Behalf, entry.Act, entry.Subject, entry.Reason,
		entry.Request, entry.Changes, entry.Root[:], hashes)
	query = tx.db.gen.AppendQuery(query, "INSERT INTO trail_heads (log, size, peaks) VALUES (?, ?, ?)"+
		" ON CONFLICT (log) DO UPDATE SET size = excluded.size, peaks = excluded.peaks",
		tx.log, tx.head.Size, trail.Join(tx.head.Peaks))
	return tx.exec(ctx, string(query))
}
