package api

import (
	"bytes"
	"context"
	"io"

	"maillon/audits"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trace"
	"maillon/server/request"
)

// tariffs are the price lists of a platform, how it sells, and quotes on paper.
func (a *API) tariffs() {
	const all = "/platforms/{platform}/price-lists"
	k := a.priceListKind()
	register(a, get(all, "list-price-lists", "List the price lists with their periods", "prices"), a.listPriceLists)
	register(a, get(all+"/{number}", "get-price-list", "One price list with its lines", "prices"), k.get(a))
	register(a, created(post(all, "add-price-list", "Begin a draft, empty, with lines or as a copy", "prices")), k.add(a))
	register(a, patch(all+"/{number}", "change-price-list", "State a draft anew", "prices"), k.change(a))
	register(a, atRevision(post(all+"/{number}/publish", "publish-price-list", "Let a draft come into force on its day; it never changes afterwards", "prices")), a.publishPriceList)
	register(a, atRevision(post(all+"/{number}/void", "void-price-list", "Declare a price list a mistake", "prices")), k.annul(a))
	register(a, get("/platforms/{platform}/price-list", "get-price-list-in-force", "The price list in force on a day", "prices"), a.priceListInForce)
	register(a, get("/platforms/{platform}/price-changes", "compare-price-lists", "What differs from one price list to another", "prices"), a.comparePrices)
	register(a, get("/platforms/{platform}/price-settings", "get-price-settings", "How the platform sells", "prices"), a.priceSettings)
	register(a, patch("/platforms/{platform}/price-settings", "state-price-settings", "State how the platform sells", "prices"), a.statePriceSettings)
	register(a, get("/platforms/{platform}/quotes/{number}/pdf", "print-quote", "The quote as a PDF, in the reader's language", "services"), a.printQuote)
	public := get("/public/platforms/{code}/price-list", "get-public-price-list", "The price list in force of a platform that publishes its prices", "prices")
	public.Security = []map[string][]string{}
	register(a, public, a.publicPriceList)
}

// PriceLine is one thing that a platform sells.
type PriceLine struct {
	Code        string               `json:"code" maxLength:"64" example:"MIC-H"`
	Label       string               `json:"label" maxLength:"500"`
	English     string               `json:"label_en,omitempty" maxLength:"500"`
	Category    string               `json:"category,omitempty" maxLength:"500"`
	Unit        string               `json:"unit" maxLength:"100" example:"hour" doc:"hour, half-day, day, sample, analysis, slide, run, session, flat or another word"`
	VAT         trace.VAT            `json:"vat" example:"2000" doc:"Rate in hundredths of percent; -1 for what is not subject to VAT"`
	PricesCents map[string]qms.Money `json:"prices_cents" doc:"Price of one unit before tax, by status of client"`
}

func priceLines(lines []PriceLine) []trace.PriceLine {
	if lines == nil {
		return nil
	}
	out := make([]trace.PriceLine, 0, len(lines))
	for _, l := range lines {
		out = append(out, trace.PriceLine{Code: l.Code, Label: l.Label, English: l.English, Category: l.Category, Unit: l.Unit, VAT: l.VAT, Prices: l.PricesCents})
	}
	return out
}

func renderPriceLine(l trace.PriceLine) PriceLine {
	return PriceLine{Code: l.Code, Label: l.Label, English: l.English, Category: l.Category, Unit: l.Unit, VAT: l.VAT, PricesCents: l.Prices}
}

// ClientStatus is a status of clients, as the platform tells them apart.
type ClientStatus struct {
	Code    string `json:"code" maxLength:"64" example:"academic"`
	French  string `json:"label" maxLength:"100"`
	English string `json:"label_en,omitempty" maxLength:"100"`
}

func renderClientStatus(s trace.ClientStatus) ClientStatus {
	return ClientStatus{s.Code, s.French, s.English}
}

// PriceList is what a platform charges from a day on.
type PriceList struct {
	ID          qms.ID           `json:"id"`
	Revision    int64            `json:"revision"`
	Number      string           `json:"number" example:"TAR-2026-0001"`
	Title       string           `json:"title"`
	From        qms.Date         `json:"effective_from" format:"date"`
	State       trace.PriceState `json:"state" enum:"draft,published"`
	Remark      string           `json:"remark,omitempty"`
	Mention     string           `json:"vat_mention,omitempty" doc:"Why lines are not subject to VAT"`
	CopiedFrom  string           `json:"copied_from,omitempty"`
	PublishedOn qms.Date         `json:"published_on,omitzero" format:"date"`
	PublishedBy qms.ID           `json:"published_by,omitempty"`
	Statuses    []ClientStatus   `json:"client_statuses" nullable:"false"`
	Lines       []PriceLine      `json:"lines" nullable:"false"`
	Void        string           `json:"void,omitempty"`
}

func renderPriceList(l trace.PriceList) PriceList {
	return PriceList{ID: l.ID, Revision: l.Revision, Number: l.Number, Title: l.Title, From: l.EffectiveFrom, State: l.State, Remark: l.Remark,
		Mention: l.Mention, CopiedFrom: l.CopiedFrom, PublishedOn: l.PublishedOn, PublishedBy: l.PublishedBy,
		Statuses: rendered(l.ClientStatuses(), renderClientStatus), Lines: rendered(l.Items(), renderPriceLine), Void: l.Void}
}

// NewPriceList is what is stated of a price list.
type NewPriceList struct {
	Why
	Number  string      `json:"number,omitempty" maxLength:"64" doc:"Given out when absent; it never changes"`
	Title   string      `json:"title" maxLength:"500"`
	From    qms.Date    `json:"effective_from" format:"date" doc:"The list before it ends on that day"`
	Remark  string      `json:"remark,omitempty" maxLength:"4000"`
	Mention string      `json:"vat_mention,omitempty" maxLength:"500" doc:"Needed when a line is not subject to VAT"`
	CopyOf  string      `json:"copy_of,omitempty" maxLength:"64" doc:"Number of the list that a new one takes its lines from"`
	Lines   []PriceLine `json:"lines,omitempty" doc:"All lines; absent leaves those of a draft as they are"`
}

func (b NewPriceList) command(platform qms.ID) trace.RecordPriceList {
	return trace.RecordPriceList{Platform: platform, Number: b.Number, Title: b.Title, EffectiveFrom: b.From, Remark: b.Remark, Mention: b.Mention,
		CopyOf: b.CopyOf, Lines: priceLines(b.Lines)}
}

func (a *API) priceListKind() kind[NewPriceList, trace.PriceList, PriceList] {
	t := a.s.Trace
	return kind[NewPriceList, trace.PriceList, PriceList]{plural: "price-lists", noun: "price-list", subject: "prices", read: t.PriceList,
		make: func(ctx context.Context, p qms.ID, b NewPriceList) (*trace.PriceList, error) {
			return t.AddPriceList(ctx, b.command(p))
		},
		correct: func(ctx context.Context, target trace.Target, b NewPriceList) (*trace.PriceList, error) {
			return t.ChangePriceList(ctx, target, b.command(target.Platform))
		},
		void: t.VoidPriceList, render: renderPriceList, row: func(l *trace.PriceList) qms.Row { return l.Row }}
}

// PriceListHead is one price list in a list of them.
type PriceListHead struct {
	Number   string   `json:"number"`
	Title    string   `json:"title"`
	Standing string   `json:"standing" enum:"draft,approved,effective,superseded,withdrawn" doc:"On the day asked for; approved is published for later"`
	From     qms.Date `json:"effective_from" format:"date"`
	Until    qms.Date `json:"effective_until,omitzero" format:"date" doc:"First day on which it is no longer in force"`
	Lines    int64    `json:"lines"`
}

type listPriceLists struct {
	InPlatform
	Paged
	AsOf
}

func (a *API) listPriceLists(ctx context.Context, in *listPriceLists) (*List[PriceListHead], error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	all, err := a.s.Trace.PriceLists(ctx, p.ID, day)
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, qms.Page[trace.PriceListLine]{Items: all}, func(l trace.PriceListLine) PriceListHead {
		return PriceListHead{l.Number, l.Title, l.Standing, l.EffectiveFrom, l.Period.Until, l.Size}
	}), nil
}

func (a *API) publishPriceList(ctx context.Context, in *changeRecord[Why]) (*One[PriceList], error) {
	k := a.priceListKind()
	target, err := k.target(ctx, a, in.Platform, in.Number, in.Body.Reason, &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return k.shown(a.s.Trace.PublishPriceList(ctx, target))
}

type priceListOn struct {
	InPlatform
	AsOf
}

func (a *API) priceListInForce(ctx context.Context, in *priceListOn) (*One[PriceList], error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	return a.priceListKind().shown(a.s.Trace.PriceListOn(ctx, p.ID, day))
}

// PriceChange is what differs for one code.
type PriceChange struct {
	Code   string     `json:"code"`
	Before *PriceLine `json:"before,omitempty" doc:"Absent for a new line"`
	After  *PriceLine `json:"after,omitempty" doc:"Absent for a line that is gone"`
}

type comparePrices struct {
	InPlatform
	From string `query:"from" doc:"Number of the list before"`
	To   string `query:"to" doc:"Number of the list after"`
}

type priceChanges struct{ Body Items[PriceChange] }

func (a *API) comparePrices(ctx context.Context, in *comparePrices) (*priceChanges, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	from, err := a.s.Trace.PriceList(ctx, p.ID, in.From)
	if err != nil {
		return nil, err
	}
	to, err := a.s.Trace.PriceList(ctx, p.ID, in.To)
	if err != nil {
		return nil, err
	}
	line := func(l *trace.PriceLine) *PriceLine {
		if l == nil {
			return nil
		}
		shown := renderPriceLine(*l)
		return &shown
	}
	changes := rendered(trace.ComparePrices(from.Items(), to.Items()), func(c trace.PriceChange) PriceChange {
		return PriceChange{c.Code, line(c.Before), line(c.After)}
	})
	return &priceChanges{Items[PriceChange]{Items: changes}}, nil
}

// PriceSettings is how a platform sells.
type PriceSettings struct {
	Public     bool           `json:"public" doc:"Its price list in force is shown to anybody"`
	Statuses   []ClientStatus `json:"client_statuses,omitempty" doc:"The usual three when absent"`
	Seller     string         `json:"seller,omitempty" maxLength:"4000" doc:"Name and address that quotes begin with"`
	Conditions string         `json:"conditions,omitempty" maxLength:"4000" doc:"That a new quote begins with"`
	Mention    string         `json:"vat_mention,omitempty" maxLength:"500"`
	ValidDays  int64          `json:"valid_days" doc:"How long a new quote may be accepted"`
}

func renderPriceSettings(s *trace.PriceSettings) *One[PriceSettings] {
	return one(s.Revision, PriceSettings{s.Public, rendered(s.ClientStatuses(), renderClientStatus), s.Seller, s.Conditions, s.Mention, s.ValidDays})
}

func (a *API) priceSettings(ctx context.Context, in *InPlatform) (*One[PriceSettings], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	s, err := a.s.Trace.PriceSettings(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return renderPriceSettings(s), nil
}

type statePriceSettings struct {
	InPlatform
	IfMatch
	Body PriceSettings
}

func (a *API) statePriceSettings(ctx context.Context, in *statePriceSettings) (*One[PriceSettings], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	revision := int64(0) // settings never stated are at "0"
	if in.IfMatch.IfMatch != `"0"` {
		if revision, err = in.Revision(); err != nil {
			return nil, err
		}
	}
	cmd := trace.StatePriceSettings{Platform: p.ID, Revision: revision, Public: in.Body.Public, Seller: in.Body.Seller, Conditions: in.Body.Conditions,
		Mention: in.Body.Mention, ValidDays: in.Body.ValidDays}
	for _, s := range in.Body.Statuses {
		cmd.Statuses = append(cmd.Statuses, trace.ClientStatus(s))
	}
	s, err := a.s.Trace.StatePriceSettings(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return renderPriceSettings(s), nil
}

func (a *API) printQuote(ctx context.Context, in *readRecord) (*File, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	sheet, err := a.s.Trace.QuoteSheet(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	paper := audits.QuotePaper{Sheet: sheet, Platform: p.Name, Logo: a.logo(ctx, p), Language: request.From(ctx).Language, At: a.s.Clock()}
	var b bytes.Buffer
	if err := audits.PrintQuote(&b, paper); err != nil {
		return nil, err
	}
	return send(Content{Name: sheet.Number + ".pdf", Type: "application/pdf", Size: int64(b.Len()), Reader: io.NopCloser(&b)}), nil
}

// logo is the platform's logo; none without one, nor for who may not read how documents look.
func (a *API) logo(ctx context.Context, p *people.Platform) []byte {
	if a.s.Documents == nil {
		return nil
	}
	r, _, err := a.s.Documents.OpenLogo(ctx, p.ID)
	if err != nil {
		return nil
	}
	defer r.Close()
	logo, err := io.ReadAll(io.LimitReader(r, 8<<20))
	if err != nil {
		return nil
	}
	return logo
}

// PublicPriceList is what anybody sees of a platform's prices.
type PublicPriceList struct {
	Platform string         `json:"platform" doc:"Code"`
	Name     string         `json:"name"`
	Number   string         `json:"number"`
	Title    string         `json:"title"`
	From     qms.Date       `json:"effective_from" format:"date"`
	Mention  string         `json:"vat_mention,omitempty"`
	Currency string         `json:"currency" enum:"EUR"`
	Statuses []ClientStatus `json:"client_statuses" nullable:"false"`
	Lines    []PriceLine    `json:"lines" nullable:"false"`
}

type readPublicPrices struct {
	Code string `path:"code" doc:"The code of the platform, in any case"`
	AsOf
}

type publicPrices struct {
	Cache string `header:"Cache-Control"`
	Body  PublicPriceList
}

func (a *API) publicPriceList(ctx context.Context, in *readPublicPrices) (*publicPrices, error) {
	p, err := a.s.People.InDirectory(ctx, in.Code)
	if qms.CodeOf(err) == qms.CodeNotFound {
		return nil, qms.NotFound("price_list.not_public")
	}
	if err != nil {
		return nil, err
	}
	day, err := in.Day(a.today())
	if err != nil {
		return nil, err
	}
	l, err := a.s.Trace.PublicPriceList(ctx, p.ID, day)
	if err != nil {
		return nil, err
	}
	return &publicPrices{Cache: "public, max-age=300", Body: PublicPriceList{p.Code, p.Name, l.Number, l.Title, l.EffectiveFrom, l.Mention, "EUR",
		rendered(l.ClientStatuses(), renderClientStatus), rendered(l.Items(), renderPriceLine)}}, nil
}
