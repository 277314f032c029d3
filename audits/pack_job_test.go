package audits

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"maillon/audits/pack"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestStartPack_GoesOnAfterTheRequestAndShowsItsProgress(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		reached, goOn := make(chan struct{}, 9), make(chan struct{})
		w.vault.open = func(vault.Digest) error { reached <- struct{}{}; <-goOn; return nil }
		ctx, cancel := context.WithCancel(w.lead)
		p, err := w.StartPack(ctx, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "en"})
		w.must(err)
		cancel() // the browser went away
		<-reached
		if progress, err := w.PackProgress(w.lead, p); err != nil || progress.Waits || progress.Step != pack.StepFiles || progress.Total != 9 {
			t.Errorf("progress %+v", progress)
		}
		if _, _, err := w.OpenPack(w.lead, w.platform.ID, p.Number); !errors.Is(err, qms.Conflict("pack.not_made")) {
			t.Errorf("opened a pack in the making: %v", err)
		}
		close(goOn)
		if made := w.ended(p); made.State != PackMade {
			t.Errorf("pack %+v", made)
		}
	})
}

// ended waits until nobody is making the pack any more.
func (w *workshop) ended(p *Pack) *Pack {
	w.t.Helper()
	w.packs.wait.Wait()
	if _, running := w.packs.progress(p.ID); running {
		w.t.Error("still at it")
	}
	got, err := w.PackByNumber(w.lead, w.platform.ID, p.Number)
	w.must(err)
	return got
}

func TestCancelPack_StopsItAndSaysSo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		reached, goOn := make(chan struct{}, 9), make(chan struct{})
		w.vault.open = func(vault.Digest) error { reached <- struct{}{}; <-goOn; return nil }
		p, err := w.StartPack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"})
		w.must(err)
		<-reached
		_, err = w.CancelPack(w.lead, w.platform.ID, p.Number)
		w.must(err)
		close(goOn)
		if got := w.ended(p); got.State != PackFailed || got.Reason() != "pack.cancelled" || !got.Content.IsZero() {
			t.Errorf("pack %+v", got)
		}
		if _, err := w.CancelPack(w.lead, w.platform.ID, p.Number); !errors.Is(err, qms.Conflict("pack.not_running")) {
			t.Errorf("cancelled twice: %v", err)
		}
	})
}

func TestClose_LeavesWhatIsBeingMadeToTheNextServer(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		reached := make(chan struct{}, 99)
		w.vault.open = func(vault.Digest) error { reached <- struct{}{}; return nil }
		ask := PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"}
		p, err := w.StartPack(w.lead, ask)
		w.must(err)
		<-reached
		w.Close()
		late, err := w.StartPack(w.lead, ask)
		w.must(err)
		if at, err := w.PackProgress(w.lead, w.ended(late)); err != nil || !at.Waits {
			t.Errorf("begun after the end: %+v, %v", at, err)
		}
		next := w.replica()
		w.must(next.TendPacks(storetest.AsSystem()))
		for _, one := range []*Pack{p, late} {
			if got := next.ended(one); got.State == PackRunning {
				t.Errorf("left running: %+v", got)
			}
		}
	})
}

// replica is another server on the same database and vault.
func (w *workshop) replica() *workshop {
	other := *w
	other.vault = &gate{Vault: w.vault.Vault}
	other.Service = New(w.db, Options{Trace: w.trace, Vault: other.vault, Key: w.key})
	other.holder = "another server"
	w.t.Cleanup(other.Close)
	return &other
}

// stuckAt begins a pack and holds its making at a step, as a server does that is frozen or was killed;
// goOn lets it go on.
func (w *workshop) stuckAt(step pack.Step) (p *Pack, goOn func()) {
	w.t.Helper()
	return w.stuckIn(w.lead, step)
}

// stuckIn is stuckAt within a context that may be cancelled.
func (w *workshop) stuckIn(ctx context.Context, step pack.Step) (p *Pack, goOn func()) {
	w.t.Helper()
	reached, release := make(chan struct{}), make(chan struct{})
	p, job, err := w.recordPack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"})
	w.must(err)
	ended, once := make(chan struct{}), sync.Once{}
	mine := *p
	go func() {
		defer close(ended)
		_ = w.makePack(ctx, &mine, job, func(at pack.Step, _, _ int) {
			if at == step {
				once.Do(func() { close(reached); <-release })
			}
		})
	}()
	select {
	case <-reached:
	case <-ended:
		w.t.Fatalf("it never came to %s", step)
	}
	return p, func() { close(release); <-ended }
}

func TestPack_IsTakenOverWhereverItsServerStopsAndHasOneArchive(t *testing.T) {
	t.Parallel()
	for _, step := range []pack.Step{StepGather, pack.StepPrint, pack.StepFiles, pack.StepWrite, StepCheck, StepKeep} {
		t.Run(string(step), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w := openWorkshop(t, db)
				w.packs.pulse = time.Hour // frozen: no sign of life
				if db.Engine() == store.SQLite && step == StepGather {
					t.Log("the frozen server holds a view open, which hinders nobody")
				}
				p, goOn := w.stuckAt(step)
				other := w.replica()
				w.must(other.TendPacks(storetest.AsSystem()))
				if got, err := other.PackByNumber(w.lead, w.platform.ID, p.Number); err != nil || got.State != PackRunning {
					t.Fatalf("taken over from a server that lives: %+v, %v", got, err)
				}
				storetest.ClockOf(db).Advance(packLease + time.Second)
				w.must(other.TendPacks(storetest.AsSystem()))
				made := other.ended(p)
				if made.State != PackMade || made.Number != p.Number {
					t.Fatalf("it was not taken over: %+v", made)
				}
				before := w.archive(made)
				goOn()
				after, err := w.PackByNumber(w.lead, w.platform.ID, p.Number)
				w.must(err)
				if after.Content != made.Content || after.Revision != made.Revision || !bytes.Equal(before, w.archive(after)) {
					t.Errorf("the server that was thought dead has put another one on record: %+v", after)
				}
				next, err := other.MakePack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"}, io.Discard)
				w.must(err)
				if next.Number != "PACK-2026-002" {
					t.Errorf("the next one is %s", next.Number)
				}
			})
		})
	}
}

func (w *workshop) archive(p *Pack) []byte {
	w.t.Helper()
	_, r, err := w.OpenPack(w.lead, w.platform.ID, p.Number)
	w.must(err)
	defer r.Close()
	data, err := io.ReadAll(r)
	w.must(err)
	return data
}

func TestPack_ThatBringsServersDownIsGivenUp(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.packs.pulse = time.Hour
		p, goOn := w.stuckAt(StepCheck)
		defer goOn()
		for range packTerms {
			storetest.ClockOf(db).Advance(packLease + time.Second)
			job, err := w.replica().takeOver(storetest.AsSystem(), p)
			w.must(err)
			if job == nil {
				break
			}
		}
		got, err := w.PackByNumber(w.lead, w.platform.ID, p.Number)
		w.must(err)
		if got.State != PackFailed || got.Reason() != "pack.gave_up" {
			t.Errorf("pack %+v", got)
		}
	})
}

func TestCancelPack_WorksFromAnotherServerAndWhereNobodyIsAtIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.packs.pulse = time.Millisecond
		p, goOn := w.stuckAt(pack.StepFiles)
		if at, err := w.replica().PackProgress(w.lead, p); err != nil || at.Waits || at.Term != 1 {
			t.Errorf("seen from elsewhere: %+v, %v", at, err)
		}
		_, err := w.replica().CancelPack(w.lead, w.platform.ID, p.Number)
		w.must(err)
		goOn()
		if got := w.ended(p); got.State != PackFailed || got.Reason() != "pack.cancelled" || !got.Content.IsZero() {
			t.Errorf("pack %+v", got)
		}
		orphan, job, err := w.recordPack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"})
		w.must(err)
		w.must(w.letGo(w.lead, orphan, job))
		got, err := w.CancelPack(w.lead, w.platform.ID, orphan.Number)
		w.must(err)
		if got.State != PackFailed || got.Reason() != "pack.cancelled" {
			t.Errorf("what nobody makes: %+v", got)
		}
		w.must(w.replica().TendPacks(storetest.AsSystem()))
	})
}

func TestStartPack_AskedTwiceUnderOneNameGivesOnePack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		ask := PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr", Once: "audit de juin"}
		first, err := w.StartPack(w.lead, ask)
		w.must(err)
		w.ended(first)
		again, err := w.replica().StartPack(w.lead, ask)
		w.must(err)
		if again.ID != first.ID || again.State != PackMade {
			t.Errorf("first %s, then %+v", first.Number, again)
		}
		other := ask
		other.Language = "en"
		if _, err := w.StartPack(w.lead, other); !errors.Is(err, qms.Conflict("pack.asked_otherwise")) {
			t.Errorf("another request under the same name: %v", err)
		}
		if _, err := w.StartPack(storetest.As(qms.QualityOfficer), ask); err != nil {
			t.Errorf("another person under the same name: %v", err)
		}
	})
}
