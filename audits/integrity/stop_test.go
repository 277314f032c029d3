package integrity_test

import (
	"context"
	"log/slog"
	"testing"

	"maillon/audits/integrity"
	"maillon/qms/store/storetest"
)

// telling is a log that tells somebody of each line.
type telling struct {
	slog.Handler
	tell func()
}

func (t telling) Handle(context.Context, slog.Record) error { t.tell(); return nil }

func (telling) Enabled(context.Context, slog.Level) bool { return true }

// A scrub that came to its end as the site was told to stop is no failure, and nothing is left of it.
func TestTick_ToldToStopAtItsEndHasEnded(t *testing.T) {
	each(t, func(b *bench) {
		b.keep("one", "one")
		ctx, stop := context.WithCancel(storetest.AsSystem())
		s := integrity.New(b.db, integrity.Options{Vault: b.vault, Columns: columns, Orphan: orphanAge, Holder: "one", Months: 120,
			Log: slog.New(telling{slog.DiscardHandler, stop})})
		b.must(s.Tick(ctx))
		if ctx.Err() == nil {
			b.t.Fatal("it was not told to stop: this test saw nothing")
		}
		if v := b.overview(); v.Last == nil || v.Last.Contents != 1 || v.Now != nil && v.Now.State() == integrity.Running {
			b.t.Errorf("ended as %+v, %+v", v.Last, v.Now)
		}
	})
}
