package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// errGate says what the store says to any statement but SELECT that is not its own.
var errGate = errors.New("store: only SELECT passes here; write with Tx.Insert and Tx.Update, so that the trail knows")

// conn is what the queries of rooms run on: the transaction behind a gate that lets one SELECT at a
// time through. It is a bun.IConn and no more.
type conn struct {
	tx     *sql.Tx
	engine Engine
	ahead  *ahead // of a writing transaction
}

// settled is the transaction when no statement of it is under way.
func (c conn) settled() (*sql.Tx, error) { return c.tx, c.ahead.settle() }

// QueryContext runs one SELECT.
func (c conn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := onlySelect(c.engine, query); err != nil {
		return nil, err
	}
	tx, err := c.settled()
	if err != nil {
		return nil, err
	}
	count(ctx)
	rows, err := tx.QueryContext(ctx, query, args...)
	return rows, translate(ctx, err)
}

// ExecContext runs one SELECT for nothing; it is here since a bun.IConn has it.
func (c conn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := onlySelect(c.engine, query); err != nil {
		return nil, err
	}
	tx, err := c.settled()
	if err != nil {
		return nil, err
	}
	count(ctx)
	result, err := tx.ExecContext(ctx, query, args...)
	return result, translate(ctx, err)
}

// QueryRowContext runs one SELECT of one row.
func (c conn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	err := onlySelect(c.engine, query)
	if err == nil {
		_, err = c.settled()
	}
	if err != nil {
		ctx = refused{ctx, err}
	} else {
		count(ctx)
	}
	return c.tx.QueryRowContext(ctx, query, args...)
}

// guard is the hook on the handles that bun's queries carry along. A hook cannot return an error, so
// it hands the driver a context that is over: database/sql looks at it first and sends nothing.
type guard struct{ engine Engine }

var _ bun.QueryHook = guard{}

// BeforeQuery stops any statement but a SELECT.
func (g guard) BeforeQuery(ctx context.Context, event *bun.QueryEvent) context.Context {
	if err := onlySelect(g.engine, event.Query); err != nil {
		return refused{ctx, err}
	}
	return ctx
}

// AfterQuery does nothing.
func (guard) AfterQuery(context.Context, *bun.QueryEvent) {}

// refused is a context that is over for the reason err.
type refused struct {
	context.Context
	err error
}

var over = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// Done is closed from the beginning.
func (refused) Done() <-chan struct{} { return over }

// Err is the reason.
func (r refused) Err() error { return r.err }

// Deadline is none.
func (refused) Deadline() (time.Time, bool) { return time.Time{}, false }

// onlySelect refuses a text that is not one SELECT without effect: data-changing WITH, SELECT INTO,
// row locks, a second statement, and functions that write. What it cannot read, it refuses.
func onlySelect(e Engine, query string) error {
	lex := lexer{engine: e, text: query}
	first, ended := "", false
	for {
		word, kind := lex.next()
		switch {
		case kind == broken:
			return fmt.Errorf("%w (unreadable statement)", errGate)
		case kind == end && first == "":
			return fmt.Errorf("%w (empty statement)", errGate)
		case kind == end:
			return nil
		case ended:
			return fmt.Errorf("%w (two statements)", errGate)
		case kind == semicolon:
			ended = true
		case kind == name && first == "":
			if first = word; first != "SELECT" && first != "WITH" {
				return fmt.Errorf("%w (%s)", errGate, first)
			}
		case kind == name && writes(word):
			return fmt.Errorf("%w (%s)", errGate, word)
		}
	}
}
