package app

import (
	"os"
	"path/filepath"
	"testing"

	"maillon/qms/aside"
)

// A server that runs clears what another process left that died meanwhile, and nothing of one that lives.
func TestClearAside_RemovesWhatTheDeadLeftMeanwhile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	own, err := aside.Enter(folder)
	if err != nil {
		t.Fatal(err)
	}
	s := openSiteWith(t, Settings{Data: t.TempDir(), Origin: "maillon", Zone: "Europe/Paris"}, Options{Room: own})
	living, err := aside.Enter(folder)
	if err != nil {
		t.Fatal(err)
	}
	dead := filepath.Join(folder, "1-dead")
	for _, path := range []string{dead, filepath.Join(living.Path, "kept")} {
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(dead+".lock", nil, 0o600); err != nil { // that nobody holds
		t.Fatal(err)
	}
	if err := s.clearAside(asSystem(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dead); err == nil {
		t.Error("what the dead one left is still there")
	}
	for _, path := range []string{own.Path, filepath.Join(living.Path, "kept")} {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("what a living one keeps is gone: %v", err)
		}
	}
}
