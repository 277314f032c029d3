package app

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/server/generator"
)

// scale is the site of BenchmarkScale: MAILLON_BENCH_PLATFORMS and MAILLON_BENCH_YEARS say how large it
// is. A whole site is 128 platforms and ten years.
func scale() generator.Plan {
	number := func(name string, usual int) int {
		n, err := strconv.Atoi(os.Getenv(name))
		if err != nil {
			return usual
		}
		return n
	}
	return generator.Plan{Platforms: number("MAILLON_BENCH_PLATFORMS", 8), Years: number("MAILLON_BENCH_YEARS", 2), Seed: 4, End: qms.MustDate("2026-06-30")}
}

// BenchmarkScale asks for the pages of one platform on a site of many and on a site that has it alone,
// in turns within one run. x-alone is the ratio of the median times; of each page it is logged.
func BenchmarkScale(b *testing.B) {
	for _, engine := range storetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			plan := scale()
			alone := plan
			alone.Platforms = 1
			many, one := newScaled(b, engine, plan), newScaled(b, engine, alone)
			b.Logf("%d platforms, %d years: %d rows in all", plan.Platforms, plan.Years, many.rows(b))
			times := map[string]*[2][]time.Duration{}
			for b.Loop() {
				for _, path := range many.paths(plan) {
					if times[path] == nil {
						times[path] = new([2][]time.Duration)
					}
					for i, s := range []*scaled{many, one} {
						times[path][i] = append(times[path][i], s.timed(b, path))
					}
				}
			}
			worst, table := 0.0, strings.Builder{}
			for _, path := range many.paths(plan) {
				in, by := median(times[path][0]), median(times[path][1])
				ratio := float64(in) / float64(by)
				worst = max(worst, ratio)
				fmt.Fprintf(&table, "\n%-40s %8.2f ms alone %8.2f ms of many %5.2f", path, by.Seconds()*1e3, in.Seconds()*1e3, ratio)
			}
			b.Log(table.String())
			b.ReportMetric(worst, "x-alone")
		})
	}
}

func median(of []time.Duration) time.Duration {
	slices.SortFunc(of, cmp.Compare[time.Duration])
	return of[len(of)/2]
}

// scaled is a site of generated platforms with a reader signed in.
type scaled struct {
	*site
	opened *store.DB // the same database, as storetest knows it
	token  string
}

func newScaled(b *testing.B, engine store.Engine, plan generator.Plan) *scaled {
	b.Helper()
	opened := storetest.Open(b, engine)
	s := &scaled{site: openSiteOn(b, storetest.URL(opened)), opened: opened}
	at := generator.Site{DB: s.DB, People: s.People, Trace: s.Trace}
	var first qms.ID
	for n := range plan.Platforms {
		id, err := at.Add(storetest.AsSystem(), plan.Platform(n))
		if err != nil {
			b.Fatal(err)
		}
		first = cmp.Or(first, id)
	}
	s.token = s.site.token(b, qms.QualityLead, first)
	upkeep := map[store.Engine]string{store.SQLite: "ANALYZE", store.PostgreSQL: "VACUUM ANALYZE"}[engine]
	if _, err := storetest.Raw(b, opened).ExecContext(b.Context(), upkeep); err != nil { // as the engine does by itself in time
		b.Fatal(err)
	}
	return s
}

// rows counts what the tables of records and of the trail hold.
func (s *scaled) rows(b *testing.B) (all int64) {
	b.Helper()
	raw := storetest.Raw(b, s.opened)
	for _, table := range []string{"requests", "quotes", "reports", "invoices", "uses", "trainings", "equipment", "calibrations", "versions",
		"documents", "people", "memberships", "trail_changes", "trail_entries"} {
		var n int64
		if err := raw.QueryRowContext(b.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			b.Fatal(err)
		}
		all += n
	}
	return all
}

// paths are the pages and operations that people of a platform ask for most.
func (s *scaled) paths(plan generator.Plan) []string {
	invoice := plan.Platform(0).Registers.Invoices[0].Number
	return []string{"/p/P001/services", "/p/P001/services?state=broken", "/p/P001/services/" + invoice, "/p/P001/uses", "/p/P001/uses?check=U02",
		"/p/P001/equipment", "/p/P001/equipment/EQ-003", "/p/P001/people", "/p/P001/documents", "/p/P001/trail", "/p/P001/search?q=" + invoice[:len(invoice)-1],
		"/p/P001/search?q=analyse+routine", "/p/P001",
		"/api/v1/platforms/P001/services/" + invoice}
}

func (s *scaled) timed(b *testing.B, path string) time.Duration {
	b.Helper()
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+s.token)
	begin := time.Now()
	response, err := s.app.Test(r, -1)
	took := time.Since(begin)
	if err != nil {
		b.Fatalf("%s: %v", path, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		b.Fatalf("%s: status %d", path, response.StatusCode)
	}
	return took
}

// openSiteOn is a house on a database that exists.
func openSiteOn(b *testing.B, database string) *site {
	b.Helper()
	settings := Settings{Data: b.TempDir(), Database: database, Origin: "maillon", Zone: "Europe/Paris"}
	house, err := Open(b.Context(), settings, Options{People: people.Options{Hash: &cheap}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { house.Close() })
	s := &site{House: house, platform: map[string]qms.ID{}}
	if s.app, err = house.Application(false); err != nil {
		b.Fatal(err)
	}
	return s
}
