package documents

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// periodsNamed reads the versions of the documents that have these codes.
func periodsNamed(ctx context.Context, r store.Reader, platform qms.ID, codes []string) ([]periodRow, error) {
	rows, err := r.Query(ctx, `SELECT d.code, v.major, v.minor, v.effective_from, v.effective_until
FROM documents AS d JOIN versions AS v ON v.document = d.id WHERE d.platform = ? AND d.code IN (?)`, platform, bun.List(codes))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []periodRow
	for rows.Next() {
		var v periodRow
		if err := rows.Scan(&v.Code, &v.Major, &v.Minor, &v.EffectiveFrom, &v.EffectiveUntil); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
