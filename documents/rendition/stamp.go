package rendition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"maillon/qms"
)

// Made says what was written.
type Made struct {
	Pages  int   // of the whole rendition
	Covers int   // of these, pages of the cover
	Size   int64 // bytes
}

// Bounds of what is stamped. What is larger can still be enclosed.
const (
	MaxStamped  = 200_000_000 // bytes of a PDF
	MaxPages    = 5_000
	MaxEnclosed = 8_000_000_000 // bytes of an original
)

// ErrTooLarge matches (errors.Is) the refusal of a file above the bounds: enclose it instead.
var ErrTooLarge = qms.Invalid("rendition.too_large")

// Stamp writes to out the PDF with the cover in front and, on every page, header, footer and the
// mark if there is one. Nothing is written before pdf was read whole; after an error what was written
// is to be thrown away. Every refusal is an error of qms with a key "rendition.*".
func Stamp(ctx context.Context, out io.Writer, pdf io.ReadSeeker, c Cover, m Mark) (Made, error) {
	b, err := open(ctx, pdf)
	if err != nil {
		return Made{}, err
	}
	made, err := b.stamp(ctx, out, c, m)
	return made, late(ctx, err)
}

func (b *book) stamp(ctx context.Context, out io.Writer, c Cover, m Mark) (Made, error) {
	if form := b.dict(b.root["AcroForm"]); form["XFA"] != nil && b.follow(b.root["NeedsRendering"]) == types.Boolean(true) {
		return Made{}, qms.Invalid("rendition.dynamic_form")
	}
	body, err := b.leaves()
	if err != nil {
		return Made{}, err
	}
	sizes := make([]size, len(body))
	for i, page := range body {
		sizes[i] = page.box.seen()
	}
	front, covers, err := b.front(ctx, c, m, false, sizes)
	if err != nil {
		return Made{}, err
	}
	over := newOverlay(b, formName)
	pages := front[:covers:covers]
	for i, page := range body {
		if err := ctx.Err(); err != nil {
			return Made{}, err
		}
		if err := over.lay(page, b.dict(front[covers+i])); err != nil {
			return Made{}, err
		}
		pages = append(pages, page.ref)
	}
	return b.bind(ctx, out, pages, covers, c)
}

// front prints the cover and the furniture, and takes both into the book.
func (b *book) front(ctx context.Context, c Cover, m Mark, enclosed bool, body []size) (pages []types.IndirectRef, covers int, err error) {
	document, covers, err := compose(c, m, enclosed, body)
	if err != nil {
		return nil, 0, fmt.Errorf("print the cover: %w", err)
	}
	own, err := parse(ctx, bytes.NewReader(document))
	if err != nil {
		return nil, 0, ours(err)
	}
	leaves, err := own.leaves()
	if err != nil {
		return nil, 0, ours(err)
	}
	moved := b.absorb(own)
	for _, page := range leaves {
		pages = append(pages, moved(page.ref).(types.IndirectRef))
	}
	return pages, covers, nil
}

// ours is a fault in what was printed here: its cause is not in the chain, where it would be taken
// for a fault of the file.
func ours(cause error) error { return errors.New("read the cover: " + cause.Error()) }

// bind sets the pages under a new catalog and writes the book.
func (b *book) bind(ctx context.Context, out io.Writer, pages []types.IndirectRef, covers int, c Cover) (Made, error) {
	a := aboutOf(c)
	b.dress(b.tree(pages), covers, c, b.add(a.xmp(c.Language)))
	size, err := b.print(ctx, out, a.info())
	return Made{Pages: len(pages), Covers: covers, Size: size}, err
}

// Enclose writes to out the cover, which says that the original is attached, and the original as an
// embedded file. The original is streamed, whatever its format, up to MaxEnclosed.
func Enclose(ctx context.Context, out io.Writer, original io.ReadSeeker, c Cover, m Mark) (Made, error) {
	length, err := original.Seek(0, io.SeekEnd)
	if err != nil {
		return Made{}, fmt.Errorf("measure the original: %w", err)
	}
	if length > MaxEnclosed {
		return Made{}, tooLarge(length, MaxEnclosed)
	}
	if _, err := original.Seek(0, io.SeekStart); err != nil {
		return Made{}, fmt.Errorf("rewind the original: %w", err)
	}
	b := &book{objects: map[int]any{}, next: firstOwn, root: types.Dict{}}
	front, covers, err := b.front(ctx, c, m, true, nil)
	if err != nil {
		return Made{}, err
	}
	b.attach(c, original, length)
	return b.bind(ctx, out, front, covers, c)
}

// kinds are the media types of what is enclosed; the tables of the machine would differ between two.
var kinds = map[string]string{
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".odt":  "application/vnd.oasis.opendocument.text",
	".ods":  "application/vnd.oasis.opendocument.spreadsheet",
	".odp":  "application/vnd.oasis.opendocument.presentation",
	".pdf":  "application/pdf", ".html": "text/html", ".md": "text/markdown", ".txt": "text/plain", ".csv": "text/csv",
}

// attach makes the original an embedded file of the book (ISO 32000-1, 7.11.4).
func (b *book) attach(c Cover, original io.Reader, length int64) {
	name := fileName(c.Original.Name)
	d := types.Dict{"Type": types.Name("EmbeddedFile"), "Params": types.Dict{"Size": types.Integer(length)}}
	if kind := kinds[strings.ToLower(path.Ext(name))]; kind != "" {
		d["Subtype"] = types.Name(kind)
	}
	content := b.add(&attached{d, original, length})
	file := b.add(types.Dict{
		"Type": types.Name("Filespec"), "F": hexText(name), "UF": hexText(name), "AFRelationship": types.Name("Source"),
		"EF": types.Dict{"F": content, "UF": content}, "Desc": hexText(c.Code + " – " + c.Title),
	})
	b.root["Names"] = types.Dict{"EmbeddedFiles": types.Dict{"Names": types.Array{hexText(name), file}}}
	b.root["PageMode"] = types.Name("UseAttachments")
}
