package rendition

import (
	"regexp"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Bounds of the links of one part.
const (
	maxNames = 100_000 // named destinations
	maxLinks = 10_000  // of one page
)

// ways finds where the links and bookmarks of a part lead to in the bound file. Names of destinations
// are of one file, so a way that goes by a name goes by its page afterwards.
type ways struct {
	*binder
	places map[int]int // old number of a page: its place in the bound file
	links  bool        // "#page=N" is a page of the bound file
	names  map[string]types.Object
}

// of sets the links of a page to rights. What leads nowhere in the part leads nowhere any more.
func (w *ways) of(page types.Dict) {
	list := w.book.array(page["Annots"])
	if len(list) > maxLinks {
		delete(page, "Annots")
		return
	}
	changed := make(types.Array, 0, len(list))
	for _, o := range list {
		d := w.book.dict(o)
		if d == nil {
			continue
		}
		if w.book.name(d["Subtype"]) == "Link" {
			d = w.link(d)
		}
		d = without(d, "StructParent")
		if ref, indirect := o.(types.IndirectRef); indirect {
			w.book.objects[ref.ObjectNumber.Value()] = d
			changed = append(changed, o)
			continue
		}
		changed = append(changed, d)
	}
	if len(list) > 0 {
		page["Annots"] = changed
	}
}

var pageAddress = regexp.MustCompile(`^#page=([0-9]{1,7})$`)

func (w *ways) link(d types.Dict) types.Dict {
	action := w.book.dict(d["A"])
	switch {
	case d["Dest"] != nil, w.book.name(action["S"]) == "GoTo":
		to := w.target(d)
		d = without(without(d, "A"), "Dest")
		if to != nil {
			d["Dest"] = to
		}
	case w.links && w.book.name(action["S"]) == "URI":
		found := pageAddress.FindStringSubmatch(textOf(w.book.follow(action["URI"])))
		if found == nil {
			break
		}
		n, _ := strconv.Atoi(found[1]) // digits alone
		if n < 1 || n > len(w.pages) {
			break
		}
		d = without(d, "A")
		d["Dest"] = types.Array{w.pages[n-1], types.Name("Fit")}
	}
	return d
}

// target is where a link or a bookmark leads to within the part, as an array; nil when nowhere.
func (w *ways) target(d types.Dict) types.Array {
	to := d["Dest"]
	if to == nil {
		if action := w.book.dict(d["A"]); w.book.name(action["S"]) == "GoTo" {
			to = action["D"]
		}
	}
	for range 4 {
		switch o := w.book.follow(to).(type) {
		case types.Array:
			return w.array(o)
		case types.Dict:
			to = o["D"]
		case types.Name, types.StringLiteral, types.HexLiteral:
			to = w.named(textOf(o))
		default:
			return nil
		}
	}
	return nil
}

// array is a destination whose page is that of the bound file.
func (w *ways) array(to types.Array) types.Array {
	if len(to) < 2 || len(to) > 6 {
		return nil
	}
	ref, ok := to[0].(types.IndirectRef)
	if !ok {
		return nil
	}
	at, ok := w.places[ref.ObjectNumber.Value()]
	if !ok {
		return nil
	}
	moved := types.Array{w.pages[at]}
	for _, o := range to[1:] {
		switch v := w.book.follow(o).(type) {
		case types.Integer:
			moved = append(moved, v)
		case types.Float:
			moved = append(moved, v)
		case types.Name:
			moved = append(moved, v)
		default:
			moved = append(moved, nil)
		}
	}
	if _, fit := moved[1].(types.Name); !fit {
		return nil
	}
	return moved
}

// named is the destination of that name: of the tree of names, or of the older dictionary.
func (w *ways) named(name string) types.Object {
	if w.names == nil {
		w.names = map[string]types.Object{}
		for key, o := range w.book.dict(w.book.root["Dests"]) {
			if len(w.names) < maxNames {
				w.names[key] = o
			}
		}
		if names := w.book.dict(w.book.root["Names"]); names != nil {
			w.collect(names["Dests"], 0)
		}
	}
	return w.names[name]
}

func (w *ways) collect(node types.Object, depth int) {
	d := w.book.dict(node)
	if d == nil || depth > 16 || len(w.names) >= maxNames {
		return
	}
	list := w.book.array(d["Names"])
	for i := 0; i+1 < len(list) && len(w.names) < maxNames; i += 2 {
		w.names[textOf(w.book.follow(list[i]))] = list[i+1]
	}
	for i, kid := range w.book.array(d["Kids"]) {
		if i >= maxLinks {
			return
		}
		w.collect(kid, depth+1)
	}
}

// textOf is the bytes of a string or a name.
func textOf(o any) string {
	switch t := o.(type) {
	case types.Name:
		return string(t)
	case types.StringLiteral:
		if plain, err := types.Unescape(string(t)); err == nil {
			return string(plain)
		}
	case types.HexLiteral:
		if plain, err := t.Bytes(); err == nil {
			return string(plain)
		}
	}
	return ""
}

// layers are the optional contents of all parts (ISO 32000-1, 8.11): a reader that is not told of them
// shows what their file hides.
type layers struct {
	all, hidden types.Array
}

const maxLayers = 10_000

// takeLayers notes those of the part, by their new numbers.
func (b *binder) takeLayers() {
	properties := b.book.dict(b.book.root["OCProperties"])
	if properties == nil {
		return
	}
	shown := b.book.dict(properties["D"])
	off := map[int]bool{}
	for _, o := range b.book.array(shown["OFF"]) {
		if ref, ok := o.(types.IndirectRef); ok {
			off[ref.ObjectNumber.Value()] = true
		}
	}
	on := map[int]bool{}
	for _, o := range b.book.array(shown["ON"]) {
		if ref, ok := o.(types.IndirectRef); ok {
			on[ref.ObjectNumber.Value()] = true
		}
	}
	hideAll := b.book.name(shown["BaseState"]) == "OFF"
	for _, o := range b.book.array(properties["OCGs"]) {
		ref, ok := o.(types.IndirectRef)
		if !ok || b.book.dict(ref) == nil || len(b.layers.all) >= maxLayers {
			continue
		}
		old := ref.ObjectNumber.Value()
		now := placed(b.refer(old))
		b.layers.all = append(b.layers.all, now)
		if off[old] || hideAll && !on[old] {
			b.layers.hidden = append(b.layers.hidden, now)
		}
	}
}

func (l layers) into(root types.Dict) {
	if len(l.all) == 0 {
		return
	}
	shown := types.Dict{}
	if len(l.hidden) > 0 {
		shown["OFF"] = l.hidden
	}
	root["OCProperties"] = types.Dict{"OCGs": l.all, "D": shown}
}
