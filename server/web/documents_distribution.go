package web

import (
	"context"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/locale"
)

// readingPages are to whom documents are addressed, and who has read what. They stand before the page
// of one document, whose code could be any word.
func (s *Site) readingPages() {
	const all, one = Prefix + "/documents", Prefix + "/documents/:code"
	s.page(all+"/reading", qms.ReadDocuments, s.readings)
	s.page(all+"/reading/rule", qms.ControlDocuments, s.readingRule)
	s.act(all+"/reading/rule", qms.ControlDocuments, s.setReadingRule)
	s.page(all+"/distribution", qms.ReadLibrary, s.kindDistribution)
	s.act(all+"/distribution", qms.ControlDocuments, s.addressKind)
	s.page(all+"/distribution/:id/end", qms.ControlDocuments, s.askEndAddressee)
	s.act(all+"/distribution/:id/end", qms.ControlDocuments, s.endAddressee)
	s.page(one+"/distribution", qms.ReadLibrary, s.distribution)
	s.act(one+"/distribution", qms.ControlDocuments, s.addressDocument)
}

// readingActs are the signatures of readers, see versionActs.
var readingActs = []versionAct{{name: "read", needs: qms.AcknowledgeDocuments, signs: true, do: (*Site).readVersion, say: sayRead}}

func (s *Site) readVersion(ctx context.Context, t versionTarget, _ *Form) error {
	_, err := s.Documents.Acknowledge(ctx, documents.Acknowledge{Platform: t.platform, Version: t.version, Revision: t.revision})
	return err
}

func sayRead(p *locale.Printer, s *documents.Sheet, e *documents.Entry) string {
	switch {
	case e.StateThen != documents.Effective:
		return p.T("reading.not_in_force", e.Number().String())
	case s.Mine == nil:
		return p.T("reading.not_addressed", s.Code)
	}
	return p.T("page.readings.will_read", e.Number())
}

// sayReaders is what an approval has people do: a sentence after its consequence, none when the
// document is addressed to nobody.
func sayReaders(p *locale.Printer, s *documents.Sheet, e *documents.Entry) string {
	switch {
	case s.Readers == 0:
		return ""
	case s.Asks(e):
		return " " + p.T("page.readings.will_ask", s.Readers)
	}
	return " " + p.T("page.readings.will_not_ask", s.Readers)
}

// DistributionView is to whom a document is addressed, and how they stand on the version in force.
type DistributionView struct {
	*documents.Sheet
	Form    *Form
	Past    bool
	Roles   []Option
	Persons []Option
	Active  []documents.Addressee // that hold on the day or will
	Ended   []documents.Addressee
}

func (s *Site) distribution(p *Page) error {
	day, err := p.AsOf()
	if err != nil {
		return err
	}
	data, err := s.distributionView(p, p.Form().Set("from", p.Today), day)
	if err != nil {
		return err
	}
	if p.Exported() {
		return s.exportReaders(p, data.Sheet)
	}
	return p.Render("documents_distribution", data)
}

func (s *Site) distributionView(p *Page, f *Form, day qms.Date) (DistributionView, error) {
	sheet, err := s.sheet(p, day)
	if err != nil {
		return DistributionView{}, err
	}
	p.Title = p.T("page.readings.of", sheet.Code)
	p.Crumb(sheet.Code, p.To("documents", sheet.Code))
	data := DistributionView{Sheet: sheet, Form: f, Past: day != p.Today}
	data.Active, data.Ended = parted(sheet.Addressees, day)
	if !data.Past && p.Can(qms.ControlDocuments) {
		data.Roles, data.Persons, err = s.addressable(p, data.Active, func(a documents.Addressee) bool { return a.Document != "" })
	}
	return data, err
}

// parted are the entries that hold on the day or later, and the others.
func parted(all []documents.Addressee, day qms.Date) (active, ended []documents.Addressee) {
	for _, a := range all {
		if a.UntilDate != 0 && a.UntilDate <= day {
			ended = append(ended, a)
		} else {
			active = append(active, a)
		}
	}
	return active, ended
}

// addressable are the roles and people to choose from, but for those that the entries already name.
func (s *Site) addressable(p *Page, active []documents.Addressee, counts func(documents.Addressee) bool) (roles, persons []Option, err error) {
	taken := map[string]bool{}
	for _, a := range active {
		if counts(a) {
			taken[string(a.Role)], taken[string(a.Person)] = true, true
		}
	}
	for _, role := range documents.DistributedRoles() {
		if !taken[string(role)] {
			roles = append(roles, Option{string(role), p.T("role." + string(role))})
		}
	}
	people, err := s.Documents.Addressable(p.Context(), p.Platform.ID)
	for _, person := range people {
		if !taken[string(person.ID)] {
			persons = append(persons, Option{string(person.ID), person.Name})
		}
	}
	return roles, persons, err
}

// address reads the form that adds to a distribution.
func (p *Page) address(f *Form) documents.Address {
	cmd := documents.Address{Platform: p.Platform.ID, From: f.Date("from"), Reason: f.Text("reason")}
	for _, role := range f.Texts("roles") {
		cmd.Roles = append(cmd.Roles, qms.Role(role))
	}
	for _, person := range f.Texts("persons") {
		cmd.Persons = append(cmd.Persons, qms.ID(person))
	}
	return cmd
}

func (s *Site) addressDocument(p *Page) error {
	form := p.Form()
	data, err := s.distributionView(p, form, p.Today)
	if err != nil {
		return err
	}
	cmd := p.address(form)
	cmd.Document = data.ID
	var added []*documents.Addressee
	if err = form.Err(); err == nil {
		added, err = s.Documents.Address(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("documents_distribution", form, err, data)
	}
	return p.Done(p.To("documents", data.Code, "distribution"), "page.readings.added", len(added))
}

// KindDistributionView is to whom whole kinds of documents are addressed.
type KindDistributionView struct {
	*documents.KindDistribution
	Form    *Form
	Kinds   []Option
	Roles   []Option
	Persons []Option
	Active  []documents.Addressee
	Ended   []documents.Addressee
}

func (s *Site) kindDistribution(p *Page) error {
	data, err := s.kindDistributionView(p, p.Form().Set("from", p.Today).Set("kind", p.Query("kind")))
	if err != nil {
		return err
	}
	return p.Render("documents_distribution_kinds", data)
}

func (s *Site) kindDistributionView(p *Page, f *Form) (KindDistributionView, error) {
	found, err := s.Documents.KindDistribution(p.Context(), p.Platform.ID)
	if err != nil {
		return KindDistributionView{}, err
	}
	p.Title = p.T("page.readings.kinds")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.Crumb(p.T("page.readings.title"), p.To("documents", "reading"))
	data := KindDistributionView{KindDistribution: found, Form: f}
	data.Active, data.Ended = parted(found.Addressees, p.Today)
	for _, k := range found.Kinds {
		data.Kinds = append(data.Kinds, Option{k.Code, k.Code + " " + k.Name(p.Lang())})
	}
	if p.Can(qms.ControlDocuments) {
		data.Roles, data.Persons, err = s.addressable(p, nil, nil)
	}
	return data, err
}

func (s *Site) addressKind(p *Page) error {
	form := p.Form()
	data, err := s.kindDistributionView(p, form)
	if err != nil {
		return err
	}
	cmd := p.address(form)
	cmd.Kind = form.Text("kind")
	var added []*documents.Addressee
	if err = form.Err(); err == nil {
		added, err = s.Documents.Address(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("documents_distribution_kinds", form, err, data)
	}
	return p.Done(p.To("documents", "distribution"), "page.readings.added", len(added))
}

// EndAddresseeView ends one entry of a distribution.
type EndAddresseeView struct {
	Form  *Form
	Entry *documents.Addressee
	Sheet *documents.Sheet // nil when the entry is about a kind
	Who   string
	Back  string
}

func (s *Site) endAddresseeView(p *Page, f *Form) (EndAddresseeView, error) {
	id, err := p.ID("id")
	if err != nil {
		return EndAddresseeView{}, err
	}
	data := EndAddresseeView{Form: f, Back: p.To("documents", "distribution")}
	var names map[qms.ID]string
	if data.Entry, err = s.Documents.AddresseeOf(p.Context(), p.Platform.ID, id); err != nil {
		return data, err
	}
	if data.Entry.Document != "" {
		if data.Sheet, err = s.Documents.SheetOf(p.Context(), p.Platform.ID, data.Entry.Document, 0); err != nil {
			return data, err
		}
		data.Back, names = p.To("documents", data.Sheet.Code, "distribution"), data.Sheet.Names
	} else {
		found, err := s.Documents.KindDistribution(p.Context(), p.Platform.ID)
		if err != nil {
			return data, err
		}
		names = found.Names
	}
	if data.Who = names[data.Entry.Person]; data.Entry.Person == "" {
		data.Who = p.T("role." + string(data.Entry.Role))
	}
	p.Title = p.T("page.readings.end")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.Crumb(p.T("page.readings.distribution"), data.Back)
	return data, nil
}

func (s *Site) askEndAddressee(p *Page) error {
	data, err := s.endAddresseeView(p, p.Form().Set("until", p.Today))
	if err != nil {
		return err
	}
	data.Form.Set("revision", data.Entry.Revision)
	return p.Render("documents_distribution_end", data)
}

func (s *Site) endAddressee(p *Page) error {
	form := p.Form()
	data, err := s.endAddresseeView(p, form)
	if err != nil {
		return err
	}
	cmd := documents.EndAddress{Platform: p.Platform.ID, Addressee: data.Entry.ID, Revision: int64(form.Int("revision")), Until: form.Date("until"), Reason: form.Text("reason")}
	if err = form.Err(); err == nil {
		_, err = s.Documents.EndAddress(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("documents_distribution_end", form, err, data)
	}
	return p.Done(data.Back, "page.readings.ended_done", data.Who)
}
