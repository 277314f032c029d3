package trace

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// referenceDue says what chains wait for from the words of DESIGN, section 6, record by record.
func referenceDue(h history, x qms.Date) (due []string) {
	h = h.until(x)
	request := func(number string) (Request, bool) {
		for _, r := range h.Requests {
			if r.Number == number {
				return r, true
			}
		}
		return Request{}, false
	}
	for _, q := range h.Quotes {
		_, exists := request(q.Request)
		settled := !exists
		for _, o := range h.Quotes { // its own acceptance, or that of a quote that came with it or after it
			settled = settled || o.Request == q.Request && o.Date >= q.Date && o.AcceptedOn != 0 && o.AcceptedOn <= x
		}
		if !settled {
			on := q.Date.AddDays(30)
			if q.ValidUntil != 0 {
				on = q.ValidUntil
			}
			due = append(due, fmt.Sprint("quote ", q.Number, " ", on))
		}
	}
	for _, r := range h.Requests {
		last, invoiced := qms.Date(0), false
		for _, report := range h.Reports {
			if report.Request == r.Number {
				last = max(last, report.Date)
			}
		}
		for _, i := range h.Invoices {
			known := i.Quote == ""
			for _, q := range h.Quotes {
				known = known || q.Number == i.Quote
			}
			invoiced = invoiced || i.Request == r.Number && known
		}
		if last != 0 && !invoiced {
			due = append(due, fmt.Sprint("invoice ", r.Number, " ", last.AddDays(int(h.Settings.InvoiceDays))))
		}
	}
	sort.Strings(due)
	return due
}

func TestDue_OfChainsIsWhatTheSlowReferenceSaysOnEveryEngine(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		count := 0
		rapid.Check(t, func(rt *rapid.T) {
			h := drawHistory(rt)
			for n := range h.Quotes {
				if rapid.Bool().Draw(rt, "valid until") {
					h.Quotes[n].ValidUntil = h.Quotes[n].Date + qms.Date(rapid.IntRange(0, 90).Draw(rt, "days"))
				}
			}
			x := qms.MustDate("2025-06-01") + qms.Date(rapid.IntRange(0, 390).Draw(rt, "as of"))
			count++
			platform := qms.ID(fmt.Sprintf("00000000-0000-7000-9300-%012d", count))
			if err := h.insert(db, platform); err != nil {
				rt.Fatal(err)
			}
			due, again := dueOn(rt, db, platform, x), dueOn(rt, db, platform, x)
			if diff := cmp.Diff(due, again); diff != "" {
				rt.Fatalf("asked twice:\n%s", diff)
			}
			var got []string
			keys := map[string]bool{}
			for _, d := range due {
				if d.Kind != "quote" && d.Kind != "invoice" {
					continue
				}
				got = append(got, fmt.Sprint(d.Kind, " ", strings.Fields(d.Title)[0], " ", d.On))
				if keys[d.Key] || d.Platform != platform || d.Subject == "" {
					rt.Fatalf("%+v: its key comes twice, or it is of nothing", d)
				}
				keys[d.Key] = true
			}
			sort.Strings(got)
			if diff := cmp.Diff(referenceDue(h, x), got); diff != "" {
				rt.Fatalf("as of %s (-reference +due):\n%s", x, diff)
			}
		})
	})
}

func dueOn(t interface{ Fatal(...any) }, db *store.DB, platform qms.ID, x qms.Date) (due []qms.Due) {
	s, ctx := New(db, members{}, members{}), storetest.AsSystem()
	err := db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) (err error) {
		due, err = s.Due(ctx, r, platform, x)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return due
}

func TestDue_OfAnImpactIsThirtyDaysAfterItWasOpened(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, bad := doubtful(t, db)
		i, _ := opened(t, s, Cause{Kind: ByCalibration, Subject: string(bad.ID)})
		impacts := func(x qms.Date) (on []qms.Due) {
			t.Helper()
			for _, d := range dueOn(t, db, platform, x) {
				if d.Kind == "impact" {
					on = append(on, d)
				}
			}
			return on
		}
		if due := impacts(day("2026-09-01")); len(due) != 1 || due[0].Key != "impact:"+string(i.ID) || due[0].On != day("2026-07-30") || due[0].Person != i.OpenedBy || due[0].Subject != i.ID {
			t.Errorf("open: %+v", due)
		}
		if due := impacts(day("2026-06-29")); len(due) != 0 {
			t.Errorf("the day before it was opened: %+v", due)
		}
		must(s.VoidImpact(storetest.As(qms.Manager, platform), Target{Platform: platform, ID: i.ID, Revision: i.Revision, Reason: "doublon"}))(t)
		if due := impacts(day("2026-09-01")); len(due) != 0 {
			t.Errorf("void: %+v", due)
		}
	})
}
