package web

import (
	"io"

	"maillon/audits/pack"
	"maillon/qms"
)

// printing is how an exported list stands on paper.
type printing struct {
	title  string
	facts  []string // below the title: the day, the filters, the figures
	asOf   qms.Date
	widths []float64         // of the columns, as shares; a column of none is left out
	right  map[int]bool      // columns of numbers and dates
	shapes map[string]string // words of states, and the states whose shapes stand before them
	group  func(line []string) string
	drawn  func(l *pack.List) // adds what is drawn beside the words; may be nil
	empty  string
}

// Printed reports whether the reader asks for a list on paper: ?format=pdf.
func (p *Page) Printed() bool { return p.Query("format") == asPDF }

// writePDF writes the list as a PDF. A page of paper says how many there are, so all lines are read
// first.
func (p *Page) writePDF(w io.Writer, e export) error {
	l := &pack.List{
		Language: p.Lang(), Title: e.print.title, Facts: e.print.facts, AsOf: e.print.asOf,
		MadeAt: p.site.Clock(), Empty: e.print.empty,
	}
	if l.Platform = p.T("page.portfolio.all_platforms"); p.Platform != nil {
		l.Platform = p.Platform.Name
	}
	if c := p.Checkpoint(); c != nil {
		l.Checkpoint = c.Words
	}
	for i, head := range p.heads(e) {
		if e.print.widths[i] > 0 {
			l.Columns = append(l.Columns, pack.ListColumn{Title: head, Width: e.print.widths[i], Right: e.print.right[i]})
		}
	}
	for c := (qms.Cursor{Size: qms.MaxPageSize}); ; {
		lines, after, err := e.next(c)
		if err != nil {
			return err
		}
		for _, line := range lines {
			l.Lines = append(l.Lines, e.print.line(line))
		}
		if c.After = after; after == "" {
			break
		}
		if len(l.Lines) > printedLines {
			return qms.Invalid("list.too_long_to_print", printedLines)
		}
	}
	if e.print.drawn != nil {
		e.print.drawn(l)
	}
	return pack.PrintList(w, l)
}

// printedLines bounds what is set on paper at once, some five hundred pages.
const printedLines = 10_000

func (t *printing) line(cells []string) pack.ListLine {
	var line pack.ListLine
	for i, text := range cells {
		if t.widths[i] > 0 {
			line.Cells = append(line.Cells, pack.ListCell{Text: text, State: t.shapes[text], Strong: i == 0})
		}
	}
	if t.group != nil {
		line.Group = t.group(cells)
	}
	return line
}
