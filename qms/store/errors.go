package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"maillon/qms"
)

// driverError is a refusal that a person may read, with the driver's own text for the log.
type driverError struct {
	refusal *qms.Error
	cause   error
}

// Error is for logs.
func (e *driverError) Error() string { return e.refusal.Error() + ": " + e.cause.Error() }

// Unwrap leads to the refusal and to the driver's error.
func (e *driverError) Unwrap() []error { return []error{e.refusal, e.cause} }

// translate turns what a driver says into a refusal where a person can do something about it:
// a record that exists already, a database that is busy, a disk that is full. The end of the context
// passes as it is; all else stays an internal error.
func translate(ctx context.Context, err error) error {
	if err == nil || qms.CodeOf(err) != "" {
		return err
	}
	if refusal := refusalOf(err); refusal != nil {
		return &driverError{refusal, err}
	}
	if ctx.Err() != nil && !errors.Is(err, ctx.Err()) && interrupted(err) {
		return ctx.Err()
	}
	return err
}

func refusalOf(err error) *qms.Error {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch code := lite.Code(); {
		case code == sqlite3.SQLITE_CONSTRAINT_UNIQUE, code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
			return qms.Conflict("record.exists")
		case code&0xff == sqlite3.SQLITE_BUSY, code&0xff == sqlite3.SQLITE_LOCKED:
			return qms.Busy("store.busy")
		case code&0xff == sqlite3.SQLITE_FULL:
			return qms.Busy("store.full")
		}
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "23505": // unique_violation
			return qms.Conflict("record.exists")
		case "40001", "40P01", "55P03", "53300", "57P01", "57P03": // serialization, deadlock, lock, connections, shutdown
			return qms.Busy("store.busy")
		case "53100": // disk_full
			return qms.Busy("store.full")
		}
	}
	return nil
}

// interrupted reports whether the driver says that it stopped because it was asked to.
func interrupted(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code()&0xff == sqlite3.SQLITE_INTERRUPT
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "57014" // query_canceled
}
