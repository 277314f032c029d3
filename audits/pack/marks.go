package pack

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// marks are the pages of the places that others refer to, by their names. As page numbers are known only
// when everything is set, a composition uses those of the one before (see Print).
type marks struct {
	before map[string]int // pages, as the composition before found them; negative for one that is bound behind
	found  map[string]int
	jumps  map[string]int // links of the PDF to them
}

// expect makes a link to every place that the composition before found, in a fixed order: the same pack
// has the same bytes.
func (p *paper) expect(before map[string]int) {
	p.marks = marks{before: before, found: map[string]int{}, jumps: make(map[string]int, len(before))}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if before[name] > 0 {
			p.marks.jumps[name] = p.PDF.AddLink()
		}
	}
}

// mark notes that the place is here. Where there are two of a name, the last one counts: what is listed
// first is told in full later.
func (p *paper) mark(name string, y float64) {
	if p.marks.found == nil {
		return
	}
	p.marks.found[name] = p.PDF.PageNo()
	if jump, known := p.marks.jumps[name]; known {
		p.PDF.SetLink(jump, y, p.PDF.PageNo())
	}
}

// follow notes the mark of a line, and lays its link over it.
func (p *paper) follow(l laid, x, y, width float64) {
	if l.mark != "" {
		p.mark(l.mark, y)
	}
	switch {
	case l.link > 0:
		p.PDF.Link(x, y, width, l.face.Lead(), l.link)
	case l.link < 0:
		p.PDF.LinkString(x, y, width, l.face.Lead(), fmt.Sprintf("#page=%d", -l.link)) // binding makes it a way within the file
	}
}

// markBound notes that the place is a page that is bound behind the sections.
func (p *paper) markBound(name string, page int) {
	if p.marks.found != nil {
		p.marks.found[name] = -page
	}
}

// ref is a reference in words, with the link to its place: a page that is bound behind when negative, zero
// where it leads to no page. A first composition, which knows no page yet, leaves as much room as one that
// does.
func (p *paper) ref(r Ref) (words string, link int) {
	words = r.Text
	if name := p.names[r.File]; name != "" {
		if words != "" && !strings.HasSuffix(name, words) {
			name = p.say.T("pack.ref_file", words, name)
		}
		words = name
	}
	page, link := p.marks.before[r.Mark], p.marks.jumps[r.Mark]
	if page < 0 {
		page, link = -page, page
	}
	if p.marks.before == nil {
		page = 100
	}
	switch {
	case r.Mark == "" || page == 0:
		return words, 0
	case words == "":
		return p.say.T("pack.page", page), link
	}
	return p.say.T("pack.ref_page", words, page), link
}
