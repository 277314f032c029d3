package importer

import (
	"archive/zip"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/trace"
)

// ledgerFile is a file of registers in the making.
type ledgerFile interface {
	begin(k Kind, fields []string) error
	line(values []any) error
	end() error
	discard() // what was used on the way
}

func newFile(cmd ExportRegisters, w io.Writer) (ledgerFile, error) {
	words := &wording{p: cmd.Printer}
	switch cmd.Format {
	case XLSX:
		return newWorkbook(words, w), nil
	case ZIP:
		return &zipBook{csvBook: csvBook{words: words}, z: zip.NewWriter(w)}, nil
	case CSV:
		if len(cmd.Kinds) == 1 {
			return &csvBook{words: words, w: w}, nil
		}
	}
	return nil, qms.Invalid("register.format_unknown", string(cmd.Format))
}

// wording says values in the language of the reader.
type wording struct {
	p     *locale.Printer
	kind  Kind
	known map[trace.Word]string
}

// heads are the words over the columns.
func (w *wording) heads(k Kind, fields []string) []string {
	w.kind = k
	heads := make([]string, len(fields))
	for i, f := range fields {
		heads[i] = w.p.T(HeadKey(k, f))
	}
	return heads
}

func (w *wording) word(of trace.Word) string {
	if of == "" {
		return ""
	}
	if w.known == nil {
		w.known = map[trace.Word]string{}
	}
	said, ok := w.known[of]
	if !ok {
		said = w.p.T("register.word." + string(of))
		w.known[of] = said
	}
	return said
}

func (w *wording) yesNo(b bool) string {
	if b {
		return w.p.T("register.word.yes")
	}
	return w.p.T("register.word.no")
}

// stated reports whether an amount is written when it is nothing: what must be there is.
func (w *wording) stated(field string, m qms.Money) bool {
	return m != 0 || field == "total" || field == "price"
}

// visible is a text without the marks that no file of a spreadsheet can hold.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
}

// csvBook is one register as CSV, for the spreadsheet of the reader's language.
type csvBook struct {
	words  *wording
	w      io.Writer
	out    *csv.Writer
	fields []string
	cells  []string
}

func (b *csvBook) begin(k Kind, fields []string) error {
	if _, err := io.WriteString(b.w, "\ufeff"); err != nil { // spreadsheets take what has none for Windows-1252
		return err
	}
	b.out, b.fields, b.cells = csv.NewWriter(b.w), fields, make([]string, len(fields))
	b.out.UseCRLF = true
	if b.words.p.Lang() == locale.French {
		b.out.Comma = ';'
	}
	return b.out.Write(b.words.heads(k, fields))
}

func (b *csvBook) line(values []any) error {
	for i, v := range values {
		b.cells[i] = b.cell(b.fields[i], v)
	}
	return b.out.Write(b.cells)
}

// cell is a value as the reader's spreadsheet reads it back.
func (b *csvBook) cell(field string, v any) string {
	switch v := v.(type) {
	case string:
		return armed(visible(v))
	case qms.Date:
		if v == 0 {
			return ""
		}
		return b.words.p.InputDate(v)
	case qms.Money:
		if !b.words.stated(field, v) {
			return ""
		}
		return b.decimal(v.String())
	case qms.Months:
		return number(int64(v))
	case trace.Count:
		return number(int64(v))
	case trace.Rate:
		return b.decimal(qms.Money(v).String())
	case trace.Word:
		return b.words.word(v)
	case bool:
		return b.words.yesNo(v)
	}
	return ""
}

func (b *csvBook) decimal(s string) string {
	if b.words.p.Lang() == locale.French {
		return strings.Replace(s, ".", ",", 1)
	}
	return s
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func (b *csvBook) end() error {
	if b.out == nil {
		return nil
	}
	b.out.Flush()
	return b.out.Error()
}

func (b *csvBook) discard() {}

// zipBook is one CSV file for each register.
type zipBook struct {
	csvBook
	z *zip.Writer
}

func (b *zipBook) begin(k Kind, fields []string) error {
	if err := b.csvBook.end(); err != nil {
		return err
	}
	part, err := b.z.CreateHeader(&zip.FileHeader{Name: b.words.p.T(KindKey(k)) + ".csv", Method: zip.Deflate, Modified: bookTime})
	if err != nil {
		return err
	}
	b.w = part
	return b.csvBook.begin(k, fields)
}

func (b *zipBook) end() error {
	if err := b.csvBook.end(); err != nil {
		return err
	}
	return b.z.Close()
}

// workbook is one sheet for each register. Its sheets go through the disk beyond 16 MB.
type workbook struct {
	words  *wording
	w      io.Writer
	file   *excelize.File
	out    *excelize.StreamWriter
	styles map[string]int
	fields []string
	row    int
	cells  []any
}

func newWorkbook(words *wording, w io.Writer) *workbook {
	return &workbook{words: words, w: w, file: excelize.NewFile(), styles: map[string]int{}}
}

// style makes a style once.
func (b *workbook) style(name string, of *excelize.Style) (int, error) {
	if id, ok := b.styles[name]; ok {
		return id, nil
	}
	id, err := b.file.NewStyle(of)
	b.styles[name] = id
	return id, err
}

var dayPattern = "dd/mm/yyyy"

func (b *workbook) begin(k Kind, fields []string) (err error) {
	if err := b.flush(); err != nil {
		return err
	}
	name := b.words.p.T(KindKey(k))
	if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	if b.out, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	b.fields, b.row, b.cells = fields, 0, make([]any, len(fields))
	heads := b.words.heads(k, fields)
	for i, f := range fields {
		if err := b.out.SetColWidth(i+1, i+1, widthOf(f, heads[i])); err != nil {
			return err
		}
	}
	if err := b.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, XSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	bold, err := b.style("head", headStyle())
	if err != nil {
		return err
	}
	if _, err := b.style("date", &excelize.Style{CustomNumFmt: &dayPattern}); err != nil {
		return err
	}
	if _, err := b.style("money", &excelize.Style{NumFmt: 4}); err != nil { // #,##0.00, as the reader's spreadsheet sets it
		return err
	}
	for i, h := range heads {
		b.cells[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	return b.write()
}

func headStyle() *excelize.Style {
	return &excelize.Style{Font: &excelize.Font{Bold: true, Family: "Calibri", Size: 11}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}}}
}

// widthOf is how wide a column is, in characters.
func widthOf(field, head string) float64 {
	width := float64(min(len([]rune(head))+3, 24))
	switch field {
	case "name", "title", "client", "subject", "description", "notes", "void", "remark", "label", "project", "email", "contact_email":
		return max(width, 32)
	}
	return max(width, 13)
}

func (b *workbook) line(values []any) error {
	for i, v := range values {
		b.cells[i] = b.cell(b.fields[i], v)
	}
	return b.write()
}

func (b *workbook) write() error {
	if b.row++; b.row > excelize.TotalRows {
		return qms.Invalid("list.too_long", excelize.TotalRows-1)
	}
	return b.out.SetRow("A"+strconv.Itoa(b.row), b.cells)
}

// epoch is the day before the first of a workbook's calendar, the one it counts by mistake included.
var epoch = qms.MustDate("1899-12-30")

// cell is a value as a workbook holds it. Text is always a string.
func (b *workbook) cell(field string, v any) any {
	switch v := v.(type) {
	case string:
		if v = quoted(visible(v)); v == "" {
			return nil
		}
		return v
	case qms.Date:
		if v == 0 {
			return nil
		}
		return excelize.Cell{StyleID: b.styles["date"], Value: epoch.DaysUntil(v)}
	case qms.Money:
		if !b.words.stated(field, v) {
			return nil
		}
		return excelize.Cell{StyleID: b.styles["money"], Value: float64(v) / 100}
	case qms.Months:
		return whole(int64(v))
	case trace.Count:
		return whole(int64(v))
	case trace.Rate:
		return float64(v) / 100
	case trace.Word:
		return b.words.word(v)
	case bool:
		return b.words.yesNo(v)
	}
	return nil
}

func whole(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func (b *workbook) flush() error {
	if b.out == nil {
		return nil
	}
	return b.out.Flush()
}

func (b *workbook) end() error {
	if err := b.flush(); err != nil {
		return err
	}
	if err := b.file.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	b.file.SetActiveSheet(0)
	return b.file.Write(b.w)
}

func (b *workbook) discard() { _ = b.file.Close() } // temporary files of its own
