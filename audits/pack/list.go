package pack

import (
	"io"
	"time"

	"maillon/documents/rendition/typeface"
	"maillon/qms"
	"maillon/qms/locale"
)

// List is a list of a platform that is printed alone, on sides of A4 turned on their sides: the master
// list, for example. It is plain data, like Contents; the same List gives the same bytes.
type List struct {
	Language   string
	Platform   string // its name
	Title      string
	Facts      []string // sentences below the title: the day, the filters, the figures
	AsOf       qms.Date
	MadeAt     time.Time
	Checkpoint string // where the trail stood, in words; empty for who may not know
	Columns    []ListColumn
	Axes       map[int][]AxisMark // over the strips of columns, from 0
	Lines      []ListLine
	Empty      string // said when there are no lines
}

// ListColumn heads one column. Widths are shares of the whole.
type ListColumn struct {
	Title string
	Width float64
	Right bool // numbers are flush right
}

// ListLine is one line. Lines of one group stand together under its name.
type ListLine struct {
	Group string // empty for none
	Cells []ListCell
}

// ListCell is one cell: a text, and the state whose shape stands before it, if any.
type ListCell struct {
	Text   string
	State  string
	Strong bool
	Strip  *Strip // drawn instead of the text
}

// PrintList writes the list as a PDF: heads of the table and of the group on every page, page n/N.
func PrintList(w io.Writer, l *List) error {
	return settle(w, "list", l.compose)
}

func (l *List) compose(total int) *paper {
	say := locale.For(l.Language)
	p := newPaper(say)
	p.total, p.wide = total, true
	p.head = [2]string{l.Platform, l.Title}
	p.foot = [2]string{say.T("pack.foot_dates", l.AsOf, l.MadeAt), l.Checkpoint}
	describe(p, l.Title, l.Platform, l.MadeAt)
	p.PDF.SetSubject(typeface.Plain(say.T("pack.as_of_long", say.LongDate(l.AsOf))), true)
	p.page()
	p.lines(l.Title, typeface.Of("bold", 15, accent))
	p.y += 1.5
	for _, fact := range l.Facts {
		p.paragraph(fact, note)
	}
	p.y += 1.5
	if len(l.Lines) == 0 {
		p.empty(l.Empty)
		return p
	}
	p.list(l)
	return p
}

// list sets the lines group by group. The name of a group keeps with its first line, and is repeated,
// as the head of the table is, on every page that the group goes on to.
func (p *paper) list(l *List) {
	columns := make([]column, len(l.Columns))
	for i, c := range l.Columns {
		columns[i] = column{c.Title, c.Width, c.Right}
	}
	widths := p.shares(columns)
	head := p.headHeight(columns, widths)
	sizes := map[string]int{}
	for _, line := range l.Lines {
		sizes[line.Group]++
	}
	heads := func() {
		p.tableHead(columns, widths, head)
		p.axes(l.Axes, widths)
	}
	p.need(head + groupHeight + 14)
	heads()
	group := ""
	for _, line := range l.Lines {
		cells := p.laidLine(line, widths)
		begins := line.Group != group
		group = line.Group
		for first := true; first || longest(cells) > 0; first = false {
			height := rowHeight(cells)
			if begins {
				height += groupHeight
			}
			if height > p.room() && p.y > p.top()+head+groupHeight {
				p.page()
				heads()
				if group != "" && !begins {
					p.group(p.say.T("pack.list.continued", group))
				}
			}
			if begins {
				p.group(p.say.T("pack.list.group", group, sizes[group]))
				begins = false
			}
			cells = p.row(columns, widths, cells)
		}
	}
}

func (p *paper) laidLine(line ListLine, widths []float64) [][]laid {
	cells := make([][]laid, len(widths))
	for i, c := range line.Cells[:min(len(widths), len(line.Cells))] {
		cells[i] = p.lay(cell{text: c.Text, state: c.State, strong: c.Strong, strip: c.Strip}, widths[i]-2*padX)
	}
	return cells
}

const groupHeight = 7.0

// group sets the name of a group over the whole width.
func (p *paper) group(name string) {
	f := typeface.Of("bold", 8.5, accent)
	p.At(p.left()+padX, p.y+4.9, p.Short(name, p.width()-2*padX, f), f)
	p.y += groupHeight
	p.Rule(p.left(), p.y, p.right(), soft, 0.2)
}
