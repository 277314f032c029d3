package trace

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// one reads the one row that q selects; a qms.NotFound with the key when there is none.
func one[T any](ctx context.Context, q *bun.SelectQuery, row *T, key string) (*T, error) {
	err := q.Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, qms.NotFound(key)
	}
	if err != nil {
		return nil, err
	}
	return row, nil
}

// settings are those of the platform, the defaults when it has set none.
func settings(ctx context.Context, r store.Reader, platform qms.ID) (CheckSettings, error) {
	var s CheckSettings
	row, err := one(ctx, r.Select(&s).Where("platform = ?", platform), &s, "settings.none")
	if qms.CodeOf(err) == qms.CodeNotFound {
		return DefaultSettings(), nil
	}
	if err != nil {
		return CheckSettings{}, err
	}
	return *row, nil
}

func allEquipment(ctx context.Context, r store.Reader, platform qms.ID) ([]Equipment, error) {
	return allOf[Equipment](ctx, r, platform, "code")
}

// allOf reads every row of one table of the platform.
func allOf[T any](ctx context.Context, r store.Reader, platform qms.ID, order string) ([]T, error) {
	var all []T
	err := r.Select(&all).Where("platform = ?", platform).Order(order).Scan(ctx)
	return all, err
}
