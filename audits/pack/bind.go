package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"maillon/audits/pack/archive"
	"maillon/documents/rendition"
	"maillon/qms/aside"
	"maillon/qms/locale"
)

// heldInMemory is the largest rendition that is held in memory while it is bound; a larger one goes
// through a temporary file.
const heldInMemory = 32 << 20

// bind prints the sections and binds the documents in force to them, into a temporary file. One that
// cannot be bound is left out, with its reason, and all is printed again: pages have moved.
func (d *Draft) bind(ctx context.Context, progress Progress) ([]archive.Section, *archive.Measured, error) {
	c := d.contents
	for {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		progress(StepPrint, 0, 0)
		front, err := printSections(c)
		if err != nil {
			return nil, nil, err
		}
		inputs, of := d.inputs(ctx, front, progress)
		measured, err := d.boundTo(ctx, inputs)
		var bad *rendition.BadInput
		if !errors.As(err, &bad) || bad.Index == 0 {
			return front.sections, measured, err
		}
		r := &c.Renditions[of[bad.Index]]
		r.Pages, r.Why = 0, saying(c.Language, bad.Err)
	}
}

// inputs are the pages of the sections and the renditions that can be bound; of is the index of each
// among the latter.
func (d *Draft) inputs(ctx context.Context, front *printedSections, progress Progress) (inputs []rendition.Input, of []int) {
	c, say := d.contents, locale.For(d.contents.Language)
	numbered := func(page, of int) string { return c.Number + " · " + say.T("pack.page_of", page, of) }
	inputs = append(inputs, rendition.Input{Pages: front.pages, Links: true, Open: func() (io.ReadSeekCloser, error) {
		return held{bytes.NewReader(front.pdf), nil}, nil
	}})
	of = append(of, -1)
	for i, r := range c.Renditions {
		if r.Pages == 0 || r.File < 0 {
			continue
		}
		of = append(of, i)
		inputs = append(inputs, rendition.Input{Pages: r.Pages, Level: 1, Title: r.Code + " – " + r.Title, Foot: numbered, Open: func() (io.ReadSeekCloser, error) {
			progress(StepBind, i, len(c.Renditions))
			return d.read(ctx, &c.Files[r.File])
		}})
	}
	return inputs, of
}

func (d *Draft) boundTo(ctx context.Context, inputs []rendition.Input) (measured *archive.Measured, err error) {
	if d.pdf != "" {
		if err := os.Remove(d.pdf); err != nil {
			return nil, err
		}
	}
	out, err := aside.File("pdf")
	if err != nil {
		return nil, fmt.Errorf("bind pack: %w", err)
	}
	d.pdf = out.Name()
	defer func() { err = errors.Join(err, out.Close()) }()
	meter := archive.NewMeter()
	if _, err := rendition.Bind(ctx, io.MultiWriter(out, meter), d.contents.about(), inputs); err != nil {
		return nil, fmt.Errorf("bind pack: %w", err)
	}
	return meter.Measured(), nil
}

// held is a file in memory or aside that is gone when it is closed.
type held struct {
	io.ReadSeeker
	aside *os.File
}

func (h held) Close() error {
	if h.aside == nil {
		return nil
	}
	return errors.Join(h.aside.Close(), os.Remove(h.aside.Name()))
}

// read reads a file whole and measures it on the way: it must be what its digest says.
func (d *Draft) read(ctx context.Context, f *File) (_ io.ReadSeekCloser, err error) {
	r, err := f.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", f.Entry, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	meter := archive.NewMeter()
	out, to := held{}, io.Writer(&d.held)
	d.held.Reset()
	if f.Size > heldInMemory {
		if out.aside, err = aside.File("bind"); err != nil {
			return nil, fmt.Errorf("bind pack: %w", err)
		}
		to = out.aside
	}
	if _, err := io.Copy(io.MultiWriter(to, meter), r); err != nil {
		return nil, errors.Join(fmt.Errorf("read %s: %w", f.Entry, err), out.Close())
	}
	f.Measured = meter.Measured()
	if f.SHA256 != [32]byte{} && f.SHA256 != f.Measured.SHA256 {
		return nil, errors.Join(fmt.Errorf("read %s: the content is not the one of its digest", f.Entry), out.Close())
	}
	if out.ReadSeeker = out.aside; out.aside == nil {
		out.ReadSeeker = bytes.NewReader(d.held.Bytes())
	}
	return out, nil
}
