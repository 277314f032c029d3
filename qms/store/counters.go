package store

import (
	"context"
	"database/sql"
	"errors"
)

// Next gives out the next number of the counter in the act's log: 1, 2, 3... without gaps, since a
// number is given back when the act fails or changes nothing.
func (tx *Tx) Next(ctx context.Context, counter string) (int64, error) {
	return tx.number(ctx, "INSERT INTO counters (log, name, value) VALUES (?, ?, 1)"+
		" ON CONFLICT (log, name) DO UPDATE SET value = counters.value + 1 RETURNING value", tx.log, counter)
}

// AtLeast moves the counter on, never back, so that Next gives n+1 or more: a platform that adopts
// numbers continues after the highest.
func (tx *Tx) AtLeast(ctx context.Context, counter string, n int64) error {
	_, err := tx.number(ctx, "INSERT INTO counters (log, name, value) VALUES (?0, ?1, ?2)"+
		" ON CONFLICT (log, name) DO UPDATE SET value = CASE WHEN counters.value < ?2 THEN ?2 ELSE counters.value END RETURNING value",
		tx.log, counter, n)
	return err
}

func (tx *Tx) number(ctx context.Context, query string, args ...any) (n int64, err error) {
	if err := tx.settle(); err != nil {
		return 0, err
	}
	count(ctx)
	if err := tx.conn.tx.QueryRowContext(ctx, tx.db.gen.FormatQuery(query, args...)).Scan(&n); err != nil {
		return 0, tx.fail(translate(ctx, err))
	}
	return n, nil
}

// Upcoming is the number that Next would give out, to be shown before it is issued.
func Upcoming(ctx context.Context, r Reader, log, counter string) (int64, error) {
	var n int64
	err := r.Select().TableExpr("counters").Column("value").Where("log = ? AND name = ?", log, counter).Scan(ctx, &n)
	if errors.Is(err, sql.ErrNoRows) {
		return 1, nil
	}
	return n + 1, err
}

// Log names the log that the act writes to.
func (tx *Tx) Log() string { return tx.log }

var _ Reader = (*Tx)(nil)
