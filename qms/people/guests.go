package people

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Admit lets a person read a platform as an auditor from a day until a day, within the act of another
// room. Where the person may do so already in all of that time it gives nothing, and no grant.
func Admit(ctx context.Context, tx *store.Tx, platform, person qms.ID, period qms.Period) (qms.ID, error) {
	p, err := personByID(ctx, tx, person)
	if err != nil {
		return "", err
	}
	if p == nil {
		return "", qms.NotFound("person.not_found")
	}
	held, err := grantsOf(ctx, tx, platform, person)
	if err != nil {
		return "", err
	}
	for _, h := range held {
		if h.Role == qms.Auditor && h.FromDate <= period.From && h.UntilDate >= period.Until {
			return "", nil
		}
	}
	g := &RoleGrant{Person: person, Role: qms.Auditor, FromDate: period.From, UntilDate: period.Until}
	if err := tx.Insert(ctx, g); err != nil {
		return "", err
	}
	return g.ID, nil
}

// Dismiss ends what Admit gave on the day, which is its first day without; nothing where it ended before.
func Dismiss(ctx context.Context, tx *store.Tx, platform, grant qms.ID, on qms.Date) error {
	g, err := grantByID(ctx, tx, platform, grant)
	if err != nil || g.UntilDate != 0 && g.UntilDate <= on {
		return err
	}
	g.UntilDate = max(on, g.FromDate)
	return tx.Update(ctx, g)
}

// Prolong moves the end of what Admit gave to a later day; nothing where it lasts as long already.
func Prolong(ctx context.Context, tx *store.Tx, platform, grant qms.ID, until qms.Date) error {
	g, err := grantByID(ctx, tx, platform, grant)
	if err != nil || g.UntilDate == 0 || g.UntilDate >= until {
		return err
	}
	g.UntilDate = until
	return tx.Update(ctx, g)
}

// PersonOf finds a person of the site by e-mail address; qms.NotFound when there is none.
func PersonOf(ctx context.Context, r store.Reader, email string) (id qms.ID, name string, err error) {
	email = NormalEmail(email)
	if email == "" {
		return "", "", qms.NotFound("person.not_found")
	}
	p, err := personByEmail(ctx, r, email)
	if err != nil {
		return "", "", err
	}
	if p == nil {
		return "", "", qms.NotFound("person.not_found")
	}
	return p.ID, p.Name, nil
}

// Belongs reports whether the person is a member of the platform on the day or later, or holds a role
// there that does more than read.
func Belongs(ctx context.Context, r store.Reader, platform, person qms.ID, day qms.Date) (bool, error) {
	m, err := membershipOf(ctx, r, platform, person)
	if err != nil {
		return false, err
	}
	if m != nil && (m.Period().Until == 0 || m.Period().Until > day) {
		return true, nil
	}
	held, err := grantsOf(ctx, r, platform, person)
	for _, h := range held {
		if h.Role != qms.Auditor && (h.UntilDate == 0 || h.UntilDate > day) {
			return true, err
		}
	}
	return false, err
}
