package label

import (
	"context"
	"sync"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// crowd makes acts meet: each waits, in the middle of its transaction, until all are there. Where the engine
// lets in one writer at a time nobody else comes, and it goes on after a moment.
type crowd struct {
	candidates
	mu   sync.Mutex
	left int
	all  chan struct{}
}

func crowdOf(n int) *crowd { return &crowd{left: n, all: make(chan struct{})} }

func (c *crowd) Holders(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]Holder, error) {
	if _, writes := r.(*store.Tx); writes && platform == "" {
		c.meet()
	}
	return c.candidates.Holders(ctx, r, platform, day)
}

func (c *crowd) meet() {
	c.mu.Lock()
	if c.left--; c.left == 0 {
		close(c.all)
	}
	c.mu.Unlock()
	select {
	case <-c.all:
	case <-time.After(300 * time.Millisecond):
	}
}

// Two platforms plan at one instant for one officer: each finds the officer free, and one of them is told
// that this is no longer so.
func TestSessions_GiveAnOfficerToOnePlatformAtATime(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := sessionRoomOf(t, db)
		got(r.StartAccompaniment(r.officer, StartAccompaniment{Platform: otherPlatform, PlanTerms: PlanTerms{Start: onDay("2026-01-05"), Months: 12, Officer: storetest.AgentID(2)}}))(t)
		both := New(db, crowdOf(2))
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for n, platform := range []qms.ID{home, otherPlatform} {
			wg.Go(func() {
				terms := at("2026-02-10")
				terms.Attendees, terms.Start = nil, terms.Start+int64(n)*60 // the one begins while the other lasts
				_, errs[n] = both.PlanMeeting(r.officer, PlanMeeting{Platform: platform, MeetingTerms: terms})
			})
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("planned: %v and %v", errs[0], errs[1])
		}
		for _, err := range errs {
			if err != nil && fieldsOf(err)["start"] != "meeting.officer_at" {
				t.Errorf("refused with %v", err)
			}
		}
	})
}

// The same when a session is moved to where another is being planned.
func TestSessions_AreNotMovedOntoOneThatIsBeingPlanned(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := sessionRoomOf(t, db)
		got(r.StartAccompaniment(r.officer, StartAccompaniment{Platform: otherPlatform, PlanTerms: PlanTerms{Start: onDay("2026-01-05"), Months: 12, Officer: storetest.AgentID(2)}}))(t)
		m := r.planned(t, "2026-02-12")
		both := New(db, crowdOf(2))
		var errs [2]error
		var wg sync.WaitGroup
		wg.Go(func() {
			_, errs[0] = both.MoveMeeting(r.officer, MoveMeeting{Target: m.target(""), MeetingTerms: at("2026-02-10")})
		})
		wg.Go(func() {
			terms := at("2026-02-10")
			terms.Attendees = nil
			_, errs[1] = both.PlanMeeting(r.officer, PlanMeeting{Platform: otherPlatform, MeetingTerms: terms})
		})
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("kept: %v and %v", errs[0], errs[1])
		}
	})
}
