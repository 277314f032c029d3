package web

import (
	"slices"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/server/importer"
)

// importPage is one import: how far it is, what it would do, what is wrong, or what it did.
type importPage struct {
	importLine
	CSRF     string
	Name     string        // of the files
	Counts   []importCount // of registers, in the order in which they are taken over
	Sheets   []*importer.Sheet
	Asks     []importSheet // sheets that a person has to say how to read
	Files    []importFile
	More     int // files beyond those shown
	Aside    []importer.Aside
	Problems []importProblem
	Hidden   int             // problems beyond those shown
	Groups   []importGroup   // of problems, when they are many
	Rest     []importProblem // problems below the first ones
	Warnings []importProblem
	Warned   int
	Added    int
	Changed  int
	Same     int
	Wrong    int
	Failure  string
}

// importSheet is a sheet and its place in the result.
type importSheet struct {
	*importer.Sheet
	Index   int
	Missing string // names of the fields that have no column
}

type importCount struct {
	Kind importer.Kind
	importer.Taken
}

// importFile is one document in the preview.
type importFile struct {
	importer.FileResult
	Wrongs []string
}

// importProblem is one problem in words.
type importProblem struct {
	importer.Problem
	Sentence string
	Wanted   string
}

// How much a page shows; the rest is counted.
const (
	shownProblems = 200
	firstProblems = 20 // the others are folded below what they have in common
	shownFiles    = 500
)

func (s *Site) showImport(p *Page) error {
	job, err := s.Importer.JobByID(p.Context(), p.Platform.ID, p.Param("job"))
	if err != nil {
		return err
	}
	data := p.importPage(job)
	if job.Running() {
		p.Refresh = 2
	}
	if p.Exported() && job.Registers != nil {
		return p.exportProblems(append(slices.Clone(job.Registers.Problems), job.Registers.Warnings...))
	}
	if p.IsFragment() {
		if !job.Running() { // the rest of the page changes too
			p.Ctx().Set("HX-Refresh", "true")
		}
		return p.Fragment("imports_job", "import-progress", data)
	}
	p.Title = data.Name
	p.Crumb(p.T("page.imports.title"), p.To("imports"))
	return p.Render("imports_job", data)
}

func (p *Page) importPage(job importer.Job) importPage {
	data := importPage{importLine: lineOf(job), CSRF: p.CSRF(), Name: strings.Join(job.Names, ", ")}
	if letters := []rune(data.Name); len(letters) > 80 {
		data.Name = string(letters[:79]) + "…"
	}
	if job.Failure != nil {
		data.Failure = p.Error(job.Failure)
	}
	if r := job.Registers; r != nil {
		data.registers(p.Printer, r)
		data.asks(p.Printer, job)
	}
	if r := job.Documents; r != nil {
		data.documents(p.Printer, r)
	}
	return data
}

func (d *importPage) registers(pr *locale.Printer, r *importer.RegistersResult) {
	d.Sheets, d.Wrong = r.Sheets, r.Wrong
	for _, kind := range importer.Kinds() {
		n := r.Counts[kind]
		if n.Added+n.Changed+n.Same > 0 {
			d.Counts = append(d.Counts, importCount{kind, n})
		}
		d.Added, d.Changed, d.Same = d.Added+n.Added, d.Changed+n.Changed, d.Same+n.Same
	}
	d.problems(pr, r.Problems, r.Wrong)
	d.Warnings, d.Warned = inWords(pr, r.Warnings), r.Warned
}

// asks lists the sheets that a person has to say how to read.
func (d *importPage) asks(pr *locale.Printer, job importer.Job) {
	if !job.Maps() {
		return
	}
	for i, sheet := range job.Registers.Sheets {
		if !sheet.Asks() {
			continue
		}
		var names []string
		for _, field := range sheet.Missing {
			names = append(names, pr.T(importer.HeadKey(sheet.Kind, field)))
		}
		d.Asks = append(d.Asks, importSheet{sheet, i, strings.Join(names, ", ")})
	}
}

// exportProblems answers with what is wrong, one line a problem, for who puts it right elsewhere.
func (p *Page) exportProblems(problems []importer.Problem) error {
	return p.Export(export{name: "import-problems", heads: []string{"page.imports.sheet", "page.imports.row", "page.imports.column",
		"page.imports.heading", "page.imports.found", "page.imports.wrong", "page.imports.expected"}, kinds: map[int]cell{1: countCell},
		next: func(qms.Cursor) (lines [][]string, _ string, _ error) {
			for _, one := range problems {
				row := ""
				if one.Row > 0 {
					row = strconv.Itoa(one.Row)
				}
				lines = append(lines, []string{one.Sheet, row, one.Column, one.Heading, one.Found, one.Sentence(p.Printer), one.Wanted(p.Printer)})
			}
			return lines, "", nil
		}})
}

func (d *importPage) documents(pr *locale.Printer, r *importer.DocumentsResult) {
	d.Wrong, d.Aside = r.Wrong, r.Aside
	d.Added, d.Changed, d.Same = r.Counts.Added, r.Counts.Changed, r.Counts.Same
	for _, f := range r.Files {
		if len(d.Files) == shownFiles && len(f.Wrong) == 0 {
			d.More++
			continue
		}
		shown := importFile{FileResult: f}
		for _, wrong := range f.Wrong {
			shown.Wrongs = append(shown.Wrongs, pr.Error(wrong))
		}
		d.Files = append(d.Files, shown)
	}
	d.problems(pr, r.Problems, len(r.Problems))
}

func (d *importPage) problems(pr *locale.Printer, problems []importer.Problem, wrong int) {
	d.Problems = inWords(pr, problems)
	d.Hidden = wrong - len(d.Problems)
	if len(problems) > firstProblems {
		d.Groups = grouped(pr, problems)
		d.Problems, d.Rest = d.Problems[:firstProblems], d.Problems[firstProblems:]
	}
}

// importGroup is one thing that is wrong in many lines of a column.
type importGroup struct {
	importProblem
	Count int
	Rows  string // the first of them
}

// shownRows is how many lines a group names.
const shownRows = 6

// grouped counts problems by sheet, column and rule, in the order in which they are met.
func grouped(pr *locale.Printer, problems []importer.Problem) []importGroup {
	type place struct{ sheet, column, key string }
	at := map[place]int{}
	var groups []importGroup
	for _, one := range problems {
		where := place{one.Sheet, one.Column, one.Key}
		i, known := at[where]
		if !known {
			i, at[where] = len(groups), len(groups)
			groups = append(groups, importGroup{importProblem: importProblem{one, one.Sentence(pr), one.Wanted(pr)}})
		}
		g := &groups[i]
		switch g.Count++; {
		case one.Row == 0:
		case g.Count == 1:
			g.Rows = strconv.Itoa(one.Row)
		case g.Count <= shownRows:
			g.Rows += ", " + strconv.Itoa(one.Row)
		case g.Count == shownRows+1:
			g.Rows += "…"
		}
	}
	return groups
}

// inWords says the first of the problems.
func inWords(pr *locale.Printer, problems []importer.Problem) []importProblem {
	var said []importProblem
	for _, problem := range problems[:min(len(problems), shownProblems)] {
		said = append(said, importProblem{problem, problem.Sentence(pr), problem.Wanted(pr)})
	}
	return said
}

// MoreWarnings is how many warnings there are beyond those shown.
func (d importPage) MoreWarnings() int { return d.Warned - len(d.Warnings) }

// Percent is how far the import is, in whole percents of the stage under way.
func (d importPage) Percent() int64 {
	if d.Total <= 0 {
		return 0
	}
	return 100 * d.Job.Done / d.Total
}
