package app

import (
	"os"
	"path/filepath"
	"testing"

	"maillon/qms/aside"
)

// asides are the rooms of one folder: of a house, of another process that lives, and of one that died.
type asides struct {
	*site
	own, living *aside.Room // kept, as their locks are
	dead        string
}

func openAsides(t *testing.T) asides {
	t.Helper()
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
	if err := os.WriteFile(dead+".lock", nil, 0o600); err != nil { // that nobody holds
		t.Fatal(err)
	}
	return asides{s, own, living, dead}
}

// A server that runs clears what another process left that died meanwhile, and nothing of one that lives.
func TestClearAside_RemovesWhatTheDeadLeftMeanwhile(t *testing.T) {
	t.Parallel()
	s := openAsides(t)
	kept := filepath.Join(s.living.Path, "kept")
	for _, path := range []string{s.dead, kept} {
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.clearAside(asSystem(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.dead); err == nil {
		t.Error("what the dead one left is still there")
	}
	for _, path := range []string{s.own.Path, kept} {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("what a living one keeps is gone: %v", err)
		}
	}
}
