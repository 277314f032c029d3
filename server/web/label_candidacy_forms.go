package web

import (
	"fmt"
	"slices"

	"maillon/qms"
	"maillon/qms/label"
)

// CandidacyForm is the form of a candidacy.
type CandidacyForm struct {
	Form        *Form
	Candidacy   *label.Candidacy // that it corrects; nil for a new one
	Boxes       []Option         // the institutions
	People      []Option
	Signatories []int // numbers of the lines, from 1
	Team        []int
}

// How many blank lines the form offers below those that state something, and how many it reads.
const (
	spareLines   = 3
	maxFormLines = 80
)

// Wrong is what is wrong with a field.
func (v CandidacyForm) Wrong(name string) string { return v.Form.sentenceOf(name) }

// Leads reports whether the line of the team is the one that leads.
func (v CandidacyForm) Leads(n int) bool { return v.Form.Text("lead") == fmt.Sprint(n) }

func (s *Site) candidacyForm(p *Page, f *Form, c *label.Candidacy) (view CandidacyForm, err error) {
	p.Title = p.T("page.candidacy.new")
	if c != nil {
		p.Title = p.T("page.candidacy.correct")
	}
	p.Crumb(p.T("page.candidacy.title"), p.To("label", "candidacy"))
	view = CandidacyForm{Form: f, Candidacy: c, People: []Option{{"", p.T("page.candidacy.somebody_else")}}}
	all, err := s.Label.Institutions(p.Context())
	if err != nil {
		return view, err
	}
	for _, i := range all {
		if i.Void == "" || c != nil && slices.Contains(c.Institutions, i.ID) {
			view.Boxes = append(view.Boxes, Option{string(i.ID), i.ShortName + ", " + i.Name})
		}
	}
	holders, err := s.Label.TeamChoices(p.Context(), p.Platform.ID)
	for _, h := range holders {
		view.People = append(view.People, Option{string(h.Person), h.Name})
	}
	if c != nil {
		view.People = kept(view.People, c)
	}
	return view, err
}

// kept offers those whom the candidacy names and who have left since.
func kept(people []Option, c *label.Candidacy) []Option {
	for _, m := range c.Team {
		if m.Person != "" && !slices.ContainsFunc(people, func(o Option) bool { return o.Value == string(m.Person) }) {
			people = append(people, Option{string(m.Person), m.Name})
		}
	}
	return people
}

// compact moves the lines that state something up, so that the names of the fields are those that the room
// gives to the lines it is told, and counts the lines to show.
func (f *Form) compact(prefix string, names ...string) []int {
	n := 0
	for line := 1; line <= maxFormLines; line++ {
		from, stated := fmt.Sprintf("%s.%d.", prefix, line), false
		for _, name := range names {
			stated = stated || f.Text(from+name) != ""
		}
		if !stated {
			continue
		}
		n++
		to := fmt.Sprintf("%s.%d.", prefix, n)
		if to == from {
			continue
		}
		for _, name := range names {
			f.values[to+name] = f.values[from+name]
			delete(f.values, from+name)
		}
		if prefix == "team" && f.Text("lead") == fmt.Sprint(line) {
			f.values.Set("lead", fmt.Sprint(n))
		}
	}
	lines := make([]int, n)
	for i := range lines {
		lines[i] = i + 1
	}
	return lines
}

func spared(lines []int) []int {
	for range spareLines {
		lines = append(lines, len(lines)+1)
	}
	return lines
}

// command reads the form; the lines are compacted.
func (v *CandidacyForm) command(p *Page) label.StateCandidacy {
	f := v.Form
	v.Signatories, v.Team = f.compact("signatories", "name", "function", "signed_on"), f.compact("team", "person", "name", "part")
	cmd := label.StateCandidacy{Target: label.Target{Platform: p.Platform.ID}, ReceivedOn: f.Date("received_on"), Staff: int64(f.Int("staff")),
		Included: f.Text("included"), Excluded: f.Text("excluded"), Equipment: f.Text("equipment"), Sites: f.Text("sites"),
		Activities: f.Text("activities"), Direct: f.Checked("direct"), DirectReason: f.Text("direct_reason")}
	for _, id := range f.Texts("institutions") {
		cmd.Institutions = append(cmd.Institutions, qms.ID(id))
	}
	for _, n := range v.Signatories {
		at := fmt.Sprintf("signatories.%d.", n)
		cmd.Signatories = append(cmd.Signatories, label.Signatory{Name: f.Text(at + "name"), Function: f.Text(at + "function"), SignedOn: f.Date(at + "signed_on")})
	}
	for _, n := range v.Team {
		at := fmt.Sprintf("team.%d.", n)
		cmd.Team = append(cmd.Team, label.TeamMember{Person: f.ID(at + "person"), Name: f.Text(at + "name"), Part: f.Text(at + "part"), Lead: v.Leads(n)})
	}
	v.Signatories, v.Team = spared(v.Signatories), spared(v.Team)
	return cmd
}

// prefill shows what a candidacy states.
func (v *CandidacyForm) prefill(c *label.Candidacy) {
	f := v.Form
	f.Set("revision", c.Revision).Set("received_on", c.ReceivedOn).Set("staff", c.Staff).Set("included", c.Included).Set("excluded", c.Excluded).
		Set("equipment", c.Equipment).Set("sites", c.Sites).Set("activities", c.Activities).Set("direct", c.Direct).Set("direct_reason", c.DirectReason)
	for _, id := range c.Institutions {
		f.Set("institutions", id)
	}
	for i, s := range c.Signatories {
		at := fmt.Sprintf("signatories.%d.", i+1)
		f.Set(at+"name", s.Name).Set(at+"function", s.Function).Set(at+"signed_on", s.SignedOn)
		v.Signatories = append(v.Signatories, i+1)
	}
	for i, m := range c.Team {
		at := fmt.Sprintf("team.%d.", i+1)
		f.Set(at+"part", m.Part)
		if m.Person == "" {
			f.Set(at+"name", m.Name)
		} else {
			f.Set(at+"person", m.Person)
		}
		if m.Lead {
			f.Set("lead", i+1)
		}
		v.Team = append(v.Team, i+1)
	}
	v.Signatories, v.Team = spared(v.Signatories), spared(v.Team)
}

func (s *Site) newCandidacy(p *Page) error {
	view, err := s.candidacyForm(p, p.Form().Set("received_on", p.Today).Set("lead", 1), nil)
	if err != nil {
		return err
	}
	view.Signatories, view.Team = spared(nil), spared(nil)
	return p.Render("candidacy_form", view)
}

func (s *Site) receiveCandidacy(p *Page) error {
	view, err := s.candidacyForm(p, p.Form(), nil)
	if err != nil {
		return err
	}
	cmd := view.command(p)
	if err = view.Form.Err(); err == nil {
		_, err = s.Label.ReceiveCandidacy(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("candidacy_form", view.Form, err, view)
	}
	return p.Done(p.To("label", "candidacy"), "page.candidacy.received")
}

// candidacyIn is the candidacy in the path, which goes on.
func (s *Site) candidacyIn(p *Page) (*label.CandidacySheet, error) {
	id, err := p.ID("id")
	if err != nil {
		return nil, err
	}
	sheet, err := s.Label.Candidacy(p.Context(), p.Platform.ID, id)
	if err != nil {
		return nil, err
	}
	switch c := sheet.Candidacy; {
	case c.Void != "":
		return nil, qms.Conflict("record.void")
	case c.EndedOn != 0:
		return nil, qms.Conflict("candidacy.ended", c.EndedOn)
	}
	return sheet, nil
}

func (s *Site) editCandidacy(p *Page) error {
	sheet, err := s.candidacyIn(p)
	if err != nil {
		return err
	}
	view, err := s.candidacyForm(p, p.Form(), sheet.Candidacy)
	if err != nil {
		return err
	}
	view.prefill(sheet.Candidacy)
	return p.Render("candidacy_form", view)
}

func (s *Site) correctCandidacy(p *Page) error {
	sheet, err := s.candidacyIn(p)
	if err != nil {
		return err
	}
	view, err := s.candidacyForm(p, p.Form(), sheet.Candidacy)
	if err != nil {
		return err
	}
	cmd := view.command(p)
	cmd.Target = p.labelTarget(view.Form, sheet.Candidacy.ID)
	signs := sheet.Candidacy.Decided() && p.Can(qms.AccompanyPlatform) // who may not is refused whatever they type
	err = s.signedIf(signs, p, view.Form, func() error { _, err := s.Label.CorrectCandidacy(p.Context(), cmd); return err })
	if err != nil {
		return p.Again("candidacy_form", view.Form, err, view)
	}
	return p.Done(p.To("label", "candidacy"), "page.candidacy.corrected")
}
