package store_test

import (
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trail"
)

func TestActCounts_CountEveryActOfThePeriodOnceByMonthActAndPerson(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		lived(t, db)
		storetest.ClockOf(db).Advance(40 * 24 * time.Hour)
		later := one(t, db, platformA, "later")
		view(t, db, func(r store.Reader) error {
			log := trail.LogOf(platformA)
			all, err := store.ActCounts(t.Context(), r, log, time.Time{}, r.Now().Add(time.Second))
			if err != nil {
				return err
			}
			total, months, priced := int64(0), map[string]bool{}, int64(0)
			for _, c := range all {
				total += c.Times
				months[c.Month] = true
				if c.Act == "price.set" {
					priced += c.Times
				}
			}
			if total != 6 || len(months) != 2 || priced != 2 || !months[r.Now().UTC().Format("2006-01")] {
				t.Errorf("counted %d acts in %v: %+v", total, months, all)
			}
			until, err := store.ActCounts(t.Context(), r, log, time.Time{}, r.Now().AddDate(0, 0, -1))
			if err != nil {
				return err
			}
			before := int64(0)
			for _, c := range until {
				before += c.Times
			}
			if before != 5 {
				t.Errorf("%d acts before %s was added", before, later.ID)
			}
			return nil
		})
	})
}

func TestActed_ListsTheVerbsAskedForAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		all := lived(t, db)
		ctx := storetest.As(qms.QualityLead, platformA)
		for _, act := range []string{"price.void", "price.void-all", "price.avoid", "void.price"} {
			all[0].Price++
			a := qms.Act{Name: act, Needs: qms.WriteTrace.On(platformA), Platform: platformA, Subject: all[0].ID, Reason: act}
			if err := db.Change(ctx, a, func(tx *store.Tx) error { return tx.Update(ctx, all[0]) }); err != nil {
				t.Fatal(err)
			}
		}
		view(t, db, func(r store.Reader) error {
			found, err := store.Acted(t.Context(), r, trail.LogOf(platformA), []string{"void"}, time.Time{}, r.Now().Add(time.Second), 10)
			if err != nil {
				return err
			}
			if len(found) != 2 || found[0].Act != "price.void-all" || found[1].Reason != "price.void" || len(found[0].First) != 1 || found[0].First[0].Row != all[0].ID {
				t.Errorf("found %+v", found)
			}
			one, err := store.Acted(t.Context(), r, trail.LogOf(platformA), []string{"void", "set"}, time.Time{}, r.Now().Add(time.Second), 1)
			if err != nil || len(one) != 1 {
				t.Errorf("bounded to one: %d, %v", len(one), err)
			}
			return nil
		})
	})
}
