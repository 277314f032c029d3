package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maillon/audits/pack/archive"
)

// typed runs a command line as a terminal in French or English would.
func typed(t *testing.T, lang string, args ...string) (status int, out, fault string) {
	t.Helper()
	var o, e bytes.Buffer
	env := func(name string) (string, bool) {
		if name == "LANG" {
			return lang, true
		}
		return "", false
	}
	status = run(t.Context(), args, &o, &e, env)
	return status, o.String(), e.String()
}

func TestRun_ExplainsEveryCommandAndItsFolder(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"", "serve", "demo", "platform add", "user add", "import registers", "import documents", "kit import", "export registers", "export template",
		"exercise", "pack", "verify", "trail verify"} {
		status, out, fault := typed(t, "C", append(strings.Fields(command), "--help")...)
		if status != done || fault != "" || !strings.Contains(out, "--data=DIR") {
			t.Errorf("%s --help ends with %d: %s%s", command, status, out, fault)
		}
	}
}

func TestRun_EndsWithTwoWhenTheCommandLineIsWrong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, line := range []string{
		"nothing", "platform", "platform add", "platform add PLT", "user add", "user add a@b.example --name A --role king",
		"user add a@b.example --name A --platform PLT", "exercise --platform PLT --as-of 2026-06-30",
		"exercise --platform PLT --as-of 2026-06-31 --full", "exercise --platform PLT --as-of 2026-06-30 --full --sample 3",
		"exercise --platform PLT --as-of 2026-06-30 --kind prestation --sample 3 --seed a",
		"exercise --platform PLT --as-of 2026-06-30 --kind other --sample 3 --seed a --direction upstream",
		"pack --platform PLT --as-of 2026-06-30", "pack --platform PLT --as-of 2026-06-30 --out x.zip --lang de",
		"verify", "trail", "import registers", "import documents --platform PLT", "serve --port 80", "serve --log loud",
	} {
		status, out, fault := typed(t, "C", append([]string{"--data", dir}, strings.Fields(line)...)...)
		if status != misuse || out != "" || !strings.HasPrefix(fault, "maillon: ") {
			t.Errorf("%s ends with %d: %s%s", line, status, out, fault)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("a wrong command line made %v, %v", entries, err)
	}
}

func TestRun_EndsWithOneAndASentenceWhenItIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if status, _, fault := typed(t, "C", "platform", "add", "plt", "--name", "Platform", "--data", dir); status != done {
		t.Fatalf("ends with %d: %s", status, fault)
	}
	for lang, want := range map[string]string{"fr_FR.UTF-8": "code", "en_GB.UTF-8": "code"} {
		status, _, fault := typed(t, lang, "platform", "add", "PLT", "--name", "Again", "--data", dir)
		if status != refused || !strings.Contains(fault, want) || strings.Contains(fault, "platform.code_taken") {
			t.Errorf("%s: ends with %d: %s", lang, status, fault)
		}
	}
	broken := filepath.Join(dir, "broken.zip")
	if err := os.WriteFile(broken, []byte("PK not a pack"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"exercise --platform NONE --as-of 2026-06-30 --full", "user add a@b.example --name A --role member --platform NONE",
		"user add nobody --name A"} {
		status, _, fault := typed(t, "C", append([]string{"--data", dir}, strings.Fields(line)...)...)
		if status != refused || fault == "" {
			t.Errorf("%s ends with %d: %s", line, status, fault)
		}
	}
	if status, out, _ := typed(t, "C", "verify", broken); status != refused || !strings.Contains(out, "not an audit pack") {
		t.Errorf("verify of something else ends with %d: %s", status, out)
	}
	if status, _, fault := typed(t, "C", "verify", filepath.Join(dir, "none.zip")); status != misuse || !strings.Contains(fault, "none.zip") {
		t.Errorf("verify of a file that is not there ends with %d: %s", status, fault)
	}
}

func TestRun_WritesInTheNameOfTheOperatorAndVerifiesTheTrail(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, line := range [][]string{{"platform", "add", "PLT", "--name", "Platform"}, {"user", "add", "a@b.example", "--name", "Agent 01", "--role", "manager", "--platform", "PLT"}} {
		if status, out, fault := typed(t, "C", append(line, "--data", dir)...); status != done || out == "" {
			t.Fatalf("%v ends with %d: %s", line, status, fault)
		}
	}
	status, out, fault := typed(t, "C", "exercise", "--platform", "plt", "--as-of", "2026-06-30", "--full", "--json", "--data", dir)
	var result map[string]any
	if err := json.Unmarshal([]byte(out), &result); status != done || err != nil || result["as_of"] != "2026-06-30" {
		t.Errorf("the exercise ends with %d: %s%s", status, out, fault)
	}
	if status, out, _ := typed(t, "C", "trail", "verify", "--data", dir); status != done || !strings.Contains(out, "nothing was altered") {
		t.Errorf("the trail ends with %d: %s", status, out)
	}
}

func TestRun_PackIsVerifiedAndAChangedByteIsNot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "plt.zip")
	typed(t, "C", "platform", "add", "PLT", "--name", "Platform", "--data", dir)
	if status, _, fault := typed(t, "C", "pack", "--platform", "PLT", "--as-of", "2026-06-30", "--out", file, "--data", dir); status != done {
		t.Fatalf("the pack ends with %d: %s", status, fault)
	}
	if status, out, fault := typed(t, "C", "verify", file); status != done {
		t.Errorf("verify ends with %d: %s%s", status, out, fault)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)/2] ^= 1
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out, fault := typed(t, "fr_FR.UTF-8", "verify", file); status != refused || fault != "" || strings.Count(out, "ANOMALIE") != 1 || !strings.Contains(out, "a été modifié") {
		t.Errorf("verify of a changed pack ends with %d: %s%s", status, out, fault)
	}
	var told archive.PackVerdict
	status, out, _ := typed(t, "fr_FR.UTF-8", "verify", file, "--json", "--lang", "en")
	if err := json.Unmarshal([]byte(out), &told); err != nil || status != refused || told.Sound || told.Wrong != 1 || !strings.HasPrefix(told.Says, "REFUSE IT") {
		t.Errorf("verify --json ends with %d: %s", status, out)
	}
}

// TestRun_PacksAreHeldToThoseKeptElsewhere rolls the database back to before a pack, as somebody would who
// wants an act forgotten, and goes on from there.
func TestRun_PacksAreHeldToThoseKeptElsewhere(t *testing.T) {
	t.Parallel()
	dir, files := t.TempDir(), t.TempDir()
	must := func(line ...string) {
		t.Helper()
		if status, _, fault := typed(t, "C", append(line, "--data", dir)...); status != done {
			t.Fatalf("%v ends with %d: %s", line, status, fault)
		}
	}
	pack := func(name string) string {
		t.Helper()
		file := filepath.Join(files, name)
		must("pack", "--platform", "PLT", "--as-of", "2026-06-30", "--out", file)
		return file
	}
	must("platform", "add", "PLT", "--name", "Platform")
	first := pack("first.zip")
	before, err := os.ReadFile(filepath.Join(dir, "maillon.db"))
	if err != nil {
		t.Fatal(err)
	}
	second := pack("second.zip")
	third := pack("third.zip")
	if err := os.WriteFile(filepath.Join(dir, "maillon.db"), before, 0o600); err != nil {
		t.Fatal(err)
	}
	must("user", "add", "a@b.example", "--name", "Agent 01", "--role", "manager", "--platform", "PLT")
	forged := pack("forged.zip")
	key := filepath.Join(files, "key.txt")
	if err := os.WriteFile(key, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, trial := range []struct {
		line []string
		says string // what is wrong; empty when nothing is
	}{
		{[]string{third, "--since", first}, ""},
		{[]string{third, "--since", second}, ""},
		{[]string{forged, "--since", first}, ""},
		{[]string{forged, "--since", second}, ": it was rewritten"},
		{[]string{forged, "--since", third}, "cut short"},
		{[]string{first, "--since", third}, "PACK-2026-003 continues PACK-2026-001"},
		{[]string{third, "--since", filepath.Join(files, "none.zip")}, "none.zip"},
		{[]string{third, "--since", first, "--key", filepath.Join(dir, "signing.key")}, ""},
		{[]string{third, "--key", key}, "The key that was given cannot be read"},
	} {
		status, out, fault := typed(t, "C", append([]string{"verify"}, trial.line...)...)
		if trial.says == "" && (status != done || !strings.Contains(out, "was rewritten")) || trial.says != "" && (status == done || !strings.Contains(out+fault, trial.says)) {
			t.Errorf("verify %v ends with %d: %s%s", trial.line, status, out, fault)
		}
	}
}
