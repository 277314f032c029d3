package web

import (
	"errors"

	"maillon/documents"
	"maillon/qms"
	"maillon/server/request"
)

// DocumentFormView is the form for a new document, or for what is said about one.
type DocumentFormView struct {
	Form            *Form
	Sheet           *documents.Sheet // nil for a new document
	Kinds           []Option
	Processes       []documents.Process
	Staff           []Option
	Confidentiality []Option
	Pattern         string
	Code            *documents.CodeShown // the code that the document would get; nil while nothing was chosen
}

func (s *Site) documentForm(p *Page, f *Form) (DocumentFormView, error) {
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	offer, err := s.Documents.Form(p.Context(), p.Platform.ID)
	if err != nil {
		return DocumentFormView{}, err
	}
	data := DocumentFormView{Form: f, Processes: offer.Processes, Pattern: offer.Pattern.String(), Staff: personOptions(p, offer.Staff)}
	data.Kinds = append(data.Kinds, Option{"", p.T("page.documents.choose")})
	for _, k := range offer.Kinds {
		data.Kinds = append(data.Kinds, Option{k.Code, k.Code + " " + k.Name(p.Lang())})
	}
	for _, c := range []documents.Confidentiality{documents.Internal, documents.Open, documents.Confidential} {
		data.Confidentiality = append(data.Confidentiality, Option{string(c), p.T("page.documents.for_" + string(c))})
	}
	return data, nil
}

// personOptions are the persons to choose from, after nobody.
func personOptions(p *Page, staff []documents.Person) []Option {
	options := []Option{{"", p.T("page.documents.choose")}}
	for _, person := range staff {
		options = append(options, Option{string(person.ID), person.Name})
	}
	return options
}

func (s *Site) staffOptions(p *Page) ([]Option, error) {
	staff, err := s.Documents.Staff(p.Context(), p.Platform.ID)
	return personOptions(p, staff), err
}

func (s *Site) newDocument(p *Page) error {
	p.Title = p.T("page.documents.new")
	form := p.Form().Set("kind", p.Query("kind")).Set("process", p.Query("process")).Set("owner", p.Actor.ID).
		Set("review_months", documents.DefaultReviewMonths).Set("number", "1.0")
	data, err := s.documentForm(p, form)
	if err != nil {
		return err
	}
	if data.Code, err = s.codeFor(p, p.Query("kind"), p.Query("process"), p.Query("code")); err != nil {
		return err
	}
	if p.IsFragment() {
		return p.Fragment("documents_new", "next-code", data)
	}
	return p.Render("documents_new", data)
}

func (s *Site) addDocument(p *Page) error {
	p.Title = p.T("page.documents.new")
	parts, err := p.Parts(request.UploadBytes)
	if err != nil {
		return err
	}
	f := parts.Form
	if f.Checked("show") {
		return s.showCode(p, f)
	}
	months := qms.Months(f.Int("review_months"))
	cmd := documents.Create{
		Platform: p.Platform.ID, Kind: f.Text("kind"), Process: f.Text("process"), Code: f.Text("code"), Title: f.Text("title"),
		Owner: f.ID("owner"), Confidentiality: documents.Confidentiality(f.Text("confidentiality")), ReviewMonths: &months,
		Retention: f.Text("retention"), Publisher: f.Text("publisher"), Edition: f.Text("edition"), Watch: f.Text("watch"),
		RetentionMonths: qms.Months(f.Int("retention_months")), WatchMonths: qms.Months(f.Int("watch_months")),
		Number: f.Text("number"), Reason: f.Text("reason"), Round: roundIn(f),
	}
	var d *documents.Document
	if cmd.File, err = s.receive(p, parts); err == nil {
		d, _, err = s.Documents.Create(p.Context(), cmd)
	}
	if err != nil {
		data, failed := s.documentForm(p, f)
		if failed != nil {
			return failed
		}
		return p.Again("documents_new", f, err, data)
	}
	return p.Done(p.To("documents", d.Code), "page.documents.added", d.Code)
}

// codeFor is the code that a document would get, nil while nothing was chosen.
func (s *Site) codeFor(p *Page, kind, process, adopt string) (*documents.CodeShown, error) {
	if kind == "" && adopt == "" {
		return nil, nil
	}
	return s.Documents.CodeFor(p.Context(), p.Platform.ID, kind, process, adopt)
}

// showCode shows the form again with the code that the document would get: what the page does by
// itself where scripts run.
func (s *Site) showCode(p *Page, f *Form) error {
	data, err := s.documentForm(p, f)
	if err != nil {
		return err
	}
	if data.Code, err = s.codeFor(p, f.Text("kind"), f.Text("process"), f.Text("code")); err != nil {
		return err
	}
	return p.Render("documents_new", data)
}

// roundIn is what a form asks for beside the version: its review at once, unless it is kept as a draft.
func roundIn(f *Form) *documents.Round {
	if !f.Checked("submit") {
		return nil
	}
	return &documents.Round{Verifier: f.ID("verifier"), Approver: f.ID("approver"), PlannedFrom: f.Date("effective_from")}
}

// receive takes the file of a form in, when one was chosen, unless a field before it cannot be read.
// What is wrong with the file is said beside its field.
func (s *Site) receive(p *Page, parts *Parts) (*documents.File, error) {
	upload, err := parts.File()
	if err != nil {
		return nil, fileError(err)
	}
	if err := parts.Form.Err(); err != nil || upload == nil {
		return nil, err
	}
	file, err := s.Documents.Receive(p.Context(), p.Platform.ID, upload.Name, upload)
	if err != nil {
		return nil, fileError(err)
	}
	return &file, nil
}

func fileError(err error) error {
	var e *qms.Error
	if errors.As(err, &e) && e.Code == qms.CodeInvalid && len(e.Fields) == 0 {
		return qms.InvalidFields(qms.Wrong("file", e.Key, e.Args...))
	}
	return err
}

// VersionFormView is the form for a new version, or for the content of one.
type VersionFormView struct {
	Form   *Form
	Sheet  *documents.Sheet
	Entry  *documents.Entry // whose content it is; nil for a new version
	Levels []Option
	Staff  []Option
}

func (s *Site) versionForm(p *Page, f *Form) (VersionFormView, error) {
	sheet, err := s.sheet(p, p.Today)
	if err != nil {
		return VersionFormView{}, err
	}
	p.Crumb(sheet.Code, p.To("documents", sheet.Code))
	p.Title = p.T("page.documents.new_version") + p.T("mark.colon") + sheet.Code
	data := VersionFormView{Form: f, Sheet: sheet}
	if len(sheet.Versions) > 0 {
		newest := sheet.Versions[0].Number()
		data.Levels = []Option{
			{"major", p.T("page.documents.major", newest.Next(false))}, {"minor", p.T("page.documents.minor", newest.Next(true))},
		}
	}
	data.Staff, err = s.staffOptions(p)
	return data, err
}

func (s *Site) newVersion(p *Page) error {
	data, err := s.versionForm(p, p.Form().Set("level", "major"))
	if err != nil {
		return err
	}
	return p.Render("documents_version", data)
}

func (s *Site) addVersion(p *Page) error {
	parts, err := p.Parts(request.UploadBytes)
	if err != nil {
		return err
	}
	f := parts.Form
	data, err := s.versionForm(p, f)
	if err != nil {
		return err
	}
	cmd := documents.NewVersion{Platform: p.Platform.ID, Document: data.Sheet.ID, Minor: f.Text("level") == "minor", Reason: f.Text("reason"), Round: roundIn(f)}
	var v *documents.Version
	if cmd.File, err = s.receive(p, parts); err == nil {
		v, err = s.Documents.NewVersion(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("documents_version", f, err, data)
	}
	return p.Done(p.To("documents", data.Sheet.Code), "page.documents.version_added", v.Number())
}

func (s *Site) contentForm(p *Page, f *Form) (VersionFormView, error) {
	sheet, entry, err := s.entry(p)
	if err != nil {
		return VersionFormView{}, err
	}
	p.Title = p.T("page.documents.attach") + p.T("mark.colon") + sheet.Code
	return VersionFormView{Form: f, Sheet: sheet, Entry: entry}, nil
}

func (s *Site) newContent(p *Page) error {
	data, err := s.contentForm(p, p.Form())
	if err != nil {
		return err
	}
	data.Form.Set("revision", data.Entry.Revision)
	return p.Render("documents_attach", data)
}

func (s *Site) attachContent(p *Page) error {
	parts, err := p.Parts(request.UploadBytes)
	if err != nil {
		return err
	}
	data, err := s.contentForm(p, parts.Form)
	if err != nil {
		return err
	}
	file, err := s.receive(p, parts)
	if err == nil && file == nil {
		err = qms.InvalidFields(qms.Wrong("file", "version.content_missing"))
	}
	if err == nil {
		_, err = s.Documents.Attach(p.Context(), documents.Attach{Platform: p.Platform.ID, Version: data.Entry.ID, Revision: int64(parts.Form.Int("revision")), File: *file})
	}
	if err != nil {
		return p.Again("documents_attach", parts.Form, err, data)
	}
	return p.Done(p.To("documents", data.Sheet.Code), "page.documents.attached", data.Entry.Number())
}

func (s *Site) editForm(p *Page, f *Form) (DocumentFormView, error) {
	data, err := s.documentForm(p, f)
	if err != nil {
		return data, err
	}
	p.Crumbs = nil
	if data.Sheet, err = s.sheet(p, p.Today); err != nil {
		return data, err
	}
	p.Crumb(data.Sheet.Code, p.To("documents", data.Sheet.Code))
	p.Title = p.T("page.documents.edit") + p.T("mark.colon") + data.Sheet.Code
	return data, nil
}

func (s *Site) editDocument(p *Page) error {
	data, err := s.editForm(p, p.Form())
	if err != nil {
		return err
	}
	d := data.Sheet
	data.Form.Set("revision", d.Revision).Set("title", d.Title).Set("kind", d.Kind).Set("process", d.Process).Set("owner", d.Owner).
		Set("confidentiality", d.Confidentiality).Set("review_months", int(d.ReviewMonths)).Set("retention", d.Retention).
		Set("publisher", d.Publisher).Set("edition", d.Edition).Set("watch", d.Watch).
		Set("retention_months", int(d.RetentionMonths)).Set("watch_months", int(d.WatchMonths))
	return p.Render("documents_edit", data)
}

func (s *Site) reviseDocument(p *Page) error {
	f := p.Form()
	data, err := s.editForm(p, f)
	if err != nil {
		return err
	}
	text := func(name string) *string { v := f.Text(name); return &v }
	owner, months, confidentiality := f.ID("owner"), qms.Months(f.Int("review_months")), documents.Confidentiality(f.Text("confidentiality"))
	cmd := documents.Revise{
		Platform: p.Platform.ID, Document: data.Sheet.ID, Revision: int64(f.Int("revision")), Title: text("title"), Kind: text("kind"),
		Process: text("process"), Confidentiality: &confidentiality, ReviewMonths: &months, Retention: text("retention"),
		Publisher: text("publisher"), Edition: text("edition"), Watch: text("watch"), Reason: f.Text("reason"),
	}
	kept, watched := qms.Months(f.Int("retention_months")), qms.Months(f.Int("watch_months"))
	cmd.RetentionMonths, cmd.WatchMonths = &kept, &watched
	if owner != data.Sheet.Owner { // a person who has left may stay named until another is
		cmd.Owner = &owner
	}
	if err = f.Err(); err == nil {
		_, err = s.Documents.Revise(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("documents_edit", f, err, data)
	}
	return p.Done(p.To("documents", data.Sheet.Code), "page.documents.revised", data.Sheet.Code)
}
