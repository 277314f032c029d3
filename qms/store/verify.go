package store

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"

	"maillon/qms/trail"
)

// VerifyTrail recomputes every leaf, every root of changes and every head from what is stored, and
// compares each business row with its last change. It streams: its memory does not grow with the
// trail. What it finds is in the report; an error says that it could not look.
//
// It shows what was altered by hand. Whoever rewrites a whole log consistently is shown by a
// checkpoint that was published or packed before (trail.CheckConsistency), not by this.
func VerifyTrail(ctx context.Context, r Reader) (Report, error) {
	report := new(Report)
	logs, err := logsOf(ctx, r)
	if err != nil {
		return *report, err
	}
	for _, log := range logs {
		v := logVerifier{r: r, report: report, log: log, whole: true}
		if err := v.verify(ctx); err != nil {
			return *report, fmt.Errorf("verify log %s: %w", log, err)
		}
		report.Logs++
	}
	return *report, verifyRows(ctx, r, report)
}

// logsOf lists the logs that anything is stored of.
func logsOf(ctx context.Context, r Reader) ([]string, error) {
	var logs []string
	err := r.Select().ColumnExpr("log").TableExpr("(SELECT log FROM trail_heads UNION SELECT log FROM trail_entries UNION SELECT log FROM trail_changes) AS logs").
		Order("log").Scan(ctx, &logs)
	return logs, err
}

// logVerifier goes through one log, some leaves at a time.
type logVerifier struct {
	r        Reader
	report   *Report
	log      string
	frontier trail.Frontier
	whole    bool // no leaf was missing so far, so the frontier is that of the log
}

func (v *logVerifier) verify(ctx context.Context) error {
	for next := int64(0); ; {
		var rows []*entryRow
		err := v.r.Select(&rows).Where("log = ? AND seq >= ?", v.log, next).Order("seq").Limit(batchRows).Scan(ctx)
		if err != nil {
			return err
		}
		until := int64(math.MaxInt64)
		if len(rows) == batchRows {
			until = rows[len(rows)-1].Seq
		}
		acts, err := v.acts(ctx, next, until, rows)
		if err != nil {
			return err
		}
		for _, row := range rows {
			for ; next < row.Seq; next++ {
				v.note(EntryMissing, next)
				v.whole = false
			}
			if err := v.entry(row, acts[row.Seq]); err != nil {
				return err
			}
			next = row.Seq + 1
		}
		if len(rows) < batchRows {
			return v.head(ctx, next)
		}
	}
}

func (v *logVerifier) note(kind Kind, seq int64) {
	v.report.note(Discrepancy{Kind: kind, Log: v.log, Seq: seq})
}

// acts recomputes the trees over the changes of the leaves from..until.
func (v *logVerifier) acts(ctx context.Context, from, until int64, rows []*entryRow) (map[int64]*trail.Frontier, error) {
	acts := make(map[int64]*trail.Frontier, len(rows))
	for _, row := range rows {
		acts[row.Seq] = new(trail.Frontier)
	}
	orphan := int64(-1)
	err := eachChange(ctx, v.r, v.log, from, until, func(c storedChange) error {
		v.report.Changes++
		act, ok := acts[c.seq]
		if !ok {
			if c.seq != orphan {
				orphan = c.seq
				v.note(ChangesOrphan, c.seq)
			}
			return nil
		}
		data, err := c.Encode()
		if err != nil || c.position != act.Size {
			data = nil // not what any change encodes to: the roots will differ
		}
		act.Append(trail.LeafHash(data))
		return nil
	})
	return acts, err
}

// entry checks one leaf, and goes on with the hash that was sealed, so that one altered leaf is one
// discrepancy.
func (v *logVerifier) entry(row *entryRow, act *trail.Frontier) error {
	v.report.Entries++
	entry := row.entry()
	if len(row.Root) != len(entry.Root) || act.Size != row.Changes || act.Root() != entry.Root {
		v.note(ChangesAltered, row.Seq)
	}
	stored, err := trail.Split(row.Hashes)
	if err != nil || len(stored) == 0 {
		v.note(EntryAltered, row.Seq)
		v.whole = false
		return nil
	}
	data, err := entry.Encode()
	if err != nil || trail.LeafHash(data) != stored[0] {
		v.note(EntryAltered, row.Seq)
	} else if v.whole && !slices.Equal(stored, v.after(stored[0])) {
		v.note(EntryAltered, row.Seq)
	}
	v.frontier.Append(stored[0])
	return nil
}

// after is what the leaf would complete, without appending it.
func (v *logVerifier) after(leaf trail.Hash) []trail.Hash {
	next := trail.Frontier{Size: v.frontier.Size, Peaks: slices.Clone(v.frontier.Peaks)}
	return next.Append(leaf)
}

func (v *logVerifier) head(ctx context.Context, size int64) error {
	head, err := frontierOf(ctx, v.r, v.log)
	if err != nil {
		return err
	}
	cut := min(head.Size-size, maxDiscrepancies) // leaves that are gone from the end
	for seq := size; seq < size+cut; seq++ {
		v.note(EntryMissing, seq)
	}
	if head.Size < size || head.Size == size && v.whole && !bytes.Equal(trail.Join(head.Peaks), trail.Join(v.frontier.Peaks)) {
		v.note(HeadAltered, -1)
	}
	return nil
}
