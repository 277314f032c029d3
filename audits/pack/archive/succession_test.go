package archive

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/trail"
)

// succession is the keys of the seeds one after the other: each handed over by the one before, or begun
// anew where lost says so.
func succession(t *testing.T, lost int, seeds ...byte) trail.Succession {
	t.Helper()
	var all trail.Succession
	for i, seed := range seeds {
		at := time.Date(2020+i, 1, 1, 0, 0, 0, 0, time.UTC)
		key := testKey(t, seed)
		step, err := trail.Begin(key, trail.Verifier{}, at)
		if i > 0 {
			before := all[i-1].Key
			if i == lost {
				step, err = trail.Begin(key, before, at)
			} else {
				v, _ := trail.ParseVerifier(key.Verifier())
				step, err = trail.HandOver(testKey(t, seeds[i-1]), v, at)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, step)
	}
	return all
}

func printOf(t *testing.T, seed byte) string {
	t.Helper()
	v, err := trail.ParseVerifier(testKey(t, seed).Verifier())
	if err != nil {
		t.Fatal(err)
	}
	return v.Fingerprint()
}

func TestSince_AcceptsAnOlderKeyThatLedToTheOneThatSigned(t *testing.T) {
	t.Parallel()
	later, err := verify(made(t, sample(t)))
	if err != nil {
		t.Fatal(err)
	}
	continued := later.Earlier[0]
	for what, trial := range map[string]struct {
		keys   trail.Succession
		signer byte
		since  string
		given  string
	}{
		"each named by the one before":    {succession(t, 0, 7, 8, 1), 7, "", ""},
		"the key of then, one of between": {succession(t, 0, 7, 8, 1), 8, "", ""},
		"the same key":                    {succession(t, 0, 7, 1), 1, "", ""},
		"one that was lost":               {succession(t, 2, 7, 8, 1), 7, "pack.since_new_beginning", "pack.key_new_beginning"},
		"one that it does not know":       {succession(t, 0, 7, 1), 9, "pack.since_another_key", "pack.another_key"},
		"no statements":                   {nil, 7, "pack.since_another_key", "pack.another_key"},
		"one that came later":             {succession(t, 0, 1, 7), 7, "pack.since_another_key", "pack.another_key"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			r := later
			r.Keys = trial.keys
			before := Report{Number: continued.Number, Checkpoint: continued.Checkpoint, KeyFingerprint: printOf(t, trial.signer)}
			if err := r.Since(before); trial.since == "" && err != nil || trial.since != "" && !errors.Is(err, qms.Invalid(trial.since)) {
				t.Errorf("since: want %q, got %v", trial.since, err)
			}
			err := r.SignedBy([]byte(testKey(t, trial.signer).Verifier()))
			if trial.given == "" && err != nil || trial.given != "" && !errors.Is(err, qms.Invalid(trial.given)) {
				t.Errorf("the key: want %q, got %v", trial.given, err)
			}
		})
	}
}

// withHistory is a pack that carries such statements.
func withHistory(t *testing.T, history []byte) (Report, error) {
	t.Helper()
	d := sample(t)
	d.Files = append(d.Files, File{Folder: Keys, Name: "history.txt", Size: int64(len(history)), Open: opener(history)})
	data := made(t, d)
	return Examine(bytes.NewReader(data), int64(len(data)))
}

func TestExamine_ReadsTheStatementsOfTheKeys(t *testing.T) {
	t.Parallel()
	keys := succession(t, 0, 7, 1)
	r, err := withHistory(t, keys.Encode())
	if err != nil || r.Err() != nil || len(r.Keys) != 2 {
		t.Fatalf("%d keys, %v, %v", len(r.Keys), err, r.Err())
	}
	altered := bytes.Clone(keys.Encode())
	altered[len(altered)/2] ^= 1
	for what, trial := range map[string]struct {
		history []byte
		key     string
	}{
		"a byte altered":       {altered, "pack.keys_refused"},
		"nothing":              {[]byte{}, "pack.keys_refused"},
		"those of another key": {succession(t, 0, 7, 8).Encode(), "pack.keys_of_another"},
		"the key before alone": {succession(t, 0, 7).Encode(), "pack.keys_of_another"},
		"more than fits":       {bytes.Repeat([]byte("x\n"), maxSmall), "pack.file_too_large"},
	} {
		r, err := withHistory(t, trial.history)
		if err != nil || !errors.Is(r.Err(), qms.Invalid(trial.key)) || r.Keys != nil {
			t.Errorf("%s: want %q, got %v, %v", what, trial.key, r.Err(), err)
		}
	}
}

// The key of today will do for a pack of before, when the later pack tells how it took over.
func TestHold_OfAPackOfBefore(t *testing.T) {
	t.Parallel()
	older, err := verify(made(t, sample(t)))
	if err != nil {
		t.Fatal(err)
	}
	for what, trial := range map[string]struct {
		given byte
		since trail.Succession
		sound bool
		said  string
	}{
		"its own":            {1, nil, true, "verify.given_sound"},
		"one that took over": {8, succession(t, 0, 1, 7, 8), true, "verify.given_led_since"},
		"one after a loss":   {8, succession(t, 2, 1, 7, 8), false, "pack.another_key"},
		"one without words":  {8, nil, false, "pack.another_key"},
		"one of before":      {7, succession(t, 0, 7, 1), false, "pack.another_key"},
	} {
		r := older
		r.Lines = append([]Line(nil), older.Lines...)
		r.holdToKey([]byte(testKey(t, trial.given).Verifier()), trial.since)
		last := r.Lines[len(r.Lines)-1]
		if r.Sound() != trial.sound || last.Key != trial.said {
			t.Errorf("%s: %v, %s", what, r.Sound(), last.Key)
		}
	}
	led := older
	led.Keys = succession(t, 0, 7, 1)
	if led.Hold([]byte(testKey(t, 7).Verifier()), nil); !led.Sound() || led.Lines[len(led.Lines)-1].Key != "verify.given_led" {
		t.Errorf("a key that led to its own: %+v", led.Lines[len(led.Lines)-1])
	}
}
