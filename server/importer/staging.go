package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/aside"
)

// Staging is where the files of an upload wait, in a folder of their own that is gone when it is
// closed. It is not safe for concurrent use.
type Staging struct {
	dir     string
	names   []string
	open    closers
	mapping *File
}

// maxStaged is how many files one upload may bring; a folder of more comes as an archive.
const maxStaged = 2000

// NewStaging makes an empty one.
func NewStaging() (*Staging, error) {
	dir, err := aside.Folder("", "upload")
	if err != nil {
		return nil, vault.WriteError(err)
	}
	return &Staging{dir: dir}, nil
}

// Names are the files that came, as they were called.
func (s *Staging) Names() []string { return slices.Clone(s.names) }

// Close takes the files away.
func (s *Staging) Close() error { return errors.Join(s.open.Close(), os.RemoveAll(s.dir)) }

// Add keeps one file. Its name is that of a file, without folders.
func (s *Staging) Add(ctx context.Context, name string, r io.Reader) error {
	if len(s.names) >= maxStaged {
		return qms.Invalid("import.too_many_files", maxStaged)
	}
	name = s.free(plainName(name))
	if err := s.keep(ctx, filepath.Join(s.dir, "files", name), r); err != nil {
		return err
	}
	s.names = append(s.names, name)
	return nil
}

// AddMapping keeps the mapping of a folder of documents.
func (s *Staging) AddMapping(ctx context.Context, name string, r io.Reader) error {
	path := filepath.Join(s.dir, "mapping")
	if err := s.keep(ctx, path, r); err != nil {
		return err
	}
	f, err := s.file(path, plainName(name))
	if err != nil {
		return err
	}
	s.mapping = &f
	return nil
}

func (s *Staging) keep(ctx context.Context, path string, r io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return vault.WriteError(err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return vault.WriteError(err)
	}
	_, err = vault.Copy(ctx, f, r)
	return errors.Join(err, f.Close())
}

// plainName is a name without folders and without what no file system takes.
func plainName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Trim(clean(strings.ToValidUTF8(name, "")), " .")
	if len(name) > 200 {
		name = name[len(name)-200:]
	}
	if name = strings.ToValidUTF8(name, ""); name == "" {
		return "fichier"
	}
	return name
}

// free is the name, or the name with a number when two files came under one.
func (s *Staging) free(name string) string {
	ext := filepath.Ext(name)
	for n, stem := 2, strings.TrimSuffix(name, ext); slices.Contains(s.names, name); n++ {
		name = fmt.Sprintf("%s (%d)%s", stem, n, ext)
	}
	return name
}

func (s *Staging) file(path, name string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	s.open = append(s.open, f)
	info, err := f.Stat()
	if err != nil {
		return File{}, err
	}
	return File{Name: name, Content: f, Size: info.Size()}, nil
}

// Files opens the files; they are closed with the staging.
func (s *Staging) Files() ([]File, error) {
	var files []File
	for _, name := range s.names {
		f, err := s.file(filepath.Join(s.dir, "files", name), name)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// archive is the one file that came, when it is an archive.
func (s *Staging) archive() bool {
	return len(s.names) == 1 && strings.EqualFold(filepath.Ext(s.names[0]), ".zip")
}

// Tree is the documents that came: the inside of an archive, or the files side by side.
func (s *Staging) Tree() (Tree, error) {
	if !s.archive() {
		return OpenFolder(filepath.Join(s.dir, "files"))
	}
	files, err := s.Files()
	if err != nil {
		return nil, err
	}
	inside, err := OpenArchive(files[0])
	if err != nil {
		return nil, err
	}
	return folder{FS: inside}, nil
}

// Mapping is the mapping that came, nil when none did.
func (s *Staging) Mapping() *File { return s.mapping }
