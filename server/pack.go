package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"maillon/audits/pack"
	"maillon/server/app"
)

type packMake struct {
	Platform string `required:"" placeholder:"CODE" help:"The platform."`
	AsOf     day    `required:"" placeholder:"DATE" help:"The day as of which it speaks (2026-06-30)."`
	Out      string `required:"" placeholder:"FILE.zip" help:"Where to write it."`
	Lang     string `enum:"fr,en" default:"fr" help:"The language of the PDF: fr or en (${default})."`
}

// Run makes the pack. The file appears under its name when it is whole.
func (c packMake) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) (err error) {
		p, err := h.People.PlatformByCode(ctx, c.Platform)
		if err != nil {
			return err
		}
		file, err := os.CreateTemp(filepath.Dir(c.Out), ".maillon-pack-*")
		if err != nil {
			return err
		}
		defer func() { // after a Rename there is nothing left to remove
			_ = os.Remove(file.Name())
		}()
		made, err := h.Audits.MakePack(ctx, p.ID, c.AsOf.Date, c.Lang, file)
		if err = errors.Join(err, file.Chmod(0o644), file.Sync(), file.Close()); err != nil {
			return err
		}
		if err := os.Rename(file.Name(), c.Out); err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%s: %s, %d bytes, %d facts, %d files\n", c.Out, made.Number, made.Size, made.Facts, made.Files)
		return nil
	})
}

type packVerify struct {
	File string `arg:"" placeholder:"FILE.zip" help:"The pack."`
}

// Run checks a pack without any site: it opens no database and no network.
func (c packVerify) Run(t terminal) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	report, err := pack.Verify(file, info.Size())
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "%s: nothing was altered\n", c.File)
	fmt.Fprintf(t.out, "%d files, %d facts in the trail at checkpoint %s %d %s\n", report.Files, report.Facts,
		report.Checkpoint.Origin, report.Checkpoint.Size, report.Checkpoint.Root)
	fmt.Fprintf(t.out, "fingerprint of the checkpoint  %s\nfingerprint of the key         %s\n", report.Fingerprint, report.KeyFingerprint)
	if before := report.Previous; before != nil {
		fmt.Fprintf(t.out, "it continues %s, whose checkpoint has the fingerprint\n                               %s\n", before.Number, before.Fingerprint)
	}
	return nil
}
