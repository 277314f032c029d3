package people

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// memberBy looks each name up in its own index.
const memberBy = `SELECT m.id, m.person, m.code, p.name, p.email, m.trainer, m.from_date, m.until_date, m.revision, 0 AS place
FROM memberships AS m JOIN people AS p ON p.id = m.person WHERE m.platform = ?0 AND m.person = ?1
UNION ALL SELECT m.id, m.person, m.code, p.name, p.email, m.trainer, m.from_date, m.until_date, m.revision, 1
FROM memberships AS m JOIN people AS p ON p.id = m.person WHERE m.platform = ?0 AND m.code = ?2
UNION ALL SELECT m.id, m.person, m.code, p.name, p.email, m.trainer, m.from_date, m.until_date, m.revision, 2
FROM people AS p JOIN memberships AS m ON m.person = p.id WHERE p.email <> '' AND p.email = ?3 AND m.platform = ?0
ORDER BY place LIMIT 1`

// MemberBy finds the member of a platform, of any time, whose identifier, code or e-mail it is, in one
// statement; qms.NotFound when there is none.
func MemberBy(ctx context.Context, r store.Reader, platform qms.ID, who string) (m Member, err error) {
	rows, err := r.Query(ctx, memberBy, platform, readable(who), NormalCode(who), NormalEmail(who))
	if err != nil {
		return m, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return m, err
		}
		return m, qms.NotFound("person.not_found")
	}
	var place int
	return m, rows.Scan(&m.Membership, &m.Person, &m.Code, &m.Name, &m.Email, &m.Trainer, &m.From, &m.Until, &m.Revision, &place)
}

// PlatformID is the identifier of the platform of that code, like PlatformByCode, for doors that ask
// many times a second: no act changes a code, so what was found once is not asked again.
func (s *Service) PlatformID(ctx context.Context, code string) (qms.ID, error) {
	code = NormalCode(code)
	if known, ok := s.codes.Load(code); ok {
		if id := known.(qms.ID); sees(qms.ActorFrom(ctx), id) {
			return id, nil
		}
		return "", qms.NotFound("platform.not_found")
	}
	p, err := s.PlatformByCode(ctx, code)
	if err != nil {
		return "", err
	}
	s.codes.Store(code, p.ID)
	return p.ID, nil
}
