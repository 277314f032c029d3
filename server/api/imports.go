package api

import (
	"context"
	"errors"
	"io/fs"
	"strconv"

	"maillon/documents"
	"maillon/qms"
	"maillon/server/importer"
	"maillon/server/request"
)

// imports take registers and folders of documents over, in one request.
func (a *API) imports() {
	const all = "/platforms/{platform}/imports"
	register(a, upload(post(all+"/registers", "import-registers", "Take registers over: all lines, or none", "imports")), a.importRegisters)
	a.registerMappings()
	a.registers()
	register(a, upload(post(all+"/documents", "import-documents", "Take a folder of documents over, as a ZIP: all files, or none", "imports")), a.importDocuments)
}

// RegistersImport is what an import of registers did, or would do.
type RegistersImport struct {
	Applied  bool            `json:"applied" doc:"It was written, or there was nothing to write"`
	DryRun   bool            `json:"dry_run"`
	Sheets   []ImportSheet   `json:"sheets" nullable:"false"`
	Counts   []ImportCount   `json:"counts" nullable:"false" doc:"In the order in which the registers are taken over"`
	Wrong    int             `json:"wrong" doc:"How many problems there are in all"`
	Problems []ImportProblem `json:"problems" nullable:"false" doc:"At most 500 of each sheet"`
	Warned   int             `json:"warned" doc:"How many warnings there are in all; they are no obstacle"`
	Warnings []ImportProblem `json:"warnings" nullable:"false" doc:"At most 500 of each sheet"`
}

// ImportSheet is one sheet of a workbook or one CSV file.
type ImportSheet struct {
	Name     string        `json:"name" example:"Devis"`
	Kind     importer.Kind `json:"kind,omitempty" example:"quotes" doc:"Absent when its headings are those of no register"`
	Lines    int           `json:"lines"`
	Problems int           `json:"problems"`
	Unused   []string      `json:"unused" nullable:"false" doc:"Headings of columns that are not taken over"`

	How     importer.How   `json:"how,omitempty" enum:"given,remembered" doc:"By what it was recognised; absent when by its headings"`
	Aside   bool           `json:"aside,omitempty" doc:"A mapping says that it is no register"`
	Row     int            `json:"row,omitempty" doc:"Of its headings, or its first row with something in it"`
	Columns []ImportColumn `json:"columns" nullable:"false" doc:"Those of that row"`
	Missing []string       `json:"missing" nullable:"false" doc:"Fields that the register needs and that no column holds"`
}

// ImportColumn is one column of a sheet.
type ImportColumn struct {
	Column  string `json:"column" example:"C"`
	Heading string `json:"heading" example:"Date du devis"`
	Field   string `json:"field,omitempty" example:"date" doc:"What it is taken for; absent when it is not taken over"`
}

// ImportCount is what became of the lines of one register.
type ImportCount struct {
	Kind    importer.Kind `json:"kind" example:"quotes"`
	Added   int           `json:"added"`
	Changed int           `json:"changed"`
	Same    int           `json:"same"`
}

// ImportProblem is one thing that cannot be read, and where it stands.
type ImportProblem struct {
	Sheet    string `json:"sheet"`
	Row      int    `json:"row,omitempty" doc:"As the spreadsheet numbers it"`
	Column   string `json:"column,omitempty" example:"C"`
	Heading  string `json:"heading,omitempty" example:"Date du devis"`
	Found    string `json:"found,omitempty" example:"31/06/2023"`
	Expected string `json:"expected,omitempty" doc:"In the reader's language"`
	Message  string `json:"message" doc:"In the reader's language"`
	Key      string `json:"key" doc:"Names the rule and does not change" example:"import.date.impossible"`
}

// DocumentsImport is what an import of documents did, or would do.
type DocumentsImport struct {
	Applied  bool            `json:"applied"`
	DryRun   bool            `json:"dry_run"`
	Files    []ImportedFile  `json:"files" nullable:"false"`
	Aside    []ImportAside   `json:"aside" nullable:"false" doc:"Left out by rule"`
	Wrong    int             `json:"wrong"`
	Problems []ImportProblem `json:"problems" nullable:"false" doc:"Of the mapping"`
}

// ImportedFile is one file of the folder.
type ImportedFile struct {
	Path    string            `json:"path"`
	Code    string            `json:"code,omitempty"`
	Title   string            `json:"title,omitempty"`
	Kind    string            `json:"kind,omitempty"`
	Process string            `json:"process,omitempty"`
	Version string            `json:"version,omitempty"`
	SHA256  string            `json:"sha256,omitempty"`
	Outcome documents.Outcome `json:"outcome,omitempty" enum:"added,earlier,changed,same" doc:"Earlier: a version that was superseded before Maillon"`
	State   documents.State   `json:"state,omitempty" enum:"draft,in-review,approved,effective,superseded,withdrawn" doc:"Of its version, today"`
	From    qms.Date          `json:"effective_from,omitzero" format:"date" doc:"Absent when nobody can name it"`
	Until   qms.Date          `json:"effective_until,omitzero" format:"date" doc:"First day no longer in force"`
	Chain   []string          `json:"versions,omitempty" doc:"All versions of the document, oldest first, when several files are"`
	Links   []ImportedLink    `json:"links" nullable:"false"`
	Wrong   []string          `json:"wrong,omitempty" doc:"What is wrong with it, in the reader's language"`
}

// ImportedLink is a document that the file's text names.
type ImportedLink struct {
	Code string          `json:"code"`
	By   documents.Basis `json:"by" enum:"code,title"`
}

// ImportAside is a file that is not taken over, and why.
type ImportAside struct {
	Path string `json:"path"`
	Why  string `json:"why" doc:"In the reader's language"`
}

type importRegisters struct {
	InPlatform
	Upload
	DryRun   bool   `query:"dry_run" doc:"Say what would be taken over, and write nothing"`
	Mapping  string `query:"mapping" doc:"How sheets are read whose headings are not known: a JSON list of {sheet, register, row, columns: {field: heading or letter}, dates}; register aside leaves a sheet out" example:"[{\"sheet\":\"Feuil1\",\"register\":\"quotes\",\"columns\":{\"number\":\"Réf\"}}]"`
	Remember bool   `query:"remember" doc:"Keep the mapping for the next import of the same headings"`
}

type registersAnswer struct{ Body RegistersImport }

func (a *API) importRegisters(ctx context.Context, in *importRegisters) (_ *registersAnswer, err error) {
	p, staging, err := a.stage(ctx, in.InPlatform, in.Upload)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, staging.Close()) }()
	files, err := staging.Files()
	if err != nil {
		return nil, err
	}
	cmd := importer.ImportRegisters{Platform: p, Files: files, DryRun: in.DryRun, Remember: in.Remember, Reason: in.Name}
	if in.Mapping != "" {
		if cmd.Options.Mappings, err = importer.ParseMappings("mapping", []byte(in.Mapping)); err != nil {
			return nil, err
		}
	}
	r, err := a.s.Importer.Registers(ctx, cmd)
	if err != nil {
		return nil, err
	}
	if r.Wrong > 0 && !in.DryRun {
		return nil, refusedImport(r.Problems, nil)
	}
	out := RegistersImport{Applied: r.Applied, DryRun: in.DryRun, Sheets: []ImportSheet{}, Counts: []ImportCount{}, Wrong: r.Wrong, Problems: problemsOf(ctx, r.Problems),
		Warned: r.Warned, Warnings: problemsOf(ctx, r.Warnings)}
	for _, s := range r.Sheets {
		out.Sheets = append(out.Sheets, renderImportSheet(s))
	}
	for _, kind := range importer.Kinds() {
		n := r.Counts[kind]
		out.Counts = append(out.Counts, ImportCount{kind, n.Added, n.Changed, n.Same})
	}
	return &registersAnswer{Body: out}, nil
}

func renderImportSheet(s *importer.Sheet) ImportSheet {
	out := ImportSheet{Name: s.Name, Kind: s.Kind, Lines: s.Lines, Problems: s.Problems, Unused: append([]string{}, s.Unused...),
		How: s.How, Aside: s.Aside, Row: s.Row, Columns: []ImportColumn{}, Missing: append([]string{}, s.Missing...)}
	headings := s.Headings
	if s.Row == 0 && len(s.Top) > 0 {
		out.Row, headings = s.Top[0].Row, s.Top[0].Cells
	}
	fields := map[int]string{}
	for field, column := range s.Columns() {
		fields[column] = field
	}
	for i, heading := range headings {
		out.Columns = append(out.Columns, ImportColumn{importer.Letter(i), heading, fields[i]})
	}
	return out
}

// stage keeps the body aside, since a workbook and an archive are read from their end.
func (a *API) stage(ctx context.Context, in InPlatform, body Upload) (qms.ID, *importer.Staging, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return "", nil, err
	}
	if err := qms.Authorise(qms.ActorFrom(ctx), qms.ImportRegisters.On(p.ID)); err != nil {
		return "", nil, err
	}
	staging, err := importer.NewStaging()
	if err != nil {
		return "", nil, err
	}
	if err := staging.Add(ctx, body.Name, body.File); err != nil {
		return "", nil, errors.Join(err, staging.Close())
	}
	return p.ID, staging, nil
}

// refusedImport says what is wrong by fields: a cell is named as in "Devis!C7", a file by its path.
func refusedImport(problems []importer.Problem, files []importer.FileResult) error {
	var fields []qms.Field
	for _, p := range problems {
		name := p.Sheet
		if p.Row > 0 {
			name += "!" + p.Column + strconv.Itoa(p.Row)
		}
		fields = append(fields, qms.Wrong(name, p.Key, p.Args...))
	}
	for _, f := range files {
		for _, wrong := range f.Wrong {
			fields = append(fields, qms.Wrong(f.Path, wrong.Key, wrong.Args...))
		}
	}
	return qms.InvalidFields(fields...)
}

func problemsOf(ctx context.Context, problems []importer.Problem) []ImportProblem {
	pr := request.From(ctx).Printer()
	all := make([]ImportProblem, 0, len(problems))
	for _, p := range problems {
		all = append(all, ImportProblem{p.Sheet, p.Row, p.Column, p.Heading, p.Found, p.Wanted(pr), p.Sentence(pr), p.Key})
	}
	return all
}

type importDocuments struct {
	InPlatform
	Upload
	DryRun  bool   `query:"dry_run" doc:"Say what would be taken over, and write nothing"`
	Mapping string `query:"mapping" maxLength:"1000" doc:"Path in the ZIP of a CSV file with path, code, kind, process, title, version and effective date, which overrides what is guessed"`
}

type documentsAnswer struct{ Body DocumentsImport }

func (a *API) importDocuments(ctx context.Context, in *importDocuments) (_ *documentsAnswer, err error) {
	p, staging, err := a.stage(ctx, in.InPlatform, in.Upload)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, staging.Close()) }()
	tree, err := staging.Tree()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, tree.Close()) }()
	if err := in.useMapping(ctx, staging, tree); err != nil {
		return nil, err
	}
	r, err := a.s.Importer.Documents(ctx, importer.ImportDocuments{Platform: p, Tree: tree, Mapping: staging.Mapping(), DryRun: in.DryRun, Reason: in.Name})
	if err != nil {
		return nil, err
	}
	if r.Wrong > 0 && !in.DryRun {
		return nil, refusedImport(r.Problems, r.Files)
	}
	return &documentsAnswer{Body: renderDocumentsImport(ctx, r, in.DryRun)}, nil
}

func (in *importDocuments) useMapping(ctx context.Context, staging *importer.Staging, tree fs.FS) error {
	if in.Mapping == "" {
		return nil
	}
	file, err := tree.Open(in.Mapping)
	if err != nil {
		return qms.InvalidFields(qms.Wrong("mapping", "import.mapping_unknown_file", in.Mapping))
	}
	return errors.Join(staging.AddMapping(ctx, in.Mapping, file), file.Close())
}

func renderDocumentsImport(ctx context.Context, r *importer.DocumentsResult, dry bool) DocumentsImport {
	pr := request.From(ctx).Printer()
	out := DocumentsImport{Applied: r.Applied, DryRun: dry, Files: []ImportedFile{}, Aside: []ImportAside{}, Wrong: r.Wrong, Problems: problemsOf(ctx, r.Problems)}
	for _, f := range r.Files {
		file := ImportedFile{Path: f.Path, Code: f.Code, Title: f.Title, Kind: f.Kind, Process: f.Process, Version: f.Version,
			SHA256: f.Digest.String(), Outcome: f.Outcome, State: f.State, From: f.From, Until: f.Until, Chain: f.Chain, Links: []ImportedLink{}}
		for _, l := range f.Links {
			file.Links = append(file.Links, ImportedLink{l.Code, l.Basis})
		}
		for _, wrong := range f.Wrong {
			file.Wrong = append(file.Wrong, pr.Error(wrong))
		}
		out.Files = append(out.Files, file)
	}
	for _, left := range r.Aside {
		out.Aside = append(out.Aside, ImportAside{left.Path, pr.T(left.Key)})
	}
	return out
}
