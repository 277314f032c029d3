package rendition

import (
	"fmt"
	"maps"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// maxFields is how many fields of forms a bound file has at the top.
const maxFields = 10_000

// form is the interactive form of a bound file (ISO 32000-1, 12.7): that of each input below a field with
// a name of its own, since fields of one name would show one value.
type form struct {
	fields  types.Array
	fonts   types.Dict
	style   types.Object
	compute bool // readers are to compute appearances
}

// takeForm takes over the fields of the input that is the n-th.
func (b *binder) takeForm(n int) error {
	own := b.book.dict(b.book.root["AcroForm"])
	list := b.book.array(own["Fields"])
	if len(list) == 0 || len(list) > maxFields {
		return nil
	}
	above := placed(b.reserve())
	var kids types.Array
	for _, o := range list {
		ref, ok := o.(types.IndirectRef)
		d := b.book.dict(o)
		if !ok || d == nil {
			continue
		}
		d = maps.Clone(d)
		d["Parent"] = above
		old := ref.ObjectNumber.Value()
		b.book.objects[old] = d
		kids = append(kids, placed(b.refer(old)))
	}
	field := types.Dict{"T": hexText(fmt.Sprintf("d%d", n)), "Kids": kids}
	if da, ok := b.book.follow(own["DA"]).(types.StringLiteral); ok {
		field["DA"] = da
		b.form.style = da
	}
	for name, o := range b.book.dict(b.book.dict(own["DR"])["Font"]) {
		ref, ok := o.(types.IndirectRef)
		if ok && b.form.fonts[name] == nil && len(b.form.fonts) < maxFields {
			if b.form.fonts == nil {
				b.form.fonts = types.Dict{}
			}
			b.form.fonts[name] = placed(b.refer(ref.ObjectNumber.Value()))
		}
	}
	b.form.compute = b.form.compute || b.book.follow(own["NeedAppearances"]) == types.Boolean(true)
	b.form.fields = append(b.form.fields, above)
	return b.object(int(above), field)
}

func (f form) into(root types.Dict) {
	if len(f.fields) == 0 {
		return
	}
	d := types.Dict{"Fields": f.fields}
	if f.fonts != nil {
		d["DR"] = types.Dict{"Font": f.fonts}
	}
	if f.style != nil {
		d["DA"] = f.style
	}
	if f.compute {
		d["NeedAppearances"] = types.Boolean(true)
	}
	root["AcroForm"] = d
}
