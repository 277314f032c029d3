package trail_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/trail"
)

// random is a reproducible source of keys.
func random(seed byte) *rand.ChaCha8 { return rand.NewChaCha8([32]byte{seed}) }

func newKey(t testing.TB, seed byte, name string) (trail.Key, trail.Verifier) {
	t.Helper()
	key, _, err := trail.GenerateKey(random(seed), name)
	if err != nil {
		t.Fatal(err)
	}
	v, err := trail.ParseVerifier(key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	return key, v
}

// prove seals acts of the given numbers of changes into a log, and proves one change of one act.
func prove(t testing.TB, changes []int, act, index int) (trail.FactProof, trail.Checkpoint) {
	t.Helper()
	l := &log{}
	var proof trail.FactProof
	for i, n := range changes {
		var encoded [][]byte
		for j := range n {
			data, err := trail.Change{Table: "uses", ID: qms.ID(fmt.Sprintf("row-%d", j)), After: json.RawMessage(`{"number":"M-1","note":"<é>"}`)}.Encode()
			if err != nil {
				t.Fatal(err)
			}
			encoded = append(encoded, data)
		}
		entry, err := trail.Entry{Log: "p1", Seq: int64(i), At: time.Date(2026, 6, 30, 10, 0, i, 0, time.UTC),
			ActorName: "Agent 01", Act: "use.record", Changes: int64(n), Root: trail.ChangesRoot(encoded)}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		l.append(entry)
		if i == act {
			proof = trail.FactProof{Change: encoded[index], Index: int64(index), Entry: entry}
			if proof.ChangeProof, err = trail.ProveChange(encoded, int64(index)); err != nil {
				t.Fatal(err)
			}
		}
	}
	var err error
	if proof.EntryProof, err = trail.Inclusion(l.Size, int64(act), l.reader()); err != nil {
		t.Fatal(err)
	}
	return proof, trail.Checkpoint{Origin: trail.Origin("maillon.example", "p1"), Size: l.Size, Root: l.Root()}
}

func TestFactProof_LeadsFromOneChangeToTheCheckpoint(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		changes := rapid.SliceOfN(rapid.IntRange(1, 20), 1, 12).Draw(t, "changes")
		act := rapid.IntRange(0, len(changes)-1).Draw(t, "act")
		index := rapid.IntRange(0, changes[act]-1).Draw(t, "index")
		proof, c := prove(&testing.T{}, changes, act, index)
		entry, change, err := proof.Verify(c)
		if err != nil {
			t.Fatal(err)
		}
		if entry.Seq != int64(act) || change.ID != qms.ID(fmt.Sprintf("row-%d", index)) {
			t.Fatalf("proved change %s of entry %d", change.ID, entry.Seq)
		}
	})
}

func TestFactProof_AnyChangedByteOfItsJSONIsRefused(t *testing.T) {
	t.Parallel()
	proof, c := prove(t, []int{1, 13, 2, 1, 1}, 1, 6)
	line, err := json.Marshal(proof)
	if err != nil {
		t.Fatal(err)
	}
	for at := range line {
		for _, bit := range []byte{1, 2, 16, 32, 128} {
			altered := bytes.Clone(line)
			altered[at] ^= bit
			var p trail.FactProof
			if json.Unmarshal(altered, &p) != nil {
				continue
			}
			if _, _, err := p.Verify(c); err == nil {
				t.Fatalf("accepted with byte %d changed from %q to %q: %s", at, line[at], altered[at], altered)
			}
		}
	}
}

func TestFactProof_SurvivesItsJSON(t *testing.T) {
	t.Parallel()
	proof, c := prove(t, []int{3}, 0, 2)
	line, err := json.MarshalIndent(proof, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	var back trail.FactProof
	if err := json.Unmarshal(line, &back); err != nil {
		t.Fatal(err)
	}
	if _, _, err := back.Verify(c); err != nil {
		t.Error(err)
	}
}

func TestFactProof_RefusesAnotherLogAndAnotherCheckpoint(t *testing.T) {
	t.Parallel()
	proof, c := prove(t, []int{1, 2, 3}, 1, 1)
	other := c
	other.Origin = trail.Origin("maillon.example", "p2")
	if _, _, err := proof.Verify(other); err == nil {
		t.Error("took the checkpoint of another log")
	}
	other = c
	other.Size = 100
	if _, _, err := proof.Verify(other); err == nil {
		t.Error("took a checkpoint of another size")
	}
	other = c
	other.Root[5]++
	if _, _, err := proof.Verify(other); err == nil {
		t.Error("took a checkpoint of another root")
	}
}

func TestOpen_ReadsWhatSignWrote(t *testing.T) {
	t.Parallel()
	key, v := newKey(t, 1, "maillon.example")
	_, c := prove(t, []int{1, 2}, 0, 0)
	msg, err := trail.Sign(key, c)
	if err != nil {
		t.Fatal(err)
	}
	back, err := trail.Open(msg, v)
	if err != nil || back != c {
		t.Fatalf("%+v, %v", back, err)
	}
	if back.Log() != "p1" {
		t.Errorf("log %q", back.Log())
	}
}

func TestOpen_AnyChangedByteIsRefused(t *testing.T) {
	t.Parallel()
	key, v := newKey(t, 1, "maillon.example")
	_, c := prove(t, []int{1, 2}, 0, 0)
	msg, err := trail.Sign(key, c)
	if err != nil {
		t.Fatal(err)
	}
	for at := range msg {
		for bit := range 8 {
			altered := bytes.Clone(msg)
			altered[at] ^= 1 << bit
			if got, err := trail.Open(altered, v); err == nil {
				t.Fatalf("accepted byte %d changed from %q to %q: %+v", at, msg[at], altered[at], got)
			}
		}
	}
	for _, altered := range [][]byte{nil, msg[:len(msg)-1], append(bytes.Clone(msg), msg[len(c.Text())+1:]...), append(bytes.Clone(msg), '\n')} {
		if _, err := trail.Open(altered, v); err == nil {
			t.Errorf("accepted %q", altered)
		}
	}
}

func TestOpen_RefusesOthersKeysOriginsAndSpellings(t *testing.T) {
	t.Parallel()
	key, v := newKey(t, 1, "maillon.example")
	_, stranger := newKey(t, 2, "maillon.example")
	_, c := prove(t, []int{1}, 0, 0)
	msg, err := trail.Sign(key, c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trail.Open(msg, stranger); err == nil {
		t.Error("opened with another key of the same name")
	}
	for _, text := range []string{"other/p1\n1\n" + c.Root.String() + "\n", "maillon.example/p1\n01\n" + c.Root.String() + "\n",
		"maillon.example/p1\n-1\n" + c.Root.String() + "\n", "maillon.example/\n1\n" + c.Root.String() + "\n",
		"maillon.example/p1\n1\n" + c.Root.String() + "\nmore\n", "maillon.example/p1\n1\nAAAA\n", "hello\n"} {
		signed, err := key.SignText(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := trail.Open(signed, v); err == nil {
			t.Errorf("read %q as %+v", text, got)
		}
	}
	if _, err := trail.Sign(key, trail.Checkpoint{Origin: "other/p1"}); err == nil {
		t.Error("signed a checkpoint of another origin")
	}
}

func TestKey_IsKeptInOneLine(t *testing.T) {
	t.Parallel()
	key, line, err := trail.GenerateKey(random(3), "maillon.example")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(line, []byte("\n")) != 1 || !bytes.HasSuffix(line, []byte("\n")) {
		t.Errorf("not one line: %q", line)
	}
	again, err := trail.ParseKey(line)
	if err != nil || again.Verifier() != key.Verifier() || again.Name() != "maillon.example" {
		t.Errorf("read back %q, %v", again.Verifier(), err)
	}
	for _, bad := range []string{"", "x", string(line[:len(line)-3]), key.Verifier(), string(line) + "x"} {
		if _, err := trail.ParseKey([]byte(bad)); err == nil {
			t.Errorf("read a key from %q", bad)
		} else if strings.Contains(err.Error(), "PRIVATE") {
			t.Errorf("the error repeats the secret: %v", err)
		}
	}
	if _, _, err := trail.GenerateKey(random(3), "two words"); err == nil {
		t.Error("made a key whose name no note can carry")
	}
}

func TestParseVerifier_AnyChangedByteIsRefused(t *testing.T) {
	t.Parallel()
	key, v := newKey(t, 1, "maillon.example")
	line := key.Verifier()
	if v.Line() != line || len(v.Fingerprint()) != 64+15 {
		t.Errorf("line %q, fingerprint %q", v.Line(), v.Fingerprint())
	}
	for at := range len(line) {
		for bit := range 8 {
			altered := []byte(line)
			altered[at] ^= 1 << bit
			if got, err := trail.ParseVerifier(string(altered)); err == nil {
				t.Fatalf("accepted %q as %q", altered, got.Name())
			}
		}
	}
}

func TestFingerprint_DiffersWithTheCheckpoint(t *testing.T) {
	t.Parallel()
	_, c := prove(t, []int{1}, 0, 0)
	print := c.Fingerprint()
	if groups := strings.Split(print, " "); len(groups) != 16 || len(groups[0]) != 4 {
		t.Errorf("fingerprint %q", print)
	}
	c.Size++
	if c.Fingerprint() == print {
		t.Error("two checkpoints, one fingerprint")
	}
}
