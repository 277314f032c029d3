package web

import (
	"strings"

	"maillon/documents"
	"maillon/qms"
)

// documentKitPages are what a document of a platform has to do with the kit.
func (s *Site) documentKitPages() {
	const one = Prefix + "/documents/:code/kit"
	s.page(one, qms.ReadLabel, s.documentKit)
	s.page(one+"/compare", qms.ReadLabel, s.compareWithKit)
	s.page(one+"/answer", qms.WriteDocuments, s.askForKitAnswer)
	s.act(one+"/answer", qms.WriteDocuments, s.answerKit)
	s.page(one+"/link", qms.WriteDocuments, s.askToLinkKit)
	s.act(one+"/link", qms.WriteDocuments, s.linkKit)
	s.page(one+"/unlink", qms.ControlDocuments, s.askToUnlinkKit)
	s.act(one+"/unlink", qms.ControlDocuments, s.unlinkKit)
}

// DocumentKitView is a document and the template it was made from.
type DocumentKitView struct {
	*documents.KitOrigin
	Sheet     *documents.Sheet
	Form      *Form
	Templates []Option
	Versions  []Option // of the template, that can be answered or linked
	Own       []Option
	Replies   []Option
}

func (s *Site) kitOrigin(p *Page, f *Form, title string) (DocumentKitView, error) {
	sheet, err := s.sheet(p, p.Today)
	if err != nil {
		return DocumentKitView{}, err
	}
	p.Crumb(sheet.Code, p.To("documents", sheet.Code))
	p.Title = p.T(title) + " : " + sheet.Code
	o, err := s.Documents.KitOriginOf(p.Context(), p.Platform.ID, sheet.ID)
	return DocumentKitView{KitOrigin: o, Sheet: sheet, Form: f}, err
}

// isCopy is kitOrigin for pages about a copy.
func (s *Site) kitCopy(p *Page, f *Form, title string) (DocumentKitView, error) {
	data, err := s.kitOrigin(p, f, title)
	if err == nil && data.Copy == nil {
		err = qms.NotFound("kit.no_copy")
	}
	if err == nil {
		p.Crumb(p.T("page.kit.origin"), p.To("documents", data.Sheet.Code, "kit"))
	}
	return data, err
}

func (s *Site) documentKit(p *Page) error {
	data, err := s.kitOrigin(p, p.Form(), "page.kit.origin")
	if err != nil {
		return err
	}
	return p.Render("kit_document", data)
}

// answerForm offers what an answer can name.
func (s *Site) answerForm(p *Page, f *Form) (DocumentKitView, error) {
	data, err := s.kitCopy(p, f, "page.kit.answer")
	if err != nil {
		return data, err
	}
	for _, v := range data.Template.Versions {
		if v.HeldOn(p.Today) && (data.From == nil || v.Number().Compare(data.From.Number()) > 0) {
			data.Versions = append(data.Versions, Option{v.Number().String(), v.Number().String() + ", " + p.Date(v.PublishedOn)})
		}
	}
	data.Own = []Option{{"", p.T("page.documents.choose")}}
	for _, n := range data.KitOrigin.Own {
		data.Own = append(data.Own, Option{n.String(), n.String()})
	}
	for _, reply := range []documents.Reply{documents.TakenUp, documents.NotApplicable} {
		data.Replies = append(data.Replies, Option{string(reply), p.T("page.kit.reply_" + string(reply))})
	}
	return data, nil
}

func (s *Site) askForKitAnswer(p *Page) error {
	data, err := s.answerForm(p, p.Form())
	if err != nil {
		return err
	}
	if data.Newest != nil {
		data.Form.Set("number", data.Newest.Number())
	}
	return p.Render("kit_answer", data)
}

func (s *Site) answerKit(p *Page) error {
	f := p.Form()
	data, err := s.answerForm(p, f)
	if err != nil {
		return err
	}
	_, err = s.Documents.AnswerKit(p.Context(), documents.AnswerKit{Platform: p.Platform.ID, Document: data.Sheet.ID, Number: f.Text("number"),
		Answer: documents.Reply(f.Text("answer")), Own: f.Text("own"), Reason: f.Text("reason")})
	if err != nil {
		return p.Again("kit_answer", f, err, data)
	}
	return p.Done(p.To("documents", data.Sheet.Code, "kit"), "page.kit.answered")
}

// linkForm offers the templates that stand.
func (s *Site) linkForm(p *Page, f *Form) (DocumentKitView, error) {
	data, err := s.kitOrigin(p, f, "page.kit.link")
	if err != nil {
		return data, err
	}
	kit, err := s.Documents.Kit(p.Context(), p.Platform.ID)
	data.Templates = []Option{{"", p.T("page.documents.choose")}}
	for _, t := range kit {
		if t.HeldOn(p.Today) && t.Newest != nil {
			data.Templates = append(data.Templates, Option{t.Code, t.Code + " " + t.Title(p.Lang())})
		}
	}
	return data, err
}

func (s *Site) askToLinkKit(p *Page) error {
	data, err := s.linkForm(p, p.Form().Set("template", p.Query("template")))
	if err != nil {
		return err
	}
	return p.Render("kit_link", data)
}

func (s *Site) linkKit(p *Page) error {
	f := p.Form()
	data, err := s.linkForm(p, f)
	if err != nil {
		return err
	}
	_, err = s.Documents.LinkKit(p.Context(), documents.LinkKit{Platform: p.Platform.ID, Document: data.Sheet.ID, Template: f.Text("template"),
		Number: f.Text("number"), Reason: f.Text("reason")})
	if err != nil {
		return p.Again("kit_link", f, err, data)
	}
	return p.Done(p.To("documents", data.Sheet.Code, "kit"), "page.kit.linked", strings.ToUpper(f.Text("template")))
}

func (s *Site) askToUnlinkKit(p *Page) error {
	data, err := s.kitCopy(p, p.Form(), "page.kit.unlink")
	if err != nil {
		return err
	}
	return p.Render("kit_unlink", data)
}

func (s *Site) unlinkKit(p *Page) error {
	f := p.Form()
	data, err := s.kitCopy(p, f, "page.kit.unlink")
	if err != nil {
		return err
	}
	if err := s.Documents.UnlinkKit(p.Context(), p.Platform.ID, data.Sheet.ID, f.Text("reason")); err != nil {
		return p.Again("kit_unlink", f, err, data)
	}
	return p.Done(p.To("documents", data.Sheet.Code), "page.kit.unlinked")
}

// KitCompareView is two texts of the kit side by side.
type KitCompareView struct {
	*documents.KitComparison
	Code, Name string
	Old, New   string // what stands above the two sides
	Back       string
	Other      string // the other comparison of a copy; empty where there is none
	Whole      bool
	Folds      []documents.Fold
	More       int
}

// fold prepares what is shown of the difference.
func (v *KitCompareView) fold(p *Page) {
	if v.Whole = p.Query("whole") != ""; v.Whole {
		v.Folds, v.More = v.Unfolded(comparedShown)
	} else {
		v.Folds, v.More = v.Folded(comparedShown)
	}
}

// compareWithKit compares the newest version of the template with the one that the document began with,
// or with what the document says today.
func (s *Site) compareWithKit(p *Page) error {
	data, err := s.kitCopy(p, p.Form(), "page.kit.compare")
	if err != nil {
		return err
	}
	ours := p.Query("with") == "ours"
	c, err := s.Documents.CompareKit(p.Context(), p.Platform.ID, data.Sheet.ID, ours)
	if err != nil {
		return err
	}
	view := KitCompareView{KitComparison: c, Code: data.Sheet.Code, Name: data.Sheet.Title, Back: p.To("documents", data.Sheet.Code, "kit"),
		Old: p.T("page.kit.template_version", c.FromLabel), New: p.T("page.kit.template_version", c.ToLabel), Other: p.With("with", "ours")}
	if ours {
		view.Old, view.Other = p.T("page.kit.our_version", c.FromLabel), p.With("with", "")
	}
	view.fold(p)
	return p.Render("kit_compare", view)
}

// compareTemplates compares two versions of a template.
func (s *Site) compareTemplates(p *Page) error {
	read, back, platform := s.templateSheet, "", qms.ID("")
	if p.Platform != nil {
		read, platform = s.platformTemplateSheet, p.Platform.ID
	}
	sheet, err := read(p)
	if err != nil {
		return err
	}
	if back = p.To("kit", sheet.Code); p.Platform != nil {
		back = p.To("label", "kit", sheet.Code)
	}
	p.Crumb(sheet.Code, back)
	p.Title = p.T("page.kit.compare") + " : " + sheet.Code
	c, err := s.Documents.CompareTemplates(p.Context(), platform, sheet.Code, p.Query("from"), p.Query("to"))
	if err != nil {
		return err
	}
	view := KitCompareView{KitComparison: c, Code: sheet.Code, Name: sheet.Title(p.Lang()), Back: back,
		Old: p.T("page.kit.template_version", c.FromLabel), New: p.T("page.kit.template_version", c.ToLabel)}
	view.fold(p)
	return p.Render("kit_compare", view)
}
