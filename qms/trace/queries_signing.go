package trace

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// reportsByID reads reports of a platform, those declared a mistake with them.
func reportsByID(ctx context.Context, r store.Reader, platform qms.ID, ids []qms.ID) (all []Report, err error) {
	for some := range slices.Chunk(ids, 500) {
		var found []Report
		if err := r.Select(&found).Where("platform = ?", platform).Where("id IN (?)", bun.List(some)).Scan(ctx); err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}
