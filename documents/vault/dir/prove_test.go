package dir_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/qms"
)

func TestProve_OfAFolderClaimsNoLockAndLeavesNothing(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	v, err := dir.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := v.Put(t.Context(), strings.NewReader("procédure"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := v.Prove(t.Context())
	if err != nil || p.Locks() || !p.Sound() || len(p.Findings) != 9 || len(p.Left) != 0 {
		t.Errorf("%+v, %v", p, err)
	}
	foreign := slices.DeleteFunc(slices.Clone(p.Findings), func(f vault.Finding) bool { return f.Outcome != vault.Foreign })
	if len(foreign) != 5 {
		t.Errorf("foreign to a folder: %+v", foreign)
	}
	var files []string
	err = filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) != 1 {
		t.Errorf("left behind: %v, %v", files, err)
	}
	held, err := v.Hold(t.Context(), kept.Digest, time.Now().Add(time.Hour))
	if err != nil || held.Locked() {
		t.Errorf("hold = %+v, %v", held, err)
	}
	if _, err := v.Hold(t.Context(), vault.DigestOf([]byte("nobody's")), time.Now()); !errors.Is(err, qms.NotFound("content.missing")) {
		t.Errorf("hold of what is missing = %v", err)
	}
}
