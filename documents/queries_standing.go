package documents

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// Known is a document as another room names it by its code.
type Known struct {
	Title   string
	InForce bool   // a version of it is in force on the day
	Version string // that one
}

// NamedOn tells how documents stand on a day, by code, in two statements. Those that the platform has not
// are not there. It is for readers of the whole library.
func NamedOn(ctx context.Context, r store.Reader, platform qms.ID, codes []string, day qms.Date) (map[string]Known, error) {
	found := make(map[string]Known, len(codes))
	if len(codes) == 0 {
		return found, nil
	}
	periods, err := PeriodsNamed(ctx, r, platform, codes)
	if err != nil {
		return nil, err
	}
	rows, err := r.Query(ctx, "SELECT code, title FROM documents WHERE platform = ? AND code IN (?)", platform, bun.List(codes))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var code string
		var n Known
		if err := rows.Scan(&code, &n.Title); err != nil {
			return nil, err
		}
		for number, p := range periods[code] {
			if p.Contains(day) {
				n.InForce, n.Version = true, number
			}
		}
		found[code] = n
	}
	return found, rows.Err()
}
