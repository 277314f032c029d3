package web

import (
	"mime"
	"slices"

	"github.com/gofiber/fiber/v2"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/trace"
	"maillon/server/request"
)

// recordPages are the filled forms: their list, one of them, and the acts on it. They need the right to
// read the whole library, since users of equipment do not read what others filled.
func (s *Site) recordPages() {
	const all, one = Prefix + "/records", Prefix + "/records/:number"
	s.page(all, qms.ReadLibrary, s.records)
	s.page(all+"/new", qms.WriteDocuments, s.newRecord)
	s.upload(all+"/new", qms.WriteDocuments, s.addRecord)
	s.page(one, qms.ReadLibrary, s.record)
	s.page(one+"/file", qms.ReadLibrary, s.downloadRecord)
	s.both(one+"/correct", qms.WriteDocuments, s.newRecordCorrection, s.correctRecord)
	s.both(one+"/void", qms.WriteDocuments, s.newRecordVoid, s.voidRecord)
}

// RecordsView is the list of records.
type RecordsView struct {
	Lines  []documents.RecordLine
	Next   string
	Form   *Form
	States []Option
	Abouts []Option
	Chips  []Chip
}

// recordFilters are the parts of the query that narrow the list.
var recordFilters = []string{"q", "form", "state", "from", "to", "about_kind", "about"}

func (s *Site) records(p *Page) error {
	p.Section, p.Title = "documents", p.T("page.records.title")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.SortBy("-date")
	f := p.filterForm(recordFilters...)
	filter := documents.RecordFilter{Form: f.Text("form"), AboutKind: documents.About(f.Text("about_kind")), AboutCode: f.Text("about"),
		From: f.Date("from"), To: f.Date("to"), State: documents.RecordState(f.Text("state")), Query: f.Text("q"), Sort: p.Query("sort")}
	view := RecordsView{Form: f, Chips: p.recordChips(), States: []Option{{"", p.T("page.records.any_state")}}, Abouts: p.aboutOptions("page.records.any_kind")}
	for _, state := range documents.RecordStates() {
		view.States = append(view.States, Option{string(state), p.T("page.records.state_" + string(state))})
	}
	if err := f.Err(); err != nil {
		return p.Again("documents_records", f, err, view)
	}
	if p.Exported() {
		return s.exportRecords(p, filter)
	}
	page, err := s.Documents.Records(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	view.Lines, view.Next = page.Items, page.Next
	return p.Render("documents_records", view)
}

func (p *Page) recordChips() []Chip {
	return p.Chips(func(name, value string) string {
		switch name {
		case "state":
			if slices.Contains(documents.RecordStates(), documents.RecordState(value)) {
				return p.T("page.records.state_" + value)
			}
		case "about_kind":
			if slices.Contains(documents.Abouts(), documents.About(value)) {
				return p.T("page.records.about_" + value)
			}
		case "from", "to":
			if d, err := ParseDate(value); err == nil {
				return p.T("page.records.chip_"+name, d)
			}
			return ""
		}
		return value
	}, recordFilters...)
}

// aboutOptions are the kinds of things that a record may be about, after a line with the given words.
func (p *Page) aboutOptions(first string) []Option {
	options := []Option{{"", p.T(first)}}
	for _, kind := range documents.Abouts() {
		options = append(options, Option{string(kind), p.T("page.records.about_" + string(kind))})
	}
	return options
}

func (s *Site) exportRecords(p *Page, filter documents.RecordFilter) error {
	return p.Export(export{
		name: "records-" + p.Today.String(),
		heads: []string{"page.records.number", "page.records.record_title", "page.records.state", "page.records.date", "page.records.form",
			"page.records.version", "page.records.about_kind", "page.records.about_code", "page.records.kept_until"},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Documents.Records(p.Context(), p.Platform.ID, filter, c)
			for _, l := range page.Items {
				lines = append(lines, []string{l.Number, l.Title, p.T("page.records.state_" + string(l.State)), p.InputDate(l.Date), l.FormCode,
					l.On.String(), p.T("page.records.about_" + string(l.AboutKind)), l.AboutCode, p.InputDate(l.KeptUntil())})
			}
			return lines, page.Next, err
		},
	})
}

// RecordTone is the mark of a record's state.
func (p *Page) RecordTone(state documents.RecordState) string {
	switch state {
	case documents.RecordOutdated:
		return "incoherent"
	case documents.RecordArchived:
		return "superseded"
	case documents.RecordEliminated, documents.RecordVoid:
		return "withdrawn"
	}
	return "valid"
}

// AboutHref is where what a record is about stands.
func (p *Page) AboutHref(r documents.Record) string {
	switch r.AboutKind {
	case documents.AboutService:
		return p.To("services", r.AboutCode)
	case documents.AboutEquipment:
		return p.To("equipment", r.AboutCode)
	case documents.AboutUse:
		return p.To("uses", r.AboutCode)
	case documents.AboutDocument:
		return p.To("documents", r.AboutCode)
	case documents.AboutPerson:
		return p.To("people", "trainings") + "?" + Query("person", string(r.AboutID))
	case documents.AboutTraining:
		return p.To("people", "trainings")
	}
	return ""
}

// RecordView is one record.
type RecordView struct {
	*documents.RecordSheet
	Form    *Form
	Abouts  []Option
	Options []Option // versions to choose from
}

func (s *Site) recordOf(p *Page, f *Form) (RecordView, error) {
	sheet, err := s.Documents.RecordSheet(p.Context(), p.Platform.ID, p.number("number"))
	if err != nil {
		return RecordView{}, err
	}
	p.Section, p.Title = "documents", sheet.Number
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.Crumb(p.T("page.records.title"), p.To("records"))
	return RecordView{RecordSheet: sheet, Form: f, Abouts: p.aboutOptions("page.records.about_")}, nil
}

// Passed reports whether its retention has passed and nothing was decided.
func (v RecordView) Passed(today qms.Date) bool { return v.Kept(v.Months).PassedOn(today) }

func (s *Site) record(p *Page) error {
	view, err := s.recordOf(p, nil)
	if err != nil {
		return err
	}
	return p.Render("documents_record", view)
}

func (s *Site) downloadRecord(p *Page) error {
	o, err := s.Documents.OpenRecord(p.Context(), p.Platform.ID, p.number("number"))
	if err != nil {
		return err
	}
	body, err := settled(o, o.Record.Size)
	if err != nil {
		return err
	}
	c := p.Ctx()
	c.Set(fiber.HeaderContentType, orOctets(o.Record.MediaType))
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": o.SaveAs()}))
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	c.Set(fiber.HeaderETag, `"`+o.Record.Content.String()+`"`)
	c.Context().SetBodyStream(body, int(o.Record.Size))
	return nil
}

// RecordFormView is the form for a new record. Without a sheet it asks for the form first.
type RecordFormView struct {
	Form     *Form
	Sheet    *documents.Sheet // of the form that was filled
	Forms    []Option
	Versions []Option
	Abouts   []Option
	Unknown  string // why the form asked for cannot be filled
}

func (s *Site) recordForm(p *Page, f *Form, code string) (RecordFormView, error) {
	p.Section, p.Title = "documents", p.T("page.records.new")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.Crumb(p.T("page.records.title"), p.To("records"))
	view := RecordFormView{Form: f, Abouts: p.aboutOptions("page.records.about_")}
	if code != "" {
		sheet, err := s.Documents.SheetByCode(p.Context(), p.Platform.ID, code, p.Today)
		if err == nil {
			view.Sheet, view.Versions = sheet, p.filledVersions(sheet)
			return view, nil
		}
		if qms.CodeOf(err) != qms.CodeNotFound {
			return view, err
		}
		view.Unknown = p.T("record.form_unknown", code)
	}
	all, err := s.Documents.Forms(p.Context(), p.Platform.ID)
	view.Forms = []Option{{"", p.T("page.records.choose")}}
	for _, d := range all {
		view.Forms = append(view.Forms, Option{d.Code, d.Code + " " + d.Title})
	}
	return view, err
}

// filledVersions are the versions of a form that somebody may have filled: those that were approved.
func (p *Page) filledVersions(sheet *documents.Sheet) []Option {
	options := []Option{{"", p.T("page.records.in_force_then")}}
	for i := range sheet.Versions {
		v := &sheet.Versions[i]
		period, some := v.Period()
		label := p.T("page.records.version_other", v.Number())
		switch {
		case v.EffectiveFrom == 0:
			continue
		case v.StateThen == documents.Effective:
			label = p.T("page.records.version_now", v.Number())
		case some && period.Until != 0:
			label = p.T("page.records.version_then", v.Number(), period.From, period.Until.AddDays(-1))
		}
		options = append(options, Option{v.Number().String(), label})
	}
	return options
}

func (s *Site) newRecord(p *Page) error {
	f := p.Form().Set("date", p.Today).Set("form", p.Query("form")).Set("about_kind", p.Query("about_kind")).Set("about", p.Query("about"))
	code := p.Query("form")
	if code == "" {
		code = p.Query("listed")
	}
	view, err := s.recordForm(p, f, code)
	if err != nil {
		return err
	}
	return p.Render("documents_record_new", view)
}

func (s *Site) addRecord(p *Page) error {
	parts, err := p.Parts(request.UploadBytes)
	if err != nil {
		return err
	}
	f := parts.Form
	cmd := documents.Enter{Platform: p.Platform.ID, Form: f.Text("form"), Version: f.Text("version"), Date: f.Date("date"), Title: f.Text("title"),
		Remark: f.Text("remark"), AboutKind: documents.About(f.Text("about_kind")), AboutCode: f.Text("about"), KeepUntil: f.Date("keep_until")}
	var row *documents.Record
	if cmd.File, err = s.receive(p, parts); err == nil {
		row, err = s.Documents.EnterRecord(p.Context(), cmd)
	}
	if err != nil {
		view, failed := s.recordForm(p, f, cmd.Form)
		if failed != nil {
			return failed
		}
		return p.Again("documents_record_new", f, err, view)
	}
	return p.Done(p.To("records", row.Number), "page.records.added", row.Number)
}

func (s *Site) recordEdit(p *Page, f *Form) (RecordView, error) {
	view, err := s.recordOf(p, f)
	if err != nil {
		return view, err
	}
	p.Crumb(view.Number, p.To("records", view.Number))
	sheet, err := s.Documents.SheetOf(p.Context(), p.Platform.ID, view.Record.Form, p.Today)
	if err == nil {
		view.Options = p.filledVersions(sheet)
	}
	return view, err
}

func (s *Site) newRecordCorrection(p *Page) error {
	f := p.Form()
	view, err := s.recordEdit(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", view.Revision).Set("version", view.RecordSheet.On.Number()).Set("date", view.Date).Set("title", view.Title).Set("remark", view.Remark).
		Set("about_kind", view.AboutKind).Set("about", view.AboutCode).Set("keep_until", view.KeepUntil)
	return p.Render("documents_record_correct", view)
}

func (s *Site) correctRecord(p *Page) error {
	f := p.Form()
	view, err := s.recordEdit(p, f)
	if err != nil {
		return err
	}
	text := func(name string) *string { v := f.Text(name); return &v }
	date, keep, kind := f.Date("date"), f.Date("keep_until"), documents.About(f.Text("about_kind"))
	cmd := documents.CorrectRecord{Platform: p.Platform.ID, Record: view.ID, Revision: int64(f.Int("revision")), Version: text("version"), Date: &date,
		Title: text("title"), Remark: text("remark"), AboutKind: &kind, AboutCode: text("about"), KeepUntil: &keep, Reason: f.Text("reason")}
	if err = f.Err(); err == nil {
		_, err = s.Documents.CorrectRecord(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("documents_record_correct", f, err, view)
	}
	return p.Done(p.To("records", view.Number), "page.records.corrected", view.Number)
}

func (s *Site) newRecordVoid(p *Page) error {
	f := p.Form()
	view, err := s.recordEdit(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", view.Revision)
	return p.Render("documents_record_void", view)
}

func (s *Site) voidRecord(p *Page) error {
	f := p.Form()
	view, err := s.recordEdit(p, f)
	if err != nil {
		return err
	}
	cmd := documents.VoidRecord{Platform: p.Platform.ID, Record: view.ID, Revision: int64(f.Int("revision")), Reason: f.Text("reason")}
	if err = f.Err(); err == nil {
		_, err = s.Documents.VoidRecord(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("documents_record_void", f, err, view)
	}
	return p.Done(p.To("records", view.Number), "page.records.voided", view.Number)
}

// filledAbout are the newest records about a thing, for the page of the thing.
func (s *Site) filledAbout(p *Page, kind documents.About, codes ...string) ([]documents.RecordLine, error) {
	if s.Documents == nil {
		return nil, nil
	}
	return s.Documents.RecordsAbout(p.Context(), p.Platform.ID, kind, codes...)
}

// chainNumbers are the numbers that a service chain is known under.
func chainNumbers(d *trace.Dossier) []string {
	numbers := []string{d.Number}
	if d.Named != "" && d.Named != d.Number {
		numbers = append(numbers, d.Named)
	}
	for _, q := range d.Chain.Quotes {
		numbers = append(numbers, q.Number)
	}
	for _, r := range d.Chain.Reports {
		numbers = append(numbers, r.Number)
	}
	for _, i := range d.Chain.Invoices {
		numbers = append(numbers, i.Number)
	}
	return numbers
}
