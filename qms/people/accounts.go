package people

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// AddUser makes a person with an account, and gives a role where one is named. Who has an account
// already keeps it and its password, and gets the role.
type AddUser struct {
	Email    string
	Name     string
	Role     qms.Role // empty for none
	Platform qms.ID   // where the role is held; empty for the site
	Until    qms.Date // the end of the role; none: open, and for an auditor auditorMonths from today
	Password string   // one is made when empty
}

// Added is what AddUser did.
type Added struct {
	Person   qms.ID
	Made     bool   // there was no account before
	Password string // the one made, when none was given; shown once
}

// auditorMonths is how long an evaluation may take before somebody has to say so.
const auditorMonths qms.Months = 3

func (c AddUser) clean() (AddUser, error) {
	c.Email, c.Name = NormalEmail(c.Email), strings.TrimSpace(readable(c.Name))
	wrong := append(checkEmail("email", c.Email, true), checkName("name", c.Name)...)
	if c.Role != "" {
		wrong = append(wrong, checkRole(c.Role, c.Platform, c.Until)...)
	}
	if c.Password != "" {
		wrong = append(wrong, checkPassword("password", c.Password)...)
	}
	return c, qms.InvalidFields(wrong...)
}

// AddUser makes somebody able to sign in, see the command. Person and account go into the site's
// trail, a role on a platform into that platform's: these are two acts, of which the first may be
// repeated without harm when the second fails.
func (s *Service) AddUser(ctx context.Context, cmd AddUser) (*Added, error) {
	if cmd.Role == qms.Auditor && cmd.Until == 0 {
		cmd.Until = s.db.Today().AddMonths(auditorMonths)
	}
	cmd, err := cmd.clean()
	if err != nil {
		return nil, err
	}
	done, err := s.openAccount(ctx, cmd)
	if err != nil {
		return nil, err
	}
	switch {
	case cmd.Role != "":
		_, err = s.Grant(ctx, Grant{Platform: cmd.Platform, Person: done.Person, Role: cmd.Role, Until: cmd.Until})
		if done.Made && err != nil {
			return done, err // the password made must not be lost
		}
	case !done.Made:
		err = qms.InvalidFields(qms.Wrong("email", "account.exists", cmd.Email))
	}
	if err != nil {
		return nil, err
	}
	return done, nil
}

// openAccount makes the account, unless there is one.
func (s *Service) openAccount(ctx context.Context, cmd AddUser) (*Added, error) {
	done := &Added{}
	password := cmd.Password
	if password == "" {
		password = newPassword()
	}
	hash, err := s.hashing.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	act := qms.Act{Name: "account.open", Needs: qms.ManageAccounts.OnSite()}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		a, err := accountByEmail(ctx, tx, cmd.Email)
		if err != nil {
			return err
		}
		if a != nil {
			done.Person = a.Person
			return nil
		}
		p, err := personFor(ctx, tx, cmd.Name, cmd.Email)
		if err != nil {
			return err
		}
		done.Person, done.Made = p.ID, true
		return tx.Insert(ctx, &Account{Person: p.ID, Email: cmd.Email, PasswordHash: hash, ChangedAt: tx.Now()})
	})
	if err != nil {
		return nil, err
	}
	if done.Made && cmd.Password == "" {
		done.Password = password
	}
	return done, nil
}

// FirstAdministrator is the address of the account made on the first start.
const FirstAdministrator = "admin@maillon.localhost"

// EnsureAdministrator makes the first administrator when the site has none, and returns the password
// made for the account; empty when there was an administrator already.
func (s *Service) EnsureAdministrator(ctx context.Context) (password string, err error) {
	ctx = qms.WithActor(ctx, qms.System("maillon"))
	there := false
	err = s.db.View(ctx, qms.Public.OnSite(), func(r store.Reader) (err error) {
		there, err = administered(ctx, r)
		return err
	})
	if err != nil || there {
		return "", err
	}
	made := newPassword()
	hash, err := s.hashing.hash(ctx, made)
	if err != nil {
		return "", err
	}
	act := qms.Act{Name: "account.open", Needs: qms.ManageAccounts.OnSite()}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		if there, err := administered(ctx, tx); err != nil || there { // another replica was first
			return err
		}
		p := &Person{Name: "Administrateur", Email: FirstAdministrator}
		if err := tx.Insert(ctx, p); err != nil {
			return err
		}
		a := &Account{Person: p.ID, Email: p.Email, PasswordHash: hash, ChangedAt: tx.Now()}
		g := &RoleGrant{Person: p.ID, Role: qms.Administrator, FromDate: tx.Today()}
		password = made
		return tx.Insert(ctx, a, g)
	})
	if err != nil {
		return "", err
	}
	return password, nil
}

// administered reports whether anybody was ever made administrator: the last one cannot step down.
func administered(ctx context.Context, r store.Reader) (bool, error) {
	held, err := grantsOnSite(ctx, r)
	return slices.ContainsFunc(held, func(g RoleGrant) bool { return g.Role == qms.Administrator }), err
}

// ChangePassword replaces the actor's password.
type ChangePassword struct {
	Current string
	New     string
	Token   string // of the session to keep; the others end
}

// ChangePassword replaces the actor's password and ends the actor's other sessions. A wrong current
// password is an error of the field "password".
func (s *Service) ChangePassword(ctx context.Context, cmd ChangePassword) error {
	if err := qms.InvalidFields(checkPassword("new", cmd.New)...); err != nil {
		return err
	}
	if err := s.Confirm(ctx, cmd.Current); err != nil {
		return err
	}
	hash, err := s.hashing.hash(ctx, cmd.New)
	if err != nil {
		return err
	}
	kept := string(hashToken(cmd.Token))
	act := qms.Act{Name: "account.password", Needs: qms.SignedIn.OnSite(), Subject: qms.ActorFrom(ctx).ID}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		a, err := accountOf(ctx, tx, tx.Actor().ID)
		if err != nil || a == nil {
			return err
		}
		a.PasswordHash, a.ChangedAt = hash, tx.Now()
		if err := tx.Update(ctx, a); err != nil {
			return err
		}
		return endSessions(ctx, tx, a.Person, kept)
	})
}

// CloseAccount takes the means to sign in away from a person and ends the sessions.
func (s *Service) CloseAccount(ctx context.Context, person qms.ID, reason string) error {
	act := qms.Act{Name: "account.close", Needs: qms.ManageAccounts.OnSite(), Subject: person, Reason: reason}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		a, err := accountOf(ctx, tx, person)
		switch {
		case err != nil:
			return err
		case a == nil:
			return qms.NotFound("account.not_found")
		case person == tx.Actor().ID:
			return qms.Refuse("account.own_close")
		case !a.ClosedAt.IsZero():
			return qms.Conflict("account.closed")
		}
		a.ClosedAt = tx.Now()
		if err := tx.Update(ctx, a); err != nil {
			return err
		}
		return endSessions(ctx, tx, person, "")
	})
}

// endSessions ends the open sessions of a person but the one of the kept hash.
func endSessions(ctx context.Context, tx *store.Tx, person qms.ID, kept string) error {
	open, err := openSessions(ctx, tx, person, tx.Now())
	if err != nil {
		return err
	}
	for i := range open {
		if string(open[i].TokenHash) == kept {
			continue
		}
		open[i].EndedAt = tx.Now()
		if err := tx.Update(ctx, &open[i]); err != nil {
			return err
		}
	}
	return nil
}

// Holder is an account with its person and the roles held on the site.
type Holder struct {
	Person qms.ID
	Name   string
	Email  string
	Closed bool
	Roles  []Held
}

// Accounts lists who may sign in, by address.
func (s *Service) Accounts(ctx context.Context) ([]Holder, error) {
	var all []Holder
	err := s.db.View(ctx, qms.ManageAccounts.OnSite(), func(r store.Reader) error {
		list, err := accounts(ctx, r)
		if err != nil {
			return err
		}
		people, err := peopleWithAccount(ctx, r)
		if err != nil {
			return err
		}
		held, err := heldRoles(ctx, r, "")
		if err != nil {
			return err
		}
		all = holders(list, people, held)
		return nil
	})
	return all, err
}

func holders(list []Account, people []Person, held []Held) []Holder {
	names, roles := map[qms.ID]string{}, map[qms.ID][]Held{}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	for _, h := range held {
		roles[h.Person] = append(roles[h.Person], h)
	}
	all := make([]Holder, 0, len(list))
	for _, a := range list {
		all = append(all, Holder{Person: a.Person, Name: names[a.Person], Email: a.Email,
			Closed: !a.ClosedAt.IsZero(), Roles: roles[a.Person]})
	}
	return all
}
