package archive

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maillon/qms/locale"
	"maillon/qms/trail"
)

// lived is a pack of a trail of that many acts, of which those from fork on are other ones, made after
// another pack when there is one.
func lived(t *testing.T, number string, acts, fork int, before *draft) *draft {
	t.Helper()
	d, l := sampleOf(t, 3), &log{}
	for i := range acts {
		after := map[string]any{"code": i, "other": i >= fork}
		if i < len(d.Files) {
			after["content"] = hex.EncodeToString(d.Files[i].SHA256[:])
		}
		l.seal(t, after)
	}
	l.prove(t, d)
	d.Number, d.Earlier = number, nil
	if before != nil {
		proof, err := trail.Consistency(l.front.Size, before.Checkpoint.Size, l.hashes)
		if err != nil {
			t.Fatal(err)
		}
		d.Earlier = []Earlier{{Number: before.Number, Checkpoint: l.head(int(before.Checkpoint.Size)), Proof: proof}}
	}
	return d
}

// TestAsked_HoldsAPackToWhatAnAuditorKept signs everything anew, so that only what was kept elsewhere tells.
func TestAsked_HoldsAPackToWhatAnAuditorKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	first := lived(t, "PACK-2025-001", 20, 99, nil)
	second := lived(t, "PACK-2026-001", 30, 99, first)
	damaged := made(t, first)
	damaged[len(damaged)/2] ^= 1
	foreign := lived(t, "PACK-2025-001", 20, 99, nil)
	foreign.Checkpoint.Origin = trail.Origin("maillon.example", "other")
	kept := file("kept.zip", made(t, first))
	later := file("later.zip", made(t, second))
	for _, trial := range []struct {
		what  string
		asked Asked
		key   string // what is wrong; empty: nothing is
		shell string // what the verifier in shell says, where it takes part
	}{
		{"a pack alone", Asked{Pack: later}, "", "nothing was altered"},
		{"since the one kept", Asked{Pack: later, Since: kept}, "", "nothing between the two was rewritten"},
		{"since itself", Asked{Pack: later, Since: later}, "", "nothing between the two was rewritten"},
		{"the wrong way round", Asked{Pack: kept, Since: later}, "pack.since_swapped", "not continued"},
		{"a trail rewritten before the pack that was kept", Asked{Pack: file("fork.zip", made(t, lived(t, "PACK-2026-001", 30, 10, first))), Since: kept}, "pack.past_rewritten", "not continued"},
		{"a trail rolled back, and gone on otherwise", Asked{Pack: file("back.zip", made(t, lived(t, "PACK-2025-001", 20, 19, nil))), Since: kept}, "pack.past_rewritten", "not continued"},
		{"a trail cut short", Asked{Pack: file("short.zip", made(t, lived(t, "PACK-2026-001", 15, 99, nil))), Since: kept}, "pack.since_shorter", "not continued"},
		{"a pack that does not know the one kept", Asked{Pack: file("mute.zip", made(t, lived(t, "PACK-2026-001", 30, 99, nil))), Since: kept}, "pack.since_unknown", "not continued"},
		{"a pack of another platform", Asked{Pack: later, Since: file("foreign.zip", made(t, foreign))}, "verify.since_not_sound", "fact 1 is of another trail"},
		{"everything signed by another key", Asked{Pack: file("signed.zip", madeBy(t, lived(t, "PACK-2026-001", 30, 99, first), testKey(t, 2))), Since: kept}, "pack.since_another_key", "two keys"},
		{"since a pack that was damaged", Asked{Pack: later, Since: file("damaged.zip", damaged)}, "verify.since_not_sound", "refused"},
		{"the key that was given", Asked{Pack: later, Since: kept, Key: file("key.txt", []byte(testKey(t, 1).Verifier()+"\n"))}, "", "signed by the key that was given"},
		{"another key", Asked{Pack: later, Key: file("other.txt", []byte(testKey(t, 2).Verifier()+"\n"))}, "pack.another_key", "another key signed"},
		{"an empty key", Asked{Pack: later, Key: file("empty.txt", nil)}, "pack.given_key_unreadable", "the key that was given cannot be read"},
		{"a pack for a key", Asked{Pack: later, Key: kept}, "pack.given_key_unreadable", "the key that was given cannot be read"},
		{"another key that signed everything anew", Asked{Pack: filepath.Join(dir, "signed.zip"), Key: filepath.Join(dir, "key.txt")}, "pack.another_key", "another key signed"},
	} {
		t.Run(trial.what, func(t *testing.T) {
			t.Parallel()
			report, err := trial.asked.Examine()
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, l := range report.Lines {
				if l.Verdict == Wrong {
					said = l.Key
					break
				}
			}
			if said != trial.key || report.Sound() != (trial.key == "") {
				t.Errorf("said %q, want %q", said, trial.key)
			}
			spoken(t, report)
			if trial.shell != "" {
				heardOf(t, trial.asked, trial.shell, trial.key == "")
			}
		})
	}
}

func TestAsked_TellsAFileThatIsLostFromAPackThatIsNotSound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	there, lost := filepath.Join(dir, "there.zip"), filepath.Join(dir, "lost")
	if err := os.WriteFile(there, smallPack(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, asked := range []Asked{{Pack: lost}, {Pack: there, Since: lost}, {Pack: there, Key: lost}, {Pack: dir}, {Pack: there, Key: dir}, {Pack: os.DevNull}, {Pack: "a\x00b"}} {
		_, err := asked.Examine()
		if err == nil {
			t.Errorf("examined %+v", asked)
			continue
		}
		for _, lang := range locale.Languages() {
			said := Unread(locale.For(lang), err)
			for _, foreign := range []string{"open /", "read /", "stat /", "no such file or", "is a directory", "invalid", "\x00", "verify."} {
				if strings.Contains(said, foreign) {
					t.Errorf("%+v: %s says %q", asked, lang, said)
				}
			}
		}
	}
}
