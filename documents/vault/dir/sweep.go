package dir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"maillon/documents/vault"
	"maillon/qms/aside"
)

// Sweep removes, among what is older than before, the contents that keep does not know, and of whatever
// age what dead processes left unfinished. It stops at the first error and tells what it removed by then.
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
	gone, err := aside.Clear(v.unfinished())
	swept.Unfinished += len(gone)
	if err != nil {
		return swept, fmt.Errorf("sweep: %w", err)
	}
	err = v.sweepRoomless(before, &swept)
	return swept, err
}

// sweepRoomless removes old temporary files that are in no room: those of before there were any.
func (v *Vault) sweepRoomless(before time.Time, swept *vault.Swept) error {
	unfinished, err := os.ReadDir(v.unfinished())
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	for _, file := range unfinished {
		if file.IsDir() || !strings.HasPrefix(file.Name(), "put-") {
			continue
		}
		removed, err := v.remove(filepath.Join(v.unfinished(), file.Name()), before)
		if err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
		if removed {
			swept.Unfinished++
		}
	}
	return nil
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
