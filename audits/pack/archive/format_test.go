package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/qms/locale"
	"maillon/qms/qmstest"
	"maillon/qms/trail"
)

// vectors are what the description gives for others to try their verifier on, in its order.
func vectors(t *testing.T) []string {
	t.Helper()
	sum := sha256.Sum256([]byte("a procedure"))
	log := &log{}
	change, err := trail.Change{Table: "documents", ID: "0197c1b2-7d00-7000-8000-000000000002", After: []byte(`{"code":"PR-1","content":"` + hex.EncodeToString(sum[:]) + `"}`)}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	leaf := trail.LeafHash(change)
	if trail.ChangesRoot([][]byte{change}) != leaf {
		t.Fatal("the root of one change is not its leaf")
	}
	entry, err := trail.Entry{Log: sampleLog, At: time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC), ActorName: "Agent 02", Act: "document.add", Changes: 1, Root: leaf}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	second := trail.LeafHash([]byte("a second act"))
	for _, hash := range []trail.Hash{trail.LeafHash(entry), second} {
		log.hashes = append(log.hashes, log.front.Append(hash)...)
	}
	key := testKey(t, 1)
	v, err := trail.ParseVerifier(key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	head := trail.Checkpoint{Origin: trail.Origin("maillon.example", sampleLog), Size: 2, Root: log.front.Root()}
	note, err := trail.Sign(key, head)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := trail.Consistency(2, 1, log.hashes)
	if err != nil || !slices.Equal(proof, []trail.Hash{second}) {
		t.Fatalf("the proof is not the second leaf: %v, %v", proof, err)
	}
	return []string{string(change), leaf.String(), string(entry), trail.LeafHash(entry).String(), second.String(), head.Root.String(),
		key.Verifier(), v.Fingerprint(), string(note), head.Fingerprint(), statement([]byte("{}\n"), head)}
}

func TestFormat_GivesTheVectorsThatHold(t *testing.T) {
	t.Parallel()
	for _, lang := range locale.Languages() {
		rest := textIn("format", lang)
		for _, vector := range vectors(t) {
			shown := verbatim + strings.ReplaceAll(strings.TrimSuffix(vector, "\n"), "\n", "\n"+verbatim)
			at := strings.Index(rest, shown+"\n")
			if at < 0 {
				t.Errorf("%s does not give, in its place:\n%s", lang, shown)
				continue
			}
			rest = rest[at+len(shown):]
		}
	}
}

// TestFormat_SaysTheSameInEachLanguage compares what is no word of a language: numbers, names, hashes.
func TestFormat_SaysTheSameInEachLanguage(t *testing.T) {
	t.Parallel()
	shape := func(lang string) (shape []string) {
		title, parts := Format(lang)
		if title == "" || len(parts) < 10 {
			t.Fatalf("%s: %q in %d parts", lang, title, len(parts))
		}
		for _, p := range parts {
			number, _, _ := strings.Cut(p.Heading, " ")
			shape = append(shape, "part "+number)
			for _, b := range p.Blocks {
				shape = append(shape, string(b.Kind))
				for _, line := range b.Lines {
					if b.Kind == Verbatim {
						shape = append(shape, line)
						continue
					}
					shape = append(shape, strings.Join(named(line), " "))
				}
			}
		}
		return shape
	}
	fr, en := shape(locale.French), shape(locale.English)
	for i := range max(len(fr), len(en)) {
		if i >= len(fr) || i >= len(en) || fr[i] != en[i] {
			t.Fatalf("line %d: %q and %q", i, fr[min(i, len(fr)-1)], en[min(i, len(en)-1)])
		}
	}
}

// named is what a line names in any language: file names, hexadecimal numbers, texts in quotes, sections.
func named(line string) []string {
	var found []string
	for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \u202f,;:()", r) }) {
		word = strings.TrimRight(word, ".")
		if strings.ContainsAny(word, "0123456789") && !strings.HasPrefix(word, "65") || strings.Contains(word, ".json") || strings.Contains(word, ".txt") || strings.Contains(word, ".sig") {
			found = append(found, word)
		}
	}
	slices.Sort(found)
	return found
}

func TestReadme_DescribesTheFormatInBothLanguages(t *testing.T) {
	t.Parallel()
	readme := readSource(t, parts(t, smallPack())[4])
	for _, lang := range locale.Languages() {
		title, sections := Format(lang)
		if !strings.Contains(readme, title+"\n") {
			t.Errorf("README.txt has no %q", title)
		}
		for _, s := range sections[1:] {
			if !strings.Contains(readme, "\n"+s.Heading+"\n") {
				t.Errorf("README.txt has no part %q", s.Heading)
			}
		}
	}
	for line := range strings.Lines(readme) {
		if len([]rune(line)) > 110 && !strings.HasPrefix(line, verbatim) {
			t.Errorf("a line is too long: %q", line)
		}
	}
}

// TestReadme_ItsLinesOfShellVerifyThePack runs the very lines that README.txt gives to who has none of our
// tools: they accept the pack, and refuse one in which a byte of a file or of the manifest changed.
func TestReadme_ItsLinesOfShellVerifyThePack(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"bash", "unzip", "jq", "sha256sum", "openssl", "base64"} {
		if _, err := exec.LookPath(program); err != nil {
			qmstest.Without(t, qmstest.CoreUtils, "%v", err)
		}
	}
	for _, lang := range locale.Languages() {
		_, blocks := HowTo(lang)
		byHand := strings.Join(blocks[len(blocks)-2].Lines, "\n")
		if !strings.HasPrefix(byHand, "unzip") {
			t.Fatalf("the lines of shell are %q", byHand)
		}
		for what, alter := range map[string]string{"": "", "a file": "pack.pdf", "the manifest": "manifest.json", "the checkpoint": "checkpoint.txt", "the key": "key.txt"} {
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, "PACK.zip"), smallPack(), 0o600); err != nil {
				t.Fatal(err)
			}
			lines := byHand
			if alter != "" { // between two lines, as somebody would who holds the folder
				first, rest, _ := strings.Cut(byHand, "\n")
				lines = first + "\nsed -i '0,/[a-z]/s/[a-z]/X/' " + alter + "\n" + rest
			}
			hand := exec.CommandContext(t.Context(), "bash", "-e", "-o", "pipefail", "-c", lines)
			hand.Dir = folder
			said, err := hand.CombinedOutput()
			if sound := err == nil && strings.Count(string(said), "Signature Verified Successfully") == 2; sound != (alter == "") {
				t.Errorf("%s: with %s altered: %v: %s", lang, what, err, said)
			}
		}
	}
}
