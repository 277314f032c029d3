package documents

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// periodsNamed reads the versions of the documents that have these codes, of all when there are none,
// with a row of no version for a document that has none.
func periodsNamed(ctx context.Context, r store.Reader, platform qms.ID, codes []string) ([]periodRow, error) {
	query, args := `SELECT d.code, COALESCE(v.major, 0), COALESCE(v.minor, 0), v.effective_from, v.effective_until
FROM documents AS d LEFT JOIN versions AS v ON v.document = d.id WHERE d.platform = ?`, []any{platform}
	if len(codes) > 0 {
		query += " AND d.code IN (?)"
		args = append(args, bun.List(codes))
	}
	rows, err := r.Query(ctx, query, args...)
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
