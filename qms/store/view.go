package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"runtime"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
)

// Reader reads within one transaction. It is implemented by what View hands out and by *Tx.
type Reader interface {
	// Select begins a query on the table of models[0], a pointer to a row struct or to a slice of them.
	Select(models ...any) *bun.SelectQuery
	// Query runs one SELECT with bun's ? placeholders, for streaming big sets. Close the rows before
	// the next query. Read instants through Instant: the engines hand them over differently.
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	Actor() qms.Actor
	Now() time.Time              // the same instant all through the transaction
	Today() qms.Date             // the civil date of Now
	DayOf(at time.Time) qms.Date // the civil date of any instant, where the site is
	Engine() Engine
}

var errNested = errors.New("store: View or Change inside another one; pass the Reader or the Tx down instead")

// View runs fn in a read-only transaction, when the actor of ctx holds needs. All reads of fn see
// one state of the data. Nesting is refused.
func (db *DB) View(ctx context.Context, needs qms.Permission, fn func(Reader) error) error {
	leave, err := db.enter()
	if err != nil {
		return err
	}
	defer leave()
	actor := qms.ActorFrom(ctx)
	if err := authorise(actor, needs); err != nil {
		return err
	}
	tx, err := db.reader.BeginTx(ctx, db.viewOptions())
	if err != nil {
		return translate(ctx, err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written, so nothing can be lost
	return translate(ctx, fn(db.reading(tx, actor)))
}

func (db *DB) viewOptions() *sql.TxOptions {
	if db.engine == PostgreSQL {
		return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return nil // query_only on the connection, and one snapshot a transaction by nature
}

func authorise(actor qms.Actor, needs qms.Permission) error {
	if needs.Right == "" {
		return errors.New("store: no right is asked for; qms.Public is the one that anybody holds")
	}
	return qms.Authorise(actor, needs)
}

// enter notes that this goroutine is inside. A nested transaction would wait for the one writer for
// ever on SQLite, and see another state of the data everywhere.
func (db *DB) enter() (leave func(), err error) {
	id := goroutine()
	if _, inside := db.inside.LoadOrStore(id, struct{}{}); inside {
		return nil, errNested
	}
	return func() { db.inside.Delete(id) }, nil
}

// goroutine names the running goroutine by the head of its stack, "goroutine 7 [running]:". The
// context cannot tell: fn takes none, so a nested call comes with the outer one.
func goroutine() string {
	var buf [32]byte
	head := buf[:runtime.Stack(buf[:], false)]
	head = bytes.TrimPrefix(head, []byte("goroutine "))
	id, _, _ := bytes.Cut(head, []byte(" "))
	return string(id)
}

// reading is the Reader of one transaction.
type reading struct {
	db     *DB
	conn   conn
	handle *bun.DB
	actor  qms.Actor
	now    time.Time
}

func (db *DB) reading(tx *sql.Tx, actor qms.Actor) *reading {
	return &reading{
		db:     db,
		conn:   conn{tx: tx, engine: db.engine},
		handle: db.sealed.WithQueryHook(guard{db.engine}),
		actor:  actor,
		now:    db.Now(),
	}
}

// Select begins a query, see Reader.
func (r *reading) Select(models ...any) *bun.SelectQuery {
	q := r.handle.NewSelect().Conn(r.conn)
	if len(models) > 0 {
		q = q.Model(models[0])
	}
	return q
}

// Query runs one SELECT, see Reader.
func (r *reading) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return r.conn.QueryContext(ctx, r.db.gen.FormatQuery(query, args...))
}

// Actor is who acts.
func (r *reading) Actor() qms.Actor { return r.actor }

// Now is the instant of the transaction.
func (r *reading) Now() time.Time { return r.now }

// Today is the civil date of Now where the site is.
func (r *reading) Today() qms.Date { return qms.DateOf(r.now, r.db.location) }

// DayOf is the civil date of an instant where the site is.
func (r *reading) DayOf(at time.Time) qms.Date { return qms.DateOf(at, r.db.location) }

// Engine is the database behind.
func (r *reading) Engine() Engine { return r.db.engine }
