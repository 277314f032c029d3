package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// specimensIn mirrors specimens by their names.
func specimensIn(words func(name string) []string) store.Mirror {
	return store.Mirror{Kind: "specimen", Tables: []string{"specimens"}, Write: func(ctx context.Context, x *store.Index, written []store.WrittenRow) error {
		for _, w := range written {
			var name string
			if err := x.Select((*Specimen)(nil)).Column("name").Where("id = ?", w.Row).Scan(ctx, &name); err != nil {
				return err
			}
			e := &store.Entry{Platform: platformA, Kind: "specimen", Subject: w.Row, Parent: w.Row, Label: name, Mark: name, Words: words(name)}
			if err := x.Put(ctx, e); err != nil {
				return err
			}
		}
		return nil
	}}
}

// labels are the entries that fit, the latest written first.
func labels(t *testing.T, db *store.DB, w store.Wanted) (found []string) {
	t.Helper()
	err := db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) error {
		table, number := store.FromWords(r.Engine())
		condition, value := w.Match(r.Engine())
		rows, err := r.Query(storetest.AsSystem(), "SELECT e.label FROM "+table+", search_entries AS e WHERE "+condition+" AND e.number = "+number+" ORDER BY "+number+" DESC", value)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var label string
			if err := rows.Scan(&label); err != nil {
				return err
			}
			found = append(found, label)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestIndex_HoldsTheSameOnBothEngines(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		db.Mirror(specimensIn(strings.Fields))
		for _, name := range []string{"wa wb", "wa wc", "wab", "wé wa", "wd"} {
			one(t, db, platformA, name)
		}
		cases := map[string]store.Wanted{
			"wé wa, wa wc, wa wb":      {All: [][]string{{"wa"}}},
			"wé wa, wab, wa wc, wa wb": {All: [][]string{{"wa*"}}},
			"wa wc, wa wb":             {All: [][]string{{"wa"}, {"wb", "wc"}}},
			"wé wa":                    {All: [][]string{{"wa"}}, But: [][]string{{"wa"}, {"wb", "wc"}}},
			"wé wa, wa wc":             {All: [][]string{{"wa"}}, None: []string{"wb", "wd"}},
			"":                         {All: [][]string{{"wx"}}},
		}
		for want, w := range cases {
			if got := strings.Join(labels(t, db, w), ", "); got != want {
				t.Errorf("%+v: %s, want %s", w, got, want)
			}
		}
	})
}

func TestIndex_FollowsAnUpdateAndKeepsItsPlace(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		db.Mirror(specimensIn(strings.Fields))
		first := one(t, db, platformA, "wa")
		one(t, db, platformA, "wb wc")
		first.Name = "wc"
		ctx := storetest.As(qms.Manager, platformA)
		if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Update(ctx, first) }); err != nil {
			t.Fatal(err)
		}
		if got := labels(t, db, store.Wanted{All: [][]string{{"wc"}}}); !slices.Equal(got, []string{"wb wc", "wc"}) {
			t.Error(got)
		}
		if got := labels(t, db, store.Wanted{All: [][]string{{"wa"}}}); len(got) > 0 {
			t.Errorf("what it was is still found: %v", got)
		}
		if size := sizeOf(t, db, string(platformA)); size != 3 {
			t.Errorf("%d leaves for three acts", size)
		}
	})
}

func TestReindex_AsksForTheRightAndIsUndoneWhenItFails(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		put := func(x *store.Index) error {
			return x.Put(context.Background(), &store.Entry{Platform: platformA, Kind: "specimen", Subject: "s", Parent: "s", Label: "l", Words: []string{"wa"}})
		}
		if err := db.Reindex(storetest.As(qms.Manager, platformA), platformA, put); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("by a manager: %v", err)
		}
		err := db.Reindex(storetest.AsSystem(), platformA, func(x *store.Index) error { return fmt.Errorf("stopped: %v", put(x)) })
		if err == nil || len(labels(t, db, store.Wanted{All: [][]string{{"wa"}}})) > 0 {
			t.Errorf("after a failure: %v", err)
		}
		if err := db.Reindex(storetest.AsSystem(), platformA, put); err != nil {
			t.Fatal(err)
		}
		if got := labels(t, db, store.Wanted{All: [][]string{{"wa"}}}); len(got) != 1 {
			t.Error(got)
		}
	})
}

func TestMigrate_TakesTheFilesOfItsEngine(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			db := storetest.Open(t, engine)
			files := fstest.MapFS{
				"9001_a.sqlite.up.sql":   {Data: []byte("CREATE TABLE a (sqlite TEXT)")},
				"9001_a.postgres.up.sql": {Data: []byte("CREATE TABLE a (postgres TEXT)")},
			}
			for range 2 {
				if err := db.MigrateFS(t.Context(), files); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := storetest.Raw(t, db).Exec("SELECT " + string(engine) + " FROM a"); err != nil {
				t.Error(err)
			}
		})
	}
}
