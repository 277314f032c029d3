package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"maillon/audits"
	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/server/app"
)

type packMake struct {
	Platform     string   `required:"" placeholder:"CODE" help:"The platform."`
	AsOf         day      `required:"" placeholder:"DATE" help:"The day as of which it speaks (2026-06-30)."`
	From         day      `placeholder:"DATE" help:"What happened is told from that day on (services, uses, changes); from the beginning when left out."`
	Sections     []string `placeholder:"KEY,..." help:"Only these sections: ${sections}. All when left out."`
	WithoutFiles bool     `help:"Leave out originals, renditions and evidence."`
	Out          string   `required:"" placeholder:"FILE.zip" help:"Where to write it."`
	Lang         string   `enum:"fr,en" default:"fr" help:"The language of the PDF: fr or en (${default})."`
}

func (c packMake) command(platform qms.ID) audits.PreparePack {
	return audits.PreparePack{Platform: platform, From: c.From.Date, AsOf: c.AsOf.Date, Sections: c.Sections,
		WithoutFiles: c.WithoutFiles, Language: c.Lang}
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
		made, err := h.Audits.MakePack(ctx, c.command(p.ID), file)
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
	File  string `arg:"" placeholder:"FILE.zip" help:"The pack."`
	Since string `placeholder:"OLDER.zip" help:"An earlier pack of the platform: its trail must be continued by this one's."`
}

// Run checks a pack without any site: it opens no database and no network. With --key, that key must have
// signed: the public one, as it was handed over or published (a line as in key.txt), or a site's own.
func (c packVerify) Run(t terminal) error {
	report, err := verifiedPack(c.File, t.settings.Key)
	if err != nil {
		return err
	}
	t.tellPack(c.File, report)
	if c.Since == "" {
		return nil
	}
	before, err := verifiedPack(c.Since, t.settings.Key)
	if err == nil {
		err = report.Since(before)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "%s: nothing between %s and %s was rewritten\n", c.Since, before.Number, report.Number)
	return nil
}

// verifiedPack verifies a file, signed by the key of another file when one is named.
func verifiedPack(name, key string) (report archive.Report, err error) {
	file, err := os.Open(name)
	if err != nil {
		return report, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return report, err
	}
	report, err = archive.Verify(file, info.Size())
	if err != nil || key == "" {
		return report, err
	}
	line, err := os.ReadFile(key)
	if err != nil {
		return report, err
	}
	return report, report.SignedBy(line)
}

func (t terminal) tellPack(file string, report archive.Report) {
	fmt.Fprintf(t.out, "%s: nothing was altered\n", file)
	fmt.Fprintf(t.out, "%d files, %d facts in the trail at checkpoint %s %d %s\n", report.Files, report.Facts,
		report.Checkpoint.Origin, report.Checkpoint.Size, report.Checkpoint.Root)
	fmt.Fprintf(t.out, "fingerprint of the checkpoint  %s\nfingerprint of the key         %s\n", report.Fingerprint, report.KeyFingerprint)
	for _, before := range report.Earlier {
		fmt.Fprintf(t.out, "it continues %s, whose checkpoint has the fingerprint\n                               %s\n", before.Number, before.Fingerprint)
	}
}
