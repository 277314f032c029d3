package demo

import (
	"context"

	"maillon/qms"
)

// scrubs has trails, records and vault held against each other in the last weeks of the year, as the site does
// every week by itself.
func (y *year) scrubs() {
	for day := Days - 35; day < Days; day += 7 {
		y.steps = append(y.steps, step{day, func(ctx context.Context) error {
			return y.h.Scrubs.Tick(qms.WithActor(ctx, qms.System("scheduler")))
		}})
	}
}
