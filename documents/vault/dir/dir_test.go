package dir_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/documents/vault/vaulttest"
)

func TestMain(m *testing.M) {
	diskMain()
	vaulttest.Main(func(_ context.Context, address string) (vault.Vault, error) { return dir.Open(address) })
	os.Exit(m.Run())
}

func TestDir_KeepsTheContractOfAVault(t *testing.T) {
	vaulttest.Run(t, func(t *testing.T) vaulttest.Subject {
		v, root := open(t)
		return vaulttest.Subject{
			Vault:     v,
			Alter:     func(t *testing.T, d vault.Digest) { alter(t, filepath.Join(root, d.Path())) },
			Leftovers: func(t *testing.T) []string { return unfinished(t, root) },
			Address:   root,
			Large:     500_000_000,
		}
	})
}

func TestOpen_RefusesAFileInPlaceOfTheFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := dir.Open(file); err == nil {
		t.Error("a file serves as a vault")
	}
}

func TestPut_LeavesReadOnlyFiles(t *testing.T) {
	t.Parallel()
	v, root := open(t)
	info := put(t, v, "procédure")
	stat, err := os.Stat(filepath.Join(root, info.Digest.Path()))
	if err != nil || stat.Mode().Perm()&0o222 != 0 {
		t.Errorf("mode = %v, %v", stat.Mode(), err)
	}
}

func TestPut_MendsAnAlteredContent(t *testing.T) {
	t.Parallel()
	v, root := open(t)
	info := put(t, v, "procédure")
	alter(t, filepath.Join(root, info.Digest.Path()))
	put(t, v, "procédure")
	if err := vault.Check(t.Context(), v, info.Digest); err != nil {
		t.Error(err)
	}
}

func TestList_PassesOverForeignFiles(t *testing.T) {
	t.Parallel()
	v, root := open(t)
	info := put(t, v, "procédure")
	for _, foreign := range []string{info.Digest.Path() + ".bak", info.Digest.Path()[:3] + ".DS_Store", "README"} {
		if err := os.WriteFile(filepath.Join(root, foreign), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for _, err := range v.List(t.Context()) {
		if n++; err != nil || n > 1 {
			t.Errorf("content %d: %v", n, err)
		}
	}
}

func TestSweep_RemovesOldOrphansAndWhatCrashesLeft(t *testing.T) {
	t.Parallel()
	v, root := open(t)
	named, orphan, young := put(t, v, "named"), put(t, v, "orphan"), put(t, v, "young")
	old := young.StoredAt.Add(-time.Hour)
	crashed, running := filepath.Join(root, "tmp", "put-1"), filepath.Join(root, "tmp", "put-2")
	for _, file := range []string{crashed, running} {
		if err := os.WriteFile(file, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{crashed, filepath.Join(root, named.Digest.Path()), filepath.Join(root, orphan.Digest.Path())} {
		if err := os.Chtimes(file, old, old); err != nil {
			t.Fatal(err)
		}
	}
	keep := func(_ context.Context, d vault.Digest) (bool, error) { return d == named.Digest, nil }
	swept, err := v.Sweep(t.Context(), old.Add(time.Minute), keep)
	if want := (vault.Swept{Contents: 1, Bytes: 6, Unfinished: 1}); err != nil || swept != want {
		t.Errorf("swept = %+v, %v, want %+v", swept, err, want)
	}
	for _, info := range []vault.Info{named, young} {
		if err := vault.Check(t.Context(), v, info.Digest); err != nil {
			t.Error(err)
		}
	}
	if left := unfinished(t, root); len(left) != 1 || left[0] != "put-2" {
		t.Errorf("unfinished = %v, want the one that runs", left)
	}
}

func TestSweep_SparesAContentThatIsPutAgain(t *testing.T) {
	t.Parallel()
	v, root := open(t)
	info := put(t, v, "orphan")
	old := info.StoredAt.Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(root, info.Digest.Path()), old, old); err != nil {
		t.Fatal(err)
	}
	meanwhile := func(context.Context, vault.Digest) (bool, error) {
		put(t, v, "orphan")
		return false, nil
	}
	if swept, err := v.Sweep(t.Context(), old.Add(time.Minute), meanwhile); err != nil || swept.Contents != 0 {
		t.Errorf("swept = %+v, %v", swept, err)
	}
	if err := vault.Check(t.Context(), v, info.Digest); err != nil {
		t.Error(err)
	}
}

func open(t *testing.T) (*dir.Vault, string) {
	root := filepath.Join(t.TempDir(), "vault")
	v, err := dir.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	return v, root
}

func put(t *testing.T, v vault.Vault, content string) vault.Info {
	t.Helper()
	info, err := v.Put(t.Context(), strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func alter(t *testing.T, path string) {
	content, err := os.ReadFile(path)
	if err == nil {
		content[len(content)/2] ^= 1
		err = errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, content, 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// unfinished names every file that is no content.
func unfinished(t *testing.T, root string) (names []string) {
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(root, path)
		if _, ours := vault.ParsePath(filepath.ToSlash(name)); err == nil && !entry.IsDir() && !ours {
			names = append(names, entry.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// A put that ends with its process leaves half a content: it never counts, and the next start removes it.
func TestOpen_ClearsWhatAKilledProcessWasPuttingAndNothingOfALivingOne(t *testing.T) {
	t.Parallel()
	living, root := open(t)
	half := dir.Half(t, living)
	known := rooms(t, root)
	killInARoom(t, root, len(known)+1)
	next, err := dir.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	if left := rooms(t, root); !slices.Equal(left, known) {
		t.Errorf("after the next start there are %v, want %v", left, known)
	}
	if _, err := os.Stat(half); err != nil {
		t.Errorf("a living process lost what it was putting: %v", err)
	}
	killInARoom(t, root, len(known)+1)
	swept, err := next.Sweep(t.Context(), time.Time{}, func(context.Context, vault.Digest) (bool, error) { return true, nil })
	if left := rooms(t, root); err != nil || swept.Unfinished != 1 || !slices.Equal(left, known) {
		t.Errorf("the sweep says %+v, %v, and leaves %v", swept, err, left)
	}
}

// killInARoom kills other processes while they put, until one has left its room behind.
func killInARoom(t *testing.T, root string, rest int) {
	t.Helper()
	for try := range 60 { // at another moment of a put each time
		vaulttest.PutUntilKilled(t, root, 1+try%5, time.Duration(try)*300*time.Microsecond)
		if len(rooms(t, root)) == rest {
			return
		}
	}
	t.Fatal("no kill left anything behind: this test sees nothing")
}

// rooms are the folders of processes that put, or did.
func rooms(t *testing.T, root string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(root, "tmp"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}
