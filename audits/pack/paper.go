package pack

import (
	"bytes"
	_ "embed"
	"strings"

	"github.com/jung-kurt/gofpdf"

	"maillon/qms/locale"
)

// The fonts are DejaVu, whose licence stands beside them: legible when small, narrow enough for
// tables, and with the letters of every European language.
var (
	//go:embed fonts/DejaVuSansCondensed.ttf
	sansFont []byte
	//go:embed fonts/DejaVuSansCondensed-Bold.ttf
	boldFont []byte
	//go:embed fonts/DejaVuSansMono.ttf
	monoFont []byte
)

type ink [3]int

// The inks of the light stylesheet, so that a state has one colour on screen and on paper.
var (
	black  = ink{0x17, 0x1b, 0x1f}
	soft   = ink{0x54, 0x5d, 0x65}
	line   = ink{0xdd, 0xe1, 0xe4}
	sunken = ink{0xf5, 0xf6, 0xf7}
	accent = ink{0x0b, 0x5a, 0x82}
	good   = ink{0x18, 0x63, 0x39}
	wait   = ink{0x4a, 0x4d, 0xa3}
	warn   = ink{0x84, 0x50, 0x00}
	bad    = ink{0xad, 0x24, 0x1c}
	white  = ink{0xff, 0xff, 0xff}
)

// face is how a text is set. Sizes are points.
type face struct {
	font string // sans, bold or mono
	size float64
	ink  ink
}

var (
	body    = face{"sans", 9, black}
	strong  = face{"bold", 9, black}
	note    = face{"sans", 8, soft}
	small   = face{"sans", 7.5, black}
	smaller = face{"sans", 7, soft}
)

// lead is the height of a line of that face, in millimetres.
func (f face) lead() float64 { return f.size * 0.3528 * 1.32 }

// Lengths in millimetres. The left margin, and the top one of a page turned on its side, leave room
// for punched holes.
const (
	pageShort = 210.0
	pageLong  = 297.0
	punched   = 25.0
	margin    = 15.0
	headRoom  = 24.0 // from the edge to the text
	footRoom  = 20.0
)

// section is one heading, as the table of contents and the bookmarks list it.
type section struct {
	level int // 0 or 1
	title string
	page  int
}

// paper sets text on pages and breaks them. Nothing else knows where the pen stands.
type paper struct {
	pdf    *gofpdf.Fpdf
	say    *locale.Printer
	head   [2]string // of every page but the cover: left and right
	foot   [2]string
	total  int // pages, as a first pass counted them
	y      float64
	wide   bool
	bare   bool // the cover has neither head nor foot
	done   []section
	links  []int // of the sections, in order
	widths map[string]map[rune]float64
}

func newPaper(say *locale.Printer) *paper {
	pdf := gofpdf.New("P", "mm", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCellMargin(0)
	pdf.SetCatalogSort(true)
	// gofpdf writes into the bytes of a font when it cuts it down, so each document gets its own.
	pdf.AddUTF8FontFromBytes("sans", "", bytes.Clone(sansFont))
	pdf.AddUTF8FontFromBytes("bold", "", bytes.Clone(boldFont))
	pdf.AddUTF8FontFromBytes("mono", "", bytes.Clone(monoFont))
	return &paper{pdf: pdf, say: say, widths: map[string]map[rune]float64{}}
}

func (p *paper) left() float64 {
	if p.wide {
		return margin
	}
	return punched
}

func (p *paper) top() float64 {
	if p.wide {
		return headRoom + 8
	}
	return headRoom
}

func (p *paper) right() float64 {
	if p.wide {
		return pageLong - margin
	}
	return pageShort - margin
}

func (p *paper) bottom() float64 {
	if p.wide {
		return pageShort - footRoom
	}
	return pageLong - footRoom
}

func (p *paper) width() float64 { return p.right() - p.left() }

// room is what is left of the page.
func (p *paper) room() float64 { return p.bottom() - p.y }

// page begins a page, on its side when wide.
func (p *paper) page() {
	orientation := "P"
	if p.wide {
		orientation = "L"
	}
	p.pdf.AddPageFormat(orientation, gofpdf.SizeType{Wd: pageShort, Ht: pageLong})
	p.y = p.top()
	if !p.bare {
		p.furnish()
	}
}

// turn makes the following pages wide or not, and begins one.
func (p *paper) turn(wide bool) {
	p.wide = wide
	p.page()
}

// need begins a page unless that much room is left.
func (p *paper) need(height float64) bool {
	if p.room() >= height {
		return false
	}
	p.page()
	return true
}

// furnish prints the head and the foot.
func (p *paper) furnish() {
	headLine, footLine := p.top()-6, p.bottom()+6
	name := face{"bold", 7.5, soft}
	p.at(p.left(), headLine-2, p.short(p.head[0], p.width()-p.measure(p.head[1], smaller)-6, name), name)
	p.flushRight(p.right(), headLine-2, p.head[1], smaller)
	p.rule(p.left(), headLine, p.right(), line, 0.2)
	p.rule(p.left(), footLine, p.right(), line, 0.2)
	p.at(p.left(), footLine+4, p.foot[0], smaller)
	p.at(p.left(), footLine+7.4, p.foot[1], smaller)
	p.flushRight(p.right(), footLine+4, p.say.T("pack.page_of", p.pdf.PageNo(), p.total), face{"bold", 7.5, soft})
}

// at sets one line with its base line at y.
func (p *paper) at(x, y float64, text string, f face) {
	p.use(f)
	p.pdf.Text(x, y, plain(text))
}

func (p *paper) flushRight(x, y float64, text string, f face) {
	p.at(x-p.measure(text, f), y, text, f)
}

func (p *paper) centred(x, y float64, text string, f face) {
	p.at(x-p.measure(text, f)/2, y, text, f)
}

func (p *paper) use(f face) {
	p.pdf.SetFont(f.font, "", f.size)
	p.pdf.SetTextColor(f.ink[0], f.ink[1], f.ink[2])
}

func (p *paper) rule(x0, y, x1 float64, c ink, width float64) {
	p.pdf.SetDrawColor(c[0], c[1], c[2])
	p.pdf.SetLineWidth(width)
	p.pdf.Line(x0, y, x1, y)
}

func (p *paper) fill(x, y, w, h float64, c ink) {
	p.pdf.SetFillColor(c[0], c[1], c[2])
	p.pdf.Rect(x, y, w, h, "F")
}

// paragraph sets wrapped text over the whole width and leaves a small gap.
func (p *paper) paragraph(text string, f face) {
	for _, l := range p.wrap(text, p.width(), f) {
		p.need(f.lead())
		p.at(p.left(), p.y+f.lead()*0.76, l, f)
		p.y += f.lead()
	}
	p.y += 1.6
}

// heading begins a section. It keeps with what follows: a page is begun unless follow millimetres
// are left below it.
func (p *paper) heading(level int, title string, follow float64) {
	p.title(level, title, follow, func() { p.enter(level, title) })
}

// subtitle is a heading of level 1 that the contents leave out.
func (p *paper) subtitle(title string, follow float64) { p.title(1, title, follow, func() {}) }

func (p *paper) title(level int, title string, follow float64, enter func()) {
	f, above, below := face{"bold", 15, accent}, 0.0, 4.0
	if level == 1 {
		f, above, below = face{"bold", 11, black}, 5.0, 2.2
	}
	if p.y == p.top() {
		above = 0
	}
	lines := p.wrap(title, p.width(), f)
	height := above + float64(len(lines))*f.lead() + below
	if p.need(height + follow) {
		above = 0
	}
	p.y += above
	enter()
	for _, l := range lines {
		p.at(p.left(), p.y+f.lead()*0.76, l, f)
		p.y += f.lead()
	}
	p.y += below
}

// enter notes the section for the contents and the bookmarks.
func (p *paper) enter(level int, title string) {
	p.use(strong)
	p.pdf.Bookmark(plain(title), level, p.y)
	if n := len(p.done); n < len(p.links) {
		p.pdf.SetLink(p.links[n], p.y, p.pdf.PageNo())
	}
	p.done = append(p.done, section{level, title, p.pdf.PageNo()})
}

// empty says in words that there is nothing, and what that means.
func (p *paper) empty(text string) {
	p.need(12)
	p.fill(p.left(), p.y, p.width(), 10, sunken)
	p.at(p.left()+4, p.y+6.3, text, face{"sans", 9, soft})
	p.y += 13
}

// plain replaces what the fonts or gofpdf cannot set: characters beyond the basic plane, which would
// silence the rest of the document, and control characters.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r > 0xFFFF:
			return '\uFFFD'
		case r < ' ' || r >= 0x7F && r < 0xA0 || r == '\u2028' || r == '\u2029':
			return ' '
		case r >= '\u200B' && r <= '\u200F' || r == '\uFEFF' || r == '\u00AD':
			return -1
		}
		return r
	}, text)
}
