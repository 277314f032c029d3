package demo

import (
	"context"
	"fmt"

	"maillon/qms"
	"maillon/qms/people"
)

// The codes of the demo's platforms.
const (
	Micro   = "MICRO"
	Spectro = "SPECTRO"
)

// agent is one of the demo's people.
type agent struct {
	number   int
	platform string // empty for the site
	role     qms.Role
	trainer  bool
}

var agents = []agent{
	{1, Micro, qms.Manager, true},
	{2, Micro, qms.QualityLead, false},
	{3, Micro, qms.Member, true},
	{4, Micro, qms.Member, false},
	{5, Micro, qms.Member, false},
	{6, Micro, qms.User, false},
	{7, Spectro, qms.Manager, true},
	{8, Spectro, qms.QualityLead, false},
	{9, Spectro, qms.Member, false},
	{10, "", qms.QualityOfficer, false},
	{11, Micro, qms.Auditor, false},
	{12, "", qms.Administrator, false},
}

func (a agent) name() string  { return fmt.Sprintf("Agent %02d", a.number) }
func (a agent) email() string { return fmt.Sprintf("agent%02d@plateforme.example", a.number) }

// Accounts lists who can sign in.
func Accounts() []Account {
	all := make([]Account, 0, len(agents))
	for _, a := range agents {
		all = append(all, Account{Email: a.email(), Name: a.name(), Role: a.role, Where: a.platform})
	}
	return all
}

// people makes the platforms and who works there.
func (y *year) people(ctx context.Context) (micro, spectro qms.ID, err error) {
	first, err := y.h.People.AddPlatform(ctx, people.AddPlatform{Code: Micro, Name: "Plateforme de microscopie (exemple)"})
	if err != nil {
		return "", "", err
	}
	second, err := y.h.People.AddPlatform(ctx, people.AddPlatform{Code: Spectro, Name: "Plateforme de spectrométrie (exemple)"})
	if err != nil {
		return "", "", err
	}
	platforms := map[string]qms.ID{Micro: first.ID, Spectro: second.ID}
	for _, a := range agents {
		if err := y.settle(ctx, a, platforms[a.platform]); err != nil {
			return "", "", fmt.Errorf("%s: %w", a.name(), err)
		}
	}
	return first.ID, second.ID, nil
}

// settle opens the account of an agent and makes them a member, with their role, of their platform.
func (y *year) settle(ctx context.Context, a agent, platform qms.ID) error {
	user := people.AddUser{Email: a.email(), Name: a.name(), Password: y.password}
	member := platform != "" && a.role != qms.Auditor
	if !member {
		user.Role, user.Platform = a.role, platform
	}
	if a.role == qms.Auditor { // for an evaluation that begins with the year and ends half a year after it
		user.Until = y.date(Days + 180)
	}
	added, err := y.h.People.AddUser(ctx, user)
	if err != nil {
		return err
	}
	y.agents[a.number] = qms.Actor{ID: added.Person, Name: a.name(), Grants: []qms.Grant{{Role: a.role, Platform: platform}}}
	if !member {
		return nil
	}
	_, err = y.h.People.AddMember(ctx, people.AddMember{Platform: platform, Code: fmt.Sprintf("A%02d", a.number), Name: a.name(),
		Email: a.email(), Trainer: a.trainer, Role: a.role})
	return err
}
