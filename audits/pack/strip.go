package pack

import "maillon/documents/rendition/typeface"

// Strip is a small drawing in a cell, from left to right: a way through the years, or the bar of a month.
// Places and widths are shares of its width, from 0 to 1.
type Strip struct {
	Tracks []float64 // thin lines that mark equal steps
	Spans  []StripSpan
	Ticks  []StripTick
	Now    float64 // where the day of the list is; below 0 for nowhere
}

// StripSpan is a stretch in the colour of its state: filled, or light with an edge when it is yet to come.
type StripSpan struct {
	State      string
	Plan       bool
	From, Wide float64
}

// StripTick is one point in the colour of its state: filled when it is done, else a ring.
type StripTick struct {
	State string
	Done  bool
	At    float64
}

// AxisMark is a word over strips.
type AxisMark struct {
	At   float64
	Text string
}

// axes writes the words over strips in the head just printed.
func (p *paper) axes(axes map[int][]AxisMark, widths []float64) {
	x := p.left()
	for i, width := range widths {
		for _, m := range axes[i] {
			p.At(x+padX+m.At*(width-2*padX), p.y-padY-0.9, m.Text, typeface.Of("bold", 7, soft))
		}
		x += width
	}
}

// strip draws one in a box.
func (p *paper) strip(s *Strip, x, y, width, height float64) {
	middle, thick := y+height/2, min(height*0.62, 2.4)
	vertical := func(at float64, c ink, line float64) {
		p.PDF.SetDrawColor(c[0], c[1], c[2])
		p.PDF.SetLineWidth(line)
		p.PDF.Line(x+at*width, y-padY, x+at*width, y+height+padY)
	}
	for _, at := range s.Tracks {
		vertical(at, line, 0.15)
	}
	for _, span := range s.Spans {
		c := tone(span.State)
		p.PDF.SetDrawColor(c[0], c[1], c[2])
		p.PDF.SetLineWidth(0.2)
		style := "F"
		if p.PDF.SetFillColor(c[0], c[1], c[2]); span.Plan {
			light := pale(c)
			p.PDF.SetFillColor(light[0], light[1], light[2])
			style = "FD"
		}
		p.PDF.Rect(x+span.From*width, middle-thick/2, max(span.Wide*width, 0.2), thick, style)
	}
	for _, tick := range s.Ticks {
		c, inside := tone(tick.State), white
		if tick.Done {
			inside = c
		}
		p.PDF.SetFillColor(inside[0], inside[1], inside[2])
		p.PDF.SetDrawColor(c[0], c[1], c[2])
		p.PDF.SetLineWidth(0.3)
		p.PDF.Circle(x+tick.At*width, middle, thick*0.55, "FD")
	}
	if s.Now >= 0 {
		vertical(s.Now, accent, 0.4)
	}
}

// pale is a colour mixed with the white of the paper.
func pale(c ink) (light ink) {
	for i := range c {
		light[i] = 255 - (255-c[i])/5
	}
	return light
}
