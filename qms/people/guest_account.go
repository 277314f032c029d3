package people

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// Guest is somebody who was let in from outside.
type Guest struct {
	Person  qms.ID
	Name    string
	Email   string // that the person signs in with
	Account int64  // revision of the account, which moves on when a password is chosen
	Made    bool   // the account was made just now: nobody knows its password
}

// HashGuest makes the hash of a password that nobody knows, for an account that waits for its owner. It
// takes a while, so it is made before the act.
func (s *Service) HashGuest(ctx context.Context) (string, error) {
	return s.hashing.hash(ctx, newPassword())
}

// HashChosen is the hash of a password that somebody chooses; one that is too short or too long is an
// error of the field.
func (s *Service) HashChosen(ctx context.Context, field, password string) (string, error) {
	if err := qms.InvalidFields(checkPassword(field, password)...); err != nil {
		return "", err
	}
	return s.hashing.hash(ctx, password)
}

// CheckGuest says what is wrong with a name and an address.
func CheckGuest(name, email string) []qms.Field {
	return append(checkEmail("email", NormalEmail(email), true), checkName("name", tidyName(name))...)
}

func tidyName(name string) string { return strings.TrimSpace(readable(name)) }

// Welcome makes sure, within the act of another room, that the person of the address has an account: one
// with the hash where there was none. Who has one keeps it, its password and their name. An account that
// was closed stays closed, and refuses.
func Welcome(ctx context.Context, tx *store.Tx, name, email, hash string) (Guest, error) {
	email = NormalEmail(email)
	a, err := accountByEmail(ctx, tx, email)
	if err != nil {
		return Guest{}, err
	}
	if a == nil {
		return welcomeNew(ctx, tx, tidyName(name), email, hash)
	}
	p, err := personByID(ctx, tx, a.Person)
	switch {
	case err != nil:
		return Guest{}, err
	case p == nil:
		return Guest{}, qms.NotFound("person.not_found")
	case !a.ClosedAt.IsZero():
		return Guest{}, qms.InvalidFields(qms.Wrong("email", "guest.account_closed", email))
	}
	return Guest{Person: p.ID, Name: p.Name, Email: a.Email, Account: a.Revision}, nil
}

func welcomeNew(ctx context.Context, tx *store.Tx, name, email, hash string) (Guest, error) {
	p, err := personFor(ctx, tx, name, email)
	if err != nil {
		return Guest{}, err
	}
	a, err := accountOf(ctx, tx, p.ID)
	if err != nil {
		return Guest{}, err
	}
	if a != nil { // who signs in with another address than the one on record
		if !a.ClosedAt.IsZero() {
			return Guest{}, qms.InvalidFields(qms.Wrong("email", "guest.account_closed", email))
		}
		return Guest{Person: p.ID, Name: p.Name, Email: a.Email, Account: a.Revision}, nil
	}
	a = &Account{Person: p.ID, Email: email, PasswordHash: hash, ChangedAt: tx.Now()}
	if err := tx.Insert(ctx, a); err != nil {
		return Guest{}, err
	}
	return Guest{Person: p.ID, Name: p.Name, Email: email, Account: a.Revision, Made: true}, nil
}

// Waits reports whether the account of the person is open and still as it was at that revision, which is
// how a link to choose its password is good once.
func Waits(ctx context.Context, r store.Reader, person qms.ID, revision int64) (bool, error) {
	a, err := accountOf(ctx, r, person)
	return a != nil && a.ClosedAt.IsZero() && a.Revision == revision, err
}

// Choose replaces the password of an account that is as it was at that revision, within the act of another
// room, and ends every session of its person.
func Choose(ctx context.Context, tx *store.Tx, person qms.ID, revision int64, hash string) error {
	a, err := accountOf(ctx, tx, person)
	if err != nil {
		return err
	}
	if a == nil || !a.ClosedAt.IsZero() || a.Revision != revision {
		return qms.Conflict("guest.link_spent")
	}
	a.PasswordHash, a.ChangedAt = hash, tx.Now()
	if err := tx.Update(ctx, a); err != nil {
		return err
	}
	return endSessions(ctx, tx, person, "")
}

// GrantIn is a role on a platform, within a reading of another room.
func GrantIn(ctx context.Context, r store.Reader, platform, grant qms.ID) (*RoleGrant, error) {
	return grantByID(ctx, r, platform, grant)
}

// Audits is the auditor's role that the person holds on the platform on the day or later, if any.
func Audits(ctx context.Context, r store.Reader, platform, person qms.ID, day qms.Date) (*RoleGrant, error) {
	held, err := grantsOf(ctx, r, platform, person)
	for i, h := range held {
		if h.Role == qms.Auditor && (h.UntilDate == 0 || h.UntilDate > day) {
			return &held[i], err
		}
	}
	return nil, err
}
