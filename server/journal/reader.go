package journal

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

// Reader tells changes in one language.
type Reader struct {
	*locale.Printer
	Names store.Names // of the records that the changes name, see IDs
	Short bool        // long texts, long lists and digests by their beginning: for lists
}

// Line is one change of one record, field by field.
type Line struct {
	store.JournalChange
	New    bool
	Called string // by people, at the time of the act; empty when nobody calls it anything
	Fields []Field
}

// About is what the line is of: the kind of record, and what it is called.
func (r Reader) About(l Line) string { return strings.TrimSpace(r.Table(l.Table) + " " + l.Called) }

// Field is one field before and after. Before is empty on a new record.
type Field struct {
	Name          string
	Before, After Value
}

// Value is what one field holds, in words: a text, or several parts of a list.
type Value struct {
	Text  string
	Items []string // of a list of more than one
}

// One is the whole on one line, for files.
func (v Value) One() string {
	if len(v.Items) > 0 {
		return strings.Join(v.Items, " ; ")
	}
	return v.Text
}

// Empty reports whether the field holds nothing.
func (v Value) Empty() bool { return v.Text == "" && len(v.Items) == 0 }

// longText is how many letters a page shows of a text before it is folded.
const longText = 400

// Long reports whether the text is folded on a page.
func (v Value) Long() bool { return len([]rune(v.Text)) > longText }

// Begins is how a long text begins.
func (v Value) Begins() string { return beginning(v.Text, listLetters) }

var idText = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)

// maxNamed is how many records one page asks the names of.
const maxNamed = 1200

// IDs are the records that the changes are of and that they name, bounded.
func IDs(changes []store.JournalChange) (ids []qms.ID) {
	seen := map[string]bool{}
	add := func(text string) {
		if !seen[text] && len(ids) < maxNamed {
			seen[text] = true
			ids = append(ids, qms.ID(text))
		}
	}
	for _, c := range changes {
		add(string(c.Row))
	}
	for _, c := range changes {
		for _, value := range [][]byte{c.Before, c.After} {
			for _, found := range idText.FindAll(value, -1) {
				add(string(found))
			}
		}
	}
	return ids
}

// Lines compares before and after field by field.
func (r Reader) Lines(changes []store.JournalChange) []Line {
	lines := make([]Line, 0, len(changes))
	for _, c := range changes {
		lines = append(lines, Line{JournalChange: c, New: c.Before == nil, Called: r.Names.On(c.Row, c.At), Fields: r.fields(c)})
	}
	return lines
}

func (r Reader) fields(c store.JournalChange) (fields []Field) {
	was, is := r.teller(c, c.Before), r.teller(c, c.After)
	for _, name := range slices.Sorted(maps.Keys(is.row)) {
		if Hidden(c.Table, name) || bytes.Equal(was.row[name], is.row[name]) {
			continue
		}
		at := column{c.Table, name}
		field := Field{r.Label(c.Table, name), was.value(at, was.row[name]), is.value(at, is.row[name])}
		if !field.Before.Empty() || !field.After.Empty() {
			fields = append(fields, field)
		}
	}
	return fields
}

// always are the columns of every record that are no field of it.
var always = []string{"id", "platform", "revision"}

// hidden are the columns that say nothing to people: what others hold, folded for searching; what tells a request
// or a mail that is sent again; and what the words of another column already say.
var hidden = map[column]bool{
	{"documents", "title_key"}: true, {"records", "title_key"}: true, {"packs", "once"}: true, {"renditions", "failure_args"}: true,
	{"reminders", "obligation"}: true, {"reminders", "subject"}: true, {"dispatches", "about"}: true,
}

// Hidden reports whether a column is left out of what people read.
func Hidden(table, name string) bool {
	return slices.Contains(always, name) || hidden[column{table, name}]
}

// Label is what a column is called: of its table where that has a word of its own, else of every table; as it is
// written in the trail where the words of today have none.
func (r Reader) Label(table, name string) string {
	for _, key := range []string{"field." + table + "." + name, "field." + name} {
		if r.Has(key) {
			return r.T(key)
		}
	}
	return name
}

// Table is a kind of record in words.
func (r Reader) Table(name string) string { return Table(r.Printer, name) }

// Table is a kind of record in words; the name of its table where the words of today have none.
func Table(p *locale.Printer, name string) string {
	if key := "table." + name; p.Has(key) {
		return p.T(key)
	}
	return name
}

// Act is an act in words; as it is written in the trail where the words of today have none.
func Act(p *locale.Printer, name string) string {
	if key := "act." + name; p.Has(key) {
		return p.T(key)
	}
	return name
}

// Actor is who acted, by the name of then. What the software does of itself has a word.
func Actor(p *locale.Printer, id qms.ID, name string) string {
	if id == "" {
		return p.SystemActor(name)
	}
	return name
}

func objectOf(object json.RawMessage) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal(object, &m) != nil {
		return nil // what is not readable any more is shown as nothing; VerifyTrail names it
	}
	return m
}

// teller puts the values of one state of a record into words.
type teller struct {
	Reader
	at  time.Time // of the act
	row map[string]json.RawMessage
}

func (r Reader) teller(c store.JournalChange, state json.RawMessage) teller {
	return teller{r, c.At, objectOf(state)}
}

var digestText = regexp.MustCompile(`^[0-9a-f]{64}$`)

const (
	listLetters   = 120 // of a text in a list
	digestLetters = 16
	listItems     = 6 // of a list in a list
)

// cut is a long text by its beginning, for a list.
func (r Reader) cut(s string) string {
	switch {
	case !r.Short:
		return s
	case digestText.MatchString(s):
		return s[:digestLetters] + "…"
	}
	return beginning(s, listLetters)
}

func beginning(s string, letters int) string {
	if all := []rune(s); len(all) > letters {
		return strings.TrimSpace(string(all[:letters])) + "…"
	}
	return s
}
