package journal

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// columns are those of every business table, of the schema as it is migrated to.
func columns(t *testing.T, db *store.DB) []store.Column {
	t.Helper()
	var all []store.Column
	err := db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		all, err = store.Columns(t.Context(), r)
		return err
	})
	if err != nil || len(all) < 1000 {
		t.Fatalf("%d columns, %v", len(all), err)
	}
	return all
}

func TestLabels_EveryColumnOfEveryTableHasOneInBothLanguages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, lang := range locale.Languages() {
			p := locale.For(lang)
			for _, c := range columns(t, db) {
				if !p.Has("table." + c.Table) {
					t.Errorf("%s: records of %q have no word: add table.%[2]s", lang, c.Table)
				}
				if !Hidden(c.Table, c.Name) && !p.Has("field."+c.Table+"."+c.Name) && !p.Has("field."+c.Name) {
					t.Errorf("%s: no label for %s.%s: add field.%[2]s.%[3]s, or hide it with its reason", lang, c.Table, c.Name)
				}
			}
		}
	})
}

// What is said of a column that is gone would say nothing, and hide that its successor has none.
func TestWords_AreOfColumnsThatExistAndOfSentencesThatExist(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		known := map[column]bool{}
		for _, c := range columns(t, db) {
			known[column{c.Table, c.Name}], known[column{"", c.Name}] = true, true
		}
		of := func(c column) column {
			name, _, _ := strings.Cut(c.name, ".")
			return column{c.table, name}
		}
		for _, c := range slices.Concat(slices.Collect(maps.Keys(words)), slices.Collect(maps.Keys(units)), slices.Collect(maps.Keys(hidden))) {
			if !known[of(c)] {
				t.Errorf("%v is no column", c)
			}
		}
	})
	for _, lang := range locale.Languages() {
		keys := locale.For(lang).Keys()
		for c, prefix := range words {
			if !slices.ContainsFunc(keys, func(key string) bool { return len(key) > len(prefix) && strings.HasPrefix(key, prefix) }) {
				t.Errorf("%s: %v: no sentence begins with %q", lang, c, prefix)
			}
		}
	}
}
