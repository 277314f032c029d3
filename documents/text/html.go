package text

import (
	"fmt"
	"io"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// silent elements say nothing to a reader.
var silent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Noscript: true, atom.Svg: true, atom.Iframe: true,
}

// inline elements do not end the paragraph they are in; all others do.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Bdi: true, atom.Bdo: true, atom.Cite: true, atom.Code: true,
	atom.Data: true, atom.Del: true, atom.Dfn: true, atom.Em: true, atom.Font: true, atom.I: true, atom.Img: true,
	atom.Ins: true, atom.Kbd: true, atom.Label: true, atom.Mark: true, atom.Q: true, atom.S: true, atom.Samp: true,
	atom.Small: true, atom.Span: true, atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.Time: true,
	atom.Tt: true, atom.U: true, atom.Var: true, atom.Wbr: true,
}

// readHTML goes through the tokens and builds no tree, so that nesting costs nothing.
func readHTML(f *file) error {
	decoded, err := charset.NewReader(io.NewSectionReader(f.r, 0, f.size), "")
	if err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	z := html.NewTokenizer(decoded)
	z.SetMaxBuf(maxToken)
	h := hypertext{file: f}
	for {
		if err := f.goOn(); err != nil {
			return err
		}
		switch z.Next() {
		case html.ErrorToken:
			switch z.Err() {
			case io.EOF:
				f.endHeading()
				return nil
			case html.ErrBufferExceeded:
				return errBomb
			}
			return fmt.Errorf("%w: %w", errDamaged, z.Err())
		case html.TextToken:
			h.say(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			h.open(atom.Lookup(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			h.close(atom.Lookup(name))
		}
	}
}

type hypertext struct {
	*file
	silence atom.Atom // the silent element we are in
	inTitle bool
}

func (h *hypertext) say(s string) {
	switch {
	case h.silence != 0:
	case h.inTitle:
		if len(h.metaTitle) < maxTitle {
			h.metaTitle += s
		}
	default:
		h.write(s)
	}
}

func (h *hypertext) open(tag atom.Atom) {
	switch {
	case h.silence != 0:
	case silent[tag]:
		h.silence = tag
	case tag == atom.Title:
		h.inTitle = true
	case tag == atom.Td, tag == atom.Th:
		h.after(cellEnd)
	case !inline[tag]:
		h.after(endOf(tag))
		if tag == atom.H1 {
			h.beginHeading()
		}
	}
}

func (h *hypertext) close(tag atom.Atom) {
	switch {
	case h.silence != 0:
		if tag == h.silence {
			h.silence = 0
		}
	case tag == atom.Title:
		h.inTitle = false
	case tag == atom.Td, tag == atom.Th:
		h.after(cellEnd)
	case !inline[tag]:
		if tag == atom.H1 {
			h.endHeading()
		}
		h.after(endOf(tag))
	}
}

// endOf is what separates an element that is not inline from what stands around it. Many tables do
// not close their cells and rows: the next one's beginning does.
func endOf(tag atom.Atom) separator {
	if tag == atom.Tr || tag == atom.Table {
		return rowEnd
	}
	return paragraphEnd
}
