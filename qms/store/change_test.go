package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
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
