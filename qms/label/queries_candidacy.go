package label

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// found reads the one row that q selects; qms.NotFound when there is none.
func found[T any](ctx context.Context, q *bun.SelectQuery, row *T) (*T, error) {
	err := q.Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, qms.NotFound("record.not_found")
	}
	if err != nil {
		return nil, err
	}
	return row, nil
}

// onPlatforms narrows to the platforms, not at all when none is named.
func onPlatforms(q *bun.SelectQuery, platforms []qms.ID) *bun.SelectQuery {
	if len(platforms) == 0 {
		return q
	}
	return q.Where("platform IN (?)", bun.List(platforms))
}

// officersOf reads who looks after platforms, of all when none is named, by platform, the earliest first.
func officersOf(ctx context.Context, r store.Reader, platforms []qms.ID) ([]Officer, error) {
	var all []Officer
	err := onPlatforms(r.Select(&all), platforms).Order("platform", "from_day", "id").Scan(ctx)
	return all, err
}

func officerByID(ctx context.Context, r store.Reader, platform, id qms.ID) (*Officer, error) {
	row := new(Officer)
	return found(ctx, r.Select(row).Where("platform = ? AND id = ?", platform, id), row)
}

// candidaciesOf reads the candidacies of platforms, of all when none is named, by platform, the earliest
// first.
func candidaciesOf(ctx context.Context, r store.Reader, platforms []qms.ID) ([]Candidacy, error) {
	var all []Candidacy
	err := onPlatforms(r.Select(&all), platforms).Order("platform", "received_on", "id").Scan(ctx)
	return all, err
}

func candidacyByID(ctx context.Context, r store.Reader, platform, id qms.ID) (*Candidacy, error) {
	row := new(Candidacy)
	return found(ctx, r.Select(row).Where("platform = ? AND id = ?", platform, id), row)
}

// currentCandidacy reads the one that counts and has not ended; qms.NotFound when there is none.
func currentCandidacy(ctx context.Context, r store.Reader, platform qms.ID) (*Candidacy, error) {
	row := new(Candidacy)
	return found(ctx, r.Select(row).Where("platform = ? AND void = '' AND ended_on IS NULL", platform), row)
}

// institutionsOf reads every institution, by short name, void ones too.
func institutionsOf(ctx context.Context, r store.Reader) ([]Institution, error) {
	var all []Institution
	err := r.Select(&all).Order("short_name", "id").Scan(ctx)
	return all, err
}

func institutionByID(ctx context.Context, r store.Reader, id qms.ID) (*Institution, error) {
	row := new(Institution)
	return found(ctx, r.Select(row).Where("id = ?", id), row)
}
