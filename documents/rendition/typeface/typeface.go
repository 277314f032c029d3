// Package typeface is the hand that everything printed is written in: the fonts, the inks of the
// light stylesheet, and a pen that sets, measures and wraps text on the pages of a PDF.
//
// It promises that any text can be set: what the fonts or the library cannot show is replaced, never
// silently the end of the document; and that the same calls give the same bytes.
//
// It refuses to know pages: where a line stands and when a page ends is the business of who prints.
package typeface

import (
	"bytes"
	_ "embed"
	"strings"

	"github.com/jung-kurt/gofpdf"
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

// Ink is a colour: red, green and blue, 0 to 255.
type Ink [3]int

// The inks of the light stylesheet, so that a state has one colour on screen and on paper.
var (
	Black  = Ink{0x17, 0x1b, 0x1f}
	Soft   = Ink{0x54, 0x5d, 0x65}
	Line   = Ink{0xdd, 0xe1, 0xe4}
	Sunken = Ink{0xf5, 0xf6, 0xf7}
	Accent = Ink{0x0b, 0x5a, 0x82}
	Good   = Ink{0x18, 0x63, 0x39}
	Wait   = Ink{0x4a, 0x4d, 0xa3}
	Warn   = Ink{0x84, 0x50, 0x00}
	Bad    = Ink{0xad, 0x24, 0x1c}
	White  = Ink{0xff, 0xff, 0xff}
)

// Face is how a text is set.
type Face struct {
	Font string  // sans, bold or mono
	Size float64 // points
	Ink  Ink
}

// Of is the face of that font, size in points, and ink.
func Of(font string, size float64, ink Ink) Face { return Face{font, size, ink} }

// Lead is the height of a line of that face, in millimetres.
func (f Face) Lead() float64 { return f.Size * 0.3528 * 1.32 }

// Pen writes on the current page of its PDF. Lengths are millimetres from the top left.
type Pen struct {
	PDF    *gofpdf.Fpdf
	widths map[string]map[rune]float64
}

// New is a pen on an A4 document without pages.
func New() *Pen {
	pdf := gofpdf.New("P", "mm", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCellMargin(0)
	pdf.SetCatalogSort(true)
	// gofpdf writes into the bytes of a font when it cuts it down, so each document gets its own.
	pdf.AddUTF8FontFromBytes("sans", "", bytes.Clone(sansFont))
	pdf.AddUTF8FontFromBytes("bold", "", bytes.Clone(boldFont))
	pdf.AddUTF8FontFromBytes("mono", "", bytes.Clone(monoFont))
	return &Pen{PDF: pdf, widths: map[string]map[rune]float64{}}
}

// At sets one line with its base line at y.
func (p *Pen) At(x, y float64, text string, f Face) {
	p.Use(f)
	p.PDF.Text(x, y, Plain(text))
}

// FlushRight sets one line that ends at x.
func (p *Pen) FlushRight(x, y float64, text string, f Face) {
	p.At(x-p.Measure(text, f), y, text, f)
}

// Centred sets one line with its middle at x.
func (p *Pen) Centred(x, y float64, text string, f Face) {
	p.At(x-p.Measure(text, f)/2, y, text, f)
}

// Use takes up the face for what is written next.
func (p *Pen) Use(f Face) {
	p.PDF.SetFont(f.Font, "", f.Size)
	p.PDF.SetTextColor(f.Ink[0], f.Ink[1], f.Ink[2])
}

// Rule draws a level line.
func (p *Pen) Rule(x0, y, x1 float64, c Ink, width float64) {
	p.PDF.SetDrawColor(c[0], c[1], c[2])
	p.PDF.SetLineWidth(width)
	p.PDF.Line(x0, y, x1, y)
}

// Fill paints a rectangle.
func (p *Pen) Fill(x, y, w, h float64, c Ink) {
	p.PDF.SetFillColor(c[0], c[1], c[2])
	p.PDF.Rect(x, y, w, h, "F")
}

// Plain replaces what the fonts or gofpdf cannot set: characters beyond the basic plane, which would
// silence the rest of the document, and control characters.
func Plain(text string) string {
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
