package web

import (
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"maillon/qms"
)

// cell is what a column of a workbook holds. Whatever does not read as its column says is text, and
// text is never a formula: it is written as a string.
type cell int

// The kinds of cells.
const (
	plainCell cell = iota
	dayCell        // a date as InputDate shows it
	sumCell        // an amount as amount shows it
	countCell      // a whole number
)

const (
	sheetName   = "Maillon"
	narrowest   = 9.0 // widths in characters
	widest      = 60.0
	datePattern = "dd/mm/yyyy"
)

// workbook is one sheet of lines in the making. It writes to the disk beyond 16 MB.
type workbook struct {
	file   *excelize.File
	out    *excelize.StreamWriter
	kinds  map[int]cell
	styles map[cell]int
	row    int
}

// writeWorkbook writes the list as XLSX: one sheet, its heads in sight, widths after the first lines.
func (p *Page) writeWorkbook(w io.Writer, e export) (err error) {
	b, err := newWorkbook(e.kinds)
	if err != nil {
		return err
	}
	defer b.file.Close()
	heads := p.heads(e)
	for c, first := (qms.Cursor{Size: qms.MaxPageSize}), true; ; first = false {
		lines, after, err := e.next(c)
		if err != nil {
			return err
		}
		if first {
			if err := b.begin(heads, lines, e.fixed); err != nil {
				return err
			}
		}
		for _, line := range lines {
			if err := b.line(line); err != nil {
				return err
			}
		}
		if c.After = after; after == "" {
			break
		}
	}
	if err := b.out.Flush(); err != nil {
		return err
	}
	return b.file.Write(w)
}

func newWorkbook(kinds map[int]cell) (*workbook, error) {
	b := &workbook{file: excelize.NewFile(), kinds: kinds, styles: map[cell]int{}}
	pattern := datePattern
	var err error
	if err = b.file.SetSheetName("Sheet1", sheetName); err != nil {
		return nil, err
	}
	for kind, style := range map[cell]*excelize.Style{
		dayCell: {CustomNumFmt: &pattern},
		sumCell: {NumFmt: 4}, // #,##0.00, as the reader's spreadsheet sets it
	} {
		if b.styles[kind], err = b.file.NewStyle(style); err != nil {
			return nil, err
		}
	}
	b.out, err = b.file.NewStreamWriter(sheetName)
	return b, err
}

// begin sets widths after the lines that come first, keeps the heads in sight and writes them.
func (b *workbook) begin(heads []string, lines [][]string, fixed int) error {
	for i := range heads {
		width := narrowest
		for _, line := range append([][]string{heads}, lines...) {
			if i < len(line) {
				width = max(width, float64(utf8.RuneCountInString(line[i])+2))
			}
		}
		if err := b.out.SetColWidth(i+1, i+1, min(width, widest)); err != nil {
			return err
		}
	}
	corner, err := excelize.CoordinatesToCellName(fixed+1, 2)
	if err != nil {
		return err
	}
	pane := "bottomLeft"
	if fixed > 0 {
		pane = "bottomRight"
	}
	if err := b.out.SetPanes(&excelize.Panes{Freeze: true, XSplit: fixed, YSplit: 1, TopLeftCell: corner, ActivePane: pane}); err != nil {
		return err
	}
	bold, err := b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	cells := make([]any, len(heads))
	for i, head := range heads {
		cells[i] = excelize.Cell{StyleID: bold, Value: head}
	}
	return b.write(cells)
}

func (b *workbook) line(texts []string) error {
	cells := make([]any, len(texts))
	for i, text := range texts {
		cells[i] = b.cell(b.kinds[i], text)
	}
	return b.write(cells)
}

func (b *workbook) write(cells []any) error {
	if b.row++; b.row > excelize.TotalRows {
		return qms.Invalid("list.too_long", excelize.TotalRows-1)
	}
	at, err := excelize.CoordinatesToCellName(1, b.row)
	if err != nil {
		return err
	}
	return b.out.SetRow(at, cells)
}

// cell is the text as its column says it is, nothing when it is empty.
func (b *workbook) cell(kind cell, text string) any {
	if text == "" {
		return nil
	}
	switch kind {
	case dayCell:
		// The calendar of spreadsheets begins in 1900.
		if d, err := ParseDate(text); err == nil && d.Year() > 1900 {
			return excelize.Cell{StyleID: b.styles[dayCell], Value: d.Time()}
		}
	case sumCell:
		if m, err := qms.ParseMoney(text); err == nil {
			return excelize.Cell{StyleID: b.styles[sumCell], Value: float64(m) / 100}
		}
	case countCell:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
	}
	return text
}
