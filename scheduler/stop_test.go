package scheduler

import (
	"context"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/scheduler/smtp"
)

// stopping is a house whose site is told to stop at a certain moment, once.
type stopping struct {
	*house
	atSend, atContacts func()
}

func (s *stopping) Dial(context.Context) (Outgoing, error) { return s, nil }

func (s *stopping) Send(ctx context.Context, m smtp.Message) error {
	err := s.house.Send(ctx, m)
	if s.atSend != nil {
		s.atSend() // the mail server has said yes
	}
	return err
}

func (s *stopping) Contacts(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]Contact, error) {
	run, err := lastSlot(ctx, r)
	if err != nil {
		return nil, err
	}
	if s.atContacts != nil && run != nil { // its mails are about to be written
		s.atContacts()
		return nil, ctx.Err()
	}
	return s.house.Contacts(ctx, r, persons)
}

// stopped runs until the site is told to stop, and leaves what waits to another server.
func stopped(t *testing.T, db *store.DB, tell func(s *stopping, stop func())) *house {
	t.Helper()
	h := newHouse()
	ctx, stop := context.WithCancel(storetest.AsSystem())
	defer stop()
	s := &stopping{house: h}
	tell(s, stop)
	one := h.post(db, s, nil)
	one.people = s
	if _, err := one.Run(ctx); err == nil || ctx.Err() == nil {
		t.Fatalf("it was not told to stop: %v", err)
	}
	if _, err := h.post(db, h, nil).Run(storetest.AsSystem()); err != nil { // no lease has passed
		t.Fatal(err)
	}
	return h
}

func TestRun_ToldToStopDoesNotSendAgainWhatWasAccepted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := stopped(t, db, func(s *stopping, stop func()) { s.atSend = stop })
		if len(h.sent) != 1 {
			t.Errorf("sent %d times: %+v", len(h.sent), h.sent)
		}
		if got, err := h.post(db, h, nil).Received(h.asLead(), qms.Cursor{}); err != nil || len(got.Items) != 1 || got.Items[0].State != Sent {
			t.Errorf("on record: %+v, %v", got, err)
		}
	})
}

func TestRun_ToldToStopLeavesWhatWaitsToAnotherServerAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := stopped(t, db, func(s *stopping, stop func()) { s.atContacts = stop })
		if len(h.sent) != 1 {
			t.Errorf("another server sent %d mails", len(h.sent))
		}
	})
}
