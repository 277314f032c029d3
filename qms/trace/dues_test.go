package trace

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// duesOn is the answer for the platforms at once, for all of the site when none is named.
func duesOn(t interface{ Fatal(...any) }, s *Service, db *store.DB, x, until qms.Date, platforms ...qms.ID) (due []qms.Due) {
	err := db.View(storetest.AsSystem(), qms.SignedIn.OnSite(), func(r store.Reader) (err error) {
		due, err = s.Dues(storetest.AsSystem(), r, platforms, x, until)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return due
}

func TestDues_OfTheSiteAreThoseOfEachPlatform(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, count := New(db, members{}, members{}), 0
		rapid.Check(t, func(rt *rapid.T) {
			var platforms []qms.ID
			for range rapid.IntRange(1, 3).Draw(rt, "platforms") {
				count++
				platform := qms.ID(fmt.Sprintf("00000000-0000-7000-9400-%012d", count))
				h := drawHistory(rt)
				for n := range 3 { // pieces that trainings name, one of them gone by then
					piece := Equipment{Row: qms.Row{ID: qms.ID(fmt.Sprint("e", n+1, "-", count))}, Code: fmt.Sprint("EQ-", n+1), Name: "Microscope"}
					if rapid.Bool().Draw(rt, "retired") {
						piece.Retired = qms.MustDate("2025-01-01") + qms.Date(rapid.IntRange(0, 700).Draw(rt, "retired on"))
					}
					h.onPiece(qms.ID(fmt.Sprint("e", n+1)), piece.ID)
					if err := insertOne(db, platform, &piece); err != nil {
						rt.Fatal(err)
					}
				}
				if err := h.insert(db, platform); err != nil {
					rt.Fatal(err)
				}
				platforms = append(platforms, platform)
			}
			x := qms.MustDate("2025-06-01") + qms.Date(rapid.IntRange(0, 390).Draw(rt, "as of"))
			until := x + qms.Date(rapid.IntRange(-30, 365).Draw(rt, "until"))
			var want []qms.Due
			for _, p := range platforms {
				want = append(want, by(until, dueOn(rt, db, p, x))...)
			}
			qms.SortDues(want)
			got := duesOn(rt, s, db, x, until, platforms...)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				rt.Fatalf("as of %s until %s (-each +site):\n%s", x, until, diff)
			}
			ours := map[qms.ID]bool{}
			for _, p := range platforms {
				ours[p] = true
			}
			all := duesOn(rt, s, db, x, until)
			var kept []qms.Due
			for _, d := range all {
				if ours[d.Platform] {
					kept = append(kept, d)
				}
				if len(d.Parts) == 0 || d.Key == "" {
					rt.Fatalf("%+v leads nowhere", d)
				}
			}
			if diff := cmp.Diff(want, kept, cmpopts.EquateEmpty()); diff != "" {
				rt.Fatalf("of every platform (-each +site):\n%s", diff)
			}
		})
	})
}

// onPiece makes what is of one piece of equipment be of another.
func (h *history) onPiece(from, to qms.ID) {
	for n := range h.Trainings {
		if h.Trainings[n].Equipment == from {
			h.Trainings[n].Equipment = to
		}
	}
	for n := range h.Calibrations {
		if h.Calibrations[n].Equipment == from {
			h.Calibrations[n].Equipment = to
		}
	}
}

func insertOne(db *store.DB, platform qms.ID, row qms.Record) error {
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(platform), Platform: platform}
	return db.Change(storetest.AsSystem(), act, func(tx *store.Tx) error { return tx.Insert(storetest.AsSystem(), row) })
}
