package store

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
)

// ActCount is how often somebody did an act in a month.
type ActCount struct {
	Month     string // 2026-03, of the instant in UTC
	Act       string
	Actor     qms.ID // empty for the system
	ActorName string // as it was
	Times     int64
}

// ActCounts counts the acts of a log before an instant, from another one on when there is one, by month,
// act and person, in their order. It is one statement, and no more than one row for each comes back.
func ActCounts(ctx context.Context, r Reader, log string, from, until time.Time) ([]ActCount, error) {
	month := "substr(CAST(at AS TEXT), 1, 7)"
	if r.Engine() == PostgreSQL {
		month = "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM')"
	}
	rows, err := r.Query(ctx, "SELECT "+month+` AS month, act, COALESCE(actor, '') AS who, actor_name, COUNT(*) FROM trail_entries
WHERE log = ? AND at >= ? AND at < ? GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 4, 3`, log, qms.Instant(from), qms.Instant(until))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []ActCount
	for rows.Next() {
		var c ActCount
		if err := rows.Scan(&c.Month, &c.Act, &c.Actor, &c.ActorName, &c.Times); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// Acted lists the latest acts of a log before an instant, from another one on, whose verb is one of those
// named or begins with one and a dash ("void", "void-decision"), newest first, at most as many as limit,
// each with the first of its changes. It takes two statements.
func Acted(ctx context.Context, r Reader, log string, verbs []string, from, until time.Time, limit int) ([]JournalEntry, error) {
	var rows []*entryRow
	var some []string
	var args []any
	for _, verb := range verbs {
		some, args = append(some, "e.act LIKE ? OR e.act LIKE ?"), append(args, "%."+verb, "%."+verb+"-%")
	}
	err := r.Select(&rows).Where("e.log = ? AND e.at >= ? AND e.at < ?", log, qms.Instant(from), qms.Instant(until)).
		Where("("+strings.Join(some, " OR ")+")", args...).Order("e.seq DESC").Limit(int64(limit)).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return withFirst(ctx, r, log, rows)
}

// withFirst adds the first changes of the entries.
func withFirst(ctx context.Context, r Reader, log string, rows []*entryRow) ([]JournalEntry, error) {
	entries := make([]JournalEntry, len(rows))
	bySeq := make(map[int64]*JournalEntry, len(entries))
	seqs := make([]int64, len(entries))
	for i, row := range rows {
		entries[i].Entry = row.entry()
		seqs[i], bySeq[row.Seq] = row.Seq, &entries[i]
	}
	var first []JournalChange
	q := selectChanges(r, &first, log).Where("c.seq IN (?)", bun.List(seqs)).Where("c.position < ?", FirstChanges)
	if err := q.Order("c.seq", "c.position").Scan(ctx); err != nil {
		return nil, err
	}
	for _, change := range first {
		entry := bySeq[change.Seq]
		entry.First = append(entry.First, change)
	}
	return entries, nil
}
