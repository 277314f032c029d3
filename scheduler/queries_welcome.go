package scheduler

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// welcomesByID reads letters to auditors.
func welcomesByID(ctx context.Context, r store.Reader, ids []qms.ID) (map[qms.ID]*Welcome, error) {
	var all []Welcome
	err := r.Select(&all).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	found := make(map[qms.ID]*Welcome, len(all))
	for i := range all {
		found[all[i].ID] = &all[i]
	}
	return found, err
}
