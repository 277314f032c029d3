package integrity_test

import (
	"context"
	"testing"
	"time"

	"maillon/audits/integrity"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// Somebody met a content that is not as it was put: nobody waits for the week to end.
func TestTick_LooksAtOnceWhenSomebodyDoubts(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		var doubted time.Time
		s := integrity.New(b.db, integrity.Options{Vault: b.vault, Holder: "one",
			Doubted: func(context.Context, store.Reader) (time.Time, error) { return doubted, nil }})
		b.tick(s)
		clock := storetest.ClockOf(b.db)
		clock.Advance(time.Hour)
		b.tick(s)
		if n := b.overview().Last.Number; n != 1 {
			t.Fatalf("check %d an hour after the first: nobody doubts", n)
		}
		doubted = clock.Now()
		clock.Advance(time.Minute)
		b.tick(s)
		b.tick(s)
		if n := b.overview().Last.Number; n != 2 {
			t.Errorf("check %d after a doubt, want the second, and no third for the same", n)
		}
	})
}
