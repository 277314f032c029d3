package importer

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"maillon/qms/locale"
)

// TestProblems_HaveASentenceInEachLanguage reads the sources: keys of problems pass through variables,
// so that the test of the locale does not see them.
func TestProblems_HaveASentenceInEachLanguage(t *testing.T) {
	t.Parallel()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`"((?:import|file)\.[a-z_.]+)"`).FindAllStringSubmatch(string(text), -1) {
			keys[found[1]] = true
		}
	}
	for kind, f := range forms() {
		if kind != mappingKind {
			keys["import.kind."+string(kind)] = true
		}
		for _, c := range f.Columns {
			keys["import.field."+c.Field] = true
		}
	}
	if len(keys) < 60 {
		t.Fatalf("only %d keys were found: the scan is blind", len(keys))
	}
	for key := range keys {
		for _, lang := range locale.Languages() {
			if !locale.For(lang).Has(key) {
				t.Errorf("%s has no sentence in %s", key, lang)
			}
		}
	}
}
