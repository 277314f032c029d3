package scheduler

import (
	"context"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// Welcome is what an auditor who was let in is written. Where it chooses a password, its mail carries a
// link that is made when it is sent: whoever reads the database or the outbox does not hold it.
type Welcome struct {
	qms.Row
	Person   qms.ID
	Name     string
	Address  string
	Language string
	Told     Call
	Chooses  bool
	OverAt   time.Time // it is not sent any more from then on
	MadeAt   time.Time
}

// Welcome queues the letter within the act of who lets them in, and says whether mails leave the house.
// Without a mail server it is kept.
func (s *Service) Welcome(ctx context.Context, tx *store.Tx, w *Welcome) (leaves bool, err error) {
	w.ID, w.MadeAt = qms.NewID(tx.Now()), tx.Now()
	m := &Mail{Row: qms.Row{ID: qms.NewID(tx.Now())}, Person: w.Person, Invite: w.ID, Day: tx.Today(), State: Queued, Address: w.Address,
		QueuedAt: tx.Now(), NextAt: tx.Now(), Message: "auditor-" + string(w.ID) + "@" + s.o.Domain}
	if s.o.Mailer == nil {
		m.settle(Kept, tx.Now())
	}
	return s.o.Mailer != nil, tx.Insert(ctx, w, m)
}

// welcome makes the letter one that lets somebody in.
func (q *queued) welcome(w *Welcome, now time.Time) {
	q.letter.Welcome, q.letter.Name, q.letter.Address, q.letter.Language = w, w.Name, w.Address, w.Language
	q.moot = !w.OverAt.After(now)
}

// welcomesIn are the letters of mails that invite to no session.
func welcomesIn(ctx context.Context, r store.Reader, mails []Mail, invites map[qms.ID]*Invite) (map[qms.ID]*Welcome, error) {
	var ids []qms.ID
	for _, m := range mails {
		if m.Invite != "" && invites[m.Invite] == nil {
			ids = append(ids, m.Invite)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return welcomesByID(ctx, r, ids)
}
