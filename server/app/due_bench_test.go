package app

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
	"maillon/scheduler"
)

// bareDue are the index scans that what falls due on a site follows from: every row that decides and
// the columns that are told of it, in plain statements without joins. {day} is the day, {until} the last.
var bareDue = []string{
	`SELECT platform, id, revision, person, equipment, date, months, through FROM trainings WHERE void = '' AND date <= '{day}' ORDER BY platform`,
	`SELECT platform, id, revision, equipment, date, months, outcome, void FROM calibrations WHERE date <= '{day}' ORDER BY platform`,
	`SELECT platform, id, code, name, retired, void FROM equipment ORDER BY platform`,
	`SELECT platform, id, equipment, program, date, ended, months, next_on FROM equipment_events WHERE kind = 'preventive' AND void = '' AND date <= '{day}'`,
	`SELECT platform, request, date, accepted_on, void, number, id FROM quotes WHERE date <= '{day}'`,
	`SELECT platform, number, date, void, id, client FROM requests WHERE date <= '{day}'`,
	`SELECT platform, request, date, void, revision FROM reports`,
	`SELECT platform, request, date, quote, void FROM invoices WHERE date <= '{day}'`,
	`SELECT id, document, review_on, revision FROM versions WHERE review_on <= '{until}' AND effective_from <= '{day}' AND (effective_until IS NULL OR effective_until > '{day}')`,
	`SELECT id, code, title, owner, watch_on, revision FROM documents`,
	`SELECT id, platform, accompaniment, number, title, owner, due_on, revision FROM deliverables WHERE state IN ('expected', 'redo') AND due_on <= '{until}'`,
	`SELECT id, platform, officer, start, ended_on FROM accompaniments WHERE void = ''`,
	`SELECT g.id, g.person, p.name, g.role, g.platform, g.from_date, g.until_date FROM role_grants AS g JOIN people AS p ON p.id = g.person`,
	`SELECT id, code, name FROM platforms`,
}

// BenchmarkDue asks for what falls due on a whole site, and beside it, in turns within the same run, for
// the bare index scans that it needs. x-scans is the ratio of the median times; peak-MB is how far the
// heap grew at most, with everything due held, when garbage is collected at once.
func BenchmarkDue(b *testing.B) {
	for _, engine := range storetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			plan := scale()
			s := newScaled(b, engine, plan)
			s.plantDues(b, plan.End)
			raw := storetest.Raw(b, s.opened)
			filter := scheduler.DueFilter{AsOf: plan.End}
			var list *scheduler.DueList
			var asked, scanned []time.Duration
			var allocated uint64
			var read int64
			ask := func() {
				var err error
				if list, err = s.Agenda.All(storetest.AsSystem(), filter); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				_, bytes, took := grew(ask)
				allocated, asked = bytes, append(asked, took)
				began := time.Now()
				read = 0
				for _, query := range bareDue {
					read += scanAll(b, raw, strings.NewReplacer("{day}", plan.End.String(), "{until}", plan.End.AddDays(90).String()).Replace(query))
				}
				scanned = append(scanned, time.Since(began))
			}
			percent := debug.SetGCPercent(10) // what is not used any more does not count
			peak, _, _ := grew(ask)
			debug.SetGCPercent(percent)
			kinds := map[string]int{}
			for _, i := range list.Page.Items {
				kinds[i.Kind]++
			}
			whole, scans := median(asked), median(scanned)
			b.Logf("%d platforms, %d years: %d due %v; %s beside %s for %d rows", plan.Platforms, plan.Years, list.Total, kinds, whole, scans, read)
			b.ReportMetric(float64(whole)/float64(scans), "x-scans")
			b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
			b.ReportMetric(float64(allocated)/(1<<20), "allocated-MB")
			if list.Total < 10*plan.Platforms {
				b.Errorf("%d due on %d platforms: too few to measure anything", list.Total, plan.Platforms)
			}
		})
	}
}

// plantDues adds what registers do not state: maintenance of every third piece, and an accompaniment
// with deliverables on every platform.
func (s *scaled) plantDues(b *testing.B, end qms.Date) {
	b.Helper()
	ctx := storetest.AsSystem()
	platforms, err := s.People.Platforms(ctx)
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range platforms {
		act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(p.ID), Platform: p.ID}
		err := s.DB.Change(ctx, act, func(tx *store.Tx) error { return plant(ctx, tx, s.Trace, p.ID, end) })
		if err != nil {
			b.Fatal(err)
		}
	}
}

func plant(ctx context.Context, tx *store.Tx, room *trace.Service, platform qms.ID, end qms.Date) error {
	pieces, err := room.EquipmentByID(ctx, tx, platform)
	if err != nil {
		return err
	}
	var rows []qms.Record
	for _, e := range pieces {
		if number, err := strconv.Atoi(e.Code[3:]); err != nil || number%3 != 0 {
			continue
		}
		for month := range qms.Months(24) {
			on := end.AddMonths(-month)
			rows = append(rows, &trace.EquipmentEvent{Equipment: e.ID, Kind: trace.Preventive, Date: on, Ended: on, Program: "Nettoyage", Months: 1})
		}
	}
	accompaniment := &label.Accompaniment{Row: qms.Row{ID: qms.NewID(tx.Now())}, Officer: storetest.AgentID(1), Start: end.AddMonths(-10), Months: 15}
	rows = append(rows, accompaniment)
	for n := range 12 {
		on := end.AddDays(30 * (n - 9))
		rows = append(rows, &label.Deliverable{Accompaniment: accompaniment.ID, Number: fmt.Sprintf("LIV-%03d", n+1), Title: "Livrable", Owner: storetest.AgentID(1),
			AskedOn: on.AddDays(-28), DueOn: on, FirstDue: on, State: label.ToDeliver})
	}
	return tx.Insert(ctx, rows...)
}

// scanAll reads every column of every row without making anything of them.
func scanAll(b *testing.B, raw *sql.DB, query string) (rows int64) {
	b.Helper()
	found, err := raw.QueryContext(b.Context(), query)
	if err != nil {
		b.Fatalf("%s: %v", query, err)
	}
	defer found.Close()
	columns, err := found.Columns()
	if err != nil {
		b.Fatal(err)
	}
	cells, places := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for n := range cells {
		places[n] = &cells[n]
	}
	for ; found.Next(); rows++ {
		if err := found.Scan(places...); err != nil {
			b.Fatal(err)
		}
	}
	if err := found.Err(); err != nil {
		b.Fatal(err)
	}
	return rows
}

// grew does the work and tells by how many bytes the heap was larger at most, how many were allocated in
// all, and how long it took.
func grew(work func()) (peak, allocated uint64, took time.Duration) {
	const live, all = "/memory/classes/heap/objects:bytes", "/gc/heap/allocs:bytes"
	look := func(name string) uint64 {
		sample := []metrics.Sample{{Name: name}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	before, made := look(live), look(all)
	done, seen := make(chan struct{}), make(chan uint64)
	go func() {
		most := before
		for {
			select {
			case <-done:
				seen <- max(most, look(live))
				return
			case <-time.After(5 * time.Millisecond):
				most = max(most, look(live))
			}
		}
	}()
	began := time.Now()
	work()
	took = time.Since(began)
	close(done)
	return <-seen - before, look(all) - made, took
}
