package documents

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

func addresseeByID(ctx context.Context, r store.Reader, platform, id qms.ID) (*Addressee, error) {
	var a Addressee
	return one(ctx, r.Select(&a).Where("platform = ? AND id = ?", platform, id), &a, qms.NotFound("addressee.not_found"))
}

// addresseesOf are the entries of a document and of its kind, of all times, the oldest first; those of
// the kind alone when no document is named.
func addresseesOf(ctx context.Context, r store.Reader, platform, document qms.ID, kind string) ([]Addressee, error) {
	var all []Addressee
	q := r.Select(&all).Where("platform = ?", platform)
	switch {
	case document == "":
		q = q.Where("kind = ?", kind)
	case kind == "":
		q = q.Where("document = ?", document)
	default:
		q = q.Where("(document = ? OR kind = ?)", document, kind)
	}
	err := q.Order("from_date", "id").Scan(ctx)
	return all, err
}

// addresseesOfPlatform are the entries of all documents and kinds, of all times, the oldest first.
func addresseesOfPlatform(ctx context.Context, r store.Reader, platform qms.ID) ([]Addressee, error) {
	var all []Addressee
	err := r.Select(&all).Where("platform = ?", platform).Order("from_date", "id").Scan(ctx)
	return all, err
}

// readingRule is what the platform settles; its defaults when it has settled nothing.
func readingRule(ctx context.Context, r store.Reader, platform qms.ID) (*ReadingRule, error) {
	var rows []*ReadingRule
	err := r.Select(&rows).Where("platform = ?", platform).Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return &ReadingRule{LateDays: DefaultLateDays}, err
	}
	return rows[0], nil
}

// inForceOn are the versions of the platform's documents that are in force on the day.
func inForceOn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]*Version, error) {
	var all []*Version
	err := r.Select(&all).Where("platform = ? AND effective_from <= ?", platform, day).
		Where("(effective_until IS NULL OR effective_until > ?)", day).Order("document", "major DESC", "minor DESC").Scan(ctx)
	return all, err
}

// readingsOfVersions are the signatures for having read some versions: of one person when one is named.
func readingsOfVersions(ctx context.Context, r store.Reader, platform, person qms.ID, versions []qms.ID) ([]Signature, error) {
	var all []Signature
	for len(versions) > 0 {
		n := min(batch, len(versions))
		var some []Signature
		q := r.Select(&some).Where("platform = ? AND meaning = ?", platform, ReadBy).Where("version IN (?)", bun.List(versions[:n]))
		if person != "" {
			q = q.Where("person = ?", person)
		}
		if err := q.Order("signed_at", "id").Scan(ctx); err != nil {
			return nil, err
		}
		all, versions = append(all, some...), versions[n:]
	}
	return all, nil
}
