package rendition

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"maillon/qms"
)

// Bound says what a bound PDF tells of itself.
type Bound struct {
	Title, Subject, Author string
	Language               string // fr or en
	MadeAt                 time.Time
}

// Input is one PDF of a bound one.
type Input struct {
	Pages int // as many as it must have
	// Title is that of its bookmark; its own bookmarks come below. Where it is empty they stand by themselves.
	Title string
	Level int // of its bookmarks, from 0 at the top
	// Links makes each link to the address "#page=N" lead to page N of the bound PDF.
	Links bool
	// Foot is what the margin below page n of all pages of the bound PDF says; nil: nothing. It is set in one
	// line, and what the page shows stays as it was.
	Foot func(page, of int) string
	// Open is called when its turn comes; what it gives is closed before the next part is opened.
	Open func() (io.ReadSeekCloser, error)
}

// BadInput is a part that cannot be bound: it is damaged, encrypted, beyond the bounds of reading, or has
// another number of pages. Nothing is wrong with the others.
type BadInput struct {
	Index int
	Err   error // a qms.Error whose sentence says why
}

func (e *BadInput) Error() string { return fmt.Sprintf("part %d: %v", e.Index+1, e.Err) }

func (e *BadInput) Unwrap() error { return e.Err }

// Bind writes to out one PDF of all pages of the parts, in their order, with their bookmarks. One part is
// in memory at a time, besides some bytes for each object written. Equal parts give equal bytes. What
// runs or starts something is left out, as from a rendition. After an error, which may be a BadInput,
// what was written is to be thrown away.
func Bind(ctx context.Context, out io.Writer, about Bound, parts []Input) (Made, error) {
	b := newBinder(ctx, out, parts)
	if err := b.begin(); err != nil {
		return Made{}, err
	}
	if err := b.takeFoot(parts); err != nil {
		return Made{}, err
	}
	for i := range parts {
		if err := b.part(i, parts[i]); err != nil {
			return Made{}, err
		}
	}
	if err := b.end(about); err != nil {
		return Made{}, err
	}
	return Made{Pages: len(b.pages), Size: b.written}, b.out.Flush()
}

// placed is a reference by the number that an object has in the bound file.
type placed int

func (p placed) Clone() types.Object { return p }
func (p placed) String() string      { return p.PDFString() }
func (p placed) PDFString() string   { return fmt.Sprintf("%d 0 R", int(p)) }

// pagesAbove is how many pages are below one node of the tree.
const pagesAbove = 100

// binder is a press over one book after another. Numbers of pages and of the nodes right above them are
// given out before anything is written, since every page names its node and any page may lead to any.
type binder struct {
	*press
	pages  []placed // in their order
	nodes  []placed // each above pagesAbove pages
	next   int      // the first page of the part whose turn it is
	marks  []mark
	layers layers
	form   form
	foot   foot
}

func newBinder(ctx context.Context, out io.Writer, parts []Input) *binder {
	b := &binder{press: newPress(ctx, &book{objects: map[int]any{}}, out)}
	for _, part := range parts {
		for range part.Pages {
			if len(b.pages)%pagesAbove == 0 {
				b.nodes = append(b.nodes, placed(b.reserve()))
			}
			b.pages = append(b.pages, placed(b.reserve()))
		}
	}
	return b
}

// part writes the pages of one part, and what can be reached from them.
func (b *binder) part(index int, part Input) error {
	pdf, err := part.Open()
	if err != nil {
		return fmt.Errorf("open part %d: %w", index+1, err)
	}
	err = b.take(part, index+1, pdf)
	if closed := pdf.Close(); err == nil {
		err = closed
	}
	if qms.CodeOf(err) == qms.CodeInvalid {
		return &BadInput{index, err}
	}
	return err
}

func (b *binder) take(part Input, number int, pdf io.ReadSeeker) error {
	read, err := open(b.ctx, pdf)
	if err != nil {
		return err
	}
	leaves, err := read.leaves()
	if err == nil && len(leaves) != part.Pages {
		err = fmt.Errorf("%w: %d pages instead of %d", errBent, len(leaves), part.Pages)
	}
	if err != nil {
		return late(b.ctx, err)
	}
	b.book, b.numbers = read, make(map[int]int, len(read.objects))
	places := map[int]int{}
	for i, page := range leaves {
		old := page.ref.ObjectNumber.Value()
		places[old] = b.next + i
		b.numbers[old] = int(b.pages[b.next+i])
	}
	ways := &ways{binder: b, places: places, links: part.Links}
	b.bookmarks(part, ways)
	b.takeLayers()
	if err := b.takeForm(number); err != nil {
		return late(b.ctx, err)
	}
	if err := b.setFoot(part, leaves); err != nil {
		return late(b.ctx, err)
	}
	for i, page := range leaves {
		ways.of(page.Dict)
		for _, key := range leftBehind {
			delete(page.Dict, key)
		}
		page.Dict["Parent"] = b.nodes[(b.next+i)/pagesAbove]
		b.queue = append(b.queue, page.ref.ObjectNumber.Value())
	}
	b.next += len(leaves)
	err = late(b.ctx, b.drain())
	b.book, b.numbers = &book{objects: map[int]any{}}, map[int]int{}
	return err
}

// leftBehind are the entries of a page that lead to what only its own file has.
var leftBehind = []string{"StructParents", "B", "PieceInfo", "Metadata", "AA"}

// end writes the tree of pages, the bookmarks and the catalog.
func (b *binder) end(about Bound) error {
	tree, err := b.tree()
	if err != nil {
		return err
	}
	a := about.properties()
	root := types.Dict{
		"Type": types.Name("Catalog"), "Pages": tree, "Lang": hexText(about.Language),
		"ViewerPreferences": types.Dict{"DisplayDocTitle": types.Boolean(true)},
	}
	if outlines, err := b.outlines(); err != nil {
		return err
	} else if outlines != 0 {
		root["Outlines"], root["PageMode"] = outlines, types.Name("UseOutlines")
	}
	b.layers.into(root)
	b.form.into(root)
	metadata := placed(b.reserve())
	x := a.xmp(about.Language)
	if err := b.object(int(metadata), x); err != nil {
		return err
	}
	root["Metadata"] = metadata
	catalog, info := b.reserve(), b.reserve()
	if err := b.object(catalog, root); err != nil {
		return err
	}
	if err := b.object(info, a.info()); err != nil {
		return err
	}
	if err := b.pack(); err != nil {
		return err
	}
	// The identifier need not follow from the bytes, only differ between files (ISO 32000-1, 14.4).
	id := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%d\n%d\n%d", about.Title, about.MadeAt.UTC().Format(time.RFC3339Nano), len(b.pages), b.next, b.written))
	b.id = id[:]
	return b.finish(catalog, info)
}

func (a Bound) properties() about {
	return about{title: a.Title, subject: a.Subject, author: a.Author, keywords: a.Title, made: a.MadeAt.UTC()}
}

// tree sets the pages under nodes, each of a hundred, and returns the topmost.
func (b *binder) tree() (placed, error) {
	type node struct {
		placed
		kids  []placed
		count int
	}
	var level []node
	for i, n := range b.nodes {
		kids := b.pages[i*pagesAbove : min((i+1)*pagesAbove, len(b.pages))]
		level = append(level, node{n, kids, len(kids)})
	}
	write := func(n node, parent placed) error {
		d := types.Dict{"Type": types.Name("Pages"), "Count": types.Integer(n.count)}
		kids := make(types.Array, len(n.kids))
		for i, k := range n.kids {
			kids[i] = k
		}
		d["Kids"] = kids
		if parent != 0 {
			d["Parent"] = parent
		}
		return b.object(int(n.placed), d)
	}
	for len(level) > 1 {
		var above []node
		for from := 0; from < len(level); from += pagesAbove {
			up := node{placed: placed(b.reserve())}
			for _, n := range level[from:min(from+pagesAbove, len(level))] {
				up.kids, up.count = append(up.kids, n.placed), up.count+n.count
				if err := write(n, up.placed); err != nil {
					return 0, err
				}
			}
			above = append(above, up)
		}
		level = above
	}
	if len(level) == 0 {
		return 0, fmt.Errorf("bind: no pages")
	}
	return level[0].placed, write(level[0], 0)
}
