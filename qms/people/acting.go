package people

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

const actorOfPerson = `SELECT p.id, p.name, g.role, g.platform
FROM people AS p
JOIN accounts AS a ON a.person = p.id AND a.closed_at IS NULL
LEFT JOIN role_grants AS g ON g.person = p.id AND g.from_date <= ? AND (g.until_date IS NULL OR g.until_date > ?)
WHERE p.id = ?
ORDER BY g.from_date, g.role, g.id`

// ActorOf is the person as they may act today, for what reads in their name without them; nobody when
// they have no open account. It is one indexed read.
func ActorOf(ctx context.Context, r store.Reader, person qms.ID) (qms.Actor, error) {
	rows, err := r.Query(ctx, actorOfPerson, r.Today(), r.Today(), person)
	if err != nil {
		return qms.Actor{}, err
	}
	return actorOf(rows)
}

// PlatformsIn are all platforms, by their identifiers, for rooms that read them within their own
// transaction.
func PlatformsIn(ctx context.Context, r store.Reader) (map[qms.ID]Platform, error) {
	all, err := platforms(ctx, r)
	byID := make(map[qms.ID]Platform, len(all))
	for _, p := range all {
		byID[p.ID] = p
	}
	return byID, err
}
