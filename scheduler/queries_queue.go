package scheduler

import (
	"context"
	"strings"

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

// likeAny makes of a text one that LIKE takes as it is written.
var likeAny = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_", "\x00", "")

// mailPage reads mails after one of them, the newest first: identifiers sort by when they were made.
func mailPage(ctx context.Context, r store.Reader, f MailFilter, after string, limit int64) ([]Mail, error) {
	var all []Mail
	q := r.Select(&all)
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if f.Address != "" {
		q = q.Where("LOWER(address) LIKE ? ESCAPE '!'", "%"+likeAny.Replace(strings.ToLower(f.Address))+"%")
	}
	if f.From != 0 {
		q = q.Where("day >= ?", f.From)
	}
	if f.Until != 0 {
		q = q.Where("day <= ?", f.Until)
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

// keptFor reads what a person was reminded of since a day without any mail, the newest first.
func keptFor(ctx context.Context, r store.Reader, person qms.ID, since qms.Date, limit int64) ([]Reminder, error) {
	var all []Reminder
	err := r.Select(&all).Where("person = ? AND made_on >= ?", person, since).
		Where("mail IN (SELECT id FROM mails WHERE person = ? AND state = ?)", person, Kept).Order("id DESC").Limit(limit).Scan(ctx)
	return all, err
}
