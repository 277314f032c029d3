package documents

import (
	"context"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// Reassign names other people to sign a version that is in review, by its author or who controls
// documents, who says why: the way on when somebody is away. An empty one stays who it is.
type Reassign struct {
	Platform qms.ID
	Version  qms.ID
	Revision int64
	Verifier qms.ID
	Approver qms.ID
	Reason   string
}

// HandOver gives a draft to another author, by its author or who controls documents.
type HandOver struct {
	Platform qms.ID
	Version  qms.ID
	Revision int64
	Author   qms.ID
	Reason   string
}

// Reassign changes who verifies and who approves. The verification given stays when the approver
// changes, and is dropped when the verifier does: the new one has verified nothing yet.
func (v *Version) Reassign(by qms.ID, controls bool, verifier, approver qms.ID, reason string, now Present, held ...*Exemption) error {
	switch {
	case v.State != InReview:
		return qms.Conflict("version.not_in_review", v.Number().String())
	case v.Author != by && !controls:
		return qms.Refuse("version.not_author")
	}
	if verifier == "" {
		verifier = v.Verifier
	}
	if approver == "" {
		approver = v.Approver
	}
	exemption, wrong := threePeople(v.Author, verifier, approver, held, now.Day)
	if verifier == v.Verifier && approver == v.Approver {
		wrong = append(wrong, qms.Wrong("verifier", "version.same_people"))
	}
	if wrong = append(wrong, fieldsOf(checkReason(reason))...); len(wrong) > 0 {
		return qms.InvalidFields(wrong...)
	}
	if verifier != v.Verifier {
		v.VerifiedAt = time.Time{}
	}
	v.Verifier, v.Approver, v.Exemption = verifier, approver, exemption
	return nil
}

// HandOver makes somebody else the author of a draft.
func (v *Version) HandOver(by qms.ID, controls bool, author qms.ID, reason string) error {
	switch {
	case v.State != Draft:
		return qms.Conflict("version.not_draft", v.Number().String())
	case v.Author != by && !controls:
		return qms.Refuse("version.not_author")
	}
	var wrong []qms.Field
	switch author {
	case "":
		wrong = append(wrong, qms.Wrong("author", "version.author_missing"))
	case v.Author:
		wrong = append(wrong, qms.Wrong("author", "version.same_author"))
	}
	if wrong = append(wrong, fieldsOf(checkReason(reason))...); len(wrong) > 0 {
		return qms.InvalidFields(wrong...)
	}
	v.Author = author
	return nil
}

// Reassign names other people to sign a version in review.
func (s *Service) Reassign(ctx context.Context, cmd Reassign) (*Version, error) {
	cmd.Reason = tidy(cmd.Reason)
	return s.change(ctx, "version.reassign", qms.WriteDocuments, target{cmd.Platform, cmd.Version, cmd.Revision}, cmd.Reason,
		func(tx *store.Tx, v *Version) error {
			held, err := exemptionsOf(ctx, tx, cmd.Platform)
			if err != nil {
				return err
			}
			was := *v
			controls := tx.Actor().Can(qms.ControlDocuments.On(cmd.Platform))
			if err := v.Reassign(tx.Actor().ID, controls, cmd.Verifier, cmd.Approver, cmd.Reason, present(tx), held...); err != nil {
				return err
			}
			if err := s.checkNew(ctx, tx, was, v); err != nil {
				return err
			}
			return tx.Update(ctx, v)
		})
}

// checkNew looks at those who are named now and were not before: who has left stays named until then.
func (s *Service) checkNew(ctx context.Context, tx *store.Tx, was Version, v *Version) error {
	var named []staffed
	if v.Author != was.Author {
		named = append(named, staffed{"author", v.Author})
	}
	if v.Verifier != was.Verifier {
		named = append(named, staffed{"verifier", v.Verifier})
	}
	if v.Approver != was.Approver {
		named = append(named, staffed{"approver", v.Approver})
	}
	wrong, err := s.checkStaff(ctx, tx, named...)
	if err != nil || len(wrong) == 0 {
		return err
	}
	return qms.InvalidFields(wrong...)
}

// HandOver gives a draft to another author.
func (s *Service) HandOver(ctx context.Context, cmd HandOver) (*Version, error) {
	cmd.Reason = tidy(cmd.Reason)
	return s.change(ctx, "version.hand_over", qms.WriteDocuments, target{cmd.Platform, cmd.Version, cmd.Revision}, cmd.Reason,
		func(tx *store.Tx, v *Version) error {
			was := *v
			controls := tx.Actor().Can(qms.ControlDocuments.On(cmd.Platform))
			if err := v.HandOver(tx.Actor().ID, controls, cmd.Author, cmd.Reason); err != nil {
				return err
			}
			if err := s.checkNew(ctx, tx, was, v); err != nil {
				return err
			}
			return tx.Update(ctx, v)
		})
}
