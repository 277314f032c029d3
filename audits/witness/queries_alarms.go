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

// settledAt is when the last alarm over the log was settled; zero when none was.
func settledAt(ctx context.Context, r store.Reader, log string) (time.Time, error) {
	var a CheckpointAlarm
	err := r.Select(&a).Where("log = ? AND settled <> ''", log).Order("id DESC").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return a.SettledAt, err
}

// openAlarm is the alarm that stands over the log; nil when there is none.
func openAlarm(ctx context.Context, r store.Reader, log string) (*CheckpointAlarm, error) {
	var a CheckpointAlarm
	err := r.Select(&a).Where("log = ? AND settled = ''", log).Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &a, err
}

// alarmByID reads one alarm.
func alarmByID(ctx context.Context, r store.Reader, id qms.ID) (*CheckpointAlarm, error) {
	var a CheckpointAlarm
	err := r.Select(&a).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, qms.NotFound("checkpoint.no_alarm")
	}
	return &a, err
}

// alarmsOver reads the alarms over the logs, those that are open first, then the newest.
func alarmsOver(ctx context.Context, r store.Reader, logs []string, openOnly bool) ([]CheckpointAlarm, error) {
	if len(logs) == 0 {
		return nil, nil
	}
	var all []CheckpointAlarm
	q := r.Select(&all).Where("log IN (?)", bun.List(logs))
	if openOnly {
		q = q.Where("settled = ''")
	}
	err := q.OrderExpr("CASE WHEN settled = '' THEN 0 ELSE 1 END, id DESC").Limit(maxAlarms).Scan(ctx)
	return all, err
}

// openAlarms reads the alarms that stand over the logs, over every log when none is named.
func openAlarms(ctx context.Context, r store.Reader, logs []string) ([]CheckpointAlarm, error) {
	if len(logs) > 0 {
		return alarmsOver(ctx, r, logs, true)
	}
	var all []CheckpointAlarm
	err := r.Select(&all).Where("settled = ''").OrderExpr("id DESC").Limit(maxAlarms).Scan(ctx)
	return all, err
}

// everyAlarm reads the alarms of the site and of every platform, those that are open first.
func everyAlarm(ctx context.Context, r store.Reader) ([]CheckpointAlarm, error) {
	var all []CheckpointAlarm
	err := r.Select(&all).OrderExpr("CASE WHEN settled = '' THEN 0 ELSE 1 END, id DESC").Limit(maxAlarms).Scan(ctx)
	return all, err
}

// maxAlarms is how many alarms one list shows.
const maxAlarms = 200

// addresses reads whom daily checkpoints are mailed to.
func addresses(ctx context.Context, r store.Reader) ([]CheckpointAddress, error) {
	var all []CheckpointAddress
	err := r.Select(&all).Where("ended = ''").Order("address").Scan(ctx)
	return all, err
}

// addressByID reads one of them.
func addressByID(ctx context.Context, r store.Reader, id qms.ID) (*CheckpointAddress, error) {
	var a CheckpointAddress
	err := r.Select(&a).Where("id = ? AND ended = ''", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, qms.NotFound("checkpoint.no_address")
	}
	return &a, err
}

// placesOf names platforms.
func placesOf(ctx context.Context, r store.Reader, platforms []qms.ID) (map[qms.ID]Place, error) {
	found := make(map[qms.ID]Place, len(platforms))
	if len(platforms) == 0 {
		return found, nil
	}
	rows, err := r.Query(ctx, "SELECT id, code, name FROM platforms WHERE id IN (?)", bun.List(platforms))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p Place
		if err := rows.Scan(&p.ID, &p.Code, &p.Name); err != nil {
			return nil, err
		}
		found[p.ID] = p
	}
	return found, rows.Err()
}
