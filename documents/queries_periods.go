package documents

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// periodsNamed reads the versions of the documents that have these codes, of all when there are none,
// and a row with its code for each document. They are not joined: a planner without statistics would go
// through all versions of the platform for each document, or through those of every platform.
func periodsNamed(ctx context.Context, r store.Reader, platform qms.ID, codes []string) ([]periodRow, error) {
	named, ofThose, args := "platform = ?", "platform = ?", []any{platform, platform}
	if len(codes) > 0 {
		named += " AND code IN (?)"
		ofThose = "document IN (SELECT id FROM documents WHERE " + named + ")"
		args = []any{platform, bun.List(codes), platform, bun.List(codes)}
	}
	rows, err := r.Query(ctx, `SELECT document, '' AS code, major, minor, effective_from, effective_until FROM versions WHERE `+ofThose+`
UNION ALL SELECT id, code, 0, 0, NULL, NULL FROM documents WHERE `+named, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []periodRow
	for rows.Next() {
		var v periodRow
		if err := rows.Scan(&v.Document, &v.Code, &v.Major, &v.Minor, &v.EffectiveFrom, &v.EffectiveUntil); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
