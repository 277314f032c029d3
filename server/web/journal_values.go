package web

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
)

// changeReader turns what the trail keeps of records into what people read.
type changeReader struct {
	*locale.Printer
	short  bool              // for a list: long texts and digests by their beginning
	called map[string]string // what records are called by ID, as far as they are known
}

// lines compares before and after field by field. What every record has is left out.
func (r changeReader) lines(changes []store.JournalChange) []ChangeLine {
	lines := make([]ChangeLine, 0, len(changes))
	for _, c := range changes {
		line := ChangeLine{JournalChange: c, New: c.Before == nil}
		before, after := objectOf(c.Before), objectOf(c.After)
		for _, name := range slices.Sorted(maps.Keys(after)) {
			if name == "id" || name == "platform" || name == "revision" || bytes.Equal(before[name], after[name]) {
				continue
			}
			at := column{c.Table, name}
			if was, is := r.value(at, before[name]), r.value(at, after[name]); was != "" || is != "" {
				line.Fields = append(line.Fields, FieldChange{r.field(at), was, is})
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func objectOf(object json.RawMessage) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal(object, &m) != nil {
		return nil // what is not readable any more is shown as nothing; VerifyTrail names it
	}
	return m
}

var digestText = regexp.MustCompile(`^[0-9a-f]{64}$`)

const (
	listLetters   = 120 // of a text in a list
	digestLetters = 16
)

// column is a field of a kind of record.
type column struct{ table, name string }

// field is what a column is called: of its table where that has a word of its own, else of every table; as
// it is written in the trail where the words of today have none.
func (r changeReader) field(c column) string {
	for _, key := range []string{"field." + c.table + "." + c.name, "field." + c.name} {
		if r.Has(key) {
			return r.T(key)
		}
	}
	return c.name
}

// amounts are the columns that hold money.
var amounts = map[column]bool{{"quotes", "total"}: true, {"invoices", "total"}: true, {"equipment", "cost"}: true,
	{"equipment", "renewal_cost"}: true, {"equipment_events", "cost"}: true}

// value is one value in words: states, days and instants in the reader's language, amounts as amounts,
// records by what they are called.
func (r changeReader) value(c column, value json.RawMessage) string {
	var s string
	var digest struct {
		SHA256 string `json:"sha256"`
	}
	var cents int64
	switch {
	case len(value) == 0 || string(value) == "null":
		return ""
	case json.Unmarshal(value, &s) == nil:
		return r.text(c, s)
	case json.Unmarshal(value, &digest) == nil && digest.SHA256 != "":
		return "SHA-256 " + r.cut(digest.SHA256)
	case amounts[c] && json.Unmarshal(value, &cents) == nil:
		return r.Money(qms.Money(cents))
	case string(value) == "true" || string(value) == "false":
		return r.T("page.trail.is_" + string(value))
	}
	return string(value) // a number
}

func (r changeReader) text(c column, s string) string {
	if d, err := qms.ParseDate(s); err == nil {
		return r.Date(d)
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil && strings.HasSuffix(c.name, "_at") {
		return r.FullInstant(t)
	}
	for _, key := range []string{"value." + c.table + "." + c.name + "." + s, c.name + "." + s, "state." + s} {
		if (c.name == "state" || !strings.HasPrefix(key, "state.")) && r.Has(key) {
			return r.T(key)
		}
	}
	if name := r.called[s]; name != "" {
		return name
	}
	if strings.HasPrefix(s, "[") || strings.HasPrefix(s, "{") {
		if list, ok := r.listed(c, s); ok {
			return r.cut(list)
		}
	}
	return r.cut(s)
}

// listed is what a column keeps as JSON, one after the other.
func (r changeReader) listed(c column, s string) (string, bool) {
	var all []json.RawMessage
	if json.Unmarshal([]byte(s), &all) == nil {
		parts := make([]string, 0, len(all))
		for _, one := range all {
			parts = append(parts, r.part(c, one))
		}
		return strings.Join(parts, " ; "), true
	}
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(s), &object) == nil {
		return r.part(c, json.RawMessage(s)), true
	}
	return "", false
}

// part is one part of such a column: an object by its members.
func (r changeReader) part(c column, value json.RawMessage) string {
	var object map[string]json.RawMessage
	if json.Unmarshal(value, &object) != nil || len(object) == 0 {
		return r.value(c, value)
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(object)) {
		at := column{c.table, strings.ToLower(name)}
		if is := r.value(at, object[name]); is != "" {
			parts = append(parts, r.T("page.trail.part", r.field(at), is))
		}
	}
	return strings.Join(parts, ", ")
}

// cut is a long text by its beginning, for a list.
func (r changeReader) cut(s string) string {
	letters, limit := []rune(s), listLetters
	if digestText.MatchString(s) {
		limit = digestLetters
	}
	if !r.short || len(letters) <= limit {
		return s
	}
	return strings.TrimSpace(string(letters[:limit])) + "…"
}
