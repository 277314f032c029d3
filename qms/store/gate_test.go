package store_test

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// one adds a specimen and returns it.
func one(t testing.TB, db *store.DB, platform qms.ID, name string) *Specimen {
	t.Helper()
	ctx := storetest.As(qms.Manager, platform)
	s := &Specimen{Name: name}
	if err := db.Change(ctx, add(platform), func(tx *store.Tx) error { return tx.Insert(ctx, s) }); err != nil {
		t.Fatal(err)
	}
	return s
}

// names reads the names of all specimens, past the store.
func names(t testing.TB, db *store.DB) []string {
	t.Helper()
	rows, err := storetest.Raw(t, db).Query("SELECT name FROM specimens ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	return all
}

func TestTypes_HandOutNoRawHandle(t *testing.T) {
	t.Parallel()
	raw := []reflect.Type{
		reflect.TypeFor[*sql.DB](), reflect.TypeFor[*sql.Tx](), reflect.TypeFor[*sql.Conn](), reflect.TypeFor[*sql.Stmt](),
		reflect.TypeFor[*bun.DB](), reflect.TypeFor[bun.Tx](), reflect.TypeFor[bun.Conn](),
		reflect.TypeFor[bun.IConn](), reflect.TypeFor[bun.IDB](),
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[store.Reader](), reflect.TypeFor[*store.Tx](), reflect.TypeFor[*store.DB]()} {
		for i := range typ.NumMethod() {
			method := typ.Method(i)
			for o := range method.Type.NumOut() {
				for _, handle := range raw {
					out := method.Type.Out(o)
					if out == handle || handle.Kind() == reflect.Interface && out.Kind() != reflect.Interface && out.Implements(handle) {
						t.Errorf("%s.%s hands out %s", typ, method.Name, out)
					}
				}
			}
		}
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[store.Tx](), reflect.TypeFor[store.DB]()} {
		for _, field := range reflect.VisibleFields(typ) {
			if field.IsExported() && !field.Anonymous {
				t.Errorf("%s.%s is exported", typ, field.Name)
			}
		}
	}
}

// breakIns are ways to write past the pen that bun's queries leave open.
var breakIns = map[string]func(ctx context.Context, r store.Reader, row *Specimen) error{
	"update by the query's handle": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Select(row).DB().NewUpdate().Model(row).Set("name = 'broken'").Where("1 = 1").Exec(ctx)
		return err
	},
	"update by a query turned round": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Select(row).DB().NewInsert().Model(&Specimen{Row: qms.Row{ID: "x"}, Name: "broken"}).Exec(ctx)
		return err
	},
	"raw delete": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Select(row).DB().NewRaw("DELETE FROM specimens").Exec(ctx)
		return err
	},
	"raw delete that scans": func(ctx context.Context, r store.Reader, row *Specimen) error {
		var ids []string
		return r.Select(row).DB().NewRaw("DELETE FROM specimens RETURNING id").Scan(ctx, &ids)
	},
	"exec on the handle": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Select(row).DB().ExecContext(ctx, "DELETE FROM specimens")
		return err
	},
	"row on the handle": func(ctx context.Context, r store.Reader, row *Specimen) error {
		return r.Select(row).DB().QueryRowContext(ctx, "DELETE FROM specimens RETURNING id").Err()
	},
	"transaction on the handle": func(ctx context.Context, r store.Reader, row *Specimen) error {
		return r.Select(row).DB().RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.NewDelete().Model(row).Where("1 = 1").Exec(ctx)
			return err
		})
	},
	"handle without hooks": func(ctx context.Context, r store.Reader, row *Specimen) error {
		db := r.Select(row).DB()
		db.ResetQueryHooks() //nolint:staticcheck // deprecated, and still there to be abused
		_, err := bun.NewDB(db.DB, db.Dialect()).NewDelete().Model(row).Where("1 = 1").Exec(ctx)
		return err
	},
	"database/sql below the handle": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Select(row).DB().DB.ExecContext(ctx, "DELETE FROM specimens")
		return err
	},
	"prepared below the handle": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Select(row).DB().PrepareContext(ctx, "DELETE FROM specimens")
		return err
	},
	"WITH that deletes": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Query(ctx, "WITH x AS (DELETE FROM specimens RETURNING id) SELECT * FROM x")
		return err
	},
	"WITH before a delete": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Query(ctx, "WITH x AS (SELECT 1) DELETE FROM specimens")
		return err
	},
	"WITH of bun that deletes": func(ctx context.Context, r store.Reader, row *Specimen) error {
		q := r.Select(row)
		var ids []string
		return q.With("x", q.DB().NewDelete().Model(row).Where("1 = 1").Returning("id")).Column("id").Scan(ctx, &ids)
	},
	"two statements": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Query(ctx, "SELECT 1; DELETE FROM specimens")
		return err
	},
	"two statements in an expression": func(ctx context.Context, r store.Reader, row *Specimen) error {
		var n int
		return r.Select().ColumnExpr("1; DELETE FROM specimens").Scan(ctx, &n)
	},
	"SELECT INTO": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Query(ctx, "SELECT * INTO loot FROM specimens")
		return err
	},
	"plain statement": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Query(ctx, "UPDATE specimens SET name = 'broken'")
		return err
	},
	"definition": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Select(row).DB().NewDropTable().Model(row).Exec(ctx)
		return err
	},
	"end of the transaction": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Query(ctx, "COMMIT")
		return err
	},
	"setting": func(ctx context.Context, r store.Reader, row *Specimen) error {
		_, err := r.Query(ctx, "PRAGMA query_only = 0")
		return err
	},
}

func TestGate_RefusesEveryWayAroundThePen(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		one(t, db, platformA, "kept")
		ctx := storetest.As(qms.Manager, platformA)
		for name, breakIn := range breakIns {
			row := new(Specimen)
			refused := func(r store.Reader) error {
				if err := breakIn(ctx, r, row); !errors.Is(err, store.ErrGate) && !errors.Is(err, store.ErrNowhere) {
					t.Errorf("%s: got %v, want the gate's refusal", name, err)
				}
				var n int // the statement did not reach the driver: the transaction still answers
				return r.Select().ColumnExpr("1").Scan(ctx, &n)
			}
			if err := db.View(ctx, qms.ReadTrace.On(platformA), refused); err != nil {
				t.Errorf("%s: View: %v", name, err)
			}
			if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return refused(tx) }); err != nil {
				t.Errorf("%s: Change: %v", name, err)
			}
		}
		if got := names(t, db); len(got) != 1 || got[0] != "kept" {
			t.Errorf("specimens are %v", got)
		}
	})
}

func TestGate_LetsReadingThrough(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		row := one(t, db, platformA, "insert; update 'delete")
		ctx := storetest.As(qms.Manager, platformA)
		err := db.View(ctx, qms.ReadTrace.On(platformA), func(r store.Reader) error {
			n, err := r.Select((*Specimen)(nil)).Where("name = ?", row.Name).Count(ctx)
			if err != nil || n != 1 {
				t.Errorf("count %d, %v", n, err)
			}
			exists, err := r.Select((*Specimen)(nil)).Where("name LIKE ?", "%update%").Exists(ctx)
			if err != nil || !exists {
				t.Errorf("exists %v, %v", exists, err)
			}
			var got Specimen
			q := r.Select(&got)
			return q.With("x", q.DB().NewSelect().Model((*Specimen)(nil)).Column("id")).Where("id IN (SELECT id FROM x)").Scan(ctx)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestEngine_HoldsViewReadOnlyByItself(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		one(t, db, platformA, "kept")
		ctx := storetest.As(qms.Manager, platformA)
		err := db.View(ctx, qms.ReadTrace.On(platformA), func(r store.Reader) error {
			_, err := store.RawTx(r).Exec("DELETE FROM specimens") // past the gate, as nobody outside can
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "read") {
			t.Errorf("got %v, want the engine's refusal", err)
		}
		if got := names(t, db); len(got) != 1 {
			t.Errorf("specimens are %v", got)
		}
	})
}

func TestStoretest_CatchesAnUnrecordedWrite(t *testing.T) {
	writes := map[string]string{
		"insert": "INSERT INTO specimens (id, revision, name, price, sealed, body) VALUES ('planted', 1, 'planted', 0, FALSE, '')",
		"update": "UPDATE specimens SET name = 'altered'",
		"delete": "DELETE FROM specimens",
	}
	for _, engine := range storetest.Engines() {
		for name, statement := range writes {
			t.Run(string(engine)+"/"+name, func(t *testing.T) {
				db := storetest.OpenWith(t, engine, tables)
				one(t, db, platformA, "kept")
				if found, err := storetest.Unrecorded(t.Context(), db); err != nil || len(found) != 0 {
					t.Fatalf("before: %v, %v", found, err)
				}
				if _, err := storetest.Raw(t, db).Exec(statement); err != nil {
					t.Fatal(err)
				}
				found, err := storetest.Unrecorded(t.Context(), db)
				if err != nil || len(found) != 1 {
					t.Fatalf("after: %v, %v", found, err)
				}
			})
		}
	}
}
