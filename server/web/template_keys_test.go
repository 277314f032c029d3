package web

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"text/template/parse"
)

// A template that reads a name its caller did not hand it answers 500, and only on the page that calls it
// so. Every call that hands a dict is held to what the template it calls reads.
func TestTemplates_AreHandedEveryNameTheyRead(t *testing.T) {
	t.Parallel()
	shared, pages := map[string]*parse.Tree{}, map[string]map[string]*parse.Tree{}
	names, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		trees := shared
		if !strings.HasPrefix(name, "pages/_") {
			trees = map[string]*parse.Tree{}
			pages[name] = trees
		}
		text, err := pageFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tree := parse.New(name)
		tree.Mode = parse.SkipFuncCheck
		if _, err := tree.Parse(string(text), "", "", trees); err != nil {
			t.Fatal(err)
		}
	}
	calls := heldCalls(t, "shared", shared, nil)
	for name, trees := range pages {
		calls += heldCalls(t, name, trees, shared)
	}
	if calls < 300 {
		t.Errorf("%d calls hand a dict: most are not seen", calls)
	}
}

func TestTemplates_AHandedNameIsMissedWhereverItIsRead(t *testing.T) {
	t.Parallel()
	for text, missed := range map[string]string{
		`{{define "x"}}{{.A}}{{end}}{{template "x" (dict "A" 1)}}`:                                                          "",
		`{{define "x"}}{{.A}}{{end}}{{template "x" (dict "B" 1)}}`:                                                          "A",
		`{{define "x"}}{{$a := .A}}{{with .B}}{{.C}}{{$.D.E}}{{end}}{{end}}{{template "x" (dict "B" 1)}}`:                   "A D",
		`{{define "x"}}{{range .A}}{{.B}}{{else}}{{.C}}{{end}}{{end}}{{template "x" (dict "A" 1)}}`:                         "C",
		`{{define "x"}}{{if and (not .A) (f .B.C)}}{{end}}{{end}}{{template "x" (dict "D" 1)}}`:                             "A B",
		`{{define "y"}}{{.A}}{{end}}{{define "x"}}{{template "y" .}}{{end}}{{template "x" (dict "B" 1)}}`:                   "A",
		`{{define "x"}}{{with index . "A"}}{{$.B}}{{end}}{{end}}{{template "x" (dict "C" 1)}}`:                              "",
		`{{define "x"}}{{with index . "A"}}{{$.B}}{{end}}{{end}}{{template "x" (dict "A" 1)}}`:                              "B",
		`{{define "y"}}{{.A}}{{end}}{{define "x"}}{{with .B}}{{template "y" .}}{{end}}{{end}}{{template "x" (dict "B" 1)}}`: "",
	} {
		tree, trees := parse.New("page"), map[string]*parse.Tree{}
		tree.Mode = parse.SkipFuncCheck
		if _, err := tree.Parse(text, "", "", trees); err != nil {
			t.Fatal(err)
		}
		var got string
		for _, call := range dictCalls(trees["page"].Root) {
			got = strings.Join(call.missing(trees), " ")
		}
		if got != missed {
			t.Errorf("%s: missed %q, want %q", text, got, missed)
		}
	}
}

// heldCalls reports what the calls in the templates of one file do not hand on, and counts them.
func heldCalls(t *testing.T, file string, trees, shared map[string]*parse.Tree) (n int) {
	t.Helper()
	known := maps.Clone(trees)
	for name, tree := range shared {
		if known[name] == nil {
			known[name] = tree
		}
	}
	for _, tree := range trees {
		for _, call := range dictCalls(tree.Root) {
			n++
			if missing := call.missing(known); len(missing) > 0 {
				t.Errorf("%s: %s is not handed %s", file, call.node, strings.Join(missing, ", "))
			}
		}
	}
	return n
}

// dictCall is {{template "NAME" (dict "KEY" VALUE …)}}.
type dictCall struct {
	node *parse.TemplateNode
	keys []string
}

func (c dictCall) missing(trees map[string]*parse.Tree) (names []string) {
	read := map[string]bool{}
	c.reads(c.node.Name, trees, map[string]bool{}, read)
	for _, name := range slices.Sorted(maps.Keys(read)) {
		if !slices.Contains(c.keys, name) {
			names = append(names, name)
		}
	}
	return names
}

func dictCalls(root parse.Node) (calls []dictCall) {
	walkTemplate(root, true, func(n parse.Node, _ bool) bool {
		call, ok := n.(*parse.TemplateNode)
		if !ok || call.Pipe == nil || len(call.Pipe.Cmds) != 1 {
			return true
		}
		args := call.Pipe.Cmds[0].Args
		if pipe, ok := args[0].(*parse.PipeNode); ok && len(args) == 1 && len(pipe.Cmds) == 1 {
			args = pipe.Cmds[0].Args
		}
		if name, ok := args[0].(*parse.IdentifierNode); !ok || name.Ident != "dict" {
			return true
		}
		held := dictCall{node: call}
		for i := 1; i < len(args); i += 2 {
			if key, ok := args[i].(*parse.StringNode); ok {
				held.keys = append(held.keys, key.Text)
			}
		}
		calls = append(calls, held)
		return true
	})
	return calls
}

// reads gathers what the template called so reads of what it is handed, itself or through what it hands
// that on to. What stands within {{with index . "KEY"}} is read of those alone who hand KEY.
func (c dictCall) reads(name string, trees map[string]*parse.Tree, seen, read map[string]bool) {
	if seen[name] || trees[name] == nil {
		return
	}
	seen[name] = true
	walkTemplate(trees[name].Root, true, func(n parse.Node, atRoot bool) bool {
		switch n := n.(type) {
		case *parse.FieldNode:
			if atRoot {
				read[n.Ident[0]] = true
			}
		case *parse.VariableNode:
			if n.Ident[0] == "$" && len(n.Ident) > 1 {
				read[n.Ident[1]] = true
			}
		case *parse.TemplateNode:
			if n.Pipe != nil && (n.Pipe.String() == "$" || atRoot && n.Pipe.String() == ".") {
				c.reads(n.Name, trees, seen, read)
			}
		case *parse.WithNode:
			key, maybe := strings.CutPrefix(n.Pipe.String(), `index . "`)
			return !maybe || !atRoot || slices.Contains(c.keys, strings.TrimSuffix(key, `"`))
		}
		return true
	})
}

// walkTemplate visits n and every node below those of which visit says so; atRoot tells whether the dot there
// is what the template was handed.
func walkTemplate(n parse.Node, atRoot bool, visit func(n parse.Node, atRoot bool) bool) {
	if !visit(n, atRoot) {
		return
	}
	branch := func(b *parse.BranchNode, inside bool) {
		walkTemplate(b.Pipe, atRoot, visit)
		walkTemplate(b.List, inside, visit)
		if b.ElseList != nil {
			walkTemplate(b.ElseList, atRoot, visit)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, node := range n.Nodes {
			walkTemplate(node, atRoot, visit)
		}
	case *parse.ActionNode:
		walkTemplate(n.Pipe, atRoot, visit)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			walkTemplate(n.Pipe, atRoot, visit)
		}
	case *parse.PipeNode:
		for _, cmd := range n.Cmds {
			walkTemplate(cmd, atRoot, visit)
		}
	case *parse.CommandNode:
		for _, arg := range n.Args {
			walkTemplate(arg, atRoot, visit)
		}
	case *parse.ChainNode:
		walkTemplate(n.Node, atRoot, visit)
	case *parse.IfNode:
		branch(&n.BranchNode, atRoot)
	case *parse.WithNode:
		branch(&n.BranchNode, false)
	case *parse.RangeNode:
		branch(&n.BranchNode, false)
	}
}
