package rendition

import (
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Bounds of the bookmarks that are kept of a bound file.
const (
	maxMarks      = 50_000
	maxMarksOf    = 1_000 // of one part
	maxMarkLevels = 8
	maxMarkTitle  = 4_000 // bytes as the file has it
)

// mark is a bookmark: where it leads to is an array like [page /XYZ left top zoom].
type mark struct {
	level int
	title types.Object
	to    types.Array
}

// bookmarks takes those of a part over, below the one with its title.
func (b *binder) bookmarks(part Input, w *ways) {
	level := part.Level
	if part.Title != "" && part.Pages > 0 {
		b.marks = append(b.marks, mark{level: level, title: hexText(part.Title), to: types.Array{b.pages[b.next], types.Name("Fit")}})
		level++
	}
	taken, seen := 0, map[int]bool{}
	var walk func(item types.Object, level int)
	walk = func(item types.Object, level int) {
		for depth := 0; item != nil && depth < maxMarksOf; depth++ {
			ref, indirect := item.(types.IndirectRef)
			d := b.book.dict(item)
			if d == nil || indirect && seen[ref.ObjectNumber.Value()] || taken >= maxMarksOf || len(b.marks) >= maxMarks {
				return
			}
			if indirect {
				seen[ref.ObjectNumber.Value()] = true
			}
			title, to := b.markTitle(d["Title"]), w.target(d)
			below := level
			if title != nil && to != nil {
				taken++
				b.marks = append(b.marks, mark{level: level, title: title, to: to})
				below++
			}
			if d["First"] != nil && below < part.Level+maxMarkLevels {
				walk(d["First"], below)
			}
			item = d["Next"]
		}
	}
	if top := b.book.dict(b.book.root["Outlines"]); top != nil {
		walk(top["First"], level)
	}
}

func (b *binder) markTitle(o types.Object) types.Object {
	switch t := b.book.follow(o).(type) {
	case types.StringLiteral:
		if len(t) > 0 && len(t) <= maxMarkTitle {
			return t
		}
	case types.HexLiteral:
		if len(t) > 0 && len(t) <= maxMarkTitle {
			return t
		}
	}
	return nil
}

// hung is where a bookmark hangs among the others, by their numbers in the file; 0 is nothing.
type hung struct {
	at, parent, prev, next, first, last placed
	below                               int // right below it
}

// hang finds the place of each bookmark; the first is the root of all.
func (b *binder) hang() []*hung {
	all := []*hung{{at: placed(b.reserve())}}
	path := []*hung{all[0]}
	levels := []int{-1}
	for _, m := range b.marks {
		for levels[len(levels)-1] >= m.level {
			path, levels = path[:len(path)-1], levels[:len(levels)-1]
		}
		above, one := path[len(path)-1], &hung{at: placed(b.reserve())}
		one.parent = above.at
		if above.first == 0 {
			above.first = one.at
		} else {
			before := all[above.lastIndex(all)]
			before.next, one.prev = one.at, before.at
		}
		above.last = one.at
		above.below++
		all = append(all, one)
		path, levels = append(path, one), append(levels, m.level)
	}
	return all
}

// lastIndex is the place in the list of the last one below h: numbers are given out in its order.
func (h *hung) lastIndex(all []*hung) int { return int(h.last - all[0].at) }

// outlines writes the bookmarks, those at the top opened, and returns their root; 0 without any
// (ISO 32000-1, 12.3.3).
func (b *binder) outlines() (placed, error) {
	if len(b.marks) == 0 {
		return 0, nil
	}
	all := b.hang()
	root, shown := all[0], 0
	for i, h := range all[1:] {
		d := types.Dict{"Title": b.marks[i].title, "Dest": b.marks[i].to, "Parent": h.parent}
		h.links(d)
		if h.below > 0 {
			d["Count"] = types.Integer(-h.below)
			if h.parent == root.at {
				d["Count"] = types.Integer(h.below)
				shown += h.below
			}
		}
		if err := b.object(int(h.at), d); err != nil {
			return 0, err
		}
	}
	d := types.Dict{"Type": types.Name("Outlines"), "Count": types.Integer(root.below + shown)}
	root.links(d)
	return root.at, b.object(int(root.at), d)
}

func (h *hung) links(d types.Dict) {
	for key, to := range map[string]placed{"Prev": h.prev, "Next": h.next, "First": h.first, "Last": h.last} {
		if to != 0 {
			d[key] = to
		}
	}
}
