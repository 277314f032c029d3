package web

import (
	"cmp"
	"slices"

	"maillon/documents"
)

// The measures of the graph of documents, in pixels.
const (
	boxWide   = 176 // of a document
	boxTall   = 38
	rowStep   = boxTall + 10
	columnGap = 72
	bandGap   = 20
	bandHead  = 30 // the name of the process stands there
	headTall  = 34 // the names of the levels stand there
	margin    = 12
	cellRows  = 14 // boxes above each other before a level takes another column
	sweeps    = 8  // of the ordering
)

// layout is where the nodes of a graph stand: a column for each level, a band for each process, and
// within a cell the order that keeps links short. The same graph always gets the same layout, no two
// boxes overlap, and every box has a place.
type layout struct {
	x, y    []int // of the box of each node
	columns []layoutColumn
	bands   []layoutBand
	width   int
	height  int
}

type layoutColumn struct {
	level documents.Level
	x     int
	wide  int // how many boxes stand side by side
}

type layoutBand struct {
	process   string
	y, height int
}

// graphCell is the nodes of one level in one band.
type graphCell struct{ band, column int }

// layOut finds the places. Processes gives the order of the bands; those it does not name come last.
func layOut(g *documents.Graph, processes []string) *layout {
	l := &layout{x: make([]int, len(g.Nodes)), y: make([]int, len(g.Nodes))}
	l.columns = levelsOf(g)
	cells := l.cells(g, processes)
	l.size(cells)
	l.order(g, cells)
	return l
}

func levelsOf(g *documents.Graph) (columns []layoutColumn) {
	for _, level := range documents.Levels() {
		if slices.ContainsFunc(g.Nodes, func(n documents.GraphNode) bool { return n.Level == level }) {
			columns = append(columns, layoutColumn{level: level, wide: 1})
		}
	}
	return columns
}

// cells sorts the nodes into bands and columns; the order within a cell is that of the codes.
func (l *layout) cells(g *documents.Graph, processes []string) map[graphCell][]int {
	place := func(p string) int {
		if i := slices.Index(processes, p); i >= 0 {
			return i
		}
		return len(processes)
	}
	seen := map[string]bool{}
	for _, n := range g.Nodes {
		if !seen[n.Process] {
			seen[n.Process] = true
			l.bands = append(l.bands, layoutBand{process: n.Process})
		}
	}
	slices.SortFunc(l.bands, func(a, b layoutBand) int {
		return cmp.Or(cmp.Compare(place(a.process), place(b.process)), cmp.Compare(a.process, b.process))
	})
	cells := map[graphCell][]int{}
	for i, n := range g.Nodes {
		band := slices.IndexFunc(l.bands, func(b layoutBand) bool { return b.process == n.Process })
		column := slices.IndexFunc(l.columns, func(c layoutColumn) bool { return c.level == n.Level })
		cells[graphCell{band, column}] = append(cells[graphCell{band, column}], i)
	}
	return cells
}

// size gives columns and bands their place from how much stands in them.
func (l *layout) size(cells map[graphCell][]int) {
	tall := make([]int, len(l.bands))
	for c, nodes := range cells {
		l.columns[c.column].wide = max(l.columns[c.column].wide, (len(nodes)+cellRows-1)/cellRows)
	}
	for c, nodes := range cells {
		wide := l.columns[c.column].wide
		tall[c.band] = max(tall[c.band], (len(nodes)+wide-1)/wide)
	}
	x := margin
	for i := range l.columns {
		l.columns[i].x = x
		x += l.columns[i].wide*(boxWide+columnGap/2) - columnGap/2 + columnGap
	}
	l.width = max(x-columnGap, 0) + 2*margin
	y := headTall
	for i := range l.bands {
		l.bands[i].y, l.bands[i].height = y, bandHead+tall[i]*rowStep
		y += l.bands[i].height + bandGap
	}
	l.height = y
}

// put places the nodes of a cell in their order, down one column after the other.
func (l *layout) put(c graphCell, nodes []int) {
	column, top := l.columns[c.column], l.bands[c.band].y+bandHead
	rows := (len(nodes) + column.wide - 1) / column.wide
	for i, n := range nodes {
		l.x[n] = column.x + i/rows*(boxWide+columnGap/2)
		l.y[n] = top + i%rows*rowStep
	}
}

// order sorts the nodes of every cell by where their neighbours stand, again and again, and keeps the
// order whose links are shortest from top to bottom.
func (l *layout) order(g *documents.Graph, cells map[graphCell][]int) {
	neighbours := make([][]int, len(g.Nodes))
	for _, e := range g.Edges {
		neighbours[e.From] = append(neighbours[e.From], e.To)
		neighbours[e.To] = append(neighbours[e.To], e.From)
	}
	all := make([]graphCell, 0, len(cells))
	for c, nodes := range cells {
		all = append(all, c)
		l.put(c, nodes)
	}
	slices.SortFunc(all, func(a, b graphCell) int { return cmp.Or(cmp.Compare(a.column, b.column), cmp.Compare(a.band, b.band)) })
	best, kept := l.length(g), slices.Clone(l.y)
	keptX := slices.Clone(l.x)
	for sweep := range sweeps {
		for i := range all {
			c := all[i]
			if sweep%2 == 1 {
				c = all[len(all)-1-i]
			}
			l.byNeighbours(cells[c], neighbours)
			l.put(c, cells[c])
		}
		if length := l.length(g); length < best {
			best, kept, keptX = length, slices.Clone(l.y), slices.Clone(l.x)
		}
	}
	l.x, l.y = keptX, kept
}

// byNeighbours sorts the nodes by the mean height of their neighbours; who has none keeps its own.
func (l *layout) byNeighbours(nodes []int, neighbours [][]int) {
	mean := map[int]int{}
	for _, n := range nodes {
		mean[n] = l.y[n]
		if near := neighbours[n]; len(near) > 0 {
			sum := 0
			for _, o := range near {
				sum += l.y[o]
			}
			mean[n] = sum / len(near)
		}
	}
	slices.SortStableFunc(nodes, func(a, b int) int { return cmp.Or(cmp.Compare(mean[a], mean[b]), cmp.Compare(a, b)) })
}

// length is how far all links go up or down.
func (l *layout) length(g *documents.Graph) (sum int) {
	for _, e := range g.Edges {
		sum += max(l.y[e.From]-l.y[e.To], l.y[e.To]-l.y[e.From])
	}
	return sum
}
