package web

import (
	"maillon/audits"
	"maillon/documents"
	"maillon/qms"
)

// exemptionPages are a platform's exemptions from the rule of three people. They stand before the
// pages of one document, whose address begins alike.
func (s *Site) exemptionPages() {
	const all = Prefix + "/documents/exemptions"
	s.page(all, qms.ReadDocuments, s.exemptions)
	s.page(all+"/new", qms.ControlDocuments, s.newExemption)
	s.act(all+"/new", qms.ControlDocuments, s.recordExemption)
	s.page(all+"/:id/end", qms.ControlDocuments, s.askEndExemption)
	s.act(all+"/:id/end", qms.ControlDocuments, s.endExemption)
}

// ExemptionsView lists the exemptions of a platform, the newest first.
type ExemptionsView struct {
	All     []*documents.Exemption
	Holding int
	Signed  []audits.Signature
}

// ExemptionView is the form of a new exemption, or of the end of one.
type ExemptionView struct {
	Form      *Form
	Exemption *documents.Exemption // nil for a new one
	Allows    []Option
}

func (s *Site) exemptions(p *Page) error {
	p.Title = p.T("page.exemptions.title")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	all, err := s.Documents.Exemptions(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	data := ExemptionsView{All: all}
	for _, e := range all {
		if e.Holds(p.Today) {
			data.Holding++
		}
	}
	data.Signed, err = s.signaturesOn(p, documents.Covered(all))
	if err != nil {
		return err
	}
	return p.Render("documents_exemptions", data)
}

// heldToday are the exemptions that hold today.
func (s *Site) heldToday(p *Page) (held []*documents.Exemption, err error) {
	all, err := s.Documents.Exemptions(p.Context(), p.Platform.ID)
	for _, e := range all {
		if e.Holds(p.Today) {
			held = append(held, e)
		}
	}
	return held, err
}

func (s *Site) exemptionForm(p *Page, f *Form) ExemptionView {
	p.Title = p.T("page.exemptions.record")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.Crumb(p.T("page.exemptions.title"), p.To("documents", "exemptions"))
	data := ExemptionView{Form: f}
	for _, a := range documents.Allowances() {
		data.Allows = append(data.Allows, Option{string(a), p.T("page.exemptions.allows_" + string(a))})
	}
	return data
}

func (s *Site) newExemption(p *Page) error {
	return p.Render("documents_exemption", s.exemptionForm(p, p.Form().Set("from", p.Today)))
}

func (s *Site) recordExemption(p *Page) error {
	form := p.Form()
	data := s.exemptionForm(p, form)
	cmd := documents.Exempt{Platform: p.Platform.ID, Allows: documents.Allowance(form.Text("allows")), Reason: form.Text("reason"),
		From: form.Date("from"), Until: form.Date("until")}
	err := form.Err()
	if err == nil {
		err = s.People.Confirm(p.Context(), form.Raw("password"))
	}
	if err == nil {
		_, err = s.Documents.Exempt(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("documents_exemption", form, err, data)
	}
	return p.Done(p.To("documents", "exemptions"), "page.exemptions.recorded")
}

// ending reads the exemption of the path, for the form that ends it.
func (s *Site) ending(p *Page, f *Form) (ExemptionView, error) {
	data := s.exemptionForm(p, f)
	p.Title = p.T("page.exemptions.end_title")
	id, err := p.ID("id")
	if err != nil {
		return data, err
	}
	data.Exemption, err = s.Documents.Exemption(p.Context(), p.Platform.ID, id)
	return data, err
}

func (s *Site) askEndExemption(p *Page) error {
	form := p.Form()
	data, err := s.ending(p, form)
	if err != nil {
		return err
	}
	form.Set("revision", data.Exemption.Revision)
	return p.Render("documents_exemption", data)
}

func (s *Site) endExemption(p *Page) error {
	form := p.Form()
	data, err := s.ending(p, form)
	if err != nil {
		return err
	}
	_, err = s.Documents.EndExemption(p.Context(), documents.EndExemption{Platform: p.Platform.ID, Exemption: data.Exemption.ID,
		Revision: int64(form.Int("revision")), Reason: form.Text("reason")})
	if err != nil {
		return p.Again("documents_exemption", form, err, data)
	}
	return p.Done(p.To("documents", "exemptions"), "page.exemptions.ended")
}
