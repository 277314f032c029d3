package audits

import (
	"context"
	"database/sql"
	"errors"

	"maillon/qms"
	"maillon/qms/store"
)

func exercises(ctx context.Context, r store.Reader, platform qms.ID, c qms.Cursor) ([]Exercise, error) {
	var rows []Exercise
	q := r.Select(&rows).ExcludeColumn("findings").Where("platform = ?", platform)
	if c.After != "" {
		q = q.Where("id < ?", c.After) // a UUIDv7 sorts by the instant of its making
	}
	err := q.Order("id DESC").Limit(int64(c.Limit() + 1)).Scan(ctx)
	return rows, err
}

func exerciseByNumber(ctx context.Context, r store.Reader, platform qms.ID, number string) (*Exercise, error) {
	var e Exercise
	err := r.Select(&e).Where("platform = ?", platform).Where("number = ?", number).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, qms.NotFound("exercise.not_found", number)
	}
	return &e, err
}

func itemsOf(ctx context.Context, r store.Reader, exercise qms.ID) ([]ExerciseItem, error) {
	var rows []ExerciseItem
	err := r.Select(&rows).Where("exercise = ?", exercise).Order("position").Scan(ctx)
	return rows, err
}

func linksOf(ctx context.Context, r store.Reader, exercise qms.ID) ([]ExerciseLink, error) {
	var rows []ExerciseLink
	err := r.Select(&rows).Where("exercise = ?", exercise).Order("item", "position").Scan(ctx)
	return rows, err
}
