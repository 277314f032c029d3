package store

import "context"

// verifiedAtOnce is how many leaves, or changes, one batch holds. At most four are in memory: read, handed
// over, waiting, checked.
const verifiedAtOnce = 4000

// alongside checks one batch while the next is being read: the database works meanwhile. It returns when
// both are done, with the error of read.
func alongside[T any](ctx context.Context, read func(ctx context.Context, give func(T) error) error, check func(T)) error {
	ctx, cancel := context.WithCancel(ctx)
	// One may wait: the last changes of some leaves come just before the leaves, and reading would stand still
	// for as long as either is checked.
	batches, done := make(chan T, 1), make(chan error, 1)
	go func() {
		defer close(batches)
		done <- read(ctx, func(batch T) error {
			select {
			case batches <- batch:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	defer func() { // the transaction is the caller's: nothing reads in it any more, not after a panic either
		cancel()
		for range batches { //nolint:revive // emptied
		}
	}()
	for batch := range batches {
		check(batch)
	}
	return <-done
}
