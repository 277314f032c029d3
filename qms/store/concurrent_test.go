package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestChange_EndsWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithTimeout(storetest.As(qms.Manager, platformA), 100*time.Millisecond)
		defer cancel()
		err := db.Change(ctx, add(platformA), func(tx *store.Tx) error {
			slow := "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000000) SELECT max(i) FROM n"
			var n int64
			return tx.Select().ColumnExpr("*").TableExpr("(?) AS x", bun.Safe(slow)).Scan(ctx, &n)
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestChange_OnOnePlatformHasNoGaps(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		const writers, each = 8, 12
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				ctx := storetest.As(qms.Manager, platformA)
				for i := range each {
					err := db.Change(ctx, add(platformA), func(tx *store.Tx) error {
						n, err := tx.Next(ctx, "specimen")
						if err != nil {
							return err
						}
						return tx.Insert(ctx, &Specimen{Name: fmt.Sprintf("%03d by %d.%d", n, w, i)})
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if size := sizeOf(t, db, string(platformA)); size != writers*each {
			t.Errorf("%d leaves, want %d", size, writers*each)
		}
		for i, name := range names(t, db) {
			if name[:3] != fmt.Sprintf("%03d", i+1) {
				t.Fatalf("number %d was given to %q", i+1, name)
			}
		}
	})
}

func TestChange_OnTwoPlatformsDoesNotWaitOnPostgreSQL(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		if db.Engine() == store.SQLite {
			return // one writer for the whole file, by nature
		}
		ctx := storetest.As(qms.Manager, platformA, platformB)
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		err := db.Change(ctx, add(platformA), func(tx *store.Tx) error {
			done := make(chan error)
			go func() { // another goroutine, while this one holds the head of platform A
				done <- db.Change(ctx, add(platformB), func(tx *store.Tx) error { return tx.Insert(ctx, &Specimen{Name: "b"}) })
			}()
			if err := <-done; err != nil {
				return fmt.Errorf("the other platform waited: %w", err)
			}
			return tx.Insert(ctx, &Specimen{Name: "a"})
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestChange_OnOnePlatformWaitsForTheHead(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		one(t, db, platformA, "first")
		ctx := storetest.As(qms.Manager, platformA)
		entered := make(chan struct{})
		second := make(chan error, 1)
		err := db.Change(ctx, add(platformA), func(tx *store.Tx) error {
			go func() {
				close(entered)
				second <- db.Change(ctx, add(platformA), func(tx *store.Tx) error {
					n, err := tx.Select((*Specimen)(nil)).Count(ctx)
					if err != nil || n != 2 {
						t.Errorf("the second act saw %d specimens, %v", n, err)
					}
					return nil
				})
			}()
			<-entered
			select {
			case <-second:
				t.Error("the second act did not wait")
			case <-time.After(50 * time.Millisecond):
			}
			return tx.Insert(ctx, &Specimen{Name: "second"})
		})
		if err := errors.Join(err, <-second); err != nil {
			t.Error(err)
		}
	})
}

func TestView_SeesOneState(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		one(t, db, platformA, "first")
		ctx := storetest.As(qms.Manager, platformA)
		count := func(r store.Reader) int64 {
			n, err := r.Select((*Specimen)(nil)).Count(ctx)
			if err != nil {
				t.Error(err)
			}
			return n
		}
		err := db.View(ctx, qms.ReadTrace.On(platformA), func(r store.Reader) error {
			before := count(r)
			done := make(chan struct{})
			go func() {
				defer close(done)
				one(t, db, platformA, "second")
			}()
			<-done
			if after := count(r); before != 1 || after != 1 {
				t.Errorf("saw %d, then %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
