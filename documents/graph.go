package documents

import (
	"slices"
)

// GraphFilter narrows the graph; its zero fields do not.
type GraphFilter struct {
	Process  string // documents of the process, and NoProcess for those of none
	Kind     string
	Problems bool   // only links with something wrong, and the documents at their ends
	Focus    string // the code of a document, with what is within Depth links of it
	Depth    int    // 1 or 2; 1 when zero
}

// NoProcess is what GraphFilter.Process says for the documents of no process.
const NoProcess = "-"

// Graph is the documents of a platform and the links between them as of a day. Dismissed suggestions
// are left out.
type Graph struct {
	Nodes []GraphNode
	Edges []GraphEdge
}

// GraphNode is one document, or a code that no document has.
type GraphNode struct {
	Code     string
	Title    string
	Kind     string
	Process  string
	Level    Level
	State    State
	Number   Number
	Known    bool // a document has the code
	Wrong    bool // something is wrong with it or with what it names
	Problems int  // of its links, suggestions among them
	UsedBy   int
	Refers   int
}

// GraphEdge is a link between two nodes, by their place in Nodes.
type GraphEdge struct {
	From, To int
	Basis    Basis
	Problem  Problem
	Mentions int64
}

// Graph draws nothing: it says which documents and links the filter keeps. Codes that no document has
// are nodes only where one looks for them: among the problems and round one document.
func (c *Chart) Graph(f GraphFilter) *Graph {
	g := &graphing{chart: c, at: map[string]int{}, ghosts: f.Problems || f.Focus != ""}
	for i := range c.Documents {
		d := &c.Documents[i]
		g.node(GraphNode{Code: d.Code, Title: d.Title, Kind: d.Kind, Process: d.Process, Level: d.Level, State: d.State, Number: d.Number,
			Known: true, Wrong: d.Troubled(), Problems: d.Unknown + d.Expired + d.Guessed, UsedBy: d.UsedBy})
	}
	for _, l := range c.Links {
		g.link(l)
	}
	keep := f.keeps(&g.Graph)
	return g.only(keep, f)
}

// graphing is a graph in the making.
type graphing struct {
	Graph
	chart  *Chart
	at     map[string]int // code -> place in Nodes
	ghosts bool
}

func (g *graphing) node(n GraphNode) int {
	g.at[n.Code] = len(g.Nodes)
	g.Nodes = append(g.Nodes, n)
	return len(g.Nodes) - 1
}

func (g *graphing) link(l LinkOf) {
	from, ok := g.at[l.From.Code]
	if !ok || l.Problem == NotMeant {
		return
	}
	to, ok := g.at[l.shown()]
	switch {
	case ok:
	case l.Other != nil, !g.ghosts: // a document that the reader may not see, or a code not asked for
		return
	default:
		to = g.node(GraphNode{Code: l.Code, Kind: kindIn(g.chart.Kinds, l.Code), Process: l.From.Process, Level: levelIn(g.chart.Kinds, l.Code), Wrong: true})
	}
	g.Edges = append(g.Edges, GraphEdge{From: from, To: to, Basis: l.Basis, Problem: l.Problem, Mentions: l.Mentions})
	g.Nodes[from].Refers++
}

// kindIn is the kind that a code seems to say, for a code that no document has.
func kindIn(kinds []Kind, code string) string {
	for _, w := range wordsOf(code) {
		word := tidyWord(w.key)
		if slices.ContainsFunc(kinds, func(k Kind) bool { return k.Code == word }) {
			return word
		}
	}
	return ""
}

func levelIn(kinds []Kind, code string) Level {
	kind := kindIn(kinds, code)
	for _, k := range kinds {
		if k.Code == kind {
			return k.At()
		}
	}
	return NoLevel
}

// keeps says which nodes the filter keeps.
func (f GraphFilter) keeps(g *Graph) []bool {
	keep := make([]bool, len(g.Nodes))
	for i, n := range g.Nodes {
		keep[i] = f.Focus == ""
		if f.Focus != "" {
			keep[i] = n.Code == f.Focus
		}
	}
	if f.Focus != "" {
		for range min(max(f.Depth, 1), 2) {
			neighbours(g, keep)
		}
	}
	for i, n := range g.Nodes {
		if n.Code == f.Focus && f.Focus != "" {
			continue
		}
		if f.Kind != "" && n.Kind != f.Kind || f.Process == NoProcess && n.Process != "" || f.Process != "" && f.Process != NoProcess && n.Process != f.Process {
			keep[i] = false
		}
		// What is withdrawn is shown only where something still names it.
		if n.State == Withdrawn && n.UsedBy == 0 && f.Focus == "" {
			keep[i] = false
		}
	}
	return keep
}

// neighbours keeps what is one link away from what is kept.
func neighbours(g *Graph, keep []bool) {
	before := slices.Clone(keep)
	for _, e := range g.Edges {
		if before[e.From] || before[e.To] {
			keep[e.From], keep[e.To] = true, true
		}
	}
}

// only is the graph of the nodes kept and the links between them. Among the problems, a document that
// is wrong keeps its place and a link that is wrong brings both its ends.
func (g *graphing) only(keep []bool, f GraphFilter) *Graph {
	var edges []GraphEdge
	ends := make([]bool, len(g.Nodes))
	for _, e := range g.Edges {
		if keep[e.From] && keep[e.To] && (!f.Problems || e.Problem != Sound) {
			edges = append(edges, e)
			ends[e.From], ends[e.To] = true, true
		}
	}
	out := &Graph{}
	place := make([]int, len(g.Nodes))
	for i, n := range g.Nodes {
		if keep[i] && (!f.Problems || ends[i] || n.Wrong && n.Known) {
			place[i] = len(out.Nodes)
			out.Nodes = append(out.Nodes, n)
		}
	}
	for _, e := range edges {
		e.From, e.To = place[e.From], place[e.To]
		out.Edges = append(out.Edges, e)
	}
	return out
}

// ByProcess is the graph with one node for each process, and one link for all links between two: what
// fits on a page when the documents do not. Mentions are the links that a link stands for.
func (g *Graph) ByProcess(processes []Process) *Graph {
	out := &Graph{}
	at := map[string]int{}
	sorted := slices.Clone(processes)
	slices.SortFunc(sorted, inOrder)
	for _, p := range append(sorted, Process{Code: "", Name: ""}) {
		n := GraphNode{Code: p.Code, Title: p.Name, Process: string(p.Type), Known: true}
		for _, d := range g.Nodes {
			if d.Process == p.Code {
				n.UsedBy++ // documents it holds
				n.Wrong = n.Wrong || d.Wrong
			}
		}
		if n.UsedBy > 0 {
			at[p.Code] = len(out.Nodes)
			out.Nodes = append(out.Nodes, n)
		}
	}
	between := map[[2]int]int{}
	for _, e := range g.Edges {
		a, okA := at[g.Nodes[e.From].Process]
		b, okB := at[g.Nodes[e.To].Process]
		if !okA || !okB || a == b {
			continue
		}
		i, known := between[[2]int{a, b}]
		if !known {
			i = len(out.Edges)
			between[[2]int{a, b}] = i
			out.Edges = append(out.Edges, GraphEdge{From: a, To: b})
		}
		out.Edges[i].Mentions++
		if e.Problem == Unknown || e.Problem == Obsolete {
			out.Edges[i].Problem = Obsolete
		}
	}
	return out
}
