package people

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// one reads the one row that q selects into row; nil when there is none.
func one[T any](ctx context.Context, q *bun.SelectQuery, row *T) (*T, error) {
	err := q.Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return row, nil
}

func platforms(ctx context.Context, r store.Reader) ([]Platform, error) {
	var all []Platform
	err := r.Select(&all).Order("name", "code").Scan(ctx)
	return all, err
}

func platformsByID(ctx context.Context, r store.Reader, ids []qms.ID) ([]Platform, error) {
	var all []Platform
	err := r.Select(&all).Where("id IN (?)", bun.List(ids)).Order("name", "code").Scan(ctx)
	return all, err
}

func platformByCode(ctx context.Context, r store.Reader, code string) (*Platform, error) {
	var p Platform
	return one(ctx, r.Select(&p).Where("code = ?", code), &p)
}

func personByID(ctx context.Context, r store.Reader, id qms.ID) (*Person, error) {
	var p Person
	return one(ctx, r.Select(&p).Where("id = ?", id), &p)
}

func personByEmail(ctx context.Context, r store.Reader, email string) (*Person, error) {
	var p Person
	return one(ctx, r.Select(&p).Where("email = ?", email), &p)
}

func membershipByCode(ctx context.Context, r store.Reader, platform qms.ID, code string) (*Membership, error) {
	var m Membership
	return one(ctx, r.Select(&m).Where("platform = ? AND code = ?", platform, code), &m)
}

func membershipByID(ctx context.Context, r store.Reader, platform, id qms.ID) (*Membership, error) {
	var m Membership
	return one(ctx, r.Select(&m).Where("id = ? AND platform = ?", id, platform), &m)
}

func membershipOf(ctx context.Context, r store.Reader, platform, person qms.ID) (*Membership, error) {
	var m Membership
	return one(ctx, r.Select(&m).Where("platform = ? AND person = ?", platform, person), &m)
}

func membershipsOf(ctx context.Context, r store.Reader, platform qms.ID) ([]Membership, error) {
	var all []Membership
	err := r.Select(&all).Where("platform = ?", platform).Order("code").Scan(ctx)
	return all, err
}

// peopleOf are the persons of the memberships of a platform. PostgreSQL would read everybody of a large
// site for the few of a platform, unless it is given them as an array.
func peopleOf(ctx context.Context, r store.Reader, platform qms.ID) ([]Person, error) {
	among := "id IN (SELECT person FROM memberships WHERE platform = ?)"
	if r.Engine() == store.PostgreSQL {
		among = "id = ANY(ARRAY(SELECT person FROM memberships WHERE platform = ?))"
	}
	var all []Person
	err := r.Select(&all).Where(among, platform).Scan(ctx)
	return all, err
}

// peopleByEmail are the persons with an address, by that address.
func peopleByEmail(ctx context.Context, r store.Reader, emails []string) (map[string]*Person, error) {
	byEmail := make(map[string]*Person, len(emails))
	const batch = 500
	for len(emails) > 0 {
		n := min(batch, len(emails))
		var some []Person
		if err := r.Select(&some).Where("email IN (?)", bun.List(emails[:n])).Scan(ctx); err != nil {
			return nil, err
		}
		for i := range some {
			byEmail[some[i].Email] = &some[i]
		}
		emails = emails[n:]
	}
	return byEmail, nil
}

// onPlatform is the condition on the platform column, which is NULL for the site.
func onPlatform(q *bun.SelectQuery, platform qms.ID) *bun.SelectQuery {
	if platform == "" {
		return q.Where("platform IS NULL")
	}
	return q.Where("platform = ?", platform)
}

func grantByID(ctx context.Context, r store.Reader, platform, id qms.ID) (*RoleGrant, error) {
	var g RoleGrant
	found, err := one(ctx, onPlatform(r.Select(&g).Where("id = ?", id), platform), &g)
	if err == nil && found == nil {
		err = qms.NotFound("grant.not_found")
	}
	return found, err
}

func grantsOf(ctx context.Context, r store.Reader, platform, person qms.ID) ([]RoleGrant, error) {
	var all []RoleGrant
	err := onPlatform(r.Select(&all).Where("person = ?", person), platform).Order("from_date").Scan(ctx)
	return all, err
}

func grantsOnSite(ctx context.Context, r store.Reader) ([]RoleGrant, error) {
	var all []RoleGrant
	err := onPlatform(r.Select(&all), "").Scan(ctx)
	return all, err
}

const heldColumns = `SELECT g.id, g.person, p.name, p.email, g.role, g.platform, g.from_date, g.until_date, g.revision
FROM role_grants AS g JOIN people AS p ON p.id = g.person WHERE `

func heldRoles(ctx context.Context, r store.Reader, platform qms.ID) ([]Held, error) {
	if platform == "" {
		return held(ctx, r, "g.platform IS NULL")
	}
	return held(ctx, r, "g.platform = ?", platform)
}

func held(ctx context.Context, r store.Reader, condition string, args ...any) ([]Held, error) {
	rows, err := r.Query(ctx, heldColumns+condition+" ORDER BY p.name, g.from_date, g.id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Held
	for rows.Next() {
		var h Held
		if err := rows.Scan(&h.Grant, &h.Person, &h.Name, &h.Email, &h.Role, &h.Platform, &h.From, &h.Until, &h.Revision); err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, rows.Err()
}

func accountByEmail(ctx context.Context, r store.Reader, email string) (*Account, error) {
	var a Account
	return one(ctx, r.Select(&a).Where("email = ?", email), &a)
}

func accountOf(ctx context.Context, r store.Reader, person qms.ID) (*Account, error) {
	var a Account
	return one(ctx, r.Select(&a).Where("person = ?", person), &a)
}

func accounts(ctx context.Context, r store.Reader) ([]Account, error) {
	var all []Account
	err := r.Select(&all).Order("email").Scan(ctx)
	return all, err
}

func peopleWithAccount(ctx context.Context, r store.Reader) ([]Person, error) {
	var all []Person
	err := r.Select(&all).Where("id IN (SELECT person FROM accounts)").Scan(ctx)
	return all, err
}

func sessionByHash(ctx context.Context, r store.Reader, hash []byte) (*Session, error) {
	var s Session
	return one(ctx, r.Select(&s).Where("token_hash = ?", hash), &s)
}

func openSessions(ctx context.Context, r store.Reader, person qms.ID, now time.Time) ([]Session, error) {
	var all []Session
	err := r.Select(&all).Where("person = ? AND ended_at IS NULL AND expires_at > ?", person, now).Scan(ctx)
	return all, err
}

const actorOfSession = `SELECT p.id, p.name, g.role, g.platform
FROM sessions AS s
JOIN people AS p ON p.id = s.person
JOIN accounts AS a ON a.person = s.person AND a.closed_at IS NULL
LEFT JOIN role_grants AS g ON g.person = s.person AND g.from_date <= ? AND (g.until_date IS NULL OR g.until_date > ?)
WHERE s.token_hash = ? AND s.ended_at IS NULL AND s.expires_at > ?
ORDER BY g.from_date, g.role, g.id`

// actorByToken is who holds the session, with the roles in force today; nobody when it opens
// nothing. It is one indexed read.
func actorByToken(ctx context.Context, r store.Reader, hash []byte) (qms.Actor, error) {
	rows, err := r.Query(ctx, actorOfSession, r.Today(), r.Today(), hash, r.Now())
	if err != nil {
		return qms.Actor{}, err
	}
	return actorOf(rows)
}

// actorOf is the person whose roles the rows list, one a row; closed afterwards.
func actorOf(rows *sql.Rows) (a qms.Actor, err error) {
	defer rows.Close()
	for rows.Next() {
		var role sql.NullString
		var platform qms.ID
		if err := rows.Scan(&a.ID, &a.Name, &role, &platform); err != nil {
			return qms.Actor{}, err
		}
		if role.Valid {
			a.Grants = append(a.Grants, qms.Grant{Role: qms.Role(role.String), Platform: platform})
		}
	}
	return a, rows.Err()
}

// knownElsewhere reports whether a person belongs to another platform or holds an account.
func knownElsewhere(ctx context.Context, r store.Reader, platform, person qms.ID) (bool, error) {
	var m Membership
	other, err := one(ctx, r.Select(&m).Where("person = ? AND platform <> ?", person, platform), &m)
	if err != nil || other != nil {
		return other != nil, err
	}
	a, err := accountOf(ctx, r, person)
	return a != nil, err
}
