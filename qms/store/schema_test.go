package store_test

import (
	"database/sql"
	"flag"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// described lists columns, indexes and constraints, one a line. What tests add is left out.
var described = map[store.Engine][]string{
	store.SQLite: {
		`SELECT m.name || '.' || c.name || ' ' || c.type || CASE WHEN c."notnull" THEN ' NOT NULL' ELSE '' END
			|| COALESCE(' DEFAULT ' || c.dflt_value, '') || CASE WHEN c.pk > 0 THEN ' KEY ' || c.pk ELSE '' END
			FROM sqlite_master AS m, pragma_table_info(m.name) AS c
			WHERE m.type = 'table' AND m.name <> 'shadow_rows' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'search_words_%' ORDER BY m.name, c.cid`,
		`SELECT i.name || ' ON ' || m.name || CASE WHEN i."unique" THEN ' UNIQUE' ELSE '' END || CASE WHEN i.partial THEN ' PARTIAL' ELSE '' END || ' ('
			|| (SELECT group_concat(COALESCE(x.name, 'expression') || CASE WHEN x."desc" THEN ' DESC' ELSE '' END, ', ')
				FROM (SELECT * FROM pragma_index_xinfo(i.name) WHERE key ORDER BY seqno) AS x) || ')'
			FROM sqlite_master AS m, pragma_index_list(m.name) AS i WHERE m.type = 'table' AND m.name NOT LIKE 'search_words_%' ORDER BY m.name, i.name`,
		`SELECT m.name || '.' || f."from" || ' REFERENCES ' || f."table" || COALESCE('.' || f."to", '') || ' ' || f.on_delete
			FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table' ORDER BY m.name, f."from"`,
	},
	store.PostgreSQL: {
		`SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
			|| COALESCE(' DEFAULT ' || column_default, '') FROM information_schema.columns
			WHERE table_schema = 'public' AND table_name <> 'shadow_rows' ORDER BY table_name COLLATE "C", ordinal_position`,
		`SELECT replace(indexdef, 'public.', '') FROM pg_indexes WHERE schemaname = 'public' ORDER BY tablename COLLATE "C", indexname COLLATE "C"`,
		`SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
			WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'c', 'p', 'u') ORDER BY conrelid::regclass::text COLLATE "C", conname COLLATE "C"`,
	},
}

// TestSchema_IsAsReviewed fails when a migration changed what the engines keep; -update takes it over.
func TestSchema_IsAsReviewed(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			raw := storetest.Raw(t, storetest.Open(t, engine))
			var lines []string
			for _, query := range described[engine] {
				lines = append(append(lines, list(t, raw, query)...), "")
			}
			got := strings.Join(lines, "\n")
			golden := "testdata/schema." + string(engine) + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("the schema changed; go test ./qms/store -update takes it over:\n%s", diff)
			}
		})
	}
}

func list(t *testing.T, raw *sql.DB, query string) []string {
	t.Helper()
	rows, err := raw.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestSchema_EveryBusinessTableIsARecords holds the shape that the pen and the trail rely on.
func TestSchema_EveryBusinessTableIsARecords(t *testing.T) {
	raw := storetest.Raw(t, storetest.Open(t, store.SQLite))
	tables := list(t, raw, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'bun%'
		AND name NOT LIKE 'trail%' AND name NOT LIKE 'search%' AND name NOT IN ('counters', 'shadow_rows')`)
	for _, table := range tables {
		first := list(t, raw, "SELECT name || ' ' || type || ' ' || pk FROM pragma_table_info('"+table+"') ORDER BY cid LIMIT 3")
		if got := strings.Join(first, ", "); got != "id TEXT 1, platform TEXT 0, revision BIGINT 0" {
			t.Errorf("%s begins with %s", table, got)
		}
	}
}

func TestMigrate_AppliesAllOrNothing(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			db := storetest.Open(t, engine)
			files := fstest.MapFS{
				"9001_a.up.sql": {Data: []byte("CREATE TABLE a (id TEXT)\n--bun:split\nCREATE TABLE b (id TEXT)")},
				"9002_c.up.sql": {Data: []byte("CREATE TABLE c (id TEXT)\n--bun:split\nCREATE TABLE a (id TEXT)")},
			}
			if err := db.MigrateFS(t.Context(), files); err == nil {
				t.Fatal("a table was made twice")
			}
			files["9002_c.up.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE c (id TEXT)")}
			for range 2 { // and the second time there is nothing to do
				if err := db.MigrateFS(t.Context(), files); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := storetest.Raw(t, db).Exec("INSERT INTO b SELECT id FROM c"); err != nil {
				t.Error(err)
			}
		})
	}
}
