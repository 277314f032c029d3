package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"maillon/audits"
	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/qms/locale"
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
	return t.with(ctx, func(h *app.House) error {
		p, err := h.People.PlatformByCode(ctx, c.Platform)
		if err != nil {
			return err
		}
		var made *audits.Pack
		err = writeWhole(c.Out, 0o644, os.Rename, func(w io.Writer) (err error) {
			made, err = h.Audits.MakePack(ctx, c.command(p.ID), w)
			return err
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%s: %s, %d bytes, %d facts, %d files\n", c.Out, made.Number, made.Size, made.Facts, made.Files)
		return nil
	})
}

type packVerify struct {
	File  string `arg:"" placeholder:"FILE.zip" help:"The pack."`
	Since string `placeholder:"OLDER.zip" help:"An earlier pack of the platform: its trail must be continued by this one's."`
	Lang  string `enum:",fr,en" default:"" placeholder:"LANG" help:"The language of the report: fr or en (that of the terminal)."`
	JSON  bool   `name:"json" help:"Print the report as one JSON object."`
}

// Run checks a pack without any site: it opens no database and no network. With --key, that key must have
// signed: the public one, as it was handed over or published (a line as in key.txt), or a site's own.
func (c packVerify) Run(t terminal) error {
	say := t.printer
	if c.Lang != "" {
		say = locale.For(c.Lang)
	}
	report, err := archive.Asked{Pack: c.File, Since: c.Since, Key: t.settings.Key}.Examine()
	if err != nil {
		return cannotRead{errors.New(archive.Unread(say, err))}
	}
	tell := report.Tell
	if c.JSON {
		tell = report.TellJSON
	}
	if err := tell(t.out, say); err != nil {
		return err
	}
	if !report.Sound() {
		return errFoundWrong
	}
	return nil
}

// cannotRead ends a command that could not look at what it was to judge.
type cannotRead struct{ error }
