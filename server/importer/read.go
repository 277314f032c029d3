package importer

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"maillon/qms"
)

// File is one file handed in, from a folder or from an upload.
type File struct {
	Name    string // as given, without folders
	Content io.ReaderAt
	Size    int64 // bytes
}

// ReadOptions say what registers may hold. Zero dates are the defaults.
type ReadOptions struct {
	Earliest qms.Date                // no date may be before; 1990-01-01
	Latest   qms.Date                // no date may be after; 2100-12-31
	Today    qms.Date                // what is done later is odd, or wrong when it is years ahead; none to take any
	Mappings []Mapping               // how sheets are read whose headings do not tell
	Known    map[string]Known        // what is remembered of headings, by their signature
	Progress func(done, total int64) // bytes read so far, may be nil
}

// MaxRegisterFile is how big a file of registers may be, in bytes.
const MaxRegisterFile = 200 << 20

// ReadRegisters reads workbooks and CSV files. What cannot be read is in the Problems of the result;
// the error is the context's, or that of a disk.
func ReadRegisters(ctx context.Context, files []File, o ReadOptions) (*Registers, error) {
	if o.Earliest == 0 {
		o.Earliest = qms.MustDate("1990-01-01")
	}
	if o.Latest == 0 {
		o.Latest = qms.MustDate("2100-12-31")
	}
	r := &reading{ctx: ctx, into: newRegisters(), options: o}
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	for _, f := range files {
		r.total += f.Size
	}
	for _, f := range files {
		if err := r.file(f); err != nil {
			return nil, err
		}
	}
	switch {
	case r.into.Wrong > 0:
	case !r.into.recognised():
		r.into.report(Problem{Key: "import.nothing_recognised"}, true)
		r.into.unknown()
	case r.into.empty():
		r.into.report(Problem{Key: "import.no_lines"}, true)
	}
	return r.into, nil
}

// reading is the reading of some files under way.
type reading struct {
	ctx         context.Context
	into        *Registers
	options     ReadOptions
	form        func(cells []string) match // of the headings; recognise by the sheet's name when nil
	done, total int64
	rows        int64 // of all files
	odd         bool  // a workbook is written as only excelize reads it
}

// badFile is a file that cannot be read as a whole; its text is a key, whose argument is the name.
type badFile string

func (b badFile) Error() string { return string(b) }

// file reads one file by what it is, whatever it is called; the two must agree.
func (r *reading) file(f File) error {
	err := r.read(f)
	r.step(f.Size)
	var bad badFile
	switch {
	case err == nil:
		return nil
	case errors.As(err, &bad):
		r.into.report(Problem{Sheet: f.Name, Key: string(bad), Args: []any{f.Name}}, true)
		return nil
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	}
	return fmt.Errorf("read %s: %w", f.Name, err)
}

func (r *reading) read(f File) error {
	switch {
	case f.Size == 0:
		return badFile("file.empty")
	case f.Size > MaxRegisterFile:
		return badFile("import.file_too_big")
	}
	head := make([]byte, 512)
	n, err := f.Content.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	head = head[:n]
	ext := strings.ToLower(filepath.Ext(f.Name))
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return r.zipped(f, ext)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return r.compound(f)
	case ext == ".xlsx" || ext == ".xlsm" || ext == ".ods" || ext == ".xltx":
		return unlike(head)
	case ext != ".csv" && ext != ".txt" && ext != ".tsv":
		return badFile("import.file_kind")
	}
	return r.csv(f, head)
}

// unlike is what a file with a workbook's name and another content is: a broken workbook or another
// kind of file under that name.
func unlike(head []byte) error {
	for _, c := range head {
		if c == 0 {
			return badFile("file.damaged")
		}
	}
	return badFile("import.file_mislabelled")
}

// zipped tells the two kinds of workbook apart.
func (r *reading) zipped(f File, ext string) error {
	z, err := zip.NewReader(f.Content, f.Size)
	if err != nil {
		return badFile("file.damaged")
	}
	if bad := guardZip(z); bad != "" {
		return bad
	}
	parts := map[string]bool{}
	for _, part := range z.File {
		parts[strings.ToLower(strings.ReplaceAll(part.Name, "\\", "/"))] = true
	}
	switch {
	case parts["xl/workbook.xml"]:
		if ext == ".ods" || ext == ".csv" {
			return badFile("import.file_mislabelled")
		}
		return r.xlsx(f, z)
	case parts["content.xml"] && isSpreadsheet(z):
		if ext != ".ods" && ext != ".ots" {
			return badFile("import.file_mislabelled")
		}
		return r.ods(f, z)
	case ext == ".xlsx" || ext == ".ods" || ext == ".xlsm" || ext == ".csv":
		return badFile("import.file_mislabelled")
	case ext == ".zip":
		return r.archive(z)
	}
	return badFile("import.file_kind")
}

// archive reads the registers in a ZIP, wherever in it they are.
func (r *reading) archive(z *zip.Reader) error {
	found := false
	for _, part := range z.File {
		name := path.Base(part.Name)
		if part.FileInfo().IsDir() || isHidden(name) || !isRegister(name) || strings.HasPrefix(part.Name, "__MACOSX/") {
			continue
		}
		found = true
		if err := r.part(name, part); err != nil {
			return err
		}
	}
	if !found {
		return badFile("import.file_kind")
	}
	return nil
}

func (r *reading) part(name string, part *zip.File) error {
	packed, err := part.Open()
	if err != nil {
		return badFile("file.damaged")
	}
	defer packed.Close()
	unpacked, size, err := spool(r.ctx, packed)
	switch {
	case errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrAlgorithm):
		return badFile("file.damaged")
	case err != nil:
		return err
	}
	defer unpacked.Close()
	return r.file(File{Name: name, Content: unpacked, Size: size})
}

// compound is a file of the format that older Excel wrote, and that Excel still wraps round a
// workbook with a password.
func (r *reading) compound(f File) error {
	wrapped := []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
	buffer := make([]byte, 1<<20)
	for at := int64(0); at < f.Size; at += int64(len(buffer) - len(wrapped)) {
		n, err := f.Content.ReadAt(buffer, at)
		if bytes.Contains(buffer[:n], wrapped) {
			return badFile("file.encrypted")
		}
		if err != nil {
			break
		}
	}
	return badFile("import.file_old_excel")
}

// sheet begins a sheet of the name.
func (r *reading) sheet(name string, kind serial) *sheetReader {
	s := r.into.sheet(name, r.rules(kind))
	s.finds, s.today = r.form, r.options.Today
	if s.finds == nil {
		s.given, s.known = givenFor(r.options.Mappings, name), r.options.Known
	}
	return s
}

func (r *reading) rules(kind serial) dateRules {
	return dateRules{Min: r.options.Earliest, Max: r.options.Latest, Serial: kind}
}

// maxRows is how many rows all sheets may have together.
const maxRows = 3 << 20

// row is called before each row: it ends a reading that nobody waits for, or that never ends.
func (r *reading) row() error {
	r.rows++
	if r.rows > maxRows {
		return badFile("import.too_many_rows")
	}
	if r.rows%1024 == 0 {
		return r.ctx.Err()
	}
	return nil
}

func (r *reading) step(bytes int64) {
	r.done += bytes
	if r.options.Progress != nil {
		r.options.Progress(r.done, r.total)
	}
}
