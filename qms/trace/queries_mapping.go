package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

func mappingBySignature(ctx context.Context, r store.Reader, platform qms.ID, signature string) (*RegisterMapping, error) {
	row := new(RegisterMapping)
	return one(ctx, r.Select(row).Where("platform = ? AND signature = ? AND void = ''", platform, signature), row, "record.not_found")
}

func mappingsOf(ctx context.Context, r store.Reader, platform qms.ID, all bool) ([]RegisterMapping, error) {
	var rows []RegisterMapping
	q := r.Select(&rows).Where("platform = ?", platform).Order("remembered_at DESC", "id DESC")
	if !all {
		q = q.Where("void = ''")
	}
	return rows, q.Scan(ctx)
}
