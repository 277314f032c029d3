package rendition

import (
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"

	"maillon/documents/rendition/typeface"
	"maillon/qms"
	"maillon/qms/locale"
)

// Lengths of the cover, in millimetres. The left margin leaves room for punched holes.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	left       = 25.0
	right      = pageWidth - 18.0
	top        = 20.0
	bottom     = pageHeight - 18.0
	width      = right - left
)

// maxRevisions is how many lines the table of revisions has before it only counts the older ones.
const maxRevisions = 40

// Faces of the cover.
var (
	label    = typeface.Of("sans", 7.5, typeface.Soft)
	text     = typeface.Of("sans", 9, typeface.Black)
	strong   = typeface.Of("bold", 9, typeface.Black)
	headline = typeface.Of("bold", 7.5, typeface.Soft)
)

// sheet prints the cover and the furniture of every page into one document.
type sheet struct {
	*typeface.Pen
	say      *locale.Printer
	c        Cover
	m        Mark
	enclosed bool // the original is attached instead of bound in
	total    int  // pages of the whole rendition
	y        float64
	limit    float64 // where the present page of the cover ends
}

// compose prints the cover, then one page of furniture for each size in body, and tells how many
// pages the cover takes.
func compose(c Cover, m Mark, enclosed bool, body []size) (document []byte, covers int, err error) {
	// What the cover says does not depend on the number of pages, so the second guess is right.
	var s *sheet
	for covers = 1; ; covers = s.PDF.PageNo() {
		s = newSheet(c, m, enclosed)
		s.total = covers + len(body)
		s.cover()
		if err := s.PDF.Error(); err != nil {
			return nil, 0, err
		}
		if s.PDF.PageNo() == covers {
			break
		}
	}
	for _, size := range body {
		s.PDF.AddPageFormat("P", gofpdf.SizeType{Wd: size.width / pointsPerMM, Ht: size.height / pointsPerMM})
	}
	out := &strings.Builder{}
	if err := s.PDF.Output(out); err != nil {
		return nil, 0, err
	}
	return []byte(out.String()), covers, nil
}

func newSheet(c Cover, m Mark, enclosed bool) *sheet {
	s := &sheet{Pen: typeface.New(), say: locale.For(c.Language), c: c, m: m, enclosed: enclosed}
	if s.c.Zone == nil {
		s.c.Zone = time.UTC
	}
	s.PDF.SetCompression(false) // the press packs, all pages with one and the same packer
	s.PDF.SetCreationDate(c.MadeAt.UTC())
	s.PDF.SetModificationDate(c.MadeAt.UTC())
	s.PDF.SetFooterFunc(s.furnish) // at the end of each page: over all that stands on it
	s.register()
	return s
}

// cover prints the first page, and more while the table of revisions goes on.
func (s *sheet) cover() {
	s.turn()
	s.letterhead()
	s.title()
	s.facts()
	if s.m.Text != "" {
		s.notice(s.m.Text, typeface.Bad, typeface.Of("bold", 12, typeface.Bad))
	}
	if s.enclosed {
		s.notice(s.say.T("rendition.enclosed", typeface.Plain(fileName(s.c.Original.Name))), typeface.Warn, text)
	}
	s.people()
	if s.c.Exemption != "" {
		s.notice(s.c.Exemption, typeface.Warn, text)
	}
	s.revisions()
}

// turn begins a page of the cover.
func (s *sheet) turn() {
	s.PDF.AddPageFormat("P", gofpdf.SizeType{Wd: pageWidth, Ht: pageHeight})
	s.y, s.limit = top, bottom
	if s.PDF.PageNo() == 1 {
		s.limit = bottom - originHeight - 4
		s.origin(bottom - originHeight)
	}
}

// letterhead prints logo and platform.
func (s *sheet) letterhead() {
	x, high := left, 0.0
	if w, h := s.logo(left, s.y, 50, 18); w > 0 {
		x, high = left+w+6, h
	}
	f := typeface.Of("bold", 13, typeface.Accent)
	lines := s.Wrap(s.c.Platform, right-x, f)
	if len(lines) > 3 {
		lines = append(lines[:2], s.Short(strings.Join(lines[2:], " "), right-x, f))
	}
	block := max(high, float64(len(lines))*f.Lead())
	y := s.y + (block-float64(len(lines))*f.Lead())/2
	for _, l := range lines {
		s.At(x, y+f.Lead()*0.76, l, f)
		y += f.Lead()
	}
	s.y += block + 4
	s.Rule(left, s.y, right, typeface.Accent, 0.6)
	s.y += 10
}

// title prints kind and process, and the title as large as its length allows.
func (s *sheet) title() {
	above := s.c.Kind
	if s.c.Process != "" {
		above += "  ·  " + s.c.Process
	}
	s.paragraph(above, typeface.Of("sans", 11, typeface.Soft))
	s.y += 1
	const most = 4
	var lines []string
	var f typeface.Face
	for _, points := range []float64{26, 21, 17, 14} {
		f = typeface.Of("bold", points, typeface.Black)
		if lines = s.Wrap(s.c.Title, width, f); len(lines) <= most {
			break
		}
	}
	if len(lines) > most+2 {
		lines = append(lines[:most+1], s.Short(strings.Join(lines[most+1:], " "), width, f))
	}
	for _, l := range lines {
		s.At(left, s.y+f.Lead()*0.76, l, f)
		s.y += f.Lead()
	}
	s.y += 6
}

// facts prints code, version and dates side by side.
func (s *sheet) facts() {
	review := s.say.LongDate(s.c.ReviewOn)
	if review == "" {
		review = "–"
	}
	effective := s.say.LongDate(s.c.EffectiveFrom)
	if effective == "" {
		effective = "–"
	}
	cells := []struct {
		share       float64
		name, value string
	}{
		{0.31, "rendition.code", s.c.Code}, {0.15, "rendition.version", s.c.Version},
		{0.27, "rendition.effective", effective}, {0.27, "rendition.review", review},
	}
	const high = 15.0
	s.Fill(left, s.y, width, high, typeface.Sunken)
	x := left
	for i, cell := range cells {
		wide := cell.share * width
		if i > 0 {
			s.upright(x, s.y+2.5, s.y+high-2.5)
		}
		s.At(x+3.5, s.y+5.4, s.say.T(cell.name), label)
		f := s.fitting(cell.value, wide-6, 12)
		s.At(x+3.5, s.y+11.3, s.Short(cell.value, wide-6, f), f)
		x += wide
	}
	s.y += high + 6
}

// fitting is a bold face, no smaller than 7.5 points, in which the text fits the width.
func (s *sheet) fitting(value string, wide, points float64) typeface.Face {
	f := typeface.Of("bold", points, typeface.Black)
	for f.Size > 7.5 && s.Measure(value, f) > wide {
		f.Size -= 0.5
	}
	return f
}

func (s *sheet) upright(x, y0, y1 float64) {
	s.PDF.SetDrawColor(typeface.Line[0], typeface.Line[1], typeface.Line[2])
	s.PDF.SetLineWidth(0.3)
	s.PDF.Line(x, y0, x, y1)
}

// notice prints a sentence that nobody may overlook, with a bar at its left.
func (s *sheet) notice(sentence string, bar typeface.Ink, f typeface.Face) {
	lines := s.Wrap(sentence, width-9, f)
	if len(lines) > 8 {
		lines = append(lines[:7], s.Short(strings.Join(lines[7:], " "), width-9, f))
	}
	high := float64(len(lines))*f.Lead() + 4
	if s.y+high > s.limit {
		s.turn()
	}
	s.Fill(left, s.y, width, high, typeface.Sunken)
	s.Fill(left, s.y, 1.2, high, bar)
	y := s.y + 2
	for _, l := range lines {
		s.At(left+5, y+f.Lead()*0.76, l, f)
		y += f.Lead()
	}
	s.y += high + 5
}

// paragraph prints wrapped text over the whole width.
func (s *sheet) paragraph(sentence string, f typeface.Face) {
	for _, l := range s.Wrap(sentence, width, f) {
		s.At(left, s.y+f.Lead()*0.76, l, f)
		s.y += f.Lead()
	}
}

// instant is the day and minute on a clock of the cover's zone; empty for none.
func (s *sheet) instant(t time.Time) string { return s.instantIn(t, s.c.Zone) }

func (s *sheet) instantIn(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(zone)
	return s.say.Date(qms.DateOf(t, zone)) + " " + t.Format("15:04 MST")
}

// signedAt is when a part was signed, on a clock of the zone that was noted with it and with its name.
func (s *sheet) signedAt(p Part) string {
	zone, err := time.LoadLocation(p.Zone)
	if p.Zone == "" || err != nil || p.SignedAt.IsZero() {
		return s.instant(p.SignedAt)
	}
	return s.instantIn(p.SignedAt, zone) + " " + p.Zone
}
