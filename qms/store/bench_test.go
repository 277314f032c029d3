package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trail"
)

// BenchmarkChange compares a durable Change with one record and its leaf to the raw driver writing
// the same rows (record, entry, change, head) in one transaction with the same settings. Both take
// turns, each on a database of its own, so that the disk treats them alike. percent is the store's
// rate as a part of the raw driver's.
func BenchmarkChange(b *testing.B) {
	for _, engine := range storetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			db := unwatched(b, engine)
			raw := newRawWriter(b, unwatched(b, engine))
			ctx := storetest.As(qms.Manager, platformA)
			var pen, driver time.Duration
			for i := 0; b.Loop(); i++ {
				row := &Specimen{Name: fmt.Sprintf("specimen %d", i), Taken: qms.MustDate("2026-06-30"), Price: 1250, Body: "corps"}
				start := time.Now()
				if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, row) }); err != nil {
					b.Fatal(err)
				}
				between := time.Now()
				raw.write(b, i, row)
				pen += between.Sub(start)
				driver += time.Since(between)
			}
			b.ReportMetric(100*float64(driver)/float64(pen), "percent")
			b.ReportMetric(float64(pen.Microseconds())/float64(b.N), "store-µs/op")
			b.ReportMetric(float64(driver.Microseconds())/float64(b.N), "raw-µs/op")
		})
	}
}

// unwatched is a database without the triggers of tests, which would weigh on both sides.
func unwatched(b *testing.B, engine store.Engine) *store.DB {
	db := storetest.OpenWith(b, engine, tables)
	drop := []string{"DROP TRIGGER shadow_specimens_INSERT", "DROP TRIGGER shadow_specimens_UPDATE", "DROP TRIGGER shadow_specimens_DELETE"}
	if engine == store.PostgreSQL {
		drop = []string{"DROP TRIGGER shadow ON specimens"}
	}
	for _, statement := range drop {
		if _, err := storetest.Raw(b, db).Exec(statement); err != nil {
			b.Fatal(err)
		}
	}
	return db
}

// rawWriter writes what the store writes, with nothing but database/sql.
type rawWriter struct {
	db         *sql.DB
	statements [4]string
	after      string
}

func newRawWriter(b *testing.B, db *store.DB) *rawWriter {
	w := &rawWriter{}
	var err error
	if path, ok := strings.CutPrefix(storetest.URL(db), "sqlite:"); ok {
		w.db, err = sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)"+
			"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)")
		w.db.SetMaxOpenConns(1)
	} else {
		w.db, err = sql.Open("pgx", storetest.URL(db))
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { w.db.Close() })
	w.statements = [4]string{
		"INSERT INTO specimens (id, platform, revision, name, note, taken, seen_at, checked_at, price, weight, sealed, hash, secret, body, tags, holder) VALUES " + marks(16),
		"INSERT INTO trail_entries (log, seq, at, actor, actor_name, behalf, act, subject, reason, request, changes, root, hashes) VALUES " + marks(13),
		"INSERT INTO trail_changes (log, seq, position, row_table, row_id, revision, before, after) VALUES " + marks(8),
		"UPDATE trail_heads SET size = $1, peaks = $2 WHERE log = $3",
	}
	if _, err := w.db.Exec("INSERT INTO trail_heads (log, size, peaks) VALUES ($1, 0, $2)", string(platformA), []byte{}); err != nil {
		b.Fatal(err)
	}
	after, err := json.Marshal(Specimen{Name: "specimen 1", Body: strings.Repeat("0", 64)})
	if err != nil {
		b.Fatal(err)
	}
	w.after = string(after)
	return w
}

func marks(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("$%d", i+1)
	}
	return "(" + strings.Join(all, ", ") + ")"
}

func (w *rawWriter) write(b *testing.B, i int, row *Specimen) {
	ctx := context.Background()
	tx, err := w.db.BeginTx(ctx, nil)
	if err != nil {
		b.Fatal(err)
	}
	hash := make([]byte, 32)
	log := string(platformA)
	args := [4][]any{
		{string(row.ID), log, 1, row.Name, nil, row.Taken.String(), nil, nil, int64(row.Price), nil, false, nil, nil, row.Body, nil, nil},
		{log, i, storetest.Now, string(storetest.AgentID(3)), "Agent 03", nil, "specimen.add", nil, "Reçu ce matin", "test", 1, hash, hash},
		{log, i, 0, "specimens", string(row.ID), 1, nil, w.after},
		{i + 1, hash, log},
	}
	for n, statement := range w.statements {
		if _, err := tx.ExecContext(ctx, statement, args[n]...); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkInsertMany is one act of a thousand rows.
func BenchmarkInsertMany(b *testing.B) {
	for _, engine := range storetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			db := unwatched(b, engine)
			ctx := storetest.As(qms.Manager, platformA)
			for i := 0; b.Loop(); i++ {
				rows := make([]qms.Record, 1000)
				for j := range rows {
					rows[j] = &Specimen{Name: fmt.Sprint(i, "/", j), Body: "corps"}
				}
				if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, rows...) }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkVerifyTrail verifies a trail of MAILLON_BENCH_LEAVES acts (10,000 unless said), each of one
// row, beside hashing the same leaves and their changes from memory, and beside reading the same rows once
// through the raw driver.
func BenchmarkVerifyTrail(b *testing.B) {
	leaves, err := strconv.Atoi(os.Getenv("MAILLON_BENCH_LEAVES"))
	if err != nil {
		leaves = 10_000
	}
	for _, engine := range storetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			db := unwatched(b, engine)
			ctx := storetest.As(qms.Manager, platformA)
			for i := range leaves {
				row := &Specimen{Name: fmt.Sprint(i), Body: "corps"}
				if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, row) }); err != nil {
					b.Fatal(err)
				}
			}
			raw := storetest.Raw(b, db)
			if _, err := raw.Exec("ANALYZE"); err != nil { // what a database in use has done long ago
				b.Fatal(err)
			}
			data := leavesOf(b, db)
			var verifying, reading, hashing time.Duration
			for b.Loop() {
				start := time.Now()
				if report, found := verified(b, db); !report.OK() || report.Rows != int64(leaves) {
					b.Fatal(report, found)
				}
				verifying += time.Since(start)
				start = time.Now()
				readAll(b, raw, "SELECT * FROM trail_entries", 13)
				readAll(b, raw, "SELECT * FROM trail_changes", 8)
				readAll(b, raw, "SELECT * FROM specimens", 16)
				reading += time.Since(start)
				start = time.Now()
				var log trail.Frontier
				for leaf := range data.leaves() {
					trail.ChangesRoot(leaf[1:])
					log.Append(trail.LeafHash(leaf[0]))
				}
				hashing += time.Since(start)
			}
			b.ReportMetric(float64(verifying)/float64(reading), "x-reading")
			b.ReportMetric(float64(verifying)/float64(hashing), "x-hashing")
			b.ReportMetric(float64(leaves)*float64(b.N)/verifying.Seconds(), "leaves/s")
		})
	}
}

// keptLeaves are leaves, each with its changes behind it, one after the other: a million of them in slices of
// their own would keep the garbage collector busy, which is not what is measured.
type keptLeaves struct {
	bytes  []byte
	length []int32 // of each leaf and each change
	parts  []int32 // how many of them each leaf has
}

func (k *keptLeaves) add(parts ...[]byte) {
	k.parts = append(k.parts, int32(len(parts))) //nolint:gosec // few
	for _, part := range parts {
		k.bytes, k.length = append(k.bytes, part...), append(k.length, int32(len(part))) //nolint:gosec // short
	}
}

// leaves goes through them. What is yielded is lent until the next one.
func (k *keptLeaves) leaves() iter.Seq[[][]byte] {
	return func(yield func([][]byte) bool) {
		rest, length := k.bytes, k.length
		var leaf [][]byte
		for _, parts := range k.parts {
			leaf = leaf[:0]
			for _, n := range length[:parts] {
				leaf, rest = append(leaf, rest[:n]), rest[n:]
			}
			if length = length[parts:]; !yield(leaf) {
				return
			}
		}
	}
}

// leavesOf are the leaves of the platform's log.
func leavesOf(b *testing.B, db *store.DB) (data keptLeaves) {
	err := db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) error {
		for c := (qms.Cursor{Size: qms.MaxPageSize}); ; {
			page, err := store.Journal(b.Context(), r, trail.LogOf(platformA), store.JournalFilter{}, c)
			if err != nil {
				return err
			}
			for _, e := range page.Items {
				leaf, err := e.Encode()
				if err != nil {
					return err
				}
				all := [][]byte{leaf}
				for _, c := range e.First {
					change, err := trail.Change{Table: c.Table, ID: c.Row, Before: c.Before, After: c.After}.Encode()
					if err != nil {
						return err
					}
					all = append(all, change)
				}
				data.add(all...)
			}
			if c.After = page.Next; c.After == "" {
				return nil
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	return data
}

func readAll(b *testing.B, raw *sql.DB, query string, columns int) {
	rows, err := raw.Query(query)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	values := make([]any, columns)
	for i := range values {
		values[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(values...); err != nil {
			b.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
}
