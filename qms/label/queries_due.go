package label

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// meetingSteps reads, for each of the accompaniments, the days, states and revisions of all its sessions,
// also of those that do not count: so that their sum never falls.
func meetingSteps(ctx context.Context, r store.Reader, of []Accompaniment) (map[qms.ID][]Meeting, error) {
	found := make(map[qms.ID][]Meeting, len(of))
	if len(of) == 0 {
		return found, nil
	}
	ids := make([]qms.ID, len(of))
	for i := range of {
		ids[i] = of[i].ID
	}
	var all []Meeting
	err := r.Select(&all).Column("id", "revision", "accompaniment", "number", "day", "state", "void").Where("accompaniment IN (?)", bun.List(ids)).
		Order("day", "start", "number").Scan(ctx)
	for _, m := range all {
		found[m.Accompaniment] = append(found[m.Accompaniment], m)
	}
	return found, err
}
