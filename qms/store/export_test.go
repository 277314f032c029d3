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

// DoubtedTables are those whose states do not add up.
func DoubtedTables(ctx context.Context, r Reader) ([]string, error) {
	tables, err := businessTables(ctx, r)
	if err != nil {
		return nil, err
	}
	sums, err := newStates(tables)
	if err != nil {
		return nil, err
	}
	still := func(int) {}
	if err := (Verification{}).logs(ctx, r, new(Report), sums, still); err != nil {
		return nil, err
	}
	return sums.hold(ctx, r, new(Report), still)
}

// VerifyRows looks every row up.
func VerifyRows(ctx context.Context, r Reader) (Report, error) {
	var report Report
	tables, err := businessTables(ctx, r)
	if err != nil {
		return report, err
	}
	v := &rowVerifier{r: r, report: &report, tables: tables, tell: func(int) {}}
	return report, v.verify(ctx)
}
