package dir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"maillon/documents/vault"
)

// Sweep removes, among what is older than before, the contents that keep does not know and the
// temporary files that a crash left. It stops at the first error and tells what it removed by then.
func (v *Vault) Sweep(ctx context.Context, before time.Time, keep vault.Keep) (vault.Swept, error) {
	var swept vault.Swept
	for orphan, err := range vault.Orphans(ctx, v, before, keep) {
		if err != nil {
			return swept, fmt.Errorf("sweep: %w", err)
		}
		removed, err := v.remove(v.path(orphan.Digest), before)
		if err != nil {
			return swept, fmt.Errorf("sweep: %w", err)
		}
		if removed {
			swept.Contents++
			swept.Bytes += orphan.Size
		}
	}
	unfinished, err := os.ReadDir(filepath.Join(v.root, temporary))
	if err != nil {
		return swept, fmt.Errorf("sweep: %w", err)
	}
	for _, file := range unfinished {
		removed, err := v.remove(filepath.Join(v.root, temporary, file.Name()), before)
		if err != nil {
			return swept, fmt.Errorf("sweep: %w", err)
		}
		if removed {
			swept.Unfinished++
		}
	}
	return swept, nil
}

// remove looks at the age again, since a Put may have made the content young in the meantime.
func (v *Vault) remove(path string, before time.Time) (bool, error) {
	v.settled.Lock()
	defer v.settled.Unlock()
	stat, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || !stat.ModTime().Before(before) {
		return false, err
	}
	return true, os.Remove(path)
}
