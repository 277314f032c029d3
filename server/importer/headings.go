package importer

import (
	"embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kind is a kind of register: what the lines of a sheet are.
type Kind string

// The kinds of register, in the order in which they are taken over.
const (
	People       Kind = "people"
	Equipment    Kind = "equipment"
	Procedures   Kind = "procedures"
	Trainings    Kind = "trainings"
	Calibrations Kind = "calibrations"
	Requests     Kind = "requests"
	Quotes       Kind = "quotes"
	Reports      Kind = "reports"
	Invoices     Kind = "invoices"
	Uses         Kind = "uses"
)

// mappingKind is the table that overrides what is guessed of documents; it is no register.
const mappingKind Kind = "mapping"

// Kinds lists the kinds of register in the order in which they are taken over.
func Kinds() []Kind {
	return []Kind{People, Equipment, Procedures, Trainings, Calibrations, Requests, Quotes, Reports, Invoices, Uses}
}

//go:embed headings.json rules.json
var tables embed.FS

// form is how a kind of register is recognised: names that its sheet may have and its columns.
type form struct {
	Sheets  []string `json:"sheets"`
	Columns []column `json:"columns"`
}

// column is one column of a register. Headings name it for sure; Weak ones only where no other
// column of the sheet is named for sure ("N°", "Date").
type column struct {
	Field    string   `json:"field"`
	Needed   bool     `json:"needed"`
	Headings []string `json:"headings"`
	Weak     []string `json:"weak"`
}

// forms are the kinds of register as headings.json describes them.
var forms = sync.OnceValue(func() map[Kind]form {
	text, err := tables.ReadFile("headings.json")
	if err != nil {
		panic(err)
	}
	all := map[Kind]form{}
	if err := json.Unmarshal(text, &all); err != nil {
		panic(err) // embedded at build: a programmer's fault
	}
	for kind, f := range all {
		for i := range f.Columns {
			reduce(f.Columns[i].Headings)
			reduce(f.Columns[i].Weak)
		}
		reduce(f.Sheets)
		all[kind] = f
	}
	return all
})

func reduce(headings []string) {
	for i, h := range headings {
		headings[i] = words(h)
	}
}

// match is how far a row of cells is the headings of one kind of register.
type match struct {
	kind    Kind
	columns map[string]int // field to column, from 0
	doubled map[string]int // field to the second column that bears its heading
	missing []string       // needed fields without a column
	named   bool           // the sheet bears a name of that kind
}

// full reports whether every needed column is there.
func (m match) full() bool { return len(m.missing) == 0 }

// near reports whether the row is surely meant as these headings, though columns are missing: most
// of those needed are there, or half of them under a sheet's name that says so.
func (m match) near() bool {
	found := len(m.columns)
	return found >= 2 && (found >= 2*len(m.missing) || m.named && found >= len(m.missing))
}

// recogniseMapping finds the headings of a mapping file.
func recogniseMapping(cells []string) match {
	headings := make([]string, len(cells))
	for i, c := range cells {
		headings[i] = words(strings.ReplaceAll(c, "_", " "))
	}
	if m := matchForm(mappingKind, forms()[mappingKind], "", headings); len(m.columns) > 1 {
		return m
	}
	return match{}
}

// better orders matches: full ones first, then the one that explains more columns, then by name.
func (m match) better(than match) bool {
	switch {
	case than.kind == "":
		return m.full() || m.near()
	case m.full() != than.full():
		return m.full()
	case !m.full() && m.named != than.named:
		return m.named
	case len(m.columns)-len(m.missing) != len(than.columns)-len(than.missing):
		return len(m.columns)-len(m.missing) > len(than.columns)-len(than.missing)
	}
	return m.named && !than.named
}

// recognise finds the kind of register whose headings the cells are. The zero match is none.
func recognise(sheet string, cells []string) match {
	headings := make([]string, len(cells))
	filled := 0
	for i, c := range cells {
		if headings[i] = words(c); headings[i] != "" {
			filled++
		}
	}
	var best match
	if filled < 2 {
		return best
	}
	name := words(sheet)
	for _, kind := range Kinds() { // in order, so that the answer is always the same
		if m := matchForm(kind, forms()[kind], name, headings); m.better(best) && (m.full() || m.near()) {
			best = m
		}
	}
	return best
}

func matchForm(kind Kind, f form, sheet string, headings []string) match {
	m := match{kind: kind, columns: map[string]int{}, doubled: map[string]int{}}
	m.named = slices.Contains(f.Sheets, sheet) || slices.Contains(f.Sheets, withoutYear(sheet))
	taken := map[int]bool{}
	for _, weak := range []bool{false, true} {
		for _, c := range f.Columns {
			names := c.Headings
			if weak {
				names = c.Weak
			}
			m.find(c, names, headings, taken, weak)
		}
	}
	for _, c := range f.Columns {
		if _, ok := m.columns[c.Field]; c.Needed && !ok {
			m.missing = append(m.missing, c.Field)
		}
	}
	return m
}

func (m *match) find(c column, names, headings []string, taken map[int]bool, weak bool) {
	if _, ok := m.columns[c.Field]; ok && weak {
		return // named for sure by another column
	}
	for i, h := range headings {
		if h == "" || taken[i] || !slices.Contains(names, h) {
			continue
		}
		if first, ok := m.columns[c.Field]; ok {
			if c.Needed || headings[first] == h { // two candidates for what must be right
				m.doubled[c.Field] = i
			}
			continue
		}
		m.columns[c.Field], taken[i] = i, true
	}
}

// withoutYear is a sheet's name without digits: "devis 2024" is "devis".
func withoutYear(name string) string {
	kept := []rune{}
	for _, r := range name {
		if r < '0' || r > '9' {
			kept = append(kept, r)
		}
	}
	return words(string(kept))
}

// unitOf is what a heading says its numbers count: hours unless it says minutes or days.
func unitOf(heading string) time.Duration {
	_, unit := withoutUnit(fold(heading))
	switch unit {
	case "min", "mn", "minutes", "minute":
		return time.Minute
	case "j", "jours", "jour", "d", "days", "day":
		return 24 * time.Hour
	}
	return time.Hour
}

// monthsUnit is how many months a number under the heading counts.
func monthsUnit(heading string) int {
	_, unit := withoutUnit(fold(heading))
	switch unit {
	case "an", "ans", "annee", "annees", "year", "years":
		return 12
	}
	return 1
}
