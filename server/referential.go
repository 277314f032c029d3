package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/locale"
	"maillon/server/app"
	"maillon/server/importer"
)

type importReferential struct {
	File   string `arg:"" help:"An XLSX workbook: code, theme, texts and expected evidence in French and English, clauses."`
	Name   string `placeholder:"NAME" help:"Of a new draft; that of the file unless named."`
	DryRun bool   `help:"Say what would change, and write nothing."`
}

// Run takes the criteria over into the draft, or into a new one: all of them or none.
func (c importReferential) Run(ctx context.Context, t terminal) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	book, err := importer.ReadReferential(ctx, filepath.Base(c.File), file)
	if err != nil {
		return err
	}
	return t.with(ctx, func(h *app.House) error {
		plan, refused := h.Label.PreviewReferential(ctx, book.Items)
		book.Place(refused)
		if len(book.Problems) > 0 {
			t.problems(book.Problems, len(book.Problems), "")
			t.outcome(c.DryRun, false)
			return errFoundWrong
		}
		if refused != nil {
			return refused
		}
		fmt.Fprintf(t.out, "%d criteria: %d the same, %d new, %d reworded, %d changed otherwise, %d gone\n", len(book.Items), plan.Tally.Same, plan.Tally.Added,
			plan.Tally.Reworded, plan.Tally.Changed, plan.Tally.Gone)
		if c.DryRun || plan.Nothing() {
			t.outcome(c.DryRun, false)
			return nil
		}
		if c.Name == "" {
			c.Name = strings.TrimSuffix(filepath.Base(c.File), filepath.Ext(c.File))
		}
		_, v, err := h.Label.TakeReferential(ctx, label.TakeReferential{Name: c.Name, Criteria: book.Items})
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "taken over into version %d, a draft\n", v.Number)
		return nil
	})
}

type exportReferential struct {
	File     string `arg:"" help:"The XLSX file to write. It must not exist yet."`
	Number   int64  `placeholder:"N" help:"The version; the one in effect unless named, else the newest."`
	Language string `enum:"fr,en," default:"" help:"Of the headings: fr or en; that of the terminal unless named."`
}

// Run writes one version to a workbook that import referential reads back.
func (c exportReferential) Run(ctx context.Context, t terminal) error {
	if !strings.EqualFold(filepath.Ext(c.File), ".xlsx") {
		return qms.Invalid("referential.file_kind", filepath.Base(c.File))
	}
	printer := t.printer
	if c.Language != "" {
		printer = locale.For(c.Language)
	}
	return t.with(ctx, func(h *app.House) error {
		if c.Number == 0 {
			lines, err := h.Label.Referentials(ctx)
			if err != nil {
				return err
			}
			for _, l := range lines {
				if c.Number == 0 && l.Void == "" || l.Standing == "effective" {
					c.Number = l.Number
				}
			}
		}
		sheet, err := h.Label.ReferentialSheet(ctx, c.Number)
		if err != nil {
			return err
		}
		if err := writeNew(c.File, func(w io.Writer) error { return importer.WriteReferential(w, printer, sheet) }); err != nil {
			return err
		}
		fmt.Fprintf(t.out, "written: %s, version %d, %d criteria\n", c.File, sheet.Number, len(sheet.Items))
		return nil
	})
}
