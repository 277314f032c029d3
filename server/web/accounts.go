package web

import (
	"slices"

	"maillon/qms"
	"maillon/qms/people"
)

// PlatformFormView is the form for a new platform.
type PlatformFormView struct{ Form *Form }

func (s *Site) newPlatform(p *Page) error {
	p.Title = p.T("page.platforms.new")
	return p.Render("platform_new", PlatformFormView{p.Form()})
}

func (s *Site) addPlatform(p *Page) error {
	form := p.Form()
	p.Title = p.T("page.platforms.new")
	made, err := s.People.AddPlatform(p.Context(), people.AddPlatform{Code: form.Text("code"), Name: form.Text("name")})
	if err != nil {
		return p.Again("platform_new", form, err, PlatformFormView{form})
	}
	return p.Done("/p/"+made.Code, "page.platforms.added", made.Name)
}

// AccountsView is who may sign in.
type AccountsView struct{ Holders []people.Holder }

func (s *Site) accounts(p *Page) error {
	holders, err := s.People.Accounts(p.Context())
	if err != nil {
		return err
	}
	p.Title = p.T("page.accounts.title")
	return p.Render("accounts", AccountsView{holders})
}

// AccountFormView is the form for a new account.
type AccountFormView struct {
	Form      *Form
	Roles     []Option
	Platforms []Option
}

// MadeView shows a password that was made, once.
type MadeView struct{ Email, Password string }

func (s *Site) accountForm(p *Page, f *Form) AccountFormView {
	p.Title = p.T("page.accounts.new")
	p.Section = "accounts"
	p.Crumb(p.T("page.accounts.title"), "/accounts")
	view := AccountFormView{Form: f, Roles: p.roleOptions("page.members.no_role", qms.Roles()),
		Platforms: []Option{{"", p.T("page.account.on_site")}}}
	for _, pf := range p.Platforms {
		view.Platforms = append(view.Platforms, Option{string(pf.ID), pf.Name})
	}
	return view
}

func (s *Site) newAccount(p *Page) error {
	return p.Render("account_new", s.accountForm(p, p.Form()))
}

// addAccount shows the password it made once, so it renders instead of sending the browser on.
func (s *Site) addAccount(p *Page) error {
	form := p.Form()
	view := s.accountForm(p, form)
	cmd := people.AddUser{Email: form.Text("email"), Name: form.Text("name"), Role: qms.Role(form.Text("role")),
		Platform: form.ID("platform"), Until: form.Date("until")}
	var made *people.Added
	err := form.Err()
	if err == nil {
		made, err = s.People.AddUser(p.Context(), cmd)
	}
	if made == nil && err != nil {
		return p.Again("account_new", form, err, view)
	}
	if !made.Made {
		return p.Done("/accounts", "page.accounts.role_added", cmd.Name)
	}
	p.Title = p.T("page.accounts.made")
	return p.Render("account_made", MadeView{Email: people.NormalEmail(cmd.Email), Password: made.Password})
}

// CloseView is the form that takes an account away.
type CloseView struct {
	Form   *Form
	Holder people.Holder
}

func (s *Site) closeForm(p *Page, f *Form) (CloseView, error) {
	id, err := p.ID("person")
	if err != nil {
		return CloseView{}, err
	}
	holders, err := s.People.Accounts(p.Context())
	if err != nil {
		return CloseView{}, err
	}
	i := slices.IndexFunc(holders, func(h people.Holder) bool { return h.Person == id })
	if i < 0 {
		return CloseView{}, qms.NotFound("account.not_found")
	}
	p.Title = p.T("page.accounts.close")
	p.Section = "accounts"
	p.Crumb(p.T("page.accounts.title"), "/accounts")
	return CloseView{f, holders[i]}, nil
}

func (s *Site) closingAccount(p *Page) error {
	data, err := s.closeForm(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("account_close", data)
}

func (s *Site) closeAccount(p *Page) error {
	form := p.Form().Need("reason")
	data, err := s.closeForm(p, form)
	if err != nil {
		return err
	}
	if err = form.Err(); err == nil {
		err = s.People.CloseAccount(p.Context(), data.Holder.Person, form.Text("reason"))
	}
	if err != nil {
		return p.Again("account_close", form, err, data)
	}
	return p.Done("/accounts", "page.accounts.closed", data.Holder.Name)
}

func (s *Site) resettingPassword(p *Page) error {
	data, err := s.closeForm(p, p.Form())
	if err != nil {
		return err
	}
	p.Title = p.T("page.accounts.reset")
	return p.Render("account_reset", data)
}

// resetPassword shows the password it made once, so it renders instead of sending the browser on.
func (s *Site) resetPassword(p *Page) error {
	form := p.Form()
	data, err := s.closeForm(p, form)
	if err != nil {
		return err
	}
	p.Title = p.T("page.accounts.reset")
	password, err := s.People.ResetPassword(p.Context(), data.Holder.Person, form.Text("reason"))
	if err != nil {
		return p.Again("account_reset", form, err, data)
	}
	p.Title = p.T("page.accounts.made")
	return p.Render("account_made", MadeView{Email: data.Holder.Email, Password: password})
}
