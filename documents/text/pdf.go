package text

import (
	"errors"
	"fmt"
	"io"

	"github.com/ledongthuc/pdf"
)

// Bounds of a PDF besides those of every file.
const (
	maxTreeDepth = 64        // of the page tree
	maxFormDepth = 8         // of forms drawn by forms
	maxForms     = 10_000    // drawn by all pages
	maxReread    = 64        // times the size of the file that the library may read from it
	maxMap       = 4 << 20   // bytes of one inflated map from codes to characters
	maxNodes     = 100_000   // of the page tree
	maxString    = 1 << 14   // bytes of one shown string
	maxPieces    = 1_000_000 // shown strings of one page
	maxOperators = 50_000_000
)

// readPDF says every page in its lines, from the top left to the bottom right of what is written.
func readPDF(f *file) error {
	source := &guarded{file: f, left: maxReread*f.size + maxReread<<20}
	document, err := pdf.NewReader(source, f.size)
	if err != nil {
		return f.unopened(err)
	}
	trailer := document.Trailer()
	f.metaTitle = trailer.Key("Info").Key("Title").Text()
	pages := &pageTree{file: f, fonts: map[string]*font{}}
	root := trailer.Key("Root").Key("Pages")
	if root.IsNull() {
		return errDamaged
	}
	if err := pages.walk(root, pdf.Value{}, 0); err != nil {
		return err
	}
	if pages.failed > 0 && pages.failed == f.pages {
		return errDamaged
	}
	f.truncated = pages.failed > 0
	return nil
}

// unopened tells a password from damage. The library reads only what needs no password or an empty
// one, by the older ciphers.
func (f *file) unopened(err error) error {
	encrypted, searchErr := f.contains([]byte("/Encrypt"))
	switch {
	case searchErr != nil:
		return searchErr
	case encrypted, errors.Is(err, pdf.ErrInvalidPassword):
		return errEncrypted
	}
	return fmt.Errorf("%w: %w", errDamaged, err)
}

// guarded ends the library's loops: it reads the file time and again, however it goes astray, so
// here is where time, and the sum of what it read, run out. It can only be stopped by a panic, which
// the page's or the file's recover takes up.
type guarded struct {
	*file
	left int64
}

func (g *guarded) ReadAt(p []byte, at int64) (int, error) {
	g.left -= int64(len(p))
	if g.left < 0 || g.late() {
		panic(errStop)
	}
	return g.r.ReadAt(p, at)
}

// pageTree goes through the pages by itself: the library begins at the root for each of them, and
// follows parents without end in a file made to that purpose.
type pageTree struct {
	*file
	fonts  map[string]*font
	nodes  int
	failed int // pages that could not be read
	ran    int // operators
	drawn  int // forms
}

func (t *pageTree) walk(node, resources pdf.Value, depth int) error {
	if err := t.goOn(); err != nil {
		return err
	}
	if t.nodes++; depth > maxTreeDepth || t.nodes > maxNodes {
		return errBomb
	}
	if own := node.Key("Resources"); !own.IsNull() {
		resources = own
	}
	kids := node.Key("Kids")
	if node.Key("Type").Name() != "Pages" && kids.Len() == 0 {
		return t.page(node, resources)
	}
	for i := range kids.Len() {
		if err := t.walk(kids.Index(i), resources, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// page reads one page; one that is broken does not take the others with it.
func (t *pageTree) page(node, resources pdf.Value) (err error) {
	if t.pages++; t.pages > maxPages {
		t.pages--
		return errStop
	}
	p := &page{pageTree: t}
	defer func() {
		if broken := recover(); broken != nil {
			t.failed++
			if err = t.goOn(); broken == errBomb || broken == errStop {
				err = broken.(error)
			}
		}
		p.say(t.pages == 1)
	}()
	if err := p.show(node.Key("Contents"), resources, identity, 0); err != nil && !errors.Is(err, errDamaged) {
		return err
	}
	return nil
}

// measure inflates a stream, or the streams of an array, to nowhere: the library would hold what a
// bomb makes of it.
func measure(v pdf.Value, limit int64) error {
	streams := []pdf.Value{v}
	if v.Kind() == pdf.Array {
		streams = streams[:0]
		for i := range v.Len() {
			streams = append(streams, v.Index(i))
		}
	}
	for _, stream := range streams {
		if stream.Kind() != pdf.Stream {
			continue
		}
		r := stream.Reader()
		n, err := io.Copy(io.Discard, io.LimitReader(r, limit+1))
		r.Close()
		if limit -= n; limit < 0 {
			return errBomb
		}
		if err != nil && n == 0 {
			return fmt.Errorf("%w: %w", errDamaged, err)
		}
	}
	return nil
}
