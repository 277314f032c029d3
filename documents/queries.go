package documents

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// batch is how many values one IN takes, for the bounds of both engines.
const batch = 500

// one reads the one row that q selects into row, or says that there is none.
func one[T any](ctx context.Context, q *bun.SelectQuery, row *T, none *qms.Error) (*T, error) {
	err := q.Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, none
	}
	if err != nil {
		return nil, err
	}
	return row, nil
}

// documentByID and all that select documents here leave out what is out of the reader's reach.
func documentByID(ctx context.Context, r store.Reader, platform, id qms.ID) (*Document, error) {
	var d Document
	within, args := reachOf(r, platform).holds("id")
	q := r.Select(&d).Where("platform = ? AND id = ?", platform, id).Where(within, args...)
	return one(ctx, q, &d, qms.NotFound("document.not_found"))
}

func documentByCode(ctx context.Context, r store.Reader, platform qms.ID, code string) (*Document, error) {
	var d Document
	within, args := reachOf(r, platform).holds("id")
	q := r.Select(&d).Where("platform = ? AND code = ?", platform, code).Where(within, args...)
	return one(ctx, q, &d, qms.NotFound("document.not_found"))
}

func documentsOf(ctx context.Context, r store.Reader, platform qms.ID) ([]*Document, error) {
	var all []*Document
	within, args := reachOf(r, platform).holds("id")
	err := r.Select(&all).Where("platform = ?", platform).Where(within, args...).Order("code").Scan(ctx)
	return all, err
}

func versionByID(ctx context.Context, r store.Reader, platform, id qms.ID) (*Version, error) {
	var v Version
	within, args := reachOf(r, platform).holds("document")
	q := r.Select(&v).Where("platform = ? AND id = ?", platform, id).Where(within, args...)
	return one(ctx, q, &v, qms.NotFound("version.not_found"))
}

// versionsOf are the versions of a document, newest first.
func versionsOf(ctx context.Context, r store.Reader, document qms.ID) ([]*Version, error) {
	var all []*Version
	err := r.Select(&all).Where("document = ?", document).Order("major DESC", "minor DESC").Scan(ctx)
	return all, err
}

// versionsOfPlatform are all versions of a platform, newest first within each document.
func versionsOfPlatform(ctx context.Context, r store.Reader, platform qms.ID) ([]*Version, error) {
	var all []*Version
	err := r.Select(&all).Where("platform = ?", platform).Order("document", "major DESC", "minor DESC").Scan(ctx)
	return all, err
}

// versionsOfDocuments are the versions of some documents, newest first within each.
func versionsOfDocuments(ctx context.Context, r store.Reader, documents []qms.ID) ([]*Version, error) {
	var all []*Version
	for len(documents) > 0 {
		n := min(batch, len(documents))
		var some []*Version
		err := r.Select(&some).Where("document IN (?)", bun.List(documents[:n])).Order("document", "major DESC", "minor DESC").Scan(ctx)
		if err != nil {
			return nil, err
		}
		all, documents = append(all, some...), documents[n:]
	}
	return all, nil
}

func signaturesOf(ctx context.Context, r store.Reader, versions []qms.ID) ([]Signature, error) {
	var all []Signature
	if len(versions) == 0 {
		return nil, nil
	}
	err := r.Select(&all).Where("version IN (?)", bun.List(versions)).Order("signed_at", "id").Scan(ctx)
	return all, err
}

// inReview are the versions of a platform that wait for signatures, oldest round first.
func inReview(ctx context.Context, r store.Reader, platform qms.ID) ([]*Version, error) {
	var all []*Version
	err := r.Select(&all).Where("platform = ? AND state = ?", platform, InReview).Order("submitted_at", "id").Scan(ctx)
	return all, err
}

// reviewsUntil are the versions whose periodic review is due by the day and that are in force on today.
func reviewsUntil(ctx context.Context, r store.Reader, platforms []qms.ID, today, until qms.Date) ([]*Version, error) {
	var all []*Version
	of, ids := ofPlatforms("platform", platforms)
	err := r.Select(&all).Where(reviewed+of, append(reviewedBy(today, until), ids...)...).Order("review_on", "id").Scan(ctx)
	return all, err
}

const reviewed = "state = ? AND review_on <= ? AND effective_from <= ? AND (effective_until IS NULL OR effective_until > ?)"

func reviewedBy(today, until qms.Date) []any { return []any{Approved, until, today, today} }

func documentsByID(ctx context.Context, r store.Reader, platform qms.ID, ids []qms.ID) (map[qms.ID]*Document, error) {
	byID := make(map[qms.ID]*Document, len(ids))
	within, args := reachOf(r, platform).holds("id")
	for len(ids) > 0 {
		n := min(batch, len(ids))
		var some []*Document
		if err := r.Select(&some).Where("platform = ?", platform).Where("id IN (?)", bun.List(ids[:n])).Where(within, args...).Scan(ctx); err != nil {
			return nil, err
		}
		for _, d := range some {
			byID[d.ID] = d
		}
		ids = ids[n:]
	}
	return byID, nil
}

// kindsOf are the kinds of a platform, the default ones when it has not made its own.
func kindsOf(ctx context.Context, r store.Reader, platform qms.ID) ([]Kind, error) {
	var all []Kind
	if err := r.Select(&all).Where("platform = ?", platform).Order("code").Scan(ctx); err != nil {
		return nil, err
	}
	if len(all) == 0 {
		all = DefaultKinds()
	}
	return all, nil
}

func processesOf(ctx context.Context, r store.Reader, platform qms.ID) ([]Process, error) {
	var all []Process
	err := r.Select(&all).Where("platform = ?", platform).Order("code").Scan(ctx)
	return all, err
}

// patternRow is the platform's own pattern, nil when it has none.
func patternRow(ctx context.Context, r store.Reader, platform qms.ID) (*CodePattern, error) {
	var rows []*CodePattern
	err := r.Select(&rows).Where("platform = ?", platform).Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// knownContents are the digests of the contents that the platform has a row for.
func knownContents(ctx context.Context, r store.Reader, platform qms.ID, digests []vault.Digest) (map[vault.Digest]bool, error) {
	known := map[vault.Digest]bool{}
	for len(digests) > 0 {
		n := min(batch, len(digests))
		var some []vault.Digest
		err := r.Select((*Content)(nil)).Column("digest").
			Where("platform = ?", platform).Where("digest IN (?)", bun.List(digests[:n])).Scan(ctx, &some)
		if err != nil {
			return nil, err
		}
		for _, d := range some {
			known[d] = true
		}
		digests = digests[n:]
	}
	return known, nil
}

// linksOfVersions are the links that the texts of some versions make, gone ones among them.
func linksOfVersions(ctx context.Context, r store.Reader, versions []qms.ID) ([]*Link, error) {
	var all []*Link
	for len(versions) > 0 {
		n := min(batch, len(versions))
		var some []*Link
		if err := r.Select(&some).Where("version IN (?)", bun.List(versions[:n])).Order("id").Scan(ctx); err != nil {
			return nil, err
		}
		all, versions = append(all, some...), versions[n:]
	}
	return all, nil
}

// linksTo are the links that name the document.
func linksTo(ctx context.Context, r store.Reader, platform, target qms.ID) ([]*Link, error) {
	var all []*Link
	err := r.Select(&all).Where("platform = ? AND target = ? AND NOT gone", platform, target).Order("id").Scan(ctx)
	return all, err
}

// linksOf are all links of the platform that hold.
func linksOf(ctx context.Context, r store.Reader, platform qms.ID) ([]*Link, error) {
	var all []*Link
	err := r.Select(&all).Where("platform = ? AND NOT gone", platform).Order("id").Scan(ctx)
	return all, err
}

// eachText hands over the text of every version that still matters for links: not superseded by
// today and not withdrawn. Texts are streamed, so that memory does not grow with the platform.
func eachText(ctx context.Context, r store.Reader, platform qms.ID, visit func(v said) error) error {
	rows, err := r.Query(ctx, `SELECT v.id, v.document, c.body FROM versions AS v
		JOIN contents AS c ON c.platform = v.platform AND c.digest = v.content
		WHERE v.platform = ? AND v.state <> ? AND (v.effective_until IS NULL OR v.effective_until > ?)`,
		platform, Withdrawn, r.Today())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s said
		if err := rows.Scan(&s.version, &s.document, &s.body); err != nil {
			return err
		}
		if err := visit(s); err != nil {
			return err
		}
	}
	return rows.Err()
}

// said is the text of a version.
type said struct {
	version, document qms.ID
	body              string
}
