package rendition

import (
	"bytes"
	"fmt"
	"maps"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// maxScanned is how many bytes of contents are looked through for states that are left open.
const maxScanned = 1 << 30

// overlay lays furniture over the pages of a book without touching what they say: what a page drew
// is enclosed in a saved state, and the furniture is a form drawn after it.
type overlay struct {
	*book
	name    string                    // of the furniture among the forms of a page
	before  map[int]types.IndirectRef // streams that save so many states
	after   map[int]types.IndirectRef // streams that restore so many and draw the furniture, of that name
	scanned int64
}

const formName = "MaillonFurniture"

func newOverlay(b *book, name string) *overlay {
	return &overlay{book: b, name: name, before: map[int]types.IndirectRef{}, after: map[int]types.IndirectRef{}}
}

// lay draws the furniture, a page of its own of the same size as the reader sees, over the leaf.
func (o *overlay) lay(on leaf, furniture types.Dict) error {
	drawn, ok := o.follow(furniture["Contents"]).(types.StreamDict)
	if !ok {
		return fmt.Errorf("the furniture of a page has no content")
	}
	seen := on.box.seen()
	form := drawn
	form.Dict = maps.Clone(drawn.Dict)
	maps.Copy(form.Dict, types.Dict{
		"Type": types.Name("XObject"), "Subtype": types.Name("Form"), "Resources": furniture["Resources"],
		"BBox": floats(0, 0, seen.width, seen.height), "Matrix": on.box.matrix(),
	})
	return o.draw(on, form)
}

// draw draws the form over the leaf.
func (o *overlay) draw(on leaf, form types.StreamDict) error {
	resources := types.Dict{}
	maps.Copy(resources, o.dict(on.Dict["Resources"]))
	forms := types.Dict{}
	maps.Copy(forms, o.dict(resources["XObject"]))
	name := o.name
	for i := 1; forms[name] != nil; i++ {
		name = o.name + strconv.Itoa(i)
	}
	forms[name] = o.add(form)
	resources["XObject"] = forms
	on.Dict["Resources"] = resources
	contents, err := o.contents(on.Dict["Contents"])
	if err != nil {
		return err
	}
	opened, closed := o.balance(contents)
	on.Dict["Contents"] = append(append(types.Array{o.save(1 + closed)}, contents...), o.restore(1+opened, name))
	return nil
}

// contents are the streams of a page, every one of which must be there.
func (o *overlay) contents(entry types.Object) (types.Array, error) {
	var all types.Array
	switch v := o.follow(entry).(type) {
	case nil:
		return nil, nil
	case types.StreamDict:
		all = types.Array{entry}
	case types.Array:
		all = v
	default:
		return nil, fmt.Errorf("%w: a page has no readable content", errBent)
	}
	var streams types.Array
	for _, ref := range all {
		switch o.follow(ref).(type) {
		case types.StreamDict:
			streams = append(streams, ref)
		case nil, unread:
			return nil, fmt.Errorf("%w: the content of a page is missing", errBent)
		}
	}
	return streams, nil
}

func (o *overlay) save(states int) types.IndirectRef {
	if _, known := o.before[states]; !known {
		o.before[states] = o.add(stream(bytes.Repeat([]byte("q\n"), states)))
	}
	return o.before[states]
}

func (o *overlay) restore(states int, name string) types.IndirectRef {
	draw := "/Artifact <</Type /Pagination>> BDC\nq /" + name + " Do Q\nEMC\n"
	if name != o.name {
		return o.add(stream(append(bytes.Repeat([]byte("\nQ"), states), "\n"+draw...)))
	}
	if _, known := o.after[states]; !known {
		o.after[states] = o.add(stream(append(bytes.Repeat([]byte("\nQ"), states), "\n"+draw...)))
	}
	return o.after[states]
}

// balance counts the states that the contents of a page save and never restore, and those that they
// restore without having saved them: either would move the furniture. What cannot be read counts as
// balanced.
func (o *overlay) balance(streams types.Array) (opened, closed int) {
	if o.scanned > maxScanned {
		return 0, 0
	}
	var whole []byte
	for _, ref := range streams {
		s, _ := o.follow(ref).(types.StreamDict)
		if err := s.DecodeWithLimit(maxInflated); err != nil {
			return 0, 0
		}
		o.scanned += int64(len(s.Content))
		if len(whole)+len(s.Content) > maxInflated {
			return 0, 0
		}
		whole = append(append(whole, s.Content...), '\n')
	}
	return unbalanced(whole)
}

// maxStates is how deep states are nested in any page that is meant to be read.
const maxStates = 256

func unbalanced(content []byte) (opened, closed int) {
	for len(content) > 0 {
		c := content[0]
		switch {
		case c == '(':
			content = afterString(content)
			continue
		case c == '%':
			content = content[lineEnd(content):]
			continue
		case !regular(c):
			content = content[1:]
			continue
		}
		end := 1
		for end < len(content) && regular(content[end]) {
			end++
		}
		switch string(content[:end]) {
		case "q":
			opened++
		case "Q":
			if opened--; opened < 0 {
				opened, closed = 0, closed+1
			}
		case "ID":
			content = afterImage(content)
			continue
		}
		content = content[end:]
	}
	return min(opened, maxStates), min(closed, maxStates)
}

// regular tells the bytes of which operators, names and numbers are made.
func regular(c byte) bool {
	return c > ' ' && !bytes.ContainsRune([]byte("()<>[]{}%"), rune(c))
}

func lineEnd(content []byte) int {
	if at := bytes.IndexAny(content, "\r\n"); at >= 0 {
		return at
	}
	return len(content)
}

func afterString(content []byte) []byte {
	depth := 0
	for i := 0; i < len(content); i++ {
		switch content[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return content[i+1:]
			}
		}
	}
	return nil
}

// afterImage skips the bytes of an inline image (ISO 32000-1, 8.9.7) to the EI that ends it.
func afterImage(content []byte) []byte {
	for at := 2; ; {
		next := bytes.Index(content[at:], []byte("EI"))
		if next < 0 {
			return nil
		}
		at += next + 2
		if content[at-3] <= ' ' && (at == len(content) || content[at] <= ' ') {
			return content[at:]
		}
	}
}
