package trace

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// impactsRunning reads the dossiers of ImpactsIn.
func impactsRunning(ctx context.Context, r store.Reader, platform qms.ID, from, asOf qms.Date) ([]Impact, error) {
	var all []Impact
	q := r.Select(&all).Where("platform = ? AND opened_on <= ?", platform, asOf)
	if from != 0 {
		q = q.Where("(concluded_on IS NULL OR concluded_on >= ?)", from)
	}
	err := q.Order("opened_on", "number").Scan(ctx)
	return all, err
}

// itemRows streams the lines of a dossier that it had on the day; all when it is none.
func itemRows(ctx context.Context, r store.Reader, impact qms.ID, asOf qms.Date, yield func(*ImpactItem) error) error {
	q := r.Select(new(ImpactItem)).Where("impact = ?", impact).Order("position")
	if asOf != 0 {
		q = q.Where("(added_on IS NULL OR added_on <= ?)", asOf)
	}
	return each(ctx, q, yield)
}

// each hands over the rows of a query, one at a time.
func each[T any](ctx context.Context, q *bun.SelectQuery, yield func(*T) error) error {
	rows, err := q.Rows(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row := new(T)
		if err := q.DB().ScanRow(ctx, rows, row); err != nil {
			return err
		}
		if err := yield(row); err != nil {
			return err
		}
	}
	return rows.Err()
}
