package rendition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// firstOwn is the number of the first object that is added to a book: far above those of any file, so
// that a reference of the file that leads nowhere still does.
const firstOwn = 1 << 30

// book is the objects of a PDF under their numbers, free to be changed and added to.
type book struct {
	objects map[int]any // types.Object, or *attached
	next    int         // the number of the next new object
	root    types.Dict
}

var isNull = regexp.MustCompile(`^\s*\d+\s+\d+\s+obj\s*null`)

// newBook takes over what the library read. An object that is there and could not be read is damage:
// the library leaves it out, and a page would lose a part of itself without a word.
func newBook(ctx context.Context, read *model.Context, pdf io.ReadSeeker) (*book, error) {
	b := &book{objects: make(map[int]any, len(read.Table)), next: firstOwn}
	for number, entry := range read.Table {
		if entry == nil || entry.Free || number < 0 || number >= firstOwn {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		object := entry.Object
		switch o := object.(type) {
		case nil:
			if entry.Offset == nil || *entry.Offset <= 0 {
				continue
			}
			if !saysNull(pdf, *entry.Offset) {
				object = unread{}
			}
		case types.LazyObjectStreamObject:
			var err error
			if object, err = o.DecodedObject(ctx); err != nil {
				return nil, err
			}
		case types.ObjectStreamDict, types.XRefStreamDict:
			continue
		}
		if object != nil {
			b.objects[number] = object
		}
	}
	if read.Root == nil {
		return nil, fmt.Errorf("%w: no catalog", errBent)
	}
	if b.root = b.dict(*read.Root); b.root == nil {
		return nil, fmt.Errorf("%w: no catalog", errBent)
	}
	return b, nil
}

// unread stands for an object that the file holds and nobody can read.
type unread struct{}

func (unread) Clone() types.Object { return unread{} }
func (unread) String() string      { return "null" }
func (unread) PDFString() string   { return "null" }

func saysNull(pdf io.ReadSeeker, at int64) bool {
	if _, err := pdf.Seek(at, io.SeekStart); err != nil {
		return false
	}
	start := make([]byte, 64)
	n, err := io.ReadFull(pdf, start)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false
	}
	return isNull.Match(bytes.TrimSpace(start[:n]))
}

// follow is what a reference means in the end; nil when it leads nowhere or in a circle.
func (b *book) follow(o any) any {
	for range 16 {
		ref, ok := o.(types.IndirectRef)
		if !ok {
			return o
		}
		o = b.objects[ref.ObjectNumber.Value()]
	}
	return nil
}

// dict is the dictionary that o is or leads to, or nil.
func (b *book) dict(o any) types.Dict {
	d, _ := b.follow(o).(types.Dict)
	return d
}

func (b *book) array(o any) types.Array {
	a, _ := b.follow(o).(types.Array)
	return a
}

func (b *book) name(o any) string {
	n, _ := b.follow(o).(types.Name)
	return string(n)
}

func (b *book) number(o any) (float64, bool) {
	switch n := b.follow(o).(type) {
	case types.Integer:
		return float64(n), true
	case types.Float:
		return float64(n), true
	}
	return 0, false
}

// add gives the object a number.
func (b *book) add(o any) types.IndirectRef {
	b.objects[b.next] = o
	b.next++
	return *types.NewIndirectRef(b.next-1, 0)
}

// absorb adds every object of the other book, its streams packed, and returns what its references
// have become.
func (b *book) absorb(other *book) func(types.Object) types.Object {
	shift := b.next
	pack := newPacker()
	var moved func(o types.Object) types.Object
	moved = func(o types.Object) types.Object {
		switch o := o.(type) {
		case types.IndirectRef:
			return *types.NewIndirectRef(o.ObjectNumber.Value()+shift, 0)
		case types.Dict:
			d := make(types.Dict, len(o))
			for k, v := range o {
				d[k] = moved(v)
			}
			return d
		case types.Array:
			a := make(types.Array, len(o))
			for i, v := range o {
				a[i] = moved(v)
			}
			return a
		case types.StreamDict:
			o.Dict = moved(o.Dict).(types.Dict)
			if o.Dict["Filter"] == nil {
				o.Raw = pack.deflate(o.Raw, o.Dict)
			}
			return o
		}
		return o
	}
	for number, o := range other.objects {
		if object, ok := o.(types.Object); ok {
			b.objects[number+shift] = moved(object)
			b.next = max(b.next, number+shift+1)
		}
	}
	return moved
}

// stream is a stream of ours.
func stream(content []byte) types.StreamDict {
	return types.StreamDict{Dict: types.Dict{}, Raw: content}
}

func integers(numbers ...int) types.Array {
	a := make(types.Array, len(numbers))
	for i, n := range numbers {
		a[i] = types.Integer(n)
	}
	return a
}

func floats(numbers ...float64) types.Array {
	a := make(types.Array, len(numbers))
	for i, n := range numbers {
		a[i] = types.Float(n)
	}
	return a
}
