package audits

import (
	"cmp"
	"io"
	"strings"
	"time"

	"maillon/audits/pack"
	"maillon/qms/locale"
	"maillon/qms/trace"
)

// QuotePaper is a quote and what is printed around it.
type QuotePaper struct {
	Sheet    *trace.QuoteSheet
	Platform string // its name
	Logo     []byte // PNG or JPEG; none when empty
	Language string
	At       time.Time
}

// PrintQuote writes the quote as a PDF in the reader's language.
func PrintQuote(w io.Writer, p QuotePaper) error {
	say, s := locale.For(p.Language), p.Sheet
	q := &pack.Quote{
		Language: p.Language, Platform: p.Platform, Logo: p.Logo, Seller: strings.Split(cmp.Or(s.Seller, p.Platform), "\n"), Number: s.Number, Request: s.Request,
		Subject: s.Subject, Client: s.Client, Status: s.ClientStatus.In(p.Language), Date: s.Date, ValidUntil: s.ValidUntil, AcceptedOn: s.AcceptedOn,
		RefusedOn: s.RefusedOn, Void: s.Void, List: s.PriceList, Net: s.Total, Conditions: s.Conditions, MadeAt: p.At,
	}
	for _, l := range s.Items() {
		q.Lines = append(q.Lines, quoteLine(say, l))
	}
	if len(q.Lines) == 0 {
		return pack.PrintQuote(w, q)
	}
	sum := s.Sum()
	q.Gross = sum.Gross
	for _, t := range sum.Taxes {
		tax := pack.QuoteTax{Label: say.T("pack.offer.vat_of", say.Hundredths(int64(t.Rate)), t.Base), Amount: say.Money(t.Tax)}
		if t.Rate == trace.NotSubject {
			tax = pack.QuoteTax{Label: say.T("pack.offer.not_subject", t.Base), Amount: "–"}
			q.Mention = s.Mention
		}
		q.Taxes = append(q.Taxes, tax)
	}
	return pack.PrintQuote(w, q)
}

func quoteLine(say *locale.Printer, l trace.QuoteLine) pack.QuoteLine {
	out := pack.QuoteLine{Code: l.Code, Label: l.In(say.Lang()), Quantity: say.Scaled(int64(l.Quantity), 3), Unit: l.Unit, Price: say.Money(l.Price),
		VAT: "–", Total: say.Money(l.Total())}
	if key := "unit." + l.Unit; say.Has(key) {
		out.Unit = say.T(key)
	}
	if l.VAT != trace.NotSubject {
		out.VAT = say.Hundredths(int64(l.VAT))
	}
	if l.Discount > 0 {
		out.Discount, out.Note = say.Hundredths(l.Discount), say.T("pack.offer.reason", l.Reason)
	}
	return out
}
