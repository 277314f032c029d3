package pack

import "maillon/documents/rendition/typeface"

// column heads one column of a table.
type column struct {
	title string
	width float64 // share of the table's width
	right bool    // numbers are flush right
}

// cell is one cell: a state, or a text with an optional second text below it.
type cell struct {
	text   string
	state  string // draws its shape before the text
	below  string // in soft ink under the text
	strong bool
	lines  []string    // more paragraphs below
	pairs  [][2]string // more paragraphs, each with a second one in soft ink
	strip  *Strip      // drawn instead of all that
	mark   string      // references lead here by it
	refs   []Ref       // each in a line of its own
}

func text(s string) cell             { return cell{text: s} }
func bold(s string) cell             { return cell{text: s, strong: true} }
func (p *paper) state(s string) cell { return cell{text: p.word(s), state: s} }

// word is the state as the pages say it.
func (p *paper) word(state string) string { return p.say.T("state." + state) }

const (
	padX = 1.6
	padY = 1.1
	dot  = 2.5 // side of a state's shape
)

// laid is one line of a cell, ready to be set.
type laid struct {
	text  string
	face  face
	state string
	inset float64
	strip *Strip
	mark  string
	link  int // over the line, see paper.ref
}

// table prints rows under a head that is repeated on every page. A row is kept on one page unless it
// is taller than one.
func (p *paper) table(columns []column, rows [][]cell) {
	widths := p.shares(columns)
	head := p.headHeight(columns, widths)
	p.need(head + 14)
	p.tableHead(columns, widths, head)
	for _, row := range rows {
		cells := make([][]laid, len(columns))
		for i, c := range row {
			cells[i] = p.lay(c, widths[i]-2*padX)
		}
		for first := true; first || longest(cells) > 0; first = false {
			height := rowHeight(cells)
			if height > p.room() && p.y > p.top()+head {
				p.page()
				p.tableHead(columns, widths, head)
			}
			cells = p.row(columns, widths, cells)
		}
	}
	p.y += 4
}

func (p *paper) shares(columns []column) []float64 {
	sum := 0.0
	for _, c := range columns {
		sum += c.width
	}
	widths := make([]float64, len(columns))
	for i, c := range columns {
		widths[i] = p.width() * c.width / sum
	}
	return widths
}

var headFace = typeface.Of("bold", 7.5, soft)

func (p *paper) headHeight(columns []column, widths []float64) float64 {
	most := 1
	for i, c := range columns {
		most = max(most, len(p.Wrap(c.title, widths[i]-2*padX, headFace)))
	}
	return float64(most)*headFace.Lead() + 2*padY + 0.6
}

func (p *paper) tableHead(columns []column, widths []float64, height float64) {
	p.Fill(p.left(), p.y, p.width(), height, sunken)
	x := p.left()
	for i, c := range columns {
		lines := p.Wrap(c.title, widths[i]-2*padX, headFace)
		y := p.y + height - padY - float64(len(lines))*headFace.Lead()
		for _, l := range lines {
			y += headFace.Lead()
			p.set(x, widths[i], y-0.9, l, headFace, c.right)
		}
		x += widths[i]
	}
	p.y += height
	p.Rule(p.left(), p.y, p.right(), soft, 0.25)
}

func (p *paper) set(x, width, base float64, text string, f face, right bool) {
	if right {
		p.FlushRight(x+width-padX, base, text, f)
		return
	}
	p.At(x+padX, base, text, f)
}

// lay wraps the texts of a cell.
func (p *paper) lay(c cell, width float64) []laid {
	f := small
	if c.strip != nil {
		return []laid{{face: f, strip: c.strip}}
	}
	lines := p.layTexts(c, width, f)
	for _, r := range c.refs {
		text, link := p.ref(r)
		if text == "" {
			continue
		}
		f := typeface.Of("sans", small.Size, accent)
		for _, l := range p.Wrap(text, width, f) {
			lines = append(lines, laid{text: l, face: f, link: link})
		}
	}
	if c.mark != "" && len(lines) == 0 {
		lines = append(lines, laid{face: small})
	}
	if c.mark != "" {
		lines[0].mark = c.mark
	}
	return lines
}

// layTexts wraps the texts of a cell but its references.
func (p *paper) layTexts(c cell, width float64, f face) []laid {
	if c.strong {
		f.Font = "bold"
	}
	inset := 0.0
	if c.state != "" {
		f.Ink, inset = tone(c.state), dot+1.2
		f.Font = "bold"
	}
	var out []laid
	if c.text != "" {
		for i, l := range p.Wrap(c.text, width-inset, f) {
			line := laid{text: l, face: f, inset: inset}
			if i == 0 {
				line.state = c.state
			}
			out = append(out, line)
		}
	}
	add := func(text string, f face) {
		if text == "" {
			return
		}
		for _, l := range p.Wrap(text, width, f) {
			out = append(out, laid{text: l, face: f})
		}
	}
	for _, paragraph := range c.lines {
		add(paragraph, small)
	}
	for _, pair := range c.pairs {
		add(pair[0], small)
		add(pair[1], smaller)
	}
	add(c.below, smaller)
	return out
}

func longest(cells [][]laid) int {
	most := 0
	for _, c := range cells {
		most = max(most, len(c))
	}
	return most
}

func cellHeight(lines []laid) float64 {
	height := 0.0
	for _, l := range lines {
		height += l.face.Lead()
	}
	return height
}

func rowHeight(cells [][]laid) float64 {
	height := small.Lead()
	for _, c := range cells {
		height = max(height, cellHeight(c))
	}
	return height + 2*padY
}

// row sets what fits of a row on this page and returns the rest, which is nothing but for a row that
// is taller than a page.
func (p *paper) row(columns []column, widths []float64, cells [][]laid) [][]laid {
	room := p.room() - 2*padY
	rest := make([][]laid, len(cells))
	x, height := p.left(), small.Lead()
	for i, lines := range cells {
		y := p.y + padY
		for n, l := range lines {
			if n > 0 && y+l.face.Lead()-p.y-padY > room {
				rest[i] = lines[n:]
				break
			}
			left := x + l.inset
			if columns[i].right {
				left = x
			}
			if l.state != "" {
				at := x + padX
				if columns[i].right {
					at = x + widths[i] - padX - p.Measure(l.text, l.face) - l.inset
				}
				p.sign(at, y+(l.face.Lead()-dot)/2, dot, l.state)
			}
			if l.strip != nil {
				p.strip(l.strip, x+padX, y, widths[i]-2*padX, l.face.Lead())
			}
			p.set(left, widths[i], y+l.face.Lead()*0.76, l.text, l.face, columns[i].right)
			p.follow(l, x, y, widths[i])
			y += l.face.Lead()
		}
		height = max(height, y-p.y-padY)
		x += widths[i]
	}
	p.y += height + 2*padY
	p.Rule(p.left(), p.y, p.right(), line, 0.15)
	return rest
}
