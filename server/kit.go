package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"maillon/documents"
	"maillon/qms"
	"maillon/server/app"
	"maillon/server/importer"
)

type kitImport struct {
	Dir      string `arg:"" help:"The folder; a sub-folder is the theme of what lies in it. \"PR-QUA-001 Title.docx\" says code, kind, process and title."`
	Mapping  string `placeholder:"FILE" help:"A CSV file with path, code, kind, process, title and version, which overrides what names say."`
	Language string `enum:"fr,en" default:"fr" help:"Of the files: fr or en."`
	Changes  string `placeholder:"TEXT" help:"What changed, for templates that are in the kit and have another file now."`
	DryRun   bool   `help:"Say what would be done, and write nothing."`
	JSON     bool   `name:"json" help:"Print one JSON object per file, each on its line."`
}

// templateLine is one file of the report.
type templateLine struct {
	Path    string                 `json:"path"`
	Code    string                 `json:"code"`
	Number  string                 `json:"version,omitempty"`
	Fate    documents.TemplateFate `json:"fate,omitempty"`
	Wrong   []string               `json:"wrong,omitempty"`
	Applied bool                   `json:"applied"`
}

// Run takes a folder of templates into the kit, all of it or nothing.
func (c kitImport) Run(ctx context.Context, t terminal) error {
	tree, err := importer.OpenFolder(c.Dir)
	if err != nil {
		return err
	}
	defer tree.Close()
	var named *importer.File
	if c.Mapping != "" {
		file, err := openMapping(c.Mapping)
		if err != nil {
			return err
		}
		defer file.Close()
		named = &file.File
	}
	files, problems, err := importer.TemplateFiles(ctx, tree, named, c.Language)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		t.problems(problems, len(problems), "")
		t.outcome(c.DryRun, false)
		return errFoundWrong
	}
	return t.with(ctx, func(h *app.House) error { return c.take(ctx, t, h, tree, files) })
}

// take reads the files and hands them to the kit.
func (c kitImport) take(ctx context.Context, t terminal, h *app.House, tree fs.FS, files []importer.TemplateFile) error {
	lines, wrong := make([]templateLine, len(files)), 0
	rows := make([]documents.AddTemplate, len(files))
	for i := range files {
		f := &files[i]
		lines[i] = templateLine{Path: f.Path, Code: f.Code}
		err := f.Read(ctx, tree, c.receive(h))
		if qms.CodeOf(err) == qms.CodeInvalid {
			lines[i].Wrong, wrong = append(lines[i].Wrong, t.printer.Error(err)), wrong+1
		} else if err != nil {
			return err
		}
		f.Changes = c.Changes
		rows[i] = f.AddTemplate
	}
	taken, err := h.Documents.ImportTemplates(ctx, rows, c.DryRun || wrong > 0)
	if err != nil {
		return err
	}
	for i, one := range taken {
		lines[i].Code, lines[i].Fate = one.Code, one.Fate
		if one.Fate != "" {
			lines[i].Number = one.Number.String()
		}
		if len(one.Wrong) > 0 && len(lines[i].Wrong) == 0 {
			wrong++
			for _, f := range one.Wrong {
				lines[i].Wrong = append(lines[i].Wrong, t.printer.FieldError(f))
			}
		}
	}
	applied := !c.DryRun && wrong == 0
	return found(c.report(t, lines, applied), wrong)
}

// receive keeps a file, or in a dry run only reads it.
func (c kitImport) receive(h *app.House) func(context.Context, string, fs.File) (documents.File, error) {
	return func(ctx context.Context, name string, r fs.File) (documents.File, error) {
		info, err := r.Stat()
		at, seeks := r.(io.ReaderAt)
		if !c.DryRun || err != nil || !seeks {
			return h.Documents.ReceiveTemplate(ctx, name, r)
		}
		return documents.Inspect(ctx, name, at, info.Size())
	}
}

func (c kitImport) report(t terminal, lines []templateLine, applied bool) error {
	for _, l := range lines {
		l.Applied = applied
		if c.JSON {
			if err := printJSON(t.out, l); err != nil {
				return err
			}
			continue
		}
		if len(l.Wrong) > 0 {
			fmt.Fprintf(t.err, "%s: %s\n", l.Path, strings.Join(l.Wrong, " "))
			continue
		}
		fmt.Fprintf(t.out, "%-10s %s %s  %s\n", l.Fate, l.Code, l.Number, l.Path)
	}
	if !c.JSON {
		t.outcome(c.DryRun, applied)
	}
	return nil
}
