package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"

	"maillon/migrations"
)

// Migrate brings the schema up to date, all files that are missing in one transaction: after a crash
// none of them was applied. Replicas that start at once wait for each other.
func (db *DB) Migrate(ctx context.Context) error { return db.migrate(ctx, migrations.FS) }

// migrateKey names the advisory lock on PostgreSQL: "maillon" in bytes.
const migrateKey = 0x6d61696c6c6f6e

func (db *DB) migrate(ctx context.Context, files fs.FS) error {
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return translate(ctx, err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if db.engine == PostgreSQL {
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", migrateKey)); err != nil {
			return translate(ctx, err)
		}
	}
	list, err := migrationsOf(files, tx, db.engine)
	if err != nil {
		return err
	}
	m := migrate.NewMigrator(bun.NewDB(sql.OpenDB(nowhere{}), dialectOf(db.engine), bun.WithConnResolver(within{tx})), list,
		migrate.WithMarkAppliedOnSuccess(true))
	if err := m.Init(ctx); err != nil {
		return fmt.Errorf("migrate: %w", translate(ctx, err))
	}
	group, err := m.Migrate(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", translate(ctx, err))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("migrate: %w", translate(ctx, err))
	}
	if !group.IsZero() {
		db.logger.InfoContext(ctx, "migrated", "applied", group.Migrations.String())
	}
	return nil
}

// within sends what the migrator asks through the one transaction.
type within struct{ tx *sql.Tx }

// ResolveConn is the transaction, for every query.
func (w within) ResolveConn(context.Context, bun.Query) bun.IConn { return w.tx }

// Close has nothing to close.
func (within) Close() error { return nil }

// migrationsOf reads NUMBER_subject.up.sql files, and of NUMBER_subject.ENGINE.up.sql files those of
// the engine; each runs in tx.
func migrationsOf(files fs.FS, tx *sql.Tx, engine Engine) (*migrate.Migrations, error) {
	list := migrate.NewMigrations()
	names, err := fs.Glob(files, "*.up.sql")
	if err != nil {
		return nil, err
	}
	for _, file := range names {
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, err
		}
		number, subject, ok := strings.Cut(strings.TrimSuffix(file, ".up.sql"), "_")
		if !ok {
			return nil, fmt.Errorf("migrate: %s is not named NUMBER_subject.up.sql", file)
		}
		if _, only, named := strings.Cut(subject, "."); named && only != string(engine) {
			continue
		}
		list.Add(migrate.Migration{Name: number, Comment: subject, Up: func(ctx context.Context, _ *migrate.Migrator, _ *migrate.Migration) error {
			return runAll(ctx, tx, string(text))
		}})
	}
	return list, nil
}

func runAll(ctx context.Context, tx *sql.Tx, text string) error {
	for _, statement := range strings.Split(text, "--bun:split") {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
