package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/trace"
)

// LeftOut is the kind of a sheet that a person said is no register.
const LeftOut Kind = trace.LeftOut

// Mapping says how one sheet is read, where its headings do not tell, or tell something else.
type Mapping struct {
	Sheet string // its name, or that of the CSV file without its end; empty for every sheet
	Kind  Kind   // LeftOut for a sheet that is not to be read
	Row   int    // of the headings, from 1; 0 for the first row that holds those that Columns name
	// Columns are, by field, the letter of a column or its heading; "-" for a field that the sheet does
	// not have. A field that is not named is found by its heading, as in a sheet without a mapping.
	Columns map[string]string
	Dates   string // trace.MonthFirst for dates like 04/03/2023 that begin with the month; else empty
}

// Known is a mapping that is remembered, by the signature of its headings.
type Known struct {
	ID      qms.ID
	Kind    Kind
	Columns map[string]int
	Dates   string
}

// known are the mappings that an import uses by themselves.
func known(remembered []trace.RegisterMapping) map[string]Known {
	all := make(map[string]Known, len(remembered))
	for _, m := range remembered {
		all[m.Signature] = Known{ID: m.ID, Kind: Kind(m.Register), Columns: m.Columns, Dates: m.Dates}
	}
	return all
}

// signature tells headings from others: the same words in the same order on a sheet of that name,
// whatever their case, their accents and the year in the name.
func signature(sheet string, headings []string) string {
	text := strings.Builder{}
	text.WriteString(withoutYear(words(sheet)))
	for _, h := range trimmed(headings) {
		text.WriteString("\x1f" + words(h))
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:16])
}

// givenFor is the mapping that was given for the sheet of that name, nil when none was.
func givenFor(all []Mapping, sheet string) *Mapping {
	for i := range all {
		if all[i].Sheet == sheet {
			return &all[i]
		}
	}
	for i := range all {
		if name := all[i].Sheet; name == "" || withoutYear(words(name)) == withoutYear(words(sheet)) {
			return &all[i]
		}
	}
	return nil
}

// columnOfLetter is the column, from 0, that a letter names; false when it is no letter.
func columnOfLetter(s string) (int, bool) {
	n := 0
	for _, c := range s {
		if c < 'A' || c > 'Z' || n > 1<<14 {
			return 0, false
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1, n > 0
}

// none is how a mapping says that the sheet has no such column.
const none = "-"

// find is where the mapping sees its columns in a row of headings, and what it names in vain.
func (m *Mapping) find(cells []string) (match, []string) {
	cells = trimmed(cells)
	headings := make([]string, len(cells))
	for i, c := range cells {
		headings[i] = words(c)
	}
	f := forms()[m.Kind]
	found := match{kind: m.Kind, columns: map[string]int{}, doubled: map[string]int{}}
	used := map[int]bool{}
	var vain []string
	for _, field := range slices.Sorted(maps.Keys(m.Columns)) {
		said := strings.TrimSpace(m.Columns[field])
		if said == "" || said == none {
			continue
		}
		column, ok := columnOfLetter(said)
		if !ok || column >= len(cells) {
			column = slices.Index(headings, words(said))
		}
		if column < 0 {
			vain = append(vain, said)
			continue
		}
		found.columns[field], used[column] = column, true
	}
	guessed := matchForm(m.Kind, f, "", headings)
	for _, c := range f.Columns {
		_, said := m.Columns[c.Field]
		if column, ok := guessed.columns[c.Field]; ok && !said && !used[column] {
			found.columns[c.Field], used[column] = column, true
		}
		if _, ok := found.columns[c.Field]; c.Needed && !ok {
			found.missing = append(found.missing, c.Field)
		}
	}
	return found, vain
}

// follow reads the sheet as the mapping given for it says; it is called until the headings are met.
func (s *sheetReader) follow(row int, cells []string) {
	m := s.given
	if m.Kind == LeftOut {
		s.Aside, s.lost, s.How = true, true, Given
		s.signature = signature(s.Name, cells)
		return
	}
	found, vain := m.find(cells)
	if m.Row > 0 && row < m.Row || m.Row == 0 && (len(vain) > 0 || len(found.columns) == 0) {
		return
	}
	s.How, s.dates, s.rules.MonthFirst = Given, m.Dates, m.Dates == trace.MonthFirst
	s.best, s.at, s.texts = found, row, slices.Clone(cells)
	s.begin()
	for _, said := range vain {
		s.lost = true
		s.problem(Problem{Row: row, Found: shown(strings.Join(trimmed(s.Headings), ", ")), Key: "import.mapping.no_column", Args: []any{said}})
	}
}

// recall reads the sheet as is remembered of its headings.
func (s *sheetReader) recall(k Known, row int, cells []string) {
	s.How, s.Memory = Remembered, k.ID
	s.signature = signature(s.Name, cells)
	if k.Kind == LeftOut {
		s.Aside, s.lost = true, true
		return
	}
	s.rules.MonthFirst = k.Dates == trace.MonthFirst
	s.best, s.at, s.texts = k.match(), row, slices.Clone(cells)
	s.begin()
}

// match is the columns of what is remembered, as those of a recognised sheet.
func (k Known) match() match {
	m := match{kind: k.Kind, columns: maps.Clone(k.Columns), doubled: map[string]int{}}
	for _, c := range forms()[k.Kind].Columns {
		if _, ok := m.columns[c.Field]; c.Needed && !ok { // the register needs more than it did
			m.missing = append(m.missing, c.Field)
		}
	}
	return m
}

// ownSheet are the names of sheets that Maillon itself adds to its workbooks for people to read.
var ownSheet = map[string]bool{"lisez moi": true, "read me": true}

// ownHeadings are those of registers that Maillon writes and takes over from no file.
var ownHeadings = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, lang := range locale.Languages() {
		said := &wording{p: locale.For(lang)}
		for _, k := range Exported() {
			if !k.TakesOver() {
				all[joined(said.heads(k, fieldsOf(k)))] = true
			}
		}
	}
	return all
})

func joined(headings []string) string { return strings.Join(reduced(trimmed(headings)), "\x1f") }
