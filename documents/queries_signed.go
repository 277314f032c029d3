package documents

import (
	"context"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// EachSigned goes through the signatures under versions of the platform that were given by the day, the newest
// first; those of readers only where they are asked for. One statement; the rows are not held in memory.
func EachSigned(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date, readings bool, each func(*SignedContent)) error {
	reading := ReadBy
	if readings {
		reading = ""
	}
	rows, err := r.Query(ctx, `SELECT s.id, s.version, s.person, s.name, s.meaning, s.content, s.signed_at, COALESCE(s.zone, ''),
		d.code, d.title, v.major, v.minor, v.state, v.author, v.verifier, v.approver, v.submitted_at, v.verified_at, v.approved_at, v.effective_from, v.content
		FROM signatures AS s JOIN versions AS v ON v.id = s.version JOIN documents AS d ON d.id = v.document
		WHERE s.platform = ? AND s.meaning <> ? AND (s.signed_on IS NULL OR s.signed_on <= ?) ORDER BY s.signed_at DESC, s.id DESC`, platform, reading, day)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s SignedContent
		v := &s.Of
		if err := rows.Scan(&s.ID, &s.Version, &s.Person, &s.Name, &s.Meaning, &s.Content, store.Instant(&s.SignedAt), &s.Zone,
			&s.Code, &s.Title, &v.Major, &v.Minor, &v.State, &v.Author, &v.Verifier, &v.Approver, store.Instant(&v.SubmittedAt),
			store.Instant(&v.VerifiedAt), store.Instant(&v.ApprovedAt), &v.EffectiveFrom, &v.Content); err != nil {
			return err
		}
		each(&s)
	}
	return rows.Err()
}

// disposedNow are the contents that what was decided about names now, by the decision.
func disposedNow(ctx context.Context, r store.Reader, platform qms.ID) (map[qms.ID]vault.Digest, error) {
	rows, err := r.Query(ctx, `SELECT d.id, COALESCE(v.content, r.content) FROM disposals AS d LEFT JOIN versions AS v ON v.id = d.item
		LEFT JOIN records AS r ON r.id = d.item WHERE d.platform = ?`, platform)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	now := map[qms.ID]vault.Digest{}
	for rows.Next() {
		var id qms.ID
		var content vault.Digest
		if err := rows.Scan(&id, &content); err != nil {
			return nil, err
		}
		now[id] = content
	}
	return now, rows.Err()
}
