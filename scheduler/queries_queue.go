package scheduler

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// lastSlots reads the last runs, the newest first.
func lastSlots(ctx context.Context, r store.Reader, limit int64) ([]Slot, error) {
	var all []Slot
	err := r.Select(&all).Order("number DESC").Limit(limit).Scan(ctx)
	return all, err
}

// mailCounts counts the outbox by state.
func mailCounts(ctx context.Context, r store.Reader) (map[MailState]int, error) {
	rows, err := r.Query(ctx, `SELECT state, COUNT(*) FROM mails GROUP BY state`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[MailState]int{}
	for rows.Next() {
		var in MailState
		var n int
		if err := rows.Scan(&in, &n); err != nil {
			return nil, err
		}
		counts[in] = n
	}
	return counts, rows.Err()
}

// mailPage reads mails after one of them, the newest first: identifiers sort by when they were made.
func mailPage(ctx context.Context, r store.Reader, in MailState, after string, limit int64) ([]Mail, error) {
	var all []Mail
	q := r.Select(&all)
	if in != "" {
		q = q.Where("state = ?", in)
	}
	if after != "" {
		id, err := qms.ParseID(after)
		if err != nil {
			return nil, err
		}
		q = q.Where("id < ?", id)
	}
	err := q.Order("id DESC").Limit(limit).Scan(ctx)
	return all, err
}

// deadLetters reads one of them, or the oldest when none is named.
func deadLetters(ctx context.Context, r store.Reader, id qms.ID, limit int64) ([]Mail, error) {
	var all []Mail
	q := r.Select(&all).Where("state = ?", Failed)
	if id != "" {
		q = q.Where("id = ?", id)
	}
	err := q.Order("slot", "id").Limit(limit).Scan(ctx)
	return all, err
}

// remindersOf reads what a person was reminded of, the newest first.
func remindersOf(ctx context.Context, r store.Reader, person qms.ID, after string, limit int64) ([]Reminder, error) {
	var all []Reminder
	q := r.Select(&all).Where("person = ?", person)
	if after != "" {
		id, err := qms.ParseID(after)
		if err != nil {
			return nil, err
		}
		q = q.Where("id < ?", id)
	}
	err := q.Order("id DESC").Limit(limit).Scan(ctx)
	return all, err
}
