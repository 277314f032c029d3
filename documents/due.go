package documents

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// Due lists the periodic reviews that fall due by the day until, of the versions in force on today.
// It is pure: documents and versions are those of one platform.
func Due(documents map[qms.ID]*Document, versions []*Version, today, until qms.Date) (due []qms.Due) {
	for _, v := range versions {
		d := documents[v.Document]
		if d == nil || v.ReviewOn == 0 || v.ReviewOn > until || !v.InForceOn(today) {
			continue
		}
		due = append(due, qms.Due{
			Key: "review:" + string(v.ID), Kind: "review", Platform: v.Platform,
			Subject: d.ID, Title: d.Code + " " + d.Title, On: v.ReviewOn, Person: d.Owner, Parts: []string{"documents", d.Code}, Revision: v.Revision,
		})
	}
	slices.SortStableFunc(due, func(a, b qms.Due) int { return int(a.On - b.On) })
	return due
}

// Review is a periodic review that falls due, and the code that leads to its document.
type Review struct {
	qms.Due
	Code string
}

// DueBy lists the platform's reviews that fall due by the day, the late ones first.
func (s *Service) DueBy(ctx context.Context, platform qms.ID, until qms.Date) (due []Review, err error) {
	err = s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		due, err = DueIn(ctx, r, platform, until)
		return err
	})
	return due, err
}

// DueIn is DueBy within a transaction that the caller holds.
func DueIn(ctx context.Context, r store.Reader, platform qms.ID, until qms.Date) ([]Review, error) {
	versions, err := reviewsUntil(ctx, r, []qms.ID{platform}, r.Today(), until)
	if err != nil {
		return nil, err
	}
	documents, err := documentsByID(ctx, r, platform, documentIDs(versions))
	if err != nil {
		return nil, err
	}
	var due []Review
	for _, d := range Due(documents, versions, r.Today(), until) {
		due = append(due, Review{d, documents[d.Subject].Code})
	}
	return due, nil
}

// Waiting is a version in review and whose signature comes next.
type Waiting struct {
	Document Document
	Version  Version
	Meaning  Meaning // Verified or ApprovedBy
	Person   qms.ID
	Mine     bool // the actor is that person
}

// Next is whose signature the version waits for, and its meaning; nobody's unless in review.
func (v *Version) Next() (qms.ID, Meaning) {
	switch {
	case v.State != InReview:
		return "", ""
	case v.VerifiedAt.IsZero():
		return v.Verifier, Verified
	}
	return v.Approver, ApprovedBy
}

// ToSign lists the versions in review, those that wait for the actor first, oldest round first.
func (s *Service) ToSign(ctx context.Context, platform qms.ID) (waiting []Waiting, err error) {
	err = s.db.View(ctx, qms.ReadDrafts.On(platform), func(r store.Reader) error {
		waiting, err = waitingIn(ctx, r, platform)
		return err
	})
	return waiting, err
}

func waitingIn(ctx context.Context, r store.Reader, platform qms.ID) (waiting []Waiting, err error) {
	versions, err := inReview(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	documents, err := documentsByID(ctx, r, platform, documentIDs(versions))
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		person, meaning := v.Next()
		waiting = append(waiting, Waiting{*documents[v.Document], *v, meaning, person, person == r.Actor().ID && person != ""})
	}
	slices.SortStableFunc(waiting, func(a, b Waiting) int {
		switch {
		case a.Mine == b.Mine:
			return 0
		case a.Mine:
			return -1
		}
		return 1
	})
	return waiting, nil
}

func documentIDs(versions []*Version) []qms.ID {
	seen := map[qms.ID]bool{}
	for _, v := range versions {
		seen[v.Document] = true
	}
	return sortedKeys(seen)
}
