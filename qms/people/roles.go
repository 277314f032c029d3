package people

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// siteRoles are held on the site, every other on a platform.
var siteRoles = []qms.Role{qms.Administrator, qms.QualityOfficer}

// SiteRoles lists the roles that are held on the site.
func SiteRoles() []qms.Role { return slices.Clone(siteRoles) }

// PlatformRoles lists the roles that are held on a platform.
func PlatformRoles() []qms.Role {
	return slices.DeleteFunc(qms.Roles(), func(r qms.Role) bool { return slices.Contains(siteRoles, r) })
}

// Grant gives a person a role from a day until a day, on a platform or, when none is named, on the
// site.
type Grant struct {
	Platform qms.ID
	Person   qms.ID
	Role     qms.Role
	From     qms.Date // none: today
	Until    qms.Date // the first day on which it no longer holds; none: open, but for auditors
	Reason   string
}

// EndGrant ends a role on a day, which is its first day without.
type EndGrant struct {
	Platform qms.ID
	Grant    qms.ID
	Until    qms.Date // none: today
	Reason   string
}

// checkRole holds a role to where it may be held. An auditor comes from a day to a day (DESIGN,
// section 8).
func checkRole(role qms.Role, platform qms.ID, until qms.Date) []qms.Field {
	allowed := siteRoles
	if platform != "" {
		allowed = PlatformRoles()
	}
	switch {
	case !slices.Contains(allowed, role):
		return []qms.Field{qms.Wrong("role", "input.unknown_choice")}
	case role == qms.Auditor && until == 0:
		return []qms.Field{qms.Wrong("until", "grant.auditor_until")}
	}
	return nil
}

// needsFor is the right to give and take roles there.
func needsFor(platform qms.ID) qms.Permission {
	if platform == "" {
		return qms.ManageAccounts.OnSite()
	}
	return qms.ManageMembers.On(platform)
}

// Grant records that a person holds a role, see the command.
func (s *Service) Grant(ctx context.Context, cmd Grant) (*RoleGrant, error) {
	var g *RoleGrant
	act := qms.Act{Name: "role.grant", Needs: needsFor(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Person, Reason: cmd.Reason}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if cmd.From == 0 {
			cmd.From = tx.Today()
		}
		wrong := append(checkRole(cmd.Role, cmd.Platform, cmd.Until), checkPeriod("until", cmd.From, cmd.Until)...)
		if err := qms.InvalidFields(wrong...); err != nil {
			return err
		}
		g, err = grant(ctx, tx, cmd)
		return err
	})
	return g, err
}

func grant(ctx context.Context, tx *store.Tx, cmd Grant) (*RoleGrant, error) {
	p, err := personByID(ctx, tx, cmd.Person)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, qms.NotFound("person.not_found")
	}
	if err := reachable(ctx, tx, cmd.Platform, p.ID); err != nil {
		return nil, err
	}
	held, err := grantsOf(ctx, tx, cmd.Platform, cmd.Person)
	if err != nil {
		return nil, err
	}
	for _, h := range held {
		if h.Role == cmd.Role && (h.UntilDate == 0 || h.UntilDate > cmd.From) {
			return nil, qms.Conflict("grant.already", cmd.Role)
		}
	}
	g := &RoleGrant{Person: cmd.Person, Role: cmd.Role, FromDate: cmd.From, UntilDate: cmd.Until}
	return g, tx.Insert(ctx, g)
}

// reachable keeps a manager to persons the platform knows: who holds accounts for the whole site may
// name anybody.
func reachable(ctx context.Context, tx *store.Tx, platform, person qms.ID) error {
	if platform == "" || tx.Actor().Can(qms.ManageAccounts.OnSite()) {
		return nil
	}
	m, err := membershipOf(ctx, tx, platform, person)
	if err != nil || m != nil {
		return err
	}
	held, err := grantsOf(ctx, tx, platform, person)
	if err == nil && len(held) == 0 {
		err = qms.NotFound("person.not_found")
	}
	return err
}

// EndGrant ends a role, see the command. The last administrator stays.
func (s *Service) EndGrant(ctx context.Context, cmd EndGrant) (*RoleGrant, error) {
	var g *RoleGrant
	act := qms.Act{Name: "role.end", Needs: needsFor(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Grant, Reason: cmd.Reason}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if g, err = grantByID(ctx, tx, cmd.Platform, cmd.Grant); err != nil {
			return err
		}
		until := cmd.Until
		if until == 0 {
			until = tx.Today()
		}
		switch {
		case g.UntilDate != 0 && g.UntilDate <= tx.Today():
			return qms.Conflict("grant.ended", g.UntilDate)
		case until < tx.Today():
			return qms.InvalidFields(qms.Wrong("until", "grant.end_past"))
		}
		if g.Role == qms.Administrator {
			if err := othersAdminister(ctx, tx, g, until); err != nil {
				return err
			}
		}
		g.UntilDate = max(until, g.FromDate)
		return tx.Update(ctx, g)
	})
	return g, err
}

// othersAdminister refuses to leave the site without an administrator on the day.
func othersAdminister(ctx context.Context, tx *store.Tx, g *RoleGrant, day qms.Date) error {
	held, err := grantsOnSite(ctx, tx)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.ID != g.ID && h.Role == qms.Administrator && h.Period().Contains(day) && h.UntilDate == 0 {
			return nil
		}
	}
	return qms.Refuse("grant.last_administrator")
}

// Held is a role with who holds it.
type Held struct {
	Grant  qms.ID
	Person qms.ID
	Name   string
	Email  string
	Role   qms.Role
	From   qms.Date
	Until  qms.Date

	Platform qms.ID // none when it is held on the site
	Revision int64  // of the grant
}

// Active reports whether the role is held on the day.
func (h Held) Active(day qms.Date) bool {
	return qms.Period{From: h.From, Until: h.Until}.Contains(day)
}

// Grants lists the roles on a platform, of all times; on the site when none is named.
func (s *Service) Grants(ctx context.Context, platform qms.ID) ([]Held, error) {
	needs := qms.ReadPlatform.On(platform)
	if platform == "" {
		needs = qms.ManageAccounts.OnSite()
	}
	var held []Held
	err := s.db.View(ctx, needs, func(r store.Reader) (err error) {
		held, err = heldRoles(ctx, r, platform)
		return err
	})
	return held, err
}
