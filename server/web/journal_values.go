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
	people map[string]string // names of persons by ID, as far as they are known
}

func (p *Page) changeReader() changeReader { return changeReader{Printer: p.Printer} }

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
			if was, is := r.value(name, before[name]), r.value(name, after[name]); was != "" || is != "" {
				line.Fields = append(line.Fields, FieldChange{name, was, is})
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

// value is one value in words: states, days and instants in the reader's language, persons by name.
func (r changeReader) value(name string, value json.RawMessage) string {
	var s string
	var digest struct {
		SHA256 string `json:"sha256"`
	}
	switch {
	case len(value) == 0 || string(value) == "null":
		return ""
	case json.Unmarshal(value, &s) == nil:
		return r.text(name, s)
	case json.Unmarshal(value, &digest) == nil && digest.SHA256 != "":
		return "SHA-256 " + r.text(name, digest.SHA256)
	}
	return string(value) // a number, or true or false
}

func (r changeReader) text(name, s string) string {
	if d, err := qms.ParseDate(s); err == nil {
		return r.Date(d)
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil && strings.HasSuffix(name, "_at") {
		return r.FullInstant(t)
	}
	if key := "state." + s; name == "state" && r.Has(key) {
		return r.T(key)
	}
	if person := r.people[s]; person != "" {
		return person
	}
	letters, limit := []rune(s), listLetters
	if digestText.MatchString(s) {
		limit = digestLetters
	}
	if !r.short || len(letters) <= limit {
		return s
	}
	return strings.TrimSpace(string(letters[:limit])) + "…"
}
