package web

import (
	"maillon/qms"
	"maillon/qms/label"
)

// institutionPages are the institutions that stand behind platforms; the site keeps their list.
func (s *Site) institutionPages() {
	s.page("/institutions", qms.AccompanyPlatform, s.institutions)
	s.both("/institutions/new", qms.AccompanyPlatform, s.newInstitution, s.addInstitution)
	s.both("/institutions/:id/correct", qms.AccompanyPlatform, s.editInstitution, s.correctInstitution)
	s.both("/institutions/:id/void", qms.AccompanyPlatform, s.newInstitutionVoid, s.voidInstitution)
}

// InstitutionsView is the list of institutions.
type InstitutionsView struct {
	Lines []label.Institution
	Today qms.Date
}

// Word is the key of the word for whether one is a partner, Shape its state.
func (v InstitutionsView) Word(i label.Institution) string {
	return "page.institutions.is_" + v.Shape(i)
}

// Shape is the state of a partnership today.
func (v InstitutionsView) Shape(i label.Institution) string {
	switch {
	case i.Void != "":
		return "withdrawn"
	case i.PartnerOn(v.Today):
		return "valid"
	case i.PartnerFrom > v.Today:
		return "planned"
	case i.PartnerUntil != 0:
		return "expired"
	}
	return "none"
}

func (s *Site) institutions(p *Page) error {
	all, err := s.Label.Institutions(p.Context())
	if err != nil {
		return err
	}
	p.Title, p.Wide = p.T("page.institutions.title"), true
	view := InstitutionsView{Lines: all, Today: p.Today}
	if p.Exported() {
		return p.Export(export{
			name: "tutelles-" + p.Today.String(), fixed: 1, kinds: map[int]cell{2: dayCell, 3: dayCell},
			heads: []string{"page.institutions.short_name", "page.institutions.name", "page.institutions.from", "page.institutions.last_day", "page.institutions.state"},
			next: func(qms.Cursor) (rows [][]string, after string, err error) {
				for _, i := range all {
					rows = append(rows, []string{i.ShortName, i.Name, p.InputDate(i.PartnerFrom), p.InputDate(lastDayOf(i)), p.T(view.Word(i))})
				}
				return rows, "", nil
			},
		})
	}
	return p.Render("institutions_list", view)
}

// LastDay is the last day as a partner; none while there is none.
func (v InstitutionsView) LastDay(i label.Institution) qms.Date { return lastDayOf(i) }

func lastDayOf(i label.Institution) qms.Date {
	if i.PartnerUntil == 0 {
		return 0
	}
	return i.PartnerUntil.AddDays(-1)
}

// InstitutionForm is a form about an institution.
type InstitutionForm struct {
	Form        *Form
	Institution *label.Institution // nil for a new one
}

func (p *Page) institutionForm(f *Form, i *label.Institution, title string) InstitutionForm {
	p.Title = p.T(title)
	p.Crumb(p.T("page.institutions.title"), "/institutions")
	return InstitutionForm{Form: f, Institution: i}
}

func (s *Site) newInstitution(p *Page) error {
	return p.Render("institutions_form", p.institutionForm(p.Form(), nil, "page.institutions.new"))
}

func institutionCommand(f *Form) label.StateInstitution {
	cmd := label.StateInstitution{ShortName: f.Text("short_name"), Name: f.Text("name"), PartnerFrom: f.Date("partner_from")}
	if last := f.Date("partner_until"); last != 0 {
		cmd.PartnerUntil = last.AddDays(1)
	}
	return cmd
}

func (s *Site) addInstitution(p *Page) error {
	f := p.Form()
	view := p.institutionForm(f, nil, "page.institutions.new")
	cmd := institutionCommand(f)
	err := f.Err()
	if err == nil {
		_, err = s.Label.AddInstitution(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("institutions_form", f, err, view)
	}
	return p.Done("/institutions", "page.institutions.added", cmd.ShortName)
}

// institutionIn is the institution in the path, which counts.
func (s *Site) institutionIn(p *Page) (*label.Institution, error) {
	id, err := p.ID("id")
	if err != nil {
		return nil, err
	}
	i, err := s.Label.Institution(p.Context(), id)
	if err == nil && i.Void != "" {
		err = qms.Conflict("record.void")
	}
	return i, err
}

func (s *Site) editInstitution(p *Page) error {
	i, err := s.institutionIn(p)
	if err != nil {
		return err
	}
	f := p.Form().Set("revision", i.Revision).Set("short_name", i.ShortName).Set("name", i.Name).Set("partner_from", i.PartnerFrom).
		Set("partner_until", lastDayOf(*i))
	return p.Render("institutions_form", p.institutionForm(f, i, "page.institutions.correct"))
}

func (s *Site) correctInstitution(p *Page) error {
	i, err := s.institutionIn(p)
	if err != nil {
		return err
	}
	f := p.Form()
	view, cmd := p.institutionForm(f, i, "page.institutions.correct"), institutionCommand(f)
	cmd.Target = label.Target{ID: i.ID, Revision: int64(f.Int("revision")), Reason: f.Text("reason")}
	if err = f.Err(); err == nil {
		_, err = s.Label.CorrectInstitution(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("institutions_form", f, err, view)
	}
	return p.Done("/institutions", "page.institutions.corrected", cmd.ShortName)
}

func (s *Site) newInstitutionVoid(p *Page) error {
	i, err := s.institutionIn(p)
	if err != nil {
		return err
	}
	return p.Render("institutions_void", p.institutionForm(p.Form().Set("revision", i.Revision), i, "page.institutions.void"))
}

func (s *Site) voidInstitution(p *Page) error {
	i, err := s.institutionIn(p)
	if err != nil {
		return err
	}
	f := p.Form()
	view, target := p.institutionForm(f, i, "page.institutions.void"), label.Target{ID: i.ID, Revision: int64(f.Int("revision")), Reason: f.Text("reason")}
	if err = f.Err(); err == nil {
		_, err = s.Label.VoidInstitution(p.Context(), target)
	}
	if err != nil {
		return p.Again("institutions_void", f, err, view)
	}
	return p.Done("/institutions", "page.institutions.voided", i.ShortName)
}
