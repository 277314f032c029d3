package store

import (
	"context"

	"maillon/qms"
	"maillon/qms/trail"
)

// flushSize is how many bytes of SQL are gathered before they are sent, so that an act of any size
// holds little in memory.
const flushSize = 1 << 20

// record notes one change of one row for the leaf.
func (tx *Tx) record(ctx context.Context, table string, row *qms.Row, before, after []byte) error {
	data, err := trail.Change{Table: table, ID: row.ID, Before: before, After: after}.Encode()
	if err != nil {
		return tx.fail(err)
	}
	if len(tx.pending) == 0 {
		tx.pending = append(tx.pending, "INSERT INTO trail_changes (log, seq, position, row_table, row_id, revision, before, after) VALUES "...)
	} else {
		tx.pending = append(tx.pending, ", "...)
	}
	tx.pending = tx.db.gen.AppendQuery(tx.pending, "(?, ?, ?, ?, ?, ?, ?, ?)",
		tx.log, tx.head.Size, tx.changes.Size, table, row.ID, row.Revision, textOrNull(before), string(after))
	tx.changes.Append(trail.LeafHash(data))
	tx.note(table, row.ID)
	if len(tx.pending) < flushSize {
		return nil
	}
	query := string(tx.pending)
	tx.pending = tx.pending[:0]
	return tx.send(ctx, query)
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
	query := tx.pending
	if len(query) > 0 {
		query = append(query, "; "...)
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
