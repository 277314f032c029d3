package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun_ImportsByAMappingAndExportsWhatImportsAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	home, path := filepath.Join(dir, "data"), func(name string) string { return filepath.Join(dir, name) }
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do := func(want int, args ...string) (string, string) {
		t.Helper()
		status, out, fault := typed(t, "C", append([]string{"--data", home}, args...)...)
		if status != want {
			t.Fatalf("%v ends with %d: %s%s", args, status, out, fault)
		}
		return out, fault
	}
	do(done, "platform", "add", "PLT", "--name", "Plateforme")
	write("suivi.csv", "Ref;Dossier;Envoi;OK client;Prix net\nD-1;R-1;03/04/2023;;12,50\n")
	out, fault := do(refused, "import", "registers", path("suivi.csv"), "--platform", "PLT")
	if !strings.Contains(out, `A="Ref" B="Dossier"`) || !strings.Contains(fault, "suivi") {
		t.Errorf("%s%s", out, fault)
	}
	write("m.csv", "sheet,register,field,column\nsuivi,quotes,number,Ref\nsuivi,,request,Dossier\nsuivi,,date,C\nsuivi,,accepted,OK client\nsuivi,,total,Prix net\n")
	do(done, "import", "registers", path("suivi.csv"), "--platform", "PLT", "--mapping", path("m.csv"), "--remember")
	if out, _ = do(done, "import", "registers", path("suivi.csv"), "--platform", "PLT"); !strings.Contains(out, "remembered mapping") {
		t.Errorf("not remembered: %s", out)
	}
	for _, name := range []string{"all.xlsx", "all.zip"} {
		do(done, "export", "registers", path(name), "--platform", "PLT", "--language", "fr")
		if out, _ = do(done, "import", "registers", path(name), "--platform", "PLT"); !strings.Contains(out, "Quotes") && !strings.Contains(out, "Devis") || strings.Contains(out, "  1  0  0\n") {
			t.Errorf("%s: %s", name, out)
		}
	}
	do(done, "export", "registers", path("quotes.csv"), "--platform", "PLT", "--register", "quotes", "--language", "en")
	if text, err := os.ReadFile(path("quotes.csv")); err != nil || !strings.Contains(string(text), "D-1,R-1,2023-04-03,,,12.50") && !strings.Contains(string(text), "D-1,R-1,03/04/2023,,,12.50") {
		t.Errorf("%s %v", text, err)
	}
	do(refused, "export", "registers", path("quotes.csv"), "--platform", "PLT", "--register", "quotes") // it is there
	do(refused, "export", "registers", path("q.csv"), "--platform", "PLT")                              // which one?
	if _, err := os.Stat(path("q.csv")); err == nil {
		t.Error("a refusal left a file")
	}
	do(done, "export", "template", path("template.xlsx"))
	if out, fault = do(refused, "import", "registers", path("template.xlsx"), "--platform", "PLT"); fault == "" {
		t.Errorf("an empty template: %s", out)
	}
}
