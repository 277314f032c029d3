package importer

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"maillon/qms"
	"maillon/qms/locale"
)

// nature is what a column holds.
type nature string

// The natures of columns; import.expected.NATURE says each to people.
const (
	aText   nature = "text"
	aCode   nature = "code"
	aDate   nature = "date"
	anSum   nature = "money"
	aNumber nature = "count"
	aMonths nature = "months"
	aYesNo  nature = "yesno"
	aChoice nature = "choice"
)

var natures = map[nature][]string{
	aDate: {"date", "accepted", "refused", "valid_until", "analysed", "released", "wished", "commissioned", "retired", "acquired", "from", "until"},
	anSum: {"total", "cost", "renewal_cost"}, aMonths: {"months"}, aNumber: {"life_years", "renewal_year", "duration"},
	aYesNo: {"trainer"}, aChoice: {"outcome", "status", "kind"},
	aCode: {"code", "number", "request", "quote", "person", "equipment", "operator", "instruction", "procedure", "responsible", "released_by"},
}

// key is that of what the nature expects.
func (n nature) key() string { return strings.Join([]string{"import", "expected", string(n)}, ".") }

// natureOf is what the column of a register holds; the trainer of a training is a code.
func natureOf(k Kind, field string) nature {
	if k == Trainings && field == "trainer" {
		return aCode
	}
	for n, fields := range natures {
		if slices.Contains(fields, field) {
			return n
		}
	}
	return aText
}

// choices are the words that a column knows; others are taken where strict is false.
func choices(k Kind, field string) (words []string, strict bool) {
	switch {
	case field == "outcome":
		return []string{"conforming", "nonconforming"}, true
	case field == "status":
		return []string{"internal", "academic", "industrial"}, false
	case field == "kind" && k == Trainings:
		return []string{"initial", "renewal"}, true
	case field == "kind":
		return []string{"calibration", "verification"}, true
	case natureOf(k, field) == aYesNo:
		return []string{"yes", "no"}, true
	}
	return nil, false
}

// examples are what the sheet that explains a template shows of a column, by field, or by register and
// field; dates, sums and choices have theirs by nature.
var examples = map[string]string{
	"people.code": "P01", "people.name": "Agent 01", "people.email": "agent01@plateforme.example", "equipment.code": "EQ-MIC-001", "equipment.name": "Microscope confocal",
	"procedures.code": "PR-ACH-003", "procedures.title": "Acheter un consommable", "version": "2.1", "person": "P01", "equipment": "EQ-MIC-001", "operator": "P01", "trainer": "P02",
	"responsible": "P01", "released_by": "P02", "number": "2024-0001", "request": "DEM-2024-0001", "quote": "DEV-2024-0001", "instruction": "MO-MIC-001", "procedure": "PR-MIC-002",
	"procedure_version": "1.0", "months": "24", "life_years": "10", "renewal_year": "2031", "duration": "90", "client": "Institut A", "subject": "Analyse de 12 échantillons",
	"tolerance": "0,05", "nominal": "10", "deviation": "0,02", "unit": "mm", "certificate": "C-2024-118", "place": "Bâtiment 3, salle 12",
}

func exampleOf(p *locale.Printer, k Kind, field string) string {
	if words, _ := choices(k, field); len(words) > 0 {
		return p.T("register.word." + words[0])
	}
	switch natureOf(k, field) {
	case aDate:
		return p.InputDate(qms.MustDate("2024-04-03"))
	case anSum:
		return "1250,50"
	}
	if text, ok := examples[string(k)+"."+field]; ok {
		return text
	}
	return examples[field]
}

// templateFields are the columns of a template: what an import takes over, but that a line is void.
func templateFields(k Kind) []column {
	var fields []column
	for _, f := range fieldsOf(k) { // in the order in which registers are written
		for _, c := range forms()[k].Columns {
			if c.Field == f && f != "void" {
				fields = append(fields, c)
			}
		}
	}
	return fields
}

// templateRows is how many rows below the headings a template checks.
const templateRows = 10_000

// Template writes an empty workbook of the registers, all that an import takes over when none is named:
// a sheet for each with its headings, what each column may hold, and a sheet that explains them.
func Template(kinds []Kind, p *locale.Printer, w io.Writer) (err error) {
	if len(kinds) == 0 {
		kinds = Kinds()
	}
	b := &template{p: p, file: excelize.NewFile(), styles: map[nature]int{}}
	defer func() { err = errors.Join(err, b.file.Close()) }()
	if err := b.begin(); err != nil {
		return err
	}
	for _, k := range kinds {
		if !k.TakesOver() {
			return qms.NotFound("register.not_found")
		}
		if err := b.sheet(k); err != nil {
			return err
		}
	}
	if err := b.explain(kinds); err != nil {
		return err
	}
	b.file.SetActiveSheet(0)
	return b.file.Write(w)
}

// TemplateCSV writes the headings of one register.
func TemplateCSV(k Kind, p *locale.Printer, w io.Writer) error {
	if !k.TakesOver() {
		return qms.NotFound("register.not_found")
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if out.UseCRLF = true; p.Lang() == locale.French {
		out.Comma = ';'
	}
	var heads []string
	for _, c := range templateFields(k) {
		heads = append(heads, p.T(HeadKey(k, c.Field)))
	}
	if err := out.Write(heads); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// template is a workbook in the making.
type template struct {
	p            *locale.Printer
	file         *excelize.File
	styles       map[nature]int
	head, needed int
	bold, wrap   int
}

func (b *template) begin() (err error) {
	style := func(s *excelize.Style) (id int) {
		if err == nil {
			id, err = b.file.NewStyle(s)
		}
		return id
	}
	b.styles[aDate] = style(&excelize.Style{CustomNumFmt: &dayPattern})
	b.styles[anSum] = style(&excelize.Style{NumFmt: 4})
	b.styles[aText] = style(&excelize.Style{NumFmt: 49}) // text: zeros in front stay
	head := headStyle()
	b.head = style(head)
	must := *head
	must.Fill.Color = []string{"CFE0F2"}
	b.needed = style(&must)
	b.bold = style(&excelize.Style{Font: &excelize.Font{Bold: true, Family: "Calibri", Size: 14}})
	b.wrap = style(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	return err
}

func (b *template) sheet(k Kind) error {
	name := b.p.T(KindKey(k))
	if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	for i, c := range templateFields(k) {
		if err := b.column(name, i, k, c); err != nil {
			return err
		}
	}
	return b.file.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

func (b *template) column(sheet string, i int, k Kind, c column) error {
	col, head, style := letter(i), b.p.T(HeadKey(k, c.Field)), b.head
	if c.Needed {
		head, style = head+" *", b.needed
	}
	of := natureOf(k, c.Field)
	cell := aText
	if of == aDate || of == anSum {
		cell = of
	}
	steps := []error{
		b.file.SetColWidth(sheet, col, col, widthOf(c.Field, head)),
		b.file.SetColStyle(sheet, col, b.styles[cell]),
		b.file.SetCellStr(sheet, col+"1", head),
		b.file.SetCellStyle(sheet, col+"1", col+"1", style),
	}
	if dv, err := b.validation(k, c.Field, of, col); err != nil || dv != nil {
		steps = append(steps, err)
		if dv != nil {
			steps = append(steps, b.file.AddDataValidation(sheet, dv))
		}
	}
	return errors.Join(steps...)
}

// validation is what the cells of a column may hold; nil for any text.
func (b *template) validation(k Kind, field string, of nature, col string) (*excelize.DataValidation, error) {
	dv := excelize.NewDataValidation(true)
	dv.SetSqref(col + "2:" + col + strconv.Itoa(templateRows+1))
	style, err := excelize.DataValidationErrorStyleStop, error(nil)
	switch words, strict := choices(k, field); {
	case len(words) > 0:
		said := make([]string, len(words))
		for i, w := range words {
			said[i] = b.p.T("register.word." + w)
		}
		if !strict {
			style = excelize.DataValidationErrorStyleInformation
		}
		err = dv.SetDropList(said)
	case of == aDate:
		err = dv.SetRange(epoch.DaysUntil(oldest), epoch.DaysUntil(qms.MustDate("2100-12-31")), excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween)
	case of == anSum:
		err = dv.SetRange(-1e10, 1e10, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween)
	default:
		return nil, nil
	}
	dv.SetError(style, b.p.T(HeadKey(k, field)), b.p.T("register.template.wrong", b.wanted(k, field)))
	return dv, err
}

// wanted says what a column expects.
func (b *template) wanted(k Kind, field string) string {
	if words, _ := choices(k, field); len(words) > 0 {
		said := make([]string, len(words))
		for i, w := range words {
			said[i] = b.p.T("register.word." + w)
		}
		return strings.Join(said, ", ")
	}
	return b.p.T(natureOf(k, field).key())
}

// explain writes the sheet that says what the others expect. It is the first one, and no register.
func (b *template) explain(kinds []Kind) error {
	name := b.p.T("register.template.readme")
	if err := b.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	rows := [][]any{{b.p.T("register.template.title")}}
	for _, key := range []string{"register.template.how", "register.template.needed", "register.template.twice", "register.template.codes", "register.template.not_read"} {
		rows = append(rows, []any{b.p.T(key)})
	}
	rows = append(rows, []any{}, []any{b.p.T("register.template.register"), b.p.T("register.template.column"), b.p.T("register.template.must"), b.p.T("register.template.expected"), b.p.T("register.template.example")})
	heads := len(rows)
	for _, k := range kinds {
		for _, c := range templateFields(k) {
			must := ""
			if c.Needed {
				must = b.p.T("register.word.yes")
			}
			rows = append(rows, []any{b.p.T(KindKey(k)), b.p.T(HeadKey(k, c.Field)), must, b.wanted(k, c.Field), exampleOf(b.p, k, c.Field)})
		}
	}
	var steps []error
	for i, row := range rows {
		steps = append(steps, b.file.SetSheetRow(name, "A"+strconv.Itoa(i+1), &row))
	}
	for i, width := range []float64{26, 30, 12, 58, 32} {
		steps = append(steps, b.file.SetColWidth(name, letter(i), letter(i), width))
	}
	for row := 2; row < heads; row++ {
		at := strconv.Itoa(row)
		steps = append(steps, b.file.MergeCell(name, "A"+at, "E"+at), b.file.SetCellStyle(name, "A"+at, "E"+at, b.wrap), b.file.SetRowHeight(name, row, 32))
	}
	at := strconv.Itoa(heads)
	steps = append(steps, b.file.SetCellStyle(name, "A1", "A1", b.bold), b.file.SetCellStyle(name, "A"+at, "E"+at, b.head),
		b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &onePage, FitToHeight: new(int)}),
		b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	return errors.Join(steps...)
}

var (
	landscape = "landscape"
	onePage   = 1
	fit       = true
)
