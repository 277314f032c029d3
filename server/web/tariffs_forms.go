package web

import (
	"errors"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/trace"
	"maillon/server/importer"
	"maillon/server/request"
)

// PriceForm is a form about a price list.
type PriceForm struct {
	Form   *Form
	Sheet  *trace.PriceSheet // nil for a new list
	Copies []Option
	Act    string // "publish" or "void"
	Days   int    // how long a list that is published now has been in force already
}

func (s *Site) newPriceForm(p *Page, f *Form) (PriceForm, error) {
	p.prices("page.prices.new")
	all, err := s.Trace.PriceLists(p.Context(), p.Platform.ID, 0)
	view := PriceForm{Form: f, Copies: []Option{{"", p.T("page.prices.no_copy")}}}
	for _, l := range all {
		view.Copies = append(view.Copies, Option{l.Number, l.Number + ", " + l.Title})
	}
	return view, err
}

func (s *Site) newPriceList(p *Page) error {
	f := p.Form().Set("copy_of", p.Query("copy"))
	view, err := s.newPriceForm(p, f)
	if err != nil {
		return err
	}
	settings, err := s.Trace.PriceSettings(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	f.Set("mention", settings.Mention)
	return p.Render("prices_form", view)
}

func priceListCommand(p *Page, f *Form) trace.RecordPriceList {
	return trace.RecordPriceList{Platform: p.Platform.ID, Number: f.Text("number"), Title: f.Text("title"), EffectiveFrom: f.Date("effective_from"),
		Remark: f.Text("remark"), Mention: f.Text("mention"), CopyOf: f.Text("copy_of")}
}

func (s *Site) addPriceList(p *Page) error {
	f := p.Form()
	view, err := s.newPriceForm(p, f)
	if err != nil {
		return err
	}
	cmd := priceListCommand(p, f)
	var l *trace.PriceList
	if err = f.Err(); err == nil {
		l, err = s.Trace.AddPriceList(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("prices_form", f, err, view)
	}
	return p.Done(p.To("prices", l.Number), "page.prices.added", l.Number)
}

// priceForm is a form about the list in the path.
func (s *Site) priceForm(p *Page, f *Form, title string) (PriceForm, error) {
	sheet, err := s.priceSheet(p)
	if err != nil {
		return PriceForm{}, err
	}
	p.prices(title)
	p.Crumb(sheet.Number, p.To("prices", sheet.Number))
	return PriceForm{Form: f, Sheet: sheet}, nil
}

func (s *Site) editPriceList(p *Page) error {
	f := p.Form()
	view, err := s.priceForm(p, f, "page.prices.edit")
	if err != nil {
		return err
	}
	l := view.Sheet
	f.Set("revision", l.Revision).Set("title", l.Title).Set("effective_from", l.EffectiveFrom).Set("remark", l.Remark).Set("mention", l.Mention)
	return p.Render("prices_form", view)
}

func (s *Site) changePriceList(p *Page) error {
	f := p.Form()
	view, err := s.priceForm(p, f, "page.prices.edit")
	if err != nil {
		return err
	}
	cmd, target := priceListCommand(p, f), p.target(f, view.Sheet.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.ChangePriceList(p.Context(), target, cmd)
	}
	if err != nil {
		return p.Again("prices_form", f, err, view)
	}
	return p.Done(p.To("prices", view.Sheet.Number), "page.prices.changed", view.Sheet.Number)
}

// askPriceAct asks before a list is published or void, with what follows.
func (s *Site) askPriceAct(p *Page) error {
	f := p.Form()
	view, err := s.priceAct(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", view.Sheet.Revision)
	return p.Render("prices_act", view)
}

func (s *Site) priceAct(p *Page, f *Form) (PriceForm, error) {
	act := p.lastPart()
	view, err := s.priceForm(p, f, "page.prices."+act)
	if err == nil {
		view.Act = act
		view.Days = max(0, view.Sheet.EffectiveFrom.DaysUntil(p.Today))
	}
	return view, err
}

func (s *Site) publishPriceList(p *Page) error {
	f := p.Form()
	view, err := s.priceAct(p, f)
	if err != nil {
		return err
	}
	target := p.target(f, view.Sheet.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.PublishPriceList(p.Context(), target)
	}
	if err != nil {
		return p.Again("prices_act", f, err, view)
	}
	return p.Done(p.To("prices", view.Sheet.Number), "page.prices.published", view.Sheet.Number)
}

func (s *Site) voidPriceList(p *Page) error {
	f := p.Form()
	view, err := s.priceAct(p, f)
	if err != nil {
		return err
	}
	target := p.target(f, view.Sheet.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.VoidPriceList(p.Context(), target)
	}
	if err != nil {
		return p.Again("prices_act", f, err, view)
	}
	return p.Done(p.To("prices", view.Sheet.Number), "page.prices.voided", view.Sheet.Number)
}

// PriceLineForm is the form of one line of a draft.
type PriceLineForm struct {
	Form     *Form
	Sheet    *trace.PriceSheet
	Code     string // of the line that is changed; empty for a new one
	Statuses []trace.ClientStatus
	Rates    []Option
}

// Wrong is what is wrong with a field.
func (v PriceLineForm) Wrong(name string) string { return v.Form.sentenceOf(name) }

func (s *Site) priceLineForm(p *Page, f *Form, code string) (PriceLineForm, error) {
	title := "page.prices.new_line"
	if code != "" {
		title = "page.prices.edit_line"
	}
	view, err := s.priceForm(p, f, title)
	if err != nil {
		return PriceLineForm{}, err
	}
	return PriceLineForm{Form: f, Sheet: view.Sheet, Code: code, Statuses: view.Sheet.Settings.ClientStatuses(), Rates: p.rateOptions()}, nil
}

func (p *Page) rateOptions() []Option {
	var options []Option
	for _, v := range trace.UsualVAT() {
		options = append(options, Option{strconv.FormatInt(int64(v), 10), p.Rate(v)})
	}
	return options
}

func (s *Site) editPriceLine(p *Page) error {
	f, code := p.Form(), trace.Normal(p.Query("code"))
	view, err := s.priceLineForm(p, f, code)
	if err != nil {
		return err
	}
	f.Set("revision", view.Sheet.Revision).Set("was", code)
	if code == "" {
		return p.Render("prices_line", view)
	}
	l, found := view.Sheet.Item(code)
	if !found {
		return qms.NotFound("price_line.not_found")
	}
	f.Set("code", l.Code).Set("label", l.Label).Set("english", l.English).Set("category", l.Category).Set("unit", p.UnitWord(l.Unit)).Set("vat", int64(l.VAT))
	view.Rates = with(view.Rates, strconv.FormatInt(int64(l.VAT), 10), p.Rate(l.VAT))
	for status, price := range l.Prices {
		f.Set("prices."+status, price)
	}
	return p.Render("prices_line", view)
}

func (s *Site) setPriceLine(p *Page) error {
	f := p.Form()
	view, err := s.priceLineForm(p, f, f.Text("was"))
	if err != nil {
		return err
	}
	target := p.target(f, view.Sheet.ID)
	line := trace.PriceLine{Code: f.Text("code"), Label: f.Text("label"), English: f.Text("english"), Category: f.Text("category"),
		Unit: f.Text("unit"), VAT: trace.VAT(f.Int("vat")), Prices: map[string]qms.Money{}}
	view.Rates = with(view.Rates, f.Text("vat"), p.Rate(line.VAT))
	for _, status := range view.Statuses {
		if name := "prices." + status.Code; f.Text(name) != "" {
			line.Prices[status.Code] = f.Money(name)
		}
	}
	if err = f.Err(); err == nil && f.Checked("out") {
		_, err = s.Trace.TakeOutPriceLine(p.Context(), target, view.Code)
	} else if err == nil {
		_, err = s.Trace.SetPriceLine(p.Context(), trace.SetPriceLine{Target: target, Code: view.Code, Line: line})
	}
	switch {
	case err != nil:
		return p.Again("prices_line", f, err, view)
	case f.Checked("out"):
		return p.Done(p.To("prices", view.Sheet.Number), "page.prices.line_out", view.Code)
	case f.Checked("more"):
		return p.Done(p.To("prices", view.Sheet.Number, "line"), "page.prices.line_set", trace.Normal(line.Code))
	}
	return p.Done(p.To("prices", view.Sheet.Number), "page.prices.line_set", trace.Normal(line.Code))
}

// PriceImportView is the form that takes the lines of a list from a file, and what is wrong with one.
type PriceImportView struct {
	Form     *Form
	Sheet    *trace.PriceSheet
	Problems []ImportedProblem
}

// ImportedProblem is what is wrong at one place of a file.
type ImportedProblem struct{ Place, Sentence string }

func (s *Site) priceImport(p *Page, f *Form) (PriceImportView, error) {
	view, err := s.priceForm(p, f, "page.prices.import")
	return PriceImportView{Form: f, Sheet: view.Sheet}, err
}

func (s *Site) newPriceImport(p *Page) error {
	f := p.Form()
	view, err := s.priceImport(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", view.Sheet.Revision)
	return p.Render("prices_import", view)
}

func (s *Site) importPrices(p *Page) error {
	parts, err := p.Parts(request.FormBytes * 8)
	if err != nil {
		return err
	}
	f := parts.Form
	view, err := s.priceImport(p, f)
	if err != nil {
		return err
	}
	target := p.target(f, view.Sheet.ID)
	file, err := parts.File()
	if err != nil {
		return err
	}
	if file == nil {
		return p.Again("prices_import", f, qms.InvalidFields(qms.Wrong("file", "input.required")), view)
	}
	taken, err := importer.ReadPrices(p.Context(), file.Name, file, view.Sheet.Settings.ClientStatuses())
	if err == nil && len(taken.Problems) == 0 {
		_, err = s.Trace.SetPriceLines(p.Context(), target, taken.Lines)
	}
	if taken != nil {
		taken.Place(err)
		for _, problem := range taken.Problems {
			view.Problems = append(view.Problems, ImportedProblem{problem.Place(p.Printer), problem.Sentence(p.Printer)})
		}
	}
	if err == nil && len(view.Problems) > 0 {
		err = qms.Invalid("prices.unread", len(view.Problems))
	}
	var invalid *qms.Error
	if len(view.Problems) > 0 && errors.As(err, &invalid) && invalid.Code == qms.CodeInvalid {
		err = qms.Invalid("prices.unread", len(view.Problems))
	}
	if err != nil {
		return p.Again("prices_import", f, err, view)
	}
	return p.Done(p.To("prices", view.Sheet.Number), "page.prices.imported", len(taken.Lines))
}

// PriceSettingsView is the form of how a platform sells.
type PriceSettingsView struct {
	Form   *Form
	Rows   []int // of statuses, from 1
	Public string
}

// Wrong is what is wrong with a field.
func (v PriceSettingsView) Wrong(name string) string { return v.Form.sentenceOf(name) }

// spareStatuses is how many rows for further statuses the form has.
const spareStatuses = 2

func (s *Site) priceSettings(p *Page) error {
	p.prices("page.prices.settings")
	settings, err := s.Trace.PriceSettings(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	f := p.Form().Set("revision", settings.Revision).Set("public", settings.Public).Set("seller", settings.Seller).
		Set("conditions", settings.Conditions).Set("mention", settings.Mention).Set("valid_days", settings.ValidDays)
	statuses := settings.ClientStatuses()
	for i, status := range statuses {
		prefix := "statuses." + strconv.Itoa(i+1) + "."
		f.Set(prefix+"code", status.Code).Set(prefix+"french", status.French).Set(prefix+"english", status.English)
	}
	return p.Render("prices_settings", PriceSettingsView{f, rowsOf(len(statuses) + spareStatuses), "/tarifs/" + p.Platform.Code})
}

func rowsOf(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i + 1
	}
	return rows
}

func (s *Site) statePriceSettings(p *Page) error {
	p.prices("page.prices.settings")
	f := p.Form()
	cmd := trace.StatePriceSettings{Platform: p.Platform.ID, Revision: int64(f.Int("revision")), Public: f.Checked("public"), Seller: f.Text("seller"),
		Conditions: f.Text("conditions"), Mention: f.Text("mention"), ValidDays: int64(f.Int("valid_days"))}
	rows := 0
	for n := 1; n <= 20; n++ {
		prefix := "statuses." + strconv.Itoa(n) + "."
		if _, there := f.values[prefix+"code"]; there {
			rows = n
		}
		status := trace.ClientStatus{Code: f.Text(prefix + "code"), French: f.Text(prefix + "french"), English: f.Text(prefix + "english")}
		if status == (trace.ClientStatus{}) {
			continue // the rows that are left out are the last ones, or their numbers in a sentence would move
		}
		cmd.Statuses = append(cmd.Statuses, status)
	}
	err := f.Err()
	if err == nil {
		_, err = s.Trace.StatePriceSettings(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("prices_settings", f, err, PriceSettingsView{f, rowsOf(max(rows, 1)), "/tarifs/" + p.Platform.Code})
	}
	return p.Done(p.To("prices"), "page.prices.settings_stated")
}

// sentenceOf is what is wrong with a field, for tables that draw their fields themselves.
func (f *Form) sentenceOf(name string) string {
	if f.failure == nil {
		return ""
	}
	var all []string
	for _, wrong := range f.failure.Fields {
		if wrong.Name == name {
			all = append(all, f.printer.FieldError(wrong))
		}
	}
	return strings.Join(all, " ")
}
