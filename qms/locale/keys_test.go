package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"maillon/qms"
)

var placeholder = regexp.MustCompile(`\{\d(:[a-z]+)?\}`)

func TestLanguages_HaveTheSameKeysAndPlaceholders(t *testing.T) {
	t.Parallel()
	messages := map[string]map[string]message{}
	for _, lang := range Languages() {
		m, err := load(lang)
		if err != nil {
			t.Fatal(err)
		}
		messages[lang] = m
	}
	for _, lang := range Languages() {
		for _, other := range Languages() {
			for key, m := range messages[lang] {
				n, ok := messages[other][key]
				if !ok {
					t.Errorf("%s has %q and %s has not", lang, key, other)
					continue
				}
				if a, b := holes(m.Other), holes(n.Other); !slices.Equal(a, b) {
					t.Errorf("%q: %s fills %v, %s fills %v", key, lang, a, other, b)
				}
				if (m.One == "") != (n.One == "") {
					t.Errorf("%q counts in one language only", key)
				}
			}
		}
	}
}

func holes(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestFrench_HasItsTypography(t *testing.T) {
	t.Parallel()
	wrong := regexp.MustCompile(`[a-zA-Zé] [;:!?»]|« |'`)
	messages, err := load(French)
	if err != nil {
		t.Fatal(err)
	}
	for key, m := range messages {
		for _, text := range []string{m.One, m.Other} {
			if found := wrong.FindString(text); found != "" {
				t.Errorf("%s: %q in %q wants U+202F or U+2019", key, found, text)
			}
		}
	}
}

func TestEveryRoleRightAndStateHasAWord(t *testing.T) {
	t.Parallel()
	p := For(French)
	var keys []string
	for _, r := range qms.Roles() {
		keys = append(keys, "role."+string(r))
	}
	for _, r := range append(qms.Rights(), qms.Public, qms.SignedIn) {
		keys = append(keys, "right."+string(r))
	}
	css, err := os.ReadFile("../../server/web/static/maillon.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`data-state="([a-z-]+)"`).FindAllStringSubmatch(string(css), -1) {
		keys = append(keys, "state."+m[1])
	}
	for _, key := range keys {
		if !p.Has(key) {
			t.Errorf("%q has no word", key)
		}
	}
}

// use is one place that names a key.
type use struct{ key, where string }

func TestEveryKeyInCodeAndTemplatesExists(t *testing.T) {
	t.Parallel()
	uses := slices.Concat(keysInCode(t, "../.."), keysInTemplates(t, "../../server/web"))
	if len(uses) < 20 {
		t.Fatalf("only %d keys found in the sources: the scan is blind", len(uses))
	}
	p := For(French)
	for _, u := range uses {
		if !p.Has(u.key) {
			t.Errorf("%s: %q has no sentence", u.where, u.key)
		}
	}
}

// keyPlace is where a function takes its key: after so many arguments.
var keyPlace = map[string]int{
	"Invalid": 0, "NotFound": 0, "Conflict": 0, "Refuse": 0, "Busy": 0, "Unauthenticated": 0,
	"Wrong": 1, "T": 0,
}

func keysInCode(t *testing.T, root string) (uses []use) {
	t.Helper()
	set := token.NewFileSet()
	walk(t, root, ".go", func(path string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Logf("not read: %v", err) // the compiler says it better
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			key := ""
			switch n := n.(type) {
			case *ast.CallExpr:
				key = keyOf(file.Name.Name, n)
			case *ast.CompositeLit:
				key = keyOfAct(n)
			case *ast.BasicLit:
				if text := literal(n); pageKey.MatchString(text) {
					key = text
				}
			}
			if key != "" {
				uses = append(uses, use{key, set.Position(n.Pos()).String()})
			}
			return true
		})
	})
	return uses
}

// keyOf is the literal key that the call takes, or nothing.
func keyOf(pkg string, call *ast.CallExpr) string {
	var name string
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
		if x, ok := f.X.(*ast.Ident); name != "T" && (!ok || x.Name != "qms") {
			return ""
		}
	case *ast.Ident:
		name = f.Name
		if pkg != "qms" {
			return ""
		}
	}
	at, ok := keyPlace[name]
	if !ok || at >= len(call.Args) {
		return ""
	}
	return literal(call.Args[at])
}

// pageKey is a text that can only be meant as a key of a page.
var pageKey = regexp.MustCompile(`^page\.[a-z0-9_]+\.[a-z0-9_.-]*[a-z0-9]$`)

// keyOfAct is the key of the words for an act of the code, qms.Act{Name: "noun.verb"}.
func keyOfAct(lit *ast.CompositeLit) string {
	if sel, ok := lit.Type.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Act" {
		return ""
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if name, ok := kv.Key.(*ast.Ident); ok && name.Name == "Name" && literal(kv.Value) != "" {
				return "act." + literal(kv.Value)
			}
		}
	}
	return ""
}

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(lit.Value)
	return text
}

// inTemplate is a key that an action of a template states: given to t, or by its form.
var inTemplate = regexp.MustCompile(`\bt\s+"([^"]+)"|"(?:hint:)?(page\.[a-z0-9_.-]*[a-z0-9])"`)

func keysInTemplates(t *testing.T, root string) (uses []use) {
	t.Helper()
	action, comment := regexp.MustCompile(`(?s)\{\{.*?\}\}`), regexp.MustCompile(`(?s)\{\{/\*.*?\*/\}\}`)
	walk(t, root, ".html", func(path string) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range action.FindAllString(comment.ReplaceAllString(string(text), ""), -1) {
			for _, m := range inTemplate.FindAllStringSubmatch(a, -1) {
				uses = append(uses, use{m[1] + m[2], path})
			}
		}
	})
	return uses
}

func walk(t *testing.T, root, suffix string, visit func(path string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() != ".." && d.Name() != "." && strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" {
			return fs.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(path, suffix) {
			visit(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
