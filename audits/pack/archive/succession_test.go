package archive

import (
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
