package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Post writes to those invited to a session. server/app joins it with the outbox of the scheduler.
type Post interface {
	// Invite queues, within the act, the mails that tell the session as it is: to everybody invited whom
	// something new concerns, to all of them when again is true, and to those who were told before and are
	// no longer invited, that it is not for them any more. It refuses nothing: who has no address, and a
	// site that sends no mails, is left out.
	Invite(ctx context.Context, tx *store.Tx, v *MeetingSheet, again bool) error
}

// PostBy says who writes to those invited. Without it nobody is written to.
func (s *Service) PostBy(p Post) *Service {
	s.post = p
	return s
}

// Invites reports whether those invited can still be told: of a session that is neither held nor over.
func (m *Meeting) Invites(tx store.Reader) bool {
	return m.State != Held && m.End().After(tx.Now())
}

// tell hands the session, as the act leaves it, to the post.
func (s *Service) tell(ctx context.Context, tx *store.Tx, m *Meeting, again bool) error {
	if s.post == nil || !m.Invites(tx) {
		return nil
	}
	v := &MeetingSheet{Meeting: *m, Day: tx.Today()}
	if err := s.fillMeeting(ctx, tx, v); err != nil {
		return err
	}
	return s.post.Invite(ctx, tx, v, again)
}

// InviteMeeting invites everybody of a planned session again: after an address was corrected, or when
// nobody was written to at first. It is a change of the invitation, whose sequence rises.
func (s *Service) InviteMeeting(ctx context.Context, target Target) (*Meeting, error) {
	return s.onMeeting(ctx, meetingAct("meeting.invite", target.Platform), target, func(in *statement, m *Meeting) ([]qms.Record, error) {
		if !m.Invites(in.tx) {
			return nil, qms.Conflict("meeting.not_invited", m.Number)
		}
		in.again = true
		return nil, nil
	})
}
