package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTrailVerify_NamesTheDocumentWhoseContentIsGone(t *testing.T) {
	t.Parallel()
	dir, folder := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "PR-ACH-001 Acheter.md"), []byte("# Acheter\n\nTrois devis."), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, line := range [][]string{{"platform", "add", "PLT", "--name", "Platform"}, {"import", "documents", folder, "--platform", "PLT"}} {
		if status, out, fault := typed(t, "C", append(line, "--data", dir)...); status != done {
			t.Fatalf("%v ends with %d: %s%s", line, status, out, fault)
		}
	}
	verify := func(lang string, more ...string) (int, string, string) {
		return typed(t, lang, append([]string{"trail", "verify", "--data", dir}, more...)...)
	}
	if status, out, fault := verify("C"); status != done || !strings.Contains(out, "1 contents read, 23 bytes") || !strings.Contains(out, "nothing was altered") {
		t.Errorf("ends with %d: %s%s", status, out, fault)
	}
	if status, out, _ := verify("C", "--quick", "--platform", "plt"); status != done || !strings.Contains(out, "1 trails") || !strings.Contains(out, "1 contents looked for, 0 bytes") {
		t.Errorf("of the platform: %d: %s", status, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "vault", "??", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the vault holds %v, %v", files, err)
	}
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	digest := filepath.Base(filepath.Dir(files[0])) + filepath.Base(files[0])
	if status, out, _ := verify("fr_FR.UTF-8", "--quick"); status != refused || !strings.Contains(out, "PR-ACH-001 v1.0 Acheter") ||
		!strings.Contains(out, "le contenu n’est pas au coffre (SHA-256 "+digest+")") || !strings.Contains(out, "content-missing platform PLT versions ") {
		t.Errorf("ends with %d: %s", status, out)
	}
	status, out, fault := verify("C", "--json")
	var report trailReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || status != refused || fault != "" {
		t.Fatalf("ends with %d: %s%s %v", status, out, fault, err)
	}
	if report.Sound || report.Found != 1 || len(report.Defects) != 1 || report.Defects[0].Content.String() != digest || report.Defects[0].Platform != "PLT" {
		t.Errorf("%+v", report)
	}
	if status, _, fault := verify("C", "--platform", "NONE"); status != refused || fault == "" {
		t.Errorf("of no platform: %d: %s", status, fault)
	}
}

func TestVaultTest_SaysWhatAFolderIsAndWhatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if status, out, fault := typed(t, "C", "vault", "test", "--data", dir); status != done || !strings.Contains(out, "A folder has no lock") || strings.Contains(out, "lacking") {
		t.Errorf("ends with %d: %s%s", status, out, fault)
	}
	if status, out, _ := typed(t, "C", "vault", "test", "--data", dir, "--lang", "fr"); status != done || !strings.Contains(out, "Un dossier n’a pas de verrou") {
		t.Errorf("in French: %d: %s", status, out)
	}
	status, out, _ := typed(t, "C", "vault", "test", "--data", dir, "--json")
	var report proofReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || status != done || report.Locks || !report.Sound || len(report.Findings) != 9 {
		t.Errorf("ends with %d: %s %v", status, out, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "maillon.db")); !os.IsNotExist(err) {
		t.Error("a database was made to try a vault")
	}
	if status, _, fault := typed(t, "C", "vault", "test", "--vault", "s3://key:secret@127.0.0.1:9/vault?secure=false"); status != refused || !strings.Contains(fault, "does not answer") {
		t.Errorf("what does not answer: %d: %s", status, fault)
	}
	if status, _, _ := typed(t, "C", "vault", "test", "--lang", "de"); status != misuse {
		t.Errorf("in German: %d", status)
	}
}
