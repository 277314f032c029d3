package pack

import (
	"math"

	"github.com/jung-kurt/gofpdf"
)

// mark is the shape that stands before the word of a state, so that colour is never alone.
type mark func(p *paper, x, y, r float64, c ink)

// look is the colour and the shape of each state, those of the stylesheet.
var look = map[string]struct {
	ink  ink
	mark mark
}{
	"effective": {good, checkMark}, "complete": {good, checkMark}, "valid": {good, checkMark},
	"passed": {good, checkMark}, "found": {good, checkMark}, "accepted": {good, checkMark},
	"done":      {good, checkMark},
	"trainer":   {good, starMark},
	"in-review": {wait, halfMark}, "open": {wait, halfMark}, "running": {wait, halfMark},
	"approved": {wait, targetMark},
	"expiring": {warn, triangleMark}, "remarks": {warn, triangleMark}, "incoherent": {warn, triangleMark},
	"broken": {bad, brokenMark}, "expired": {bad, crossMark}, "failed": {bad, crossMark},
	"refused": {bad, crossMark}, "missing": {bad, ringMark}, "late": {bad, crossMark}, "unknown": {bad, crossMark},
	"draft": {soft, ringMark}, "superseded": {soft, barMark}, "withdrawn": {soft, barMark},
	"due":      {wait, targetMark},
	"labelled": {good, checkMark}, "accompanied": {wait, halfMark}, "evaluation": {wait, targetMark}, "candidate": {wait, targetMark},
	"suspended": {warn, triangleMark}, "other": {accent, barMark},
}

// tone is the ink of a state, soft for one without a colour.
func tone(state string) ink {
	if l, ok := look[state]; ok {
		return l.ink
	}
	return soft
}

// sign draws the shape of a state in a square of side d whose top left corner is x, y.
func (p *paper) sign(x, y, d float64, state string) {
	l, ok := look[state]
	if !ok {
		l.ink, l.mark = soft, ringMark
	}
	r := d / 2
	p.PDF.SetFillColor(l.ink[0], l.ink[1], l.ink[2])
	p.PDF.SetDrawColor(l.ink[0], l.ink[1], l.ink[2])
	p.PDF.SetLineWidth(d * 0.13)
	l.mark(p, x+r, y+r, r, l.ink)
	p.PDF.SetLineCapStyle("butt")
}

// over prepares for strokes on top of a filled shape.
func (p *paper) over(r float64) {
	p.PDF.SetDrawColor(white[0], white[1], white[2])
	p.PDF.SetLineWidth(r * 0.3)
	p.PDF.SetLineCapStyle("round")
}

func checkMark(p *paper, x, y, r float64, _ ink) {
	p.PDF.Circle(x, y, r, "F")
	p.over(r)
	p.PDF.Line(x-r*0.48, y+r*0.05, x-r*0.12, y+r*0.42)
	p.PDF.Line(x-r*0.12, y+r*0.42, x+r*0.5, y-r*0.38)
}

func crossMark(p *paper, x, y, r float64, _ ink) {
	p.PDF.Circle(x, y, r, "F")
	p.over(r)
	p.PDF.Line(x-r*0.4, y-r*0.4, x+r*0.4, y+r*0.4)
	p.PDF.Line(x-r*0.4, y+r*0.4, x+r*0.4, y-r*0.4)
}

func barMark(p *paper, x, y, r float64, _ ink) {
	p.PDF.Circle(x, y, r, "F")
	p.over(r)
	p.PDF.Line(x-r*0.5, y, x+r*0.5, y)
}

func ringMark(p *paper, x, y, r float64, _ ink) { p.PDF.Circle(x, y, r*0.87, "D") }

func targetMark(p *paper, x, y, r float64, _ ink) {
	p.PDF.Circle(x, y, r*0.87, "D")
	p.PDF.Circle(x, y, r*0.43, "F")
}

func halfMark(p *paper, x, y, r float64, _ ink) {
	p.PDF.Circle(x, y, r*0.87, "D")
	points := []gofpdf.PointType{}
	for i := 0; i <= 16; i++ {
		a := math.Pi/2 + math.Pi*float64(i)/16
		points = append(points, gofpdf.PointType{X: x + r*0.87*math.Cos(a), Y: y + r*0.87*math.Sin(a)})
	}
	p.PDF.Polygon(points, "F")
}

func triangleMark(p *paper, x, y, r float64, _ ink) {
	p.PDF.Polygon([]gofpdf.PointType{{X: x, Y: y - r*0.95}, {X: x + r, Y: y + r*0.9}, {X: x - r, Y: y + r*0.9}}, "F")
	p.over(r * 0.8)
	p.PDF.Line(x, y-r*0.3, x, y+r*0.25)
	p.PDF.Line(x, y+r*0.6, x, y+r*0.62)
}

func starMark(p *paper, x, y, r float64, _ ink) {
	points := make([]gofpdf.PointType, 10)
	for i := range points {
		a, d := -math.Pi/2+math.Pi*float64(i)/5, r
		if i%2 == 1 {
			d = r * 0.45
		}
		points[i] = gofpdf.PointType{X: x + d*math.Cos(a), Y: y + d*math.Sin(a)}
	}
	p.PDF.Polygon(points, "F")
}

// brokenMark is a ring split in two: a link that does not hold.
func brokenMark(p *paper, x, y, r float64, _ ink) {
	p.PDF.SetLineWidth(r * 0.36)
	p.PDF.Arc(x, y, r*0.82, r*0.82, 0, 110, 250, "D")
	p.PDF.Arc(x, y, r*0.82, r*0.82, 0, -70, 70, "D")
}

// logo draws the two links of the sign of Maillon in a square of side d.
func (p *paper) logo(x, y, d float64) {
	u := d / 24
	p.PDF.SetDrawColor(accent[0], accent[1], accent[2])
	p.PDF.SetLineWidth(2.4 * u)
	p.PDF.SetLineCapStyle("butt")
	const r = 4.4
	// The ends of the arcs leave the gaps where one link passes under the other.
	p.PDF.MoveTo(x+9.40*u, y+16.40*u)
	p.PDF.LineTo(x+5.6*u, y+16.4*u)
	p.PDF.ArcTo(x+5.6*u, y+12*u, r*u, r*u, 0, 270, 90)
	p.PDF.DrawPath("D")
	p.PDF.MoveTo(x+5.6*u, y+7.6*u)
	p.PDF.LineTo(x+9.4*u, y+7.6*u)
	p.PDF.DrawPath("D")
	p.PDF.Arc(x+9.4*u, y+12*u, r*u, r*u, 0, -20.8, 90, "D")
	p.PDF.Arc(x+9.4*u, y+12*u, r*u, r*u, 0, 266.7, 270, "D")
	p.PDF.MoveTo(x+14.6*u, y+7.6*u)
	p.PDF.LineTo(x+18.4*u, y+7.6*u)
	p.PDF.MoveTo(x+18.4*u, y+16.4*u)
	p.PDF.LineTo(x+14.6*u, y+16.4*u)
	p.PDF.DrawPath("D")
	p.PDF.Arc(x+18.4*u, y+12*u, r*u, r*u, 0, -90, 90, "D")
	p.PDF.Arc(x+14.6*u, y+12*u, r*u, r*u, 0, 159.2, 270, "D")
	p.PDF.Arc(x+14.6*u, y+12*u, r*u, r*u, 0, 86.7, 90, "D")
}
