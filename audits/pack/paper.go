package pack

import (
	"crypto/sha256"

	"github.com/jung-kurt/gofpdf"

	"maillon/documents/rendition/typeface"
	"maillon/qms/locale"
)

// The words of the hand, as they are used on every line here.
type (
	ink  = typeface.Ink
	face = typeface.Face
)

var (
	black  = typeface.Black
	soft   = typeface.Soft
	line   = typeface.Line
	sunken = typeface.Sunken
	accent = typeface.Accent
	good   = typeface.Good
	wait   = typeface.Wait
	warn   = typeface.Warn
	bad    = typeface.Bad
	white  = typeface.White
)

var (
	body    = typeface.Of("sans", 9, black)
	strong  = typeface.Of("bold", 9, black)
	note    = typeface.Of("sans", 8, soft)
	small   = typeface.Of("sans", 7.5, black)
	smaller = typeface.Of("sans", 7, soft)
)

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
	level  int // 0 or 1
	title  string
	page   int
	key    string // of a section of a pack that begins here
	shared bool   // it begins below the end of the one before
	bound  bool   // of a document whose pages follow
}

// paper sets text on pages and breaks them. Nothing else knows where the pen stands.
type paper struct {
	*typeface.Pen
	say   *locale.Printer
	head  [2]string // of every page but the cover: left and right
	foot  [2]string
	total int // pages, as a first pass counted them
	y     float64
	wide  bool
	bare  bool // the cover has neither head nor foot
	done  []section
	links []int          // of the sections, in order
	parts map[string]int // the number of each section of a pack, by its key
	marks marks
	names map[[sha256.Size]byte]string // of the files of the archive
}

func newPaper(say *locale.Printer) *paper {
	return &paper{Pen: typeface.New(), say: say}
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
	p.PDF.AddPageFormat(orientation, gofpdf.SizeType{Wd: pageShort, Ht: pageLong})
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
	name := typeface.Of("bold", 7.5, soft)
	p.At(p.left(), headLine-2, p.Short(p.head[0], p.width()-p.Measure(p.head[1], smaller)-6, name), name)
	p.FlushRight(p.right(), headLine-2, p.head[1], smaller)
	p.Rule(p.left(), headLine, p.right(), line, 0.2)
	p.Rule(p.left(), footLine, p.right(), line, 0.2)
	p.At(p.left(), footLine+4, p.foot[0], smaller)
	p.At(p.left(), footLine+7.4, p.foot[1], smaller)
	p.FlushRight(p.right(), footLine+4, p.say.T("pack.page_of", p.PDF.PageNo(), p.total), typeface.Of("bold", 7.5, soft))
}

// paragraph sets wrapped text over the whole width and leaves a small gap.
func (p *paper) paragraph(text string, f face) {
	for _, l := range p.Wrap(text, p.width(), f) {
		p.need(f.Lead())
		p.At(p.left(), p.y+f.Lead()*0.76, l, f)
		p.y += f.Lead()
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
	f, above, below := typeface.Of("bold", 15, accent), 0.0, 4.0
	if level == 1 {
		f, above, below = typeface.Of("bold", 11, black), 5.0, 2.2
	}
	if p.y == p.top() {
		above = 0
	}
	lines := p.Wrap(title, p.width(), f)
	height := above + float64(len(lines))*f.Lead() + below
	if p.need(height + follow) {
		above = 0
	}
	p.y += above
	enter()
	for _, l := range lines {
		p.At(p.left(), p.y+f.Lead()*0.76, l, f)
		p.y += f.Lead()
	}
	p.y += below
}

// enter notes the section for the contents and the bookmarks.
func (p *paper) enter(level int, title string) {
	p.Use(strong)
	p.PDF.Bookmark(typeface.Plain(title), level, p.y)
	if n := len(p.done); n < len(p.links) {
		p.PDF.SetLink(p.links[n], p.y, p.PDF.PageNo())
	}
	p.done = append(p.done, section{level: level, title: title, page: p.PDF.PageNo()})
}

// empty says in words that there is nothing, and what that means.
func (p *paper) empty(text string) {
	p.need(12)
	p.Fill(p.left(), p.y, p.width(), 10, sunken)
	p.At(p.left()+4, p.y+6.3, text, typeface.Of("sans", 9, soft))
	p.y += 13
}
