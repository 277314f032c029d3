// Package dir keeps contents as read-only files of one folder, for a laptop or one server.
//
// A content lies in DIR/ab/cdef…, where abcdef… is its SHA-256. It is written to a temporary file of
// the same file system and hashed on the way, the file is synced, renamed and its folder synced: when
// Put returns, the content outlives a power cut. A crash leaves at most a temporary file in DIR/tmp,
// which Sweep removes later.
//
// Putting a content again replaces the file by what was just received. That mends a file that was
// damaged meanwhile, and makes it young again, so that no sweep takes it before its row is written.
package dir

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sync"

	"maillon/documents/vault"
	"maillon/qms"
)

const (
	temporary  = "tmp" // the folder of unfinished contents
	folderMode = 0o750 // the site's files are not for the other accounts of the machine
	fileMode   = 0o440 // a content is never written again
)

// Vault is a folder of contents.
type Vault struct {
	root    string
	settled sync.RWMutex // a sweep does not remove what a Put of this process is putting in place
}

var _ vault.Vault = (*Vault)(nil)

// Open takes the folder, made if missing, as a vault.
func Open(root string) (*Vault, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("open vault: %w", err)
	}
	if err := os.MkdirAll(filepath.Join(root, temporary), folderMode); err != nil {
		return nil, fmt.Errorf("open vault: %w", err)
	}
	return &Vault{root: root}, nil
}

// Put implements vault.Vault.
func (v *Vault) Put(ctx context.Context, r io.Reader) (_ vault.Info, err error) {
	file, err := os.CreateTemp(filepath.Join(v.root, temporary), "put-*")
	if err != nil {
		return vault.Info{}, fmt.Errorf("put content: %w", vault.WriteError(err))
	}
	defer func() {
		if err != nil {
			os.Remove(file.Name())
		}
	}()
	info, err := vault.Copy(ctx, file, r)
	if err = errors.Join(err, finish(file)); err != nil {
		return vault.Info{}, err
	}
	if err := v.settle(file.Name(), info.Digest); err != nil {
		return vault.Info{}, fmt.Errorf("put content: %w", vault.WriteError(err))
	}
	return v.Stat(ctx, info.Digest)
}

// finish brings the file to the disk and closes it, whatever happened before.
func finish(file *os.File) error {
	err := errors.Join(file.Chmod(fileMode), file.Sync(), file.Close())
	if err != nil {
		return fmt.Errorf("finish content: %w", vault.WriteError(err))
	}
	return nil
}

// settle renames a finished file to its place and makes the new name durable.
func (v *Vault) settle(file string, d vault.Digest) error {
	v.settled.RLock()
	defer v.settled.RUnlock()
	path := v.path(d)
	folder := filepath.Dir(path)
	switch err := os.Mkdir(folder, folderMode); {
	case err == nil:
		if err := syncFolder(v.root); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	if err := os.Rename(file, path); err != nil {
		return err
	}
	return syncFolder(folder)
}

// Open implements vault.Vault.
func (v *Vault) Open(ctx context.Context, d vault.Digest) (io.ReadCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	file, err := os.Open(v.path(d))
	if err != nil {
		return nil, missing(err, d)
	}
	return vault.Verified(file, d), nil
}

// Stat implements vault.Vault.
func (v *Vault) Stat(ctx context.Context, d vault.Digest) (vault.Info, error) {
	if err := ctx.Err(); err != nil {
		return vault.Info{}, err
	}
	stat, err := os.Stat(v.path(d))
	if err != nil {
		return vault.Info{}, missing(err, d)
	}
	return vault.Info{Digest: d, Size: stat.Size(), StoredAt: stat.ModTime().UTC()}, nil
}

// List implements vault.Vault. It holds the names of one of the 256 folders at a time.
func (v *Vault) List(ctx context.Context) iter.Seq2[vault.Info, error] {
	return func(yield func(vault.Info, error) bool) {
		folders, err := os.ReadDir(v.root)
		if err != nil {
			yield(vault.Info{}, fmt.Errorf("list contents: %w", err))
			return
		}
		for _, folder := range folders {
			if len(folder.Name()) == 2 && folder.IsDir() && !v.listFolder(ctx, folder.Name(), yield) {
				return
			}
		}
	}
}

func (v *Vault) listFolder(ctx context.Context, folder string, yield func(vault.Info, error) bool) bool {
	files, err := os.ReadDir(filepath.Join(v.root, folder))
	if err != nil {
		return yield(vault.Info{}, fmt.Errorf("list contents: %w", err))
	}
	for _, file := range files {
		d, ours := vault.ParsePath(folder + "/" + file.Name())
		if !ours {
			continue
		}
		info, err := v.Stat(ctx, d)
		if qms.CodeOf(err) == qms.CodeNotFound {
			continue // swept meanwhile
		}
		if !yield(info, err) || err != nil {
			return false
		}
	}
	return true
}

func (v *Vault) path(d vault.Digest) string {
	return filepath.Join(v.root, filepath.FromSlash(d.Path()))
}

func missing(err error, d vault.Digest) error {
	if errors.Is(err, fs.ErrNotExist) {
		return vault.Missing(d)
	}
	return fmt.Errorf("read content: %w", err)
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
