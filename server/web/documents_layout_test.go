package web

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"html/template"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillon/documents"
)

// generated is a graph as platforms have them: processes of about thirty documents, links mostly down
// the levels and mostly within a process.
func generated(nodes int, seed uint64) (*documents.Graph, []string) {
	random := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // no secret
	g := &documents.Graph{}
	var processes []string
	levels := []documents.Level{documents.LevelProcess, documents.LevelProcedure, documents.LevelProcedure, documents.LevelInstruction, documents.LevelInstruction,
		documents.LevelInstruction, documents.LevelForm, documents.LevelForm, documents.LevelRecord, documents.NoLevel}
	for p := range (nodes + 29) / 30 {
		processes = append(processes, fmt.Sprintf("P%02d", p))
	}
	for i := range nodes {
		process := processes[i%len(processes)]
		level := levels[random.IntN(len(levels))]
		g.Nodes = append(g.Nodes, documents.GraphNode{Code: fmt.Sprintf("XX-%s-%03d", process, i), Title: fmt.Sprintf("Document numéro %d du processus %s", i, process), Process: process,
			Level: level, State: documents.Effective, Known: true})
	}
	for from := range g.Nodes {
		for range random.IntN(5) {
			to := from
			for range 8 {
				to = random.IntN(nodes)
				if a, b := g.Nodes[from], g.Nodes[to]; a.Process == b.Process && slices.Index(documents.Levels(), a.Level) < slices.Index(documents.Levels(), b.Level) {
					break
				}
			}
			if to != from {
				g.Edges = append(g.Edges, documents.GraphEdge{From: from, To: to, Basis: documents.ByCode})
			}
		}
	}
	return g, processes
}

func TestLayout_GivesEveryDocumentAPlaceOfItsOwn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g, processes := generated(rapid.IntRange(1, 200).Draw(t, "documents"), rapid.Uint64().Draw(t, "seed"))
		l := layOut(g, processes[:len(processes)/2])
		for i := range g.Nodes {
			if l.x[i] < 0 || l.y[i] < headTall || l.x[i]+boxWide > l.width || l.y[i]+boxTall > l.height {
				t.Fatalf("%d stands at %d %d, outside %d %d", i, l.x[i], l.y[i], l.width, l.height)
			}
			for j := range i {
				if abs(l.x[i]-l.x[j]) < boxWide && abs(l.y[i]-l.y[j]) < boxTall {
					t.Fatalf("%d and %d stand on each other", i, j)
				}
			}
		}
		if again := layOut(g, processes[:len(processes)/2]); !slices.Equal(l.x, again.x) || !slices.Equal(l.y, again.y) {
			t.Fatal("the second time it is another")
		}
	})
}

func abs(n int) int { return max(n, -n) }

func TestLayout_FollowsTheChainFromLeftToRightAndKeepsProcessesTogether(t *testing.T) {
	t.Parallel()
	g, processes := generated(300, 1)
	l := layOut(g, processes)
	for i, a := range g.Nodes {
		for j, b := range g.Nodes {
			if slices.Index(documents.Levels(), a.Level) < slices.Index(documents.Levels(), b.Level) && l.x[i] >= l.x[j] {
				t.Fatalf("%s %s stands right of %s %s", a.Level, a.Code, b.Level, b.Code)
			}
			if cmp.Compare(a.Process, b.Process) < 0 && l.y[i] >= l.y[j] {
				t.Fatalf("%s stands below %s", a.Code, b.Code)
			}
		}
	}
}

// crossings counts the links that cross between the same two columns.
func crossings(g *documents.Graph, l *layout) (n int) {
	for i, a := range g.Edges {
		for _, b := range g.Edges[:i] {
			if l.x[a.From] == l.x[b.From] && l.x[a.To] == l.x[b.To] && (l.y[a.From]-l.y[b.From])*(l.y[a.To]-l.y[b.To]) < 0 {
				n++
			}
		}
	}
	return n
}

func TestLayout_CrossesLessThanTheOrderOfCodes(t *testing.T) {
	t.Parallel()
	for _, nodes := range []int{100, 300} {
		g, processes := generated(nodes, 7)
		plain := &layout{x: make([]int, nodes), y: make([]int, nodes)}
		plain.columns = levelsOf(g)
		cells := plain.cells(g, processes)
		plain.size(cells)
		for c, members := range cells {
			plain.put(c, members)
		}
		before, after := crossings(g, plain), crossings(g, layOut(g, processes))
		t.Logf("%d documents, %d links: %d crossings by code, %d as drawn", nodes, len(g.Edges), before, after)
		if after >= before {
			t.Errorf("%d documents: %d crossings, by code %d", nodes, after, before)
		}
	}
}

func TestDrawing_HasEveryLinkAndStaysSmall(t *testing.T) {
	t.Parallel()
	for _, nodes := range []int{300, 1000} {
		g, processes := generated(nodes, 3)
		begun := time.Now()
		l := layOut(g, processes)
		d := Drawing{Width: l.width, Height: l.height}
		d.lines(g, l)
		for i, n := range g.Nodes {
			d.Boxes = append(d.Boxes, DrawnBox{X: l.x[i], Y: l.y[i], Code: n.Code, Title: clipped(n.Title, 26), Full: n.Title, Href: "/p/MIC/documents/" + n.Code})
		}
		if len(d.Sound) != len(g.Edges) || len(d.Boxes) != nodes {
			t.Errorf("%d of %d links, %d of %d documents", len(d.Sound), len(g.Edges), len(d.Boxes), nodes)
		}
		var page, packed bytes.Buffer
		sketch := template.Must(template.New("").Parse(`{{range .Sound}}<path d="{{.}}"/>{{end}}{{range .Boxes}}<a href="{{.Href}}"><title>{{.Full}}</title><rect class="node" x="{{.X}}" y="{{.Y}}" width="176" height="38" rx="5"/><text class="strong" x="{{.CodeX}}" y="{{.CodeY}}">{{.Code}}</text><text class="soft" x="{{.CodeX}}" y="{{.TitleY}}">{{.Title}}</text></a>{{end}}`))
		if err := sketch.Execute(&page, d); err != nil {
			t.Fatal(err)
		}
		z := gzip.NewWriter(&packed)
		if _, err := z.Write(page.Bytes()); err != nil {
			t.Fatal(err)
		}
		z.Close()
		t.Logf("%d documents, %d links: drawn in %s, %d kB, %d kB compressed", nodes, len(g.Edges), time.Since(begun).Round(time.Millisecond), page.Len()/1024, packed.Len()/1024)
		if nodes <= graphNodes && packed.Len() > 45*1024 { // the frame and the table need the rest of 60 kB
			t.Errorf("%d kB compressed", packed.Len()/1024)
		}
	}
}
