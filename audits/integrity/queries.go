package integrity

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

func lastScrub(ctx context.Context, r store.Reader) (*Scrub, error) {
	var rows []*Scrub
	err := r.Select(&rows).Order("number DESC").Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

func scrubByID(ctx context.Context, r store.Reader, id qms.ID) (*Scrub, error) {
	var rows []*Scrub
	if err := r.Select(&rows).Where("id = ?", id).Scan(ctx); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, qms.NotFound("scrub.not_found")
	}
	return rows[0], nil
}

func scrubByNumber(ctx context.Context, r store.Reader, number int64) (*Scrub, error) {
	var rows []*Scrub
	if err := r.Select(&rows).Where("number = ?", number).Scan(ctx); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, qms.NotFound("scrub.not_found")
	}
	return rows[0], nil
}

// lastEnded is the last scrub that came to its end.
func lastEnded(ctx context.Context, r store.Reader) (*Scrub, error) {
	var rows []*Scrub
	err := r.Select(&rows).Where("ended_at IS NOT NULL").Order("number DESC").Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// scrubsBefore are the scrubs with a smaller number, newest first; all when the number is 0.
func scrubsBefore(ctx context.Context, r store.Reader, number int64, most int) ([]Scrub, error) {
	var rows []Scrub
	q := r.Select(&rows)
	if number > 0 {
		q = q.Where("number < ?", number)
	}
	err := q.Order("number DESC").Limit(int64(most)).Scan(ctx)
	return rows, err
}

func defectsOf(ctx context.Context, r store.Reader, scrub, after qms.ID, most int) ([]ScrubDefect, error) {
	var rows []ScrubDefect
	q := r.Select(&rows).Where("scrub = ?", scrub)
	if after != "" {
		q = q.Where("id > ?", after)
	}
	err := q.Order("id").Limit(int64(most)).Scan(ctx)
	return rows, err
}

func holdsOf(ctx context.Context, r store.Reader, contents []vault.Digest) (map[vault.Digest]*ContentHold, error) {
	var rows []*ContentHold
	if err := r.Select(&rows).Where("content IN (?)", bun.List(contents)).Scan(ctx); err != nil {
		return nil, err
	}
	found := make(map[vault.Digest]*ContentHold, len(rows))
	for _, h := range rows {
		found[h.Content] = h
	}
	return found, nil
}

// wanted is a content that is to be held, or longer.
type wanted struct {
	content vault.Digest
	months  qms.Months // that its record states; 0: none
}

// unheld are contents of the column that the vault was not asked to hold yet, after one of them.
func unheld(ctx context.Context, r store.Reader, c store.ContentColumn, after vault.Digest, most int) ([]wanted, error) {
	months := "0"
	if c.Months != "" {
		months = c.Months
	}
	first := after[:]
	if after.IsZero() {
		first = []byte{0}
	}
	rows, err := r.Query(ctx, "SELECT t.?, MAX(COALESCE(?, 0)) FROM ? AS t WHERE t.? > ? AND (?)"+
		" AND NOT EXISTS (SELECT 1 FROM content_holds AS h WHERE h.content = t.?) GROUP BY t.? ORDER BY t.? LIMIT ?",
		bun.Ident(c.Column), bun.Safe(months), bun.Ident(c.Table), bun.Ident(c.Column), first, bun.Safe(c.Held),
		bun.Ident(c.Column), bun.Ident(c.Column), bun.Ident(c.Column), most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []wanted
	for rows.Next() {
		var w wanted
		if err := rows.Scan(&w.content, &w.months); err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, rows.Err()
}

// fading are contents of the column whose hold is to last and ends sooner than it should.
func fading(ctx context.Context, r store.Reader, c store.ContentColumn, today qms.Date, least qms.Months, most int) ([]wanted, error) {
	months := "0"
	if c.Months != "" {
		months = c.Months
	}
	rows, err := r.Query(ctx, "SELECT t.?, MAX(COALESCE(?, 0)), MAX(h.until) FROM ? AS t JOIN content_holds AS h ON h.content = t.?"+
		" WHERE (?) AND ("+c.Lasting+") GROUP BY t.?",
		bun.Ident(c.Column), bun.Safe(months), bun.Ident(c.Table), bun.Ident(c.Column), bun.Safe(c.Held), today, bun.Ident(c.Column))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []wanted
	for rows.Next() && len(all) < most {
		var w wanted
		var until qms.Date
		if err := rows.Scan(&w.content, &w.months, &until); err != nil {
			return nil, err
		}
		if until < today.AddMonths(max(least, w.months)-prolongAfter) {
			all = append(all, w)
		}
	}
	return all, rows.Err()
}

func countHolds(ctx context.Context, r store.Reader) (int64, error) {
	return r.Select((*ContentHold)(nil)).Count(ctx)
}
