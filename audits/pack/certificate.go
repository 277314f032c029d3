package pack

import (
	"io"
	"time"

	"github.com/jung-kurt/gofpdf"

	"maillon/documents/rendition/typeface"
	"maillon/qms"
	"maillon/qms/locale"
)

// Certificate is what a platform hangs on its wall: the label it was awarded. It is plain data, in the
// words of its language; the same Certificate gives the same bytes.
type Certificate struct {
	Language   string
	Number     string
	Platform   string // its name
	Logo       []byte // PNG or JPEG; none when empty
	Perimeter  string
	Body       string // that awarded it
	AwardedOn  qms.Date
	Through    qms.Date // the last day
	DecidedOn  qms.Date
	Conditions []CertificateCondition
	Signatory  string
	TakenOver  qms.Date // when a label of the past was taken over; none where it was awarded here
	Standing   string   // a sentence where it is suspended, withdrawn or ended; empty where it is valid
	Address    string   // of the public page that tells whether it is valid, as a QR code
	MadeAt     time.Time
}

// CertificateCondition is a condition of the award.
type CertificateCondition struct {
	Words    string
	DueOn    qms.Date
	LiftedOn qms.Date
}

// The frame of a certificate, and how many of its conditions stand on it; how many more there are is said.
const (
	certificateEdge  = 11.0
	certificateMost  = 3
	certificateInner = 30.0
)

// PrintCertificate writes the certificate as a PDF: one page of A4, across.
func PrintCertificate(w io.Writer, c *Certificate) error {
	say := locale.For(c.Language)
	p := newPaper(say)
	describe(p, say.T("pack.certificate.title_n", c.Number), c.Platform, c.MadeAt)
	p.PDF.AddPageFormat("L", gofpdf.SizeType{Wd: pageShort, Ht: pageLong})
	p.certificateFrame()
	p.certificateBody(c)
	p.certificateFoot(c)
	return output(w, p, "certificate")
}

// certificateFrame draws two lines round the page, with a mark at each corner.
func (p *paper) certificateFrame() {
	const e = certificateEdge
	p.PDF.SetDrawColor(accent[0], accent[1], accent[2])
	p.PDF.SetLineWidth(0.9)
	p.PDF.Rect(e, e, pageLong-2*e, pageShort-2*e, "D")
	p.PDF.SetLineWidth(0.25)
	p.PDF.Rect(e+2.2, e+2.2, pageLong-2*e-4.4, pageShort-2*e-4.4, "D")
	for _, x := range []float64{e + 2.2, pageLong - e - 2.2} {
		for _, y := range []float64{e + 2.2, pageShort - e - 2.2} {
			p.PDF.SetFillColor(accent[0], accent[1], accent[2])
			p.PDF.Circle(x, y, 1.6, "F")
		}
	}
}

// middle sets wrapped text in the middle of the page, at most so many lines.
func (p *paper) middle(text string, f face, most int) {
	lines := p.Wrap(text, pageLong-2*certificateInner, f)
	if len(lines) > most {
		lines = append(lines[:most-1:most-1], p.Short(lines[most-1]+" …", pageLong-2*certificateInner, f))
	}
	for _, l := range lines {
		p.Centred(pageLong/2, p.y+f.Lead()*0.76, l, f)
		p.y += f.Lead()
	}
}

// certificateBody says who was awarded what, from when to when.
func (p *paper) certificateBody(c *Certificate) {
	p.y = certificateEdge + 20
	p.Logo(c.Logo, certificateEdge+10, certificateEdge+8, 45, 18)
	p.middle(p.say.T("pack.certificate.head"), typeface.Of("bold", 11, soft), 1)
	p.y += 4
	p.middle(p.say.T("pack.certificate.title"), typeface.Of("bold", 30, accent), 1)
	p.y += 1
	p.middle(c.Number, typeface.Of("bold", 13, black), 1)
	p.y += 7
	p.middle(p.say.T("pack.certificate.awarded_to", c.Body), typeface.Of("sans", 11.5, black), 2)
	p.y += 2.5
	name := typeface.Of("bold", 24, black)
	for name.Size > 14 && p.Measure(c.Platform, name) > pageLong-2*certificateInner {
		name.Size--
	}
	p.middle(c.Platform, name, 2)
	p.y += 4
	p.middle(p.say.T("pack.certificate.perimeter", c.Perimeter), typeface.Of("sans", 10.5, black), 4)
	p.y += 6
	p.middle(p.say.T("pack.certificate.valid", p.say.LongDate(c.AwardedOn), p.say.LongDate(c.Through)), typeface.Of("bold", 13, black), 1)
	if c.Standing != "" {
		p.y += 2
		p.middle(c.Standing, typeface.Of("bold", 13, bad), 2)
	}
	p.certificateConditions(c.Conditions)
}

// certificateConditions lists the conditions of the award with what became of them.
func (p *paper) certificateConditions(all []CertificateCondition) {
	if len(all) == 0 {
		return
	}
	p.y += 4
	p.middle(p.say.T("pack.certificate.conditions"), typeface.Of("bold", 9, soft), 1)
	for i, c := range all {
		if i == certificateMost {
			p.middle(p.say.T("pack.certificate.conditions_more", len(all)-i), typeface.Of("sans", 9, soft), 1)
			return
		}
		words := p.say.T("pack.certificate.condition_due", c.Words, p.say.LongDate(c.DueOn))
		if c.LiftedOn != 0 {
			words = p.say.T("pack.certificate.condition_lifted", c.Words, p.say.LongDate(c.LiftedOn))
		}
		p.middle(words, typeface.Of("sans", 9, black), 1)
	}
}

// certificateFoot says who decided and signed, and how anybody checks it.
func (p *paper) certificateFoot(c *Certificate) {
	const side, foot = 27.0, pageShort - certificateEdge - 8
	left := certificateEdge + 12
	y := foot - 22
	label, value := typeface.Of("sans", 8.5, soft), typeface.Of("bold", 10.5, black)
	set := func(key, text string) {
		p.At(left, y, p.say.T(key), label)
		p.At(left, y+5, p.Short(text, 110, value), value)
		y += 12
	}
	set("pack.certificate.decided", p.say.T("pack.certificate.decided_by", c.Body, p.say.LongDate(c.DecidedOn)))
	switch {
	case c.TakenOver != 0:
		set("pack.certificate.taken_over", p.say.T("pack.certificate.taken_over_from", p.say.LongDate(c.TakenOver), c.Signatory))
	case c.Signatory != "":
		set("pack.certificate.signed", c.Signatory)
	}
	right := pageLong - certificateEdge - 9
	if p.Code(c.Address, right-side, foot-side+2, side) {
		right -= side + 4
	}
	p.FlushRight(right, foot-9, p.say.T("pack.certificate.check"), label)
	p.FlushRight(right, foot-4.5, p.Short(c.Address, 110, label), label)
	p.FlushRight(right, foot, p.say.T("pack.offer.printed", p.say.Instant(c.MadeAt)), label)
}
