package store

import (
	"context"

	"github.com/uptrace/bun"
)

// Written is how many leaves the logs hold together. Every write adds one in its own transaction, so
// what was read when it was the same holds still.
func Written(ctx context.Context, r Reader, logs ...string) (written int64, err error) {
	err = r.Select().TableExpr("trail_heads").ColumnExpr("CAST(COALESCE(SUM(size), 0) AS BIGINT)").
		Where("log IN (?)", bun.List(logs)).Scan(ctx, &written)
	return written, err
}
