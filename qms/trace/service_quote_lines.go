package trace

import (
	"context"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// itemise reads the lines of a quote, takes what the price list says of each, and sums them: the total
// of a quote with lines is the sum of its lines. No lines stated (nil) leaves those on record; an empty
// list takes them away. was is the quote as it was on record.
func (c RecordQuote) itemise(in *checking, q *Quote, was Quote) {
	if c.NoTotal && len(c.Lines) == 0 && (c.Lines != nil || q.Lines == "") {
		in.fail("total", "input.required")
	}
	if c.Lines == nil {
		if q.Lines != "" {
			in.sum(c.Total, q)
		}
		if c.Conditions != "" {
			q.Conditions = in.long("conditions", c.Conditions)
		}
		return
	}
	q.Lines, q.PriceList, q.Mention = "", "", ""
	q.Conditions = in.long("conditions", c.Conditions)
	if len(c.Lines) == 0 {
		return
	}
	if len(c.Lines) > MaxQuoteLines {
		in.fail("lines", "quote.too_many_lines", MaxQuoteLines)
		return
	}
	offer := in.offer(c, q, was)
	if in.err != nil {
		return
	}
	lines, wrong := make([]QuoteLine, 0, len(c.Lines)), len(in.wrong)
	for i, l := range c.Lines {
		lines = append(lines, in.quoteLine("lines."+strconv.Itoa(i+1)+".", l, offer))
	}
	if len(in.wrong) > wrong {
		return
	}
	q.Lines = writeJSON(lines)
	if offer.list != nil && offer.used {
		q.PriceList = offer.list.Number
	}
	q.Mention = offer.mention
	in.sum(c.Total, q)
}

// sum makes the total of the quote that of its lines; one stated besides must agree.
func (in *checking) sum(stated qms.Money, q *Quote) {
	net := q.Sum().Net
	if stated != 0 && stated != net {
		in.fail("total", "quote.total_not_of_lines", net)
		return
	}
	q.Total = in.money("total", net)
}

// offer is what coded lines of a quote may name.
type offer struct {
	date    qms.Date
	list    *PriceList // in force on the day of the quote; nil when none is
	items   map[string]*PriceLine
	status  ClientStatus
	stated  string // status of the client as the request states it
	known   bool   // the list has prices for that status
	kept    []QuoteLine
	used    bool // a line came from the list
	mention string
}

// offer reads the price list in force on the day of the quote, and the status of the client. Where
// another list is in force on that day by now (the one quoted from was void), the lines on record
// stay as they were quoted.
func (in *checking) offer(c RecordQuote, q *Quote, was Quote) *offer {
	o := &offer{date: q.Date, mention: was.Mention}
	list, err := priceListOn(in.ctx, in.tx, in.platform, q.Date)
	if err != nil {
		in.err = err
		return o
	}
	if o.list = list; list != nil {
		lines := list.Items()
		o.items, o.mention = byCode(lines), list.Mention
	}
	if o.mention == "" {
		settings, err := priceSettingsOf(in.ctx, in.tx, in.platform)
		if err != nil {
			in.err = err
			return o
		}
		o.mention = settings.Mention
	}
	if was.PriceList != "" && was.Date == q.Date && (list == nil || list.Number != was.PriceList) {
		o.kept = was.Items()
	}
	if q.Request == "" {
		return o
	}
	r, err := byNumber[Request](in.ctx, in.tx, in.platform, q.Request)
	switch {
	case qms.CodeOf(err) == qms.CodeNotFound: // said of the field "request" already
	case err != nil:
		in.err = err
	default:
		o.stated = r.ClientStatus
		if list != nil {
			o.status, o.known = StatusOf(list.ClientStatuses(), r.ClientStatus)
		}
	}
	return o
}

// quoteLine reads one line; its fields are named after prefix.
func (in *checking) quoteLine(prefix string, l QuoteLine, o *offer) QuoteLine {
	out := QuoteLine{Code: in.code(prefix+"code", l.Code), Quantity: l.Quantity, Discount: l.Discount,
		Reason: in.line(prefix+"reason", l.Reason, maxLabel)}
	switch {
	case l.Quantity <= 0:
		in.fail(prefix+"quantity", "quantity.not_positive")
	case l.Quantity > maxQuantity:
		in.fail(prefix+"quantity", "quantity.too_high", int64(maxQuantity/1000))
	}
	switch {
	case l.Discount < 0 || l.Discount > WholeDiscount:
		in.fail(prefix+"discount", "discount.implausible")
	case l.Discount > 0 && out.Reason == "":
		in.fail(prefix+"reason", "discount.reason")
	}
	if out.Free() {
		out.Label, out.English = in.requiredLine(prefix+"label", l.Label, maxLabel), in.line(prefix+"english", l.English, maxLabel)
		out.Unit = NormalUnit(in.requiredLine(prefix+"unit", l.Unit, maxUnit))
		out.Price, out.VAT = in.price(prefix+"price", l.Price), in.vat(prefix+"vat", l.VAT)
		return out
	}
	in.priced(prefix, &out, o)
	return out
}

// priced takes label, unit, price and VAT of a coded line from the price list.
func (in *checking) priced(prefix string, l *QuoteLine, o *offer) {
	for _, k := range o.kept {
		if k.Code == l.Code {
			l.Label, l.English, l.Unit, l.Price, l.VAT = k.Label, k.English, k.Unit, k.Price, k.VAT
			return
		}
	}
	if o.list == nil {
		in.fail(prefix+"code", "price_list.none_on", o.date)
		return
	}
	item := o.items[l.Code]
	if item == nil {
		in.fail(prefix+"code", "price_line.unknown", l.Code, o.list.Number)
		return
	}
	price, sold := item.Prices[o.status.Code]
	if !o.known || !sold {
		in.fail(prefix+"code", "price_line.not_sold", l.Code, strings.TrimSpace(o.stated), o.list.Number)
		return
	}
	o.used = true
	l.Label, l.English, l.Unit, l.Price, l.VAT = item.Label, item.English, item.Unit, price, item.VAT
}

// QuoteSheet is a quote with what is printed beside it.
type QuoteSheet struct {
	Quote
	Client       string
	ClientStatus ClientStatus
	Subject      string
	Seller       string
}

// QuoteSheet reads a quote to print it, also one that is void. It takes 3 statements.
func (s *Service) QuoteSheet(ctx context.Context, platform qms.ID, number string) (sheet *QuoteSheet, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		q, err := byNumber[Quote](ctx, r, platform, Normal(number))
		if err != nil {
			return err
		}
		settings, err := priceSettingsOf(ctx, r, platform)
		if err != nil {
			return err
		}
		sheet = &QuoteSheet{Quote: *q, Seller: settings.Seller}
		request, err := byNumber[Request](ctx, r, platform, q.Request)
		if qms.CodeOf(err) == qms.CodeNotFound {
			return nil // a quote of a register may name no request that exists
		}
		if err != nil {
			return err
		}
		sheet.Client, sheet.Subject = request.Client, request.Subject
		sheet.ClientStatus = wordOf(settings.ClientStatuses(), request.ClientStatus)
		return nil
	})
	return sheet, err
}

// wordOf is the status as the platform calls it, as stated where it calls it nothing.
func wordOf(statuses []ClientStatus, stated string) ClientStatus {
	if s, known := StatusOf(statuses, stated); known {
		return s
	}
	if s, usual := StatusOf(DefaultStatuses(), stated); usual {
		return s
	}
	return ClientStatus{Code: stated, French: stated}
}

// QuoteOffer is what the form of a quote offers: the list in force on a day, the price of each line for
// the client of a request, and the last quote on that request, which an amendment begins from.
type QuoteOffer struct {
	Date     qms.Date
	Request  Request
	Status   ClientStatus
	Known    bool // the list has prices for the status
	List     *PriceList
	Lines    []PriceLine // sold to the status
	Last     *Quote
	Settings PriceSettings
}

// Price is what a line costs the client.
func (o *QuoteOffer) Price(l PriceLine) qms.Money { return l.Prices[o.Status.Code] }

// QuoteOffer reads what a quote for the request on that day may hold.
func (s *Service) QuoteOffer(ctx context.Context, platform qms.ID, request string, on qms.Date) (o *QuoteOffer, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if on == 0 {
			on = r.Today()
		}
		o = &QuoteOffer{Date: on}
		req, err := byNumber[Request](ctx, r, platform, Normal(request))
		if err != nil {
			return err
		}
		o.Request = *req
		settings, err := priceSettingsOf(ctx, r, platform)
		if err != nil {
			return err
		}
		o.Settings, o.Status = *settings, wordOf(settings.ClientStatuses(), req.ClientStatus)
		if o.Last, err = lastQuote(ctx, r, platform, req.Number); err != nil {
			return err
		}
		if o.List, err = priceListOn(ctx, r, platform, on); err != nil || o.List == nil {
			return err
		}
		o.fill()
		return nil
	})
	return o, err
}

func (o *QuoteOffer) fill() {
	status, known := StatusOf(o.List.ClientStatuses(), o.Request.ClientStatus)
	if !known {
		return
	}
	o.Status, o.Known = status, true
	for _, l := range o.List.Items() {
		if _, sold := l.Prices[status.Code]; sold {
			o.Lines = append(o.Lines, l)
		}
	}
}
