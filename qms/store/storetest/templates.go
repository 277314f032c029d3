package storetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"maillon/qms/qmstest"
	"maillon/qms/store"
)

// template is a migrated database with the extra tables and the watching triggers, made once a
// process and copied for every test.
type template struct {
	once sync.Once
	file []byte // of SQLite
	name string // of PostgreSQL's database
	err  error
}

var (
	templates sync.Map // engine + extra → *template
	numbers   atomic.Int64
)

func templateOf(engine store.Engine, extra string) *template {
	found, _ := templates.LoadOrStore(string(engine)+extra, new(template))
	return found.(*template)
}

// newDatabase copies a template and returns the address of the copy.
func newDatabase(tb testing.TB, engine store.Engine, extra string) string {
	tb.Helper()
	t := templateOf(engine, extra)
	if engine == store.SQLite {
		t.once.Do(func() { t.file, t.err = sqliteTemplate(extra) })
		path := filepath.Join(tb.TempDir(), "maillon.db")
		err := t.err
		if err == nil {
			err = os.WriteFile(path, t.file, 0o600)
		}
		if err != nil {
			tb.Fatalf("make a SQLite database: %v", err)
		}
		return "sqlite:" + path
	}
	server, err := postgres()
	if err != nil {
		qmstest.Without(tb, qmstest.PostgreSQL, "%v", err)
	}
	t.once.Do(func() { t.name, t.err = server.template(extra) })
	if t.err != nil {
		tb.Fatalf("make a PostgreSQL template: %v", t.err)
	}
	name := fmt.Sprintf("test_%d", numbers.Add(1))
	if err := server.exec("CREATE DATABASE " + name + " TEMPLATE " + t.name); err != nil {
		tb.Fatalf("make a PostgreSQL database: %v", err)
	}
	tb.Cleanup(func() { server.exec("DROP DATABASE " + name + " WITH (FORCE)") }) //nolint:errcheck // the server goes anyway
	return server.url(name)
}

func sqliteTemplate(extra string) ([]byte, error) {
	return sqliteFile(func(url string) error { return prepare(url, extra) })
}

// sqliteFile is the database that fill leaves.
func sqliteFile(fill func(url string) error) ([]byte, error) {
	dir, err := os.MkdirTemp("", "maillon-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := fill("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // closing the last connection brought the WAL home
}

// migrated is a SQLite database as Migrate leaves it, made once a process.
var migrated = sync.OnceValues(func() ([]byte, error) {
	return sqliteFile(func(url string) error {
		ctx := context.Background()
		db, err := store.Open(ctx, store.Options{URL: url})
		if err != nil {
			return err
		}
		return errors.Join(db.Migrate(ctx), db.Close())
	})
})

// Lay puts a migrated SQLite database into the folder of a site that a test is going to open, which
// takes a tenth of the time that migrating it there does. It is not watched.
func Lay(tb testing.TB, folder string) {
	tb.Helper()
	file, err := migrated()
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "maillon.db"), file, 0o600)
	}
	if err != nil {
		tb.Fatalf("lay a migrated database: %v", err)
	}
}

func (s *server) template(extra string) (string, error) {
	sum := sha256.Sum256([]byte(extra))
	name := "template_" + hex.EncodeToString(sum[:4])
	if err := s.exec("CREATE DATABASE " + name); err != nil {
		return "", err
	}
	return name, prepare(s.url(name), extra)
}

// prepare migrates, adds the extra tables and watches all.
func prepare(url, extra string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{URL: url})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	raw, err := openRaw(url)
	if err != nil {
		return err
	}
	defer raw.Close()
	for _, statement := range strings.Split(extra, "--bun:split") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := raw.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("extra tables: %w", err)
		}
	}
	return watch(ctx, raw, db.Engine())
}

// watch puts a trigger on every business table that notes each row written.
func watch(ctx context.Context, raw *sql.DB, engine store.Engine) error {
	tables, err := businessTables(ctx, raw, engine)
	if err != nil {
		return err
	}
	tx, err := raw.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, statement := range watchers(engine, tables) {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("watch: %w", err)
		}
	}
	return tx.Commit()
}

func watchers(engine store.Engine, tables []string) []string {
	statements := []string{"CREATE TABLE shadow_rows (row_table TEXT NOT NULL, row_id TEXT NOT NULL)"}
	if engine == store.PostgreSQL {
		statements = append(statements, `CREATE FUNCTION shadow_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			INSERT INTO shadow_rows VALUES (TG_TABLE_NAME, COALESCE(NEW.id, OLD.id)); RETURN NULL; END $$`)
	}
	for _, table := range tables {
		if engine == store.PostgreSQL {
			statements = append(statements, fmt.Sprintf(`CREATE TRIGGER shadow AFTER INSERT OR UPDATE OR DELETE ON %q
				FOR EACH ROW EXECUTE FUNCTION shadow_note()`, table))
			continue
		}
		for event, row := range map[string]string{"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"} {
			statements = append(statements, fmt.Sprintf(`CREATE TRIGGER "shadow_%s_%s" AFTER %s ON %q
				BEGIN INSERT INTO shadow_rows VALUES ('%s', %s.id); END`, table, event, event, table, table, row))
		}
	}
	return statements
}

// businessTables are all tables but the kernel's, bun's, the engine's own and the search index, which
// is derived from records and no record itself.
func businessTables(ctx context.Context, raw *sql.DB, engine store.Engine) ([]string, error) {
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
	if engine == store.PostgreSQL {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
	}
	rows, err := raw.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if !strings.HasPrefix(name, "trail_") && !strings.HasPrefix(name, "bun_") &&
			!strings.HasPrefix(name, "search_") && name != "counters" {
			tables = append(tables, name)
		}
	}
	return tables, rows.Err()
}

// Unrecorded lists the rows that were written more or less often than the trail says, one sentence
// each. Every insert and update is one change; a delete is none, and so always shows.
func Unrecorded(ctx context.Context, db *store.DB) ([]string, error) {
	raw, err := openRaw(of(db).url)
	if err != nil {
		return nil, err
	}
	defer raw.Close()
	rows, err := raw.QueryContext(ctx, `SELECT row_table, row_id, SUM(written), SUM(recorded) FROM (
		SELECT row_table, row_id, 1 AS written, 0 AS recorded FROM shadow_rows UNION ALL
		SELECT row_table, row_id, 0, 1 FROM trail_changes) AS notes
		GROUP BY row_table, row_id HAVING SUM(written) <> SUM(recorded) ORDER BY row_table, row_id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var table, id string
		var written, recorded int
		if err := rows.Scan(&table, &id, &written, &recorded); err != nil {
			return nil, err
		}
		found = append(found, fmt.Sprintf("%s %s was written %d times, the trail knows of %d", table, id, written, recorded))
	}
	return found, rows.Err()
}
