package scheduler

import (
	"sync"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestSet_SettlesAKindOnceWhoeverIsFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse()
		s, admin, kind := h.post(db, nil, nil), storetest.As(qms.Administrator), Kinds()[0]
		errs := make([]error, 8)
		var wait sync.WaitGroup
		for i := range errs {
			wait.Go(func() { _, errs[i] = s.Set(admin, SetRule{Kind: kind, Offsets: []int{i}}) })
		}
		wait.Wait()
		made := 0
		for _, err := range errs {
			switch {
			case err == nil:
				made++
			case qms.CodeOf(err) != qms.CodeConflict:
				t.Errorf("at the same time: %v", err)
			}
		}
		if made != 1 {
			t.Errorf("%d rules were made for one kind of the site", made)
		}
	})
}

// TestReminderRules_AreOneForAKindAndPlace writes past the room, as a second program on the same database
// could: the engine itself refuses another rule for the same kind of the site, whose platform is NULL.
func TestReminderRules_AreOneForAKindAndPlace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, kind := newHouse(), Kinds()[0]
		put := func(act qms.Act, r *ReminderRule) error {
			return db.Change(storetest.AsSystem(), act, func(tx *store.Tx) error { return tx.Insert(t.Context(), r) })
		}
		onSite := qms.Act{Name: "reminder.rule", Needs: qms.OperateSite.OnSite()}
		here := qms.Act{Name: "reminder.rule", Needs: qms.WriteLabel.On(h.platform), Platform: h.platform}
		for _, act := range []qms.Act{onSite, here} {
			if err := put(act, &ReminderRule{Kind: kind, Offsets: []int{30}}); err != nil {
				t.Fatal(err)
			}
			if err := put(act, &ReminderRule{Kind: kind, Offsets: []int{7}}); qms.CodeOf(err) != qms.CodeConflict {
				t.Errorf("a second rule on %q: %v", act.Platform, err)
			}
			if err := put(act, &ReminderRule{Kind: Kinds()[1], Offsets: []int{7}}); err != nil {
				t.Errorf("another kind on %q: %v", act.Platform, err)
			}
		}
	})
}
