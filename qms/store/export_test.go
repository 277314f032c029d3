package store

import (
	"context"
	"database/sql"
	"io/fs"
)

// RawTx is the transaction behind a reader, for the test of what the engine itself refuses.
func RawTx(r Reader) *sql.Tx {
	if tx, ok := r.(*Tx); ok {
		return tx.conn.tx
	}
	return r.(*reading).conn.tx
}

// OnlySelect is the gate alone.
var OnlySelect = onlySelect

// The errors that are for programmers.
var (
	ErrGate    = errGate
	ErrNowhere = errNowhere
	ErrNested  = errNested
)

// RefusalOf is the table of the drivers' errors.
var RefusalOf = refusalOf

// MigrateFS is Migrate with other files.
func (db *DB) MigrateFS(ctx context.Context, files fs.FS) error { return db.migrate(ctx, files) }
