package label

import (
	"context"
	"database/sql"
	"errors"

	"maillon/qms"
	"maillon/qms/store"
)

// referentials reads every version, the oldest first: there are a few in a decade.
func referentials(ctx context.Context, r store.Reader) ([]Referential, error) {
	var all []Referential
	err := r.Select(&all).Order("number").Scan(ctx)
	return all, err
}

func referentialByNumber(ctx context.Context, r store.Reader, number int64) (*Referential, error) {
	v := &Referential{}
	err := r.Select(v).Where("number = ?", number).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, qms.NotFound("referential.unknown", number)
	}
	return v, err
}

// criteriaOf reads the criteria of a version in their order.
func criteriaOf(ctx context.Context, r store.Reader, referential qms.ID) ([]Criterion, error) {
	var all []Criterion
	err := r.Select(&all).Where("referential = ? AND dropped = ?", referential, false).Order("position", "code").Scan(ctx)
	return all, err
}

// allCriteriaOf is criteriaOf with those that were dropped from the draft.
func allCriteriaOf(ctx context.Context, r store.Reader, referential qms.ID) ([]Criterion, error) {
	var all []Criterion
	err := r.Select(&all).Where("referential = ?", referential).Order("position", "code").Scan(ctx)
	return all, err
}

// criteriaCounts counts the criteria of every version.
func criteriaCounts(ctx context.Context, r store.Reader) (map[qms.ID]int, error) {
	rows, err := r.Query(ctx, `SELECT referential, COUNT(*) FROM criterions WHERE dropped = ? GROUP BY referential`, false)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[qms.ID]int{}
	for rows.Next() {
		var id qms.ID
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		counts[id] = n
	}
	return counts, rows.Err()
}
