package pack

import (
	"strings"

	"maillon/documents/rendition/typeface"
)

// cover is the page that a director signs.
func (p *paper) cover(c *Contents) {
	p.bare = true
	p.page()
	p.bare = false
	p.logo(p.left()-1, 26, 16)
	p.At(p.left()+18, 36.5, "Maillon", typeface.Of("bold", 15, accent))
	p.FlushRight(p.right(), 36.5, c.Number, typeface.Of("bold", 11, soft))
	p.Rule(p.left(), 46, p.right(), accent, 0.6)

	p.y = 66
	p.lines(p.say.T("pack.title"), typeface.Of("bold", 30, black))
	p.y += 2
	p.lines(p.Short(c.Platform.Name, 2.5*p.width(), typeface.Of("sans", 19, accent)), typeface.Of("sans", 19, accent))
	p.At(p.left(), p.y+5, c.Platform.Code, typeface.Of("bold", 11, soft))
	p.y += 14
	p.lines(p.say.T("pack.as_of_long", p.say.LongDate(c.AsOf)), typeface.Of("bold", 13, black))
	p.y += 3
	p.paragraph(p.say.T("pack.cover_text"), typeface.Of("sans", 10, soft))

	p.y = max(p.y+4, 140)
	p.pairs([][2]string{
		{p.say.T("pack.generated"), p.say.T("pack.generated_by", p.say.FullInstant(c.GeneratedAt), c.GeneratedBy)},
		{p.say.T("pack.checkpoint"), p.say.T("pack.checkpoint_size", c.Checkpoint.Size)},
		{p.say.T("pack.origin"), c.Checkpoint.Origin},
		{p.say.T("pack.root"), c.Checkpoint.Root.String()},
	})
	p.fingerprint(p.say.T("pack.fingerprint"), c.Checkpoint.Fingerprint())
	p.signatures()
}

// lines sets wrapped lines of a large face.
func (p *paper) lines(text string, f face) {
	for _, l := range p.Wrap(text, p.width(), f) {
		p.At(p.left(), p.y+f.Lead()*0.76, l, f)
		p.y += f.Lead()
	}
}

const labelWidth = 42.0

// pairs prints names and values in two columns under hairlines.
func (p *paper) pairs(pairs [][2]string) {
	for _, pair := range pairs {
		lines := p.Wrap(pair[1], p.width()-labelWidth, body)
		p.need(float64(len(lines))*body.Lead() + 3)
		p.Rule(p.left(), p.y, p.right(), line, 0.2)
		p.y += 1.5
		p.At(p.left(), p.y+body.Lead()*0.76, pair[0], typeface.Of("sans", 9, soft))
		for _, l := range lines {
			p.At(p.left()+labelWidth, p.y+body.Lead()*0.76, l, body)
			p.y += body.Lead()
		}
		p.y += 1.5
	}
	p.Rule(p.left(), p.y, p.right(), line, 0.2)
}

// fingerprint prints sixteen groups in two lines, to be compared by eye.
func (p *paper) fingerprint(label, groups string) {
	p.need(17)
	p.y += 1.5
	p.At(p.left(), p.y+4.4, label, typeface.Of("sans", 9, soft))
	words := strings.Fields(groups)
	for half := range 2 {
		part := words[half*len(words)/2 : (half+1)*len(words)/2]
		p.At(p.left()+labelWidth, p.y+4.4, strings.Join(part, " "), typeface.Of("mono", 10.5, black))
		p.y += 5.4
	}
	p.y += 2.2
	p.Rule(p.left(), p.y, p.right(), line, 0.2)
	p.y += 3
}

// signatures leaves room for the two people who answer for the pack.
func (p *paper) signatures() {
	const height = 38.0
	top := p.bottom() - height
	width := (p.width() - 8) / 2
	for i, key := range []string{"pack.sign_manager", "pack.sign_quality"} {
		x := p.left() + float64(i)*(width+8)
		p.PDF.SetDrawColor(soft[0], soft[1], soft[2])
		p.PDF.SetLineWidth(0.25)
		p.PDF.Rect(x, top, width, height, "D")
		p.At(x+3, top+5.6, p.say.T(key), strong)
		p.At(x+3, top+12, p.say.T("pack.sign_name"), note)
		p.At(x+3, top+18.4, p.say.T("pack.sign_date"), note)
		p.At(x+3, top+24.8, p.say.T("pack.sign_visa"), note)
	}
}
