package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trail"
)

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
