package audits

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/audits/integrity"
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
	"maillon/qms/trail"
)

// reseal makes the whole log consistent with what its tables say now: every root, every hash, the head. It is
// what somebody does who knows all of this program.
func (d *drill) reseal() {
	d.t.Helper()
	log := trail.LogOf(d.platform.ID)
	roots := map[int64]*trail.Frontier{}
	rows, err := d.raw.Query(fmt.Sprintf("SELECT seq, row_table, row_id, before, after FROM trail_changes WHERE log = '%s' ORDER BY seq, position", log))
	d.must(err)
	for rows.Next() {
		var seq int64
		var c trail.Change
		d.must(rows.Scan(&seq, &c.Table, &c.ID, (*[]byte)(&c.Before), (*[]byte)(&c.After)))
		data, err := c.Encode()
		d.must(err)
		if roots[seq] == nil {
			roots[seq] = new(trail.Frontier)
		}
		roots[seq].Append(trail.LeafHash(data))
	}
	d.must(errors.Join(rows.Err(), rows.Close()))
	var entries []trail.Entry
	rows, err = d.raw.Query(fmt.Sprintf("SELECT seq, at, actor, actor_name, behalf, act, subject, reason, request FROM trail_entries WHERE log = '%s' ORDER BY seq", log))
	d.must(err)
	for rows.Next() {
		e := trail.Entry{Log: log}
		var actor, behalf, subject sql.NullString
		d.must(rows.Scan(&e.Seq, store.Instant(&e.At), &actor, &e.ActorName, &behalf, &e.Act, &subject, &e.Reason, &e.Request))
		e.Actor, e.Behalf, e.Subject = qms.ID(actor.String), qms.ID(behalf.String), qms.ID(subject.String)
		e.Changes, e.Root = roots[e.Seq].Size, roots[e.Seq].Root()
		entries = append(entries, e)
	}
	d.must(errors.Join(rows.Err(), rows.Close()))
	var frontier trail.Frontier
	for _, e := range entries {
		data, err := e.Encode()
		d.must(err)
		hashes := trail.Join(frontier.Append(trail.LeafHash(data)))
		d.exec("UPDATE trail_entries SET root = %s, hashes = %s WHERE log = '%s' AND seq = %d", d.bytes(e.Root[:]), d.bytes(hashes), log, e.Seq)
	}
	d.exec("UPDATE trail_heads SET size = %d, peaks = %s WHERE log = '%s'", frontier.Size, d.bytes(trail.Join(frontier.Peaks)), log)
}

// rootAt is the root that the log has at a size now.
func (d *drill) rootAt(size int64) (root trail.Hash) {
	d.t.Helper()
	d.must(d.db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		root, err = store.RootAt(d.t.Context(), r, trail.LogOf(d.platform.ID), size)
		return err
	}))
	return root
}

func eachDrill(t *testing.T, f func(t *testing.T, d *drill)) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			f(t, openDrill(t, engine))
		})
	}
}

func TestDrill_HonestWorkIsContinuedByTheNextPack(t *testing.T) {
	eachDrill(t, func(t *testing.T, d *drill) {
		if said := d.since(d.Service); said != "<nil>" {
			t.Errorf("the next pack says %s", said)
		}
	})
}

// The training of before the pack is back-dated in its row and its leaf, and everything from that leaf on is
// made anew, the record of the auditor's pack with it.
func TestDrill_AWholeTrailRewrittenFromALeafOnIsShownByThePackKeptElsewhere(t *testing.T) {
	eachDrill(t, func(t *testing.T, d *drill) {
		was := d.verified(d.home).Checkpoint
		d.exec("UPDATE trainings SET date = '2024-12-01' WHERE date = '2025-01-01'")
		d.exec("UPDATE trail_changes SET after = replace(after, '2025-01-01', '2024-12-01') WHERE row_table = 'trainings' AND after LIKE '%%2025-01-01%%'")
		d.reseal()
		root := d.rootAt(was.Size)
		if root == was.Root {
			t.Fatal("nothing was rewritten")
		}
		d.exec("UPDATE packs SET root = '%s'", root)
		d.exec("UPDATE trail_changes SET before = replace(before, '%[1]s', '%[2]s'), after = replace(after, '%[1]s', '%[2]s') WHERE row_table = 'packs' AND after LIKE '%%%[1]s%%'", was.Root, root)
		d.reseal()
		if found := d.found(); len(found) != 0 {
			t.Errorf("the rewriting was not consistent: %s", strings.Join(found, "\n"))
		}
		if said := d.since(d.Service); said != "pack.past_rewritten" {
			t.Errorf("the pack made afterwards says %s", said)
		}
	})
}

func TestDrill_AnotherKeyIsShownByThePackKeptElsewhere(t *testing.T) {
	eachDrill(t, func(t *testing.T, d *drill) {
		other, _, err := trail.GenerateKey(rand.NewChaCha8([32]byte{2}), "maillon.example")
		d.must(err)
		resigned := New(d.db, Options{Trace: d.trace, Vault: d.vault, Key: other})
		t.Cleanup(resigned.Close)
		if said := d.since(resigned); said != "pack.since_another_key" {
			t.Errorf("the pack signed by another key says %s", said)
		}
		if err := d.verified(d.pack(resigned)).SignedBy([]byte(d.key.Verifier())); !errors.Is(err, qms.Invalid("pack.another_key")) {
			t.Errorf("held to the key that auditors were given it says %v", err)
		}
	})
}

// The database is put back to the evening before the pack, and other work goes on from there.
func TestDrill_ADatabaseRolledBackIsShownByThePackKeptElsewhere(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			d := openDrill(t, engine)
			yesterday := d.copied()
			storetest.ClockOf(d.db).Advance(24 * time.Hour)
			d.correctAgain("2026-06-02")
			d.home = d.pack(d.Service)
			back := &drill{workshop: d.workshop, engine: engine, root: d.root, home: d.home, raw: d.raw}
			room := *d.workshop
			room.db, room.Service = yesterday, New(yesterday, Options{Trace: trace.New(yesterday, register{}, register{}), Vault: d.vault, Key: d.key})
			t.Cleanup(room.Service.Close)
			back.workshop = &room
			back.correctAgain("2026-06-03")
			back.correctAgain("2026-06-04")
			columns := slices.Concat(documents.ContentColumns(), trace.ContentColumns(), ContentColumns())
			back.checks = integrity.New(yesterday, integrity.Options{Vault: d.vault, Columns: columns, Orphan: 72 * time.Hour})
			if found := back.found(); len(found) != 0 {
				t.Errorf("a database of yesterday is consistent: %s", strings.Join(found, "\n"))
			}
			if said := back.since(room.Service); said != "pack.past_rewritten" {
				t.Errorf("the pack made afterwards says %s", said)
			}
		})
	}
}

func (d *drill) correctAgain(on string) {
	d.t.Helper()
	d.change("registers.import", func(tx *store.Tx) error {
		_, err := d.trace.TakeRegisters(d.lead, tx, trace.Registers{
			Trainings: []trace.TrainingRow{{Person: "P02", Equipment: "EQ-001", Trainer: "P01", Date: day(on), Months: 24}}})
		return err
	})
}

// copied is the database as it stands, opened a second time.
func (d *drill) copied() *store.DB {
	d.t.Helper()
	if d.engine == store.PostgreSQL {
		other := storetest.Open(d.t, store.PostgreSQL)
		d.copyTables(storetest.Raw(d.t, other))
		storetest.ClockOf(other).Set(d.db.Now().Add(24 * time.Hour))
		return other
	}
	path := filepath.Join(d.t.TempDir(), "yesterday.db")
	_, err := d.raw.Exec("VACUUM INTO '" + path + "'")
	d.must(err)
	db, err := store.Open(d.t.Context(), store.Options{URL: "sqlite:" + path, Clock: storetest.ClockOf(d.db).Now})
	d.must(err)
	d.t.Cleanup(func() { db.Close() })
	return db
}

// copyTables copies every business table and the trail into an empty database.
func (d *drill) copyTables(to *sql.DB) {
	d.t.Helper()
	tables := []string{"trail_heads", "trail_entries", "trail_changes", "counters"}
	d.must(d.db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) error {
		columns, err := store.Columns(d.t.Context(), r)
		for _, c := range columns {
			if !slices.Contains(tables, c.Table) {
				tables = append(tables, c.Table)
			}
		}
		return err
	}))
	conn, err := to.Conn(d.t.Context())
	d.must(err)
	defer conn.Close()
	_, err = conn.ExecContext(d.t.Context(), "SET session_replication_role = 'replica'")
	d.must(err)
	for _, table := range tables {
		d.copyTable(conn, table)
	}
}

func (d *drill) copyTable(to *sql.Conn, table string) {
	d.t.Helper()
	_, err := to.ExecContext(d.t.Context(), "DELETE FROM "+table)
	d.must(err)
	rows, err := d.raw.Query("SELECT * FROM " + table)
	d.must(err)
	defer rows.Close()
	columns, err := rows.Columns()
	d.must(err)
	marks := make([]string, len(columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	insert := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (" + strings.Join(marks, ", ") + ")"
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		d.must(rows.Scan(into...))
		_, err := to.ExecContext(d.t.Context(), insert, values...)
		d.must(err)
	}
	d.must(rows.Err())
}
