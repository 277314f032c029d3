package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"maillon/documents"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/aside"
	"maillon/qms/store"
)

// ImportDocuments takes a folder of documents over, or shows what that would do.
type ImportDocuments struct {
	Platform qms.ID
	Tree     fs.FS // OpenFolder or OpenArchive make one
	Mapping  *File // overrides what is guessed; nil for none
	DryRun   bool
	Reason   string
	Progress Progress
}

// FileResult is what became of one file, or what is wrong with it.
type FileResult struct {
	documents.FileTaken
	Wrong []*qms.Error // empty when it can be taken over
}

// DocumentsResult is what an import of documents did, or would do.
type DocumentsResult struct {
	Files    []FileResult // in the order of their paths
	Aside    []Aside      // left out, by rule
	Problems []Problem    // of the mapping
	Wrong    int          // files and lines of the mapping with problems; nothing is written unless none
	Counts   Taken
	Applied  bool // it was written, or there was nothing to write
}

// Documents reads a tree of files, guesses what each is and takes them over in one act: all, or
// nothing when anything is wrong. Contents go to the vault first, when all can be read. A dry run
// writes nothing, contents neither. The error is a right that is missing or a fault of the machine.
func (s *Service) Documents(ctx context.Context, cmd ImportDocuments) (*DocumentsResult, error) {
	if err := qms.Authorise(qms.ActorFrom(ctx), qms.ImportRegisters.On(cmd.Platform)); err != nil {
		return nil, err
	}
	f := &foldering{service: s, cmd: cmd, result: &DocumentsResult{}, byPath: map[string]int{}}
	for _, step := range []func(context.Context) error{f.list, f.readMapping, f.inspect} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	writes := !cmd.DryRun && f.result.Wrong == 0
	if writes {
		if err := f.store(ctx); err != nil {
			return nil, err
		}
	}
	if err := f.take(ctx, writes); err != nil {
		return nil, err
	}
	return f.result, nil
}

// foldering is an import of a folder under way.
type foldering struct {
	service *Service
	cmd     ImportDocuments
	mapping map[string]mapped
	result  *DocumentsResult
	byPath  map[string]int // path to index in result.Files
	rows    []documents.ImportedFile
}

// list finds the files.
func (f *foldering) list(ctx context.Context) error {
	files, aside, err := walk(ctx, f.cmd.Tree, f.service.rules)
	if err != nil {
		return err
	}
	f.result.Aside = aside
	for i, name := range files {
		f.result.Files = append(f.result.Files, FileResult{FileTaken: documents.FileTaken{Path: name}})
		f.byPath[name] = i
	}
	if len(files) == 0 {
		f.result.Wrong++
		f.result.Problems = append(f.result.Problems, Problem{Key: "import.no_documents"})
	}
	return nil
}

// readMapping reads the mapping; a line about a file that is not there is reported.
func (f *foldering) readMapping(ctx context.Context) error {
	if f.cmd.Mapping == nil {
		return nil
	}
	if err := f.withoutMapping(ctx); err != nil {
		return err
	}
	mapping, read, err := mappingOf(ctx, *f.cmd.Mapping)
	if err != nil {
		return err
	}
	f.mapping, f.result.Problems, f.result.Wrong = mapping, append(f.result.Problems, read.Problems...), f.result.Wrong+read.Wrong
	for _, m := range read.mapping {
		if _, ok := f.byPath[m.Path]; !ok {
			f.result.Wrong++
			f.result.Problems = append(f.result.Problems, Problem{Sheet: f.cmd.Mapping.Name, Row: m.row, Found: m.Path, Key: "import.mapping_unknown_file", Args: []any{m.Path}})
		}
	}
	return nil
}

// withoutMapping leaves the mapping aside where it lies among the documents.
func (f *foldering) withoutMapping(ctx context.Context) error {
	m := f.cmd.Mapping
	own, err := vault.Copy(ctx, io.Discard, io.NewSectionReader(m.Content, 0, m.Size))
	if err != nil {
		return err
	}
	kept := f.result.Files[:0]
	for _, file := range f.result.Files {
		same, err := f.holds(ctx, file.Path, own)
		switch {
		case err != nil:
			return err
		case same:
			f.result.Aside = append(f.result.Aside, Aside{file.Path, "import.aside.mapping"})
			delete(f.byPath, file.Path)
		default:
			f.byPath[file.Path] = len(kept)
			kept = append(kept, file)
		}
	}
	f.result.Files = kept
	return nil
}

// holds reports whether the file of that path is the content.
func (f *foldering) holds(ctx context.Context, name string, content vault.Info) (bool, error) {
	if info, err := fs.Stat(f.cmd.Tree, name); err != nil || info.Size() != content.Size {
		return false, err
	}
	file, err := f.cmd.Tree.Open(name)
	if err != nil {
		return false, err
	}
	info, err := vault.Copy(ctx, io.Discard, file)
	return info.Digest == content.Digest, errors.Join(err, file.Close())
}

// inspect reads every file and guesses what it is.
func (f *foldering) inspect(ctx context.Context) error {
	for i := range f.result.Files {
		f.cmd.Progress.tell(Reading, int64(i), int64(len(f.result.Files)))
		name := f.result.Files[i].Path
		file, err := f.inspectFile(ctx, name)
		var refusal *qms.Error
		switch {
		case err == nil:
			f.rows = append(f.rows, f.row(name, file))
		case errors.As(err, &refusal):
			f.refuse(name, refusal)
		default:
			return err
		}
	}
	f.cmd.Progress.tell(Reading, int64(len(f.result.Files)), int64(len(f.result.Files)))
	return nil
}

func (f *foldering) inspectFile(ctx context.Context, name string) (documents.File, error) {
	content, size, err := openAt(ctx, f.cmd.Tree, name)
	if err != nil {
		return documents.File{}, err
	}
	defer content.Close()
	return documents.Inspect(ctx, name, content, size)
}

func (f *foldering) refuse(name string, refusal *qms.Error) {
	r := &f.result.Files[f.byPath[name]]
	if len(r.Wrong) == 0 {
		f.result.Wrong++
	}
	r.Wrong = append(r.Wrong, refusal)
}

// row is what is known of a file: the mapping's word, else a guess.
func (f *foldering) row(name string, file documents.File) documents.ImportedFile {
	rules, m := f.service.rules, f.mapping[name]
	row := documents.ImportedFile{Path: name, Code: m.Code, Kind: m.Kind, Process: m.Process, Title: m.Title, Version: m.Version, EffectiveFrom: m.From, File: file}
	if row.Title == "" {
		row.Title = rules.title(name, file)
	}
	said := readName(name)
	if row.Old = rules.isOld(name); row.Version == "" {
		row.Version = said.version
	}
	if row.EffectiveFrom == 0 && said.day != 0 && said.day <= f.service.db.Today() {
		row.EffectiveFrom, row.DayInName = said.day, true
	}
	row.GuessedKind, row.GuessedProcess = rules.kind(name, row.Title), rules.process(name)
	return row
}

// store puts the contents into the vault. A file that changed since it was inspected is refused.
func (f *foldering) store(ctx context.Context) error {
	for _, row := range f.rows {
		content, err := f.cmd.Tree.Open(row.Path)
		if err != nil {
			return err
		}
		info, err := f.service.vault.Put(ctx, content)
		if err := errors.Join(err, content.Close()); err != nil {
			return err
		}
		if info.Digest != row.File.Digest {
			return qms.Conflict("import.file_changed", row.Path)
		}
	}
	return nil
}

// take hands the files to the room; one that it refuses is reported, and the rest shown without it.
func (f *foldering) take(ctx context.Context, writes bool) error {
	act := qms.Act{Name: "documents.import", Needs: qms.ImportRegisters.On(f.cmd.Platform), Platform: f.cmd.Platform, Reason: f.cmd.Reason}
	err := f.service.db.Change(ctx, act, func(tx *store.Tx) error {
		f.cmd.Progress.tell(Writing, 0, 2)
		if err := f.takeRows(ctx, tx); err != nil {
			return err
		}
		f.cmd.Progress.tell(Writing, 1, 2)
		if !writes || f.result.Wrong > 0 {
			return errUndo
		}
		return nil
	})
	if err != nil && !errors.Is(err, errUndo) {
		return err
	}
	f.result.Applied = err == nil
	return nil
}

func (f *foldering) takeRows(ctx context.Context, tx *store.Tx) error {
	for {
		taken, counts, err := documents.TakeFiles(ctx, tx, f.rows)
		refused := f.refused(err)
		if len(refused) == 0 {
			if err == nil {
				f.result.Counts = Taken(counts)
				for _, t := range taken {
					f.result.Files[f.byPath[t.Path]].FileTaken = t
				}
			}
			return err
		}
		f.rows = without(f.rows, refused)
	}
}

// refused reads the room's refusal of files: fields named INDEX.column.
func (f *foldering) refused(err error) map[int]bool {
	var refusal *qms.Error
	if !errors.As(err, &refusal) {
		return nil
	}
	lines := map[int]bool{}
	for _, field := range refusal.Fields {
		var index int
		var column string
		if _, err := fmt.Sscanf(field.Name, "%d.%s", &index, &column); err != nil || index < 0 || index >= len(f.rows) {
			return nil
		}
		f.refuse(f.rows[index].Path, qms.Invalid(field.Key, field.Args...))
		lines[index] = true
	}
	return lines
}

// content is a file that can be read anywhere in it.
type content interface {
	io.ReaderAt
	io.Closer
}

// openAt opens a file of the tree. One that can only be read from its beginning, as those of an
// archive, goes through a temporary file.
func openAt(ctx context.Context, tree fs.FS, name string) (content, int64, error) {
	file, err := tree.Open(name)
	if err != nil {
		return nil, 0, err
	}
	if at, ok := file.(content); ok {
		info, err := file.Stat()
		if err != nil {
			return nil, 0, errors.Join(err, file.Close())
		}
		return at, info.Size(), nil
	}
	defer file.Close()
	return spool(ctx, file)
}

// spooled is a temporary file that is gone when it is closed.
type spooled struct{ *os.File }

func (s spooled) Close() error { return errors.Join(s.File.Close(), os.Remove(s.Name())) }

func spool(ctx context.Context, r io.Reader) (content, int64, error) {
	temporary, err := aside.File("import")
	if err != nil {
		return nil, 0, vault.WriteError(err)
	}
	info, err := vault.Copy(ctx, temporary, r)
	if err != nil {
		return nil, 0, errors.Join(err, spooled{temporary}.Close())
	}
	return spooled{temporary}, info.Size, nil
}
