package main

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// handed is a pack as somebody has it who downloaded it and unzipped it.
type handed struct {
	number, file, folder string
	note                 string // the signed checkpoint
	manifest             struct {
		Language string       `json:"language"`
		Files    []handedFile `json:"files"`
	}
}

// handedFile is a line of the manifest.
type handedFile struct {
	Name     string `json:"name"`
	SHA256   string `json:"sha256"`
	Record   string `json:"record"`   // that it is evidence of
	Original string `json:"original"` // its name as it was given
}

// unpack unzips a pack into a folder.
func unpack(t *testing.T, file, number string) *handed {
	t.Helper()
	p := &handed{number: number, file: file, folder: t.TempDir()}
	pack, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer pack.Close()
	if err := os.CopyFS(p.folder, pack); err != nil {
		t.Fatal(err)
	}
	note, err := os.ReadFile(filepath.Join(p.folder, "checkpoint.txt"))
	if err != nil {
		t.Fatal(err)
	}
	p.note = strings.TrimSpace(string(note))
	manifest, err := os.ReadFile(filepath.Join(p.folder, "manifest.json"))
	if err == nil {
		err = json.Unmarshal(manifest, &p.manifest)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// holds expects the evidence of the criterion in the pages and in the archive, and the very file that the
// site shows, with the digest that the manifest states.
func (p *handed) holds(t *testing.T, contents, section string, file []byte) {
	t.Helper()
	at := slices.IndexFunc(p.manifest.Files, func(f handedFile) bool {
		return f.Original == proofOfIt
	})
	if at < 0 {
		t.Fatalf("%s has no %s in %+v", p.number, proofOfIt, p.manifest.Files)
	}
	f := p.manifest.Files[at]
	text := plainly(pdfText(t, filepath.Join(p.folder, "pack.pdf")))
	for _, words := range []string{contents, section, f.Name} {
		if !strings.Contains(text, words) {
			t.Errorf("the pages of %s do not say %q", p.number, words)
		}
	}
	if f.Record != criterion {
		t.Errorf("%s is evidence of %s", f.Name, f.Record)
	}
	data, err := os.ReadFile(filepath.Join(p.folder, filepath.FromSlash(f.Name)))
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.SHA256 || string(data) != string(file) {
		t.Errorf("%s is %x and not %s, or not the file of the page", f.Name, sum, f.SHA256)
	}
}

// verifies has the small command verify the pack where it has nothing else: no environment, no network.
func (p *handed) verifies(t *testing.T, verifier, says string, since *handed) {
	t.Helper()
	args := []string{p.file, "--lang", p.manifest.Language, "--key", filepath.Join(p.folder, "key.txt")}
	if since != nil {
		args = append(args, "--since", since.file)
	}
	check := exec.CommandContext(t.Context(), verifier, args...)
	check.Env, check.Dir = []string{}, t.TempDir()
	said, err := check.CombinedOutput()
	if err != nil || !strings.Contains(string(said), says) {
		t.Errorf("verify %q: %v: %s", args, err, said)
	}
}
