package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = ".."

// level is a line of the map of the house in the README: "| 3 | `qms/people` | ... |".
var level = regexp.MustCompile(`(?m)^\| (\d+) \| ([^|]+) \|`)

var packageName = regexp.MustCompile("`([a-z0-9/]+)`")

// levels reads the table that the README shows, so that it cannot say anything else than what holds.
func levels(t *testing.T) map[string]int {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]int{}
	for _, line := range level.FindAllStringSubmatch(string(readme), -1) {
		n, _ := strconv.Atoi(line[1])
		for _, name := range packageName.FindAllStringSubmatch(line[2], -1) {
			if _, twice := all[name[1]]; twice {
				t.Errorf("the README places %s twice", name[1])
			}
			all[name[1]] = n
		}
	}
	if len(all) < 20 {
		t.Fatalf("the README's map of the house has %d packages only", len(all))
	}
	return all
}

type listed struct {
	ImportPath string
	Dir        string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,Imports", "./...")
	cmd.Dir = root
	var text, fault bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &fault
	if err := cmd.Run(); err != nil {
		t.Fatalf("go list: %v: %s", err, fault.String())
	}
	var all []listed
	for decoder := json.NewDecoder(&text); ; {
		var p listed
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestHouse_ImportsOnlyLowerLevels(t *testing.T) {
	t.Parallel()
	placed, there := levels(t), map[string]bool{}
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, "maillon/")
		there[name] = true
		own, ok := placed[name]
		if !ok {
			t.Errorf("the README's map of the house does not place %s", name)
			continue
		}
		for _, imported := range p.Imports {
			other, ours := strings.CutPrefix(imported, "maillon/")
			if !ours {
				continue
			}
			if their, ok := placed[other]; ok && their >= own {
				t.Errorf("%s (level %d) imports %s (level %d): a package imports only lower levels", name, own, other, their)
			}
		}
	}
	for name := range placed {
		if !there[name] {
			t.Errorf("the README's map of the house places %s, which there is not", name)
		}
	}
}

// keepers are the only places that may name a library: a folder, or a file's name anywhere. A room
// whose queries fill more than one file calls the others queries_SUBJECT.go.
var keepers = map[string][]string{
	"github.com/uptrace/bun":                {"qms/store/", "migrations/", "queries.go"},
	"github.com/jackc/pgx":                  {"qms/store/"},
	"modernc.org/sqlite":                    {"qms/store/"},
	"github.com/gofiber/fiber":              {"server/"},
	"github.com/danielgtaylor/huma":         {"server/"},
	"github.com/minio/minio-go":             {"documents/vault/minio/"},
	"github.com/jung-kurt/gofpdf":           {"audits/pack/", "documents/rendition/"},
	"github.com/pdfcpu/pdfcpu":              {"documents/rendition/"},
	"github.com/robfig/cron":                {"scheduler/"},
	"github.com/wneessen/go-mail":           {"scheduler/smtp/"},
	"github.com/emersion/go-smtp":           {"scheduler/smtp/smtptest/"},
	"github.com/emersion/go-message":        {"scheduler/smtp/smtptest/"},
	"github.com/alecthomas/kong":            {"server/"},
	"github.com/prometheus/client_golang":   {"server/app/"},
	"github.com/alexedwards/argon2id":       {"qms/people/"},
	"github.com/cyberphone/json-canonicali": {"qms/trail/", "qms/store/"},
}

func TestHouse_LibrariesAreNamedByTheirKeepersOnly(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != root:
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if !mayName(filepath.ToSlash(name), imported) {
				t.Errorf("%s names %s, which is kept elsewhere", name, imported)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func mayName(file, imported string) bool {
	for library, places := range keepers {
		if strings.HasPrefix(imported, library) {
			return slices.ContainsFunc(places, func(place string) bool {
				base := filepath.Base(file)
				return strings.HasPrefix(file, place) || base == place || place == "queries.go" && strings.HasPrefix(base, "queries_")
			})
		}
	}
	return true
}

func TestHouse_HasNothingElseAtItsTop(t *testing.T) {
	t.Parallel()
	allowed := []string{"server", "qms", "documents", "audits", "scheduler", "migrations", "go.mod", "go.sum", "README.md"}
	ignored, err := os.ReadFile(filepath.Join(root, ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		own := strings.HasPrefix(name, ".") || slices.Contains(allowed, name)
		for _, line := range strings.Fields(string(ignored)) {
			match, _ := filepath.Match(strings.Trim(line, "/"), name)
			own = own || match
		}
		if !own {
			t.Errorf("%s stands at the top of the house", name)
		}
	}
}
