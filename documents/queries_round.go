package documents

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// exemptionsOf are all exemptions of a platform, the newest first.
func exemptionsOf(ctx context.Context, r store.Reader, platform qms.ID) ([]*Exemption, error) {
	var all []*Exemption
	err := r.Select(&all).Where("platform = ?", platform).Order("from_date DESC", "id DESC").Scan(ctx)
	return all, err
}

func exemptionByID(ctx context.Context, r store.Reader, platform, id qms.ID) (*Exemption, error) {
	var e Exemption
	return one(ctx, r.Select(&e).Where("platform = ? AND id = ?", platform, id), &e, qms.NotFound("exemption.not_found"))
}

// commentsOf are what was said about some versions, in its order.
func commentsOf(ctx context.Context, r store.Reader, versions []qms.ID) ([]Comment, error) {
	var all []Comment
	for len(versions) > 0 {
		n := min(batch, len(versions))
		var some []Comment
		if err := r.Select(&some).Where("version IN (?)", bun.List(versions[:n])).Order("said_at", "id").Scan(ctx); err != nil {
			return nil, err
		}
		all, versions = append(all, some...), versions[n:]
	}
	return all, nil
}

func commentByID(ctx context.Context, r store.Reader, platform, version, id qms.ID) (*Comment, error) {
	var c Comment
	q := r.Select(&c).Where("platform = ? AND version = ? AND id = ?", platform, version, id)
	return one(ctx, q, &c, qms.NotFound("comment.not_found"))
}

// commentsOn counts what was said about a version.
func commentsOn(ctx context.Context, r store.Reader, version qms.ID) (n int64, err error) {
	err = r.Select((*Comment)(nil)).ColumnExpr("COUNT(*)").Where("version = ?", version).Scan(ctx, &n)
	return n, err
}

// reviewsOf are the periodic reviews of some versions that ended without a change, the newest first.
func reviewsOf(ctx context.Context, r store.Reader, versions []qms.ID) ([]PeriodicReview, error) {
	var all []PeriodicReview
	for len(versions) > 0 {
		n := min(batch, len(versions))
		var some []PeriodicReview
		err := r.Select(&some).Where("version IN (?)", bun.List(versions[:n])).Order("reviewed_on DESC", "id DESC").Scan(ctx)
		if err != nil {
			return nil, err
		}
		all, versions = append(all, some...), versions[n:]
	}
	return all, nil
}

// awaiting are the versions in review on the platforms that wait for the person's signature, the
// oldest round first.
func awaiting(ctx context.Context, r store.Reader, platforms []qms.ID, person qms.ID) ([]*Version, error) {
	var all []*Version
	err := r.Select(&all).Where("platform IN (?)", bun.List(platforms)).Where("state = ?", InReview).
		Where("(verified_at IS NULL AND verifier = ?) OR (verified_at IS NOT NULL AND approver = ?)", person, person).
		Order("submitted_at", "id").Scan(ctx)
	return all, err
}

// sentBack are the person's drafts on the platforms that came back from a review.
func sentBack(ctx context.Context, r store.Reader, platforms []qms.ID, person qms.ID) ([]*Version, error) {
	var all []*Version
	err := r.Select(&all).Where("platform IN (?)", bun.List(platforms)).
		Where("state = ? AND author = ? AND remark <> ''", Draft, person).Order("created_on", "id").Scan(ctx)
	return all, err
}

// unanswered are the versions of the person, still of use on the day, and how many unresolved
// comments others have left on each.
func unanswered(ctx context.Context, r store.Reader, platforms []qms.ID, person qms.ID, day qms.Date) (map[qms.ID]int, error) {
	q := r.Select((*Comment)(nil)).ColumnExpr("comment.version, COUNT(*)").
		Join("JOIN versions AS v ON v.id = comment.version").
		Where("comment.platform IN (?)", bun.List(platforms)).Where("comment.resolved_on IS NULL").
		Where("v.author = ? AND (comment.author IS NULL OR comment.author <> ?)", person, person).
		Where("v.state <> ? AND (v.effective_until IS NULL OR v.effective_until > ?)", Withdrawn, day).
		Group("comment.version")
	rows, err := q.Rows(ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[qms.ID]int{}
	for rows.Next() {
		var version qms.ID
		var n int
		if err := rows.Scan(&version, &n); err != nil {
			return nil, err
		}
		counts[version] = n
	}
	return counts, rows.Err()
}

func versionsByID(ctx context.Context, r store.Reader, ids []qms.ID) ([]*Version, error) {
	var all []*Version
	for len(ids) > 0 {
		n := min(batch, len(ids))
		var some []*Version
		if err := r.Select(&some).Where("id IN (?)", bun.List(ids[:n])).Order("id").Scan(ctx); err != nil {
			return nil, err
		}
		all, ids = append(all, some...), ids[n:]
	}
	return all, nil
}

// owned are the versions in force on the day whose document the person owns and whose review is due
// by the day until, on the platforms.
func owned(ctx context.Context, r store.Reader, platforms []qms.ID, person qms.ID, day, until qms.Date) ([]*Version, error) {
	var all []*Version
	err := r.Select(&all).Join("JOIN documents AS d ON d.id = version.document").
		Where("version.platform IN (?)", bun.List(platforms)).Where("d.owner = ?", person).
		Where("version.state = ? AND version.review_on <= ?", Approved, until).
		Where("version.effective_from <= ? AND (version.effective_until IS NULL OR version.effective_until > ?)", day, day).
		Order("version.review_on", "version.id").Scan(ctx)
	return all, err
}

// documentsOfAny are the documents of those ids, on whatever platform: of rows that the reader may see.
func documentsOfAny(ctx context.Context, r store.Reader, ids []qms.ID) (map[qms.ID]*Document, error) {
	byID := make(map[qms.ID]*Document, len(ids))
	for len(ids) > 0 {
		n := min(batch, len(ids))
		var some []*Document
		if err := r.Select(&some).Where("id IN (?)", bun.List(ids[:n])).Scan(ctx); err != nil {
			return nil, err
		}
		for _, d := range some {
			byID[d.ID] = d
		}
		ids = ids[n:]
	}
	return byID, nil
}
