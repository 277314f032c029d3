package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A page's template is given the page with its data, so what asks for the page alone is handed $.Page. Only
// a row that stands in the list would tell otherwise, when somebody opens it.
func TestPages_HandThePageToWhatAsksForIt(t *testing.T) {
	t.Parallel()
	asks := methodsOfThePage(t)
	if len(asks) < 4 {
		t.Fatalf("only %s ask for the page", asks)
	}
	names, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	calls := regexp.MustCompile(`\.(` + strings.Join(asks, "|") + `) ([^\s)}]+)`)
	handed := 0
	for _, name := range names {
		text, err := pageFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range calls.FindAllStringSubmatch(string(text), -1) {
			switch {
			case strings.HasSuffix(call[2], ".Page"):
				handed++
			case call[2] == "$" || call[2] == ".":
				t.Errorf("%s: %s", name, call[0])
			}
		}
	}
	if handed < len(asks) {
		t.Errorf("%d calls of %s are handed the page", handed, asks)
	}
}

// methodsOfThePage names the methods of what pages show whose first parameter is the page.
func methodsOfThePage(t *testing.T) (names []string) {
	t.Helper()
	packages, err := parser.ParseDir(token.NewFileSet(), ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0) //nolint:staticcheck // one folder, no build tags
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(packages["web"], func(n ast.Node) bool {
		f, ok := n.(*ast.FuncDecl)
		if !ok || f.Recv == nil || !f.Name.IsExported() || len(f.Type.Params.List) == 0 {
			return true
		}
		if star, ok := f.Type.Params.List[0].Type.(*ast.StarExpr); ok {
			if of, ok := star.X.(*ast.Ident); ok && of.Name == "Page" {
				names = append(names, f.Name.Name)
			}
		}
		return true
	})
	slices.Sort(names)
	return slices.Compact(names)
}
