package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/uptrace/bun"
	"golang.org/x/mod/sumdb/tlog"

	"maillon/qms"
	"maillon/qms/trail"
)

// Head is the size and the root of a log: zero and the root of the empty tree when nothing is in it.
func Head(ctx context.Context, r Reader, log string) (int64, trail.Hash, error) {
	frontier, err := frontierOf(ctx, r, log)
	return frontier.Size, frontier.Root(), err
}

func frontierOf(ctx context.Context, r Reader, log string) (trail.Frontier, error) {
	var f trail.Frontier
	var peaks []byte
	err := r.Select().TableExpr("trail_heads").Column("size", "peaks").Where("log = ?", log).Scan(ctx, &f.Size, &peaks)
	if errors.Is(err, sql.ErrNoRows) {
		return f, nil
	}
	if err != nil {
		return f, err
	}
	f.Peaks, err = trail.Split(peaks)
	return f, err
}

// RootAt is the root that the log had when it was size leaves long.
func RootAt(ctx context.Context, r Reader, log string, size int64) (trail.Hash, error) {
	if size == 0 {
		return new(trail.Frontier).Root(), nil
	}
	return tlog.TreeHash(size, Hashes(ctx, r, log))
}

// Hashes reads the stored hashes of a log, for proofs of inclusion and of consistency. What was read
// is remembered as long as the reader is used.
func Hashes(ctx context.Context, r Reader, log string) tlog.HashReader {
	known := map[int64][]byte{}
	return trail.Reader(func(seqs []int64) (map[int64][]byte, error) {
		missing := slices.DeleteFunc(slices.Clone(seqs), func(seq int64) bool { return known[seq] != nil })
		for chunk := range slices.Chunk(missing, batchRows) {
			var rows []*entryRow
			err := r.Select(&rows).Column("seq", "hashes").Where("log = ? AND seq IN (?)", log, bun.List(chunk)).Scan(ctx)
			if err != nil {
				return nil, err
			}
			for _, row := range rows {
				known[row.Seq] = row.Hashes
			}
		}
		return known, nil
	})
}

// place is where a change stands.
type place struct {
	seq, position int64
}

// Proofs proves, for a checkpoint of the log at size, the latest change of each row up to there, in
// the order of rows; a row of which the log knows nothing by then has none.
func Proofs(ctx context.Context, r Reader, log string, size int64, rows []qms.ID) ([]trail.FactProof, error) {
	places, err := latest(ctx, r, log, size, rows)
	if err != nil {
		return nil, err
	}
	wanted := map[int64][]int64{} // positions by seq
	for _, at := range places {
		for _, p := range at {
			wanted[p.seq] = append(wanted[p.seq], p.position)
		}
	}
	proved := make(map[place]trail.FactProof, len(rows))
	hashes := Hashes(ctx, r, log)
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(wanted)), batchRows) {
		if err := proveEntries(ctx, r, log, size, hashes, chunk, wanted, proved); err != nil {
			return nil, err
		}
	}
	var proofs []trail.FactProof
	for _, row := range rows {
		for _, p := range places[row] {
			proofs = append(proofs, proved[p])
		}
		delete(places, row) // a row that is asked for twice is proved once
	}
	return proofs, nil
}

// latest finds the last change of each row below size; rows of several tables may share an ID.
func latest(ctx context.Context, r Reader, log string, size int64, rows []qms.ID) (map[qms.ID][]place, error) {
	found := map[qms.ID][]place{}
	for chunk := range slices.Chunk(rows, batchRows) {
		var all []struct {
			RowID    qms.ID
			RowTable string
			Seq      int64
			Position int64
		}
		err := r.Select().TableExpr("trail_changes").Column("row_id", "row_table", "seq", "position").
			Where("row_id IN (?) AND log = ? AND seq < ?", bun.List(chunk), log, size).
			Order("row_id", "row_table", "revision").Scan(ctx, &all)
		if err != nil {
			return nil, err
		}
		for i, c := range all {
			if i > 0 && all[i-1].RowID == c.RowID && all[i-1].RowTable == c.RowTable {
				found[c.RowID] = found[c.RowID][:len(found[c.RowID])-1]
			}
			found[c.RowID] = append(found[c.RowID], place{c.Seq, c.Position})
		}
	}
	return found, nil
}

// proveEntries proves the wanted changes of some leaves.
func proveEntries(ctx context.Context, r Reader, log string, size int64, hashes tlog.HashReader, seqs []int64,
	wanted map[int64][]int64, proved map[place]trail.FactProof) error {
	var entries []*entryRow
	if err := r.Select(&entries).Where("log = ? AND seq IN (?)", log, bun.List(seqs)).Order("seq").Scan(ctx); err != nil {
		return err
	}
	if len(entries) != len(seqs) {
		return fmt.Errorf("prove facts of log %s: %d of %d entries are missing", log, len(seqs)-len(entries), len(seqs))
	}
	for _, row := range entries {
		entry, err := row.entry().Encode()
		if err != nil {
			return err
		}
		entryProof, err := trail.Inclusion(size, row.Seq, hashes)
		if err != nil {
			return err
		}
		act, err := readAct(ctx, r, log, row.Seq, wanted[row.Seq])
		if err != nil {
			return err
		}
		for position, data := range act.wanted {
			changeProof, err := tlog.ProveRecord(act.size, position, act.hashes)
			if err != nil {
				return fmt.Errorf("prove change %d of entry %d of log %s: %w", position, row.Seq, log, err)
			}
			proved[place{row.Seq, position}] = trail.FactProof{
				Change: data, Index: position, ChangeProof: changeProof, Entry: entry, EntryProof: entryProof,
			}
		}
	}
	return nil
}

// actTree is the tree over the changes of one act, and the bytes of those that are wanted.
type actTree struct {
	size   int64
	hashes storedHashes
	wanted map[int64][]byte
}

// storedHashes are those of a tree, in tlog's order.
type storedHashes []trail.Hash

// ReadHashes looks them up.
func (s storedHashes) ReadHashes(indexes []int64) ([]trail.Hash, error) {
	found := make([]trail.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(s)) {
			return nil, fmt.Errorf("stored hash %d of %d", index, len(s))
		}
		found[i] = s[index]
	}
	return found, nil
}

// readAct streams the changes of one leaf.
func readAct(ctx context.Context, r Reader, log string, seq int64, wanted []int64) (*actTree, error) {
	act := &actTree{wanted: make(map[int64][]byte, len(wanted))}
	for _, position := range wanted {
		act.wanted[position] = nil
	}
	var frontier trail.Frontier
	err := eachChange(ctx, r, log, seq, seq, func(c storedChange) error {
		data, err := c.Encode()
		if err != nil {
			return err
		}
		if _, ok := act.wanted[c.position]; ok {
			act.wanted[c.position] = data
		}
		act.hashes = append(act.hashes, frontier.Append(trail.LeafHash(data))...)
		return nil
	})
	act.size = frontier.Size
	return act, err
}

// storedChange is a row of trail_changes.
type storedChange struct {
	trail.Change
	seq, position, revision int64
}

// eachChange streams the changes of the leaves from..until, in their order.
func eachChange(ctx context.Context, r Reader, log string, from, until int64, f func(storedChange) error) error {
	rows, err := r.Query(ctx, "SELECT seq, position, row_table, row_id, revision, before, after FROM trail_changes"+
		" WHERE log = ? AND seq BETWEEN ? AND ? ORDER BY seq, position", log, from, until)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c storedChange
		if err := rows.Scan(&c.seq, &c.position, &c.Table, (*string)(&c.ID), &c.revision, (*[]byte)(&c.Before), (*[]byte)(&c.After)); err != nil {
			return err
		}
		if err := f(c); err != nil {
			return err
		}
	}
	return translate(ctx, rows.Err())
}
