package web

import (
	"regexp"
	"slices"
	"strconv"

	"maillon/qms"
	"maillon/qms/trace"
	"maillon/server/importer"
)

// importMappingPages let a person say how a sheet is read whose headings do not tell, and see and
// forget what was said before.
func (s *Site) importMappingPages() {
	const all, sheet = Prefix + "/imports/mappings", Prefix + "/imports/:job/sheets/:sheet"
	s.page(all, qms.ImportRegisters, s.listMappings)
	s.page(all+"/:mapping/forget", qms.ImportRegisters, s.askForgetMapping)
	s.act(all+"/:mapping/forget", qms.ImportRegisters, s.forgetMapping)
	s.page(sheet, qms.ImportRegisters, s.askMapping)
	s.act(sheet, qms.ImportRegisters, s.mapSheet)
}

// mappingPage asks which column of a sheet holds what.
type mappingPage struct {
	Form      *Form
	Job       importer.Job
	Sheet     *importer.Sheet
	Index     int
	Kind      importer.Kind
	Row       int
	Kinds     []Option
	Rows      []Option
	Fields    []mappingField
	Columns   []Option
	Letters   []string
	Top       []importer.TopRow
	Ambiguous bool // dates of the first lines can be read in two ways
	Dates     []Option
}

// mappingField is one field of the register.
type mappingField struct {
	importer.FieldOf
	Label string // key
}

// figures are dates that have only figures, and may begin with the day or with the month.
var figures = regexp.MustCompile(`^\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b`)

func (s *Site) askMapping(p *Page) error {
	index, err := strconv.Atoi(p.Param("sheet"))
	if err != nil {
		return qms.NotFound("import.sheet_not_found")
	}
	sheet, err := s.Importer.SheetOf(p.Context(), p.Platform.ID, p.Param("job"), index)
	if err != nil {
		return err
	}
	kind, row := sheet.Guess()
	if k := importer.Kind(p.Query("register")); importer.FieldsOf(k) != nil {
		kind = k
	}
	if n, err := strconv.Atoi(p.Query("row")); err == nil {
		row = n
	}
	form := p.Form().Set("dates", "").Set("register", string(kind)).Set("row", strconv.Itoa(row)).Set("remember", true)
	for field, column := range sheet.Guesses(kind, row) {
		form.Set(field, importer.Letter(column))
	}
	data, err := s.mappingPage(p, form, index, kind, row)
	if err != nil {
		return err
	}
	return p.Render("imports_map", data)
}

// mappingPage puts together what the page shows of the sheet, read as the register from that row.
func (s *Site) mappingPage(p *Page, form *Form, index int, kind importer.Kind, row int) (*mappingPage, error) {
	job, err := s.Importer.JobByID(p.Context(), p.Platform.ID, p.Param("job"))
	if err != nil {
		return nil, err
	}
	sheet, err := s.Importer.SheetOf(p.Context(), p.Platform.ID, job.ID, index)
	if err != nil {
		return nil, err
	}
	p.Title = p.T("page.imports.map_title", sheet.Name)
	p.Crumb(p.T("page.imports.title"), p.To("imports"))
	p.Crumb(p.importPage(job).Name, p.To("imports", job.ID))
	d := &mappingPage{Form: form, Job: job, Sheet: sheet, Index: index, Kind: kind, Row: row,
		Dates: []Option{{"", p.T("page.imports.day_first")}, {trace.MonthFirst, p.T("page.imports.month_first")}}}
	for _, k := range importer.Kinds() {
		d.Kinds = append(d.Kinds, Option{string(k), p.T("import.kind." + string(k))})
	}
	for _, f := range importer.FieldsOf(kind) {
		d.Fields = append(d.Fields, mappingField{f, importer.HeadKey(kind, f.Field)})
	}
	d.columns(p)
	return d, nil
}

// columns names the columns by letter, heading and what stands first below.
func (d *mappingPage) columns(p *Page) {
	d.Columns = []Option{{"", p.T("page.imports.no_column")}}
	var headings, first []string
	widest := 0
	for _, top := range d.Sheet.Top {
		d.Rows = append(d.Rows, Option{strconv.Itoa(top.Row), p.T("page.imports.row_n", strconv.Itoa(top.Row))})
		widest = max(widest, len(top.Cells))
		switch {
		case top.Row == d.Row:
			headings = top.Cells
		case headings != nil && first == nil:
			first = top.Cells
		}
		for _, cell := range top.Cells {
			if parts := figures.FindStringSubmatch(cell); parts != nil {
				d.Ambiguous = true
			}
		}
	}
	for i, top := range d.Sheet.Top { // a short row is as wide as the others
		d.Top = append(d.Top, top)
		d.Top[i].Cells = append(slices.Clone(top.Cells), make([]string, widest-len(top.Cells))...)
	}
	for i := range widest {
		d.Letters = append(d.Letters, importer.Letter(i))
	}
	for i, heading := range headings {
		label := importer.Letter(i)
		if heading != "" {
			label += " · " + heading
		}
		if i < len(first) && first[i] != "" {
			label += " (" + p.T("page.imports.for_example", first[i]) + ")"
		}
		d.Columns = append(d.Columns, Option{importer.Letter(i), label})
	}
}

// mapSheet takes the answer and has the files checked again.
func (s *Site) mapSheet(p *Page) error {
	index, err := strconv.Atoi(p.Param("sheet"))
	if err != nil {
		return qms.NotFound("import.sheet_not_found")
	}
	form := p.Form()
	row, _ := strconv.Atoi(form.Text("row"))
	cmd := importer.MapSheet{Platform: p.Platform.ID, Job: p.Param("job"), Sheet: index, Remember: form.Checked("remember"),
		Mapping: importer.Mapping{Kind: importer.Kind(form.Text("register")), Row: row, Columns: map[string]string{}, Dates: form.Text("dates")}}
	if form.Text("do") == "aside" {
		cmd.Mapping.Kind = importer.LeftOut
	}
	for _, f := range importer.FieldsOf(cmd.Mapping.Kind) {
		cmd.Mapping.Columns[f.Field] = "-"
		if said := form.Text(f.Field); said != "" {
			cmd.Mapping.Columns[f.Field] = said
		}
	}
	if _, err = s.Importer.MapSheet(p.Context(), cmd); err != nil {
		data, fault := s.mappingPage(p, form, index, cmd.Mapping.Kind, row)
		if fault != nil {
			return fault
		}
		return p.Again("imports_map", form, err, data)
	}
	return p.Redirect(p.To("imports", cmd.Job))
}

// mappingLine is a mapping as the list shows it.
type mappingLine struct {
	trace.RegisterMapping
	Says []string // "N° devis: Réf"
}

func (s *Site) listMappings(p *Page) error {
	all, err := s.Importer.Mappings(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	lines := make([]mappingLine, 0, len(all))
	for _, m := range all {
		lines = append(lines, p.mappingLine(m))
	}
	p.Title = p.T("page.imports.mappings")
	p.Crumb(p.T("page.imports.title"), p.To("imports"))
	return p.Render("imports_mappings", lines)
}

func (p *Page) mappingLine(m trace.RegisterMapping) mappingLine {
	line := mappingLine{RegisterMapping: m}
	for _, f := range importer.FieldsOf(importer.Kind(m.Register)) {
		column, ok := m.Columns[f.Field]
		if !ok {
			continue
		}
		heading := importer.Letter(column)
		if column < len(m.Headings) && m.Headings[column] != "" {
			heading = m.Headings[column]
		}
		line.Says = append(line.Says, p.T("page.imports.says", p.T(importer.HeadKey(importer.Kind(m.Register), f.Field)), heading))
	}
	return line
}

// forgetPage asks why a mapping is forgotten.
type forgetPage struct {
	Form    *Form
	Mapping mappingLine
}

func (s *Site) askForgetMapping(p *Page) error {
	m, err := s.mapping(p)
	if err != nil {
		return err
	}
	return s.renderForget(p, p.Form().Set("revision", m.Revision), m, nil)
}

func (s *Site) renderForget(p *Page, form *Form, m *trace.RegisterMapping, failure error) error {
	p.Title = p.T("page.imports.forget_title", m.Sheet)
	p.Crumb(p.T("page.imports.title"), p.To("imports"))
	p.Crumb(p.T("page.imports.mappings"), p.To("imports", "mappings"))
	data := forgetPage{form, p.mappingLine(*m)}
	if failure != nil {
		return p.Again("imports_forget", form, failure, data)
	}
	return p.Render("imports_forget", data)
}

func (s *Site) mapping(p *Page) (*trace.RegisterMapping, error) {
	id, err := p.ID("mapping")
	if err != nil {
		return nil, err
	}
	m, err := s.Importer.Mapping(p.Context(), p.Platform.ID, id)
	if err == nil && m.Void != "" {
		err = qms.NotFound("record.not_found")
	}
	return m, err
}

func (s *Site) forgetMapping(p *Page) error {
	m, err := s.mapping(p)
	if err != nil {
		return err
	}
	form := p.Form()
	target := trace.Target{Platform: p.Platform.ID, ID: m.ID, Revision: int64(form.Int("revision")), Reason: form.Text("reason")}
	if err = form.Err(); err == nil {
		_, err = s.Importer.ForgetMapping(p.Context(), target)
	}
	if err != nil {
		return s.renderForget(p, form, m, err)
	}
	return p.Done(p.To("imports", "mappings"), "page.imports.forgotten", m.Sheet)
}
