package people

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Reached is how a person is reached.
type Reached struct {
	Name    string
	Email   string // that the person signs in with, else the one on record; may be empty
	SignsIn bool   // has an account that is open
}

// ReachedBy tells how persons are reached, in one statement, for rooms that write to them.
func ReachedBy(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]Reached, error) {
	if len(persons) == 0 {
		return map[qms.ID]Reached{}, nil
	}
	return reachedBy(ctx, r, persons)
}

// HeldEverywhere lists every role on every platform and on the site, of all times, in one statement.
func HeldEverywhere(ctx context.Context, r store.Reader) ([]Held, error) {
	return held(ctx, r, "1 = 1")
}

// EveryPlatform lists the platforms, whoever asks: for what Maillon itself does.
func EveryPlatform(ctx context.Context, r store.Reader) ([]Platform, error) { return platforms(ctx, r) }
