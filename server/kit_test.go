package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKitImport_TakesAFolderOnceAndThenWhatChanged(t *testing.T) {
	t.Parallel()
	dir, data := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("PR-QUA-001 Maîtriser les documents.md", "# Maîtriser\n")
	write("Équipements/FO-EQP-004_Fiche de vie.md", "# Fiche\n")
	ask := func(want int, says string, args ...string) {
		t.Helper()
		status, out, fault := typed(t, "C", append([]string{"--data", data, "kit", "import", dir}, args...)...)
		if status != want || !strings.Contains(out+fault, says) {
			t.Fatalf("%v: status %d, want %d with %q: %s%s", args, status, want, says, out, fault)
		}
	}
	ask(done, "dry run", "--dry-run")
	ask(done, "added      PR-QUA-001 1.0", "--dry-run")
	ask(done, "added      FO-EQP-004 1.0")
	ask(done, "same       PR-QUA-001 1.0")
	write("PR-QUA-001 Maîtriser les documents.md", "# Maîtriser\n\nmieux\n")
	ask(refused, "what changed")
	ask(done, "published  PR-QUA-001 2.0", "--changes", "mieux")
	write("sans code.md", "# Rien\n")
	ask(refused, "sans code.md")
	if err := os.Remove(filepath.Join(dir, "sans code.md")); err != nil {
		t.Fatal(err)
	}
	write("PR-QUA-003 Faux.docx", "pas un docx")
	ask(refused, "PR-QUA-003")
}
