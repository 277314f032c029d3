package store_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// onSQLite is a database whose writing connection obeys the pragma.
func onSQLite(t *testing.T, pragma string) *store.DB {
	t.Helper()
	db := storetest.OpenWith(t, store.SQLite, tables)
	err := db.Change(storetest.AsSystem(), add(platformA), func(tx *store.Tx) error {
		_, err := store.RawTx(tx).Exec(pragma)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestChange_SaysThatTheDiskIsFull(t *testing.T) {
	t.Parallel()
	db := onSQLite(t, "PRAGMA max_page_count = 200")
	ctx := storetest.As(qms.Manager, platformA)
	err := db.Change(ctx, add(platformA), func(tx *store.Tx) error {
		return tx.Insert(ctx, &Specimen{Name: "big", Body: strings.Repeat("x", 4<<20)})
	})
	if !errors.Is(err, qms.Busy("store.full")) {
		t.Errorf("got %v", err)
	}
	one(t, db, platformA, "small") // goes on afterwards
	if report, found := verified(t, db); !report.OK() || report.Entries != 1 {
		t.Errorf("%+v %v", report, found)
	}
}

func TestChange_SaysThatSomebodyElseWrites(t *testing.T) {
	t.Parallel()
	db := onSQLite(t, "PRAGMA busy_timeout = 20")
	other, err := storetest.Raw(t, db).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	ctx := storetest.As(qms.Manager, platformA)
	err = db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, &Specimen{}) })
	if !errors.Is(err, qms.Busy("store.busy")) {
		t.Errorf("got %v", err)
	}
	if _, err := other.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	one(t, db, platformA, "later")
}

func TestRefusalOf_KnowsPostgreSQLsCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]*qms.Error{
		"23505": qms.Conflict("record.exists"), "40001": qms.Busy("store.busy"), "40P01": qms.Busy("store.busy"),
		"53300": qms.Busy("store.busy"), "53100": qms.Busy("store.full"), "23503": nil, "42601": nil,
	} {
		got := store.RefusalOf(&pgconn.PgError{Code: code})
		if (got == nil) != (want == nil) || got != nil && !errors.Is(got, want) {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}

func TestChange_WaitsNoLongerThanItsContext(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx := storetest.As(qms.Manager, platformA)
		err := db.Change(ctx, add(platformA), func(*store.Tx) error {
			waited := make(chan error)
			go func() {
				short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
				defer cancel()
				waited <- db.Change(short, add(platformA), func(*store.Tx) error { return nil })
			}()
			return <-waited
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestOpen_RefusesAddressesWithoutRepeatingThem(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "mysql://user:secret@host/db", "sqlite:", "sqlite::memory:", "postgres://user:secret@host:port/db"} {
		db, err := store.Open(t.Context(), store.Options{URL: url})
		if err == nil {
			db.Close()
			t.Errorf("%q was opened", url)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
}

func TestOpen_MakesTheFolderAndTakesOddNames(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/à créer/50% #1?/été ;.db"
	for range 2 { // made, then found again
		db, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + path})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(t.Context()); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestMigrate_WaitsForAnotherReplica(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			url := "sqlite:" + t.TempDir() + "/new.db"
			if engine == store.PostgreSQL {
				db := storetest.Open(t, engine)
				url = storetest.URL(db)
				for _, statement := range []string{"DROP SCHEMA public CASCADE", "CREATE SCHEMA public"} {
					if _, err := storetest.Raw(t, db).Exec(statement); err != nil {
						t.Fatal(err)
					}
				}
			}
			done := make(chan error, 4)
			for range 4 {
				go func() {
					replica, err := store.Open(t.Context(), store.Options{URL: url})
					if err == nil {
						err = errors.Join(replica.Migrate(t.Context()), replica.Close())
					}
					done <- err
				}()
			}
			for range 4 {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
		})
	}
}
