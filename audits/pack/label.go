package pack

import (
	"io"
	"time"

	"github.com/jung-kurt/gofpdf"

	"maillon/documents/rendition/typeface"
	"maillon/qms/locale"
)

// Labels are stuck on equipment. They are plain data, like Contents; the same Labels give the same bytes.
type Labels struct {
	Language string
	Title    string // of the document
	Platform string // its name, on every label
	MadeAt   time.Time
	Sheet    bool // on sheets of A4 with 24 labels, else each on a page of its own size
	First    int  // the place on the first sheet where the first one goes, from 1: sheets are used up
	Labels   []Label
}

// Label says what a thing is, and where its page is found.
type Label struct {
	Code    string
	Name    string
	Address string // of its page, as a QR code
	State   string // whose shape stands before Until
	Until   string // a sentence: until when it is calibrated; empty for none
}

// The size of a label and how many stand on a sheet (70 × 37 mm, 3 by 8).
const (
	labelWide   = 70.0
	labelHigh   = 37.0
	labelAcross = 3
	labelDown   = 8
)

// LabelsASheet is how many labels a sheet has.
const LabelsASheet = labelAcross * labelDown

// PrintLabels writes the labels as a PDF.
func PrintLabels(w io.Writer, l *Labels) error {
	p := newPaper(locale.For(l.Language))
	describe(p, l.Title, l.Platform, l.MadeAt)
	size, top := gofpdf.SizeType{Wd: labelWide, Ht: labelHigh}, 0.0
	if l.Sheet {
		size, top = gofpdf.SizeType{Wd: pageShort, Ht: pageLong}, (pageLong-labelDown*labelHigh)/2
	}
	at := 0
	if l.Sheet && l.First > 1 && l.First <= LabelsASheet {
		at = l.First - 1
	}
	for i, label := range l.Labels {
		if !l.Sheet {
			p.PDF.AddPageFormat("P", size)
			p.label(0, 0, l.Platform, label)
			continue
		}
		if i == 0 || at == LabelsASheet {
			p.PDF.AddPageFormat("P", size)
			at %= LabelsASheet
		}
		p.label(float64(at%labelAcross)*labelWide, top+float64(at/labelAcross)*labelHigh, l.Platform, label)
		at++
	}
	return output(w, p, "labels")
}

// label sets one label. Nothing stands within 4 mm of its edge: printers leave the edge of a sheet
// white, and sheets shift.
func (p *paper) label(x, y float64, platform string, l Label) {
	const edge, side = 4.0, 27.0
	left := x + edge
	if p.Code(l.Address, left, y+(labelHigh-side)/2, side) {
		left += side + 2
	}
	width := x + labelWide - edge - left
	code := typeface.Of("bold", 13, black)
	for code.Size > 7 && p.Measure(l.Code, code) > width {
		code.Size -= 0.5
	}
	at := y + 6
	p.At(left, at+3.5, p.Short(l.Code, width, code), code)
	at += 5
	name := typeface.Of("sans", 7.5, black)
	for i, line := range p.Wrap(l.Name, width, name) {
		if i == 3 {
			break
		}
		at += name.Lead()
		p.At(left, at+1, line, name)
	}
	foot := y + labelHigh - 5.5
	p.At(left, foot, p.Short(platform, width, smaller), smaller)
	if l.Until == "" {
		return
	}
	until := typeface.Of("bold", 6.5, tone(l.State))
	lines := p.Wrap(l.Until, width-3.4, until)
	foot -= smaller.Lead() + float64(len(lines))*until.Lead()
	p.sign(left, foot+0.6, 2.2, l.State)
	for _, line := range lines {
		foot += until.Lead()
		p.At(left+3.4, foot-0.7, line, until)
	}
}
