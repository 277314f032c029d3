package importer

import (
	"slices"
	"strings"

	"maillon/qms"
)

// Sheet is what was found in one sheet of a workbook or one CSV file.
type Sheet struct {
	Name     string
	Kind     Kind // empty when its headings are none that Maillon knows
	Row      int  // of its headings
	Lines    int  // with something in them, below the headings
	Voided   int  // lines among them that are said to be void, and are not read
	Problems int
	Headings []string   // as it writes them
	First    [][]string // its first lines, as they are written
	Unused   []string   // headings of columns that are not taken over
	Missing  []string   // fields that it needs and has no column for
	Top      []TopRow   // its first rows, headings among them
	How      How        // it was recognised
	Memory   qms.ID     // of the mapping that was remembered of its headings
	Aside    bool       // a person said that it is no register

	columns   map[string]int // field to column, from 0
	signature string         // of its headings, once they are known
	dates     string         // their order, as a person said it
	warned    int
}

// How says by what a sheet was recognised.
type How string

// The ways: by its headings, by what was given for it, by what is remembered of its headings.
const (
	Recognised How = ""
	Given      How = "given"
	Remembered How = "remembered"
)

// TopRow is one of the first rows of a sheet.
type TopRow struct {
	Row   int
	Cells []string
}

// Asks reports whether a person has to say how the sheet is read.
func (s *Sheet) Asks() bool {
	return !s.Aside && len(s.Top) > 0 && (s.Kind == "" || len(s.Missing) > 0)
}

// Columns is where each field of the sheet stands, from 0.
func (s *Sheet) Columns() map[string]int { return s.columns }

// firstLines is how many lines of a sheet a preview shows; headingRows how many rows with something
// in them may stand above the headings.
const (
	firstLines  = 5
	headingRows = 40
	topRows     = 12
	topColumns  = 60
)

// sheetReader is fed the rows of one sheet in their order and turns them into lines.
type sheetReader struct {
	Sheet
	into  *Registers
	index int32 // of the sheet
	rules dateRules
	best  match
	at    int      // row of best
	texts []string // cells of best
	above int      // rows seen before the headings
	read  func(*line)
	finds func(cells []string) match // recognise, unless the sheet is of a given form
	today qms.Date                   // none when nobody says
	given *Mapping                   // how a person says that it is read
	known map[string]Known           // what is remembered of headings
	lost  bool                       // its headings cannot be used: nothing more is read
}

// push takes one row; row counts from 1 as the spreadsheet does.
func (s *sheetReader) push(row int, cells []string) {
	blank := true
	for _, c := range cells {
		if c != "" && clean(c) != "" {
			blank = false
			break
		}
	}
	if !blank && len(s.Top) < topRows {
		s.keepTop(row, cells)
	}
	switch {
	case blank || s.lost:
	case s.read == nil:
		s.look(row, cells)
	case s.repeats(cells):
	default:
		s.Lines++
		if len(s.First) < firstLines {
			s.First = append(s.First, s.shownRow(cells))
		}
		one := &line{sheet: s, row: row, cells: cells}
		if one.voided() {
			s.Voided++
			return
		}
		s.read(one)
	}
}

// keepTop keeps one of the first rows as a page shows it.
func (s *sheetReader) keepTop(row int, cells []string) {
	cells = trimmed(cells)
	kept := make([]string, min(len(cells), topColumns))
	for i := range kept {
		kept[i] = shown(cells[i])
	}
	s.Top = append(s.Top, TopRow{row, kept})
}

// look asks whether the row is the headings.
func (s *sheetReader) look(row int, cells []string) {
	if s.given != nil {
		s.follow(row, cells)
		return
	}
	if s.above >= headingRows {
		return
	}
	if s.above++; s.above == 1 && s.finds == nil && (ownSheet[words(s.Name)] || ownHeadings()[joined(cells)]) {
		s.Aside, s.lost = true, true
		return
	}
	if len(s.known) > 0 {
		if k, ok := s.known[signature(s.Name, cells)]; ok {
			s.recall(k, row, cells)
			return
		}
	}
	m := s.headings(cells)
	if m.kind == "" || !m.better(s.best) {
		return
	}
	s.best, s.at, s.texts = m, row, slices.Clone(cells)
	if m.full() {
		s.begin()
	}
}

func (s *sheetReader) headings(cells []string) match {
	if s.finds != nil {
		return s.finds(cells)
	}
	if s.given != nil {
		found, _ := s.given.find(cells)
		return found
	}
	if k, ok := s.known[signature(s.Name, cells)]; ok {
		return k.match()
	}
	return recognise(s.Name, cells)
}

// begin settles on the best row as the headings.
func (s *sheetReader) begin() {
	s.Kind, s.Row, s.columns = s.best.kind, s.at, s.best.columns
	s.Missing, s.signature = s.best.missing, signature(s.Name, s.texts)
	s.Headings = make([]string, len(s.texts))
	used := map[int]bool{}
	for _, c := range s.columns {
		used[c] = true
	}
	for _, c := range s.best.doubled {
		used[c] = true
	}
	for i, h := range s.texts {
		s.Headings[i] = clean(h)
		if s.Headings[i] != "" && !used[i] {
			s.Unused = append(s.Unused, s.Headings[i])
		}
	}
	for _, c := range forms()[s.Kind].Columns {
		if second, ok := s.best.doubled[c.Field]; ok {
			s.lost = true
			s.problem(Problem{Row: s.at, Column: letter(second), Heading: s.heading(second), Found: s.heading(second),
				Key: "import.column.doubled", Args: []any{c.Field, letter(s.columns[c.Field]), letter(second)}})
		}
	}
	for _, field := range s.best.missing {
		s.lost = true
		s.problem(Problem{Row: s.at, Found: shown(strings.Join(trimmed(s.Headings), ", ")), Key: "import.column.missing", Args: []any{field}})
	}
	s.read = readers[s.Kind]
}

// end says what cannot be said before the last row.
func (s *sheetReader) end() {
	switch {
	case s.read != nil || s.Aside:
	case s.given != nil:
		s.problem(Problem{Key: "import.mapping.no_row", Args: []any{s.given.Row}})
	case s.best.kind != "": // the headings were there, but not all of them
		s.begin()
	}
}

// repeats reports whether the row is the headings again, as on each page of a printed list.
func (s *sheetReader) repeats(cells []string) bool {
	if len(cells) == 0 || len(s.texts) == 0 {
		return false
	}
	return slices.EqualFunc(trimmed(cells), trimmed(s.texts), func(a, b string) bool { return a == b || clean(a) == clean(b) })
}

func trimmed(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

func (s *Sheet) heading(column int) string {
	if column < 0 || column >= len(s.Headings) {
		return ""
	}
	return s.Headings[column]
}

// shownRow is the row as a preview shows it, under the headings.
func (s *sheetReader) shownRow(cells []string) []string {
	row := make([]string, len(s.Headings))
	for i := range row {
		if i < len(cells) {
			row[i] = shown(cells[i])
		}
	}
	return row
}

func (s *sheetReader) problem(p Problem) {
	p.Sheet = s.Name
	s.Problems++
	s.into.report(p, s.Problems <= maxProblems)
}
