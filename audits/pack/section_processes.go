package pack

import "maillon/documents/rendition/typeface"

const (
	bandHead  = 7.0
	boxHeight = 19.0
	boxGap    = 4.0
	boxesWide = 4
)

// processes draws the process map, then tells of each process in tables.
func (p *paper) processes(c *Contents) {
	p.opens("processes", true, 60)
	drawn := false
	for _, band := range c.Map {
		if len(band.Boxes) > 0 {
			p.band(band)
			drawn = true
		}
	}
	if !drawn {
		p.empty(p.say.T("pack.processes_none"))
		return
	}
	p.y += 2
	for i := range c.Panels["processes"] {
		p.panel(&c.Panels["processes"][i])
	}
}

// band sets the boxes of one band, so many in a row.
func (p *paper) band(b ProcessBand) {
	p.need(bandHead + boxHeight + boxGap)
	f := typeface.Of("bold", 9.5, accent)
	p.At(p.left(), p.y+4.6, b.Title, f)
	p.y += bandHead
	width := (p.width() - (boxesWide-1)*boxGap) / boxesWide
	for i, box := range b.Boxes {
		at := i % boxesWide
		if at == 0 && i > 0 {
			p.y += boxHeight + boxGap
			p.need(boxHeight + boxGap)
		}
		p.processBox(p.left()+float64(at)*(width+boxGap), width, box)
	}
	p.y += boxHeight + boxGap + 2
}

func (p *paper) processBox(x, width float64, box ProcessBox) {
	p.Fill(x, p.y, width, boxHeight, sunken)
	c := tone(box.State)
	p.PDF.SetFillColor(c[0], c[1], c[2])
	p.PDF.Rect(x, p.y, 1, boxHeight, "F")
	code := typeface.Of("bold", 8, soft)
	p.At(x+4, p.y+5, box.Code, code)
	p.sign(x+width-6, p.y+2.6, 3, box.State)
	name := typeface.Of("bold", 9, black)
	lines := p.Wrap(box.Name, width-7, name)
	for i, l := range lines[:min(2, len(lines))] {
		p.At(x+4, p.y+9.6+float64(i)*name.Lead()*0.92, l, name)
	}
	count := p.say.T("pack.processes_in_force", box.InForce)
	p.FlushRight(x+width-3, p.y+boxHeight-2, count, smaller)
	p.At(x+4, p.y+boxHeight-2, p.Short(box.Owner, width-p.Measure(count, smaller)-10, smaller), smaller)
}
