package rendition

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"maillon/documents/rendition/typeface"
)

// footName is what the foot is called among the forms of a page.
const footName = "MaillonFoot"

// foot sets a line into the margin of bound pages: in the middle of where the footer of a rendition has
// nothing, on the same ground.
type foot struct {
	pen  *typeface.Pen
	font placed // one for all pages
}

// footFont is the font of the foot, as the pen calls it.
const footFont = "bold"

// takeFoot writes the font of what the pages are to say, with the letters that they need.
func (b *binder) takeFoot(parts []Input) error {
	letters := map[rune]bool{}
	at := 0
	for _, part := range parts {
		for range part.Pages {
			at++
			if part.Foot != nil {
				for _, r := range typeface.Plain(part.Foot(at, len(b.pages))) {
					letters[r] = true
				}
			}
		}
	}
	if len(letters) == 0 {
		return nil
	}
	b.foot.pen = typeface.New()
	own, font, err := b.foot.cut(b, letters)
	if err != nil {
		return err
	}
	b.book, b.numbers = own, map[int]int{}
	b.foot.font = placed(b.refer(font))
	err = b.drain()
	b.book, b.numbers = &book{objects: map[int]any{}}, map[int]int{}
	return err
}

// cut makes the font with those letters: a document that has them, and the number of the font in it.
func (f *foot) cut(b *binder, letters map[rune]bool) (own *book, font int, err error) {
	var all []rune
	for r := range letters {
		all = append(all, r)
	}
	slices.Sort(all)
	f.pen.PDF.AddPage()
	f.pen.At(10, 10, string(all), typeface.Of(footFont, 7, typeface.Soft))
	var out bytes.Buffer
	if err := f.pen.PDF.Output(&out); err != nil {
		return nil, 0, fmt.Errorf("print the foot: %w", err)
	}
	if own, err = parse(b.ctx, bytes.NewReader(out.Bytes())); err != nil {
		return nil, 0, ours(err)
	}
	leaves, err := own.leaves()
	if err != nil {
		return nil, 0, ours(err)
	}
	for _, o := range own.dict(own.dict(leaves[0].Dict["Resources"])["Font"]) {
		ref, ok := o.(types.IndirectRef)
		if ok && strings.HasSuffix(own.name(own.dict(ref)["BaseFont"]), footFont) {
			return own, ref.ObjectNumber.Value(), nil
		}
	}
	return nil, 0, ours(errors.New("it has no font"))
}

// form is the text as a form over a page of that box.
func (f *foot) form(on box, text string) types.StreamDict {
	seen := on.seen()
	u := scale(min(seen.width, seen.height) / pointsPerMM)
	face := typeface.Of(footFont, 7*u, typeface.Soft)
	text = typeface.Plain(text)
	wide := f.pen.Measure(text, face) * pointsPerMM
	x, y, em := (seen.width-wide)/2, 5*u*pointsPerMM, face.Size
	var c bytes.Buffer
	fmt.Fprintf(&c, "q /G gs 1 g %.2f %.2f %.2f %.2f re f Q\n", x-em*0.4, y-em*0.35, wide+em*0.8, em*1.3)
	fmt.Fprintf(&c, "BT %.3f %.3f %.3f rg /F %.2f Tf %.2f %.2f Td <", tint(face.Ink[0]), tint(face.Ink[1]), tint(face.Ink[2]), face.Size, x, y)
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&c, "%04X", unit)
	}
	c.WriteString("> Tj ET\n")
	form := stream(c.Bytes())
	form.Dict = types.Dict{
		"Type": types.Name("XObject"), "Subtype": types.Name("Form"), "BBox": floats(0, 0, seen.width, seen.height), "Matrix": on.matrix(),
		"Resources": types.Dict{
			"Font":      types.Dict{"F": f.font},
			"ExtGState": types.Dict{"G": types.Dict{"Type": types.Name("ExtGState"), "ca": types.Float(0.8)}},
		},
	}
	return form
}

func tint(of255 int) float64 { return float64(of255) / 255 }

// setFoot lays the foot of the part over its pages, the first of which is the next of the whole.
func (b *binder) setFoot(part Input, leaves []leaf) error {
	if part.Foot == nil {
		return nil
	}
	over := newOverlay(b.book, footName)
	for i, page := range leaves {
		if err := b.ctx.Err(); err != nil {
			return err
		}
		if err := over.draw(page, b.foot.form(page.box, part.Foot(b.next+i+1, len(b.pages)))); err != nil {
			return err
		}
	}
	return nil
}
