package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/people"
)

// Member is somebody's belonging to a platform.
type Member struct {
	ID      qms.ID   `json:"id"`
	Person  qms.ID   `json:"person"`
	Code    string   `json:"code" example:"P01"`
	Name    string   `json:"name" example:"Agent 01"`
	Email   string   `json:"email,omitempty" example:"agent01@plateforme.example"`
	Trainer bool     `json:"trainer"`
	From    qms.Date `json:"from,omitzero" format:"date"`
	Until   qms.Date `json:"until,omitzero" format:"date" doc:"The first day on which it no longer holds"`
	Rev     int64    `json:"revision" doc:"For If-Match"`
}

func renderMember(m people.Member) Member {
	return Member{m.Membership, m.Person, m.Code, m.Name, m.Email, m.Trainer, m.From, m.Until, m.Revision}
}

type listInPlatform struct {
	InPlatform
	Paged
}

func (a *API) listMembers(ctx context.Context, in *listInPlatform) (*List[Member], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	all, err := a.s.People.Members(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, slicePage(all, in.Cursor(), func(m people.Member) string { return m.Code }), renderMember), nil
}

type addMember struct {
	InPlatform
	Body struct {
		Code    string   `json:"code" maxLength:"40" example:"P01"`
		Name    string   `json:"name" maxLength:"200" example:"Agent 01"`
		Email   string   `json:"email,omitempty" maxLength:"254" doc:"A person known by it is not made twice"`
		Trainer bool     `json:"trainer,omitempty"`
		From    qms.Date `json:"from,omitzero" required:"false" format:"date" doc:"Today when absent"`
		Until   qms.Date `json:"until,omitzero" required:"false" format:"date"`
		Role    qms.Role `json:"role,omitempty" enum:"manager,quality-lead,member,user,auditor" doc:"Held for the same days"`
		Reason  string   `json:"reason,omitempty" maxLength:"2000"`
	}
}

type memberAnswer struct {
	ETag string `header:"ETag" doc:"The revision, for If-Match"`
	Body Member
}

type changeMember struct {
	InPlatform
	IfMatch
	Member string `path:"member" maxLength:"36" doc:"The id of the membership"`
	Body   struct {
		Trainer bool     `json:"trainer"`
		From    qms.Date `json:"from,omitzero" required:"false" format:"date" doc:"From ever when absent"`
		Until   qms.Date `json:"until,omitzero" required:"false" format:"date" doc:"The first day without; open when absent"`
		Reason  string   `json:"reason,omitempty" maxLength:"2000"`
	}
}

func (a *API) changeMember(ctx context.Context, in *changeMember) (*memberAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	id, err := qms.ParseID(in.Member)
	if err != nil {
		return nil, qms.NotFound("member.not_found")
	}
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	b := in.Body
	m, err := a.s.People.ChangeMember(ctx, people.ChangeMember{Platform: p.ID, Membership: id, Revision: revision,
		Trainer: b.Trainer, From: b.From, Until: b.Until, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	return &memberAnswer{etag(m.Revision), renderMember(*m)}, nil
}

func (a *API) addMember(ctx context.Context, in *addMember) (*memberAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	m, err := a.s.People.AddMember(ctx, people.AddMember{Platform: p.ID, Code: b.Code, Name: b.Name, Email: b.Email,
		Trainer: b.Trainer, From: b.From, Until: b.Until, Role: b.Role, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	return &memberAnswer{etag(m.Revision), renderMember(*m)}, nil
}

// Role is a role held from a day until a day.
type Role struct {
	ID     qms.ID   `json:"id"`
	Person qms.ID   `json:"person"`
	Name   string   `json:"name,omitempty" example:"Agent 01"`
	Role   qms.Role `json:"role" example:"manager"`
	From   qms.Date `json:"from" format:"date"`
	Until  qms.Date `json:"until,omitzero" format:"date" doc:"The first day on which it no longer holds"`
}

func renderHeld(h people.Held) Role {
	return Role{h.Grant, h.Person, h.Name, h.Role, h.From, h.Until}
}

func renderGrant(g *people.RoleGrant) Role {
	return Role{ID: g.ID, Person: g.Person, Role: g.Role, From: g.FromDate, Until: g.UntilDate}
}

func (a *API) listRoles(ctx context.Context, in *listInPlatform) (*List[Role], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	all, err := a.s.People.Grants(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	key := func(h people.Held) string { return h.Name + "\x1f" + h.From.String() + "\x1f" + string(h.Grant) }
	return list(&in.Paged, slicePage(sorted(all, key), in.Cursor(), key), renderHeld), nil
}

type giveRole struct {
	InPlatform
	Body struct {
		Person qms.ID   `json:"person" maxLength:"36"`
		Role   qms.Role `json:"role" enum:"manager,quality-lead,member,user,auditor"`
		From   qms.Date `json:"from,omitzero" required:"false" format:"date" doc:"Today when absent"`
		Until  qms.Date `json:"until,omitzero" required:"false" format:"date" doc:"An auditor always has one"`
		Reason string   `json:"reason,omitempty" maxLength:"2000"`
	}
}

type roleAnswer struct{ Body Role }

func (a *API) giveRole(ctx context.Context, in *giveRole) (*roleAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if b.Person, err = qms.ParseID(string(b.Person)); err != nil {
		return nil, qms.NotFound("person.not_found")
	}
	g, err := a.s.People.Grant(ctx, people.Grant{Platform: p.ID, Person: b.Person, Role: b.Role, From: b.From, Until: b.Until, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	return &roleAnswer{renderGrant(g)}, nil
}

type endRole struct {
	InPlatform
	Role string `path:"role" maxLength:"36" doc:"The id of the role"`
	Body struct {
		Until  qms.Date `json:"until,omitzero" required:"false" format:"date" doc:"Today when absent"`
		Reason string   `json:"reason,omitempty" maxLength:"2000"`
	}
}

func (a *API) endRole(ctx context.Context, in *endRole) (*roleAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	id, err := qms.ParseID(in.Role)
	if err != nil {
		return nil, qms.NotFound("grant.not_found")
	}
	g, err := a.s.People.EndGrant(ctx, people.EndGrant{Platform: p.ID, Grant: id, Until: in.Body.Until, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return &roleAnswer{renderGrant(g)}, nil
}

// Account is somebody's means to sign in, with the roles on the site.
type Account struct {
	Person qms.ID `json:"person"`
	Name   string `json:"name" example:"Agent 01"`
	Email  string `json:"email" example:"agent01@plateforme.example"`
	Closed bool   `json:"closed"`
	Roles  []Role `json:"roles" nullable:"false" doc:"On the site, of all times"`
}

func renderAccount(h people.Holder) Account {
	out := Account{Person: h.Person, Name: h.Name, Email: h.Email, Closed: h.Closed, Roles: []Role{}}
	for _, r := range h.Roles {
		out.Roles = append(out.Roles, renderHeld(r))
	}
	return out
}

func (a *API) listAccounts(ctx context.Context, in *struct{ Paged }) (*List[Account], error) {
	all, err := a.s.People.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	key := func(h people.Holder) string { return h.Email }
	return list(&in.Paged, slicePage(sorted(all, key), in.Cursor(), key), renderAccount), nil
}

type openAccount struct {
	Body struct {
		Email    string   `json:"email" maxLength:"254" example:"agent01@plateforme.example"`
		Name     string   `json:"name" maxLength:"200" example:"Agent 01"`
		Role     qms.Role `json:"role,omitempty" enum:"administrator,quality-officer,manager,quality-lead,member,user,auditor"`
		Platform string   `json:"platform,omitempty" maxLength:"40" doc:"The code of the platform where the role is held; absent for the site"`
		Until    qms.Date `json:"until,omitzero" required:"false" format:"date"`
	}
}

// OpenedAccount is an account just opened.
type OpenedAccount struct {
	Person   qms.ID `json:"person"`
	Made     bool   `json:"made" doc:"False when there was an account already, which got the role"`
	Password string `json:"password,omitempty" doc:"The one made; shown here and never again"`
}

type openedAnswer struct{ Body OpenedAccount }

func (a *API) openAccount(ctx context.Context, in *openAccount) (*openedAnswer, error) {
	cmd := people.AddUser{Email: in.Body.Email, Name: in.Body.Name, Role: in.Body.Role, Until: in.Body.Until}
	if in.Body.Platform != "" {
		p, err := a.platform(ctx, in.Body.Platform)
		if err != nil {
			return nil, err
		}
		cmd.Platform = p.ID
	}
	added, err := a.s.People.AddUser(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return &openedAnswer{OpenedAccount{added.Person, added.Made, added.Password}}, nil
}

type resetPassword struct {
	Person string `path:"person" maxLength:"36" doc:"The id of the person"`
	Body   struct {
		Reason string `json:"reason,omitempty" maxLength:"2000"`
	}
}

// NewPassword is a password that was made.
type NewPassword struct {
	Password string `json:"password" doc:"Shown here and never again"`
}

type passwordAnswer struct{ Body NewPassword }

func (a *API) resetPassword(ctx context.Context, in *resetPassword) (*passwordAnswer, error) {
	id, err := qms.ParseID(in.Person)
	if err != nil {
		return nil, qms.NotFound("account.not_found")
	}
	password, err := a.s.People.ResetPassword(ctx, id, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &passwordAnswer{NewPassword{password}}, nil
}

type closeAccount struct {
	Person string `path:"person" maxLength:"36" doc:"The id of the person"`
	Body   struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

func (a *API) closeAccount(ctx context.Context, in *closeAccount) (*nothing, error) {
	id, err := qms.ParseID(in.Person)
	if err != nil {
		return nil, qms.NotFound("account.not_found")
	}
	return nil, a.s.People.CloseAccount(ctx, id, in.Body.Reason)
}
