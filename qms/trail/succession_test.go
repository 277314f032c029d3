package trail_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"maillon/qms/trail"
)

var monday = time.Date(2026, 6, 29, 8, 0, 0, 0, time.UTC)

// chain makes a succession: the first key begins, each later one is handed over or, where lost says so,
// begins anew after the loss of the one before.
func chain(t *testing.T, keys int, lost ...int) (trail.Succession, []trail.Key, []trail.Verifier) {
	t.Helper()
	var s trail.Succession
	var all []trail.Key
	var verifiers []trail.Verifier
	for n := range keys {
		key, v := newKey(t, byte(n+1), "maillon.example")
		at := monday.AddDate(n, 0, 0)
		var step trail.Step
		var err error
		switch {
		case n == 0:
			step, err = trail.Begin(key, trail.Verifier{}, at)
		case bytes.Contains(toBytes(lost), []byte{byte(n)}):
			step, err = trail.Begin(key, verifiers[n-1], at)
		default:
			step, err = trail.HandOver(all[n-1], v, at)
		}
		if err != nil {
			t.Fatal(err)
		}
		s, all, verifiers = append(s, step), append(all, key), append(verifiers, v)
	}
	return s, all, verifiers
}

func toBytes(numbers []int) []byte {
	out := make([]byte, len(numbers))
	for i, n := range numbers {
		out[i] = byte(n)
	}
	return out
}

func TestSuccession_LeadsFromAnyKeyToALaterOne(t *testing.T) {
	t.Parallel()
	s, _, keys := chain(t, 4)
	read, err := trail.ParseSuccession(s.Encode())
	if err != nil || len(read) != 4 {
		t.Fatalf("%d statements, %v", len(read), err)
	}
	if !bytes.Equal(read.Encode(), s.Encode()) {
		t.Error("read and written again it is another text")
	}
	for from := range keys {
		for to := range keys {
			err := read.Leads(keys[from], keys[to])
			if want := from <= to; (err == nil) != want {
				t.Errorf("from key %d to key %d: %v", from, to, err)
			}
		}
	}
	_, stranger := newKey(t, 99, "maillon.example")
	if err := read.Leads(keys[0], stranger); !errors.Is(err, trail.ErrUnknownKey) {
		t.Errorf("to a stranger: %v", err)
	}
	if err := read.Leads(stranger, keys[3]); !errors.Is(err, trail.ErrUnknownKey) {
		t.Errorf("from a stranger: %v", err)
	}
}

func TestSuccession_ALostKeyIsANewBeginningThatSaysSo(t *testing.T) {
	t.Parallel()
	s, _, keys := chain(t, 4, 2)
	read, err := trail.ParseSuccession(s.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if err := read.Leads(keys[1], keys[2]); !errors.Is(err, trail.ErrNewBeginning) {
		t.Errorf("over the loss: %v", err)
	}
	if err := read.Leads(keys[0], keys[3]); !errors.Is(err, trail.ErrNewBeginning) {
		t.Errorf("over the loss and on: %v", err)
	}
	if read.Leads(keys[0], keys[1]) != nil || read.Leads(keys[2], keys[3]) != nil {
		t.Error("the loss breaks what it does not touch")
	}
	if read[2].Handed || read[2].Before.Line() != keys[1].Line() {
		t.Errorf("the new beginning is %+v", read[2])
	}
}

// Whoever has only the new key cannot make the old one name it.
func TestSuccession_RefusesAStatementThatTheOldKeyDidNotSign(t *testing.T) {
	t.Parallel()
	s, keys, verifiers := chain(t, 2)
	thief, stolen := newKey(t, 50, "maillon.example")
	text, _, _ := strings.Cut(string(s[1].Note), "\n\n")
	forged, err := thief.SignText(strings.Replace(text, verifiers[1].Line(), stolen.Line(), 1) + "\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trail.ParseStep(forged); err == nil {
		t.Error("a hand-over signed by another key is read")
	}
	if _, err := trail.ParseSuccession(append(bytes.Clone(s[0].Note), forged...)); err == nil {
		t.Error("a succession with it is read")
	}
	step, err := trail.HandOver(keys[1], stolen, monday.AddDate(5, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trail.ParseSuccession(append(bytes.Clone(s[0].Note), step.Note...)); err == nil {
		t.Error("a statement is read that does not follow the one before")
	}
}

func TestSuccession_RefusesAnyAlteredByte(t *testing.T) {
	t.Parallel()
	s, _, _ := chain(t, 3, 2)
	whole := s.Encode()
	for i := range whole {
		altered := bytes.Clone(whole)
		altered[i] ^= 1
		if read, err := trail.ParseSuccession(altered); err == nil {
			t.Fatalf("byte %d altered, and %d statements are read", i, len(read))
		}
	}
	for _, bad := range [][]byte{nil, []byte("\n"), whole[:len(whole)-1], append(bytes.Clone(whole), '\n'), append(bytes.Clone(whole), whole...),
		whole[len(s[0].Note):], bytes.Repeat([]byte("x\n"), 600)} {
		if _, err := trail.ParseSuccession(bad); err == nil {
			t.Errorf("%d bytes are read", len(bad))
		}
	}
}

func TestSuccession_RefusesInstantsThatGoBackAndAKeyTwice(t *testing.T) {
	t.Parallel()
	s, keys, verifiers := chain(t, 2)
	_, third := newKey(t, 30, "maillon.example")
	early, err := trail.HandOver(keys[1], third, monday.AddDate(-1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	again, err := trail.HandOver(keys[1], verifiers[0], monday.AddDate(3, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	for name, step := range map[string]trail.Step{"back in time": early, "back to the first key": again} {
		if _, err := trail.ParseSuccession(append(s.Encode(), step.Note...)); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

func TestHandOver_KeepsTheName(t *testing.T) {
	t.Parallel()
	key, own := newKey(t, 1, "maillon.example")
	_, other := newKey(t, 2, "other.example")
	if _, err := trail.HandOver(key, other, monday); err == nil {
		t.Error("a key hands over to one of another name")
	}
	if _, err := trail.HandOver(key, own, monday); err == nil {
		t.Error("a key hands over to itself")
	}
	if _, err := trail.Begin(key, own, monday); err == nil {
		t.Error("a key begins after itself")
	}
}

// Neither kind of note is taken for the other one.
func TestStep_IsNoCheckpointAndACheckpointIsNoStep(t *testing.T) {
	t.Parallel()
	s, keys, verifiers := chain(t, 2)
	if _, err := trail.Open(s[1].Note, verifiers[0]); err == nil {
		t.Error("a hand-over is read as a checkpoint")
	}
	if _, err := trail.Open(s[0].Note, verifiers[0]); err == nil {
		t.Error("a beginning is read as a checkpoint")
	}
	note, err := trail.Sign(keys[0], trail.Checkpoint{Origin: "maillon.example/site", Size: 3})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trail.ParseStep(note); err == nil {
		t.Error("a checkpoint is read as a statement")
	}
}
