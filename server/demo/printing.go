package demo

import (
	"context"

	"maillon/qms"
)

// printed plans that the printer of the site makes the renditions that were asked for on the day, as it does
// while a site is served. Most documents of the demo are PDF, so that this takes no converter; where there is
// none, the others are attached to their cover pages.
func (y *year) printed(day int) {
	y.steps = append(y.steps, step{day, func(ctx context.Context) error {
		return y.h.Documents.MakeRenditions(qms.WithActor(ctx, qms.System("printer")))
	}})
}
