package trace

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// TestChecks_AreTheSameWhereverTheyAreAsked compares, over random histories, the full check, the dossier
// of each chain and the filtered lists with the slow reference, and wants every check of the table to fire
// and not to fire among them.
func TestChecks_AreTheSameWhereverTheyAreAsked(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		count, tally := 0, tally{}
		rapid.Check(t, func(rt *rapid.T) {
			h := drawHistory(rt)
			x := qms.MustDate("2025-09-01") + qms.Date(rapid.IntRange(0, 450).Draw(rt, "as of"))
			count++
			a := asked{rt: rt, h: h, x: x, platform: qms.ID(fmt.Sprintf("00000000-0000-7000-9100-%012d", count))}
			a.s = New(db, members{}, members{instructions: h.Instructions})
			a.s.rangeSize = rapid.SampledFrom([]int{1, 2, 3, passSize}).Draw(rt, "range")
			if err := h.insert(db, a.platform); err != nil {
				rt.Fatal(err)
			}
			a.right = reference(h, x)
			found, err := a.s.FullCheck(storetest.AsSystem(), a.platform, x)
			if err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(a.right, found); diff != "" {
				rt.Fatalf("the full check differs (-reference +found):\n%s", diff)
			}
			a.dossiers()
			a.lists()
			tally.add(h.until(x), a.right)
		})
		tally.complete(t)
	})
}

// asked is one history on a platform of its own, and the right answers.
type asked struct {
	rt       *rapid.T
	s        *Service
	h        history
	x        qms.Date
	platform qms.ID
	right    *Findings
}

// dossiers compares the dossier of each chain, and of each record without one.
func (a *asked) dossiers() {
	defects := map[string][]Check{}
	for _, b := range a.right.Broken {
		defects[b.Request] = b.Defects
	}
	for _, r := range a.h.until(a.x).Requests {
		d, err := a.s.Dossier(storetest.AsSystem(), a.platform, r.Number, a.x)
		if err != nil {
			a.rt.Fatal(err)
		}
		var fired []Check
		for _, f := range d.Verdict.Fired {
			if f.Check != S07 { // of invoices whose quote does not exist
				fired = append(fired, f.Check)
			}
		}
		if diff := cmp.Diff(defects[r.Number], fired); diff != "" {
			a.rt.Fatalf("the dossier of %s differs (-reference +dossier):\n%s", r.Number, diff)
		}
		if slices.Contains(a.right.Open, r.Number) != (d.Verdict.State == Open) || (fired != nil) != (d.Verdict.State == Broken) {
			a.rt.Fatalf("the dossier of %s is %s", r.Number, d.Verdict.State)
		}
	}
	for _, number := range a.right.Dangling {
		if d, err := a.s.Dossier(storetest.AsSystem(), a.platform, number, a.x); err != nil || !d.Verdict.Fires(S07) {
			a.rt.Fatalf("the dossier of %s does not fire S07: %v", number, err)
		}
	}
}

// lists compares what each filter of the lists leaves.
func (a *asked) lists() {
	ctx, all := storetest.AsSystem(), qms.Cursor{Size: 200}
	for _, check := range ServiceChecks() {
		var want, got []string
		for _, b := range a.right.Broken {
			if slices.Contains(b.Defects, check) {
				want = append(want, b.Request)
			}
		}
		page, err := a.s.Services(ctx, a.platform, ServiceFilter{AsOf: a.x, Check: check, Sort: "number"}, all)
		if err != nil {
			a.rt.Fatal(err)
		}
		for _, l := range page.Items {
			got = append(got, l.Request.Number)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			a.rt.Fatalf("the services of %s differ (-reference +list):\n%s", check, diff)
		}
	}
	for _, check := range append(UseChecks(), "") {
		var want, got []UncoveredUse
		for _, u := range a.right.Uncovered {
			if check == "" || u.Defect == check {
				want = append(want, u)
			}
		}
		page, err := a.s.Uses(ctx, a.platform, UseFilter{AsOf: a.x, Check: check, Uncovered: true, Sort: "number"}, all)
		if err != nil {
			a.rt.Fatal(err)
		}
		for _, l := range page.Items {
			got = append(got, UncoveredUse{l.Use.Number, l.Check})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			a.rt.Fatalf("the uses of %q differ (-reference +list):\n%s", check, diff)
		}
	}
}

// tally counts how often each check fired and did not where it was made.
type tally map[Check][2]int

func (y tally) add(h history, f *Findings) {
	for _, check := range Checks() {
		n := y[check]
		of := f.Chains.Total
		switch {
		case check == S07:
			of = len(h.Quotes) + len(h.Reports) + len(h.Invoices)
		case check.OfUse():
			of = f.Uses.Total
		}
		if f.Makes(check) {
			n[0] += f.Times(check)
			n[1] += of - f.Times(check)
		}
		y[check] = n
	}
}

func (y tally) complete(t *testing.T) {
	t.Helper()
	for _, check := range Checks() {
		t.Logf("%s fired %d times and not %d times", check, y[check][0], y[check][1])
		if y[check][0] == 0 || y[check][1] <= 0 {
			t.Errorf("%s fired %d times and not %d times: the histories do not ask enough", check, y[check][0], y[check][1])
		}
	}
}
