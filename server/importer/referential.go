package importer

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/locale"
)

// CriteriaBook is the criteria of a referential as a workbook states them, and where they stand.
type CriteriaBook struct {
	Items    []label.CriterionText
	Problems []Problem

	sheet string
	rows  []int // of the criteria, as the spreadsheet numbers them
	words map[string]tableColumn
}

const (
	maxReferentialFile = 8 << 20
	maxReferentialRows = 2000
)

// ReadReferential reads the first sheet that has a heading of codes and one of themes, in French or in
// English, in any order. Texts are taken as they stand. What cannot be read is in the Problems; the
// error is that of a file which is no workbook, or of a disk.
func ReadReferential(ctx context.Context, name string, r io.Reader) (*CriteriaBook, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxReferentialFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxReferentialFile {
		return nil, fileError(qms.Invalid("body.too_large", maxReferentialFile>>20))
	}
	tables, err := referentialTables(ctx, data)
	var bad badFile
	if errors.As(err, &bad) {
		return nil, fileError(qms.Invalid(string(bad), name))
	}
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		if b := (&CriteriaBook{sheet: t.name}); b.head(&t) {
			b.read(t)
			return b, nil
		}
	}
	b := &CriteriaBook{sheet: name}
	b.problem(0, "", "referential.no_headings")
	return b, nil
}

// referentialTables reads the sheets with their texts as they stand: the narrow spaces of French are part
// of them.
func referentialTables(ctx context.Context, data []byte) (tables []table, err error) {
	switch {
	case len(data) == 0:
		return nil, badFile("file.empty")
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return nil, badFile("import.file_old_excel")
	case !bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return nil, badFile("referential.file_kind")
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, badFile("file.damaged")
	}
	if bad := guardZip(z); bad != "" {
		return nil, bad
	}
	defer func() {
		if recover() != nil { // excelize trusts parts that a hostile file can leave out
			err = badFile("file.damaged")
		}
	}()
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnfolded, UnzipXMLSizeLimit: memoryPerPart})
	if err != nil {
		return nil, badFile("file.damaged")
	}
	defer book.Close()
	for _, name := range book.GetSheetList() {
		t, err := referentialTable(ctx, book, name)
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return tables, ctx.Err()
}

func referentialTable(ctx context.Context, book *excelize.File, name string) (table, error) {
	t := table{name: name}
	rows, err := book.Rows(name)
	if err != nil {
		return t, nil // a sheet of charts has no rows
	}
	defer rows.Close()
	for number := 1; rows.Next() && ctx.Err() == nil; number++ {
		if number > maxReferentialRows {
			return t, badFile("import.too_many_rows")
		}
		cells, err := rows.Columns()
		if err != nil {
			return t, badFile("file.damaged")
		}
		cells = slices.Clone(cells[:min(maxCells, len(cells))])
		for i := range cells {
			cells[i] = strings.TrimSpace(strings.ReplaceAll(cells[i], "\r\n", "\n"))
		}
		if slices.ContainsFunc(cells, func(c string) bool { return c != "" }) {
			t.rows = append(t.rows, tableRow{number, cells})
		}
	}
	return t, nil
}

// head finds the row of headings among the first ones, and leaves in t what is below.
func (b *CriteriaBook) head(t *table) bool {
	for i, row := range t.rows[:min(headingRows, len(t.rows))] {
		columns := map[string]tableColumn{}
		for at, heading := range row.cells {
			if field := criterionField(heading); field != "" {
				if _, twice := columns[field]; !twice {
					columns[field] = tableColumn{at, heading}
				}
			}
		}
		_, code := columns["code"]
		if _, theme := columns["theme"]; code && theme {
			b.words, t.rows = columns, t.rows[i+1:]
			return true
		}
	}
	return false
}

// criterionField is the field that a heading names, in French or English.
func criterionField(heading string) string {
	folded := fold(heading)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(folded, w) })
	}
	language := "fr"
	if has("anglais", "english", "(en)") || !has("francais", "french", "(fr)") && has("evidence", "requirement", "criterion", "text of") {
		language = "en"
	}
	switch {
	case folded == "":
		return ""
	case has("preuve", "evidence"):
		return "evidence_" + language
	case has("texte", "text", "enonce", "intitule"), folded == "critere", folded == "criterion", folded == "requirement", folded == "exigence":
		return language
	case has("theme"):
		return "theme"
	case has("clause", "norme", "standard"):
		return "clauses"
	case has("obligat", "required", "exige", "recommand"):
		return "required"
	case has("ordre", "order", "rang"):
		return "position"
	case has("code", "numero", "number", "reference"), folded == "no", folded == "n°":
		return "code"
	}
	return ""
}

// placedCriterion is a criterion with the row it stands in and its place in the order.
type placedCriterion struct {
	label.CriterionText
	row   int
	order float64
}

func (b *CriteriaBook) read(t table) {
	for _, needed := range []string{"fr", "en", "evidence_fr", "evidence_en"} {
		if _, there := b.words[needed]; !there {
			b.problem(0, "", "referential.no_column_"+needed)
		}
	}
	if len(b.Problems) > 0 {
		return
	}
	if len(t.rows) == 0 {
		b.problem(0, "", "referential.no_criteria")
	}
	placed := make([]placedCriterion, 0, len(t.rows))
	for i, row := range t.rows {
		placed = append(placed, b.line(row, i))
	}
	slices.SortStableFunc(placed, func(a, c placedCriterion) int { return cmp.Compare(a.order, c.order) })
	for _, p := range placed {
		b.Items, b.rows = append(b.Items, p.CriterionText), append(b.rows, p.row)
	}
}

func (b *CriteriaBook) line(row tableRow, at int) placedCriterion {
	cell := func(field string) string {
		if c, there := b.words[field]; there && c.at < len(row.cells) {
			return row.cells[c.at]
		}
		return ""
	}
	p := placedCriterion{row: row.number, order: float64(at + 1)}
	p.Code, p.French, p.English = cell("code"), cell("fr"), cell("en")
	p.EvidenceFrench, p.EvidenceEnglish = cell("evidence_fr"), cell("evidence_en")
	p.Theme = themeNamed(cell("theme"))
	for part := range strings.FieldsFuncSeq(cell("clauses"), func(r rune) bool { return r == ';' || r == '\n' }) {
		if part = strings.TrimSpace(part); part != "" {
			p.Clauses = append(p.Clauses, part)
		}
	}
	if text := cell("position"); text != "" {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || n < 0 || n > 1e6 {
			b.problem(row.number, "position", "criterion.order_malformed", shown(text))
		} else {
			p.order = n
		}
	}
	var known bool
	if p.Required, known = obligation(cell("required")); !known {
		b.problem(row.number, "required", "criterion.obligation_unknown", shown(cell("required")))
	}
	return p
}

// themeNamed is the theme of a code or of its name in either language; what is none stays as it is, for
// the room to refuse.
func themeNamed(text string) label.Theme {
	wanted := fold(text)
	for _, t := range label.Themes() {
		if wanted == string(t) {
			return t
		}
		for _, language := range locale.Languages() {
			if wanted == fold(locale.For(language).T("theme."+string(t))) {
				return t
			}
		}
	}
	return label.Theme(shown(text))
}

// obligation reads whether a criterion is required; nothing said is recommended.
func obligation(text string) (required, known bool) {
	switch fold(text) {
	case "exige", "exigee", "obligatoire", "requis", "oui", "required", "mandatory", "yes", "x", "1", "true":
		return true, true
	case "", "recommande", "recommandee", "facultatif", "non", "recommended", "optional", "no", "0", "false":
		return false, true
	}
	return false, false
}

func (b *CriteriaBook) problem(row int, field, key string, args ...any) {
	if len(b.Problems) >= maxProblems {
		return
	}
	problem := Problem{Sheet: b.sheet, Row: row, Key: key, Args: args}
	if c, there := b.words[field]; there {
		problem.Column, problem.Heading = letter(c.at), c.heading
	}
	b.Problems = append(b.Problems, problem)
}

// Place adds what the room found wrong with the criteria, at the rows and columns that they stand in, in
// the order of the sheet.
func (b *CriteriaBook) Place(err error) {
	var e *qms.Error
	if !errors.As(err, &e) {
		return
	}
	for _, wrong := range e.Fields {
		parts := strings.SplitN(wrong.Name, ".", 3)
		if len(parts) < 3 || parts[0] != "criteria" {
			continue
		}
		n, err := strconv.Atoi(parts[1])
		if err != nil || n < 1 || n > len(b.rows) {
			continue
		}
		key, args := wrong.Key, wrong.Args
		if first, ok := doubledOf(wrong); ok && first >= 1 && first <= len(b.rows) {
			key, args = "criterion.doubled_row", []any{args[0], strconv.Itoa(b.rows[first-1])}
		}
		b.problem(b.rows[n-1], parts[2], key, args...)
	}
	slices.SortStableFunc(b.Problems, func(x, y Problem) int { return cmp.Compare(x.Row, y.Row) })
}

// doubledOf is the place in the list of the criterion that has the same code.
func doubledOf(wrong qms.Field) (int, bool) {
	if wrong.Key != "criterion.doubled" || len(wrong.Args) < 2 {
		return 0, false
	}
	first, ok := wrong.Args[1].(int)
	return first, ok
}
