package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"

	"maillon/documents"
	"maillon/documents/vault"
	"maillon/server/app"
	"maillon/server/importer"
)

type importRegisters struct {
	Path     string `arg:"" help:"A workbook (XLSX, ODS), a CSV file, or a folder of CSV files."`
	Platform string `required:"" placeholder:"CODE" help:"The platform."`
	DryRun   bool   `help:"Say what would be taken over, and write nothing."`
	Mapping  string `placeholder:"FILE" help:"JSON or CSV that says which columns of which sheet hold what, for headings that are not known."`
	Remember bool   `help:"Keep the mapping for the next import of the same headings."`
	JSON     bool   `name:"json" help:"Print the result as one JSON object."`
}

// Run takes registers over, all of them or none.
func (c importRegisters) Run(ctx context.Context, t terminal) error {
	files, closer, err := importer.OpenRegisters(c.Path)
	if err != nil {
		return err
	}
	defer closer.Close()
	mappings, err := readMappings(c.Mapping)
	if err != nil {
		return err
	}
	return t.with(ctx, func(h *app.House) error {
		p, err := h.People.PlatformByCode(ctx, c.Platform)
		if err != nil {
			return err
		}
		bar := t.progress()
		result, err := h.Importer.Registers(ctx, importer.ImportRegisters{Platform: p.ID, Files: files, DryRun: c.DryRun,
			Options: importer.ReadOptions{Mappings: mappings}, Remember: c.Remember,
			Reason: filepath.Base(c.Path), Progress: bar.tell})
		bar.clear()
		switch {
		case err != nil:
			return err
		case c.JSON:
			err = printJSON(t.out, registersJSON(t, result, c.DryRun))
		default:
			err = t.registers(result, c.DryRun)
		}
		return found(err, result.Wrong)
	})
}

// readMappings reads the file of --mapping; nothing when none is named.
func readMappings(path string) ([]importer.Mapping, error) {
	if path == "" {
		return nil, nil
	}
	file, err := openMapping(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return importer.ReadMappings(file.File)
}

// found ends a command that reported what is wrong with a status that says so.
func found(err error, wrong int) error {
	if err == nil && wrong > 0 {
		return errFoundWrong
	}
	return err
}

func (t terminal) registers(r *importer.RegistersResult, dryRun bool) error {
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\tadded\tchanged\tsame")
	for _, kind := range importer.Kinds() {
		if n, ok := r.Counts[kind]; ok {
			fmt.Fprintf(w, "%s\t%d\t%d\t%d\n", t.printer.T("import.kind."+string(kind)), n.Added, n.Changed, n.Same)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, s := range r.Sheets {
		switch {
		case s.Aside:
			fmt.Fprintf(t.out, "sheet %q was left aside, as was said\n", s.Name)
		case s.Kind == "":
			fmt.Fprintf(t.out, "sheet %q was left aside: its headings are those of no register%s\n", s.Name, columnsFound(s))
		case s.How == importer.Remembered:
			fmt.Fprintf(t.out, "sheet %q was read after a remembered mapping\n", s.Name)
		}
	}
	t.problems(r.Problems, r.Wrong, "")
	t.problems(r.Warnings, r.Warned, "warning: ")
	t.outcome(dryRun, r.Applied)
	return nil
}

// columnsFound names the columns of the first row of a sheet, for who writes a mapping of it.
func columnsFound(s *importer.Sheet) string {
	if len(s.Top) == 0 {
		return ""
	}
	text := fmt.Sprintf("; row %d has", s.Top[0].Row)
	for i, cell := range s.Top[0].Cells {
		text += fmt.Sprintf(" %s=%q", importer.Letter(i), cell)
	}
	return text
}

// problems lists what is wrong, by sheet, row and column, with what was found and what was expected.
func (t terminal) problems(problems []importer.Problem, wrong int, mark string) {
	for _, p := range problems {
		line := p.Sentence(t.printer)
		if place := p.Place(t.printer); place != "" {
			line = place + ": " + line
		}
		if p.Found != "" {
			line += fmt.Sprintf(" [%s]", p.Found)
		}
		if wanted := p.Wanted(t.printer); wanted != "" {
			line += " (" + wanted + ")"
		}
		fmt.Fprintln(t.err, mark+line)
	}
	if wrong > len(problems) {
		fmt.Fprintf(t.err, "%sand %d more\n", mark, wrong-len(problems))
	}
}

func (t terminal) outcome(dryRun, applied bool) {
	switch {
	case applied:
		fmt.Fprintln(t.out, "taken over")
	case dryRun:
		fmt.Fprintln(t.out, "dry run: nothing was written")
	default:
		fmt.Fprintln(t.out, "nothing was written")
	}
}

type registersReport struct {
	Applied  bool                      `json:"applied"`
	DryRun   bool                      `json:"dry_run"`
	Sheets   []sheetReport             `json:"sheets"`
	Counts   map[importer.Kind]counted `json:"counts"`
	Wrong    int                       `json:"wrong"`
	Problems []problemReport           `json:"problems"`
	Warned   int                       `json:"warned"`
	Warnings []problemReport           `json:"warnings"`
}

type sheetReport struct {
	Name     string        `json:"name"`
	Kind     importer.Kind `json:"kind"`
	Lines    int           `json:"lines"`
	Problems int           `json:"problems"`
	Unused   []string      `json:"unused"`
}

type counted struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Same    int `json:"same"`
}

type problemReport struct {
	Sheet    string `json:"sheet"`
	Row      int    `json:"row"`
	Column   string `json:"column"`
	Heading  string `json:"heading"`
	Found    string `json:"found"`
	Expected string `json:"expected"`
	Message  string `json:"message"`
	Key      string `json:"key"`
}

func registersJSON(t terminal, r *importer.RegistersResult, dryRun bool) registersReport {
	out := registersReport{Applied: r.Applied, DryRun: dryRun, Sheets: []sheetReport{}, Counts: map[importer.Kind]counted{}, Wrong: r.Wrong, Problems: []problemReport{}}
	for _, s := range r.Sheets {
		out.Sheets = append(out.Sheets, sheetReport{s.Name, s.Kind, s.Lines, s.Problems, append([]string{}, s.Unused...)})
	}
	for kind, n := range r.Counts {
		out.Counts[kind] = counted(n)
	}
	out.Problems, out.Warned, out.Warnings = problemReports(t, r.Problems), r.Warned, problemReports(t, r.Warnings)
	return out
}

func problemReports(t terminal, problems []importer.Problem) []problemReport {
	all := []problemReport{}
	for _, p := range problems {
		all = append(all, problemReport{p.Sheet, p.Row, p.Column, p.Heading, p.Found, p.Wanted(t.printer), p.Sentence(t.printer), p.Key})
	}
	return all
}

type importDocuments struct {
	Dir      string `arg:"" help:"The folder; its sub-folders go with it."`
	Platform string `required:"" placeholder:"CODE" help:"The platform."`
	Mapping  string `placeholder:"FILE" help:"A CSV file with path, code, kind, process, title, version and effective date, which overrides what is guessed."`
	DryRun   bool   `help:"Say what would be taken over, and write nothing."`
	JSON     bool   `name:"json" help:"Print one JSON object per file, each on its line."`
}

// Run takes a folder of documents over, all of it or nothing.
func (c importDocuments) Run(ctx context.Context, t terminal) error {
	tree, err := importer.OpenFolder(c.Dir)
	if err != nil {
		return err
	}
	defer tree.Close()
	return t.with(ctx, func(h *app.House) error {
		p, err := h.People.PlatformByCode(ctx, c.Platform)
		if err != nil {
			return err
		}
		bar := t.progress()
		cmd := importer.ImportDocuments{Platform: p.ID, Tree: tree, DryRun: c.DryRun, Reason: filepath.Base(c.Dir), Progress: bar.tell}
		if c.Mapping != "" {
			mapping, err := openMapping(c.Mapping)
			if err != nil {
				return err
			}
			defer mapping.Close()
			cmd.Mapping = &mapping.File
		}
		result, err := h.Importer.Documents(ctx, cmd)
		bar.clear()
		switch {
		case err != nil:
			return err
		case c.JSON:
			err = t.filesJSON(result)
		default:
			err = t.files(result, c.DryRun)
		}
		return found(err, result.Wrong)
	})
}

// mapping is an open mapping file.
type mapping struct {
	importer.File
	io.Closer
}

func openMapping(path string) (mapping, error) {
	file, err := os.Open(path)
	if err != nil {
		return mapping{}, err
	}
	info, err := file.Stat()
	if err != nil {
		return mapping{}, errors.Join(err, file.Close())
	}
	return mapping{importer.File{Name: filepath.Base(path), Content: file, Size: info.Size()}, file}, nil
}

func (t terminal) files(r *importer.DocumentsResult, dryRun bool) error {
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, f := range r.Files {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s..%s\t%s\t%d links\t%s\n", f.Code, f.Version, f.Outcome, f.State, f.From, f.Until, f.Title, len(f.Links), f.Path)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, a := range r.Aside {
		fmt.Fprintf(t.out, "%s: %s\n", a.Path, t.printer.T(a.Key))
	}
	for _, f := range r.Files {
		for _, wrong := range f.Wrong {
			fmt.Fprintf(t.err, "%s: %s\n", f.Path, t.printer.Error(wrong))
		}
	}
	t.problems(r.Problems, len(r.Problems), "")
	fmt.Fprintf(t.out, "%d files: %d added, %d changed, %d same\n", len(r.Files), r.Counts.Added, r.Counts.Changed, r.Counts.Same)
	t.outcome(dryRun, r.Applied)
	return nil
}

type fileReport struct {
	Path    string       `json:"path"`
	Code    string       `json:"code"`
	Title   string       `json:"title"`
	Kind    string       `json:"kind"`
	Process string       `json:"process"`
	Version string       `json:"version"`
	SHA256  vault.Digest `json:"sha256"`
	Links   []linkReport `json:"links"`
	Wrong   []string     `json:"wrong,omitempty"`
}

type linkReport struct {
	Code string          `json:"code"`
	By   documents.Basis `json:"by"`
}

func (t terminal) filesJSON(r *importer.DocumentsResult) error {
	e := json.NewEncoder(t.out)
	e.SetEscapeHTML(false)
	for _, f := range r.Files {
		out := fileReport{f.Path, f.Code, f.Title, f.Kind, f.Process, f.Version, f.Digest, []linkReport{}, nil}
		for _, l := range f.Links {
			out.Links = append(out.Links, linkReport{l.Code, l.Basis})
		}
		for _, wrong := range f.Wrong {
			out.Wrong = append(out.Wrong, t.printer.Error(wrong))
		}
		if err := e.Encode(out); err != nil {
			return err
		}
	}
	t.problems(r.Problems, len(r.Problems), "")
	return nil
}

// bar shows how far an import is, on a terminal that somebody looks at.
type bar struct {
	w    io.Writer // nil when nobody does
	last string
}

func (t terminal) progress() *bar {
	file, ok := t.err.(*os.File)
	if !ok {
		return &bar{}
	}
	if info, err := file.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &bar{}
	}
	return &bar{w: file}
}

func (b *bar) tell(stage importer.Stage, done, total int64) {
	if b.w == nil || total <= 0 {
		return
	}
	if line := fmt.Sprintf("\r\x1b[K%s %d %%", stage, 100*done/total); line != b.last {
		b.last = line
		fmt.Fprint(b.w, line)
	}
}

func (b *bar) clear() {
	if b.last != "" {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}
