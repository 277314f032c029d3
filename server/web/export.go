package web

import (
	"encoding/csv"
	"io"
	"os"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/locale"
)

// export is a list as a file of lines, for a spreadsheet. next reads one page of it, as the list itself
// is read.
type export struct {
	name  string   // of the file, without its end
	heads []string // keys of qms/locale
	next  func(qms.Cursor) (lines [][]string, after string, err error)
}

// Exported reports whether the reader asks for the list as a file: ?format=csv.
func (p *Page) Exported() bool { return p.Query("format") == "csv" }

// Export answers with every line of the list as CSV: what the filters of the address let through, from
// the first page to the last. It is put together in a file, so that memory does not grow with the list
// and an error is told before anything is sent.
func (p *Page) Export(e export) (err error) {
	spool, err := os.CreateTemp("", "maillon-export-*")
	if err != nil {
		return err
	}
	os.Remove(spool.Name()) // it goes when it is closed
	defer func() {
		if err != nil {
			spool.Close()
		}
	}()
	if err := p.write(spool, e); err != nil {
		return err
	}
	size, err := spool.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	p.site.secureHeaders(p.c)
	p.c.Attachment(e.name + ".csv")
	p.c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
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
	heads := make([]string, len(e.heads))
	for i, key := range e.heads {
		heads[i] = p.T(key)
	}
	if err := out.Write(heads); err != nil {
		return err
	}
	for c := (qms.Cursor{Size: qms.MaxPageSize}); ; {
		lines, after, err := e.next(c)
		if err != nil {
			return err
		}
		for _, line := range lines {
			for i := range line {
				line[i] = harmless(line[i])
			}
			if err := out.Write(line); err != nil {
				return err
			}
		}
		if c.After = after; after == "" {
			out.Flush()
			return out.Error()
		}
	}
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
