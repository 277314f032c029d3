package scheduler

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Source is one room's part of what falls due.
type Source interface {
	// Dues lists what is asked of the platforms, of all when none is named, that is not done as of day and
	// falls due by until, what is late included. It takes a fixed number of statements.
	Dues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) ([]qms.Due, error)
}
