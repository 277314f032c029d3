package store

import (
	"context"
	"sync/atomic"
)

// Counter counts the statements sent to the database under one context.
type Counter struct{ n atomic.Int64 }

// Count is how many statements were sent so far, BEGIN and COMMIT not among them. Statements that
// the store sends in one text count as one: what is counted is waiting.
func (c *Counter) Count() int { return int(c.n.Load()) }

type counterKey struct{}

// CountStatements starts a count of what is sent under the returned context. Tests use it to show
// that the number of statements does not depend on the number of records.
func CountStatements(ctx context.Context) (context.Context, *Counter) {
	c := new(Counter)
	return context.WithValue(ctx, counterKey{}, c), c
}

func count(ctx context.Context) {
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		c.n.Add(1)
	}
}
