package web

import (
	"encoding/csv"
	"io"
	"os"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/aside"
	"maillon/qms/locale"
)

// export is a list as a file of lines, for a spreadsheet. next reads one page of it, as the list itself
// is read.
type export struct {
	name  string       // of the file, without its end
	heads []string     // keys of qms/locale
	more  []string     // heads of the columns after those, as they stand
	kinds map[int]cell // of the columns, from 0, that are not text; only a workbook tells them apart
	fixed int          // how many columns of a workbook stay in sight when it is moved sideways
	print *printing    // how the list is printed; nil when it is not
	next  func(qms.Cursor) (lines [][]string, after string, err error)
}

// The formats that a list is exported in.
const (
	asCSV  = "csv"
	asXLSX = "xlsx"
	asPDF  = "pdf" // of lists that say how they are printed
)

// Exported reports whether the reader asks for the list as a file: ?format=csv or ?format=xlsx.
func (p *Page) Exported() bool {
	format := p.Query("format")
	return format == asCSV || format == asXLSX
}

// Export answers with every line of the list as CSV or as a workbook: what the filters of the address
// let through, from the first page to the last. It is put together in a file, so that memory does not
// grow with the list and an error is told before anything is sent.
func (p *Page) Export(e export) (err error) {
	spool, err := aside.File("export")
	if err != nil {
		return vault.WriteError(err)
	}
	os.Remove(spool.Name()) // it goes when it is closed
	defer func() {
		if err != nil {
			spool.Close()
		}
	}()
	write, end, media := p.write, ".csv", "text/csv; charset=utf-8"
	if p.Query("format") == asXLSX {
		write, end, media = p.writeWorkbook, ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	if e.print != nil && p.Query("format") == asPDF {
		write, end, media = p.writePDF, ".pdf", "application/pdf"
	}
	if err := write(spool, e); err != nil {
		return vault.WriteError(err) // a full disk has its own sentence
	}
	size, err := spool.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	p.site.secureHeaders(p.c)
	p.c.Attachment(e.name + end)
	p.c.Set(fiber.HeaderContentType, media)
	return p.c.SendStream(spool, int(size)) // which closes it
}

func (p *Page) write(w io.Writer, e export) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // spreadsheets take what has none for Windows-1252
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if p.Lang() == locale.French {
		out.Comma = ';'
	}
	if err := out.Write(p.harmless(p.heads(e))); err != nil {
		return err
	}
	for c := (qms.Cursor{Size: qms.MaxPageSize}); ; {
		lines, after, err := e.next(c)
		if err != nil {
			return err
		}
		for _, line := range lines {
			if err := out.Write(p.harmless(line)); err != nil {
				return err
			}
		}
		if c.After = after; after == "" {
			out.Flush()
			return out.Error()
		}
	}
}

// heads are the words over the columns.
func (p *Page) heads(e export) []string {
	heads := make([]string, 0, len(e.heads)+len(e.more))
	for _, key := range e.heads {
		heads = append(heads, p.T(key))
	}
	return append(heads, e.more...)
}

// harmless is the line with cells that no spreadsheet takes for formulas.
func (p *Page) harmless(line []string) []string {
	for i := range line {
		line[i] = harmless(line[i])
	}
	return line
}

// harmless is a cell that no spreadsheet takes for a formula. An amount may be negative.
func harmless(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if _, err := qms.ParseMoney(cell); err == nil {
		return cell
	}
	return "'" + cell
}

// amount is money as the reader's spreadsheet reads numbers.
func (p *Page) amount(m qms.Money) string { return (&Form{printer: p.Printer}).amount(m) }
