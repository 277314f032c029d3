package web

import (
	"slices"
	"strconv"

	"maillon/documents"
	"maillon/qms"
)

// ReadingsView is who has read what, as of a day: some people and some documents at a time, or the list
// of one person, or the lists of everybody for paper.
type ReadingsView struct {
	*documents.ReadingMatrix
	Form      *Form
	Past      bool
	Active    int // filters in force
	Chips     []Chip
	Processes []Option
	Roles     []Option
	Persons   []Option

	Rows    []documents.PersonReads // the people on this page
	First   int                     // how many people stand before them
	Next    string                  // the cursor of those after them
	Columns []documents.DocumentRead
	Before  int    // how many documents stand before the columns
	Earlier string // addresses of the columns to the left and to the right
	Later   string
	Whole   bool // the lists of everybody

	One *documents.PersonReads // whose list it is
	Of  qms.Page[documents.Reading]
}

// readingColumns is how many documents are shown across: as many as a screen and a sheet of paper hold.
const readingColumns = 20

// readingCards is how many readings a person's card names.
const readingCards = 5

// readingFilters are the parts of the query that narrow the matrix.
var readingFilters = []string{"process", "role", "person", "missing", "as_of"}

func (s *Site) readings(p *Page) error {
	p.Title, p.Wide = p.T("page.readings.title"), true
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	day, err := p.AsOf()
	if err != nil {
		return err
	}
	form := p.filterForm(readingFilters...)
	person, err := qms.ParseID(p.Query("person"))
	if err != nil && p.Query("person") != "" {
		return qms.NotFound("record.not_found")
	}
	filter := documents.ReadingFilter{AsOf: day, Process: p.Query("process"), Role: qms.Role(p.Query("role")), Person: person, Missing: p.Query("missing") != ""}
	m, err := s.Documents.ReadingMatrix(p.Context(), p.Platform.ID, filter)
	if err != nil {
		return err
	}
	if p.Exported() {
		return s.exportReadings(p, m)
	}
	data := ReadingsView{ReadingMatrix: m, Form: form, Past: day != p.Today, Whole: p.Query("all") != ""}
	data.offer(p)
	if err := data.cut(p); err != nil {
		return err
	}
	return p.Render("documents_readings", data)
}

// cut takes one page out of the whole matrix.
func (v *ReadingsView) cut(p *Page) (err error) {
	if len(v.People) == 1 && (v.Own || p.Query("person") != "") {
		v.One = &v.People[0]
		v.Of, err = v.PageOfPerson(v.One.ID, p.Cursor())
		return err
	}
	if v.Whole {
		v.Rows = v.People
		return nil
	}
	people, err := v.PeoplePage(p.Cursor())
	if err != nil {
		return err
	}
	v.Rows, v.Next = people.Items, people.Next
	if len(v.Rows) > 0 {
		v.First = slices.IndexFunc(v.People, func(one documents.PersonReads) bool { return one.ID == v.Rows[0].ID })
	}
	v.Columns, v.Before = v.DocumentsFrom(p.Query("from"), readingColumns)
	if v.Before > 0 {
		v.Earlier = p.columnsFrom(v.Documents[max(0, v.Before-readingColumns)].Code)
	}
	if after := v.Before + len(v.Columns); after < len(v.Documents) {
		v.Later = p.columnsFrom(v.Documents[after].Code)
	}
	return nil
}

// columnsFrom is the address of the same people and other documents.
func (p *Page) columnsFrom(code string) string {
	address := p.With("from", code)
	if after := p.Query("after"); after != "" {
		address += "&" + Query("after", after)
	}
	return address
}

// offer makes the choices of the filters.
func (v *ReadingsView) offer(p *Page) {
	any := Option{"", p.T("page.documents.any")}
	v.Processes, v.Persons = []Option{any}, []Option{{"", p.T("page.readings.everybody")}}
	v.Roles = append([]Option{any}, p.options("role.", anyOf(documents.DistributedRoles())...)...)
	for _, code := range v.ReadingMatrix.Processes {
		v.Processes = append(v.Processes, Option{code, code})
	}
	for _, person := range v.Everybody {
		v.Persons = append(v.Persons, Option{string(person.ID), person.Name})
	}
	v.Chips = p.Chips(func(name, value string) string {
		switch name {
		case "as_of":
			return p.T("page.documents.chip_as_of", p.Date(v.AsOf))
		case "missing":
			return p.T("page.readings.only_missing")
		case "role":
			return worded(v.Roles, value)
		case "person":
			return worded(v.Persons, value)
		}
		return value
	}, readingFilters...)
	v.Active = len(v.Chips)
}

func anyOf[T any](values []T) []any {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return all
}

// worded is the word of a choice, the value itself when there is none.
func worded(options []Option, value string) string {
	if i := slices.IndexFunc(options, func(o Option) bool { return o.Value == value }); i >= 0 {
		return options[i].Label
	}
	return value
}

// Parted reports whether the matrix has more than this page.
func (v ReadingsView) Parted() bool {
	return v.One == nil && !v.Whole && (len(v.Rows) < len(v.People) || len(v.Columns) < len(v.Documents))
}

// FirstRow is which of all the people the first of this page is, from 1.
func (v ReadingsView) FirstRow() int { return v.First + 1 }

// LastRow is which of them the last is.
func (v ReadingsView) LastRow() int { return v.First + len(v.Rows) }

// FirstColumn is which of all the documents the first column is, from 1.
func (v ReadingsView) FirstColumn() int { return v.Before + 1 }

// LastColumn is which of them the last is.
func (v ReadingsView) LastColumn() int { return v.Before + len(v.Columns) }

// Owed names some of what the person still owes, the longest asked first.
func (v ReadingsView) Owed(person qms.ID) []documents.Reading {
	owed := v.Missing(person)
	return owed[:min(len(owed), readingCards)]
}

// Others is how many readings the person owes beyond those that are named.
func (v ReadingsView) Others(one documents.PersonReads) int {
	return max(0, one.Missing()-readingCards)
}

// Missing are the readings that the person still owes, the longest asked first.
func (v ReadingsView) Missing(person qms.ID) []documents.Reading {
	all := v.ReadingsOf(person)
	return all[:firstSigned(all)]
}

// Done are the readings that the person has signed for.
func (v ReadingsView) Done(person qms.ID) []documents.Reading {
	all := v.ReadingsOf(person)
	return all[firstSigned(all):]
}

// firstSigned is where the signed ones begin.
func firstSigned(all []documents.Reading) int {
	i := slices.IndexFunc(all, func(r documents.Reading) bool { return r.State == documents.HasRead })
	if i < 0 {
		return len(all)
	}
	return i
}

// readingWord is the word for how a reader stands.
func (p *Page) readingWord(s documents.ReadingState) string {
	return p.T("page.readings.state_" + string(s))
}

// exportReadings is the whole matrix: a line for each person, a column for each document, and in the
// cells the day of the reading, or that it is still to be done.
func (s *Site) exportReadings(p *Page, m *documents.ReadingMatrix) error {
	e := export{name: "lectures-" + m.AsOf.String(), fixed: 1, kinds: map[int]cell{2: countCell, 3: countCell, 4: countCell},
		heads: []string{"page.readings.person", "page.readings.roles", "page.readings.state_read", "page.readings.state_to-read", "page.readings.state_late"}}
	for i, d := range m.Documents {
		e.more = append(e.more, d.Code+" "+d.Version.Number().String()+" "+d.Title)
		e.kinds[len(e.heads)+i] = dayCell
	}
	e.next = func(qms.Cursor) (lines [][]string, after string, err error) {
		for _, person := range m.People {
			line := []string{person.Name, p.roleWords(person.Roles), strconv.Itoa(person.Read), strconv.Itoa(person.Missing()), strconv.Itoa(person.Late)}
			for _, d := range m.Documents {
				line = append(line, p.readingCell(m.Cell(person.ID, d.ID)))
			}
			lines = append(lines, line)
		}
		return lines, "", nil
	}
	return p.Export(e)
}

func (p *Page) readingCell(r *documents.Reading) string {
	switch {
	case r == nil:
		return ""
	case r.State == documents.HasRead:
		return p.InputDate(r.ReadOn)
	}
	return p.readingWord(r.State)
}

func (p *Page) roleWords(roles []qms.Role) (words string) {
	for _, role := range roles {
		if words != "" {
			words += ", "
		}
		words += p.T("role." + string(role))
	}
	return words
}

// exportReaders is a line for each person to whom a document is addressed.
func (s *Site) exportReaders(p *Page, sheet *documents.Sheet) error {
	return p.Export(export{
		name: "lectures-" + sheet.Code + "-" + sheet.AsOf.String(), kinds: map[int]cell{2: dayCell, 4: dayCell}, fixed: 1,
		heads: []string{"page.readings.person", "page.documents.state", "page.readings.since", "page.readings.version_read", "page.readings.read_on"},
		next: func(qms.Cursor) (lines [][]string, after string, err error) {
			for _, r := range sheet.Readings {
				line := []string{r.Reader.Name, p.readingWord(r.State), p.InputDate(r.Since), "", p.InputDate(r.ReadOn)}
				if r.State == documents.HasRead {
					line[3] = r.Read.String()
				}
				lines = append(lines, line)
			}
			return lines, "", nil
		},
	})
}

// RuleView is what a platform settles about readings.
type RuleView struct{ Form *Form }

func (s *Site) readingRule(p *Page) error {
	rule, err := s.Documents.ReadingRule(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	return p.Render("documents_reading_rule", p.ruleView(p.Form().Set("late_days", rule.LateDays).Set("revision", rule.Revision)))
}

func (p *Page) ruleView(f *Form) RuleView {
	p.Title = p.T("page.readings.rule")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.Crumb(p.T("page.readings.title"), p.To("documents", "reading"))
	return RuleView{f}
}

func (s *Site) setReadingRule(p *Page) error {
	f := p.Form()
	cmd := documents.SetReadingRule{Platform: p.Platform.ID, Revision: int64(f.Int("revision")), LateDays: int64(f.Int("late_days")), Reason: f.Text("reason")}
	err := f.Err()
	if err == nil {
		_, err = s.Documents.SetReadingRule(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("documents_reading_rule", f, err, p.ruleView(f))
	}
	return p.Done(p.To("documents", "reading"), "page.readings.rule_set", cmd.LateDays)
}
