package importer

import (
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"maillon/qms/label"
	"maillon/qms/locale"
)

// referentialColumns are the columns of the workbook, each with the key of its heading and its width in
// characters.
var referentialColumns = []struct {
	key   string
	width float64
}{
	{"page.referential.order", 8}, {"page.referential.code", 10}, {"page.referential.theme", 24}, {"page.referential.obligation", 14},
	{"page.referential.text_fr", 60}, {"page.referential.text_en", 60}, {"page.referential.evidence_fr", 48}, {"page.referential.evidence_en", 48},
	{"page.referential.clauses", 28},
}

// WriteReferential writes a version as a workbook that ReadReferential reads back unchanged: the
// criteria, then a sheet that says what they are. Cells are texts, never formulas.
func WriteReferential(w io.Writer, say *locale.Printer, v *label.ReferentialSheet) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	name, about := say.T("page.referential.sheet"), say.T("page.referential.sheet_about")
	if err := book.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	if _, err := book.NewSheet(about); err != nil {
		return err
	}
	if err := writeCriteria(book, name, say, v.Items); err != nil {
		return err
	}
	lines := []string{say.T("page.referential.version", v.Number) + " : " + v.Name}
	if v.Sample {
		lines = append(lines, say.T("page.referential.is_sample"))
	}
	if v.EffectiveFrom != 0 {
		lines = append(lines, say.T("page.referential.effective_from")+" : "+say.Date(v.EffectiveFrom))
	}
	if v.Note != "" {
		lines = append(lines, v.Note)
	}
	wrap, err := book.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	if err := book.SetColWidth(about, "A", "A", 100); err != nil {
		return err
	}
	for i, line := range lines {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := errors.Join(book.SetCellStr(about, at, line), book.SetCellStyle(about, at, at, wrap)); err != nil {
			return err
		}
	}
	return book.Write(w)
}

func writeCriteria(book *excelize.File, sheet string, say *locale.Printer, items []label.Criterion) error {
	out, err := book.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	wrap, err := book.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	heads := make([]any, len(referentialColumns))
	for i, c := range referentialColumns {
		if err := out.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
		heads[i] = excelize.Cell{StyleID: bold, Value: say.T(c.key)}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, XSplit: 2, YSplit: 1, TopLeftCell: "C2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := out.SetRow("A1", heads); err != nil {
		return err
	}
	if err := writeItems(out, wrap, say, items); err != nil {
		return err
	}
	return out.Flush()
}

func writeItems(out *excelize.StreamWriter, wrap int, say *locale.Printer, items []label.Criterion) error {
	for i := range items {
		c := &items[i]
		at, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return err
		}
		cells := []any{i + 1}
		for _, text := range []string{c.Code, say.T("theme." + string(c.Theme)), Obligation(say, c.Required), c.French, c.English, c.EvidenceFrench,
			c.EvidenceEnglish, strings.Join(c.Clauses, "; ")} {
			cells = append(cells, excelize.Cell{StyleID: wrap, Value: text})
		}
		if err := out.SetRow(at, cells); err != nil {
			return err
		}
	}
	return nil
}

// Obligation is the word for whether a criterion is required.
func Obligation(say *locale.Printer, required bool) string {
	if required {
		return say.T("page.referential.required")
	}
	return say.T("page.referential.recommended")
}
