package store

import (
	"context"
)

// ahead is the one statement of a writing transaction that the database may be busy with while the
// next is prepared. It is settled before the connection is used for anything else.
type ahead struct {
	ctx    context.Context
	done   chan error // nil when nothing is under way
	failed error      // the first failure: nothing is sent after it, nor read
}

// send begins a statement and does not wait for it.
func (a *ahead) send(ctx context.Context, statement func() error) {
	a.ctx, a.done = ctx, make(chan error, 1)
	go func(done chan<- error) { done <- statement() }(a.done)
}

// settle waits for the statement under way and tells the first failure. A reading transaction has none.
func (a *ahead) settle() error {
	if a == nil {
		return nil
	}
	if a.done != nil {
		err := <-a.done
		a.done = nil
		if err != nil {
			a.failed = translate(a.ctx, err)
		}
	}
	return a.failed
}
