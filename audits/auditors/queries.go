package auditors

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

func missing(err error) bool { return errors.Is(err, sql.ErrNoRows) }

func admissionByID(ctx context.Context, r store.Reader, platform, id qms.ID) (*Admission, error) {
	var a Admission
	err := r.Select(&a).Where("id = ? AND platform = ?", id, platform).Scan(ctx)
	if missing(err) {
		return nil, qms.NotFound("record.not_found")
	}
	return &a, err
}

// admissionByLetter is the access whose letter it is; nil when there is none.
func admissionByLetter(ctx context.Context, r store.Reader, letter qms.ID) (*Admission, error) {
	var a Admission
	err := r.Select(&a).Where("letter = ?", letter).Scan(ctx)
	if missing(err) {
		return nil, nil
	}
	return &a, err
}

func admissionsOfPerson(ctx context.Context, r store.Reader, person qms.ID) (all []Admission, err error) {
	err = r.Select(&all).Where("person = ?", person).Order("id").Scan(ctx)
	return all, err
}

func admissionsOf(ctx context.Context, r store.Reader, platform qms.ID) (all []Admission, err error) {
	err = r.Select(&all).Where("platform = ?", platform).Order("id DESC").Scan(ctx)
	return all, err
}

// waiting are the accesses of the platform whose account still has the password that nobody knows.
func waiting(ctx context.Context, r store.Reader, platform qms.ID) (map[qms.ID]bool, error) {
	rows, err := r.Query(ctx, `SELECT a.id FROM admissions AS a JOIN accounts AS c ON c.person = a.person AND c.revision = a.account AND c.closed_at IS NULL
		WHERE a.platform = ?`, platform)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	waits := map[qms.ID]bool{}
	for rows.Next() {
		var id qms.ID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		waits[id] = true
	}
	return waits, rows.Err()
}

// madeBefore are the accesses of all platforms whose link is still waited for, and was made before the
// instant.
func madeBefore(ctx context.Context, r store.Reader, since time.Time) (all []Admission, err error) {
	err = r.Select(&all).Where("letter_until > ? AND letter_until < ?", r.Now(), overtakenUntil(since)).
		Where("EXISTS (SELECT 1 FROM accounts AS c WHERE c.person = ?TableAlias.person AND c.revision = ?TableAlias.account AND c.closed_at IS NULL)").
		Order("id").Scan(ctx)
	return all, err
}

// opened counts what each auditor opened on the platform.
func opened(ctx context.Context, r store.Reader, platform qms.ID) (map[qms.ID]Opened, error) {
	rows, err := r.Query(ctx, "SELECT person, COUNT(*), MAX(day) FROM openings WHERE platform = ? GROUP BY person", platform)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[qms.ID]Opened{}
	for rows.Next() {
		var person qms.ID
		var o Opened
		if err := rows.Scan(&person, &o.Count, &o.Last); err != nil {
			return nil, err
		}
		found[person] = o
	}
	return found, rows.Err()
}

// openingPage reads what was opened, the newest first.
func openingPage(ctx context.Context, r store.Reader, f OpeningFilter, after *Opening, limit int) (all []Opening, err error) {
	q := r.Select(&all).Where("platform = ?", f.Platform)
	if f.Person != "" {
		q = q.Where("person = ?", f.Person)
	}
	if f.From != 0 {
		q = q.Where("day >= ?", f.From)
	}
	if f.Until != 0 {
		q = q.Where("day <= ?", f.Until)
	}
	if after != nil {
		q = q.Where("(opened_at < ? OR opened_at = ? AND id < ?)", after.OpenedAt, after.OpenedAt, after.ID)
	}
	err = q.Order("opened_at DESC", "id DESC").Limit(int64(limit) + 1).Scan(ctx)
	return all, err
}

// known are those of the openings that are on record already.
func known(ctx context.Context, r store.Reader, platform, person qms.ID, day qms.Date, paths []string) (map[string]bool, error) {
	var all []Opening
	err := r.Select(&all).Column("id", "path").Where("platform = ? AND person = ? AND day = ?", platform, person, day).Where("path IN (?)", bun.List(paths)).Scan(ctx)
	there := make(map[string]bool, len(all))
	for _, o := range all {
		there[o.Path] = true
	}
	return there, err
}

func noteByID(ctx context.Context, r store.Reader, platform, id qms.ID) (*AuditNote, error) {
	var n AuditNote
	err := r.Select(&n).Where("id = ? AND platform = ?", id, platform).Scan(ctx)
	if missing(err) {
		return nil, qms.NotFound("record.not_found")
	}
	return &n, err
}

// notesFor are the notes that the reader may see: their own, and those handed over.
func notesFor(ctx context.Context, r store.Reader, f NoteFilter, c qms.Cursor) (all []AuditNote, err error) {
	q := r.Select(&all).Where("platform = ?", f.Platform).Where("(author = ? OR handed_at IS NOT NULL)", r.Actor().ID)
	if f.About != "" {
		q = q.Where("about = ?", f.About)
	}
	if f.Subject != "" {
		q = q.Where("subject = ?", f.Subject)
	}
	if f.Own {
		q = q.Where("author = ?", r.Actor().ID)
	}
	if c.After != "" {
		q = q.Where("id < ?", c.After)
	}
	err = q.Order("id DESC").Limit(int64(c.Limit()) + 1).Scan(ctx)
	return all, err
}

// titleOf is what a record is called, by one of its columns; none where there is no such record.
func titleOf(ctx context.Context, r store.Reader, query string, args ...any) (id qms.ID, label string, err error) {
	rows, err := r.Query(ctx, query, args...)
	if err != nil {
		return "", "", err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&id, &label); err != nil {
			return "", "", err
		}
	}
	return id, label, rows.Err()
}
