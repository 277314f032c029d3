package web

import (
	"io"
	"strconv"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/trace"
)

// MatrixView is who is trained on what: some people at a time.
type MatrixView struct {
	*trace.Skills
	Rows       []trace.Person // the people on this page
	Next       string
	Form       *Form
	Categories []Option
	Teams      []Option
	Standings  []Option
	Chips      []Chip
	Past       qms.Date
	Days       int64 // within which a validity is expiring
}

// skillFilters are the parts of the query that narrow the matrix.
var skillFilters = []string{"category", "team", "who", "standing", "as_of"}

func (s *Site) matrix(p *Page) error {
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	filter := trace.SkillFilter{AsOf: asOf, Category: p.Query("category"), Text: p.Query("who"), Team: trace.Team(p.Query("team")),
		Standing: trace.Standing(p.Query("standing"))}
	m, err := s.Trace.Skills(p.Context(), p.Platform.ID, filter)
	if err != nil {
		return err
	}
	p.Title, p.Wide = p.T("page.trainings.title"), true
	view := MatrixView{Skills: m, Form: p.filterForm(skillFilters...), Past: p.asOfNote(asOf), Days: m.ExpiringDays, Chips: p.skillChips()}
	switch {
	case p.Exported():
		return view.export(p)
	case p.Printed():
		return view.print(s, p)
	}
	page, err := m.Page(p.Cursor())
	if err != nil {
		return err
	}
	view.Rows, view.Next = page.Items, page.Next
	view.Categories = []Option{{"", p.T("page.equipment.all_categories")}}
	for _, c := range m.Categories {
		view.Categories = append(view.Categories, Option{c, c})
	}
	view.Teams = append([]Option{{"", p.T("page.skills.everybody")}}, p.options("page.skills.team_", trace.Present, trace.Trainers, trace.Former)...)
	view.Standings = append([]Option{{"", p.T("page.services.all_states")}}, p.options("page.skills.stands_", trace.Valid, trace.Expiring, trace.Expired, trace.ToRequalify)...)
	return p.Render("trainings_matrix", view)
}

func (p *Page) skillChips() []Chip {
	return p.Chips(func(name, value string) string {
		switch name {
		case "team", "standing":
			key := "page.skills." + map[string]string{"team": "team_", "standing": "stands_"}[name] + value
			if p.Has(key) {
				return p.T(key)
			}
			return ""
		case "as_of":
			d, err := ParseDate(value)
			if err != nil {
				return ""
			}
			return p.T("page.services.chip_as_of", d)
		}
		return value
	}, skillFilters...)
}

// Renewals is how many trainings expire soon.
func (v MatrixView) Renewals() int { return v.Counts[trace.Expiring] }

// MatrixCell is how a person stands on a piece of equipment.
type MatrixCell struct {
	trace.Cover
	Training  qms.ID   // the last one
	Last      qms.Date // last day of validity; none when it has no end
	Requalify *trace.Requalification
	Teaches   bool
}

// Shown is the state whose shape the cell has.
func (c MatrixCell) Shown() string {
	if c.Requalify != nil {
		return "due"
	}
	return string(c.Standing)
}

// Cell is how a person stands on a piece of equipment.
func (v MatrixView) Cell(person, equipment qms.ID) MatrixCell {
	pair := trace.Pair{Person: person, Equipment: equipment}
	c := v.Covers[pair]
	return MatrixCell{Cover: c, Training: v.Last[pair], Last: c.Until.AddDays(-1), Requalify: v.Requalify[pair], Teaches: v.Teaches[pair]}
}

// words are the cell in one line, for a spreadsheet.
func (c MatrixCell) words(p *Page) string {
	if c.Standing == "" {
		return ""
	}
	said := p.T("state." + string(c.Standing))
	if c.Last != 0 {
		said += " " + p.InputDate(c.Last)
	} else {
		said += ", " + p.T("page.trainings.for_ever")
	}
	if c.Requalify != nil {
		said += ", " + p.T("page.skills.stands_requalify")
	}
	return said
}

// export is a line for each person and a column for each piece of equipment.
func (v MatrixView) export(p *Page) error {
	e := export{name: "habilitations-" + v.AsOf.String(), fixed: 2, kinds: map[int]cell{2: countCell, 3: countCell, 4: countCell},
		heads: []string{"page.skills.code", "page.trainings.person", "state.valid", "state.expiring", "state.expired"}}
	for _, piece := range v.Equipment {
		e.more = append(e.more, piece.Code+" "+piece.Name)
	}
	e.next = func(qms.Cursor) (lines [][]string, after string, err error) {
		for _, person := range v.People {
			counts, cells := map[trace.Standing]int{}, make([]string, len(v.Equipment))
			for i, piece := range v.Equipment {
				c := v.Cell(person.ID, piece.ID)
				counts[c.Standing]++
				cells[i] = c.words(p)
			}
			line := []string{person.Code, person.Name, strconv.Itoa(counts[trace.Valid]), strconv.Itoa(counts[trace.Expiring]), strconv.Itoa(counts[trace.Expired])}
			lines = append(lines, append(line, cells...))
		}
		return lines, "", nil
	}
	return p.Export(e)
}

// print is the matrix on paper, in the form it has in an audit pack.
func (v MatrixView) print(s *Site, p *Page) error {
	if len(v.People) > printedLines {
		return qms.Invalid("list.too_long_to_print", printedLines)
	}
	out := &pack.Skills{Language: p.Lang(), Platform: p.Platform.Name, AsOf: v.AsOf, MadeAt: s.Clock()}
	if c := p.Checkpoint(); c != nil {
		out.Checkpoint = c.Words
	}
	for _, chip := range v.Chips {
		out.Facts = append(out.Facts, p.T("page.list.filtered", chip.Label))
	}
	for _, piece := range v.Equipment {
		out.Matrix.Equipment = append(out.Matrix.Equipment, pack.Equipment{Code: piece.Code, Name: piece.Name})
	}
	for _, person := range v.People {
		row := pack.Trainee{Code: person.Code, Name: person.Name}
		for _, piece := range v.Equipment {
			c := v.Cell(person.ID, piece.ID)
			row.Cells = append(row.Cells, pack.Cell{State: c.Shown(), Until: c.Until})
		}
		out.Matrix.People = append(out.Matrix.People, row)
	}
	return p.printed("habilitations-"+v.AsOf.String(), func(w io.Writer) error { return pack.PrintSkills(w, out) })
}
