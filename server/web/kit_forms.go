package web

import (
	"maillon/documents"
	"maillon/server/request"
)

// TemplateFormView is the form for a new template, for what is said about one, or for its next version.
type TemplateFormView struct {
	Form      *Form
	Sheet     *documents.KitSheet // nil for a new template
	Languages []Option
	Levels    []Option // of the next version
}

func (s *Site) templateForm(p *Page, f *Form, title string) (TemplateFormView, error) {
	data := TemplateFormView{Form: f, Languages: []Option{{"fr", p.T("page.kit.french")}, {"en", p.T("page.kit.english")}}}
	p.Title = p.T(title)
	if p.Param("code") == "" {
		p.Crumb(p.T("page.kit.title"), "/kit")
		return data, nil
	}
	sheet, err := s.templateSheet(p)
	if err != nil {
		return data, err
	}
	p.Title = p.T(title) + " : " + sheet.Code
	p.Crumb(sheet.Code, p.To("kit", sheet.Code))
	data.Sheet = sheet
	last := documents.Number{}
	if len(sheet.Versions) > 0 {
		last = sheet.Versions[0].Number()
	}
	data.Levels = []Option{{"major", p.T("page.documents.major", last.Next(false))}, {"minor", p.T("page.documents.minor", last.Next(true))}}
	return data, nil
}

func (s *Site) newTemplate(p *Page) error {
	data, err := s.templateForm(p, p.Form().Set("language", "fr").Set("number", "1.0"), "page.kit.new")
	if err != nil {
		return err
	}
	return p.Render("kit_form", data)
}

func (s *Site) addTemplate(p *Page) error {
	parts, err := p.Parts(request.UploadBytes)
	if err != nil {
		return err
	}
	f := parts.Form
	data, err := s.templateForm(p, f, "page.kit.new")
	if err != nil {
		return err
	}
	cmd := documents.AddTemplate{
		Code: f.Text("code"), French: f.Text("french"), English: f.Text("english"), Kind: f.Text("kind"), Process: f.Text("process"), Language: f.Text("language"),
		Theme: f.Text("theme"), Place: int64(f.Int("place")), Description: f.Text("description"), Number: f.Text("number"), Changes: f.Text("changes"),
	}
	var t *documents.KitTemplate
	if cmd.File, err = s.receiveTemplate(p, parts); err == nil {
		t, err = s.Documents.AddTemplate(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("kit_form", f, err, data)
	}
	return p.Done(p.To("kit", t.Code), "page.kit.added", t.Code)
}

func (s *Site) editTemplate(p *Page) error {
	data, err := s.templateForm(p, p.Form(), "page.kit.edit")
	if err != nil {
		return err
	}
	t := data.Sheet
	data.Form.Set("french", t.French).Set("english", t.English).Set("kind", t.Kind).Set("process", t.Process).Set("language", t.Language).
		Set("theme", t.Theme).Set("place", t.Place).Set("description", t.Description).Set("revision", t.Revision)
	return p.Render("kit_form", data)
}

func (s *Site) reviseTemplate(p *Page) error {
	f := p.Form()
	data, err := s.templateForm(p, f, "page.kit.edit")
	if err != nil {
		return err
	}
	given := func(name string) *string { value := f.Text(name); return &value }
	place := int64(f.Int("place"))
	cmd := documents.ReviseTemplate{
		Code: data.Sheet.Code, Revision: int64(f.Int("revision")), French: given("french"), English: given("english"), Kind: given("kind"), Process: given("process"),
		Language: given("language"), Theme: given("theme"), Place: &place, Description: given("description"), Reason: f.Text("reason"),
	}
	if err = f.Err(); err == nil {
		_, err = s.Documents.ReviseTemplate(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("kit_form", f, err, data)
	}
	return p.Done(p.To("kit", data.Sheet.Code), "page.kit.revised", data.Sheet.Code)
}

func (s *Site) newTemplateVersion(p *Page) error {
	data, err := s.templateForm(p, p.Form().Set("level", "major"), "page.kit.new_version")
	if err != nil {
		return err
	}
	return p.Render("kit_version", data)
}

func (s *Site) addTemplateVersion(p *Page) error {
	parts, err := p.Parts(request.UploadBytes)
	if err != nil {
		return err
	}
	f := parts.Form
	data, err := s.templateForm(p, f, "page.kit.new_version")
	if err != nil {
		return err
	}
	cmd := documents.PublishTemplate{Code: data.Sheet.Code, Minor: f.Text("level") == "minor", Changes: f.Text("changes")}
	var v *documents.KitVersion
	if cmd.File, err = s.receiveTemplate(p, parts); err == nil {
		v, err = s.Documents.PublishTemplate(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("kit_version", f, err, data)
	}
	return p.Done(p.To("kit", data.Sheet.Code), "page.kit.published_done", data.Sheet.Code, v.Number())
}
