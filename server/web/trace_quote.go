package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/audits"
	"maillon/qms"
	"maillon/qms/trace"
)

// QuoteLinesForm is the lines of a quote as its form asks for them: a quantity for each item of the
// price list in force for the client's status, and free lines.
type QuoteLinesForm struct {
	Offer  *trace.QuoteOffer
	Groups []QuoteGroup
	Free   []FreeLine
	Rates  []Option
	Sum    trace.Sum
	Lines  int // that the sum is of
	Reason bool
	form   *Form
	names  []map[string]string // of the fields of each line that is stated: as the room names them, as the form does
}

// QuoteGroup is the items of one category.
type QuoteGroup struct {
	Name  string
	Items []QuoteItem
}

// QuoteItem is one item of the list and the names of its fields.
type QuoteItem struct {
	trace.PriceLine
	Price              qms.Money
	Quantity, Discount string
}

// FreeLine is the names of the fields of one free line.
type FreeLine struct{ N, Label, Unit, Quantity, Price, VAT, Discount string }

// Wrong is what is wrong with a field.
func (v *QuoteLinesForm) Wrong(name string) string { return v.form.sentenceOf(name) }

const (
	spareFree = 2  // blank free lines at the end of the form
	maxFree   = 40 // free lines that a form may state
)

func freeLine(n int) FreeLine {
	prefix := "free." + strconv.Itoa(n) + "."
	return FreeLine{strconv.Itoa(n), prefix + "label", prefix + "unit", prefix + "quantity", prefix + "price", prefix + "vat", prefix + "discount"}
}

// quoteForm prepares the form of a quote for the request on the day that the form states. stored is the
// quote that it corrects, nil for a new one.
func (s *Site) quoteForm(p *Page, f *Form, title, request string, stored *trace.Quote) (ServiceForm, error) {
	home := request
	if stored != nil {
		home = stored.Number
	}
	view := p.serviceForm(f, title, home)
	on, err := ParseDate(f.Text("date"))
	if err != nil {
		on = p.Today
	}
	offer, err := s.Trace.QuoteOffer(p.Context(), p.Platform.ID, request, on)
	if qms.CodeOf(err) == qms.CodeNotFound && stored != nil {
		return view, nil // it names a request that does not exist: there is nobody to have a price for
	}
	if err != nil {
		return view, err
	}
	l := &QuoteLinesForm{Offer: offer, Rates: p.rateOptions(), form: f}
	names, of := trace.ByCategory(offer.Lines)
	for _, name := range names {
		group := QuoteGroup{Name: name}
		for _, line := range of[name] {
			group.Items = append(group.Items, quoteItem(line, offer.Price(line)))
		}
		l.Groups = append(l.Groups, group)
	}
	if stored != nil {
		l.keep(stored)
	}
	view.Lines = l
	return view, nil
}

func quoteItem(line trace.PriceLine, price qms.Money) QuoteItem {
	return QuoteItem{PriceLine: line, Price: price, Quantity: "quantity." + line.Code, Discount: "discount." + line.Code}
}

// keep offers the items of a quote that the list in force has no longer, as they were quoted.
func (v *QuoteLinesForm) keep(q *trace.Quote) {
	kept := QuoteGroup{Name: q.PriceList}
	for _, l := range q.Items() {
		if _, there := v.item(l.Code); !l.Free() && !there {
			line := trace.PriceLine{Code: l.Code, Label: l.Label, English: l.English, Unit: l.Unit, VAT: l.VAT}
			kept.Items = append(kept.Items, quoteItem(line, l.Price))
		}
	}
	if len(kept.Items) > 0 {
		v.Groups = append(v.Groups, kept)
	}
}

func (v *QuoteLinesForm) item(code string) (QuoteItem, bool) {
	for _, g := range v.Groups {
		if i := slices.IndexFunc(g.Items, func(item QuoteItem) bool { return item.Code == code }); i >= 0 {
			return g.Items[i], true
		}
	}
	return QuoteItem{}, false
}

// prefill shows the lines of a quote. What the list has no longer becomes a free line.
func (v *QuoteLinesForm) prefill(p *Page, f *Form, q *trace.Quote) {
	free := 0
	for _, l := range q.Items() {
		if l.Reason != "" && f.Text("discount_reason") == "" {
			f.Set("discount_reason", l.Reason)
		}
		item, there := v.item(l.Code)
		if there && f.Text(item.Quantity) == "" {
			f.Set(item.Quantity, p.QuantityWord(l.Quantity))
			f.Set(item.Discount, p.percentTyped(l.Discount))
			continue
		}
		free++
		n := freeLine(free)
		f.Set(n.Label, l.In(p.Lang())).Set(n.Unit, p.UnitWord(l.Unit)).Set(n.Quantity, p.QuantityWord(l.Quantity)).
			Set(n.Price, l.Price).Set(n.VAT, int64(l.VAT)).Set(n.Discount, p.percentTyped(l.Discount))
	}
	v.spare(f)
}

// percentTyped is a discount as a person types it; nothing for none.
func (p *Page) percentTyped(n int64) string {
	if n == 0 {
		return ""
	}
	return p.Scaled(n, 2)
}

// spare gives the form its free lines: those that state something, and some more.
func (v *QuoteLinesForm) spare(f *Form) {
	last := 0
	for n := 1; n <= maxFree; n++ {
		if l := freeLine(n); f.Text(l.Label) != "" || f.Text(l.Quantity) != "" || f.Text(l.Price) != "" {
			last = n
		}
	}
	v.Free = nil
	for n := 1; n <= min(maxFree, last+spareFree); n++ {
		v.Free = append(v.Free, freeLine(n))
	}
}

// read takes the lines that the form states, and sums them as they would be recorded.
func (v *QuoteLinesForm) read(f *Form) []trace.QuoteLine {
	lines, reason := []trace.QuoteLine{}, f.Text("discount_reason")
	add := func(l trace.QuoteLine, names map[string]string) {
		if l.Discount != 0 {
			l.Reason = reason
		}
		names["reason"] = "discount_reason"
		lines, v.names = append(lines, l), append(v.names, names)
	}
	for _, g := range v.Groups {
		for _, item := range g.Items {
			if f.Text(item.Quantity) == "" {
				continue
			}
			add(trace.QuoteLine{Code: item.Code, Quantity: f.Quantity(item.Quantity), Discount: f.Percent(item.Discount), Price: item.Price, VAT: item.VAT},
				map[string]string{"code": item.Quantity, "quantity": item.Quantity, "discount": item.Discount})
		}
	}
	for n := 1; n <= maxFree; n++ {
		l := freeLine(n)
		if f.Text(l.Label) == "" && f.Text(l.Quantity) == "" && f.Text(l.Price) == "" {
			continue
		}
		add(trace.QuoteLine{Label: f.Text(l.Label), Unit: f.Text(l.Unit), Quantity: f.Need(l.Quantity).Quantity(l.Quantity), Price: f.Need(l.Price).Money(l.Price),
			VAT: trace.VAT(f.Int(l.VAT)), Discount: f.Percent(l.Discount)},
			map[string]string{"label": l.Label, "unit": l.Unit, "quantity": l.Quantity, "price": l.Price, "vat": l.VAT, "discount": l.Discount})
	}
	v.spare(f)
	v.Sum, v.Lines = trace.SumOf(slices.DeleteFunc(slices.Clone(lines), unsound)), len(lines)
	return lines
}

// unsound lines are not summed: the room says what is wrong with them.
func unsound(l trace.QuoteLine) bool {
	return l.Quantity < 0 || l.Price < 0 || l.Discount < 0 || l.Discount > trace.WholeDiscount
}

// named gives the fields at fault the names that they have in the form.
func (v *QuoteLinesForm) named(err error) error {
	var e *qms.Error
	if v == nil || !errors.As(err, &e) {
		return err
	}
	named := *e
	named.Fields = nil
	for _, wrong := range e.Fields {
		if parts := strings.SplitN(wrong.Name, ".", 3); len(parts) == 3 && parts[0] == "lines" {
			if n, err := strconv.Atoi(parts[1]); err == nil && n >= 1 && n <= len(v.names) && v.names[n-1][parts[2]] != "" {
				wrong.Name = v.names[n-1][parts[2]]
			}
		}
		named.Fields = append(named.Fields, wrong)
	}
	return &named
}

// Quantity is the quantity typed as 2 or 2,5; zero when the field is empty.
func (f *Form) Quantity(name string) trace.Quantity {
	s := f.Text(name)
	if s == "" {
		return 0
	}
	q, err := trace.ParseQuantity(s)
	if err != nil {
		f.note(name, err)
	}
	return q
}

// Percent is the percentage typed as 10 or 12,5, in hundredths; zero when the field is empty.
func (f *Form) Percent(name string) int64 {
	s := f.Text(name)
	if s == "" {
		return 0
	}
	n, err := trace.ParsePercent(s)
	if err != nil {
		f.note(name, err)
	}
	return n
}

// quoteCommand reads the form of a quote. A quote without lines needs its total.
func quoteCommand(p *Page, f *Form, lines *QuoteLinesForm) trace.RecordQuote {
	cmd := trace.RecordQuote{Platform: p.Platform.ID, Number: f.Text("number"), Request: f.Text("request"), Date: f.Date("date"),
		ValidUntil: f.Date("valid_until"), Conditions: f.Text("conditions"), Lines: []trace.QuoteLine{}}
	if lines != nil {
		cmd.Lines = lines.read(f)
	}
	if len(cmd.Lines) == 0 {
		f.Need("total")
	}
	cmd.Total = f.Money("total")
	return cmd
}

func (s *Site) newQuote(p *Page) error {
	request := p.number("number")
	f := p.Form().Set("request", request).Set("date", p.Today)
	view, err := s.quoteForm(p, f, "page.services.new_quote", request, nil)
	if err != nil {
		return err
	}
	offer := view.Lines.Offer
	f.Set("valid_until", p.Today.AddDays(int(offer.Settings.ValidDays)))
	if last := offer.Last; last != nil {
		view.Lines.prefill(p, f, last)
		if last.Lines == "" {
			f.Set("total", last.Total)
		}
		f.Set("conditions", last.Conditions)
		view.Lines.read(f)
	} else {
		f.Set("conditions", offer.Settings.Conditions)
	}
	view.Lines.spare(f)
	return p.Render("services_quote", view)
}

// recounts reports whether the form only asks what its lines come to.
func (p *Page) recounts(f *Form) bool { return p.IsFragment() || f.Checked("recount") }

// recount shows the form with what its lines come to, for a script that part alone.
func (p *Page) recount(view ServiceForm) error {
	if p.IsFragment() {
		return p.Fragment("services_quote", "quote-sum", view)
	}
	return p.Render("services_quote", view)
}

func (s *Site) addQuote(p *Page) error {
	f := p.Form()
	view, err := s.quoteForm(p, f, "page.services.new_quote", p.number("number"), nil)
	if err != nil {
		return err
	}
	cmd := quoteCommand(p, f, view.Lines)
	if p.recounts(f) {
		return p.recount(view)
	}
	if err = f.Err(); err == nil {
		_, err = s.Trace.RecordQuote(p.Context(), cmd)
	}
	return p.answerForm("services_quote", view, view.Lines.named(err), p.number("number"), "page.services.quote_added")
}

// quoteCorrection is the form that corrects the quote in the path: on the day of the quote, until the
// form states another.
func (s *Site) quoteCorrection(p *Page, f *Form, d *trace.Dossier) (ServiceForm, error) {
	i := slices.IndexFunc(d.Chain.Quotes, func(q trace.Quote) bool { return q.Number == d.Number })
	if i < 0 {
		return ServiceForm{}, qms.NotFound("record.not_found")
	}
	stored := &d.Chain.Quotes[i]
	if f.Text("date") == "" {
		f.Set("date", stored.Date)
	}
	return s.quoteForm(p, f, "page.services.correct", stored.Request, stored)
}

// prefillQuote shows what a quote states.
func (v *ServiceForm) prefillQuote(p *Page, f *Form, q *trace.Quote) {
	f.Set("request", q.Request).Set("valid_until", q.ValidUntil).Set("conditions", q.Conditions)
	if q.Lines == "" {
		f.Set("total", q.Total)
	}
	if v.Lines != nil {
		v.Lines.prefill(p, f, q)
		v.Lines.read(f)
	}
}

// quotePDF is the quote on paper.
func (s *Site) quotePDF(p *Page) error {
	sheet, err := s.Trace.QuoteSheet(p.Context(), p.Platform.ID, p.number("number"))
	if err != nil {
		return err
	}
	return s.sendQuote(p, sheet)
}

// sendQuote prints the quote with the platform's logo, as far as the reader may see one.
func (s *Site) sendQuote(p *Page, sheet *trace.QuoteSheet) error {
	paper := audits.QuotePaper{Sheet: sheet, Platform: p.Platform.Name, Logo: s.logoFor(p), Language: p.Lang(), At: s.Clock()}
	var b bytes.Buffer
	if err := audits.PrintQuote(&b, paper); err != nil {
		return err
	}
	c := p.Ctx()
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("inline", map[string]string{"filename": sheet.Number + ".pdf"}))
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderContentSecurityPolicy, pdfPolicy)
	return c.Send(b.Bytes())
}

// maxLogo is how much of a logo is read.
const maxLogo = 8 << 20

// logoFor is the platform's logo; none without one, nor for who may not read how documents look.
func (s *Site) logoFor(p *Page) []byte {
	if s.Documents == nil {
		return nil
	}
	r, _, err := s.Documents.OpenLogo(p.Context(), p.Platform.ID)
	if err != nil {
		return nil
	}
	defer r.Close()
	logo, err := io.ReadAll(io.LimitReader(r, maxLogo))
	if err != nil {
		return nil
	}
	return logo
}

// FreeOpen reports whether the free lines stand open: one is stated, or there is nothing else.
func (v ServiceForm) FreeOpen() bool {
	return v.Lines != nil && (len(v.Lines.Free) > spareFree || len(v.Lines.Groups) == 0)
}
