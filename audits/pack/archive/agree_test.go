package archive

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/trail"
)

// busy is a pack of a trail of acts of one to five changes each, made after another one when there is one,
// and its facts as they may be altered before it is made.
func busy(t *testing.T, number string, acts int, before *draft) (*draft, []trail.FactProof) {
	t.Helper()
	d, l := sampleOf(t, 3), &log{}
	for i := range acts {
		var changes []map[string]any
		for k := range 1 + i%5 {
			change := map[string]any{"code": fmt.Sprintf("PR-%d-%d", i, k), "title": "Étalonnage <1> & \"2\"\n"}
			if k == 0 && i < len(d.Files) {
				change["content"] = hex.EncodeToString(d.Files[i].SHA256[:])
			}
			changes = append(changes, change)
		}
		l.seal(t, changes...)
	}
	l.prove(t, d)
	d.Number, d.Earlier = number, nil
	if before != nil {
		proof, err := trail.Consistency(l.front.Size, before.Checkpoint.Size, l.hashes)
		if err != nil {
			t.Fatal(err)
		}
		d.Earlier = []Earlier{{Number: before.Number, Checkpoint: before.Checkpoint, Proof: proof}}
	}
	return d, l.proofs
}

// saved writes a pack to a file.
func saved(t *testing.T, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pack.zip")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestVerifiers_AgreeOnHundredsOfFactsSinceAnEarlierPack(t *testing.T) {
	t.Parallel()
	older, _ := busy(t, "PACK-2025-001", 53, nil)
	newer, proofs := busy(t, "PACK-2026-001", 131, older)
	asked := Asked{Pack: saved(t, made(t, newer)), Since: saved(t, made(t, older))}
	report, err := asked.Examine()
	if err != nil || !report.Sound() || report.Facts != int64(len(proofs)) || report.Facts < 300 {
		t.Errorf("%d facts, %+v, %v", report.Facts, report.Err(), err)
	}
	told := func(r Report) string {
		return fmt.Sprintf("%s: nothing was altered; %d facts at checkpoint %s\n", r.Number, r.Facts, strings.ReplaceAll(strings.TrimSpace(r.Checkpoint.Text()), "\n", " "))
	}
	heardOf(t, asked, told(report)+told(*report.Older)+"nothing between the two was rewritten", true)
}

// TestVerifiers_AgreeOnTheFactThatIsNotProved alters one proof among hundreds, where the trees are not whole.
func TestVerifiers_AgreeOnTheFactThatIsNotProved(t *testing.T) {
	t.Parallel()
	const n = 311 // the third change of the last act but some, which made five
	for what, trial := range map[string]struct {
		alter func(p *trail.FactProof)
		shell string
	}{
		"a hash of its act":            {func(p *trail.FactProof) { p.ChangeProof[1][31] ^= 1 }, "is not in its act"},
		"a hash of the trail":          {func(p *trail.FactProof) { p.EntryProof[6][0] ^= 0x80 }, "is not in the trail"},
		"two hashes exchanged":         {func(p *trail.FactProof) { p.EntryProof[0], p.EntryProof[1] = p.EntryProof[1], p.EntryProof[0] }, "is not in the trail"},
		"a hash too many in its act":   {func(p *trail.FactProof) { p.ChangeProof = append(p.ChangeProof, p.EntryProof[0]) }, "is not in its act"},
		"a hash too few in the trail":  {func(p *trail.FactProof) { p.EntryProof = p.EntryProof[:len(p.EntryProof)-1] }, "is not in the trail"},
		"no proof in its act":          {func(p *trail.FactProof) { p.ChangeProof = nil }, "is not in its act"},
		"the place of its neighbour":   {func(p *trail.FactProof) { p.Index ^= 1 }, "is not in its act"},
		"a place outside its act":      {func(p *trail.FactProof) { p.Index += 5 }, "is not in its act"},
		"a place that wraps the trees": {func(p *trail.FactProof) { p.Index += 1 << 32 }, "is not in its act"},
		"a letter of what was done": {func(p *trail.FactProof) {
			p.Change = bytes.Replace(p.Change, []byte("talonnage"), []byte("talonnagE"), 1)
		}, "is not in its act"},
		"a letter of who did it": {func(p *trail.FactProof) { p.Entry = bytes.Replace(p.Entry, []byte("Agent 02"), []byte("Agent 03"), 1) }, "is not in the trail"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			d, proofs := busy(t, "PACK-2026-001", 131, nil)
			proofs[n-1].ChangeProof, proofs[n-1].EntryProof = slices.Clone(proofs[n-1].ChangeProof), slices.Clone(proofs[n-1].EntryProof)
			trial.alter(&proofs[n-1])
			data := made(t, d)
			if _, err := verify(data); !errors.Is(err, qms.Invalid("pack.fact_refused")) || !said(err, int64(n)) {
				t.Errorf("said %v", err)
			}
			if heard, accepted := byShell(t, data); accepted || !strings.Contains(heard, fmt.Sprintf("fact %d %s", n, trial.shell)) {
				t.Errorf("in shell: %s", heard)
			}
		})
	}
}

// said reports whether the sentence of the error begins with that.
func said(err error, first any) bool {
	var e *qms.Error
	return errors.As(err, &e) && len(e.Args) > 0 && e.Args[0] == first
}

func TestVerifiers_AgreeOnHowAKeyTookOver(t *testing.T) {
	t.Parallel()
	first := lived(t, "PACK-2025-001", 20, 99, nil)
	kept := saved(t, madeBy(t, first, testKey(t, 7)))
	altered := succession(t, 0, 7, 8, 1).Encode()
	altered[len(altered)/2] ^= 1
	for what, trial := range map[string]struct {
		history []byte
		key     string
		shell   string
	}{
		"each named by the one before":     {succession(t, 0, 7, 8, 1).Encode(), "", "nothing between the two was rewritten"},
		"one lost in between":              {succession(t, 2, 7, 8, 1).Encode(), "pack.since_new_beginning", "two keys signed"},
		"one that it does not tell of":     {succession(t, 0, 8, 1).Encode(), "pack.since_another_key", "two keys signed"},
		"no statements":                    {nil, "pack.since_another_key", "two keys signed"},
		"a statement altered":              {altered, "pack.keys_refused", "keys/history.txt"},
		"a statement cut short":            {altered[:len(altered)-9], "pack.keys_refused", "keys/history.txt"},
		"statements of another key":        {succession(t, 0, 7, 8).Encode(), "pack.keys_of_another", "does not lead to key.txt"},
		"the first statement left out":     {succession(t, 0, 7, 8, 1).Encode()[len(succession(t, 0, 7).Encode()):], "pack.keys_refused", "does not follow"},
		"an empty list of statements":      {[]byte{}, "pack.keys_refused", "keys/history.txt"},
		"statements in the wrong order":    {swappedNotes(succession(t, 0, 7, 8, 1)), "pack.keys_refused", "keys/history.txt"},
		"a statement signed by a stranger": {stranger(t), "pack.keys_refused", "keys/history.txt"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			d := lived(t, "PACK-2026-001", 30, 99, first)
			if trial.history != nil {
				d.Files = append(d.Files, File{Folder: Keys, Name: "history.txt", Size: int64(len(trial.history)), Open: opener(trial.history)})
			}
			asked := Asked{Pack: saved(t, made(t, d)), Since: kept}
			report, err := asked.Examine()
			if err != nil {
				t.Fatal(err)
			}
			if err := report.Err(); trial.key == "" && err != nil || trial.key != "" && !errors.Is(err, qms.Invalid(trial.key)) {
				t.Errorf("said %v, want %q", err, trial.key)
			}
			heardOf(t, asked, trial.shell, trial.key == "")
		})
	}
}

func swappedNotes(s trail.Succession) []byte {
	s[0], s[1] = s[1], s[0]
	return s.Encode()
}

// stranger is a succession in which another key than the one before signs the statement.
func stranger(t *testing.T) []byte {
	t.Helper()
	s, forged := succession(t, 0, 7, 1), succession(t, 0, 7, 1)
	note, err := testKey(t, 1).SignText(string(forged[1].Note[:bytes.Index(forged[1].Note, []byte("\n\n"))+1]))
	if err != nil {
		t.Fatal(err)
	}
	s[1].Note = note
	return s.Encode()
}
