package rendition

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Bounds of one object stream.
const (
	packedCount = 200
	packedBytes = 64 << 10
)

// attached is a stream whose content is copied when its turn comes, not held.
type attached struct {
	types.Dict
	content io.Reader
	size    int64
}

// press writes a book: what can be reached from the catalog, in the order in which it is reached,
// under new numbers, so that equal books become equal bytes. Nothing else that the file held is kept.
type press struct {
	ctx     context.Context
	book    *book
	out     *bufio.Writer
	sum     hash.Hash // of what was written, for the file's identifier; nil when that is given
	id      []byte
	written int64
	numbers map[int]int // new by old
	queue   []int       // old numbers whose objects are still to be written
	next    int         // the next new number
	places  []place     // by new number
	packed  bytes.Buffer
	index   bytes.Buffer
	held    []int // new numbers of the packed objects
	packer  packer
}

// place is where an object stands: at an offset, or within an object stream.
type place struct {
	in int // the new number of the object stream; zero when there is none
	at int64
}

// print writes the book with its catalog and its document information.
func (b *book) print(ctx context.Context, out io.Writer, info types.Dict) (int64, error) {
	p := newPress(ctx, b, out)
	p.sum = sha256.New()
	root, about := p.refer(b.add(b.root).ObjectNumber.Value()), p.refer(b.add(info).ObjectNumber.Value())
	if err := p.begin(); err != nil {
		return 0, err
	}
	if err := p.drain(); err != nil {
		return 0, err
	}
	if err := p.pack(); err != nil {
		return 0, err
	}
	if err := p.finish(root, about); err != nil {
		return 0, err
	}
	return p.written, p.out.Flush()
}

func newPress(ctx context.Context, b *book, out io.Writer) *press {
	return &press{ctx: ctx, book: b, out: bufio.NewWriterSize(out, 256<<10), numbers: map[int]int{}, next: 1, places: make([]place, 1), packer: newPacker()}
}

// begin writes the head of the file. Its comment of high bytes says to transports that this is no text
// (ISO 32000-1, 7.5.2).
func (p *press) begin() error { return p.raw([]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")) }

// drain writes what was referred to, and what that refers to.
func (p *press) drain() error {
	for len(p.queue) > 0 {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		old := p.queue[0]
		p.queue = p.queue[1:]
		if err := p.object(p.numbers[old], p.book.objects[old]); err != nil {
			return err
		}
	}
	return nil
}

// refer is the new number of an object, which is to be written if it is not yet.
func (p *press) refer(old int) int {
	if n, known := p.numbers[old]; known {
		return n
	}
	p.numbers[old] = p.reserve()
	p.queue = append(p.queue, old)
	return p.numbers[old]
}

func (p *press) reserve() int {
	p.next++
	p.places = append(p.places, place{})
	return p.next - 1
}

func (p *press) raw(b []byte) error {
	n, err := p.out.Write(b)
	if p.sum != nil {
		p.sum.Write(b[:n])
	}
	p.written += int64(n)
	return err
}

func (p *press) object(number int, o any) error {
	switch o := o.(type) {
	case types.StreamDict:
		return p.stream(number, o.Dict, int64(len(o.Raw)), bytes.NewReader(o.Raw))
	case *attached:
		return p.stream(number, o.Dict, o.size, o.content)
	case unread:
		return fmt.Errorf("%w: object unreadable", errBent)
	}
	p.index.WriteString(strconv.Itoa(number) + " " + strconv.Itoa(p.packed.Len()) + " ")
	object, _ := o.(types.Object)
	if err := p.say(&p.packed, object, 0); err != nil {
		return err
	}
	p.packed.WriteByte('\n')
	p.held = append(p.held, number)
	if len(p.held) >= packedCount || p.packed.Len() >= packedBytes {
		return p.pack()
	}
	return nil
}

// pack writes the objects that are held as one object stream (ISO 32000-1, 7.5.7).
func (p *press) pack() error {
	if len(p.held) == 0 {
		return nil
	}
	number := p.reserve()
	for i, n := range p.held {
		p.places[n] = place{in: number, at: int64(i)}
	}
	d := types.Dict{"Type": types.Name("ObjStm"), "N": types.Integer(len(p.held)), "First": types.Integer(p.index.Len())}
	content := p.packer.deflate(append(p.index.Bytes(), p.packed.Bytes()...), d)
	p.held = p.held[:0]
	p.index.Reset()
	p.packed.Reset()
	return p.stream(number, d, int64(len(content)), bytes.NewReader(content))
}

// packer deflates one content after another; to make one takes longer than to use it.
type packer struct{ z *zlib.Writer }

func newPacker() packer { return packer{zlib.NewWriter(io.Discard)} }

// deflate packs the content and says so in the dictionary.
func (k packer) deflate(content []byte, d types.Dict) []byte {
	var packed bytes.Buffer
	k.z.Reset(&packed)
	_, _ = k.z.Write(content) // into memory: neither can fail
	_ = k.z.Close()
	d["Filter"] = types.Name("FlateDecode")
	return packed.Bytes()
}

func (p *press) stream(number int, d types.Dict, length int64, content io.Reader) error {
	p.places[number] = place{at: p.written}
	d["Length"] = types.Integer(length)
	var head bytes.Buffer
	head.WriteString(strconv.Itoa(number) + " 0 obj\n")
	if err := p.say(&head, d, 0); err != nil {
		return err
	}
	head.WriteString("\nstream\n")
	if err := p.raw(head.Bytes()); err != nil {
		return err
	}
	n, err := p.copy(content)
	if err != nil {
		return err
	}
	if n != length {
		return fmt.Errorf("a content of %d bytes had %d", length, n)
	}
	return p.raw([]byte("\nendstream\nendobj\n"))
}

func (p *press) copy(content io.Reader) (n int64, err error) {
	block := make([]byte, 128<<10)
	for {
		if err := p.ctx.Err(); err != nil {
			return n, err
		}
		k, readErr := content.Read(block)
		n += int64(k)
		if err := p.raw(block[:k]); err != nil {
			return n, err
		}
		switch {
		case readErr == io.EOF:
			return n, nil
		case readErr != nil:
			return n, fmt.Errorf("read the original: %w", readErr)
		}
	}
}

// finish writes the cross-reference stream (ISO 32000-1, 7.5.8), which is the trailer too.
func (p *press) finish(root, info int) error {
	number := p.reserve()
	start := p.written
	p.places[number] = place{at: start}
	table := make([]byte, 0, 8*len(p.places))
	for n, at := range p.places {
		kind, value, extra := byte(1), at.at, int64(0)
		switch {
		case n == 0:
			kind, value, extra = 0, 0, 0xFFFF
		case at.in > 0:
			kind, value, extra = 2, int64(at.in), at.at
		}
		table = append(table, kind, byte(value>>32), byte(value>>24), byte(value>>16), byte(value>>8), byte(value), byte(extra>>8), byte(extra))
	}
	if p.sum != nil {
		p.id = p.sum.Sum(nil)
	}
	id := types.HexLiteral(hex.EncodeToString(p.id[:16]))
	d := types.Dict{
		"Type": types.Name("XRef"), "Size": types.Integer(len(p.places)), "W": integers(1, 5, 2), "ID": types.Array{id, id},
	}
	content := p.packer.deflate(table, d)
	d["Length"] = types.Integer(len(content))
	var head bytes.Buffer
	head.WriteString(strconv.Itoa(number) + " 0 obj\n")
	if err := p.say(&head, d, 0); err != nil {
		return err
	}
	// Root and Info are new numbers already: they are written beside the dictionary's translation.
	closed := bytes.TrimSuffix(head.Bytes(), []byte(">>"))
	closed = fmt.Appendf(closed, "/Root %d 0 R/Info %d 0 R>>\nstream\n", root, info)
	return p.raw(fmt.Appendf(append(closed, content...), "\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", start))
}

// say writes an object as a PDF has it, references under their new numbers.
func (p *press) say(w *bytes.Buffer, o types.Object, depth int) error {
	if depth > 4*maxDepth {
		return errSpent
	}
	switch o := o.(type) {
	case types.IndirectRef:
		return p.sayReference(w, o)
	case types.Dict:
		return p.sayDict(w, o, depth)
	case types.Array:
		w.WriteByte('[')
		for i, v := range o {
			if i > 0 {
				w.WriteByte(' ')
			}
			if err := p.say(w, v, depth+1); err != nil {
				return err
			}
		}
		w.WriteByte(']')
	case placed:
		w.WriteString(strconv.Itoa(int(o)) + " 0 R")
	case types.Float:
		w.WriteString(strconv.FormatFloat(float64(o), 'f', -1, 64))
	case types.Boolean, types.Integer, types.Name, types.StringLiteral, types.HexLiteral:
		w.WriteString(o.PDFString())
	default:
		w.WriteString("null")
	}
	return nil
}

func (p *press) sayReference(w *bytes.Buffer, ref types.IndirectRef) error {
	old := ref.ObjectNumber.Value()
	if p.book.objects[old] == nil {
		w.WriteString("null") // a reference to nothing is null (ISO 32000-1, 7.3.10)
		return nil
	}
	w.WriteString(strconv.Itoa(p.refer(old)) + " 0 R")
	return nil
}

func (p *press) sayDict(w *bytes.Buffer, d types.Dict, depth int) error {
	d = p.book.harmless(d)
	keys := make([]string, 0, len(d))
	for k := range d {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	w.WriteString("<<")
	for _, k := range keys {
		w.WriteString("/" + types.EncodeName(k) + " ")
		if err := p.say(w, d[k], depth+1); err != nil {
			return err
		}
	}
	w.WriteString(">>")
	return nil
}
