package demo

import (
	"context"

	"maillon/qms"
)

// reminders lets the site remind people through the year as it does by itself: asked every other week here,
// since a run tells what was reached since the one before.
func (y *year) reminders() {
	for day := 13; day < Days; day += 14 {
		y.steps = append(y.steps, step{day, func(ctx context.Context) error {
			return y.h.Reminders.Tick(qms.WithActor(ctx, qms.System("scheduler")))
		}})
	}
}
