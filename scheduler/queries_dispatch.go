package scheduler

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// dispatched reports whether something about that was written to the address already.
func dispatched(ctx context.Context, r store.Reader, about, address string) (bool, error) {
	var d Dispatch
	err := r.Select(&d).Column("id").Where("about = ? AND address = ?", about, address).Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// dispatchesAbout reads what was written about things whose name begins so.
func dispatchesAbout(ctx context.Context, r store.Reader, prefix string) ([]Dispatch, error) {
	var all []Dispatch
	err := r.Select(&all).Where("about >= ? AND about < ?", prefix, prefix+"~").Order("id").Scan(ctx)
	return all, err
}

func dispatchesByID(ctx context.Context, r store.Reader, ids []qms.ID) (map[qms.ID]*Dispatch, error) {
	found := make(map[qms.ID]*Dispatch, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var all []Dispatch
	err := r.Select(&all).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	for i := range all {
		found[all[i].ID] = &all[i]
	}
	return found, err
}
