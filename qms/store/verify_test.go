package store_test

import (
	"fmt"
	"slices"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// verified runs VerifyTrail and returns what it found, one line each.
func verified(t testing.TB, db *store.DB) (store.Report, []string) {
	t.Helper()
	var report store.Report
	err := db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		report, err = store.VerifyTrail(t.Context(), r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, d := range report.Discrepancies {
		found = append(found, fmt.Sprintf("%s %d %s", d.Kind, d.Seq, d.Row))
	}
	return report, found
}

// tamperings are what somebody with a connection to the database might do. Specimen 0 has three
// revisions (entries 0, 3, 4), 1 and 2 have one each (entries 1 and 2).
var tamperings = map[string]struct {
	statements []string
	found      func(ids []qms.ID) []string
}{
	"nothing": {nil, func([]qms.ID) []string { return nil }},
	"an entry's reason": {
		[]string{"UPDATE trail_entries SET reason = 'another' WHERE seq = 1"},
		func([]qms.ID) []string { return []string{"entry-altered 1 "} },
	},
	"an entry's instant": {
		[]string{"UPDATE trail_entries SET at = '2020-01-01 00:00:00+00:00' WHERE seq = 4"},
		func([]qms.ID) []string { return []string{"entry-altered 4 "} },
	},
	"an entry's kept hashes": {
		[]string{"UPDATE trail_entries SET hashes = (SELECT hashes FROM trail_entries WHERE seq = 0) WHERE seq = 2"},
		func([]qms.ID) []string { return []string{"entry-altered 2 ", "entry-altered 3 ", "head-altered -1 "} },
	},
	"a change": {
		[]string{"UPDATE trail_changes SET after = replace(after, '\"name\":\"s1\"', '\"name\":\"sX\"') WHERE seq = 1"},
		func(ids []qms.ID) []string { return []string{"changes-altered 1 ", "row-differs -1 " + string(ids[1])} },
	},
	"a change's before": {
		[]string{"UPDATE trail_changes SET before = replace(before, '\"price\":100', '\"price\":150') WHERE seq = 4"},
		func(ids []qms.ID) []string {
			return []string{"changes-altered 4 ", "history-broken 4 " + string(ids[0])}
		},
	},
	"a change's place": {
		[]string{"UPDATE trail_changes SET position = 7 WHERE seq = 1"},
		func([]qms.ID) []string { return []string{"changes-altered 1 "} },
	},
	"a row": {
		[]string{"UPDATE specimens SET price = 1 WHERE name = 's2'"},
		func(ids []qms.ID) []string { return []string{"row-differs -1 " + string(ids[2])} },
	},
	"a column of which the trail keeps a digest": {
		[]string{"UPDATE specimens SET body = 'other' WHERE name = 's2'"},
		func(ids []qms.ID) []string { return []string{"row-differs -1 " + string(ids[2])} },
	},
	"a leaf deleted": {
		[]string{"DELETE FROM trail_entries WHERE seq = 2"},
		func([]qms.ID) []string { return []string{"changes-orphan 2 ", "entry-missing 2 "} },
	},
	"the last leaf deleted": {
		[]string{"DELETE FROM trail_entries WHERE seq = 4"},
		func([]qms.ID) []string { return []string{"changes-orphan 4 ", "entry-missing 4 "} },
	},
	"the last leaf and its change deleted, and the head put back": {
		[]string{
			"DELETE FROM trail_entries WHERE seq = 4", "DELETE FROM trail_changes WHERE seq = 4",
			"UPDATE trail_heads SET size = 4",
		},
		func(ids []qms.ID) []string { return []string{"head-altered -1 ", "row-differs -1 " + string(ids[0])} },
	},
	"a change deleted": {
		[]string{"DELETE FROM trail_changes WHERE seq = 2"},
		func(ids []qms.ID) []string {
			return []string{"changes-altered 2 ", "row-unrecorded -1 " + string(ids[2])}
		},
	},
	"a row inserted": {
		[]string{"INSERT INTO specimens (id, revision, name, price, sealed, body) VALUES ('planted', 1, 'planted', 0, FALSE, '')"},
		func([]qms.ID) []string { return []string{"row-unrecorded -1 planted"} },
	},
	"a row deleted": {
		[]string{"DELETE FROM specimens WHERE name = 's1'"},
		func(ids []qms.ID) []string { return []string{"row-missing -1 " + string(ids[1])} },
	},
	"the head": {
		[]string{"DELETE FROM trail_heads"},
		func([]qms.ID) []string { return []string{"head-altered -1 "} },
	},
}

func TestVerifyTrail_FindsWhatWasAlteredAndWhere(t *testing.T) {
	for _, engine := range storetest.Engines() {
		for name, c := range tamperings {
			t.Run(string(engine)+"/"+name, func(t *testing.T) {
				db := storetest.OpenWith(t, engine, tables)
				var ids []qms.ID
				for _, s := range lived(t, db) {
					ids = append(ids, s.ID)
				}
				raw := storetest.Raw(t, db)
				for _, statement := range c.statements {
					if _, err := raw.Exec(statement); err != nil {
						t.Fatal(err)
					}
				}
				report, found := verified(t, db)
				want := c.found(ids)
				slices.Sort(want)
				slices.Sort(found)
				if !slices.Equal(found, want) || report.OK() != (len(want) == 0) {
					t.Errorf("found %q, want %q", found, want)
				}
			})
		}
	}
}

func TestVerifyTrail_CountsAndGoesOnOverPages(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx := storetest.As(qms.Manager, platformA)
		for i := range 1100 {
			if i%550 == 0 {
				rows := make([]qms.Record, 700)
				for j := range rows {
					rows[j] = &Specimen{Name: fmt.Sprint(i, "/", j)}
				}
				if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, rows...) }); err != nil {
					t.Fatal(err)
				}
			}
			one(t, db, platformB, fmt.Sprint(i))
		}
		report, found := verified(t, db)
		if len(found) != 0 || report.Logs != 2 || report.Entries != 1102 || report.Changes != 2500 || report.Rows != 2500 {
			t.Errorf("%+v", report)
		}
	})
}

func TestVerifyTrail_KnowsColumnsOfLaterMigrations(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			db := storetest.OpenWith(t, engine, tables)
			all := lived(t, db)
			raw := storetest.Raw(t, db)
			for _, column := range []string{"free TEXT", "grade TEXT NOT NULL DEFAULT 'l''A'", "level BIGINT NOT NULL DEFAULT 3", "sound BOOLEAN NOT NULL DEFAULT TRUE"} {
				if _, err := raw.Exec("ALTER TABLE specimens ADD COLUMN " + column); err != nil {
					t.Fatal(err)
				}
			}
			if report, found := verified(t, db); !report.OK() {
				t.Errorf("found %v", found)
			}
			for _, set := range []string{"free = ''", "grade = 'B'", "level = 4", "sound = FALSE"} {
				if _, err := raw.Exec("UPDATE specimens SET " + set + " WHERE name = 's2'"); err != nil {
					t.Fatal(err)
				}
			}
			report, found := verified(t, db)
			if len(found) != 1 || !slices.Equal(report.Discrepancies[0].Columns, []string{"free", "grade", "level", "sound"}) ||
				report.Discrepancies[0].Row != all[2].ID {
				t.Errorf("found %v %v", found, report.Discrepancies)
			}
		})
	}
}
