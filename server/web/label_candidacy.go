package web

import (
	"maillon/audits"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/trace"
)

// candidacyPages are how a platform joins the programme, and who looks after it.
func (s *Site) candidacyPages() {
	const all, one = Prefix + "/label/candidacy", Prefix + "/label/candidacy/:id"
	s.page(all, qms.ReadLabel, s.candidacies)
	s.both(all+"/new", qms.WriteLabel, s.newCandidacy, s.receiveCandidacy)
	s.both(all+"/officer", qms.AccompanyPlatform, s.newOfficer, s.nameOfficer)
	s.both(all+"/officer/:id/void", qms.AccompanyPlatform, s.newOfficerVoid, s.voidOfficer)
	s.page(one, qms.ReadLabel, s.candidacy)
	s.both(one+"/correct", qms.WriteLabel, s.editCandidacy, s.correctCandidacy)
	s.both(one+"/sign", qms.WriteLabel, s.askCandidacyAct, s.signLetter)
	s.both(one+"/decide", qms.AccompanyPlatform, s.askCandidacyAct, s.decideCandidacy)
	s.both(one+"/end", qms.WriteLabel, s.askCandidacyAct, s.endCandidacy)
	s.both(one+"/void", qms.WriteLabel, s.askCandidacyAct, s.voidCandidacy)
}

// CandidacyView is a candidacy as its page shows it.
type CandidacyView struct {
	*label.CandidacySheet
	Files  []trace.Evidence
	Signed []audits.Signature
}

// State is the shape of how the candidacy stands, Word its key.
func (v CandidacyView) State(c label.Candidacy) string {
	switch {
	case c.Void != "" || c.EndedOn != 0:
		return "withdrawn"
	case c.Decision == label.Eligible:
		return "complete"
	case c.Decision == label.Ineligible:
		return "broken"
	}
	return "open"
}

// Word is the key of the word for how a candidacy stands.
func (v CandidacyView) Word(c label.Candidacy) string {
	switch {
	case c.Void != "":
		return "page.candidacy.is_void"
	case c.EndedOn != 0:
		return "page.candidacy.is_ended"
	case c.Decision != label.UndecidedCandidacy:
		return "page.candidacy.is_" + string(c.Decision)
	}
	if _, complete := c.LetterOn(); complete {
		return "page.candidacy.is_waiting"
	}
	return "page.candidacy.is_unsigned"
}

// LetterOn is the day on which the letter was complete; none while it is not.
func (v CandidacyView) LetterOn() qms.Date {
	on, _ := v.Candidacy.LetterOn()
	return on
}

// Dates are what is to come of the candidacy: the letter by, or the decision by.
func (v CandidacyView) Dates() (key string, on qms.Date) {
	c := v.Candidacy
	if letter, complete := c.LetterOn(); complete {
		return "page.candidacy.decide_by", max(letter, c.ReceivedOn).AddDays(label.DecisionTerm)
	}
	return "page.candidacy.sign_by", c.ReceivedOn.AddDays(label.LetterTerm)
}

// DueKey is the key of what is to come, DueOn its day.
func (v CandidacyView) DueKey() string { key, _ := v.Dates(); return key }

// DueOn is the day of what is to come.
func (v CandidacyView) DueOn() qms.Date { _, on := v.Dates(); return on }

// Goes reports whether the candidacy shown is the one that goes on.
func (v CandidacyView) Goes() bool { return v.Candidacy.Void == "" && v.Candidacy.EndedOn == 0 }

// Position is the number of the line, from 1.
func (v CandidacyView) Position(i int) int { return i + 1 }

// OfficerName is who looks after the platform today; empty when nobody does.
func (v CandidacyView) OfficerName() string {
	o, _ := v.Officer()
	return o.Name
}

// OfficerSince is since when.
func (v CandidacyView) OfficerSince() qms.Date {
	o, _ := v.Officer()
	return o.FromDay
}

func (s *Site) candidacies(p *Page) error {
	sheet, err := s.Label.Candidacies(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	p.Title = p.T("page.candidacy.title")
	return s.showCandidacy(p, sheet)
}

func (s *Site) candidacy(p *Page) error {
	id, err := p.ID("id")
	if err != nil {
		return err
	}
	sheet, err := s.Label.Candidacy(p.Context(), p.Platform.ID, id)
	if err != nil {
		return err
	}
	p.Title = p.T("page.candidacy.of", sheet.Candidacy.ReceivedOn)
	p.Crumb(p.T("page.candidacy.title"), p.To("label", "candidacy"))
	return s.showCandidacy(p, sheet)
}

func (s *Site) showCandidacy(p *Page, sheet *label.CandidacySheet) error {
	signed, err := s.signaturesOn(p, sheet.Covered())
	if err != nil {
		return err
	}
	view := CandidacyView{CandidacySheet: sheet, Signed: signed}
	if sheet.Candidacy != nil && p.Can(qms.ReadTrace) {
		files, err := s.Trace.EvidenceOf(p.Context(), p.Platform.ID, sheet.Candidacy.ID)
		if err != nil {
			return err
		}
		view.Files = files[sheet.Candidacy.ID]
	}
	return p.Render("candidacy_show", view)
}

// OfficerForm is a form about who looks after a platform.
type OfficerForm struct {
	Form     *Form
	Officers []Option
	Line     *label.OfficerLine // the record that it voids
}

func (s *Site) officerForm(p *Page, f *Form, title string) (OfficerForm, error) {
	p.Title = p.T(title)
	p.Crumb(p.T("page.candidacy.title"), p.To("label", "candidacy"))
	holders, err := s.Label.CanLookAfter(p.Context(), p.Platform.ID)
	view := OfficerForm{Form: f, Officers: []Option{{"", p.T("page.candidacy.nobody")}}}
	for _, h := range holders {
		view.Officers = append(view.Officers, Option{string(h.Person), h.Name})
	}
	return view, err
}

func (s *Site) newOfficer(p *Page) error {
	view, err := s.officerForm(p, p.Form().Set("from", p.Today).Set("person", p.Actor.ID), "page.candidacy.name_officer")
	if err != nil {
		return err
	}
	return p.Render("candidacy_officer", view)
}

func (s *Site) nameOfficer(p *Page) error {
	f := p.Form()
	view, err := s.officerForm(p, f, "page.candidacy.name_officer")
	if err != nil {
		return err
	}
	cmd := label.NameOfficer{Platform: p.Platform.ID, Person: f.ID("person"), From: f.Need("from").Date("from")}
	if err = f.Err(); err == nil {
		_, err = s.Label.NameOfficer(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("candidacy_officer", f, err, view)
	}
	return p.Done(p.To("label", "candidacy"), "page.candidacy.officer_named")
}

// officerIn is the record in the path.
func (s *Site) officerIn(p *Page, f *Form) (OfficerForm, error) {
	id, err := p.ID("id")
	if err != nil {
		return OfficerForm{}, err
	}
	lines, err := s.Label.Officers(p.Context(), p.Platform.ID)
	if err != nil {
		return OfficerForm{}, err
	}
	p.Title = p.T("page.candidacy.void_officer")
	p.Crumb(p.T("page.candidacy.title"), p.To("label", "candidacy"))
	for _, l := range lines {
		if l.ID == id && l.Void == "" {
			return OfficerForm{Form: f, Line: &l}, nil
		}
	}
	return OfficerForm{}, qms.NotFound("record.not_found")
}

func (s *Site) newOfficerVoid(p *Page) error {
	f := p.Form()
	view, err := s.officerIn(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", view.Line.Revision)
	return p.Render("candidacy_officer_void", view)
}

func (s *Site) voidOfficer(p *Page) error {
	f := p.Form()
	view, err := s.officerIn(p, f)
	if err != nil {
		return err
	}
	target := p.labelTarget(f, view.Line.ID)
	if err = f.Err(); err == nil {
		_, err = s.Label.VoidOfficer(p.Context(), target)
	}
	if err != nil {
		return p.Again("candidacy_officer_void", f, err, view)
	}
	return p.Done(p.To("label", "candidacy"), "page.candidacy.officer_voided")
}

// labelTarget is the record of the programme that a form changes.
func (p *Page) labelTarget(f *Form, id qms.ID) label.Target {
	return label.Target{Platform: p.Platform.ID, ID: id, Revision: int64(f.Int("revision")), Reason: f.Text("reason")}
}
