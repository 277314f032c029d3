package pack

import (
	"io"
	"time"

	"maillon/documents/rendition/typeface"
	"maillon/qms"
	"maillon/qms/locale"
)

// Quote is a quote as a client receives it. It is plain data, in the words of its language; the same
// Quote gives the same bytes.
type Quote struct {
	Language   string
	Platform   string   // its name
	Logo       []byte   // PNG or JPEG; none when empty
	Seller     []string // name and address, line by line
	Number     string
	Request    string
	Subject    string
	Client     string
	Status     string // of the client
	Date       qms.Date
	ValidUntil qms.Date
	AcceptedOn qms.Date
	RefusedOn  qms.Date
	Void       string // why it is a mistake; empty for a quote that counts
	List       string // the price list that the lines come from
	Lines      []QuoteLine
	Net        qms.Money
	Taxes      []QuoteTax
	Gross      qms.Money
	Mention    string
	Conditions string
	MadeAt     time.Time
}

// QuoteLine is one line, its figures in words.
type QuoteLine struct {
	Code, Label, Note    string
	Quantity, Unit       string
	Price, Discount, VAT string
	Total                string
}

// QuoteTax is the VAT of one rate in words.
type QuoteTax struct{ Label, Amount string }

// PrintQuote writes the quote as a PDF on sides of A4: the head of the table on every page, page n/N,
// and the place for the client's signature kept whole.
func PrintQuote(w io.Writer, q *Quote) error {
	return settle(w, "quote", q.compose)
}

func (q *Quote) compose(total int) *paper {
	say := locale.For(q.Language)
	p := newPaper(say)
	p.total = total
	title := say.T("pack.offer.title_n", q.Number)
	p.head = [2]string{q.Platform, title}
	p.foot = [2]string{say.T("pack.offer.foot", title, say.Date(q.Date)), say.T("pack.offer.printed", say.Instant(q.MadeAt))}
	describe(p, title, q.Platform, q.MadeAt)
	p.PDF.SetSubject(typeface.Plain(q.Subject), true)
	p.page()
	p.quoteHead(q)
	p.quoteStanding(q)
	p.quoteTable(q)
	p.quoteSums(q)
	if q.Mention != "" {
		p.paragraph(q.Mention, note)
	}
	if q.List != "" {
		p.paragraph(say.T("pack.offer.list", q.List), note)
	}
	if q.Conditions != "" {
		p.subtitle(say.T("pack.offer.conditions"), 14)
		p.paragraph(q.Conditions, body)
	}
	p.agreement()
	return p
}

// quoteHead prints who sells on the left, and what to whom on the right.
func (p *paper) quoteHead(q *Quote) {
	top, half := p.y, p.left()+p.width()*0.54
	if _, h := p.Logo(q.Logo, p.left(), p.y, 45, 18); h > 0 {
		p.y += h + 3
	}
	for i, l := range q.Seller {
		f := body
		if i == 0 {
			f = strong
		}
		p.side(p.left(), half-p.left()-6, l, f)
	}
	seller := p.y
	p.y = top
	p.side(half, p.right()-half, p.say.T("pack.offer.title"), typeface.Of("bold", 20, accent))
	p.y += 0.5
	p.side(half, p.right()-half, q.Number, typeface.Of("bold", 11, black))
	p.y += 1.5
	p.fact(half, "pack.offer.date", p.say.LongDate(q.Date))
	p.fact(half, "pack.offer.valid_until", p.say.LongDate(q.ValidUntil))
	p.fact(half, "pack.offer.request", q.Request)
	p.y += 2
	p.side(half, p.right()-half, p.say.T("pack.offer.client"), note)
	p.side(half, p.right()-half, q.Client, typeface.Of("bold", 10.5, black))
	p.side(half, p.right()-half, q.Status, body)
	p.y = max(p.y, seller) + 5
	if q.Subject != "" {
		p.side(p.left(), p.width(), p.say.T("pack.offer.subject"), note)
		p.side(p.left(), p.width(), q.Subject, typeface.Of("bold", 10.5, black))
		p.y += 3
	}
}

// side sets wrapped text in a column; nothing for an empty text.
func (p *paper) side(x, width float64, text string, f face) {
	if text == "" {
		return
	}
	for _, l := range p.Wrap(text, width, f) {
		p.At(x, p.y+f.Lead()*0.76, l, f)
		p.y += f.Lead()
	}
}

// fact sets a word and what it is, beside each other; nothing when it is not stated.
func (p *paper) fact(x float64, key, value string) {
	if value == "" {
		return
	}
	p.At(x, p.y+body.Lead()*0.76, p.say.T(key), note)
	y := p.y
	p.side(x+24, p.right()-x-24, value, body)
	p.y = max(p.y, y+body.Lead())
}

// quoteStanding says what became of the quote, when something did.
func (p *paper) quoteStanding(q *Quote) {
	word, f := "", typeface.Of("bold", 10, black)
	switch {
	case q.Void != "":
		word, f.Ink = p.say.T("pack.offer.void", q.Void), bad
	case q.AcceptedOn != 0:
		word, f.Ink = p.say.T("pack.offer.accepted", p.say.LongDate(q.AcceptedOn)), good
	case q.RefusedOn != 0:
		word, f.Ink = p.say.T("pack.offer.refused", p.say.LongDate(q.RefusedOn)), bad
	default:
		return
	}
	p.paragraph(word, f)
	p.y += 1.5
}

func (p *paper) quoteTable(q *Quote) {
	if len(q.Lines) == 0 {
		return
	}
	discounts := false
	for _, l := range q.Lines {
		discounts = discounts || l.Discount != ""
	}
	columns := []column{{p.say.T("pack.offer.code"), 12, false}, {p.say.T("pack.offer.label"), 37, false}, {p.say.T("pack.offer.quantity"), 15, true},
		{p.say.T("pack.offer.price"), 14, true}, {p.say.T("pack.offer.vat"), 10, true}, {p.say.T("pack.offer.total"), 15, true}}
	if discounts {
		columns = append(columns[:4:4], append([]column{{p.say.T("pack.offer.discount"), 10, true}}, columns[4:]...)...)
	}
	rows := make([][]cell, 0, len(q.Lines))
	for _, l := range q.Lines {
		row := []cell{text(l.Code), {text: l.Label, below: l.Note}, {text: l.Quantity, below: l.Unit}, text(l.Price), text(l.VAT), text(l.Total)}
		if discounts {
			row = append(row[:4:4], append([]cell{text(l.Discount)}, row[4:]...)...)
		}
		rows = append(rows, row)
	}
	p.table(columns, rows)
}

// quoteSums prints what the lines come to, on one page.
func (p *paper) quoteSums(q *Quote) {
	lead := 5.6
	rows := len(q.Taxes) + 2
	p.need(float64(rows)*lead + 6)
	x := p.left() + p.width()*0.45
	sum := func(label, amount string, f face) {
		p.At(x+padX, p.y+lead*0.7, p.Short(label, p.right()-x-34, f), f)
		p.FlushRight(p.right()-padX, p.y+lead*0.7, amount, f)
		p.y += lead
		p.Rule(x, p.y, p.right(), line, 0.15)
	}
	sum(p.say.T("pack.offer.net"), p.say.Money(q.Net), strong)
	for _, t := range q.Taxes {
		sum(t.Label, t.Amount, body)
	}
	if len(q.Lines) > 0 {
		p.Fill(x, p.y, p.right()-x, lead+0.8, sunken)
		sum(p.say.T("pack.offer.gross"), p.say.Money(q.Gross), typeface.Of("bold", 10, black))
	} else {
		p.side(x+padX, p.right()-x, p.say.T("pack.offer.no_vat"), note)
	}
	p.y += 5
}

// agreement is the place where the client agrees.
func (p *paper) agreement() {
	const height = 36.0
	p.need(height + 6)
	p.y += 4
	x := p.left() + p.width()*0.45
	width := p.right() - x
	p.PDF.SetDrawColor(soft[0], soft[1], soft[2])
	p.PDF.SetLineWidth(0.25)
	p.PDF.Rect(x, p.y, width, height, "D")
	p.At(x+3, p.y+5.5, p.say.T("pack.offer.agreed"), strong)
	p.At(x+3, p.y+10.5, p.say.T("pack.offer.agreed_text"), note)
	p.y += height + 2
}
