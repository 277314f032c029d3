package importer

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/locale"
)

// CriteriaBook is the criteria of a referential as a workbook states them, and where they stand.
type CriteriaBook struct {
	Items []label.CriterionText
	placed
}

// criteriaLists are read with their texts as they stand: the narrow spaces of French are part of them.
var criteriaLists = lists{rows: 2000, clean: func(cell string) string { return strings.TrimSpace(strings.ReplaceAll(cell, "\r\n", "\n")) }}

// ReadReferential reads the first sheet that has a heading of codes and one of themes, in French or in
// English, in any order. Texts are taken as they stand. What cannot be read is in the Problems; the
// error is that of a file which is no workbook, or of a disk.
func ReadReferential(ctx context.Context, name string, r io.Reader) (*CriteriaBook, error) {
	tables, err := criteriaLists.read(name, r, func(data []byte) ([]table, error) {
		workbook, err := isWorkbook(data)
		if err != nil {
			return nil, err
		}
		if !workbook {
			return nil, badFile("referential.file_kind")
		}
		return criteriaLists.workbook(ctx, data)
	})
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		if b := (&CriteriaBook{placed: placed{sheet: t.name}}); b.head(&t, criterionField, "code", "theme") {
			b.read(t)
			return b, nil
		}
	}
	b := &CriteriaBook{placed: placed{sheet: name}}
	b.problem(0, "", "referential.no_headings")
	return b, nil
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

// orderedCriterion is a criterion with the row it stands in and its place in the order.
type orderedCriterion struct {
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
	ordered := make([]orderedCriterion, 0, len(t.rows))
	for i, row := range t.rows {
		ordered = append(ordered, b.line(row, i))
	}
	slices.SortStableFunc(ordered, func(a, c orderedCriterion) int { return cmp.Compare(a.order, c.order) })
	for _, p := range ordered {
		b.Items, b.rows = append(b.Items, p.CriterionText), append(b.rows, p.row)
	}
}

func (b *CriteriaBook) line(row tableRow, at int) orderedCriterion {
	cell := func(field string) string { return b.cell(row, field) }
	p := orderedCriterion{row: row.number, order: float64(at + 1)}
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

// Place adds what the room found wrong with the criteria, at the rows and columns that they stand in, in
// the order of the sheet.
func (b *CriteriaBook) Place(err error) {
	b.place(err, "criteria", func(wrong qms.Field) (string, []any) {
		if wrong.Key == "criterion.doubled" && len(wrong.Args) > 1 { // it names the other one by its place in the list
			if row, ok := b.rowOf(wrong.Args[1]); ok {
				return "criterion.doubled_row", []any{wrong.Args[0], strconv.Itoa(row)}
			}
		}
		return wrong.Key, wrong.Args
	})
	slices.SortStableFunc(b.Problems, func(x, y Problem) int { return cmp.Compare(x.Row, y.Row) })
}
