package audits

import (
	"context"
	"errors"
	"testing"
	"time"

	"maillon/audits/pack"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// stopsDuring has another server take the pack up, and stop in order while it makes it.
func (w *workshop) stopsDuring(p *Pack) {
	w.t.Helper()
	server := w.replica()
	reached, goOn := make(chan struct{}, 99), make(chan struct{})
	server.vault.open = func(vault.Digest) error { reached <- struct{}{}; <-goOn; return nil }
	w.must(server.TendPacks(storetest.AsSystem()))
	select {
	case <-reached:
	case <-time.After(time.Minute):
		w.t.Fatal("nobody took it up, though nobody has it")
	}
	server.Leave()
	close(goOn)
	server.Close()
	w.must(server.TendPacks(storetest.AsSystem())) // one that stops takes nothing up
}

// job is the making of the pack as it is on record.
func (w *workshop) job(p *Pack) (job *PackJob) {
	w.t.Helper()
	w.must(w.db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		job, err = jobOf(w.t.Context(), r, p.ID)
		return err
	}))
	return job
}

func TestLeave_UsesUpNoTryOfThePackAndGivesItBackAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		p, job, err := w.recordPack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"})
		w.must(err)
		w.must(w.letGo(w.lead, p, job))
		for range packTerms + 1 { // as when servers are renewed one after the other
			w.stopsDuring(p)
			if job := w.job(p); job.Term != 0 || job.Holder != "" || job.Until.After(db.Now()) {
				t.Fatalf("after a stop in order: %+v", job)
			}
		}
		next := w.replica()
		w.must(next.TendPacks(storetest.AsSystem()))
		if got := next.ended(p); got.State != PackMade {
			t.Errorf("after stops in order alone: %s %s", got.State, got.Reason())
		}
	})
}

func TestLeave_GivesBackWhatDoesNotComeToAnEnd(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.packs.pulse, w.packs.grace = time.Hour, time.Millisecond
		ctx, cancel := context.WithCancelCause(w.lead)
		defer cancel(nil)
		p, goOn := w.stuckIn(ctx, StepCheck)
		cancel(errPackStopped)
		for deadline := time.Now().Add(time.Minute); w.job(p).Holder != ""; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("it is kept until the whole archive was read")
			}
		}
		next := w.replica()
		w.must(next.TendPacks(storetest.AsSystem()))
		made := next.ended(p)
		goOn()
		after, err := w.PackByNumber(w.lead, w.platform.ID, p.Number)
		w.must(err)
		if made.State != PackMade || after.Content != made.Content || after.Revision != made.Revision {
			t.Errorf("made %+v, and then %+v", made, after)
		}
	})
}

func TestLeave_DoesNotGiveBackTheTriesOfTheDead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.packs.pulse = time.Hour
		p, goOn := w.stuckAt(pack.StepFiles)
		defer goOn()
		dies := func() {
			t.Helper()
			_, err := w.replica().takeOver(storetest.AsSystem(), p)
			w.must(err)
			storetest.ClockOf(db).Advance(packLease + time.Second)
		}
		storetest.ClockOf(db).Advance(packLease + time.Second) // of the first, which is frozen
		w.stopsDuring(p)
		for range packTerms - 1 {
			dies()
			w.stopsOrEnds(p)
		}
		w.must(w.replica().TendPacks(storetest.AsSystem()))
		got, err := w.PackByNumber(w.lead, w.platform.ID, p.Number)
		w.must(err)
		if got.State != PackFailed || got.Reason() != "pack.gave_up" {
			t.Errorf("after %d deaths: %+v", packTerms, got)
		}
	})
}

// stopsOrEnds is stopsDuring while there are tries left.
func (w *workshop) stopsOrEnds(p *Pack) {
	w.t.Helper()
	if w.job(p).Term < packTerms {
		w.stopsDuring(p)
	}
}

func TestPack_IsKeptFromWhoeverHeldATermThatWasGivenBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		p, first, err := w.recordPack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"})
		w.must(err)
		storetest.ClockOf(db).Advance(packLease + time.Second) // it is frozen
		other := w.replica()
		second, err := other.takeOver(storetest.AsSystem(), p)
		w.must(err)
		w.must(other.letGo(w.lead, p, second))
		if job := w.job(p); job.Term != first.Term {
			t.Fatalf("the term given back: %+v", job)
		}
		if err := w.endPack(w.lead, p, first, nil); !errors.Is(err, errPackLost) {
			t.Errorf("who was thought dead ends it under its old term: %v", err)
		}
		third := w.replica()
		third.holder = "a third server"
		held, err := third.takeOver(storetest.AsSystem(), p)
		w.must(err)
		if held.Term != second.Term {
			t.Fatalf("the third holds %+v", held)
		}
		w.must(other.letGo(w.lead, p, second))
		if err := other.pulse(w.lead, p, second, Progress{Step: StepKeep}); !errors.Is(err, errPackLost) {
			t.Errorf("who let go gives a sign of life: %v", err)
		}
		if job := w.job(p); job.Holder != third.holder || job.Term != held.Term {
			t.Errorf("it was taken from who holds it: %+v", job)
		}
	})
}
