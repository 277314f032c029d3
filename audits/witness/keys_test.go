package witness_test

import (
	"errors"
	"testing"
	"time"

	"maillon/audits/witness"
	"maillon/qms"
	"maillon/qms/store/storetest"
	"maillon/qms/trail"
)

func TestRotate_HandsOverAndStopsTheServerOfTheOldKey(t *testing.T) {
	each(t, func(t *testing.T, w *watch) {
		system := storetest.AsSystem()
		w.grow()
		before := w.keep()
		storetest.ClockOf(w.db).Advance(time.Hour)
		key, next := newKey(t, 2)
		made, err := w.Rotate(system, next, "Changement annuel")
		if err != nil || made.Number != 2 || !made.Handed || made.Fingerprint != next.Fingerprint() {
			t.Fatalf("%+v, %v", made, err)
		}
		w.grow()
		if _, err := w.Keep(w.manager(), w.platform); !errors.Is(err, qms.Conflict("key.replaced")) {
			t.Errorf("the server of the old key signs: %v", err)
		}
		storetest.ClockOf(w.db).Advance(24 * time.Hour)
		w.tick()
		if _, err := w.Rotate(system, next, "Encore"); !errors.Is(err, qms.Conflict("key.replaced")) {
			t.Errorf("the old key hands over once more: %v", err)
		}
		if all := w.kept(); len(all) != 1 {
			t.Errorf("%d are kept", len(all))
		}
		other := witness.New(w.db, witness.Options{Key: key})
		if err := other.Enrol(system); err != nil {
			t.Fatal(err)
		}
		after, err := other.Keep(w.manager(), w.platform)
		if err != nil || after.Signer != next.Fingerprint() {
			t.Fatalf("%+v, %v", after, err)
		}
		if _, err := other.Continue(w.manager(), w.platform, before.ID, after.ID); err != nil {
			t.Errorf("the trail does not go on under the new key: %v", err)
		}
	})
}

func TestKeys_TellFromWhenToWhenEachSigned(t *testing.T) {
	each(t, func(t *testing.T, w *watch) {
		system := storetest.AsSystem()
		_, first := newKey(t, 1)
		storetest.ClockOf(w.db).Advance(time.Hour)
		key, next := newKey(t, 2)
		if _, err := w.Rotate(system, next, "Changement"); err != nil {
			t.Fatal(err)
		}
		other := witness.New(w.db, witness.Options{Key: key})
		lines, err := other.Keys(storetest.As(qms.Auditor, w.platform), w.platform)
		if err != nil || len(lines) != 2 {
			t.Fatal(lines, err)
		}
		if !lines[0].Current || !lines[0].Ours || !lines[0].Until.IsZero() || lines[0].Reason != "Changement" {
			t.Errorf("the latest is %+v", lines[0])
		}
		if lines[1].Current || lines[1].Ours || !lines[1].Until.Equal(lines[0].BeginsAt) || lines[1].Verifier != first.Line() {
			t.Errorf("the first is %+v", lines[1])
		}
		text, err := other.History(system, "")
		if err != nil {
			t.Fatal(err)
		}
		s, err := trail.ParseSuccession(text)
		if err != nil || s.Leads(first, next) != nil {
			t.Errorf("%v: %s", err, text)
		}
		if _, err := other.Keys(storetest.As(qms.Member, w.platform), ""); err == nil {
			t.Error("a member reads the keys of the site")
		}
	})
}

func TestBegin_ALostKeyIsANewBeginning(t *testing.T) {
	each(t, func(t *testing.T, w *watch) {
		system := storetest.AsSystem()
		w.grow()
		w.keep()
		w.grow()
		key, next := newKey(t, 3)
		_, first := newKey(t, 1)
		other := witness.New(w.db, witness.Options{Key: key})
		if err := other.Enrol(system); !errors.Is(err, qms.Conflict("key.unknown")) {
			t.Errorf("a key that nobody named is enrolled: %v", err)
		}
		if _, err := other.Keep(w.manager(), w.platform); !errors.Is(err, qms.Conflict("key.unknown")) {
			t.Errorf("it signs: %v", err)
		}
		if err := other.Begin(system, "  "); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("without a reason: %v", err)
		}
		if err := other.Begin(storetest.As(qms.QualityOfficer), "Disque perdu"); !errors.Is(err, qms.Refuse("right.missing")) {
			t.Errorf("a quality officer: %v", err)
		}
		if err := other.Begin(system, "Disque perdu"); err != nil {
			t.Fatal(err)
		}
		if err := other.Begin(system, "Encore"); !errors.Is(err, qms.Conflict("key.on_record")) {
			t.Errorf("a second time: %v", err)
		}
		if _, err := other.Keep(w.manager(), w.platform); err != nil {
			t.Errorf("it does not sign: %v", err)
		}
		lines, err := other.Keys(system, "")
		if err != nil || lines[0].Handed || lines[0].Reason != "Disque perdu" {
			t.Errorf("%+v, %v", lines, err)
		}
		text, _ := other.History(system, "")
		if s, err := trail.ParseSuccession(text); err != nil || !errors.Is(s.Leads(first, next), trail.ErrNewBeginning) {
			t.Errorf("the history is %s, %v", text, err)
		}
	})
}

func TestRotate_RefusesAKeyOfAnotherName(t *testing.T) {
	each(t, func(t *testing.T, w *watch) {
		_, own := newKey(t, 1)
		if _, err := w.Rotate(storetest.AsSystem(), own, "Même clé"); err == nil {
			t.Error("a key hands over to itself")
		}
		if _, err := w.Rotate(storetest.As(qms.Manager, w.platform), own, "Pas le droit"); !errors.Is(err, qms.Refuse("right.missing")) {
			t.Errorf("a manager: %v", err)
		}
	})
}
