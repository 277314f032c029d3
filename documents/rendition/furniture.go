package rendition

import (
	"math"
	"strings"

	"maillon/documents/rendition/typeface"
)

// pointsPerMM is how many points a millimetre has.
const pointsPerMM = 72 / 25.4

// size is the size of a page as its reader sees it, in points.
type size struct{ width, height float64 }

// furnish prints header, footer and mark on the present page. The lines stand in the outer centimetre, above what office programs print in their own margins, on a
// ground that keeps them legible where a page has none.
func (s *sheet) furnish() {
	wide, high := s.PDF.GetPageSize()
	if s.m.Text != "" {
		s.watermark(wide, high)
	}
	u := scale(min(wide, high))
	name := typeface.Of("bold", 7*u, typeface.Soft)
	plain := typeface.Of("sans", 7*u, typeface.Soft)
	side := 9 * u
	if wide > 180 && wide < high*1.05 {
		side = 12 * u
	}
	room := wide - 2*side

	dated := s.say.T("rendition.running", s.c.Version)
	if !s.c.EffectiveFrom.IsZero() {
		dated = s.say.T("rendition.running_dated", s.c.Version, s.c.EffectiveFrom)
	}
	s.pair(side, 7.2*u, room, s.c.Code+"  ·  "+s.c.Title, s.c.Code, dated, name, plain)
	s.pair(side, high-5*u, room, s.say.T("rendition.uncontrolled"), s.say.T("rendition.uncontrolled"),
		s.say.T("rendition.page", s.PDF.PageNo(), s.total), plain, name)
}

// pair prints one text at the left and one at the right. The left one is shortened to the room, but
// never below its least part; where both do not fit, they are set smaller.
func (s *sheet) pair(x, y, room float64, long, least, at string, f, g typeface.Face) {
	const gap = 4.0
	for f.Size > 3 && s.Measure(least, f)+s.Measure(at, g)+gap > room {
		f.Size, g.Size = f.Size-0.25, g.Size-0.25
	}
	short := s.Short(long, room-s.Measure(at, g)-gap, f)
	if !strings.HasPrefix(short, least) {
		short = s.Short(least, room-s.Measure(at, g)-gap, f)
	}
	s.grounded(x, y, short, f)
	s.grounded(x+room-s.Measure(at, g), y, at, g)
}

// grounded prints a text on a ground that lets little of what is behind it through.
func (s *sheet) grounded(x, y float64, value string, f typeface.Face) {
	em := f.Size * 0.3528
	s.PDF.SetAlpha(0.8, "Normal")
	s.Fill(x-em*0.4, y-em*0.95, s.Measure(value, f)+em*0.8, em*1.3, typeface.White)
	s.PDF.SetAlpha(1, "Normal")
	s.At(x, y, value, f)
}

// scale is how much larger than on A4 the furniture is on a page with that short side, in
// millimetres: legible when a poster is printed small, and small on a label.
func scale(short float64) float64 {
	switch {
	case short > 297:
		return min(short/297, 20)
	case short < 148:
		return max(short/148, 0.1)
	}
	return 1
}

// watermark prints the mark from corner to corner, light enough to read through.
func (s *sheet) watermark(wide, high float64) {
	f := typeface.Of("bold", 100, typeface.Bad)
	diagonal := math.Hypot(wide, high)
	f.Size = 100 * 0.72 * diagonal / max(s.Measure(s.m.Text, f), 1)
	f.Size = min(f.Size, 0.16*diagonal/0.3528)
	angle := math.Atan2(high, wide) * 180 / math.Pi
	s.PDF.SetAlpha(0.16, "Normal")
	s.PDF.TransformBegin()
	s.PDF.TransformRotate(angle, wide/2, high/2)
	s.Centred(wide/2, high/2+f.Size*0.3528*0.36, s.m.Text, f)
	s.PDF.TransformEnd()
	s.PDF.SetAlpha(1, "Normal")
}
