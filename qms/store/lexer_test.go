package store_test

import (
	"database/sql"
	"errors"
	"testing"

	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestOnlySelect_ReadsAsTheEngineDoes(t *testing.T) {
	t.Parallel()
	both := []store.Engine{store.SQLite, store.PostgreSQL}
	lite, pg := both[:1], both[1:]
	cases := []struct {
		query   string
		passes  bool
		engines []store.Engine
	}{
		{"SELECT 1", true, both},
		{" (select 1) union (select 2) ; ", true, both},
		{"SELECT 1; -- nothing more\n /* here */ ;", false, both},
		{"SELECT 1; -- nothing more\n /* here */", true, both},
		{"SELECT 'a; DELETE FROM t' || 'it''s; UPDATE'", true, both},
		{`SELECT "delete", t."into" FROM t`, true, both},
		{"SELECT deleted, updated_at, into_x FROM t", true, both},
		{"WITH x AS (SELECT 1) SELECT * FROM x", true, both},
		{"", false, both},
		{"-- SELECT", false, both},
		{"VALUES (1)", false, both},
		{"EXPLAIN SELECT 1", false, both},
		{"SELECT 1; SELECT 2", false, both},
		{"SELECT 'a", false, both},
		{`SELECT "a`, false, both},
		{"SELECT 1 /* a", false, both},
		{"SELECT 1\x00", false, both},
		{"SELECT * FROM t FOR UPDATE", false, both},
		{"with x as (delete from t returning id) select 1", false, both},
		{"SELECT '\\'; DELETE FROM t --'", false, both},
		{"SELECT 1 -- '\n; DELETE FROM t --'", false, both},
		{"SELECT 1 /* ' */; DELETE FROM t --'", false, both},
		{"SELECT 1 -- \r; DELETE FROM t", false, pg},
		{"SELECT 1 -- \r ' \n; DELETE FROM t --'", false, lite},
		{"SELECT E'\\'; DELETE FROM t --'", true, pg},
		{"SELECT e'\\''; DELETE FROM t --'", false, pg},
		{"SELECT E'\\\\'; DELETE FROM t --'", false, pg},
		{"SELECT $$; DELETE FROM t$$", true, pg},
		{"SELECT $a$ $$; DELETE FROM t $a$", true, pg},
		{"SELECT $a$ $a$; DELETE FROM t --$a$", false, pg},
		{"SELECT $1, a$b$ ; DELETE FROM t", false, pg},
		{"SELECT $é$ ' $é$; DELETE FROM t", false, pg},
		{"SELECT 1 /* /* */; DELETE FROM t */", true, pg},
		{"SELECT 1 /* /* */; DELETE FROM t */", false, lite},
		{"SELECT `'`; DELETE FROM t --'", false, lite},
		{"SELECT [']; DELETE FROM t --'", false, lite},
		{"SELECT nextval('s')", false, pg},
		{"SELECT set_config('a', 'b', false)", false, pg},
		{"SELECT lo_unlink(1), dblink_exec('x')", false, pg},
	}
	for _, c := range cases {
		for _, engine := range c.engines {
			err := store.OnlySelect(engine, c.query)
			if (err == nil) != c.passes || err != nil && !errors.Is(err, store.ErrGate) {
				t.Errorf("%s %q: %v, want passes %v", engine, c.query, err, c.passes)
			}
		}
	}
}

func FuzzOnlySelect_NeverPanicsAndEnds(f *testing.F) {
	f.Add("SELECT 'a''b' -- c\n /* d */ $x$ e $x$ [f] `g` E'\\'")
	f.Fuzz(func(t *testing.T, query string) {
		for _, engine := range []store.Engine{store.SQLite, store.PostgreSQL} {
			_ = store.OnlySelect(engine, query)
		}
	})
}

// hostile are the pieces in which a text hides a statement from who reads it otherwise than the engine:
// what opens something, what stands in it, what may close it, and what may swallow the rest.
var hostile = [5][]string{
	{"SELECT ", "SELECT 1 AS ", "SELECT 1 "},
	{"'", `"`, "`", "[", "-- ", "/*", "$$", "$a$", "$1", "E'", "N'", "U&'", "x$$"},
	{"", "a", `\`, "/*", "''", "$b$"},
	{"'", `"`, "`", "]", "\n", "\r", "*/", "$$", "$a$", `\'`, "''"},
	{"", "'", `"`, "`", "]", "--", "--'", "-- `", "*/", "*/*/", "--$$", "--$a$"},
}

// TestGate_ReadsHostileTextsAsTheEngineDoes sends what the gate lets through straight to the engine: a
// DELETE that the gate took for a part of a string, a name or a comment must be one for the engine too.
func TestGate_ReadsHostileTextsAsTheEngineDoes(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		one(t, db, platformA, "kept")
		raw := storetest.Raw(t, db)
		if db.Engine() == store.PostgreSQL {
			var err error
			if raw, err = sql.Open("pgx", storetest.URL(db)+"&default_query_exec_mode=simple_protocol"); err != nil {
				t.Fatal(err)
			}
			defer raw.Close()
		}
		passed, ran := 0, 0
		for query := range hostileTexts {
			if store.OnlySelect(db.Engine(), query) != nil {
				continue
			}
			passed++
			_, failed := raw.Exec(query)
			if failed == nil {
				ran++
			}
			if failed == nil || db.Engine() == store.SQLite { // PostgreSQL does nothing of a text that fails
				holds(t, raw, query)
			}
		}
		t.Logf("%d texts passed the gate, %d of them ran", passed, ran)
		if ran == 0 {
			t.Error("nothing was tried")
		}
	})
}

func hostileTexts(yield func(string) bool) {
	for _, begin := range hostile[0] {
		for _, opening := range hostile[1] {
			for _, inside := range hostile[2] {
				for _, closing := range hostile[3] {
					for _, rest := range hostile[4] {
						if !yield(begin + opening + inside + closing + "; DELETE FROM specimens " + rest) {
							return
						}
					}
				}
			}
		}
	}
}

func holds(t *testing.T, raw *sql.DB, query string) {
	t.Helper()
	var n int
	if err := raw.QueryRow("SELECT count(*) FROM specimens").Scan(&n); err != nil || n != 1 {
		t.Fatalf("%q deleted: %d left, %v", query, n, err)
	}
}
