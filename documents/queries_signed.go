package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// SignedIn are the signatures under versions of the platform that were given by the day, the newest first;
// those of readers only where they are asked for. One statement.
func SignedIn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date, readings bool) (all []SignedContent, err error) {
	reading := ReadBy
	if readings {
		reading = ""
	}
	rows, err := r.Query(ctx, `SELECT s.id, s.version, s.meaning, d.code, v.major, v.minor, d.title, s.person, s.name, s.content, v.content, v.state,
		s.signed_at, s.signed_on, v.submitted_at
		FROM signatures AS s JOIN versions AS v ON v.id = s.version JOIN documents AS d ON d.id = v.document
		WHERE s.platform = ? AND s.meaning <> ? AND (s.signed_on IS NULL OR s.signed_on <= ?) ORDER BY s.signed_at DESC, s.id DESC`, platform, reading, day)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s SignedContent
		var n Number
		if err := rows.Scan(&s.ID, &s.Version, &s.Meaning, &s.Code, &n.Major, &n.Minor, &s.Title, &s.Person, &s.Name, &s.Content, &s.Now, &s.State,
			store.Instant(&s.SignedAt), &s.SignedOn, store.Instant(&s.Submitted)); err != nil {
			return nil, err
		}
		s.Number = n.String()
		all = append(all, s)
	}
	return all, rows.Err()
}
