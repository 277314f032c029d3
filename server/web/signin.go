package web

import (
	"strings"

	"maillon/qms"
	"maillon/qms/people"
)

func (s *Site) peoplePages() {
	s.page("/sign-in", qms.Public, s.signInForm)
	s.act("/sign-in", qms.Public, s.signIn)
	s.act("/sign-out", qms.SignedIn, s.signOut)
	s.page("/", qms.SignedIn, s.home)
	s.page("/account", qms.SignedIn, s.account)
	s.act("/account", qms.SignedIn, s.changePassword)
	s.page(Prefix, qms.ReadPlatform, s.dashboard)
	s.page(Prefix+"/members", qms.ReadPlatform, s.members)
	s.page(Prefix+"/members/new", qms.ManageMembers, s.newMember)
	s.act(Prefix+"/members/new", qms.ManageMembers, s.addMember)
	s.page(Prefix+"/members/:member/edit", qms.ManageMembers, s.editMember)
	s.act(Prefix+"/members/:member/edit", qms.ManageMembers, s.changeMember)
	s.page(Prefix+"/roles/new", qms.ManageMembers, s.newGrant)
	s.act(Prefix+"/roles/new", qms.ManageMembers, s.addGrant)
	s.page(Prefix+"/roles/:grant/end", qms.ManageMembers, s.endingGrant)
	s.act(Prefix+"/roles/:grant/end", qms.ManageMembers, s.endGrant)
	s.page("/platforms/new", qms.ManagePlatforms, s.newPlatform)
	s.act("/platforms/new", qms.ManagePlatforms, s.addPlatform)
	s.page("/accounts", qms.ManageAccounts, s.accounts)
	s.page("/accounts/new", qms.ManageAccounts, s.newAccount)
	s.act("/accounts/new", qms.ManageAccounts, s.addAccount)
	s.page("/accounts/:person/password", qms.ManageAccounts, s.resettingPassword)
	s.act("/accounts/:person/password", qms.ManageAccounts, s.resetPassword)
	s.page("/accounts/:person/close", qms.ManageAccounts, s.closingAccount)
	s.act("/accounts/:person/close", qms.ManageAccounts, s.closeAccount)
}

// SignInView is the page to sign in, and where to go from there.
type SignInView struct {
	Form *Form
	To   string
}

func (s *Site) signInForm(p *Page) error {
	if p.Actor.ID != "" {
		return p.Redirect(local(p.Query("to")))
	}
	p.Title = p.T("page.sign_in.title")
	return p.Render("sign_in", SignInView{Form: p.Form(), To: local(p.Query("to"))})
}

func (s *Site) signIn(p *Page) error {
	form := p.Form()
	p.Title = p.T("page.sign_in.title")
	opened, err := s.People.SignIn(p.Context(), people.SignIn{Email: form.Text("email"), Password: form.Raw("password"), Address: s.Guard.Address(p.c)})
	if err != nil {
		return p.Again("sign_in", form, err, SignInView{Form: form, To: local(form.Text("to"))})
	}
	s.Guard.Remember(p.c, opened.Token, opened.Expires)
	return p.Redirect(local(form.Text("to")))
}

func (s *Site) signOut(p *Page) error {
	if err := s.People.SignOut(p.Context(), s.Guard.Token(p.c)); err != nil {
		return err
	}
	s.Guard.Forget(p.c)
	return p.Done("/sign-in", "page.sign_out.done")
}

// HomeView is the list of platforms that one may look into.
type HomeView struct{ Cards []PlatformCard }

// PlatformCard is one platform and what the reader is there.
type PlatformCard struct {
	people.Platform
	Href  string
	Roles string
}

func (s *Site) home(p *Page) error {
	if len(p.Platforms) == 1 && len(p.SiteNavigation()) == 0 {
		return p.Redirect(p.HomeOf(p.Platforms[0].Code, p.Platforms[0].ID))
	}
	p.Title = p.T("page.home.title")
	var data HomeView
	for _, pf := range p.Platforms {
		var roles []string
		for _, g := range p.Actor.Grants {
			if g.Platform == pf.ID || g.Platform == "" {
				roles = append(roles, p.T("role."+string(g.Role)))
			}
		}
		data.Cards = append(data.Cards, PlatformCard{pf, p.HomeOf(pf.Code, pf.ID), strings.Join(roles, ", ")})
	}
	return p.Render("home", data)
}

// AccountView is one's own account.
type AccountView struct {
	Form  *Form
	Roles []string
}

func (s *Site) account(p *Page) error {
	p.Title = p.T("page.account.title")
	return p.Render("account", AccountView{p.Form(), s.ownRoles(p)})
}

func (s *Site) changePassword(p *Page) error {
	form := p.Form()
	p.Title = p.T("page.account.title")
	cmd := people.ChangePassword{Current: form.Raw("password"), New: form.Raw("new"), Token: s.Guard.Token(p.c)}
	if err := s.People.ChangePassword(p.Context(), cmd); err != nil {
		return p.Again("account", form, err, AccountView{form, s.ownRoles(p)})
	}
	return p.Done("/account", "page.account.changed")
}

// ownRoles says what the reader is, and where.
func (s *Site) ownRoles(p *Page) []string {
	names := map[qms.ID]string{"": p.T("page.account.on_site")}
	for _, pf := range p.Platforms {
		names[pf.ID] = pf.Name
	}
	var roles []string
	for _, g := range p.Actor.Grants {
		roles = append(roles, p.T("page.account.role", g.Role, names[g.Platform]))
	}
	return roles
}
