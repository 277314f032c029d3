package pack

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"

	"maillon/audits/pack/archive"
	"maillon/qms/trail"
)

// Step names what is being done while a pack is made; pack.step.STEP says it.
type Step = archive.Step

// Progress is told of a step and, when known, how much of it is done. It must return at once.
type Progress = archive.Progress

// The steps, in their order.
const (
	StepFacts      = archive.StepFacts // drawing proofs from the trail
	StepPrint Step = "print"           // setting the pages
	StepBind  Step = "bind"            // binding the documents in force to them
	StepFiles      = archive.StepFiles // reading files and checking their digests
	StepWrite      = archive.StepWrite // writing the archive
)

// Draft is a pack whose facts have been drawn, so that the trail is not needed any more.
type Draft struct {
	contents *Contents
	facts    *archive.Facts
	pdf      string // a temporary file
	held     bytes.Buffer
}

// Prepare draws the facts into a temporary file, which Close removes; nothing else of unbounded size
// is kept. Contents.Facts may read from a transaction that ends before Draft.Write is called.
func Prepare(ctx context.Context, c *Contents, progress Progress) (*Draft, error) {
	facts, err := archive.Spool(ctx, c.Facts, progress)
	if err != nil {
		return nil, errors.Join(err, c.Discard())
	}
	return &Draft{contents: c, facts: facts}, nil
}

// Close removes the temporary files.
func (d *Draft) Close() error {
	err := errors.Join(d.facts.Close(), d.contents.Discard())
	if d.pdf != "" {
		err = errors.Join(err, os.Remove(d.pdf))
	}
	return err
}

// Write writes the pack as a ZIP, signed with key. It fails, before it writes anything, when a file is
// missing or is not what its digest says. A document in force that cannot be bound is said so on its
// line, and attached all the same.
func (d *Draft) Write(ctx context.Context, w io.Writer, key trail.Key, progress Progress) error {
	progress = progress.OrNone()
	sections, measured, err := d.bind(ctx, progress)
	if err != nil {
		return err
	}
	c := d.contents
	return archive.Write(ctx, w, &archive.Contents{
		Language: c.Language, Number: c.Number, Platform: archive.Platform{Code: c.Platform.Code, Name: c.Platform.Name},
		AsOf: c.AsOf, GeneratedAt: c.GeneratedAt, Checkpoint: c.Checkpoint, Earlier: c.Earlier,
		PDF:      func(context.Context) (io.ReadCloser, error) { return os.Open(d.pdf) },
		Measured: measured, Sections: sections, Facts: d.facts, Files: c.Files,
	}, key, progress)
}

// Write is Prepare and Draft.Write for facts that stay readable.
func Write(ctx context.Context, w io.Writer, c *Contents, key trail.Key, progress Progress) (err error) {
	d, err := Prepare(ctx, c, progress)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Write(ctx, w, key, progress)
}
