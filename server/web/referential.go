package web

import (
	"mime"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/server/importer"
)

// referentialPages are the versions of the referential, of the site: the programme's alone.
func (s *Site) referentialPages() {
	const all, one = "/referential", "/referential/:number"
	s.page(all, qms.AccompanyPlatform, s.referentials)
	s.act(all+"/sample", qms.AccompanyPlatform, s.takeSample)
	s.both(all+"/new", qms.AccompanyPlatform, s.newReferential, s.openReferential)
	s.page(all+"/import", qms.AccompanyPlatform, s.newReferentialImport)
	s.upload(all+"/import", qms.AccompanyPlatform, s.previewReferential)
	s.act(all+"/take", qms.AccompanyPlatform, s.takeReferential)
	s.page(one, qms.AccompanyPlatform, s.referential)
	s.page(one+"/xlsx", qms.AccompanyPlatform, s.exportReferential)
	s.both(one+"/edit", qms.AccompanyPlatform, s.editReferential, s.changeReferential)
	s.both(one+"/publish", qms.AccompanyPlatform, s.askPublication, s.publishReferential)
	s.both(one+"/void", qms.AccompanyPlatform, s.askGivingUp, s.voidReferential)
	s.both(one+"/criterion", qms.AccompanyPlatform, s.editCriterion, s.setCriterion)
	s.both(one+"/drop", qms.AccompanyPlatform, s.askDrop, s.dropCriterion)
}

// ReferentialsView is the versions.
type ReferentialsView struct {
	Lines []label.ReferentialLine
	Draft int64 // number of the one in preparation; 0 for none
	Form  *Form
}

func (s *Site) referentials(p *Page) error {
	p.Title = p.T("page.referential.title")
	lines, err := s.Label.Referentials(p.Context())
	if err != nil {
		return err
	}
	view := ReferentialsView{Lines: lines, Form: p.Form()}
	for _, l := range lines {
		if l.Open() {
			view.Draft = l.Number
		}
	}
	return p.Render("referential_list", view)
}

// underReferential begins a page about one version.
func (p *Page) underReferential(number int64, title string) {
	p.Section, p.Title = "referential", title
	p.Crumb(p.T("page.referential.title"), "/referential")
	if number > 0 {
		p.Crumb(p.T("page.referential.version", number), p.To("referential", number))
	}
}

func (s *Site) takeSample(p *Page) error {
	p.Form()
	v, err := s.Label.TakeSample(p.Context(), p.T("referential.sample_name"), p.T("referential.sample_note"))
	if err != nil {
		return err
	}
	return p.Done(p.To("referential", v.Number), "page.referential.sample_taken", v.Number)
}

// ReferentialForm is a form about a version.
type ReferentialForm struct {
	Form   *Form
	Sheet  *label.ReferentialSheet // nil for a new one
	Copies []Option
	Name   string // of who signs
}

func (s *Site) newReferentialForm(p *Page, f *Form) (ReferentialForm, error) {
	p.underReferential(0, p.T("page.referential.new"))
	view := ReferentialForm{Form: f, Copies: []Option{{"", p.T("page.referential.no_copy")}}}
	lines, err := s.Label.Referentials(p.Context())
	for _, l := range lines {
		if l.Void == "" {
			view.Copies = append(view.Copies, Option{text(l.Number), p.T("page.referential.version", l.Number) + " : " + l.Name})
		}
	}
	return view, err
}

func (s *Site) newReferential(p *Page) error {
	f := p.Form().Set("copy_of", p.Query("copy"))
	view, err := s.newReferentialForm(p, f)
	if err != nil {
		return err
	}
	return p.Render("referential_form", view)
}

func (s *Site) openReferential(p *Page) error {
	f := p.Form()
	cmd := label.OpenReferential{Name: f.Text("name"), Note: f.Text("note")}
	if f.Text("copy_of") != "" {
		cmd.CopyOf = int64(f.Int("copy_of"))
	}
	err := f.Err()
	if err == nil {
		var v *label.Referential
		if v, err = s.Label.OpenReferential(p.Context(), cmd); err == nil {
			return p.Done(p.To("referential", v.Number), "page.referential.opened", v.Number)
		}
	}
	view, lost := s.newReferentialForm(p, f)
	if lost != nil {
		return lost
	}
	return p.Again("referential_form", f, err, view)
}

// referentialSheet reads the version in the path.
func (s *Site) referentialSheet(p *Page) (*label.ReferentialSheet, error) {
	n, err := strconv.ParseInt(p.Param("number"), 10, 64)
	if err != nil || n < 1 {
		return nil, qms.NotFound("record.not_found")
	}
	return s.Label.ReferentialSheet(p.Context(), n)
}

// ReferentialView is one version.
type ReferentialView struct {
	*label.ReferentialSheet
	Themes []label.Theme // that it has criteria of
	Form   *Form
}

func (s *Site) referential(p *Page) error {
	sheet, err := s.referentialSheet(p)
	if err != nil {
		return err
	}
	p.underReferential(0, p.T("page.referential.version", sheet.Number))
	view := ReferentialView{ReferentialSheet: sheet, Form: p.filterForm("theme")}
	only := label.Theme(p.Query("theme"))
	for _, t := range label.Themes() {
		if len(sheet.Of(t)) > 0 && (!only.Known() || only == t) {
			view.Themes = append(view.Themes, t)
		}
	}
	return p.Render("referential_show", view)
}

// FieldChange is one fact before and after.
type FieldChange struct{ Name, Before, After string }

// ChangeFacts are what differs of a criterion, in words.
func (p *Page) ChangeFacts(c label.CriterionChange) (facts []FieldChange) {
	if c.Before == nil || c.After == nil {
		return nil
	}
	add := func(name, a, b string) {
		if a != b {
			facts = append(facts, FieldChange{name, a, b})
		}
	}
	b, a := c.Before, c.After
	add(p.T("page.referential.theme"), p.T("theme."+string(b.Theme)), p.T("theme."+string(a.Theme)))
	add(p.T("page.referential.obligation"), importer.Obligation(p.Printer, b.Required), importer.Obligation(p.Printer, a.Required))
	add(p.T("page.referential.text_fr"), b.French, a.French)
	add(p.T("page.referential.text_en"), b.English, a.English)
	add(p.T("page.referential.evidence_fr"), b.EvidenceFrench, a.EvidenceFrench)
	add(p.T("page.referential.evidence_en"), b.EvidenceEnglish, a.EvidenceEnglish)
	add(p.T("page.referential.clauses"), strings.Join(b.Clauses, " ; "), strings.Join(a.Clauses, " ; "))
	return facts
}

func (s *Site) exportReferential(p *Page) error {
	sheet, err := s.referentialSheet(p)
	if err != nil {
		return err
	}
	var file strings.Builder
	if err := importer.WriteReferential(&file, p.Printer, sheet); err != nil {
		return err
	}
	c := p.Ctx()
	c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": p.T("page.referential.file_name", sheet.Number) + ".xlsx"}))
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	return c.SendString(file.String())
}

// onReferential is what a form says of the version that it knows.
func onReferential(f *Form, number int64) label.OnReferential {
	return label.OnReferential{Number: number, Revision: int64(f.Int("revision")), Reason: f.Text("reason")}
}

// referentialForm begins a form about the version of the path.
func (s *Site) referentialForm(p *Page, f *Form, title string) (ReferentialForm, error) {
	sheet, err := s.referentialSheet(p)
	if err != nil {
		return ReferentialForm{}, err
	}
	p.underReferential(sheet.Number, p.T(title, sheet.Number))
	if f.Text("revision") == "" {
		f.Set("revision", sheet.Revision)
	}
	return ReferentialForm{Form: f, Sheet: sheet, Name: p.Actor.Name}, nil
}

func (s *Site) editReferential(p *Page) error {
	f := p.Form()
	view, err := s.referentialForm(p, f, "page.referential.edit")
	if err != nil {
		return err
	}
	f.Set("name", view.Sheet.Name).Set("note", view.Sheet.Note).Set("effective_from", view.Sheet.EffectiveFrom)
	return p.Render("referential_form", view)
}

// onVersion does an act on the version of the path and goes on to it, or shows the form again.
func (s *Site) onVersion(p *Page, page, title, done string, act func(f *Form, on label.OnReferential) error) error {
	f := p.Form()
	view, err := s.referentialForm(p, f, title)
	if err != nil {
		return err
	}
	on := onReferential(f, view.Sheet.Number)
	if err = f.Err(); err == nil {
		err = act(f, on)
	}
	if err != nil {
		return p.Again(page, f, err, view)
	}
	return p.Done(p.To("referential", view.Sheet.Number), done, view.Sheet.Number)
}

func (s *Site) changeReferential(p *Page) error {
	return s.onVersion(p, "referential_form", "page.referential.edit", "page.referential.changed", func(f *Form, on label.OnReferential) error {
		cmd := label.ChangeReferential{OnReferential: on, Name: f.Text("name"), Note: f.Text("note"), EffectiveFrom: f.Date("effective_from")}
		if err := f.Err(); err != nil {
			return err
		}
		_, err := s.Label.ChangeReferential(p.Context(), cmd)
		return err
	})
}

func (s *Site) askPublication(p *Page) error {
	f := p.Form()
	view, err := s.referentialForm(p, f, "page.referential.publish")
	if err != nil {
		return err
	}
	f.Set("effective_from", max(view.Sheet.EffectiveFrom, p.Today))
	return p.Render("referential_publish", view)
}

func (s *Site) publishReferential(p *Page) error {
	return s.onVersion(p, "referential_publish", "page.referential.publish", "page.referential.published_flash", func(f *Form, on label.OnReferential) error {
		cmd := label.PublishReferential{OnReferential: on, EffectiveFrom: f.Date("effective_from")}
		err := f.Err()
		if err == nil {
			err = s.People.Confirm(p.Context(), f.Raw("password"))
		}
		if err == nil {
			_, err = s.Label.PublishReferential(p.Context(), cmd)
		}
		return err
	})
}

func (s *Site) askGivingUp(p *Page) error {
	view, err := s.referentialForm(p, p.Form(), "page.referential.void")
	if err != nil {
		return err
	}
	return p.Render("referential_void", view)
}

func (s *Site) voidReferential(p *Page) error {
	return s.onVersion(p, "referential_void", "page.referential.void", "page.referential.voided", func(_ *Form, on label.OnReferential) error {
		_, err := s.Label.VoidReferential(p.Context(), on)
		return err
	})
}
