package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// target names the version that an act is about, and the revision its actor saw.
type target struct {
	platform qms.ID
	version  qms.ID
	revision int64
}

// change runs one act on one version, in one transaction.
func (s *Service) change(ctx context.Context, name string, needs qms.Right, on target, reason string, fn func(*store.Tx, *Version) error) (*Version, error) {
	var v *Version
	act := qms.Act{Name: name, Needs: needs.On(on.platform), Platform: on.platform, Subject: on.version, Reason: reason}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if v, err = versionByID(ctx, tx, on.platform, on.version); err != nil {
			return err
		}
		if err := unchanged(v, on.revision); err != nil {
			return err
		}
		return fn(tx, v)
	})
	if err != nil {
		return nil, err
	}
	s.press.want()
	return v, nil
}

func present(tx *store.Tx) Present { return Present{At: tx.Now(), Day: tx.Today()} }

// sign records the actor's signature under the content of the version.
func sign(ctx context.Context, tx *store.Tx, v *Version, m Meaning) error {
	return tx.Insert(ctx, &Signature{
		Version: v.ID, Person: tx.Actor().ID, Name: tx.Actor().Name, Meaning: m, Content: v.Content, SignedAt: tx.Now(), SignedOn: tx.Today(), Zone: tx.Zone(),
	})
}

// Submit puts a draft in review and names who is to sign. It is the author's signature.
func (s *Service) Submit(ctx context.Context, cmd Submit) (*Version, error) {
	return s.change(ctx, "version.submit", qms.WriteDocuments, target{cmd.Platform, cmd.Version, cmd.Revision}, "",
		func(tx *store.Tx, v *Version) error {
			held, err := exemptionsOf(ctx, tx, cmd.Platform)
			if err != nil {
				return err
			}
			if err := v.Submit(tx.Actor().ID, cmd.Verifier, cmd.Approver, cmd.PlannedFrom, present(tx), held...); err != nil {
				return err
			}
			wrong, err := s.checkStaff(ctx, tx, staffed{"verifier", cmd.Verifier}, staffed{"approver", cmd.Approver})
			if err != nil {
				return err
			}
			if len(wrong) > 0 {
				return qms.InvalidFields(wrong...)
			}
			if err := tx.Update(ctx, v); err != nil {
				return err
			}
			return sign(ctx, tx, v, Authored)
		})
}

// Verify is the verifier's signature. The door has asked for the password again.
func (s *Service) Verify(ctx context.Context, cmd Verify) (*Version, error) {
	return s.change(ctx, "version.verify", qms.ApproveDocuments, target{cmd.Platform, cmd.Version, cmd.Revision}, "",
		func(tx *store.Tx, v *Version) error {
			held, err := exemptionsOf(ctx, tx, cmd.Platform)
			if err != nil {
				return err
			}
			if err := v.Verify(tx.Actor().ID, present(tx)); err != nil {
				return err
			}
			if err := v.covered(Verified, held, tx.Today()); err != nil {
				return err
			}
			if err := tx.Update(ctx, v); err != nil {
				return err
			}
			return sign(ctx, tx, v, Verified)
		})
}

// Approve is the approver's signature: the version takes effect on its day by itself, and the one
// before it ends on that day. Without a day it is the one the author proposed, or today.
func (s *Service) Approve(ctx context.Context, cmd Approve) (*Version, error) {
	return s.change(ctx, "version.approve", qms.ApproveDocuments, target{cmd.Platform, cmd.Version, cmd.Revision}, "",
		func(tx *store.Tx, v *Version) error {
			d, err := documentByID(ctx, tx, cmd.Platform, v.Document)
			if err != nil {
				return err
			}
			others, err := versionsOf(ctx, tx, v.Document)
			if err != nil {
				return err
			}
			from := cmd.EffectiveFrom
			if from == 0 {
				from = max(v.PlannedFrom, tx.Today())
			}
			v.Rereads = cmd.Rereads
			held, err := exemptionsOf(ctx, tx, cmd.Platform)
			if err != nil {
				return err
			}
			ended, err := v.Approve(tx.Actor().ID, from, d.ReviewMonths, present(tx), others)
			if err != nil {
				return err
			}
			if err := v.covered(ApprovedBy, held, tx.Today()); err != nil {
				return err
			}
			if ended != nil {
				if err := tx.Update(ctx, ended); err != nil {
					return err
				}
			}
			if err := tx.Update(ctx, v); err != nil {
				return err
			}
			if err := s.askRendition(ctx, tx, v); err != nil {
				return err
			}
			return sign(ctx, tx, v, ApprovedBy)
		})
}

// Reject sends a version in review back to its author, by the verifier or the approver. Signatures
// already given stay on record and count no more.
func (s *Service) Reject(ctx context.Context, cmd Reject) (*Version, error) {
	cmd.Reason = tidy(cmd.Reason)
	return s.change(ctx, "version.reject", qms.ApproveDocuments, target{cmd.Platform, cmd.Version, cmd.Revision}, cmd.Reason,
		func(tx *store.Tx, v *Version) error {
			if err := v.Reject(tx.Actor().ID, cmd.Reason); err != nil {
				return err
			}
			if err := tx.Update(ctx, v); err != nil {
				return err
			}
			return sign(ctx, tx, v, Rejected)
		})
}

// Recall takes a version in review back: the way out of a round that is stuck.
func (s *Service) Recall(ctx context.Context, cmd Recall) (*Version, error) {
	cmd.Reason = tidy(cmd.Reason)
	return s.change(ctx, "version.recall", qms.WriteDocuments, target{cmd.Platform, cmd.Version, cmd.Revision}, cmd.Reason,
		func(tx *store.Tx, v *Version) error {
			controls := tx.Actor().Can(qms.ControlDocuments.On(cmd.Platform))
			if err := v.Recall(tx.Actor().ID, controls, cmd.Reason); err != nil {
				return err
			}
			return tx.Update(ctx, v)
		})
}

// Withdraw ends a version for good. What it said stays readable, marked.
func (s *Service) Withdraw(ctx context.Context, cmd Withdraw) (*Version, error) {
	cmd.Reason = tidy(cmd.Reason)
	return s.change(ctx, "version.withdraw", qms.ControlDocuments, target{cmd.Platform, cmd.Version, cmd.Revision}, cmd.Reason,
		func(tx *store.Tx, v *Version) error {
			others, err := versionsOf(ctx, tx, v.Document)
			if err != nil {
				return err
			}
			changed, err := v.Withdraw(cmd.Reason, present(tx), others)
			if err != nil {
				return err
			}
			for _, o := range changed {
				if err := tx.Update(ctx, o); err != nil {
					return err
				}
			}
			return tx.Update(ctx, v)
		})
}
