package documents

import (
	"cmp"
	"context"
	"slices"

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

// inForceOn are the versions of the platforms' documents that are in force on the day.
func inForceOn(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) ([]*Version, error) {
	var all []*Version
	err := r.Select(&all).Where("platform IN (?)", bun.List(platforms)).Where("effective_from <= ?", day).
		Where("(effective_until IS NULL OR effective_until > ?)", day).Order("document", "major DESC", "minor DESC").Scan(ctx)
	return all, err
}

// readingsOfVersions are the signatures for having read some versions: of one person when one is named.
func readingsOfVersions(ctx context.Context, r store.Reader, person qms.ID, versions []qms.ID) ([]Signature, error) {
	var all []Signature
	for len(versions) > 0 {
		n := min(batch, len(versions))
		var some []Signature
		q := r.Select(&some).Where("version IN (?)", bun.List(versions[:n])).Where("meaning = ?", ReadBy)
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

// lateDays is after how many days a reading is late, for each of the platforms.
func lateDays(ctx context.Context, r store.Reader, platforms []qms.ID) (map[qms.ID]int64, error) {
	days := make(map[qms.ID]int64, len(platforms))
	for _, p := range platforms {
		days[p] = DefaultLateDays
	}
	var rows []*ReadingRule
	err := r.Select(&rows).Where("platform IN (?)", bun.List(platforms)).Scan(ctx)
	for _, rule := range rows {
		days[rule.Platform] = rule.LateDays
	}
	return days, err
}

// addresseesLike are the entries that hold on the day and name the person, or a role they hold on the
// platform of the entry.
func addresseesLike(ctx context.Context, r store.Reader, platforms []qms.ID, actor qms.Actor, day qms.Date) ([]Addressee, error) {
	var all []Addressee
	err := r.Select(&all).Where("platform IN (?)", bun.List(platforms)).
		Where("from_date <= ? AND (until_date IS NULL OR until_date > ?)", day, day).
		WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			q = q.Where("person = ?", actor.ID)
			for _, g := range actor.Grants {
				if g.Platform != "" {
					q = q.WhereOr("platform = ? AND role = ?", g.Platform, g.Role)
				}
			}
			return q
		}).Order("from_date", "id").Scan(ctx)
	return all, err
}

// unreadOn are the versions in force on the day that the entries address and that the person has not
// signed for. A minor one among them may be covered by the reading of one before.
func unreadOn(ctx context.Context, r store.Reader, entries []Addressee, person qms.ID, day qms.Date) ([]*Version, error) {
	ids := make([]qms.ID, len(entries))
	for i, a := range entries {
		ids[i] = a.ID
	}
	var all []*Version
	for len(ids) > 0 {
		n := min(batch, len(ids))
		var some []*Version
		err := r.Select(&some).Where("content IS NOT NULL").
			Where("effective_from <= ? AND (effective_until IS NULL OR effective_until > ?)", day, day).
			Where(`document IN (SELECT a.document FROM addressees AS a WHERE a.id IN (?0) AND a.document IS NOT NULL
				UNION ALL SELECT d.id FROM addressees AS a JOIN documents AS d ON d.platform = a.platform AND d.kind = a.kind WHERE a.id IN (?0))`, bun.List(ids[:n])).
			Where("NOT EXISTS (SELECT 1 FROM signatures AS s WHERE s.version = version.id AND s.person = ? AND s.meaning = ?)", person, ReadBy).
			Order("document", "id").Scan(ctx)
		if err != nil {
			return nil, err
		}
		all, ids = append(all, some...), ids[n:]
	}
	slices.SortFunc(all, func(a, b *Version) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b *Version) bool { return a.ID == b.ID }), nil
}
