package documents

import (
	"testing"

	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func (r room) disposals() (all []SignedDisposal) {
	r.t.Helper()
	r.must(r.db.View(lead, qms.ReadLibrary.On(mic), func(tx store.Reader) (err error) {
		all, err = DisposalsSigned(lead, tx, mic, tx.Today())
		return err
	}))
	return all
}

func TestDisposal_SignatureCoversTheDecisionAndTheContent(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) { // past the pen in the end, which storetest.Each would tell
			db := storetest.Open(t, engine)
			v, err := dir.Open(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			disposalSigned(room{New(db, v, crew{}), t, db, v})
		})
	}
}

func disposalSigned(r room) {
	r.t.Helper()
	_, old, _ := aged(r, 12)
	r.days(400)
	_, ids := r.passed(PassedFilter{})
	_, err := r.Dispose(chief, Dispose{Platform: mic, Items: ids, Decision: Archive, Place: "Archives 01", Reason: "retention passed"})
	r.must(err)
	all := r.disposals()
	if len(all) != 2 {
		r.t.Fatalf("%d signatures", len(all))
	}
	for _, d := range all {
		if d.Standing() != Holds || d.Zone != "Europe/Paris" || len(d.Covers()) != 64 || d.Covers() == d.Content.String() || d.Now != d.Content {
			r.t.Errorf("signed: %s %+v", d.Standing(), d)
		}
	}
	for what, change := range map[string]func(d *SignedDisposal){
		"another decision":  func(d *SignedDisposal) { d.Decision = Eliminate },
		"another place":     func(d *SignedDisposal) { d.Place = "Archives 02" },
		"another reason":    func(d *SignedDisposal) { d.Reason = "none" },
		"another day":       func(d *SignedDisposal) { d.DecidedOn-- },
		"another signatory": func(d *SignedDisposal) { d.Name = "Agent 09" },
		"another item":      func(d *SignedDisposal) { d.Item = "x" },
		"another content":   func(d *SignedDisposal) { d.Now = vault.Digest{9} },
		"both contents":     func(d *SignedDisposal) { d.Now = vault.Digest{9}; d.Content = d.Now },
		"nothing any more":  func(d *SignedDisposal) { d.Now = vault.Digest{} },
	} {
		one := all[0]
		if change(&one); one.Standing() != Broken {
			r.t.Errorf("%s: %s", what, one.Standing())
		}
	}
	before := all[0]
	if before.SignedDigest, before.Zone = "", ""; before.Standing() != Holds || before.Covers() != before.Content.String() {
		r.t.Errorf("of before: %s covers %s", before.Standing(), before.Covers())
	}
	if before.Now = (vault.Digest{9}); before.Standing() != Broken {
		r.t.Errorf("of before, with another content: %s", before.Standing())
	}
	if before.Content = (vault.Digest{}); before.Standing() != Unnamed {
		r.t.Errorf("of before, without a content: %s", before.Standing())
	}
	raw, id := storetest.Raw(r.t, r.db), string(old.ID)
	for _, from := range []string{"records LIMIT 1", "disposals WHERE item = '" + id + "'"} { // another content, and back
		_, err := raw.ExecContext(r.t.Context(), "UPDATE versions SET content = (SELECT content FROM "+from+") WHERE id = '"+id+"'")
		r.must(err)
		broken := 0
		for _, d := range r.disposals() {
			if d.Standing() == Broken && d.Item == old.ID {
				broken++
			}
		}
		if want := map[bool]int{true: 1}[from == "records LIMIT 1"]; broken != want {
			r.t.Errorf("content of %s: %d broken", from, broken)
		}
	}
}
