package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"maillon/documents"
	"maillon/qms"
)

// The graph is shown by processes when its documents or links are more than these, unless the reader
// asks for all of it: a first page stays within 60 kB.
const (
	graphNodes = 700
	graphEdges = 1500
)

// GraphView is the graph of the platform's documents, as a drawing and as a table.
type GraphView struct {
	Form      *Form
	Processes []Option
	Kinds     []Option
	Chips     []Chip
	AsOf      qms.Date
	Past      bool
	ByProcess bool // one box for each process
	Large     bool // the documents were too many to be drawn unasked
	Documents int
	Links     int
	Wrong     int // links out of these documents with something wrong, to unknown codes too
	Drawing   Drawing
	Table     []GraphLinks
	Failed    string
	Focus     string
}

// GraphLinks is one line of the table: a node with what it names.
type GraphLinks struct {
	documents.GraphNode
	Href   string
	Refers []GraphRef
}

// GraphRef is one end of a link.
type GraphRef struct {
	Code, Href string
	Problem    documents.Problem
	Times      int64 // links between two processes
}

// Drawing is the graph with its places.
type Drawing struct {
	Width, Height int
	Heads         []DrawnWord
	Bands         []DrawnBand
	Boxes         []DrawnBox
	Sound         []string // paths
	Wrong         []string
	Guessed       []string
}

// DrawnWord is a word at a place.
type DrawnWord struct {
	X, Y int
	Text string
}

// DrawnBand is the ground of a process.
type DrawnBand struct {
	DrawnWord
	Top, Height int
	Href        string
}

// DrawnBox is one node.
type DrawnBox struct {
	X, Y              int
	Code, Title, Full string
	Href              string
	Here, Wrong, Open bool
}

// CodeX and the others are where the words of the box stand.
func (b DrawnBox) CodeX() int { return b.X + 10 }

// CodeY is the base line of the code.
func (b DrawnBox) CodeY() int { return b.Y + 16 }

// TitleY is the base line of the title.
func (b DrawnBox) TitleY() int { return b.Y + 31 }

// MarkX is where a mark stands.
func (b DrawnBox) MarkX() int { return b.X + boxWide - 16 }

func (s *Site) documentGraph(p *Page) error {
	p.Title = p.T("page.graph.title")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	day, err := p.AsOf()
	data := GraphView{Form: p.Form()}
	if err != nil {
		data.Failed, day = p.Error(err), p.Today
	}
	chart, err := s.Documents.Chart(p.Context(), p.Platform.ID, day)
	if err != nil {
		return err
	}
	data.AsOf, data.Past = chart.AsOf, day != p.Today
	data.offer(p, chart)
	filter := documents.GraphFilter{Process: p.Query("process"), Kind: p.Query("kind"), Problems: p.Query("problems") != "", Focus: focusOf(p.Query("focus")), Depth: 1}
	if p.Query("depth") == "2" {
		filter.Depth = 2
	}
	g := chart.Graph(filter)
	data.Focus, data.Documents, data.Links = filter.Focus, len(g.Nodes), len(g.Edges)
	for _, n := range g.Nodes {
		data.Wrong += n.Problems
	}
	data.Large = len(g.Nodes) > graphNodes || len(g.Edges) > graphEdges
	data.ByProcess = p.Query("view") == "processes" || data.Large && p.Query("view") != "documents"
	if data.ByProcess {
		data.drawProcesses(p, g.ByProcess(chart.Processes))
	} else {
		data.drawDocuments(p, g, chart)
	}
	return p.Render("documents_graph", data)
}

func focusOf(typed string) string {
	code, err := documents.TidyCode(typed)
	if err != nil {
		return strings.TrimSpace(typed)
	}
	return code
}

// offer makes the choices of the filters.
func (v *GraphView) offer(p *Page, chart *documents.Chart) {
	any := Option{"", p.T("page.documents.any")}
	v.Processes, v.Kinds = []Option{any}, []Option{any}
	for _, c := range sortedProcesses(chart) {
		v.Processes = append(v.Processes, Option{c.Code, processName(c)})
	}
	v.Processes = append(v.Processes, Option{documents.NoProcess, p.T("page.map.without")})
	for _, k := range chart.Kinds {
		v.Kinds = append(v.Kinds, Option{k.Code, k.Code + " " + k.Name(p.Lang())})
	}
	names := []string{"process", "kind", "problems", "focus", "depth", "as_of"}
	for _, name := range names {
		v.Form.Set(name, p.Query(name))
	}
	v.Chips = p.Chips(func(name, value string) string {
		switch name {
		case "problems":
			return p.T("page.graph.problems")
		case "depth":
			return p.T("page.graph.depth_n", value)
		case "process":
			for _, o := range v.Processes {
				if o.Value == value {
					return o.Label
				}
			}
		}
		return value
	}, names...)
}

func sortedProcesses(chart *documents.Chart) []documents.Process {
	var all []documents.Process
	m := chart.Map()
	for _, b := range m.Bands {
		for _, c := range b.Processes {
			all = append(all, c.Process)
		}
	}
	for _, c := range append(m.Others, m.Retired...) {
		all = append(all, c.Process)
	}
	return all
}

func (v *GraphView) drawDocuments(p *Page, g *documents.Graph, chart *documents.Chart) {
	processes := sortedProcesses(chart)
	names := map[string]string{"": p.T("page.map.without")}
	var order []string
	for _, c := range processes {
		names[c.Code] = processName(c)
		order = append(order, c.Code)
	}
	l := layOut(g, order)
	v.Drawing = Drawing{Width: l.width, Height: l.height}
	for _, c := range l.columns {
		v.Drawing.Heads = append(v.Drawing.Heads, DrawnWord{c.x, headTall - 12, p.T("page.map.level_" + string(c.level))})
	}
	for _, b := range l.bands {
		href := p.To("processes", "without")
		if b.process != "" {
			href = p.To("processes", b.process)
		}
		v.Drawing.Bands = append(v.Drawing.Bands, DrawnBand{DrawnWord{margin, b.y + 19, names[b.process]}, b.y, b.height, href})
	}
	for i, n := range g.Nodes {
		box := DrawnBox{X: l.x[i], Y: l.y[i], Code: n.Code, Title: clipped(n.Title, 24), Full: n.Title, Here: n.Code == v.Focus && v.Focus != "", Wrong: n.Wrong}
		switch {
		case !n.Known:
			box.Title, box.Open = p.T("page.documents.unknown_code"), true
		default:
			box.Href = p.To("documents", n.Code)
			box.Open = n.State != documents.Effective
			if box.Open && n.State != "" {
				box.Full += " (" + p.T("state."+string(n.State)) + ")"
			}
		}
		v.Drawing.Boxes = append(v.Drawing.Boxes, box)
	}
	v.Drawing.lines(g, l)
	v.tabulate(p, g)
}

// lines draws the links: to the right where the other box stands to the right, and back or round
// where it does not.
func (d *Drawing) lines(g *documents.Graph, l *layout) {
	for _, e := range g.Edges {
		path := between(l.x[e.From], l.y[e.From]+boxTall/2, l.x[e.To], l.y[e.To]+boxTall/2)
		switch e.Problem {
		case documents.Sound:
			d.Sound = append(d.Sound, path)
		case documents.Suggested:
			d.Guessed = append(d.Guessed, path)
		default:
			d.Wrong = append(d.Wrong, path)
		}
	}
}

// between is the path from the middle of one box's side to another's, both given by their left side.
func between(x1, y1, x2, y2 int) string {
	switch {
	case x1 == x2:
		out := x1 + boxWide
		return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", out, y1, out+34, y1, out+34, y2, out+2, y2)
	case x2 > x1:
		return curve(x1+boxWide, y1, x2-2, y2)
	}
	return curve(x1, y1, x2+boxWide+2, y2)
}

// tabulate says the same as the drawing, line by line.
func (v *GraphView) tabulate(p *Page, g *documents.Graph) {
	refers := make([][]GraphRef, len(g.Nodes))
	for _, e := range g.Edges {
		n := g.Nodes[e.To]
		refers[e.From] = append(refers[e.From], GraphRef{Code: n.Code, Problem: e.Problem})
	}
	for i, n := range g.Nodes {
		if !n.Known {
			continue
		}
		slices.SortFunc(refers[i], func(a, b GraphRef) int { return cmp.Compare(a.Code, b.Code) })
		v.Table = append(v.Table, GraphLinks{GraphNode: n, Href: p.To("documents", n.Code), Refers: refers[i]})
	}
}

// drawProcesses draws one box for each process, by the bands of the map, with the links between them.
func (v *GraphView) drawProcesses(p *Page, g *documents.Graph) {
	types := append(documents.ProcessTypes(), documents.Unplaced)
	const step = boxWide + columnGap
	count := map[string]int{}
	x, y := make([]int, len(g.Nodes)), make([]int, len(g.Nodes))
	for i, n := range g.Nodes {
		column := slices.Index(types, documents.ProcessType(n.Process))
		x[i], y[i] = margin+column*step, headTall+count[n.Process]*(rowStep+12)
		count[n.Process]++
		v.Drawing.Height = max(v.Drawing.Height, y[i]+rowStep+margin)
		name := n.Title
		box := DrawnBox{X: x[i], Y: y[i], Code: n.Code, Title: p.T("page.map.documents", n.UsedBy), Full: name, Wrong: n.Wrong, Href: p.To("documents", "graph") + "?" + Query("process", n.Code)}
		if n.Code == "" {
			box.Code, box.Href = p.T("page.map.without"), p.To("documents", "graph")+"?"+Query("process", documents.NoProcess)
		} else if name != n.Code {
			box.Code = clipped(n.Code+" "+name, 20)
		}
		v.Drawing.Boxes = append(v.Drawing.Boxes, box)
	}
	for i, t := range types {
		if count[string(t)] > 0 {
			v.Drawing.Heads = append(v.Drawing.Heads, DrawnWord{margin + i*step, headTall - 12, p.T("page.map.type_" + cmp.Or(string(t), "unplaced"))})
			v.Drawing.Width = margin + i*step + boxWide + columnGap
		}
	}
	for _, e := range g.Edges {
		path := between(x[e.From], y[e.From]+boxTall/2, x[e.To], y[e.To]+boxTall/2)
		if e.Problem == documents.Sound {
			v.Drawing.Sound = append(v.Drawing.Sound, path)
		} else {
			v.Drawing.Wrong = append(v.Drawing.Wrong, path)
		}
	}
	v.tabulateProcesses(p, g)
}

// tabulateProcesses says the same as the drawing, line by line.
func (v *GraphView) tabulateProcesses(p *Page, g *documents.Graph) {
	for i, n := range g.Nodes {
		line := GraphLinks{GraphNode: n, Href: v.Drawing.Boxes[i].Href}
		for _, e := range g.Edges {
			if e.From == i {
				line.Refers = append(line.Refers, GraphRef{Code: cmp.Or(g.Nodes[e.To].Code, p.T("page.map.without")), Problem: e.Problem, Times: e.Mentions})
			}
		}
		v.Table = append(v.Table, line)
	}
}

// clipped is the text within so many signs.
func clipped(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return strings.TrimRight(string(runes[:most-1]), " ,;:") + "…"
}
