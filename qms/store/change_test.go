package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trail"
)

// sizeOf is how many leaves a log has.
func sizeOf(t testing.TB, db *store.DB, log string) int64 {
	t.Helper()
	var size int64
	err := db.View(storetest.AsSystem(), qms.ReadTrail.OnSite(), func(r store.Reader) (err error) {
		size, _, err = store.Head(storetest.AsSystem(), r, log)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return size
}

func TestChange_RefusesNestingAloud(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx := storetest.As(qms.Manager, platformA)
		view := func() error {
			return db.View(ctx, qms.ReadTrace.On(platformA), func(store.Reader) error { return nil })
		}
		change := func() error {
			return db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, &Specimen{}) })
		}
		for name, inner := range map[string]func() error{"View": view, "Change": change} {
			err := db.View(ctx, qms.ReadTrace.On(platformA), func(store.Reader) error { return inner() })
			if !errors.Is(err, store.ErrNested) {
				t.Errorf("%s in View: %v", name, err)
			}
			err = db.Change(ctx, add(platformA), func(*store.Tx) error { return inner() })
			if !errors.Is(err, store.ErrNested) {
				t.Errorf("%s in Change: %v", name, err)
			}
		}
		if err := change(); err != nil { // and afterwards the goroutine is free again
			t.Error(err)
		}
	})
}

func TestChange_AsksForTheRight(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		act := add(platformA)
		act.Needs.Platform = ""
		cases := map[string]struct {
			ctx  context.Context
			code qms.Code
		}{
			"manager":                     {storetest.As(qms.Manager, platformA), ""},
			"auditor":                     {storetest.As(qms.Auditor, platformA), qms.CodeRefused},
			"manager of another platform": {storetest.As(qms.Manager, platformB), qms.CodeNotFound},
			"nobody":                      {context.Background(), qms.CodeUnauthenticated},
		}
		for name, c := range cases {
			err := db.Change(c.ctx, act, func(tx *store.Tx) error { return tx.Insert(c.ctx, &Specimen{Name: name}) })
			if qms.CodeOf(err) != c.code || (err == nil) != (c.code == "") {
				t.Errorf("Change by %s: %v", name, err)
			}
		}
		faults := map[string]qms.Act{
			"no right":      {Name: "specimen.add", Platform: platformA},
			"no verb":       {Name: "specimen", Needs: qms.WriteTrace.On(platformA), Platform: platformA},
			"two platforms": {Name: "specimen.add", Needs: qms.WriteTrace.On(platformB), Platform: platformA},
		}
		for name, act := range faults {
			if err := db.Change(storetest.AsSystem(), act, func(*store.Tx) error { return nil }); err == nil {
				t.Errorf("%s passed", name)
			}
		}
	})
}

func TestChange_WithoutAChangeLeavesNoLeaf(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		s := one(t, db, platformA, "first")
		ctx := storetest.As(qms.Manager, platformA)
		boom := errors.New("boom")
		acts := map[string]struct {
			fn   func(tx *store.Tx) error
			want error
		}{
			"nothing":       {func(tx *store.Tx) error { return nil }, nil},
			"equal row":     {func(tx *store.Tx) error { same := *s; return tx.Update(ctx, &same) }, nil},
			"number unused": {func(tx *store.Tx) error { _, err := tx.Next(ctx, "n"); return err }, nil},
			"failing": {func(tx *store.Tx) error {
				_, err := tx.Next(ctx, "n")
				return errors.Join(err, tx.Insert(ctx, &Specimen{Name: "lost"}), boom)
			}, boom},
		}
		for name, act := range acts {
			if err := db.Change(ctx, add(platformA), act.fn); !errors.Is(err, act.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if size := sizeOf(t, db, string(platformA)); size != 1 {
			t.Errorf("%d leaves, want 1", size)
		}
		if got := names(t, db); !slices.Equal(got, []string{"first"}) {
			t.Errorf("specimens are %v", got)
		}
		var n, upcoming int64
		err := db.Change(ctx, add(platformA), func(tx *store.Tx) (err error) {
			if upcoming, err = store.Upcoming(ctx, tx, tx.Log(), "n"); err != nil {
				return err
			}
			if n, err = tx.Next(ctx, "n"); err != nil {
				return err
			}
			return tx.Insert(ctx, &Specimen{Name: "second"})
		})
		if err != nil || n != 1 || upcoming != 1 {
			t.Errorf("the number is %d, announced as %d: %v", n, upcoming, err)
		}
	})
}

func TestNext_CountsByLogAndName(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		next := func(platform qms.ID, name string, atLeast int64) (n int64) {
			ctx := storetest.As(qms.Manager, platform)
			err := db.Change(ctx, add(platform), func(tx *store.Tx) (err error) {
				if err := tx.AtLeast(ctx, name, atLeast); err != nil {
					return err
				}
				if n, err = tx.Next(ctx, name); err != nil {
					return err
				}
				return tx.Insert(ctx, &Specimen{Name: fmt.Sprint(name, n)})
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		got := []int64{next(platformA, "a", 0), next(platformA, "a", 0), next(platformA, "b", 0), next(platformB, "a", 0),
			next(platformA, "a", 40), next(platformA, "a", 3)}
		if want := []int64{1, 2, 1, 1, 41, 42}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestUpdate_IsOptimistic(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		s := one(t, db, platformA, "first")
		ctx := storetest.As(qms.Manager, platformA)
		update := func(s *Specimen) error {
			return db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Update(ctx, s) })
		}
		mine, theirs := *s, *s
		mine.Name, theirs.Name = "mine", "theirs"
		if err := update(&mine); err != nil || mine.Revision != 2 {
			t.Fatalf("revision %d, %v", mine.Revision, err)
		}
		if err := update(&theirs); !errors.Is(err, qms.Conflict("record.changed")) || theirs.Revision != 1 {
			t.Errorf("revision %d, %v", theirs.Revision, err)
		}
		gone := Specimen{Row: qms.Row{ID: "gone", Platform: platformA, Revision: 1}}
		if err := update(&gone); !errors.Is(err, qms.NotFound("record.not_found")) {
			t.Errorf("unknown row: %v", err)
		}
		moved := mine
		moved.Platform = platformB
		if err := update(&moved); err == nil {
			t.Error("a row moved to another platform")
		}
		if got := names(t, db); !slices.Equal(got, []string{"mine"}) {
			t.Errorf("specimens are %v", got)
		}
	})
}

func TestUpdate_WritesManyInOneAct(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx := storetest.As(qms.Manager, platformA)
		var rows []qms.Record
		for i := range 1200 {
			rows = append(rows, &Specimen{Name: fmt.Sprint("s", i)})
		}
		if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, rows...) }); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if i%3 > 0 { // a third stays as it is
				row.(*Specimen).Price = qms.Money(i)
			}
		}
		counted, counter := store.CountStatements(ctx)
		if err := db.Change(counted, add(platformA), func(tx *store.Tx) error { return tx.Update(counted, rows...) }); err != nil {
			t.Fatal(err)
		}
		if counter.Count() > 12 {
			t.Errorf("%d statements for 800 updates", counter.Count())
		}
		for i, row := range rows {
			if want := int64(1 + min(i%3, 1)); row.Head().Revision != want {
				t.Fatalf("row %d has revision %d, want %d", i, row.Head().Revision, want)
			}
		}
	})
}

func TestInsert_RefusesWhatBelongsElsewhere(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx := storetest.As(qms.Manager, platformA)
		insert := func(row qms.Record) error {
			return db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, row) })
		}
		if err := insert(&Specimen{Row: qms.Row{Platform: platformB}}); err == nil {
			t.Error("a row of another platform passed")
		}
		mine := &Specimen{Name: "mine"}
		if err := insert(mine); err != nil || mine.Platform != platformA || mine.ID == "" || mine.Revision != 1 {
			t.Errorf("%+v, %v", mine.Row, err)
		}
		keeper := &Keeper{Name: "of the site"}
		if err := insert(keeper); err != nil || keeper.Platform != "" {
			t.Errorf("%+v, %v", keeper.Row, err)
		}
	})
}

func TestChange_TellsPeopleWhatTheDriverSays(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		one(t, db, platformA, "taken")
		ctx := storetest.As(qms.Manager, platformA)
		err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, &Specimen{Name: "taken"}) })
		if !errors.Is(err, qms.Conflict("record.exists")) {
			t.Errorf("unique index: %v", err)
		}
		err = db.Change(ctx, add(platformA), func(tx *store.Tx) error {
			_ = tx.Insert(ctx, &Specimen{Name: "taken"})
			return nil // swallowed
		})
		if !errors.Is(err, qms.Conflict("record.exists")) {
			t.Errorf("swallowed: %v", err)
		}
		for _, text := range []string{"nul \x00", "not UTF-8 \xff"} {
			err = db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, &Specimen{Name: text}) })
			if !errors.Is(err, qms.Invalid("text.unreadable")) {
				t.Errorf("%q: %v", text, err)
			}
		}
		gone, cancel := context.WithCancel(ctx)
		cancel()
		err = db.Change(gone, add(platformA), func(tx *store.Tx) error { return tx.Insert(gone, &Specimen{Name: "late"}) })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		if got := names(t, db); !slices.Equal(got, []string{"taken"}) {
			t.Errorf("specimens are %v", got)
		}
	})
}

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

func TestChange_OfTenThousandRowsIsFast(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx, counter := store.CountStatements(storetest.As(qms.Manager, platformA))
		rows := make([]qms.Record, 10_000)
		for i := range rows {
			rows[i] = &Specimen{Name: fmt.Sprint("s", i), Body: "corps", Tags: []string{"a"}}
		}
		start := time.Now()
		if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, rows...) }); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d rows in %v, %d statements", len(rows), time.Since(start).Round(time.Millisecond), counter.Count())
		if counter.Count() > 60 {
			t.Errorf("%d statements for %d rows", counter.Count(), len(rows))
		}
		if size := sizeOf(t, db, trail.LogOf(platformA)); size != 1 {
			t.Errorf("%d leaves for one act", size)
		}
	})
}

func TestInsert_KeepsBigTexts(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		big := &Specimen{Name: "big", Body: string(slices.Repeat([]byte("l'été; "), 1<<20))}
		ctx := storetest.As(qms.Manager, platformA)
		if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, big) }); err != nil {
			t.Fatal(err)
		}
		err := db.View(ctx, qms.ReadTrace.On(platformA), func(r store.Reader) error {
			var got Specimen
			if err := r.Select(&got).Where("id = ?", big.ID).Scan(ctx); err != nil {
				return err
			}
			if got.Body != big.Body {
				t.Error("the text came back different")
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
