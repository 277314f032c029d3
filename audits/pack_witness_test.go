package audits

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"maillon/audits/pack"
	"maillon/audits/pack/archive"
	"maillon/audits/witness"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trail"
)

func keyOf(t *testing.T, seed byte) (trail.Key, trail.Verifier) {
	t.Helper()
	key, _, err := trail.GenerateKey(rand.NewChaCha8([32]byte{seed}), "maillon.example")
	if err != nil {
		t.Fatal(err)
	}
	v, err := trail.ParseVerifier(key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	return key, v
}

// signWith makes the room again as a server with that key has it.
func (w *workshop) signWith(key trail.Key) *witness.Service {
	heads := witness.New(w.db, witness.Options{Key: key})
	w.key, w.heads = key, heads
	return heads
}

// packed makes a pack of today and examines it.
func (w *workshop) packed() archive.Report {
	w.t.Helper()
	p, job, err := w.recordPack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: w.db.Today(), Language: "fr", Sections: []string{"platform"}})
	w.must(err)
	w.must(w.makePack(w.lead, p, job, func(pack.Step, int, int) {}))
	content, err := w.vault.Open(w.lead, p.Content)
	w.must(err)
	defer content.Close()
	data, err := io.ReadAll(content)
	w.must(err)
	report, err := archive.Examine(bytes.NewReader(data), int64(len(data)))
	w.must(err)
	w.must(report.Err())
	return report
}

// Six years later, under another key: who holds only the old pack and the old key trusts the new one.
func TestPack_OfALaterKeyIsHeldToOneOfAnOlderKey(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		system := storetest.AsSystem()
		key, first := keyOf(t, 1)
		heads := w.signWith(key)
		w.must(heads.Enrol(system))
		before := w.packed()
		if len(before.Keys) != 1 || !before.Keys.Knows(first) {
			t.Errorf("the first pack tells %d keys", len(before.Keys))
		}
		storetest.ClockOf(db).Advance(6 * 365 * 24 * time.Hour)
		next, second := keyOf(t, 2)
		_, err := heads.Rotate(system, second, "Changement")
		w.must(err)
		if _, _, err := w.recordPack(w.lead, PreparePack{}); err == nil {
			t.Error("a pack of nothing is recorded")
		}
		p, job, err := w.recordPack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: db.Today(), Language: "fr", Sections: []string{"platform"}})
		w.must(err)
		if err := w.makePack(w.lead, p, job, func(pack.Step, int, int) {}); !errors.Is(err, qms.Conflict("key.replaced")) {
			t.Errorf("the server of the old key makes a pack: %v", err)
		}
		w.signWith(next)
		after := w.packed()
		if err := after.Since(before); err != nil {
			t.Errorf("since: %v", err)
		}
		if err := after.SignedBy([]byte(first.Line() + "\n")); err != nil {
			t.Errorf("by the old key: %v", err)
		}
		_, stranger := keyOf(t, 9)
		if err := after.SignedBy([]byte(stranger.Line())); !errors.Is(err, qms.Invalid("pack.another_key")) {
			t.Errorf("by the key of a stranger: %v", err)
		}
		kept, err := w.heads.List(w.lead, w.platform.ID, witness.Packed, qms.Cursor{})
		w.must(err)
		if len(kept.Items) != 2 || kept.Items[0].Tree() != after.Checkpoint || kept.Items[1].Tree() != before.Checkpoint || kept.Items[0].Pack == "" {
			t.Errorf("%d checkpoints of packs are kept", len(kept.Items))
		}
	})
}

func TestPack_AfterALostKeySaysThatItBeganAnew(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		key, first := keyOf(t, 1)
		w.must(w.signWith(key).Enrol(storetest.AsSystem()))
		before := w.packed()
		storetest.ClockOf(db).Advance(time.Hour)
		next, _ := keyOf(t, 2)
		w.must(w.signWith(next).Begin(storetest.AsSystem(), "Disque perdu"))
		after := w.packed()
		if err := after.Since(before); !errors.Is(err, qms.Invalid("pack.since_new_beginning")) {
			t.Errorf("since: %v", err)
		}
		if err := after.SignedBy([]byte(first.Line())); !errors.Is(err, qms.Invalid("pack.key_new_beginning")) {
			t.Errorf("by the lost key: %v", err)
		}
	})
}

func TestPackContents_CarryTheSignedCheckpointForThePages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		key, v := keyOf(t, 1)
		w.must(w.signWith(key).Enrol(storetest.AsSystem()))
		c := w.contents("2026-06-30")
		signed, err := trail.Open([]byte(c.Proofs.Note), v)
		if err != nil || signed != c.Checkpoint || c.Proofs.Key.Line() != v.Line() || !strings.HasPrefix(c.Proofs.Note, "maillon.example/") {
			t.Errorf("%+v, %v", c.Proofs, err)
		}
	})
}
