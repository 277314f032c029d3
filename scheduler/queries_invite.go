package scheduler

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// inviteFacts are the columns of an invitation without its calendar part: that is long.
var inviteFacts = []string{"id", "platform", "revision", "meeting", "person", "name", "address", "method", "sequence", "language", "told", "over_at", "made_at"}

// invitesTo reads what was said about a session, the oldest first.
func invitesTo(ctx context.Context, r store.Reader, meeting qms.ID) (all []Invite, err error) {
	err = r.Select(&all).Column(inviteFacts...).Where("meeting = ?", meeting).Order("id").Scan(ctx)
	return all, err
}

// invitesByID reads invitations with their calendar parts.
func invitesByID(ctx context.Context, r store.Reader, ids []qms.ID) (map[qms.ID]*Invite, error) {
	found := make(map[qms.ID]*Invite, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var all []Invite
	err := r.Select(&all).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	for i := range all {
		found[all[i].ID] = &all[i]
	}
	return found, err
}

// overtaken are those of the invitations after which something else was said to the same address about the
// same session.
func overtaken(ctx context.Context, r store.Reader, invites map[qms.ID]*Invite) (map[qms.ID]bool, error) {
	past := map[qms.ID]bool{}
	if len(invites) == 0 {
		return past, nil
	}
	meetings := make([]qms.ID, 0, len(invites))
	for _, i := range invites {
		meetings = append(meetings, i.Meeting)
	}
	var all []Invite
	err := r.Select(&all).Column("id", "meeting", "address", "sequence").Where("meeting IN (?)", bun.List(meetings)).Scan(ctx)
	for n := range all {
		for id, i := range invites {
			if o := &all[n]; o.Meeting == i.Meeting && o.Sequence > i.Sequence && strings.EqualFold(o.Address, i.Address) {
				past[id] = true
			}
		}
	}
	return past, err
}

// mailsOf reads the mails of invitations.
func mailsOf(ctx context.Context, r store.Reader, invites []qms.ID) (map[qms.ID]*Mail, error) {
	found := make(map[qms.ID]*Mail, len(invites))
	if len(invites) == 0 {
		return found, nil
	}
	var all []Mail
	err := r.Select(&all).Where("invite IN (?)", bun.List(invites)).Scan(ctx)
	for i := range all {
		found[all[i].Invite] = &all[i]
	}
	return found, err
}

// placeNamed is a platform by its code and name.
func placeNamed(ctx context.Context, r store.Reader, platform qms.ID) (p Place, err error) {
	rows, err := r.Query(ctx, `SELECT code, name FROM platforms WHERE id = ?`, platform)
	if err != nil {
		return p, err
	}
	defer rows.Close()
	p.ID = platform
	for rows.Next() {
		if err := rows.Scan(&p.Code, &p.Name); err != nil {
			return p, err
		}
	}
	return p, rows.Err()
}
