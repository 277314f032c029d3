package documents

import (
	"context"
	"time"
	"unicode/utf8"

	"maillon/qms"
	"maillon/qms/store"
)

// PeriodicReview is a review of the version in force that ended without a change: it is signed, and
// the next one falls due counted from its day. A review that asks for a change ends in a new version.
type PeriodicReview struct {
	qms.Row
	Document   qms.ID
	Version    qms.ID
	Person     qms.ID
	Name       string // as it was
	Note       string // may be empty
	DueOn      qms.Date
	ReviewedOn qms.Date
	NextOn     qms.Date // none when the document is not reviewed periodically
	ReviewedAt time.Time
}

// ReviewUnchanged says that the version in force was reviewed and needs no change. Its door asks for
// the password again: it is a signature.
type ReviewUnchanged struct {
	Platform qms.ID
	Version  qms.ID
	Revision int64
	Note     string
}

// Reviewers tells whether the person may review the version of the document: its owner, its approver,
// and who controls documents.
func (v *Version) Reviewers(d *Document, by qms.ID, controls bool) bool {
	return controls || by != "" && (by == d.Owner || by == v.Approver)
}

// ReviewUnchanged notes the review of the version in force and moves its next date on: the document's
// interval counted from the day of the review, early or late as it may be.
func (v *Version) ReviewUnchanged(d *Document, by qms.ID, controls bool, note string, now Present) (*PeriodicReview, error) {
	state, _ := v.StateOn(now.Day)
	switch {
	case state != Effective:
		return nil, qms.Conflict("version.not_in_force", v.Number().String())
	case !v.Reviewers(d, by, controls):
		return nil, qms.Refuse("version.not_reviewer")
	case !v.HasContent():
		return nil, qms.Conflict("version.review_of_nothing", v.Number().String())
	case v.ReviewedOn >= now.Day:
		return nil, qms.Conflict("version.reviewed_today", v.Number().String())
	case utf8.RuneCountInString(note) > maxReason:
		return nil, qms.InvalidFields(qms.Wrong("note", "act.reason_long", maxReason))
	}
	review := &PeriodicReview{Document: v.Document, Version: v.ID, Person: by, Note: note, DueOn: v.ReviewOn, ReviewedOn: now.Day, ReviewedAt: now.At}
	v.ReviewedOn = now.Day
	v.setReview(d.ReviewMonths)
	review.NextOn = v.ReviewOn
	return review, nil
}

// ReviewUnchanged ends the periodic review of the version in force in "reviewed, no change".
func (s *Service) ReviewUnchanged(ctx context.Context, cmd ReviewUnchanged) (*Version, error) {
	cmd.Note = tidy(cmd.Note)
	return s.change(ctx, "version.review", qms.ApproveDocuments, target{cmd.Platform, cmd.Version, cmd.Revision}, cmd.Note,
		func(tx *store.Tx, v *Version) error {
			d, err := documentByID(ctx, tx, cmd.Platform, v.Document)
			if err != nil {
				return err
			}
			controls := tx.Actor().Can(qms.ControlDocuments.On(cmd.Platform))
			review, err := v.ReviewUnchanged(d, tx.Actor().ID, controls, cmd.Note, present(tx))
			if err != nil {
				return err
			}
			review.Name = tx.Actor().Name
			if err := tx.Insert(ctx, review); err != nil {
				return err
			}
			if err := tx.Update(ctx, v); err != nil {
				return err
			}
			return sign(ctx, tx, v, Reviewed)
		})
}

// review gives the entries the reviews they had had by the day, and the date of the next as it stood.
func (s *Sheet) review(ctx context.Context, r store.Reader) error {
	all, err := reviewsOf(ctx, r, s.ids())
	if err != nil {
		return err
	}
	for _, p := range all { // newest first
		if p.ReviewedOn <= s.AsOf {
			e := s.entry(p.Version)
			e.Reviews = append(e.Reviews, p)
		}
	}
	if s.AsOf >= r.Today() {
		return nil
	}
	back, err := changedAfter(ctx, r, s.Platform, s.AsOf)
	if err != nil {
		return err
	}
	s.putBack(back)
	return nil
}

// ids are the versions of the sheet.
func (s *Sheet) ids() []qms.ID {
	ids := make([]qms.ID, len(s.Versions))
	for i := range s.Versions {
		ids[i] = s.Versions[i].ID
	}
	return ids
}

// entry is the version of the sheet; it panics when it is not on it, for ids come from the sheet.
func (s *Sheet) entry(version qms.ID) *Entry {
	for i := range s.Versions {
		if s.Versions[i].ID == version {
			return &s.Versions[i]
		}
	}
	panic("documents: a row of another sheet")
}
