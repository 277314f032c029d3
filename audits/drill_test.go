package audits

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
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
	d.checks = integrity.New(db, integrity.Options{Vault: d.vault, Columns: columns, Signatures: CheckSignatures, Orphan: 72 * time.Hour})
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
			return []string{"acheter.txt: the record is not as the trail of MIC says (approver, verifier)",
				"...(approval) is broken, what it covers has changed", "...(verification) is broken, what it covers has changed"}
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
