package trace

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// usesNumbered reads the uses of those numbers, voided ones too.
func usesNumbered(ctx context.Context, r store.Reader, platform qms.ID, numbers []string) (map[string]Use, error) {
	var rows []Use
	err := r.Select(&rows).Where("platform = ? AND number IN (?)", platform, bun.List(numbers)).Scan(ctx)
	byNumber := make(map[string]Use, len(rows))
	for _, u := range rows {
		byNumber[u.Number] = u
	}
	return byNumber, err
}
