package integrity_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/audits/integrity"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func (b *bench) tick(s *integrity.Service) {
	b.t.Helper()
	b.must(s.Tick(storetest.AsSystem()))
}

func (b *bench) overview() integrity.Overview {
	b.t.Helper()
	v, err := b.Overview(storetest.As(qms.QualityOfficer))
	b.must(err)
	return v
}

func TestTick_ScrubsEveryWeekAndWhenAsked(t *testing.T) {
	each(t, func(b *bench) {
		b.keep("one", "one")
		clock := storetest.ClockOf(b.db)
		b.tick(b.Service)
		b.tick(b.Service)
		v := b.overview()
		if v.Last == nil || v.Last.Number != 1 || v.Last.State() != integrity.Sound || v.Last.Contents != 1 || v.Last.Bytes != 3 || v.Last.Reached != 256 || v.Now != nil {
			b.t.Fatalf("after the first: %+v", v.Last)
		}
		clock.Advance(7*24*time.Hour - time.Second)
		b.tick(b.Service)
		if v = b.overview(); v.Last.Number != 1 {
			b.t.Error("a second one came before its time")
		}
		clock.Advance(time.Second)
		b.tick(b.Service)
		if v = b.overview(); v.Last.Number != 2 || v.Last.AskedName != "" {
			b.t.Errorf("after a week: %+v", v.Last)
		}
		admin := storetest.As(qms.Administrator)
		asked, err := b.Ask(admin)
		b.must(err)
		if _, err := b.Ask(admin); !errors.Is(err, qms.Conflict("scrub.running")) {
			b.t.Errorf("asked twice: %v", err)
		}
		b.tick(b.Service)
		if v = b.overview(); v.Last.Number != asked.Number || v.Last.AskedName == "" {
			b.t.Errorf("asked for: %+v", v.Last)
		}
		page, err := b.Scrubs(admin, qms.Cursor{Size: 2})
		b.must(err)
		if len(page.Items) != 2 || page.Items[0].Number != 3 || page.Next == "" {
			b.t.Errorf("listed %+v", page)
		}
	})
}

// many keeps contents enough for the look to go in steps, with a note after each.
func (b *bench) many(n int) {
	b.t.Helper()
	rows := make([]qms.Record, 0, n)
	for i := range n {
		info, err := b.vault.Put(b.t.Context(), strings.NewReader(fmt.Sprint("content ", i)))
		b.must(err)
		rows = append(rows, &Specimen{Name: fmt.Sprint(i), Content: info.Digest, Size: info.Size})
	}
	ctx := storetest.AsSystem()
	act := qms.Act{Name: "specimen.add", Needs: qms.WriteTrace.On(b.platform.ID), Platform: b.platform.ID}
	b.must(b.db.Change(ctx, act, func(tx *store.Tx) error { return tx.Insert(ctx, rows...) }))
}

func TestTick_GoesOnWhereItWasAfterAFailureAndCountsNothingTwice(t *testing.T) {
	integrity.SetNamingsAtOnce(t, 20)
	each(t, func(b *bench) {
		b.many(200)
		reads := 0
		b.vault.open = func(vault.Digest) error {
			b.elapsed.Add(int64(time.Minute)) // so that every step is noted
			if reads++; reads == 90 {
				return vault.Unreachable(errors.New("no route"))
			}
			return nil
		}
		if err := b.Tick(storetest.AsSystem()); !errors.Is(err, qms.Busy("vault.unreachable")) {
			b.t.Fatalf("the first run ended with %v", err)
		}
		v := b.overview()
		if v.Now == nil || v.Now.Reached < 50 || v.Now.Reached > 150 || v.Now.Contents == 0 {
			b.t.Fatalf("left at %+v", v.Now)
		}
		before := v.Now.Contents
		b.vault.list = vault.Unreachable(errors.New("no route"))
		if err := b.Tick(storetest.AsSystem()); !errors.Is(err, qms.Busy("vault.unreachable")) {
			b.t.Errorf("without a listing the second run ended with %v", err)
		}
		b.vault.list = nil
		b.tick(b.Service)
		v = b.overview()
		if v.Last == nil || v.Last.Number != 1 || v.Last.Contents != 200 || v.Last.Found != 0 || v.Last.Term != 3 {
			b.t.Errorf("ended as %+v", v.Last)
		}
		if again := reads - 90; int64(again) != 200-before {
			b.t.Errorf("%d contents were read by then, and %d afterwards", before, again)
		}
	})
}

func TestTick_OfAnotherReplicaTakesOverWhatIsSilent(t *testing.T) {
	integrity.SetNamingsAtOnce(t, 20)
	each(t, func(b *bench) {
		b.many(60)
		other := b.replica("two")
		late := false
		b.vault.open = func(vault.Digest) error {
			if late {
				return nil
			}
			late = true
			b.tick(other) // sees a runner that lives
			b.elapsed.Add(int64(14 * time.Minute))
			b.tick(other)
			if v := b.overview(); v.Now == nil || v.Now.Holder != "one" {
				b.t.Errorf("taken over too early: %+v", v.Now)
			}
			b.elapsed.Add(int64(time.Minute))
			b.tick(other)
			return nil
		}
		b.tick(b.Service) // is refused at its next note, which is no fault
		v := b.overview()
		if v.Last == nil || v.Last.Number != 1 || v.Last.Holder != "two" || v.Last.Contents != 60 || v.Last.Found != 0 {
			b.t.Errorf("ended as %+v", v.Last)
		}
	})
}

func TestTick_OfWhoWasTakenOverIsRefusedWhileTheOtherRuns(t *testing.T) {
	integrity.SetNamingsAtOnce(t, 20)
	each(t, func(b *bench) {
		b.many(60)
		other := b.replica("two")
		opened := 0
		b.vault.open = func(vault.Digest) error {
			switch opened++; opened {
			case 1:
				b.tick(other)
				b.elapsed.Add(int64(15 * time.Minute))
				if err := other.Tick(storetest.AsSystem()); !errors.Is(err, qms.Busy("vault.unreachable")) {
					b.t.Errorf("the other one ended with %v", err)
				}
			case 3:
				return vault.Unreachable(errors.New("no route"))
			}
			return nil
		}
		b.tick(b.Service)
		if v := b.overview(); v.Now == nil || v.Now.Holder != "two" || v.Now.Term != 2 || v.Now.Contents != 0 {
			b.t.Errorf("after who was taken over: %+v", v.Now)
		}
		b.tick(other)
		if v := b.overview(); v.Last == nil || v.Last.Contents != 60 || v.Last.Holder != "two" {
			b.t.Errorf("ended as %+v", v.Last)
		}
	})
}

func TestTick_ToldToStopLeavesItToWhoeverAsksNext(t *testing.T) {
	each(t, func(b *bench) {
		b.keep("one", "one")
		ctx, stop := context.WithCancel(storetest.AsSystem())
		b.vault.open = func(vault.Digest) error { stop(); return nil }
		b.must(b.Tick(ctx))
		if v := b.overview(); v.Now == nil || v.Now.State() != integrity.Waiting || v.Now.TrailDoneAt.IsZero() {
			b.t.Fatalf("left as %+v", v.Now)
		}
		b.vault.open = nil
		b.tick(b.replica("two"))
		if v := b.overview(); v.Last == nil || v.Last.Contents != 1 || v.Last.Found != 0 {
			b.t.Errorf("ended as %+v", v.Last)
		}
	})
}

func TestDues_AskForWhatTheLastScrubFoundUntilALaterOneFindsNothing(t *testing.T) {
	each(t, func(b *bench) {
		s := b.keep("one", "one")
		due := func() (all []qms.Due) {
			b.must(b.db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
				all, err = b.Dues(b.t.Context(), r, nil, r.Today(), r.Today())
				return err
			}))
			return all
		}
		b.tick(b.Service)
		if all := due(); len(all) != 0 {
			b.t.Errorf("due although sound: %v", all)
		}
		b.overwrite(s.Content, "two")
		storetest.ClockOf(b.db).Advance(8 * 24 * time.Hour)
		b.tick(b.Service)
		all := due()
		if len(all) != 1 || all[0].Kind != "integrity" || all[0].Platform != "site" || all[0].On != b.db.Today() || !slices.Equal(all[0].Parts, []string{"integrity", "2"}) {
			b.t.Fatalf("due: %+v", all)
		}
		one, page, err := b.Scrub(storetest.As(qms.QualityOfficer), "2", qms.Cursor{})
		b.must(err)
		if one.Found != 1 || len(page.Items) != 1 || page.Items[0].Kind != integrity.ContentAltered || page.Items[0].Defect().Content != s.Content {
			b.t.Errorf("on record: %+v %+v", one, page)
		}
		b.overwrite(s.Content, "one")
		storetest.ClockOf(b.db).Advance(8 * 24 * time.Hour)
		b.tick(b.Service)
		if all := due(); len(all) != 0 {
			b.t.Errorf("due although mended: %v", all)
		}
	})
}

func TestHoldContents_AsksUntilTheVaultHoldsAndNotesUntilWhen(t *testing.T) {
	each(t, func(b *bench) {
		system := storetest.AsSystem()
		one, two := b.keep("one", "one"), b.keep("two", "two")
		b.keep("draft", "three")
		b.must(b.HoldContents(system))
		if b.vault.asked != 0 {
			b.t.Error("a vault whose lock nobody proved was asked to hold")
		}
		if _, err := b.Trust(system); err != nil || b.Relies() {
			b.t.Errorf("a folder is relied on, %v", err)
		}
		b.vault.locks = true
		if _, err := b.Trust(system); err != nil || !b.Relies() {
			b.t.Fatalf("the lock is not relied on, %v", err)
		}
		b.overwrite(two.Content, "TWO")
		if err := b.HoldContents(system); !errors.Is(err, vault.ErrAltered) {
			b.t.Errorf("what is altered was held: %v", err)
		}
		want := time.Date(2036, 6, 30, 0, 0, 0, 0, time.UTC)
		if got := b.vault.held[one.Content]; !got.Equal(want) || len(b.vault.held) != 1 || b.overview().Held != 1 {
			b.t.Errorf("held until %v", b.vault.held)
		}
		b.overwrite(two.Content, "two")
		b.must(b.HoldContents(system))
		asked := b.vault.asked
		b.must(b.HoldContents(system))
		if len(b.vault.held) != 2 || b.overview().Held != 2 || b.vault.asked != asked {
			b.t.Errorf("held %v, asked %d times and then %d", b.vault.held, asked, b.vault.asked)
		}
	})
}

func TestProlongHolds_CountsTheYearsFromTheLastDayInForce(t *testing.T) {
	each(t, func(b *bench) {
		system := storetest.AsSystem()
		lasting, over := b.keep("lasting", "one"), &Specimen{Name: "over", Until: b.db.Today().AddMonths(1)}
		info, err := b.vault.Put(b.t.Context(), strings.NewReader("two"))
		b.must(err)
		over.Content, over.Size = info.Digest, info.Size
		b.add(over)
		b.vault.locks = true
		_, err = b.Trust(system)
		b.must(err)
		b.must(b.HoldContents(system))
		asked := b.vault.asked
		storetest.ClockOf(b.db).Advance(360 * 24 * time.Hour)
		b.must(b.ProlongHolds(system))
		if b.vault.asked != asked {
			b.t.Error("prolonged before a year was gone")
		}
		storetest.ClockOf(b.db).Advance(10 * 24 * time.Hour)
		b.must(b.ProlongHolds(system))
		if until := b.vault.held[lasting.Content]; until.Year() != 2037 {
			b.t.Errorf("what is in force is held until %v", until)
		}
		if until := b.vault.held[over.Content]; until.Year() != 2036 {
			b.t.Errorf("what is over is held until %v", until)
		}
	})
}

// A listing that fails half-way must not make what it did not list look missing, nor end well.
func TestVerify_EndsWhereTheListingFails(t *testing.T) {
	each(t, func(b *bench) {
		b.keep("one", "one")
		b.vault.list = errors.New("the listing was cut")
		if r, err := b.Verify(storetest.AsSystem(), integrity.Question{}); !errors.Is(err, b.vault.list) || r.Found != 0 {
			b.t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestDues_AskWhyNoScrubCameToItsEndForAWeek(t *testing.T) {
	each(t, func(b *bench) {
		b.keep("one", "one")
		due := func() (all []qms.Due) {
			b.must(b.db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
				all, err = b.Dues(b.t.Context(), r, nil, r.Today(), r.Today())
				return err
			}))
			return all
		}
		begun := b.db.Today()
		for days, want := range map[int]int{8: 0, 9: 1} {
			b.must(b.db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) error {
				all, err := b.Dues(b.t.Context(), r, nil, begun.AddDays(days), begun.AddDays(days))
				if len(all) != want {
					b.t.Errorf("nobody ever looked for %d days: %+v", days, all)
				}
				return err
			}))
		}
		b.tick(b.Service)
		if all := due(); len(all) != 0 {
			b.t.Errorf("due at once: %+v", all)
		}
		looked := b.db.Today()
		storetest.ClockOf(b.db).Advance(9 * 24 * time.Hour)
		all := due()
		if len(all) != 1 || all[0].Form != "integrity-overdue" || all[0].Title != looked.String() || all[0].On != looked.AddDays(7) || !slices.Equal(all[0].Parts, []string{"integrity"}) {
			b.t.Fatalf("nine days later: %+v", all)
		}
		b.tick(b.Service)
		if all := due(); len(all) != 0 {
			b.t.Errorf("due although looked: %+v", all)
		}
	})
}
