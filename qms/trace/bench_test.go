package trace

import (
	"database/sql"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// benchChains is how many service chains the benchmark examines; each has a quote, a report, an invoice and
// most of their files, and there are as many uses.
// MAILLON_BENCH_CHAINS asks for another number.
var benchChains = func() int {
	if n, err := strconv.Atoi(os.Getenv("MAILLON_BENCH_CHAINS")); err == nil {
		return n
	}
	return 100_000
}()

// BenchmarkExamine compares the full check of a platform with reading the same rows once through the
// raw driver, in turns within one run, and fails when it takes more than 3 times as long. x-raw is
// the ratio of the fastest turns.
func BenchmarkExamine(b *testing.B) {
	for _, engine := range storetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			db := storetest.Open(b, engine)
			raw := storetest.Raw(b, db)
			instructions := benchFill(b, raw, engine, benchChains)
			s := New(db, members{}, members{instructions: instructions})
			best := map[string]time.Duration{}
			timed := func(name string, f func()) {
				begin := time.Now()
				f()
				if d := time.Since(begin); best[name] == 0 || d < best[name] {
					best[name] = d
				}
			}
			peak := int64(0)
			for b.Loop() {
				timed("raw", func() { benchRead(b, raw) })
				debug.FreeOSMemory()
				stop := benchResident(&peak)
				timed("examine", func() {
					f, err := s.FullCheck(storetest.AsSystem(), platform, day("2026-06-30"))
					if err != nil || f.Chains.Total != benchChains || f.Chains.Broken == 0 || f.Defects.S11 == 0 || f.Uses.U04 == 0 || f.Uses.Total != benchChains {
						b.Fatalf("%+v, %v", f.Chains, err)
					}
				})
				stop()
			}
			ratio := float64(best["examine"]) / float64(best["raw"])
			b.ReportMetric(ratio, "x-raw")
			b.ReportMetric(float64(best["raw"].Milliseconds()), "raw-ms")
			b.ReportMetric(float64(best["examine"].Milliseconds()), "examine-ms")
			b.ReportMetric(float64(peak>>10), "resident-MB")
			b.Logf("%s: raw %v, examine %v, at most %d MB resident", engine, best["raw"], best["examine"], peak>>10)
			if ratio > 3 {
				b.Errorf("the full check takes %.2f times as long as reading the rows", ratio)
			}
		})
	}
}

// benchResident notes the most memory, in kB, that the process holds until it is stopped: SQLite's own is
// not in Go's heap.
func benchResident(peak *int64) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			if status, err := os.ReadFile("/proc/self/status"); err == nil {
				if _, rest, ok := strings.Cut(string(status), "VmRSS:"); ok {
					kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
					*peak = max(*peak, kb)
				}
			}
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() { close(done); <-ended }
}

// benchRead reads the rows that the checks need, table by table, as a program without Maillon would.
func benchRead(b *testing.B, raw *sql.DB) {
	b.Helper()
	read := func(query string, dest ...any) {
		rows, err := raw.QueryContext(b.Context(), query)
		if err != nil {
			b.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			if err := rows.Scan(dest...); err != nil {
				b.Fatal(err)
			}
		}
		if err := rows.Err(); err != nil {
			b.Fatal(err)
		}
	}
	var number, request, quote, operator, equipment, instruction, version string
	var date, other qms.Date
	var total int64
	read("SELECT number, date FROM requests", &number, &date)
	read("SELECT number, request, date, accepted_on, total FROM quotes", &number, &request, &date, &other, &total)
	read("SELECT number, request, date, analysed_on, operator, equipment, instruction, instruction_version FROM reports",
		&number, &request, &date, &other, &operator, &equipment, &instruction, &version)
	read("SELECT number, request, quote, date, total FROM invoices", &number, &request, &quote, &date, &total)
	read("SELECT number, person, equipment, date, minutes, began FROM uses", &number, &operator, &equipment, &date, &total, &quote)
	read("SELECT subject, added_on FROM evidences WHERE void = ''", &number, &date)
}

// benchFill writes chains past the acts, each block of them in an order that is not the one of their
// numbers.
func benchFill(b *testing.B, raw *sql.DB, engine store.Engine, chains int) map[string]map[string]qms.Period {
	b.Helper()
	const people, pieces, block = 40, 60, 1000
	id := func(kind, n int) string { return fmt.Sprintf("00000000-0000-7%03d-8000-%012d", kind, n) }
	text := func(d qms.Date) string { return d.String() }
	insert, hash := benchInserter(b, raw, engine), benchHash(vault.DigestOf([]byte("preuve")).String())
	first := day("2016-01-01")
	for i := range chains {
		n := i - i%block + (i%block*7919+13)%block
		if i >= chains-chains%block {
			n = i
		}
		at := first + qms.Date(n%3600)
		request, quote := fmt.Sprintf("DEM-%d-%06d", at.Year(), n), fmt.Sprintf("DEV-%d-%06d", at.Year(), n)
		total := 10000 + n%50000
		billed := total
		if n%17 == 0 {
			billed++
		}
		insert("requests", id(1, n), platform, 1, request, text(at), "Client 1", "internal", "Analyse", "", "", "", "")
		insert("quotes", id(2, n), platform, 1, quote, request, text(at+3), total, text(at+9), "")
		insert("reports", id(3, n), platform, 1, fmt.Sprintf("RAP-%06d", n), request, text(at+40), text(at+30), id(5, n%people), id(6, n%pieces), "MO-ANA-001", "1.0", "", "")
		insert("invoices", id(4, n), platform, 1, fmt.Sprintf("FAC-%06d", n), request, quote, text(at+50), billed, "")
		insert("uses", id(9, n), platform, 1, fmt.Sprintf("UTI-%06d", n), id(5, n%people), id(6, n%pieces), text(at), 60+n%400, "", "")
		for kind, stage := range []EvidenceKind{OfRequest, OfQuote, OfReport, OfInvoice} {
			if n%23 != kind {
				insert("evidences", id(11+kind, n), platform, 1, stage, id(1+kind, n), "preuve.pdf", "application/pdf", 1000, hash, "", text(at)+" 10:00:00+00:00", text(at), "")
			}
		}
	}
	insert("check_settings", id(10, 0), platform, 1, 90, 90, true, true)
	for e := range pieces {
		if e%7 != 0 {
			insert("trainers", id(15, e), platform, 1, id(5, 0), id(6, e), text(first-1000), "")
		}
	}
	for p := range people {
		for e := range pieces {
			insert("trainings", id(7, p*pieces+e), platform, 1, id(5, p), id(6, e), id(5, 0), text(first-10), 0, "", "", "", "")
		}
	}
	for e := range pieces {
		for y := range 11 {
			insert("calibrations", id(8, e*20+y), platform, 1, id(6, e), text(first-5+qms.Date(y*365)), 12, "conforming", "", "")
		}
	}
	insert("", nil)
	if engine == store.PostgreSQL {
		if _, err := raw.Exec("VACUUM ANALYZE"); err != nil {
			b.Fatal(err)
		}
	}
	return map[string]map[string]qms.Period{"MO-ANA-001": {"1.0": {From: first}}}
}

// benchColumns are those that benchFill states, in its order.
var benchColumns = map[string]string{
	"requests":       "id, platform, revision, number, date, client, client_status, subject, samples, feasible, review_note, void",
	"quotes":         "id, platform, revision, number, request, date, total, accepted_on, void",
	"reports":        "id, platform, revision, number, request, date, analysed_on, operator, equipment, instruction, instruction_version, data_place, void",
	"invoices":       "id, platform, revision, number, request, quote, date, total, void",
	"uses":           "id, platform, revision, number, person, equipment, date, minutes, project, void",
	"trainings":      "id, platform, revision, person, equipment, trainer, date, months, kind, procedure, procedure_version, void",
	"calibrations":   "id, platform, revision, equipment, date, months, outcome, certificate, void",
	"trainers":       "id, platform, revision, person, equipment, valid_from, void",
	"evidences":      "id, platform, revision, kind, subject, name, media_type, size, content, remark, added_at, added_on, void",
	"check_settings": "id, platform, revision, invoice_days, expiring_days, evidence, trainers",
}

// benchHash is bytes in hexadecimal, which each engine writes in its own way.
type benchHash string

// benchInserter gathers rows of one table at a time and writes them 400 a statement; an empty table
// writes what is left.
func benchInserter(b *testing.B, raw *sql.DB, engine store.Engine) func(table string, values ...any) {
	b.Helper()
	tx, err := raw.Begin()
	if err != nil {
		b.Fatal(err)
	}
	pending := map[string][]string{}
	write := func(table string) {
		if len(pending[table]) == 0 {
			return
		}
		if _, err := tx.Exec("INSERT INTO " + table + " (" + benchColumns[table] + ") VALUES " + strings.Join(pending[table], ",")); err != nil {
			b.Fatal(err)
		}
		pending[table] = nil
	}
	return func(table string, values ...any) {
		if table == "" {
			for name := range pending {
				write(name)
			}
			if err := tx.Commit(); err != nil {
				b.Fatal(err)
			}
			return
		}
		var row []string
		for _, v := range values {
			switch v := v.(type) {
			case nil:
				row = append(row, "NULL")
			case int, bool:
				row = append(row, fmt.Sprint(v))
			case benchHash:
				row = append(row, map[store.Engine]string{store.SQLite: "x'", store.PostgreSQL: `'\x`}[engine]+string(v)+"'")
			default:
				row = append(row, fmt.Sprintf("'%v'", v))
			}
		}
		if pending[table] = append(pending[table], "("+strings.Join(row, ",")+")"); len(pending[table]) == 400 {
			write(table)
		}
	}
}
