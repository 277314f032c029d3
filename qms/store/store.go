package store

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

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
	writer   *sql.DB // on SQLite one connection, whose transactions begin as writers
	reader   *sql.DB // on SQLite a pool that the engine holds read-only; on PostgreSQL the writer's
	sealed   *bun.DB // builds the queries of rooms, and is connected to nothing
	gen      schema.QueryGen
	plans    sync.Map // reflect.Type → *plan
	inside   sync.Map // goroutine → struct{}: those in a View or a Change
	mirrors  sync.Map // kind → Mirror: what is derived from the rows an act writes
}

// Engine is the database behind.
func (db *DB) Engine() Engine { return db.engine }

// Now is the present instant, UTC, in whole microseconds.
func (db *DB) Now() time.Time { return qms.Instant(db.clock()) }

// Today is the present civil date in the location of the options.
func (db *DB) Today() qms.Date { return qms.DateOf(db.clock(), db.location) }

// Ping asks whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return translate(ctx, db.reader.PingContext(ctx)) }

// Close ends all connections.
func (db *DB) Close() error {
	err := db.writer.Close()
	if db.reader != db.writer {
		err = firstOf(err, db.reader.Close())
	}
	return firstOf(err, db.sealed.Close())
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
