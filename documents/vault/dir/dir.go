// Package dir keeps contents as read-only files of one folder, for a laptop or one server.
//
// A content lies in DIR/ab/cdef…, where abcdef… is its SHA-256. It is written to a temporary file of
// the same file system and hashed on the way, the file is synced, renamed and its folder synced: when
// Put returns, the content outlives a power cut. A crash leaves at most a temporary file in DIR/tmp, in
// the room of its process (see aside); whoever opens the vault next removes it, whatever its age, and
// touches nothing of a process that lives.
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
	"maillon/qms/aside"
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

	entered sync.Mutex
	room    *aside.Room // of this process while it puts something
	putting int         // how many contents at the moment
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
	v := &Vault{root: root}
	_, _ = aside.Clear(v.unfinished()) // what cannot be removed hinders nobody, and Sweep tells of it
	return v, nil
}

// unfinished is the folder of the contents that are being put, each in the room of its process.
func (v *Vault) unfinished() string { return filepath.Join(v.root, temporary) }

// begin makes the file that a content is first written to. Every begin has its end, whether it fails or not.
func (v *Vault) begin() (*os.File, error) {
	v.entered.Lock()
	defer v.entered.Unlock()
	v.putting++
	if v.room == nil {
		room, err := aside.Enter(v.unfinished())
		if err != nil {
			return nil, err
		}
		v.room = room
	}
	return v.room.File("put")
}

// end leaves the room once nothing is put any more.
func (v *Vault) end() {
	v.entered.Lock()
	defer v.entered.Unlock()
	if v.putting--; v.putting == 0 && v.room != nil {
		_ = v.room.Leave() // what is left of it is cleared by whoever enters next
		v.room = nil
	}
}

// Put implements vault.Vault.
func (v *Vault) Put(ctx context.Context, r io.Reader) (_ vault.Info, err error) {
	defer v.end()
	file, err := v.begin()
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
