package demo

import (
	"context"

	"maillon/audits/witness"
	"maillon/qms"
)

// keptDays is how many of the last days have their daily checkpoints: a real site has one of every day.
const keptDays = 8

// witness has the site keep checkpoints as it does by itself, mail them to the archives of the institution,
// and the quality lead keep one before the visit of the auditor.
func (y *year) witness(platform qms.ID, lead int) {
	y.steps = append(y.steps, step{30, func(ctx context.Context) error {
		_, err := y.h.Witness.AddAddress(qms.WithActor(ctx, qms.System("demo")), witness.AddAddress{Address: "archives@institution.example", Language: "fr"})
		return err
	}})
	y.on(339, lead, func(ctx context.Context) error {
		_, err := y.h.Witness.Keep(ctx, platform)
		return err
	})
	for day := Days - keptDays; day < Days; day++ {
		y.steps = append(y.steps, step{day, func(ctx context.Context) error {
			return y.h.Witness.Tick(qms.WithActor(ctx, qms.System("scheduler")))
		}})
	}
}
