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
		if progress, ok := w.PackProgress(p.ID); !ok || progress.Step != pack.StepFiles || progress.Total != 9 {
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
	if _, running := w.PackProgress(p.ID); running {
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

func TestClose_EndsWhatIsBeingMade(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		reached := make(chan struct{}, 9)
		w.vault.open = func(vault.Digest) error { reached <- struct{}{}; return nil }
		p, err := w.StartPack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"})
		w.must(err)
		<-reached
		w.Close()
		if got := w.ended(p); got.State == PackRunning {
			t.Errorf("left running: %+v", got)
		}
		late, err := w.StartPack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"})
		w.must(err)
		if got := w.ended(late); got.State != PackFailed {
			t.Errorf("begun after the end: %+v", got)
		}
	})
}

func TestPack_InterruptedLongAgoCountsAsFailed(t *testing.T) {
	t.Parallel()
	started := time.Date(2026, 6, 30, 10, 0, 0, 0, time.UTC)
	p := Pack{State: PackRunning, StartedAt: started}
	if p.StateAt(started.Add(time.Hour)) != PackRunning || p.StateAt(started.Add(3*time.Hour)) != PackFailed || p.Reason() != "pack.interrupted" {
		t.Error("an interrupted pack runs for ever")
	}
}
