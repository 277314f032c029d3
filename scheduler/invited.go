package scheduler

import (
	"cmp"
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/store"
	"maillon/scheduler/calendar"
)

// Invitations is what goes out by mail about one session, or would.
type Invitations struct {
	Leaves bool   // a mail server is configured
	Off    bool   // it is settled that none go out for the platform
	Told   []Said // what was said last to each, in the order of their names
}

// Said is what was said last to one person, and what became of it.
type Said struct {
	Name, Address string
	Method        calendar.Method
	Sequence      int64
	State         MailState
	Fault         string
	Mail          Mail
}

// Sends reports whether a mail would leave the house now.
func (v Invitations) Sends() bool { return v.Leaves && !v.Off }

// Invitations tells what goes out by mail for a platform, and what was said about one of its sessions when
// it is named.
func (s *Service) Invitations(ctx context.Context, platform, meeting qms.ID) (v Invitations, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		settled, err := rulesFor(ctx, r, []qms.ID{platform})
		if err != nil {
			return err
		}
		v.Leaves, v.Off = s.o.Mailer != nil, rulesOf(settled).steps(platform, InviteKind).Off
		if meeting == "" {
			return nil
		}
		v.Told, err = saidLast(ctx, r, platform, meeting)
		return err
	})
	return v, err
}

// saidLast is what was said last to each address about a session.
func saidLast(ctx context.Context, r store.Reader, platform, meeting qms.ID) (told []Said, err error) {
	all, err := invitesTo(ctx, r, meeting)
	if err != nil {
		return nil, err
	}
	last := map[string]Invite{}
	for _, i := range all {
		if i.Platform == platform {
			last[i.Address] = i
		}
	}
	ids := make([]qms.ID, 0, len(last))
	for _, i := range last {
		ids = append(ids, i.ID)
	}
	mails, err := mailsOf(ctx, r, ids)
	for _, i := range last {
		t := Said{Name: i.Name, Address: i.Address, Method: i.Method, Sequence: i.Sequence}
		if m := mails[i.ID]; m != nil {
			t.State, t.Fault, t.Mail = m.State, m.Fault, *m
		}
		told = append(told, t)
	}
	slices.SortFunc(told, func(a, b Said) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Address, b.Address)) })
	return told, err
}

var _ label.Post = (*Service)(nil)

// invitesIn reads the invitations that mails carry, and which of them are overtaken.
func invitesIn(ctx context.Context, r store.Reader, mails []Mail) (map[qms.ID]*Invite, map[qms.ID]bool, error) {
	var ids []qms.ID
	for i := range mails {
		if mails[i].Invite != "" {
			ids = append(ids, mails[i].Invite)
		}
	}
	invites, err := invitesByID(ctx, r, ids)
	if err != nil {
		return nil, nil, err
	}
	past, err := overtaken(ctx, r, invites)
	return invites, past, err
}

// invite makes the letter one that invites. It goes to the address that a person of the house has now.
func (q *queued) invite(i *Invite, moot bool) {
	l := &q.letter
	l.Invite, l.Language, q.moot = i, i.Language, moot
	if i.Person == "" || l.Address == "" {
		l.Name, l.Address = i.Name, i.Address
	}
}
