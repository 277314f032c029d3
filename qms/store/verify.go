package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"

	"maillon/qms"
	"maillon/qms/trail"
)

// Verification is what is to be verified, and who is told how far it is.
type Verification struct {
	Platform qms.ID                // its trail and the rows that this changed; empty: everything
	Progress func(done, all int64) // changes and rows read, of as many as there may be; may be nil
}

// VerifyTrail recomputes every leaf, every root of changes and every head from what is stored, and
// holds the business rows against what the changes left. It streams: its memory does not grow with the
// trail. What it finds is in the report; an error says that it could not look.
//
// It shows what was altered by hand. Whoever rewrites a whole log consistently is shown by a
// checkpoint that was published or packed before (trail.CheckConsistency), not by this.
func VerifyTrail(ctx context.Context, r Reader) (Report, error) {
	return Verification{}.Trail(ctx, r)
}

// Trail is VerifyTrail of what the verification names.
func (v Verification) Trail(ctx context.Context, r Reader) (Report, error) {
	report := new(Report)
	tell, err := v.teller(ctx, r)
	if err != nil {
		return *report, err
	}
	tables, err := businessTables(ctx, r)
	if err != nil {
		return *report, err
	}
	var sums *states
	if v.Platform == "" { // the states of a platform's rows may be in several logs
		if sums, err = newStates(tables); err != nil {
			return *report, err
		}
	}
	if err := v.logs(ctx, r, report, sums, tell); err != nil {
		return *report, err
	}
	rows := &rowVerifier{r: r, report: report, tables: tables, platform: v.Platform, tell: tell}
	if sums != nil {
		if rows.only, err = sums.hold(ctx, r, report, tell); err != nil || len(rows.only) == 0 {
			return *report, err
		}
	}
	return *report, rows.verify(ctx)
}

// logs verifies each log that is asked for, and sums the states in it where they are wanted.
func (v Verification) logs(ctx context.Context, r Reader, report *Report, sums *states, tell func(read int)) error {
	logs, err := logsOf(ctx, r)
	if err != nil {
		return err
	}
	for _, log := range logs {
		if v.Platform != "" && log != trail.LogOf(v.Platform) {
			continue
		}
		l := logVerifier{r: r, report: report, log: log, whole: true, acts: map[int64]*trail.Frontier{}, sums: sums, tell: tell}
		if err := l.verify(ctx); err != nil {
			return fmt.Errorf("verify log %s: %w", log, err)
		}
		report.Logs++
	}
	return nil
}

// teller counts what was read; it does nothing where nobody wants to know.
func (v Verification) teller(ctx context.Context, r Reader) (func(read int), error) {
	if v.Progress == nil {
		return func(int) {}, nil
	}
	q := r.Select().TableExpr("trail_changes").ColumnExpr("count(*)")
	if v.Platform != "" {
		q = q.Where("log = ?", trail.LogOf(v.Platform))
	}
	var done, all int64
	if err := q.Scan(ctx, &all); err != nil {
		return nil, err
	}
	return func(read int) {
		done += int64(read)
		v.Progress(min(done, 2*all), 2*all)
	}, nil
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
	next     int64 // the sequence number that comes next
	frontier trail.Frontier
	whole    bool                      // no leaf was missing so far, so the frontier is that of the log
	acts     map[int64]*trail.Frontier // over the changes of acts whose leaves are still to come
	sums     *states                   // of what changes left; nil where nobody asks
	tell     func(read int)
}

// leafBatch is some changes in their order, and the leaves that they and those before belong to: an act may
// have any number of changes, and its leaf comes with the last of them.
type leafBatch struct {
	changes []storedChange
	leaves  []entryRow
	last    bool // no change of these leaves is still to come
}

func (v *logVerifier) verify(ctx context.Context) error {
	if err := alongside(ctx, v.read, v.check); err != nil {
		return err
	}
	return v.head(ctx)
}

func (v *logVerifier) read(ctx context.Context, give func(leafBatch) error) error {
	for next := int64(0); ; {
		leaves, err := entriesFrom(ctx, v.r, v.log, next)
		if err != nil {
			return err
		}
		until := int64(math.MaxInt64)
		if len(leaves) == verifiedAtOnce {
			until = leaves[len(leaves)-1].Seq
		}
		var batch leafBatch
		err = eachChange(ctx, v.r, v.log, next, until, func(c storedChange) error {
			if batch.changes = append(batch.changes, c); len(batch.changes) < verifiedAtOnce {
				return nil
			}
			err := give(batch)
			batch = leafBatch{}
			return err
		})
		if err != nil {
			return err
		}
		batch.leaves, batch.last = leaves, true
		if err := give(batch); err != nil {
			return err
		}
		if len(leaves) < verifiedAtOnce {
			return nil
		}
		next = until + 1
	}
}

func (v *logVerifier) note(kind Kind, seq int64) {
	v.report.note(Discrepancy{Kind: kind, Log: v.log, Seq: seq})
}

// check recomputes the trees over the changes of acts, and of what they come from when their leaves have
// come too.
func (v *logVerifier) check(batch leafBatch) {
	for i := range batch.changes {
		v.change(&batch.changes[i])
	}
	v.tell(len(batch.changes))
	if !batch.last {
		return
	}
	for i := range batch.leaves {
		row := &batch.leaves[i]
		for ; v.next < row.Seq; v.next++ {
			v.note(EntryMissing, v.next)
			v.whole = false
		}
		act := v.acts[row.Seq]
		if act == nil {
			act = new(trail.Frontier)
		}
		delete(v.acts, row.Seq)
		v.entry(row, act)
		v.next = row.Seq + 1
	}
	for _, seq := range slices.Sorted(maps.Keys(v.acts)) {
		v.note(ChangesOrphan, seq)
	}
	clear(v.acts)
}

func (v *logVerifier) change(c *storedChange) {
	v.report.Changes++
	act := v.acts[c.seq]
	if act == nil {
		act = new(trail.Frontier)
		v.acts[c.seq] = act
	}
	data, err := c.Encode()
	if err != nil || c.position != act.Size {
		data = nil // not what any change encodes to: the roots will differ
	}
	act.Append(trail.LeafHash(data))
	if v.sums != nil {
		v.sums.change(c)
	}
}

// entry checks one leaf, and goes on with the hash that was sealed, so that one altered leaf is one
// discrepancy.
func (v *logVerifier) entry(row *entryRow, act *trail.Frontier) {
	v.report.Entries++
	entry := row.entry()
	if len(row.Root) != len(entry.Root) || act.Size != row.Changes || act.Root() != entry.Root {
		v.note(ChangesAltered, row.Seq)
	}
	stored, err := trail.Split(row.Hashes)
	if err != nil || len(stored) == 0 {
		v.note(EntryAltered, row.Seq)
		v.whole = false
		return
	}
	completed := v.frontier.Append(stored[0])
	data, err := entry.Encode()
	if err != nil || trail.LeafHash(data) != stored[0] || v.whole && !slices.Equal(stored, completed) {
		v.note(EntryAltered, row.Seq)
	}
}

func (v *logVerifier) head(ctx context.Context) error {
	size := v.next
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

// entriesFrom reads the next leaves of a log. Their columns are scanned one by one, which takes a third of
// what a struct of bun's takes.
func entriesFrom(ctx context.Context, r Reader, log string, next int64) ([]entryRow, error) {
	rows, err := r.Query(ctx, "SELECT seq, at, actor, actor_name, behalf, act, subject, reason, request, changes, root, hashes"+
		" FROM trail_entries WHERE log = ? AND seq >= ? ORDER BY seq LIMIT ?", log, next, verifiedAtOnce)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := make([]entryRow, 0, verifiedAtOnce)
	for rows.Next() {
		all = append(all, entryRow{Log: log})
		e := &all[len(all)-1]
		var actor, behalf, subject sql.NullString
		if err := rows.Scan(&e.Seq, Instant(&e.At), &actor, &e.ActorName, &behalf, &e.Act, &subject, &e.Reason, &e.Request,
			&e.Changes, &e.Root, &e.Hashes); err != nil {
			return nil, err
		}
		e.Actor, e.Behalf, e.Subject = qms.ID(actor.String), qms.ID(behalf.String), qms.ID(subject.String)
	}
	return all, translate(ctx, rows.Err())
}
