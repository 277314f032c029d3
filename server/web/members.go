package web

import (
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/people"
)

// MembersView is the members and the roles of a platform.
type MembersView struct {
	Members []MemberLine
	Roles   []RoleLine
	Present int
}

// MemberLine is a member, the roles held today and whether the membership holds.
type MemberLine struct {
	people.Member
	Roles string
	State string
}

// RoleLine is a role held, to come or over.
type RoleLine struct {
	people.Held
	State string
}

func (s *Site) members(p *Page) error {
	members, err := s.People.Members(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	held, err := s.People.Grants(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	p.Title = p.T("page.members.title")
	data, roles := MembersView{}, map[qms.ID][]string{}
	for _, h := range held {
		if h.Active(p.Today) {
			roles[h.Person] = append(roles[h.Person], p.T("role."+string(h.Role)))
		}
		data.Roles = append(data.Roles, RoleLine{h, stateOf(h.From, h.Until, p.Today)})
	}
	for _, m := range members {
		line := MemberLine{m, strings.Join(roles[m.Person], ", "), stateOf(m.From, m.Until, p.Today)}
		if m.Active(p.Today) {
			data.Present++
		}
		data.Members = append(data.Members, line)
	}
	return p.Render("members", data)
}

// stateOf is the state of what holds from a day until a day.
func stateOf(from, until, today qms.Date) string {
	period := qms.Period{From: from, Until: until}
	switch {
	case period.Contains(today) && until != 0 && today.DaysUntil(until) <= 30:
		return "expiring"
	case period.Contains(today):
		return "valid"
	case from > today:
		return "todo"
	}
	return "expired"
}

// MemberFormView is the form for a new member.
type MemberFormView struct {
	Form  *Form
	Roles []Option
}

// roleOptions are the roles to choose from, after one that stands for none when none is given words.
func (p *Page) roleOptions(none string, roles []qms.Role) []Option {
	var options []Option
	if none != "" {
		options = append(options, Option{"", p.T(none)})
	}
	for _, r := range roles {
		options = append(options, Option{string(r), p.T("role." + string(r))})
	}
	return options
}

func (s *Site) memberForm(p *Page, f *Form) MemberFormView {
	p.Title = p.T("page.members.new")
	p.Section = "members"
	p.Crumb(p.T("page.members.title"), p.To("members"))
	return MemberFormView{f, p.roleOptions("page.members.no_role", people.PlatformRoles())}
}

func (s *Site) newMember(p *Page) error {
	return p.Render("member_new", s.memberForm(p, p.Form().Set("from", p.Today)))
}

func (s *Site) addMember(p *Page) error {
	form := p.Form().Need("code", "name")
	cmd := people.AddMember{Platform: p.Platform.ID, Code: form.Text("code"), Name: form.Text("name"), Email: form.Text("email"),
		Trainer: form.Checked("trainer"), From: form.Date("from"), Until: form.Date("until"), Role: qms.Role(form.Text("role"))}
	err := form.Err()
	if err == nil {
		_, err = s.People.AddMember(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("member_new", form, err, s.memberForm(p, form))
	}
	return p.Done(p.To("members"), "page.members.added", cmd.Name)
}

// MemberEditView is the form that changes a membership.
type MemberEditView struct {
	Form   *Form
	Member *people.Member
}

func (s *Site) memberToEdit(p *Page, f *Form) (MemberEditView, error) {
	id, err := p.ID("member")
	if err != nil {
		return MemberEditView{}, err
	}
	m, err := s.People.Member(p.Context(), p.Platform.ID, id)
	if err != nil {
		return MemberEditView{}, err
	}
	p.Title = p.T("page.members.edit")
	p.Crumb(p.T("page.members.title"), p.To("members"))
	return MemberEditView{f, m}, nil
}

func (s *Site) editMember(p *Page) error {
	form := p.Form()
	data, err := s.memberToEdit(p, form)
	if err != nil {
		return err
	}
	form.Set("trainer", data.Member.Trainer).Set("from", data.Member.From).Set("until", data.Member.Until).Set("revision", data.Member.Revision)
	return p.Render("member_edit", data)
}

func (s *Site) changeMember(p *Page) error {
	form := p.Form()
	data, err := s.memberToEdit(p, form)
	if err != nil {
		return err
	}
	cmd := people.ChangeMember{Platform: p.Platform.ID, Membership: data.Member.Membership, Revision: int64(form.Int("revision")),
		Trainer: form.Checked("trainer"), From: form.Date("from"), Until: form.Date("until"), Reason: form.Text("reason")}
	if err = form.Err(); err == nil {
		_, err = s.People.ChangeMember(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("member_edit", form, err, data)
	}
	return p.Done(p.To("members"), "page.members.changed", data.Member.Name)
}

// GrantFormView is the form for a role.
type GrantFormView struct {
	Form   *Form
	People []Option
	Roles  []Option
}

func (s *Site) grantForm(p *Page, f *Form) (GrantFormView, error) {
	p.Title = p.T("page.roles.new")
	p.Section = "members"
	p.Crumb(p.T("page.members.title"), p.To("members"))
	members, err := s.People.Members(p.Context(), p.Platform.ID)
	if err != nil {
		return GrantFormView{}, err
	}
	held, err := s.People.Grants(p.Context(), p.Platform.ID)
	if err != nil {
		return GrantFormView{}, err
	}
	view := GrantFormView{Form: f, Roles: p.roleOptions("", people.PlatformRoles())}
	listed := map[qms.ID]bool{}
	for _, m := range members {
		view.People, listed[m.Person] = append(view.People, Option{string(m.Person), m.Code + ", " + m.Name}), true
	}
	for _, h := range held {
		if !listed[h.Person] {
			view.People, listed[h.Person] = append(view.People, Option{string(h.Person), h.Name}), true
		}
	}
	if p.Actor.Can(qms.ManageAccounts.OnSite()) {
		err = s.addHolders(p, &view, listed)
	}
	return view, err
}

// addHolders lets who manages accounts name anybody who has one.
func (s *Site) addHolders(p *Page, view *GrantFormView, listed map[qms.ID]bool) error {
	holders, err := s.People.Accounts(p.Context())
	for _, h := range holders {
		if !listed[h.Person] && !h.Closed {
			view.People = append(view.People, Option{string(h.Person), h.Name + ", " + h.Email})
		}
	}
	return err
}

func (s *Site) newGrant(p *Page) error {
	data, err := s.grantForm(p, p.Form().Set("from", p.Today).Set("person", p.Query("person")))
	if err != nil {
		return err
	}
	return p.Render("role_new", data)
}

func (s *Site) addGrant(p *Page) error {
	form := p.Form().Need("person", "role")
	cmd := people.Grant{Platform: p.Platform.ID, Person: form.ID("person"), Role: qms.Role(form.Text("role")),
		From: form.Date("from"), Until: form.Date("until"), Reason: form.Text("reason")}
	err := form.Err()
	if err == nil {
		_, err = s.People.Grant(p.Context(), cmd)
	}
	if err != nil {
		data, failed := s.grantForm(p, form)
		if failed != nil {
			return failed
		}
		return p.Again("role_new", form, err, data)
	}
	return p.Done(p.To("members"), "page.roles.added", cmd.Role)
}

// EndView is the form that ends a role.
type EndView struct {
	Form *Form
	Held people.Held
}

func (s *Site) endForm(p *Page, f *Form) (EndView, error) {
	id, err := p.ID("grant")
	if err != nil {
		return EndView{}, err
	}
	held, err := s.People.Grants(p.Context(), p.Platform.ID)
	if err != nil {
		return EndView{}, err
	}
	i := slices.IndexFunc(held, func(h people.Held) bool { return h.Grant == id })
	if i < 0 {
		return EndView{}, qms.NotFound("grant.not_found")
	}
	p.Title = p.T("page.roles.end")
	p.Section = "members"
	p.Crumb(p.T("page.members.title"), p.To("members"))
	return EndView{f, held[i]}, nil
}

func (s *Site) endingGrant(p *Page) error {
	data, err := s.endForm(p, p.Form().Set("until", p.Today))
	if err != nil {
		return err
	}
	return p.Render("role_end", data)
}

func (s *Site) endGrant(p *Page) error {
	form := p.Form()
	data, err := s.endForm(p, form)
	if err != nil {
		return err
	}
	cmd := people.EndGrant{Platform: p.Platform.ID, Grant: data.Held.Grant, Until: form.Date("until"), Reason: form.Text("reason")}
	if err = form.Err(); err == nil {
		_, err = s.People.EndGrant(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("role_end", form, err, data)
	}
	return p.Done(p.To("members"), "page.roles.ended", data.Held.Name)
}
