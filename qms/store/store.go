package store

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
)

// Engine is the database behind a DB.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// Options say which database to open and what time it is there.
type Options struct {
	URL      string         // sqlite:PATH or postgres://...
	Clock    qms.Clock      // SystemClock when nil
	Location *time.Location // of civil dates; Europe/Paris when nil
	Logger   *slog.Logger   // discards when nil
}

// DB is an open database. Its methods are safe for concurrent use.
type DB struct {
	engine   Engine
	clock    qms.Clock
	location *time.Location
	logger   *slog.Logger
	writer   *sql.DB
	reader   *sql.DB
	sealed   *bun.DB
}

// Reader reads within one transaction. It is implemented by what View hands out and by *Tx.
type Reader interface {
	// Select begins a query on the table of models[0], a pointer to a row struct or to a slice of them.
	Select(models ...any) *bun.SelectQuery
	// Query runs one SELECT with bun's ? placeholders, for streaming big sets. Close the rows.
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	Actor() qms.Actor
	Now() time.Time  // the same instant all through the transaction
	Today() qms.Date // the civil date of Now
	Engine() Engine
}

// Tx is the one way to write: inside Change, until its function returns.
type Tx struct{}

// Open connects to the database and makes the folder of a SQLite file. It does not migrate.
func Open(ctx context.Context, o Options) (*DB, error) { return nil, nil }

// Migrate brings the schema up to date. It is safe to call from several replicas at once.
func (db *DB) Migrate(ctx context.Context) error { return nil }

// Close ends all connections.
func (db *DB) Close() error { return nil }

// Engine is the database behind.
func (db *DB) Engine() Engine { return db.engine }

// Now is the present instant, UTC, in whole microseconds.
func (db *DB) Now() time.Time { return qms.Instant(db.clock()) }

// Today is the present civil date in the location of the options.
func (db *DB) Today() qms.Date { return qms.DateOf(db.clock(), db.location) }

// View runs fn in a read-only transaction, when the actor of ctx holds needs. All reads of fn see
// one state of the data. Nesting is refused.
func (db *DB) View(ctx context.Context, needs qms.Permission, fn func(Reader) error) error {
	return nil
}

// Change runs fn in a writing transaction under the lock of the log that act.Platform names, when
// the actor of ctx holds act.Needs, and seals what fn changed as one leaf. When fn fails, or changes
// nothing, nothing is written. Nesting is refused.
//
// A permission whose Platform is empty is decided on act.Platform.
func (db *DB) Change(ctx context.Context, act qms.Act, fn func(*Tx) error) error { return nil }

// Select begins a query, see Reader.
func (tx *Tx) Select(models ...any) *bun.SelectQuery { return nil }

// Query runs one SELECT, see Reader.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return nil, nil
}

// Actor is who acts.
func (tx *Tx) Actor() qms.Actor { return qms.Actor{} }

// Now is the instant of the act.
func (tx *Tx) Now() time.Time { return time.Time{} }

// Today is the civil date of Now.
func (tx *Tx) Today() qms.Date { return 0 }

// Engine is the database behind.
func (tx *Tx) Engine() Engine { return "" }

// Act is what is being done.
func (tx *Tx) Act() qms.Act { return qms.Act{} }

// Insert adds rows, pointers to structs that embed qms.Row first. It fills an empty ID, sets
// Revision to 1 and, unless the struct's Row is tagged `trail:"site"`, fills an empty Platform with
// the act's. Rows of one type that follow each other go in batches.
func (tx *Tx) Insert(ctx context.Context, rows ...qms.Record) error { return nil }

// Update writes the row over the stored one of the same ID and Revision and moves Revision on. It
// is qms.Conflict("record.changed") when the stored revision is another. A row that is equal to the
// stored one is left alone: no new revision, no change in the trail.
func (tx *Tx) Update(ctx context.Context, row qms.Record) error { return nil }

// Next gives out the next number of the counter in the act's log: 1, 2, 3... without gaps, since a
// number is given back when the act fails.
func (tx *Tx) Next(ctx context.Context, counter string) (int64, error) { return 0, nil }

// Counter counts the statements sent to the database under one context.
type Counter struct{}

// Count is how many statements were sent so far, BEGIN and COMMIT not among them.
func (c *Counter) Count() int { return 0 }

// CountStatements starts a count for what is done under the returned context.
func CountStatements(ctx context.Context) (context.Context, *Counter) { return ctx, &Counter{} }
