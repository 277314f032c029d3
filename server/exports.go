package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/server/app"
	"maillon/server/importer"
)

type exportRegisters struct {
	File     string   `arg:"" help:"The file to write: .xlsx, .csv (one register), or .zip of CSV files. It must not exist yet."`
	Platform string   `required:"" placeholder:"CODE" help:"The platform."`
	Register []string `placeholder:"NAME" help:"The registers, all unless named: people, equipment, procedures, trainings, calibrations, requests, quotes, reports, invoices, uses, samples, events, data, trainers, prices."`
	AsOf     string   `placeholder:"DAY" help:"Leave out what is dated later."`
	Language string   `enum:"fr,en," default:"" help:"Of the headings: fr or en; that of the terminal unless named."`
}

// Run writes registers to a file that import registers reads back.
func (c exportRegisters) Run(ctx context.Context, t terminal) error {
	cmd := importer.ExportRegisters{Format: importer.Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(c.File), "."))), Printer: t.printer}
	if c.Language != "" {
		cmd.Printer = locale.For(c.Language)
	}
	for _, name := range c.Register {
		cmd.Kinds = append(cmd.Kinds, importer.Kind(name))
	}
	if c.AsOf != "" {
		var err error
		if cmd.AsOf, err = qms.ParseDate(c.AsOf); err != nil {
			return err
		}
	}
	return t.with(ctx, func(h *app.House) error {
		p, err := h.People.PlatformByCode(ctx, c.Platform)
		if err != nil {
			return err
		}
		cmd.Platform = p.ID
		if err := writeNew(c.File, func(w io.Writer) error { return h.Importer.Export(ctx, cmd, w) }); err != nil {
			return err
		}
		fmt.Fprintln(t.out, "written: "+c.File)
		return nil
	})
}

type exportTemplate struct {
	File     string   `arg:"" help:"The file to write: .xlsx, or .csv for one register. It must not exist yet."`
	Register []string `placeholder:"NAME" help:"The registers, all unless named."`
	Language string   `enum:"fr,en," default:"" help:"Of the headings: fr or en; that of the terminal unless named."`
}

// Run writes the template that registers are filled in.
func (c exportTemplate) Run(_ context.Context, t terminal) error {
	printer := t.printer
	if c.Language != "" {
		printer = locale.For(c.Language)
	}
	var kinds []importer.Kind
	for _, name := range c.Register {
		kinds = append(kinds, importer.Kind(name))
	}
	write := func(w io.Writer) error { return importer.Template(kinds, printer, w) }
	switch ext := strings.ToLower(filepath.Ext(c.File)); {
	case ext == ".csv" && len(kinds) == 1:
		write = func(w io.Writer) error { return importer.TemplateCSV(kinds[0], printer, w) }
	case ext != ".xlsx":
		return qms.Invalid("register.format_unknown", strings.TrimPrefix(ext, "."))
	}
	if err := writeNew(c.File, write); err != nil {
		return err
	}
	fmt.Fprintln(t.out, "written: "+c.File)
	return nil
}
