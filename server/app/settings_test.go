package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

func parse(t *testing.T, args []string, env map[string]string) (Settings, error) {
	t.Helper()
	for name, value := range env {
		t.Setenv(name, value)
	}
	var s Settings
	parser, err := kong.New(&s, kong.Resolvers(FileResolver(os.LookupEnv)), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = parser.Parse(args)
	return s, err
}

func settingsFile(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "maillon.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestSettings_TakeFlagsThenEnvironmentThenFile(t *testing.T) {
	dir := settingsFile(t, `{"vault": "file:/from/file", "database": "sqlite:/from/file", "zone": "Europe/Brussels", "log-level": "warn"}`)
	s, err := parse(t, []string{"--data", dir, "--vault", "file:/from/flag"},
		map[string]string{"MAILLON_VAULT": "file:/from/env", "MAILLON_DATABASE": "sqlite:/from/env"})
	if err != nil {
		t.Fatal(err)
	}
	if s.Vault != "file:/from/flag" || s.Database != "sqlite:/from/env" || s.Zone != "Europe/Brussels" || s.LogLevel != "warn" || s.Origin != "maillon" {
		t.Errorf("got %+v", s)
	}
}

func TestSettings_RefuseAFileThatSaysWhatThereIsNot(t *testing.T) {
	for text, want := range map[string]string{`{"valut": "file:x"}`: "valut", `{"vault": `: "maillon.json", `{"data": "x"}`: "data"} {
		if _, err := parse(t, []string{"--data", settingsFile(t, text)}, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", text, err)
		}
	}
	if _, err := parse(t, []string{"--config", filepath.Join(t.TempDir(), "none.json")}, nil); err == nil {
		t.Error("a file that was named and is not there is taken")
	}
	if _, err := parse(t, []string{"--data", t.TempDir()}, nil); err != nil {
		t.Errorf("a folder without a file is refused: %v", err)
	}
}

func TestOpenKey_MakesTheKeyOnceAndRefusesABrokenOne(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys", "signing.key")
	made, err := openKey(path, "site.example")
	if err != nil {
		t.Fatal(err)
	}
	again, err := openKey(path, "other.example")
	if err != nil || again.Verifier() != made.Verifier() || made.Name() != "site.example" {
		t.Errorf("the key changed: %v, %v, %v", made.Verifier(), again.Verifier(), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file is %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("not a key\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openKey(path, "site.example"); err == nil {
		t.Error("a broken key is taken")
	}
	if text, _ := os.ReadFile(path); string(text) != "not a key\n" {
		t.Error("a broken key was written over")
	}
}
