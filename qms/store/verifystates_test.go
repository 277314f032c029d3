package store_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// doubted are the tables whose states do not add up.
func doubted(t *testing.T, db *store.DB) (names []string) {
	t.Helper()
	err := db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		names, err = store.DoubtedTables(t.Context(), r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// The sums alone must say that all is well, or each row would be looked up: also where rows are older than a
// column.
func TestVerifyTrail_AddsUpWhereNothingWasAltered(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			db := storetest.OpenWith(t, engine, tables)
			lived(t, db)
			if found := doubted(t, db); len(found) != 0 {
				t.Errorf("doubted: %v", found)
			}
			raw := storetest.Raw(t, db)
			for _, column := range []string{"free TEXT", "grade TEXT NOT NULL DEFAULT 'l''A'", "level BIGINT NOT NULL DEFAULT 3", "sound BOOLEAN NOT NULL DEFAULT TRUE"} {
				if _, err := raw.Exec("ALTER TABLE specimens ADD COLUMN " + column); err != nil {
					t.Fatal(err)
				}
			}
			if found := doubted(t, db); len(found) != 0 {
				t.Errorf("doubted with later columns: %v", found)
			}
			if _, err := raw.Exec("UPDATE specimens SET level = 4 WHERE name = 's2'"); err != nil {
				t.Fatal(err)
			}
			if found := doubted(t, db); !slices.Equal(found, []string{"specimens"}) {
				t.Errorf("doubted %v, want the specimens", found)
			}
		})
	}
}

// Whatever looking up each row finds, the sums find too, whichever change or row a hand was laid on.
func TestVerifyTrail_SumsMissNothingThatLookingUpEachRowFinds(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			db := storetest.OpenWith(t, engine, tables)
			lived(t, db)
			raw := storetest.Raw(t, db)
			for _, table := range []string{"specimens", "trail_changes"} {
				run(t, raw, "CREATE TABLE kept_"+table+" AS SELECT * FROM "+table)
				run(t, raw, "ALTER TABLE kept_"+table+" RENAME COLUMN revision TO kept") // it is none that the trail knows
			}
			shown := 0
			for _, hand := range hands() {
				run(t, raw, hand)
				found := lookedUp(t, db)
				if found > 0 {
					shown++
				}
				if sums := doubted(t, db); found > 0 && len(sums) == 0 {
					t.Errorf("%s: the sums say nothing, looking up each row finds %d", hand, found)
				}
				for _, table := range []string{"specimens", "trail_changes"} {
					run(t, raw, "DELETE FROM "+table+"; INSERT INTO "+table+" SELECT * FROM kept_"+table)
				}
			}
			if shown < 45 {
				t.Errorf("%d of %d hands altered what a row follows from", shown, len(hands()))
			}
			if found := doubted(t, db); len(found) != 0 {
				t.Errorf("doubted when all was put back: %v", found)
			}
		})
	}
}

// hands are statements that alter each change and each row, take it away, or add one.
func hands() (all []string) {
	for seq := range 5 {
		change, other := fmt.Sprintf(" WHERE seq = %d", seq), fmt.Sprintf(" FROM trail_changes WHERE seq = %d)", (seq+1)%5)
		for _, set := range []string{
			"after = (SELECT after" + other, "before = (SELECT before" + other, "row_id = (SELECT row_id" + other, "before = NULL",
			"revision = revision + 1", "row_table = 'gone'", `after = replace(after, '"price":', '"price": ')`,
			`after = substr(after, 1, length(after) - 1) || ',"zone":1}'`, `after = replace(after, '"price":', '"worth":')`, `after = ''`,
		} {
			all = append(all, "UPDATE trail_changes SET "+set+change)
		}
		all = append(all, "DELETE FROM trail_changes"+change,
			"INSERT INTO trail_changes SELECT log, seq + 10, position, row_table, row_id, revision, before, after FROM trail_changes"+change)
	}
	for i := range 3 {
		row := fmt.Sprintf(" WHERE name = 's%d'", i)
		for _, set := range []string{"price = price + 1", "revision = revision + 1", "id = 'another'", "platform = NULL", "body = 'x'"} {
			all = append(all, "UPDATE specimens SET "+set+row)
		}
		all = append(all, "DELETE FROM specimens"+row)
	}
	return append(all,
		"DELETE FROM trail_changes WHERE seq = 0; UPDATE trail_changes SET before = NULL WHERE seq = 3", // a row that begins later
		"INSERT INTO specimens (id, revision, name, price, sealed, body) VALUES ('planted', 1, 'planted', 0, FALSE, '')")
}

// lookedUp is how much looking up each row finds.
func lookedUp(t *testing.T, db *store.DB) (found int64) {
	t.Helper()
	err := db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) error {
		report, err := store.VerifyRows(t.Context(), r)
		found = report.Found
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func run(t *testing.T, raw *sql.DB, statements string) {
	t.Helper()
	for statement := range strings.SplitSeq(statements, "; ") {
		if _, err := raw.Exec(statement); err != nil {
			t.Fatal(statement, err)
		}
	}
}
