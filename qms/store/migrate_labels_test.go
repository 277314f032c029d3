package store_test

import (
	"database/sql"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"maillon/migrations"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// before0033 undoes what 0033 made, on a database without records, so that it can be applied again to some.
const before0033 = `DROP TABLE award_events; DROP TABLE labels;
CREATE TABLE labels (id TEXT PRIMARY KEY, platform TEXT NOT NULL, revision BIGINT NOT NULL, number TEXT NOT NULL, mission TEXT NOT NULL REFERENCES missions (id),
decision TEXT NOT NULL REFERENCES mission_decisions (id), body TEXT NOT NULL, perimeter TEXT NOT NULL, awarded_on DATE NOT NULL, renews TEXT, void TEXT NOT NULL);
CREATE TABLE award_events (id TEXT PRIMARY KEY, platform TEXT NOT NULL, revision BIGINT NOT NULL, label TEXT NOT NULL REFERENCES labels (id), mission TEXT,
kind TEXT NOT NULL, date DATE NOT NULL, body TEXT NOT NULL, why TEXT NOT NULL, entered_by TEXT, entered_at TIMESTAMPTZ NOT NULL, void TEXT NOT NULL);
INSERT INTO missions (id, platform, revision, number, kind, subject, referential, opened_on, access_from, access_until, plan, exercises, report, observations, void)
VALUES ('m', 'p', 1, 'EVA-2024-001', 'initial', '', '', '2024-01-01', '2024-01-01', '2024-04-01', '[]', '[]', '', '', '');
INSERT INTO mission_decisions (id, platform, revision, mission, body, date, outcome, note, entered_at, void)
VALUES ('d', 'p', 1, 'm', 'Comité', '2024-02-29', 'award', '', '2024-02-29 10:00:00.123456+00:00', '');
INSERT INTO labels (id, platform, revision, number, mission, decision, body, perimeter, awarded_on, void)
VALUES ('l', 'p', 2, 'LAB-2024-001', 'm', 'd', 'Comité', 'Périmètre', '2024-02-29', '');
INSERT INTO award_events (id, platform, revision, label, kind, date, body, why, entered_at, void)
VALUES ('e', 'p', 1, 'l', 'suspended', '2025-02-28', 'Comité', 'Motif', '2025-02-28 23:59:59.999999+00:00', '')`

// TestMigrate_KeepsLabelsWhenTheirTableIsMadeAnew holds 0033, the one migration that moves rows, to losing none.
func TestMigrate_KeepsLabelsWhenTheirTableIsMadeAnew(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			db := storetest.Open(t, engine)
			raw := storetest.Raw(t, db)
			for statement := range strings.SplitSeq(before0033, ";") {
				if _, err := raw.Exec(statement); err != nil {
					t.Fatal(err, statement)
				}
			}
			columns := map[string]string{"labels": "id, revision, number, mission, decision, body, perimeter, awarded_on, renews, void",
				"award_events": "id, revision, label, mission, kind, date, body, why, entered_by, entered_at, void"}
			was := map[string][]string{}
			for table, names := range columns {
				was[table] = written(t, raw, "SELECT "+names+" FROM "+table)
			}
			text, err := fs.ReadFile(migrations.FS, "0033_labels_taken_over.up.sql")
			if err != nil {
				t.Fatal(err)
			}
			if err := db.MigrateFS(t.Context(), fstest.MapFS{"9033_again.up.sql": {Data: text}}); err != nil {
				t.Fatal(err)
			}
			for table, names := range columns {
				if diff := cmp.Diff(was[table], written(t, raw, "SELECT "+names+" FROM "+table)); diff != "" || len(was[table]) != 1 {
					t.Errorf("%s (-before +after):\n%s", table, diff)
				}
			}
			if _, err := raw.Exec("INSERT INTO labels (id, platform, revision, number, body, perimeter, awarded_on, void) VALUES ('n', 'p', 1, 'X', '', '', '2020-01-01', '')"); err != nil {
				t.Errorf("a label without a mission: %v", err)
			}
			if engine == store.PostgreSQL {
				if _, err := raw.Exec("UPDATE award_events SET label = 'nobody'"); err == nil {
					t.Error("events may be of no label")
				}
			}
		})
	}
}

// written are the rows of a query as text.
func written(t *testing.T, raw *sql.DB, query string) (lines []string) {
	t.Helper()
	rows, err := raw.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprint(values...))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}
