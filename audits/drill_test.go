package audits

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/audits/integrity"
	"maillon/audits/pack/archive"
	"maillon/documents"
	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
	"maillon/qms/trail"
)

// The tamper drill: somebody with full rights on database and vault changes what happened. What they leave
// inconsistent is found by the comparison of trail, records and vault; what they make consistent again, by an
// audit pack that was kept elsewhere.

// drill is a platform with an approved version, a training and a pack that an auditor took home.
type drill struct {
	*workshop
	raw     *sql.DB
	engine  store.Engine
	checks  *integrity.Service
	version *documents.Version
	root    string // of the vault
	home    []byte // the auditor's pack
}

// roundCrew are the people of the round.
type roundCrew struct{ register }

func (roundCrew) Staff(context.Context, store.Reader, qms.ID, qms.Date) (all []documents.Person, err error) {
	for n := 1; n < 10; n++ {
		all = append(all, documents.Person{ID: storetest.AgentID(n), Name: fmt.Sprintf("Agent %02d", n)})
	}
	return all, nil
}

func openDrill(t *testing.T, engine store.Engine) *drill {
	t.Helper()
	db := storetest.Open(t, engine)
	d := &drill{workshop: openWorkshop(t, db), raw: storetest.Raw(t, db), engine: engine, root: t.TempDir()}
	folder, err := dir.Open(d.root)
	d.must(err)
	for info, err := range d.vault.Vault.List(t.Context()) { // the folder of the workshop, at a place that is known here
		d.must(err)
		content, err := d.vault.Open(t.Context(), info.Digest)
		d.must(err)
		_, err = folder.Put(t.Context(), content)
		d.must(errors.Join(err, content.Close()))
	}
	d.vault.Vault = folder
	columns := slices.Concat(documents.ContentColumns(), trace.ContentColumns(), ContentColumns())
	d.checks = integrity.New(db, integrity.Options{Vault: d.vault, Columns: columns, Orphan: 72 * time.Hour})
	d.approve()
	d.home = d.pack(d.Service)
	storetest.ClockOf(db).Advance(time.Hour)
	d.correct()
	if found := d.found(); len(found) != 0 {
		t.Fatalf("found before anything was altered: %s", strings.Join(found, "\n"))
	}
	return d
}

// approve walks a version through its round.
func (d *drill) approve() {
	d.t.Helper()
	docs := documents.New(d.db, d.vault, roundCrew{})
	agent := func(n int, role qms.Role) context.Context {
		return storetest.AsPerson(storetest.AgentID(n), fmt.Sprintf("Agent %02d", n), qms.Grant{Role: role, Platform: d.platform.ID})
	}
	writer := agent(2, qms.Member)
	f, err := docs.Receive(writer, d.platform.ID, "acheter.txt", strings.NewReader("Trois devis au-delà du seuil."))
	d.must(err)
	_, v, err := docs.Create(writer, documents.Create{Platform: d.platform.ID, Kind: "PR", Process: "ACH", Title: "Acheter", Reason: "première version", File: &f})
	d.must(err)
	_, err = docs.Submit(writer, documents.Submit{Platform: d.platform.ID, Version: v.ID, Verifier: storetest.AgentID(3), Approver: storetest.AgentID(4)})
	d.must(err)
	_, err = docs.Verify(agent(3, qms.Member), documents.Verify{Platform: d.platform.ID, Version: v.ID})
	d.must(err)
	d.version, err = docs.Approve(agent(4, qms.Manager), documents.Approve{Platform: d.platform.ID, Version: v.ID})
	d.must(err)
}

// correct is an honest act after the pack was made.
func (d *drill) correct() {
	d.t.Helper()
	d.change("registers.import", func(tx *store.Tx) error {
		_, err := d.trace.TakeRegisters(d.lead, tx, trace.Registers{
			Trainings: []trace.TrainingRow{{Person: "P02", Equipment: "EQ-001", Trainer: "P01", Date: day("2026-06-01"), Months: 24}}})
		return err
	})
}

func (d *drill) pack(s *Service) []byte {
	d.t.Helper()
	var out bytes.Buffer
	_, err := s.MakePack(d.lead, PreparePack{Platform: d.platform.ID, AsOf: day("2026-06-30"), Language: "fr"}, &out)
	d.must(err)
	return out.Bytes()
}

func (d *drill) verified(pack []byte) archive.Report {
	d.t.Helper()
	r, err := archive.Verify(bytes.NewReader(pack), int64(len(pack)))
	d.must(err)
	return r
}

// since holds a pack made now to the auditor's, and tells what that says.
func (d *drill) since(s *Service) string {
	d.t.Helper()
	err := d.verified(d.pack(s)).Since(d.verified(d.home))
	var said *qms.Error
	if !errors.As(err, &said) {
		return fmt.Sprint(err)
	}
	return said.Key
}

// found is what the comparison of trail, records and vault finds, in words.
func (d *drill) found() (all []string) {
	d.t.Helper()
	r, err := d.checks.Verify(storetest.AsSystem(), integrity.Question{})
	d.must(err)
	for _, one := range r.Defects {
		all = append(all, one.Say(locale.For(locale.English)))
	}
	slices.Sort(all)
	return all
}

func (d *drill) exec(format string, args ...any) {
	d.t.Helper()
	statement := fmt.Sprintf(format, args...)
	result, err := d.raw.Exec(statement)
	d.must(err)
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		d.t.Fatalf("%s changed %d rows, %v", statement, n, err)
	}
}

// bytes is a literal of the engine.
func (d *drill) bytes(b []byte) string {
	if d.engine == store.PostgreSQL {
		return `'\x` + hex.EncodeToString(b) + `'`
	}
	return "X'" + hex.EncodeToString(b) + "'"
}

func (d *drill) path(digest vault.Digest) string {
	return filepath.Join(d.root, filepath.FromSlash(digest.Path()))
}

// seqOf is the leaf of the last act of that name.
func (d *drill) seqOf(act string) (seq int64) {
	d.t.Helper()
	d.must(d.raw.QueryRow(fmt.Sprintf("SELECT MAX(seq) FROM trail_entries WHERE log = '%s' AND act = '%s'", d.platform.ID, act)).Scan(&seq))
	return seq
}

// tampered are things to do, and what must then be said, in this order; what begins with ... is the end of a sentence.
var tampered = map[string]struct {
	do   func(d *drill)
	says func(d *drill) []string
}{
	"edit a leaf": {
		func(d *drill) {
			d.exec("UPDATE trail_entries SET actor_name = 'Agent 09' WHERE log = '%s' AND seq = %d", d.platform.ID, d.seqOf("version.approve"))
		},
		func(d *drill) []string {
			return []string{fmt.Sprintf("Act no. %d in the trail of MIC is not the one that was sealed", d.seqOf("version.approve"))}
		},
	},
	"delete a leaf": {
		func(d *drill) {
			d.exec("DELETE FROM trail_entries WHERE log = '%s' AND act = 'version.verify'", d.platform.ID)
		},
		func(d *drill) []string {
			gone := d.seqOf("version.submit") + 1
			return []string{fmt.Sprintf("Act no. %d is missing in the trail of MIC", gone), fmt.Sprintf("The trail of MIC has changes under no. %d that belong to no act", gone)}
		},
	},
	"insert a leaf": {
		func(d *drill) {
			last := d.seqOf("registers.import")
			d.exec("INSERT INTO trail_entries (log, seq, at, actor_name, act, reason, request, changes, root, hashes) SELECT log, seq + 1, at, actor_name, act, reason, request, changes, root, hashes"+
				" FROM trail_entries WHERE log = '%s' AND seq = %d", d.platform.ID, last)
		},
		func(d *drill) []string {
			inserted := d.seqOf("registers.import")
			return []string{fmt.Sprintf("Act no. %d in the trail of MIC is not the one that was sealed", inserted), "The changes of act no. " + fmt.Sprint(inserted) + " in the trail of MIC are not those that were sealed",
				"The head of the trail of MIC is not that of its acts: acts were removed or rewritten"}
		},
	},
	"reorder two leaves": {
		func(d *drill) {
			a, b := d.seqOf("version.verify"), d.seqOf("version.approve")
			for _, table := range []string{"trail_entries", "trail_changes"} {
				d.exec("UPDATE %s SET seq = -1 WHERE log = '%s' AND seq = %d", table, d.platform.ID, a)
				d.exec("UPDATE %s SET seq = %d WHERE log = '%s' AND seq = %d", table, a, d.platform.ID, b)
				d.exec("UPDATE %s SET seq = %d WHERE log = '%s' AND seq = -1", table, b, d.platform.ID)
			}
		},
		func(d *drill) []string {
			first, second := d.seqOf("version.approve"), d.seqOf("version.verify")
			return []string{fmt.Sprintf("Act no. %d in the trail of MIC is not the one that was sealed", first), fmt.Sprintf("Act no. %d in the trail of MIC is not the one that was sealed", second)}
		},
	},
	"swap two approvers": {
		func(d *drill) {
			d.exec("UPDATE versions SET verifier = approver, approver = verifier WHERE id = '%s'", d.version.ID)
		},
		func(*drill) []string {
			return []string{"acheter.txt: the record is not as the trail of MIC says (approver, verifier)"}
		},
	},
	"back-date a training": {
		func(d *drill) { d.exec("UPDATE trainings SET date = '2026-01-01' WHERE date = '2026-06-01'") },
		func(*drill) []string { return []string{"...the record is not as the trail of MIC says (date)"} },
	},
	"back-date a training and its leaf": {
		func(d *drill) {
			d.exec("UPDATE trainings SET date = '2026-01-01' WHERE date = '2026-06-01'")
			d.exec("UPDATE trail_changes SET after = replace(after, '2026-06-01', '2026-01-01') WHERE row_table = 'trainings' AND after LIKE '%%2026-06-01%%'")
		},
		func(d *drill) []string {
			return []string{fmt.Sprintf("The changes of act no. %d in the trail of MIC are not those that were sealed", d.seqOf("registers.import"))}
		},
	},
	"replace a content and its hash": {
		func(d *drill) {
			info, err := d.vault.Put(d.t.Context(), strings.NewReader("Un seul devis suffit toujours."))
			d.must(err)
			for table, column := range map[string]string{"versions": "content", "signatures": "content", "contents": "digest", "renditions": "source"} {
				d.exec("UPDATE %[1]s SET %[2]s = %[3]s WHERE %[2]s = %[4]s", table, column, d.bytes(info.Digest[:]), d.bytes(d.version.Content[:]))
			}
			old := time.Now().AddDate(-1, 0, 0)
			d.must(os.Chtimes(d.path(d.version.Content), old, old))
		},
		func(d *drill) []string {
			return []string{"acheter.txt: the record is not as the trail of MIC says (content)", "...the record is not as the trail of MIC says (digest)",
				fmt.Sprintf("The vault has a content that no record names (SHA-256 %s)", d.version.Content)}
		},
	},
	"alter a content": {
		func(d *drill) {
			d.must(os.Remove(d.path(d.version.Content)))
			d.must(os.WriteFile(d.path(d.version.Content), []byte("Trois devis au-delà du SEUIL."), 0o400))
		},
		func(d *drill) []string {
			return []string{fmt.Sprintf("PR-ACH-001 v1.0 Acheter, acheter.txt: the content in the vault is not that of its SHA-256 any more (%s)", d.version.Content)}
		},
	},
	"remove a content": {
		func(d *drill) { d.must(os.Remove(d.path(d.version.Content))) },
		func(d *drill) []string {
			return []string{fmt.Sprintf("PR-ACH-001 v1.0 Acheter, acheter.txt: the content is not in the vault (SHA-256 %s)", d.version.Content)}
		},
	},
}

func TestDrill_WhatIsLeftInconsistentIsFoundAndNamed(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		for name, c := range tampered {
			t.Run(string(engine)+"/"+name, func(t *testing.T) {
				t.Parallel()
				d := openDrill(t, engine)
				c.do(d)
				found := d.found()
				for _, want := range c.says(d) {
					if !slices.ContainsFunc(found, func(got string) bool {
						end, cut := strings.CutPrefix(want, "...")
						return got == want || cut && strings.HasSuffix(got, end)
					}) {
						t.Errorf("not said: %s\nbut:\n%s", want, strings.Join(found, "\n"))
					}
				}
			})
		}
	}
}

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
