package importer

import (
	"archive/zip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"maillon/qms"
)

// folder is a folder of the machine that nothing leads out of, or the inside of an archive.
type folder struct {
	fs.FS
	root *os.Root // nil for an archive
}

// Close ends the use of the folder; an archive has nothing to end.
func (f folder) Close() error {
	if f.root == nil {
		return nil
	}
	return f.root.Close()
}

// Tree is files by path. Close it.
type Tree interface {
	fs.FS
	io.Closer
}

// OpenFolder opens a folder of the machine. Links in it that lead out of it are not followed.
func OpenFolder(path string) (Tree, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, qms.Invalid("import.no_such_path", path)
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, qms.Invalid("import.not_a_folder", path)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return folder{root.FS(), root}, nil
}

// The bounds of an archive of documents.
const (
	maxArchiveFiles = 10_000
	maxArchiveBytes = 8 << 30 // unpacked
)

// OpenArchive opens a ZIP of documents. It is qms.Invalid("file.bomb") when it would unfold beyond
// measure, "file.encrypted" when a password is on it, "file.damaged" when it is no ZIP. Names that
// lead out of it do not exist.
func OpenArchive(f File) (fs.FS, error) {
	z, err := zip.NewReader(f.Content, f.Size)
	if err != nil {
		return nil, qms.Invalid("file.damaged", f.Name)
	}
	var total uint64
	for _, part := range z.File {
		total += part.UncompressedSize64
		if part.Flags&1 != 0 {
			return nil, qms.Invalid("file.encrypted", f.Name)
		}
		if part.UncompressedSize64 > 1<<20 && part.UncompressedSize64/(part.CompressedSize64+1) > maxRatio {
			return nil, qms.Invalid("file.bomb", f.Name)
		}
	}
	if len(z.File) > maxArchiveFiles || total > maxArchiveBytes {
		return nil, qms.Invalid("file.bomb", f.Name)
	}
	return z, nil
}

// OpenRegisters opens a workbook, a CSV file, or the CSV files of a folder. Close what it returns.
func OpenRegisters(path string) ([]File, io.Closer, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, qms.Invalid("import.no_such_path", path)
	case err != nil:
		return nil, nil, err
	}
	paths := []string{path}
	if info.IsDir() {
		if paths, err = registersIn(path); err != nil {
			return nil, nil, err
		}
		if len(paths) == 0 {
			return nil, nil, qms.Invalid("import.no_registers", path)
		}
	}
	var opened closers
	var files []File
	for _, p := range paths {
		f, err := os.Open(p)
		if err != nil {
			return nil, nil, errors.Join(err, opened.Close())
		}
		opened = append(opened, f)
		info, err := f.Stat()
		if err != nil {
			return nil, nil, errors.Join(err, opened.Close())
		}
		files = append(files, File{Name: filepath.Base(p), Content: f, Size: info.Size()})
	}
	return files, opened, nil
}

// registersIn lists the registers of a folder, not of the folders in it.
func registersIn(path string) ([]string, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, e := range entries {
		if !isHidden(e.Name()) && !e.IsDir() && isRegister(e.Name()) {
			paths = append(paths, filepath.Join(path, e.Name()))
		}
	}
	return paths, nil
}

// isRegister reports whether a file of that name may be a register.
func isRegister(name string) bool {
	return slices.Contains([]string{".csv", ".xlsx", ".xlsm", ".ods", ".tsv", ".txt"}, strings.ToLower(filepath.Ext(name)))
}

// closers closes all.
type closers []io.Closer

// Close closes all, whatever fails.
func (c closers) Close() error {
	var errs []error
	for _, one := range c {
		errs = append(errs, one.Close())
	}
	return errors.Join(errs...)
}
