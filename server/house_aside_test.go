package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// makers are the only places that make temporary files themselves: package aside, and what sets up a
// machine for tests.
var makers = []string{"qms/aside/", "qms/store/storetest/", "documents/vault/minio/miniotest/"}

// What waits in a temporary file is found again after a kill only where everything goes through one place.
func TestHouse_TemporaryFilesAreMadeAsideOnly(t *testing.T) {
	t.Parallel()
	seen := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != root:
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil || slices.ContainsFunc(makers, func(m string) bool { return strings.HasPrefix(filepath.ToSlash(name), m) }) {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		seen++
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if of, ok := s.X.(*ast.Ident); ok && of.Name == "os" && slices.Contains([]string{"CreateTemp", "MkdirTemp", "TempDir"}, s.Sel.Name) {
					t.Errorf("%s calls os.%s: files that wait are made by qms/aside", name, s.Sel.Name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || seen < 300 {
		t.Fatalf("%d files, %v", seen, err)
	}
}
