package people

import (
	"context"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// ChangeMember corrects the facts of a membership, or ends it on a day. The code stays: records name
// it.
type ChangeMember struct {
	Platform   qms.ID
	Membership qms.ID
	Revision   int64 // that the change was made on
	Trainer    bool
	From       qms.Date // none: from ever
	Until      qms.Date // the first day without; none: open
	Reason     string
}

// ChangeMember changes a membership, see the command. Roles go on until they are ended themselves.
func (s *Service) ChangeMember(ctx context.Context, cmd ChangeMember) (*Member, error) {
	if err := qms.InvalidFields(checkPeriod("until", cmd.From, cmd.Until)...); err != nil {
		return nil, err
	}
	var member Member
	act := qms.Act{Name: "member.change", Needs: qms.ManageMembers.On(cmd.Platform), Platform: cmd.Platform,
		Subject: cmd.Membership, Reason: cmd.Reason}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		m, p, err := memberByID(ctx, tx, cmd.Platform, cmd.Membership)
		if err != nil {
			return err
		}
		m.Revision = cmd.Revision
		m.Trainer, m.FromDate, m.UntilDate = cmd.Trainer, cmd.From, cmd.Until
		if err := tx.Update(ctx, m); err != nil {
			return err
		}
		member = memberOf(m, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &member, nil
}

// Member is one membership of a platform.
func (s *Service) Member(ctx context.Context, platform, membership qms.ID) (*Member, error) {
	var member Member
	err := s.db.View(ctx, qms.ReadPlatform.On(platform), func(r store.Reader) error {
		m, p, err := memberByID(ctx, r, platform, membership)
		if err == nil {
			member = memberOf(m, p)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &member, nil
}

func memberByID(ctx context.Context, r store.Reader, platform, membership qms.ID) (*Membership, *Person, error) {
	m, err := membershipByID(ctx, r, platform, membership)
	if err != nil {
		return nil, nil, err
	}
	if m == nil {
		return nil, nil, qms.NotFound("member.not_found")
	}
	p, err := personByID(ctx, r, m.Person)
	if err == nil && p == nil {
		err = qms.NotFound("person.not_found")
	}
	return m, p, err
}

// ResetPassword makes a new password for somebody who has lost theirs, ends their sessions, and opens
// an account that was closed again. The password is shown once.
func (s *Service) ResetPassword(ctx context.Context, person qms.ID, reason string) (password string, err error) {
	made := newPassword()
	hash, err := s.hashing.hash(ctx, made)
	if err != nil {
		return "", err
	}
	act := qms.Act{Name: "account.reset", Needs: qms.ManageAccounts.OnSite(), Subject: person, Reason: reason}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		a, err := accountOf(ctx, tx, person)
		if err != nil {
			return err
		}
		if a == nil {
			return qms.NotFound("account.not_found")
		}
		a.PasswordHash, a.ChangedAt, a.ClosedAt = hash, tx.Now(), time.Time{}
		if err := tx.Update(ctx, a); err != nil {
			return err
		}
		return endSessions(ctx, tx, person, "")
	})
	if err != nil {
		return "", err
	}
	return made, nil
}
