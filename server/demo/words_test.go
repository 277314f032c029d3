package demo_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/server/app"
	"maillon/server/journal"
)

// codeWord is how the code writes its own words.
var codeWord = regexp.MustCompile(`^[a-z][a-z0-9]*([-_][a-z0-9]+)*$`)

// asWritten are the columns whose values look like words of the code and are none: names that people and machines
// gave, formats of files, units of measure, addresses.
var asWritten = map[string]bool{"calibrations.unit": true, "contents.format": true, "kit_contents.format": true, "openings.path": true, "reminders.parts": true,
	"scrubs.holder": true, "signing_keys.name": true, "slots.holder": true, "pack_jobs.holder": true, "records.title_key": true, "documents.title_key": true,
	"packs.once": true, "dispatches.about": true, "criterions.wording": true, "answers.wording": true, "scrub_defects.parts": true}

// inWords tells every value that a year of life leaves in the trail, and finds the words of the code that have
// none of a reader.
func inWords(t *testing.T, h *app.House) {
	t.Helper()
	raw := map[[3]string]bool{}
	ctx := qms.WithActor(t.Context(), qms.System("test"))
	err := h.DB.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error {
		rows, err := r.Query(ctx, "SELECT row_table, after FROM trail_changes")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var table string
			var after []byte
			if err := rows.Scan(&table, &after); err != nil {
				return err
			}
			var values map[string]json.RawMessage
			if err := json.Unmarshal(after, &values); err != nil {
				return err
			}
			for name, value := range values {
				var text string
				if json.Unmarshal(value, &text) == nil && codeWord.MatchString(text) {
					raw[[3]string{table, name, text}] = true
				}
			}
		}
		return rows.Err()
	})
	if err != nil || len(raw) < 100 {
		t.Fatalf("%d words, %v", len(raw), err)
	}
	for _, lang := range locale.Languages() {
		reader := journal.Reader{Printer: locale.For(lang)}
		for one := range raw {
			told(t, reader, one[0], one[1], one[2])
		}
	}
}

// digest is what is no word: bytes, identifiers, and tokens of chance.
var digest = regexp.MustCompile(`^([0-9a-f]{32,}|[0-9a-f]{8}-[0-9a-f]{4}-7.*)$`)

func told(t *testing.T, reader journal.Reader, table, name, text string) {
	t.Helper()
	if asWritten[table+"."+name] || digest.MatchString(text) || journal.Hidden(table, name) {
		return
	}
	after, err := json.Marshal(map[string]string{name: text})
	if err != nil {
		t.Fatal(err)
	}
	line := reader.Lines([]store.JournalChange{{Table: table, After: after}})[0]
	if got := line.Fields[0].After.One(); got == text && !reader.Says(table, name, text) {
		t.Errorf("%s: %s.%s shows %q as the code writes it", reader.Lang(), table, name, text)
	}
}
