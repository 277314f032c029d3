package scheduler

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// claim begins the next run, or takes over the last one when it was found silent, and queues what is new,
// all in one act. It gives no slot when there is nothing to do or another replica was faster.
func (s *Service) claim(ctx context.Context, seen state, q Question) (*Slot, error) {
	if seen.last.ended() && q.Day == 0 && seen.waiting == 0 {
		return nil, nil
	}
	var slot *Slot
	var made []*Reminder
	act := qms.Act{Name: "reminder.queue", Needs: qms.OperateSite.OnSite()}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		last, err := lastSlot(ctx, tx)
		if err != nil || !same(last, seen.last) {
			return err // another replica was faster: it does what was to be done
		}
		if !last.ended() {
			slot = last
			slot.Holder, slot.Term, slot.Beats = s.o.Holder, slot.Term+1, slot.Beats+1
			return tx.Update(ctx, slot)
		}
		slot, made, err = s.queue(ctx, tx, last, seen, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	if s.o.Mailer == nil {
		s.tell(ctx, made)
	}
	return slot, nil
}

// same reports whether nothing happened to the last run since it was looked at.
func same(a, b *Slot) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.ID == b.ID && a.Revision == b.Revision
}

// queue begins a run with what the rule demands. It asks the rule under the lock of the trail, with what
// was told until now.
func (s *Service) queue(ctx context.Context, tx *store.Tx, last *Slot, seen state, q Question) (*Slot, []*Reminder, error) {
	slot := &Slot{Number: 1, Holder: s.o.Holder, Term: 1, Beats: 1, ClaimedAt: tx.Now()}
	if last != nil {
		slot.Number = last.Number + 1
	}
	slot.ID = slotID(slot.Number)
	var asks []Ask
	if q.Day != 0 {
		var err error
		if asks, err = news(ctx, tx, q); err != nil {
			return nil, nil, err
		}
	}
	if q.Morning {
		slot.Day = q.Day
	}
	if len(asks) == 0 && !q.Morning && seen.waiting == 0 {
		return nil, nil, nil
	}
	mails, reminders := pack(asks, slot.Number, q.Day, tx.Now(), s.o.Domain, s.o.Mailer != nil)
	slot.Asked, slot.Mails = len(reminders), len(mails)
	if s.o.Mailer == nil || len(mails) == 0 && seen.waiting == 0 {
		slot.EndedAt = tx.Now()
	}
	rows := make([]qms.Record, 0, 1+len(mails)+len(reminders))
	rows = append(rows, slot)
	for _, m := range mails {
		rows = append(rows, m)
	}
	for _, r := range reminders {
		rows = append(rows, r)
	}
	return slot, reminders, tx.Insert(ctx, rows...)
}

// news is what the rule demands after all that was told. It reads only what was told of these
// obligations since the oldest of the steps in question was reached.
func news(ctx context.Context, r store.Reader, q Question) ([]Ask, error) {
	asks := Demand(q)
	if len(asks) == 0 {
		return nil, nil
	}
	since, obligations := asks[0].Reached, make([]string, len(asks))
	for i, a := range asks {
		since, obligations[i] = min(since, a.Reached), a.Due.Key
	}
	slices.Sort(obligations)
	var err error
	q.Told, err = toldSince(ctx, r, slices.Compact(obligations), since)
	asks = Demand(q)
	worded(asks, q.Languages)
	return asks, err
}

// tell writes to the log what no mail tells.
func (s *Service) tell(ctx context.Context, reminders []*Reminder) {
	for _, r := range reminders {
		s.log.InfoContext(ctx, "reminder", "person", r.Person, "platform", r.Place, "kind", r.Kind, "title", r.Title, "due", r.DueOn.String(), "step", r.Step)
	}
}
