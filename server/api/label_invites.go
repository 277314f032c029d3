package api

import (
	"context"
	"time"

	"maillon/qms"
	"maillon/scheduler"
)

// invites are what goes out by mail about one session.
func (a *API) invites(one string) {
	register(a, get(one+"/invitations", "list-session-invitations", "What was said by mail about a session, to whom, and what became of it", "label"), a.listInvites)
	register(a, atRevision(post(one+"/invite", "invite-to-session", "Write to everybody invited again", "label")), a.inviteMeeting)
}

// SessionInvitation is what was said last to one person about a session.
type SessionInvitation struct {
	Name     string              `json:"name"`
	Address  string              `json:"address"`
	Method   string              `json:"method" enum:"REQUEST,CANCEL"`
	Sequence int64               `json:"sequence"`
	State    scheduler.MailState `json:"state" enum:"queued,sent,failed,kept" doc:"Of its mail; kept: it was never to leave"`
	Fault    string              `json:"fault,omitempty" doc:"What the last attempt ended with, in the mail server's words"`
	QueuedAt time.Time           `json:"queued_at"`
}

func renderInvite(t scheduler.Said) SessionInvitation {
	return SessionInvitation{Name: t.Name, Address: t.Address, Method: string(t.Method), Sequence: t.Sequence, State: t.State, Fault: t.Fault, QueuedAt: t.Mail.QueuedAt}
}

type listInvites struct {
	InPlatform
	Paged
	Number string `path:"number" maxLength:"100"`
}

func (a *API) listInvites(ctx context.Context, in *listInvites) (*List[SessionInvitation], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	v, err := a.s.Label.Meeting(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	said, err := a.s.Reminders.Invitations(ctx, p.ID, v.Meeting.ID)
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, qms.Page[scheduler.Said]{Items: said.Told}, renderInvite), nil
}

// InviteAgain says why everybody is written to again.
type InviteAgain struct {
	Reason string `json:"reason,omitempty" maxLength:"8000"`
}

func (a *API) inviteMeeting(ctx context.Context, in *changeRecord[InviteAgain]) (*One[AccompanimentSession], error) {
	t, err := meetingTarget(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownMeeting(a.s.Label.InviteMeeting(ctx, t))
}
