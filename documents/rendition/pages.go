package rendition

import (
	"fmt"
	"maps"
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"maillon/qms"
)

// maxNodes is how many nodes the tree of pages may have.
const maxNodes = 4 * MaxPages

// inherited are the entries that a page has from the nodes above it (ISO 32000-1, table 30).
var inherited = []string{"Resources", "MediaBox", "CropBox", "Rotate"}

// leaf is a page of the file with what it inherits.
type leaf struct {
	types.Dict
	ref types.IndirectRef
	box box
}

// box is the part of the page that is seen, in its own coordinates, and how far it is turned clockwise.
type box struct {
	x, y, width, height float64
	turned              int     // 0, 90, 180 or 270
	unit                float64 // points in one unit of its coordinates
}

// seen is the size of the page as its reader sees it.
func (b box) seen() size {
	if b.turned%180 != 0 {
		return size{b.height * b.unit, b.width * b.unit}
	}
	return size{b.width * b.unit, b.height * b.unit}
}

// matrix brings what is drawn on the page as its reader sees it to where the page has it.
func (b box) matrix() types.Array {
	u := 1 / b.unit
	switch b.turned {
	case 90:
		return floats(0, u, -u, 0, b.x+b.width, b.y)
	case 180:
		return floats(-u, 0, 0, -u, b.x+b.width, b.y+b.height)
	case 270:
		return floats(0, -u, u, 0, b.x, b.y+b.height)
	}
	return floats(u, 0, 0, u, b.x, b.y)
}

// leaves are the pages in their order. A page that is missing is damage, not a shorter document.
func (b *book) leaves() ([]leaf, error) {
	w := &walk{book: b, seen: map[int]bool{}}
	if err := w.node(b.root["Pages"], types.Dict{}, 0); err != nil {
		return nil, err
	}
	if len(w.found) == 0 {
		return nil, fmt.Errorf("%w: no pages", errBent)
	}
	return w.found, nil
}

type walk struct {
	*book
	found []leaf
	seen  map[int]bool
	nodes int
}

func (w *walk) node(o types.Object, above types.Dict, depth int) error {
	ref, indirect := o.(types.IndirectRef)
	d := w.dict(o)
	w.nodes++
	switch {
	case d == nil:
		return fmt.Errorf("%w: a page is missing", errBent)
	case depth > maxDepth || w.nodes > maxNodes:
		return errSpent
	}
	own := maps.Clone(above)
	for _, key := range inherited {
		if v := d[key]; w.follow(v) != nil {
			own[key] = v
		}
	}
	kids := w.array(d["Kids"])
	if w.name(d["Type"]) == "Page" || kids == nil {
		return w.page(d, ref, indirect, own)
	}
	if indirect {
		if w.seen[ref.ObjectNumber.Value()] {
			return fmt.Errorf("%w: the tree of pages is a circle", errBent)
		}
		w.seen[ref.ObjectNumber.Value()] = true
	}
	for _, kid := range kids {
		if err := w.node(kid, own, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) page(d types.Dict, ref types.IndirectRef, indirect bool, own types.Dict) error {
	if len(w.found) == MaxPages {
		return fmt.Errorf("%w: %w", qms.Invalid("rendition.too_many_pages", MaxPages), ErrTooLarge)
	}
	page := maps.Clone(d)
	maps.Copy(page, own)
	page["Type"] = types.Name("Page")
	delete(page, "AA")
	number := ref.ObjectNumber.Value()
	if !indirect || w.seen[number] {
		ref = w.add(page) // a page of its own, or shown a second time
	} else {
		w.seen[number] = true
		w.objects[number] = page
	}
	w.found = append(w.found, leaf{page, ref, w.measure(page)})
	return nil
}

// measure finds what is seen of a page: the crop box within the media box (ISO 32000-1, 14.11.2).
func (b *book) measure(page types.Dict) box {
	media, ok := b.rectangle(page["MediaBox"])
	if !ok {
		media = box{width: 612, height: 792} // what readers assume where a file says nothing
		page["MediaBox"] = integers(0, 0, 612, 792)
	}
	found := media
	if crop, ok := b.rectangle(page["CropBox"]); ok {
		x, y := max(crop.x, media.x), max(crop.y, media.y)
		wide := min(crop.x+crop.width, media.x+media.width) - x
		high := min(crop.y+crop.height, media.y+media.height) - y
		if wide >= 1 && high >= 1 {
			found = box{x: x, y: y, width: wide, height: high}
		}
	}
	if turned, ok := b.number(page["Rotate"]); ok && math.Abs(turned) < 1e6 {
		found.turned = ((int(turned)/90*90)%360 + 360) % 360
	}
	found.unit = 1
	if unit, ok := b.number(page["UserUnit"]); ok && unit >= 0.01 && unit <= 1000 {
		found.unit = unit
	}
	return found
}

// rectangle is four numbers of which two are corners; not when it is no area that could be printed.
func (b *book) rectangle(o types.Object) (box, bool) {
	a := b.array(o)
	if len(a) != 4 {
		return box{}, false
	}
	var n [4]float64
	for i := range a {
		v, ok := b.number(a[i])
		if !ok || math.IsNaN(v) || math.Abs(v) > 1e6 {
			return box{}, false
		}
		n[i] = v
	}
	r := box{x: min(n[0], n[2]), y: min(n[1], n[3]), width: math.Abs(n[2] - n[0]), height: math.Abs(n[3] - n[1])}
	return r, r.width >= 1 && r.height >= 1
}

// tree sets the pages under a new tree, of nodes with at most a hundred below each.
func (b *book) tree(pages []types.IndirectRef) types.IndirectRef {
	type node struct {
		ref   types.IndirectRef
		count int
	}
	level := make([]node, len(pages))
	for i, page := range pages {
		level[i] = node{page, 1}
	}
	for first := true; first || len(level) > 1; first = false {
		var above []node
		for from := 0; from < len(level); from += 100 {
			group := level[from:min(from+100, len(level))]
			kids, count := make(types.Array, len(group)), 0
			d := types.Dict{"Type": types.Name("Pages")}
			ref := b.add(d)
			for i, n := range group {
				kids[i] = n.ref
				count += n.count
				b.dict(n.ref)["Parent"] = ref
			}
			d["Kids"], d["Count"] = kids, types.Integer(count)
			above = append(above, node{ref, count})
		}
		level = above
	}
	return level[0].ref
}
