package witness_test

import (
	"sync"
	"testing"
	"time"

	"maillon/audits/witness"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trail"
)

// ahead is how much faster the clock of the second server goes.
const ahead = 5 * time.Minute

// replica is a second server on the database, whose clock is ahead.
func (w *watch) replica() *watch {
	w.t.Helper()
	clock := storetest.ClockOf(w.db)
	db, err := store.Open(w.t.Context(), store.Options{URL: storetest.URL(w.db), Clock: func() time.Time { return clock.Now().Add(ahead) }})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { db.Close() })
	other := *w
	other.db = db
	other.Service = witness.New(db, witness.Options{Key: keyOf(w.t), Morning: 6})
	return &other
}

func keyOf(t *testing.T) trail.Key {
	t.Helper()
	key, _ := newKey(t, 1)
	return key
}

// together has both servers ask at the same moment, as their clocks do every five minutes.
func together(servers ...*watch) {
	var all sync.WaitGroup
	for _, w := range servers {
		all.Go(func() {
			if err := w.Tick(storetest.AsSystem()); err != nil {
				w.t.Error(err)
			}
		})
	}
	all.Wait()
}

// Four days of two servers whose clocks differ: one of them is stopped for a day, both for another, and
// everything is started again at midnight.
func TestTick_OfTwoServersWhoseClocksDifferKeepsOneADayAndMissesNone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		one := newWatch(t, db, witness.Options{})
		one.PostBy(nil)
		two := one.replica()
		clock := storetest.ClockOf(db)
		at := func(day, hour, minute int) { clock.Set(time.Date(2026, 7, day, hour, minute, 0, 0, time.UTC)) }
		for day := 1; day <= 7; day++ {
			for _, minute := range []int{0, 4, 9} { // midnight of one, then of the other
				at(day, 0, minute)
				if minute == 4 { // both are started again
					one.Service, two = witness.New(db, witness.Options{Key: keyOf(t), Morning: 6}), one.replica()
				}
				one.grow()
				together(one, two)
			}
			for _, hour := range []int{5, 6, 12, 23} {
				if hour == 12 && day != 4 {
					one.grow() // it waits for the next morning
				}
				for minute := 0; minute < 60; minute += 20 {
					switch at(day, hour, minute+19); {
					case day == 4: // neither runs
					case day == 3:
						together(two)
					default:
						together(one, two)
					}
				}
			}
		}
		days := map[string]map[qms.Date]int{}
		for _, platform := range []qms.ID{one.platform, ""} {
			page, err := one.List(storetest.AsSystem(), platform, witness.Daily, qms.Cursor{Size: 100})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range page.Items {
				if days[c.Log] == nil {
					days[c.Log] = map[qms.Date]int{}
				}
				days[c.Log][c.Day]++
			}
		}
		if len(days) != 2 {
			t.Fatalf("%d trails have daily checkpoints", len(days))
		}
		for log, kept := range days {
			for day, n := range kept {
				if n != 1 {
					t.Errorf("%s: %d of %s", log, n, day)
				}
			}
			if log == trail.LogOf(one.platform) && len(kept) != 6 {
				t.Errorf("%s grew every day and has those of %v, want all but the day that neither ran", log, kept)
			}
		}
	})
}

// A server that stops between keeping the checkpoints of a day and telling of them, late in the evening, tells
// of them when it is back: an address that came meanwhile is not told of days before it.
func TestTick_MailsTheCheckpointsOfTheEveningAfterAStop(t *testing.T) {
	each(t, func(t *testing.T, w *watch) {
		admin, clock := storetest.As(qms.Administrator), storetest.ClockOf(w.db)
		add := func(address string) {
			if _, err := w.AddAddress(admin, witness.AddAddress{Address: address, Language: "fr"}); err != nil {
				t.Fatal(err)
			}
		}
		add("notary@institution.example")
		w.grow()
		clock.Set(time.Date(2026, 7, 1, 20, 58, 0, 0, time.UTC))
		w.PostBy(nil) // it never comes to that
		w.tick()
		clock.Set(time.Date(2026, 7, 2, 0, 3, 0, 0, time.UTC))
		add("archives@institution.example")
		w.PostBy(w.box)
		w.tick()
		w.tick()
		if len(w.box.mails) != 1 || w.box.mails[0].Address != "notary@institution.example" || w.box.mails[0].Day != qms.MustDate("2026-07-01") {
			t.Errorf("%d mails: %+v", len(w.box.mails), w.box.mails)
		}
	})
}
