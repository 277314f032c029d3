package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"maillon/qms"
	"maillon/qms/trace"
)

// tariffPages are the price lists of a platform, how it sells, and what it shows to anybody.
func (s *Site) tariffPages() {
	const all, one = Prefix + "/prices", Prefix + "/prices/:number"
	s.page(all, qms.ReadTrace, s.priceLists)
	s.both(all+"/new", qms.ManagePrices, s.newPriceList, s.addPriceList)
	s.both(all+"/settings", qms.ManagePrices, s.priceSettings, s.statePriceSettings)
	s.page(all+"/compare", qms.ReadTrace, s.comparePrices)
	s.page(one, qms.ReadTrace, s.priceList)
	s.both(one+"/edit", qms.ManagePrices, s.editPriceList, s.changePriceList)
	s.both(one+"/line", qms.ManagePrices, s.editPriceLine, s.setPriceLine)
	s.page(one+"/import", qms.ManagePrices, s.newPriceImport)
	s.upload(one+"/import", qms.ManagePrices, s.importPrices)
	s.both(one+"/publish", qms.ManagePrices, s.askPriceAct, s.publishPriceList)
	s.both(one+"/void", qms.ManagePrices, s.askPriceAct, s.voidPriceList)
	s.page("/tarifs", qms.Public, s.publicDirectory)
	s.page("/tarifs/:code", qms.Public, s.publicPrices)
}

// prices begins a page about price lists.
func (p *Page) prices(title string, args ...any) {
	p.Section, p.Title = "services", p.T(title, args...)
	p.Crumb(p.T("page.services.title"), p.To("services"))
	if title != "page.prices.title" {
		p.Crumb(p.T("page.prices.title"), p.To("prices"))
	}
}

// Rate is a VAT rate in words.
func (p *Page) Rate(v trace.VAT) string {
	if v == trace.NotSubject {
		return p.T("page.prices.not_subject")
	}
	return p.Hundredths(int64(v))
}

// UnitWord is a unit in the reader's language where it is one of the usual ones.
func (p *Page) UnitWord(unit string) string {
	if key := "unit." + unit; p.Has(key) {
		return p.T(key)
	}
	return unit
}

// QuantityWord is a number of units in the reader's form.
func (p *Page) QuantityWord(q trace.Quantity) string { return p.Scaled(int64(q), 3) }

// PriceState is the word for how a list stands.
func (p *Page) PriceState(standing string) string { return p.T("page.prices.standing_" + standing) }

// PriceListsView is the price lists of a platform.
type PriceListsView struct {
	Lines    []trace.PriceListLine
	Settings *trace.PriceSettings
	Form     *Form
	Past     qms.Date // the day that they are shown as of; none for today
	InForce  bool     // one is, on that day
	Href     string   // of the public page; empty while there is none
}

func (s *Site) priceLists(p *Page) error {
	p.prices("page.prices.title")
	f := p.filterForm("as_of")
	asOf, err := p.AsOf()
	view := PriceListsView{Form: f, Past: p.asOfNote(asOf)}
	if err != nil {
		return p.Again("prices_list", f, qms.InvalidFields(qms.Wrong("as_of", "date.malformed", p.Query("as_of"))), view)
	}
	if view.Lines, err = s.Trace.PriceLists(p.Context(), p.Platform.ID, asOf); err != nil {
		return err
	}
	if view.Settings, err = s.Trace.PriceSettings(p.Context(), p.Platform.ID); err != nil {
		return err
	}
	view.InForce = slices.ContainsFunc(view.Lines, func(l trace.PriceListLine) bool { return l.Standing == "effective" })
	if view.Settings.Public && view.InForce {
		view.Href = "/tarifs/" + p.Platform.Code
	}
	if p.Exported() {
		return p.exportPriceLists(view.Lines)
	}
	return p.Render("prices_list", view)
}

func (p *Page) exportPriceLists(all []trace.PriceListLine) error {
	return p.Export(export{
		name: "prices-" + p.Today.String(), kinds: map[int]cell{3: dayCell, 4: dayCell, 5: countCell}, fixed: 1,
		heads: []string{"page.prices.number", "page.prices.list_title", "page.prices.state", "page.prices.from", "page.prices.until", "page.prices.lines"},
		next: func(qms.Cursor) (lines [][]string, after string, err error) {
			for _, l := range all {
				lines = append(lines, []string{l.Number, l.Title, p.PriceState(l.Standing), p.InputDate(l.EffectiveFrom), p.InputDate(l.Period.Until.AddDays(-1)), strconv.FormatInt(l.Size, 10)})
			}
			return lines, "", nil
		},
	})
}

// LastDay is the last day of a period; none when it has no end.
func (p *Page) LastDay(period qms.Period) qms.Date { return period.Until.AddDays(-1) }

// PriceListView is one price list.
type PriceListView struct {
	*trace.PriceSheet
	Table   PriceTable
	Changes []PriceChangeLine // against the list before it
}

// PriceTable is the lines of a list as a page shows them.
type PriceTable struct {
	Statuses []trace.ClientStatus
	Groups   []PriceGroup
	Edit     string // address of the form of a line, for who may change them
}

// PriceGroup is the lines of one category.
type PriceGroup struct {
	Name  string
	Lines []trace.PriceLine
}

func priceTable(statuses []trace.ClientStatus, lines []trace.PriceLine) PriceTable {
	t := PriceTable{Statuses: statuses}
	names, of := trace.ByCategory(lines)
	for _, name := range names {
		t.Groups = append(t.Groups, PriceGroup{name, of[name]})
	}
	return t
}

// Cells are the prices of a line, one for each status; nil where the line is not sold to it.
func (t PriceTable) Cells(l trace.PriceLine) []*qms.Money {
	cells := make([]*qms.Money, len(t.Statuses))
	for i, s := range t.Statuses {
		if price, sold := l.Prices[s.Code]; sold {
			cells[i] = &price
		}
	}
	return cells
}

// priceSheet reads the list in the path.
func (s *Site) priceSheet(p *Page) (*trace.PriceSheet, error) {
	return s.Trace.PriceSheet(p.Context(), p.Platform.ID, p.number("number"))
}

// statusesOf are those that the list has prices for; a draft has them for what the platform has now.
func statusesOf(sheet *trace.PriceSheet) []trace.ClientStatus {
	if sheet.State == trace.PriceDraft {
		return sheet.Settings.ClientStatuses()
	}
	return sheet.ClientStatuses()
}

func (s *Site) priceList(p *Page) error {
	sheet, err := s.priceSheet(p)
	if err != nil {
		return err
	}
	p.prices("page.prices.one", sheet.Number)
	p.Title = sheet.Number
	if p.Exported() || p.Printed() {
		return p.exportPrices(sheet)
	}
	view := PriceListView{PriceSheet: sheet, Table: priceTable(statusesOf(sheet), sheet.Items)}
	if sheet.State == trace.PriceDraft && sheet.Void == "" && p.Can(qms.ManagePrices) {
		view.Table.Edit = p.To("prices", sheet.Number, "line")
	}
	if sheet.Before != nil {
		view.Changes = p.priceChanges(sheet.Before.Items(), sheet.Items, statusesOf(sheet))
	}
	return p.Render("prices_show", view)
}

// exportPrices hands the lines over in the form that importPrices reads.
func (p *Page) exportPrices(sheet *trace.PriceSheet) error {
	statuses := statusesOf(sheet)
	e := export{
		name: sheet.Number, kinds: map[int]cell{}, fixed: 2,
		heads: []string{"page.prices.code", "page.prices.label", "page.prices.english", "page.prices.category", "page.prices.unit", "page.prices.vat"},
		print: &printing{title: sheet.Title, asOf: p.Today, widths: []float64{1.4, 4, 0, 0, 1.3, 1.2}, right: map[int]bool{5: true}, empty: p.T("page.prices.no_lines"),
			group: func(line []string) string { return cmp.Or(line[3], p.T("page.prices.other_category")) }},
	}
	e.print.facts = append(e.print.facts, p.periodWords(sheet.PriceListLine))
	if sheet.Mention != "" {
		e.print.facts = append(e.print.facts, sheet.Mention)
	}
	for i, status := range statuses {
		e.more = append(e.more, status.In(p.Lang()))
		e.kinds[6+i], e.print.right[6+i] = sumCell, true
		e.print.widths = append(e.print.widths, 1.5)
	}
	e.next = func(qms.Cursor) (lines [][]string, after string, err error) {
		for _, l := range sheet.Items {
			line := []string{l.Code, l.Label, l.English, l.Category, p.UnitWord(l.Unit), p.Rate(l.VAT)}
			if p.Printed() {
				line[1] = l.In(p.Lang())
			}
			for _, status := range statuses {
				price, sold := l.Prices[status.Code]
				switch {
				case !sold:
					line = append(line, "")
				case p.Printed():
					line = append(line, p.Money(price))
				default:
					line = append(line, p.amount(price))
				}
			}
			lines = append(lines, line)
		}
		return lines, "", nil
	}
	return p.Export(e)
}

// periodWords says from when to when a list is in force.
func (p *Page) periodWords(l trace.PriceListLine) string {
	switch last := p.LastDay(l.Period); {
	case l.Period.From == 0:
		return p.T("page.prices.planned_from", p.LongDate(l.EffectiveFrom))
	case last == 0:
		return p.T("page.prices.from_on", p.LongDate(l.EffectiveFrom))
	default:
		return p.T("page.prices.from_to", p.LongDate(l.EffectiveFrom), p.LongDate(last))
	}
}

// PeriodWords is periodWords for templates.
func (p *Page) PeriodWords(l trace.PriceListLine) string { return p.periodWords(l) }

// PriceChangeLine is one difference between two lists in words.
type PriceChangeLine struct {
	Code, Label string
	Kind        string // "added", "removed" or "changed"
	Facts       []FieldChange
}

func (p *Page) priceChanges(before, after []trace.PriceLine, statuses []trace.ClientStatus) []PriceChangeLine {
	var lines []PriceChangeLine
	for _, c := range trace.ComparePrices(before, after) {
		line := PriceChangeLine{Code: c.Code, Kind: "changed"}
		was, is := trace.PriceLine{}, trace.PriceLine{}
		if c.Before != nil {
			was, line.Label = *c.Before, c.Before.In(p.Lang())
		} else {
			line.Kind = "added"
		}
		if c.After != nil {
			is, line.Label = *c.After, c.After.In(p.Lang())
		} else {
			line.Kind = "removed"
		}
		line.Facts = p.priceFacts(was, is, c.Before != nil, c.After != nil, statuses)
		lines = append(lines, line)
	}
	return lines
}

// priceFacts are the facts that differ; of a line that only one list has, its prices.
func (p *Page) priceFacts(was, is trace.PriceLine, before, after bool, statuses []trace.ClientStatus) (facts []FieldChange) {
	add := func(name, a, b string) {
		if a != b {
			facts = append(facts, FieldChange{name, a, b})
		}
	}
	if before && after {
		add(p.T("page.prices.label"), was.Label, is.Label)
		add(p.T("page.prices.english"), was.English, is.English)
		add(p.T("page.prices.category"), was.Category, is.Category)
		add(p.T("page.prices.unit"), p.UnitWord(was.Unit), p.UnitWord(is.Unit))
		add(p.T("page.prices.vat"), p.Rate(was.VAT), p.Rate(is.VAT))
	}
	codes := map[string]bool{}
	word := func(l trace.PriceLine, code string) string {
		if price, sold := l.Prices[code]; sold {
			return p.Money(price)
		}
		return ""
	}
	for _, s := range statuses {
		codes[s.Code] = true
		add(s.In(p.Lang()), word(was, s.Code), word(is, s.Code))
	}
	for code := range was.Prices { // of a status that is there no longer
		if !codes[code] {
			add(code, word(was, code), word(is, code))
		}
	}
	return facts
}

// PriceCompareView compares two lists.
type PriceCompareView struct {
	Form     *Form
	Lists    []Option
	From, To *trace.PriceList
	Changes  []PriceChangeLine
}

func (s *Site) comparePrices(p *Page) error {
	p.prices("page.prices.compare")
	all, err := s.Trace.PriceLists(p.Context(), p.Platform.ID, 0)
	if err != nil {
		return err
	}
	f := p.filterForm("from", "to")
	view := PriceCompareView{Form: f}
	for _, l := range all {
		view.Lists = append(view.Lists, Option{l.Number, l.Number + ", " + l.Title})
	}
	if f.Text("from") == "" && f.Text("to") == "" && len(all) > 1 {
		f.Set("from", all[1].Number).Set("to", all[0].Number)
	}
	if f.Text("from") == "" || f.Text("to") == "" {
		return p.Render("prices_compare", view)
	}
	if view.From, err = s.Trace.PriceList(p.Context(), p.Platform.ID, f.Text("from")); err != nil {
		return err
	}
	if view.To, err = s.Trace.PriceList(p.Context(), p.Platform.ID, f.Text("to")); err != nil {
		return err
	}
	view.Changes = p.priceChanges(view.From.Items(), view.To.Items(), view.To.ClientStatuses())
	return p.Render("prices_compare", view)
}

// platformStatuses are the statuses of clients that the platform tells apart, the usual ones for who may
// not read how it sells.
func (p *Page) platformStatuses() []Option {
	return p.statusesOf(p.Context(), p.Platform.ID, "page.services.choose")
}

// statusesOf are those of a platform, after a line for none.
func (p *Page) statusesOf(ctx context.Context, platform qms.ID, none string) []Option {
	settings, err := p.site.Trace.PriceSettings(ctx, platform)
	if err != nil {
		return p.statusOptions(none)
	}
	options := []Option{{"", p.T(none)}}
	for _, s := range settings.ClientStatuses() {
		options = append(options, Option{s.Code, s.In(p.Lang())})
	}
	return options
}
