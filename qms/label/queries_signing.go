package label

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// signedRows are the rows that signatures of the room cover, those declared a mistake with them.
type signedRows struct {
	missions   []Mission
	findings   []MissionFinding
	decisions  []MissionDecision
	conditions []AwardCondition
	events     []AwardEvent
	labels     []Label

	candidacies []Candidacy
}

func signedIn(ctx context.Context, r store.Reader, platform qms.ID) (all signedRows, err error) {
	for _, q := range []*bun.SelectQuery{
		r.Select(&all.missions).Order("id"), r.Select(&all.findings).Order("mission", "position"), r.Select(&all.decisions).Order("id"),
		r.Select(&all.conditions).Order("mission", "position"), r.Select(&all.events).Order("id"), r.Select(&all.labels).Order("id"),
		r.Select(&all.candidacies).Order("id"),
	} {
		if err := q.Where("platform = ?", platform).Scan(ctx); err != nil {
			return all, err
		}
	}
	return all, nil
}
