package witness

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// signingKeys reads every key, the first one first: there are as many as changes of key.
func signingKeys(ctx context.Context, r store.Reader) ([]SigningKey, error) {
	var all []SigningKey
	err := r.Select(&all).Order("number").Scan(ctx)
	return all, err
}

// longest is the kept checkpoint of the log with the most leaves, of those kept after the instant; nil
// when there is none.
func longest(ctx context.Context, r store.Reader, log string, after time.Time) (*Checkpoint, error) {
	var c Checkpoint
	q := r.Select(&c).Where("log = ?", log)
	if !after.IsZero() {
		q = q.Where("made_at > ?", after)
	}
	err := q.Order("size DESC", "id DESC").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &c, err
}

// newestOf is the kept checkpoint of the log that was kept last; nil when there is none.
func newestOf(ctx context.Context, r store.Reader, log string) (*Checkpoint, error) {
	var c Checkpoint
	err := r.Select(&c).Where("log = ?", log).Order("id DESC").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &c, err
}

// dailyOf reads the daily checkpoint of the log and day; nil when there is none.
func dailyOf(ctx context.Context, r store.Reader, log string, day qms.Date) (*Checkpoint, error) {
	var c Checkpoint
	err := r.Select(&c).Where("log = ? AND day = ?", log, day).Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &c, err
}

// checkpointPage reads kept checkpoints of a log, the newest first: identifiers sort by when they were made.
func checkpointPage(ctx context.Context, r store.Reader, log string, cause Cause, c qms.Cursor) ([]Checkpoint, error) {
	var all []Checkpoint
	q := r.Select(&all).Where("log = ?", log)
	if cause != "" {
		q = q.Where("cause = ?", cause)
	}
	if c.After != "" {
		id, err := qms.ParseID(c.After)
		if err != nil {
			return nil, err
		}
		q = q.Where("id < ?", id)
	}
	err := q.Order("id DESC").Limit(int64(c.Limit()) + 1).Scan(ctx)
	return all, err
}

// checkpointByID reads one of a log.
func checkpointByID(ctx context.Context, r store.Reader, log string, id qms.ID) (*Checkpoint, error) {
	var c Checkpoint
	err := r.Select(&c).Where("id = ? AND log = ?", id, log).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, qms.NotFound("checkpoint.not_found")
	}
	return &c, err
}

// grownSince reports whether anything but checkpoints was added to the log from that size on, before the
// instant when there is one.
func grownSince(ctx context.Context, r store.Reader, log string, size int64, before time.Time) (bool, error) {
	q := r.Select().TableExpr("trail_entries").ColumnExpr("1").Where("log = ? AND seq >= ? AND act NOT IN (?)", log, size, bun.List(ownActs))
	if !before.IsZero() {
		q = q.Where("at < ?", before)
	}
	var one int
	err := q.Limit(1).Scan(ctx, &one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// dueLogs are the logs that have grown since the last checkpoint kept of them, by something other than
// checkpoints and before the instant, and have none of the day; and those that are shorter than they were.
// Logs over which an alarm stands are left alone. Keeping decides anew.
func dueLogs(ctx context.Context, r store.Reader, day qms.Date, before time.Time) ([]string, error) {
	var logs []string
	err := r.Select().TableExpr("trail_heads AS h").Column("h.log").
		Where("NOT EXISTS (SELECT 1 FROM checkpoints AS c WHERE c.log = h.log AND c.day = ?)", day).
		Where("NOT EXISTS (SELECT 1 FROM checkpoint_alarms AS a WHERE a.log = h.log AND a.settled = '')").
		Where("(h.size <= (SELECT MAX(c.size) FROM checkpoints AS c WHERE c.log = h.log) OR "+
			"EXISTS (SELECT 1 FROM trail_entries AS e WHERE e.log = h.log AND e.act NOT IN (?) AND e.at < ?"+
			" AND e.seq >= COALESCE((SELECT MAX(c.size) FROM checkpoints AS c WHERE c.log = h.log), 0)))", bun.List(ownActs), before).
		Order("h.log").Scan(ctx, &logs)
	return logs, err
}

// dailies are the daily checkpoints of a day, by log.
func dailies(ctx context.Context, r store.Reader, day qms.Date) ([]Checkpoint, error) {
	var all []Checkpoint
	err := r.Select(&all).Where("cause = ? AND day = ?", Daily, day).Order("log").Scan(ctx)
	return all, err
}

// unstamped are kept checkpoints without a time-stamp since the instant, the oldest first.
func unstamped(ctx context.Context, r store.Reader, since time.Time, limit int64) ([]Checkpoint, error) {
	var all []Checkpoint
	err := r.Select(&all).Where("token = '' AND made_at >= ?", since).Order("id").Limit(limit).Scan(ctx)
	return all, err
}
