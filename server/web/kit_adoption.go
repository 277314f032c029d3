package web

import (
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
)

// AdoptionView is what every platform made of every template.
type AdoptionView struct {
	*documents.KitAdoption
	Rows    []AdoptionRow
	Columns []AdoptionColumn
	States  []documents.Adopted
	Only    documents.Adopted // rows shown have at least one such cell; all when empty
	Total   map[documents.Adopted]int
	Form    *Form
	Past    bool // as of a day before today
}

// AdoptionRow is one platform.
type AdoptionRow struct {
	people.Platform
	Cells []documents.AdoptionCell
	Tally map[documents.Adopted]int
}

// Has counts the copies that the platform has.
func (r AdoptionRow) Has() int {
	return r.Tally[documents.AdoptedDraft] + r.Tally[documents.AdoptedInForce] + r.Tally[documents.AdoptedBehind]
}

// AdoptionColumn is one template.
type AdoptionColumn struct {
	*documents.KitSheet
	Tally map[documents.Adopted]int
}

// Has counts the platforms that have a copy.
func (c AdoptionColumn) Has() int {
	return c.Tally[documents.AdoptedDraft] + c.Tally[documents.AdoptedInForce] + c.Tally[documents.AdoptedBehind]
}

func (s *Site) kitAdoption(p *Page) error {
	p.Title, p.Wide = p.T("page.kit.adoption"), true
	p.Crumb(p.T("page.kit.title"), "/kit")
	day, wrong := p.AsOf()
	if wrong != nil {
		day = 0
	}
	all, err := s.Documents.AdoptionOn(p.Context(), platformIDs(p.Platforms), day)
	if qms.CodeOf(err) == qms.CodeInvalid {
		wrong = err
		all, err = s.Documents.Adoption(p.Context(), platformIDs(p.Platforms))
	}
	if err != nil {
		return err
	}
	data := AdoptionView{Form: p.filterForm("as_of"), Past: all.Day < p.Today, KitAdoption: all, States: documents.AdoptedStates(), Only: documents.Adopted(p.Query("state")), Total: map[documents.Adopted]int{}}
	for i, t := range all.Templates {
		data.Columns = append(data.Columns, AdoptionColumn{t, all.TallyOf(i)})
	}
	for _, pf := range p.Platforms {
		row := AdoptionRow{pf, all.Cells[pf.ID], all.Tally(pf.ID)}
		for state, n := range row.Tally {
			data.Total[state] += n
		}
		if data.Only == "" || row.Tally[data.Only] > 0 {
			data.Rows = append(data.Rows, row)
		}
	}
	if wrong != nil {
		return p.Again("kit_adoption", data.Form, wrong, data)
	}
	if p.Exported() || p.Printed() {
		return p.Export(data.export(p))
	}
	return p.Render("kit_adoption", data)
}

// export is the matrix as lines: one for each platform and template, so that it can be filtered and
// printed however many there are.
func (v *AdoptionView) export(p *Page) export {
	shapes := map[string]string{}
	for _, state := range v.States {
		shapes[p.T("page.kit.state_"+string(state))] = kitTone(state)
	}
	e := export{
		name:  "kit-adoption",
		heads: []string{"page.kit.platform", "page.kit.platform_name", "page.kit.code", "page.kit.doc_title", "page.kit.state", "page.kit.document"},
		fixed: 1,
		print: &printing{title: p.T("page.kit.adoption"), facts: []string{p.T("page.kit.facts", len(v.Rows), len(v.Columns))}, asOf: v.Day,
			widths: []float64{0, 0, 2, 6, 3, 3}, shapes: shapes, empty: p.T("page.kit.none"), group: func(line []string) string { return line[0] + " " + line[1] }},
	}
	e.next = func(qms.Cursor) (lines [][]string, after string, err error) {
		for _, row := range v.Rows {
			for i, cell := range row.Cells {
				t := v.Columns[i]
				if p.Printed() && cell.State == documents.NotAdopted {
					continue // paper says what there is
				}
				lines = append(lines, []string{row.Code, row.Name, t.Code, t.Title(p.Lang()), p.T("page.kit.state_" + string(cell.State)), cell.Code})
			}
		}
		return lines, "", nil
	}
	return e
}

// kitTone is the look's state of what a platform made of a template.
func kitTone(state documents.Adopted) string {
	switch state {
	case documents.AdoptedInForce:
		return "effective"
	case documents.AdoptedBehind:
		return "expiring"
	case documents.AdoptedDraft:
		return "open"
	case documents.AdoptedNot:
		return "not-applicable"
	}
	return "todo"
}

// CountOf is how many cells are in the state.
func (v AdoptionView) CountOf(state string) int { return v.Total[documents.Adopted(state)] }
