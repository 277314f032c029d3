package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// StandingsOn tells where platforms stand on the day, in a fixed number of statements. When none is
// named it tells it of every platform that anything is known of; the others are only identified.
func StandingsOn(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) (map[qms.ID]Standing, error) {
	facts, err := factsOf(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	standings := make(map[qms.ID]Standing, len(facts))
	for platform, f := range facts {
		standings[platform] = f.StandingOn(day)
	}
	return standings, nil
}
