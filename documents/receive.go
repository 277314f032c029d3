package documents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/gabriel-vasile/mimetype"

	"maillon/documents/text"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/aside"
)

const maxFileName = 200

// Receive takes a file in: it is read from beginning to end, refused when it is damaged, encrypted,
// empty or not what its name says, and kept in the vault. Memory does not grow with its size. A file
// whose format has no text for Maillon is taken without.
func (s *Service) Receive(ctx context.Context, platform qms.ID, name string, r io.Reader) (File, error) {
	if actor := qms.ActorFrom(ctx); !actor.Can(qms.ImportRegisters.On(platform)) {
		if err := qms.Authorise(actor, qms.WriteDocuments.On(platform)); err != nil {
			return File{}, err
		}
	}
	spool, err := aside.File("file")
	if err != nil {
		return File{}, fmt.Errorf("receive file: %w", vault.WriteError(err))
	}
	defer discard(spool)
	info, err := vault.Copy(ctx, spool, r)
	if err != nil {
		return File{}, err
	}
	file, err := inspect(ctx, name, spool, info)
	if err != nil {
		return File{}, err
	}
	if _, err := s.vault.Put(ctx, io.NewSectionReader(spool, 0, info.Size)); err != nil {
		return File{}, err
	}
	return file, nil
}

func discard(spool *os.File) {
	spool.Close()
	os.Remove(spool.Name())
}

// Inspect reads a file as Receive does and keeps nothing: for the preview of an import.
func Inspect(ctx context.Context, name string, r io.ReaderAt, size int64) (File, error) {
	info, err := vault.Copy(ctx, io.Discard, io.NewSectionReader(r, 0, size))
	if err != nil {
		return File{}, err
	}
	return inspect(ctx, name, r, info)
}

func inspect(ctx context.Context, name string, r io.ReaderAt, info vault.Info) (File, error) {
	file := File{Name: fileName(name), Size: info.Size, Digest: info.Digest}
	if info.Size == 0 {
		return File{}, qms.Invalid("file.empty", file.Name)
	}
	media, err := mimetype.DetectReader(io.NewSectionReader(r, 0, info.Size))
	if err != nil {
		return File{}, fmt.Errorf("detect media type: %w", err)
	}
	file.MediaType = media.String()
	file.Text, err = text.Extract(ctx, file.Name, r, info.Size)
	if errors.Is(err, qms.Invalid("file.unsupported")) {
		return file, nil
	}
	return file, err
}

// fileName is the last part of the name, without what a file name should not hold.
func fileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "")))
	if runes := []rune(name); len(runes) > maxFileName {
		name = string(runes[len(runes)-maxFileName:]) // the end holds the extension
	}
	if name == "" || name == "." || name == ".." {
		return "document"
	}
	return name
}

// content is the row of the file's text.
func (f File) content() *Content {
	return &Content{Digest: f.Digest, Format: string(f.Text.Format), Title: printable(f.Text.Title), Body: printable(f.Text.Body)}
}

// attach makes the file the content of the version.
func (v *Version) attach(f File) {
	v.FileName, v.MediaType, v.Size, v.Content = f.Name, f.MediaType, f.Size, f.Digest
}

// Opened is the content of a version, being read. Close it.
type Opened struct {
	io.ReadCloser
	Document Document
	Version  Version
	State    State // of the version today: what is not in force must be marked
}

// SaveAs is what the version is called on the disk of who downloads it: code, version and, in the
// given word, the state of what is not in force.
func (o *Opened) SaveAs(word string) string {
	name := o.Document.Code + " v" + o.Version.Number().String()
	if o.State != Effective {
		name += " (" + word + ")"
	}
	return name + filepath.Ext(o.Version.FileName)
}

// Open reads the content of a version. Who may not read drafts finds only what was approved.
func (s *Service) Open(ctx context.Context, platform, version qms.ID) (*Opened, error) {
	opened, err := s.openable(ctx, platform, version)
	if err != nil {
		return nil, err
	}
	opened.ReadCloser, err = s.vault.Open(ctx, opened.Version.Content)
	return opened, err
}
