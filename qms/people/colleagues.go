package people

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// HeldOn lists the roles on a platform, of all times, for rooms that read them within their own
// transaction; those on the site when no platform is named.
func HeldOn(ctx context.Context, r store.Reader, platform qms.ID) ([]Held, error) {
	return heldRoles(ctx, r, platform)
}

// HeldAnywhere lists the roles on the platforms, on every one when none is named, and those on the site,
// of all times and in one statement.
func HeldAnywhere(ctx context.Context, r store.Reader, platforms []qms.ID) ([]Held, error) {
	if len(platforms) == 0 {
		return held(ctx, r, "1 = 1")
	}
	args := make([]any, len(platforms))
	for i, p := range platforms {
		args[i] = p
	}
	return held(ctx, r, "g.platform IS NULL OR g.platform IN (?"+strings.Repeat(", ?", len(args)-1)+")", args...)
}

// HeldBy lists the roles of a person, on the site and on every platform, of all times.
func HeldBy(ctx context.Context, r store.Reader, person qms.ID) ([]Held, error) {
	return held(ctx, r, "g.person = ?", person)
}

// NamesOf gives the names of persons, whether they are still there or not, in one statement.
func NamesOf(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]string, error) {
	names := make(map[qms.ID]string, len(persons))
	if len(persons) == 0 {
		return names, nil
	}
	args := make([]any, len(persons))
	for i, id := range persons {
		args[i] = id
	}
	rows, err := r.Query(ctx, "SELECT id, name FROM people WHERE id IN (?"+strings.Repeat(", ?", len(args)-1)+")", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id qms.ID
		var name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		names[id] = name
	}
	return names, rows.Err()
}
