package people

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// reachedBy reads name and address of persons: a closed account is neither an address nor a way in.
func reachedBy(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]Reached, error) {
	rows, err := r.Query(ctx, `SELECT p.id, p.name, COALESCE(a.email, p.email), a.id IS NOT NULL
FROM people AS p LEFT JOIN accounts AS a ON a.person = p.id AND a.closed_at IS NULL WHERE p.id IN (?)`, bun.List(persons))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := make(map[qms.ID]Reached, len(persons))
	for rows.Next() {
		var id qms.ID
		var p Reached
		if err := rows.Scan(&id, &p.Name, &p.Email, &p.SignsIn); err != nil {
			return nil, err
		}
		found[id] = p
	}
	return found, rows.Err()
}
