package app_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/store/storetest"
	"maillon/qms/trail"
	"maillon/server/app"
)

// openSite opens a site of its own in the folder.
func openSite(t *testing.T, dir string) *app.House {
	t.Helper()
	h, err := app.Open(t.Context(), app.Settings{Data: dir, Origin: "maillon.example", Zone: "Europe/Paris"}, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// in opens the site, lets f act, and closes it.
func in(t *testing.T, dir string, f func(ctx context.Context, h *app.House)) {
	t.Helper()
	h := openSite(t, dir)
	ctx := qms.WithActor(t.Context(), qms.System("test"))
	if err := h.Witness.Enrol(ctx); err != nil && !errors.Is(err, qms.Conflict("key.unknown")) {
		t.Fatal(err)
	}
	f(ctx, h)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

// keyFiles are the key file and its neighbours.
func keyFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "signing.key*"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if info, _ := os.Stat(name); info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %s", name, info.Mode())
		}
		found[strings.TrimPrefix(filepath.Base(name), "signing.key")] = string(data)
	}
	return found
}

func TestRotateKey_KeepsTheOldSecretAside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	storetest.Lay(t, dir)
	var old string
	in(t, dir, func(ctx context.Context, h *app.House) {
		old = keyFiles(t, dir)[""]
		if _, err := h.RotateKey(ctx, "  "); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("without a reason: %v", err)
		}
		if len(keyFiles(t, dir)) != 1 {
			t.Errorf("a change that was refused left %v", keyFiles(t, dir))
		}
		changed, err := h.RotateKey(ctx, "Changement annuel")
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(changed.Aside) != "signing.key.until-"+changed.New.BeginsAt.Format("2006-01-02") {
			t.Errorf("the old one is at %s", changed.Aside)
		}
		if _, err := h.Witness.Keep(ctx, ""); !errors.Is(err, qms.Conflict("key.replaced")) {
			t.Errorf("the server that runs goes on signing: %v", err)
		}
		if _, err := h.Trail.Checkpoint(ctx, ""); !errors.Is(err, qms.Conflict("key.replaced")) {
			t.Errorf("its page goes on signing: %v", err)
		}
	})
	in(t, dir, func(ctx context.Context, h *app.House) {
		if _, err := h.Witness.Keep(ctx, ""); err != nil {
			t.Errorf("started again it does not sign: %v", err)
		}
		if _, err := h.RotateKey(ctx, "Le même jour"); err != nil {
			t.Fatal(err)
		}
	})
	files := keyFiles(t, dir)
	if len(files) != 3 || files[""] == old {
		t.Fatalf("there are %d files", len(files))
	}
	kept := 0
	for _, line := range files {
		if line == old {
			kept++
		}
	}
	if kept != 1 {
		t.Errorf("the first secret is kept %d times", kept)
	}
}

// Whatever interrupts a change of key after it was put on record, the next start finishes it.
func TestOpen_FinishesAChangeOfKeyThatWasInterrupted(t *testing.T) {
	t.Parallel()
	for what, undo := range map[string]func(t *testing.T, dir, aside, next string){
		"before the old key was kept aside": func(t *testing.T, dir, aside, next string) {
			move(t, filepath.Join(dir, "signing.key"), next)
			move(t, aside, filepath.Join(dir, "signing.key"))
		},
		"before the new one took its place": func(t *testing.T, dir, aside, next string) {
			move(t, filepath.Join(dir, "signing.key"), next)
			data, err := os.ReadFile(aside)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "signing.key"), data, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			storetest.Lay(t, dir)
			var signs string
			in(t, dir, func(ctx context.Context, h *app.House) {
				changed, err := h.RotateKey(ctx, "Changement")
				if err != nil {
					t.Fatal(err)
				}
				signs = changed.New.Verifier
				undo(t, dir, changed.Aside, filepath.Join(dir, "signing.key.next-0123456789abcdef"))
			})
			stray := filepath.Join(dir, "signing.key.next-ffffffffffffffff")
			if err := os.WriteFile(stray, []byte("nothing"), 0o600); err != nil {
				t.Fatal(err)
			}
			in(t, dir, func(ctx context.Context, h *app.House) {
				if h.Key.Verifier() != signs {
					t.Error("the old key signs")
				}
				if _, err := h.Witness.Keep(ctx, ""); err != nil {
					t.Error(err)
				}
			})
			if files := keyFiles(t, dir); len(files) != 3 { // the key, the old one, the stray
				t.Errorf("there are %d files", len(files))
			}
		})
	}
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// A key file that is lost is no reason not to serve: nothing is signed until somebody says that it is lost.
func TestOpen_WithoutItsKeyFileReadsAndSignsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	storetest.Lay(t, dir)
	var first trail.Key
	in(t, dir, func(_ context.Context, h *app.House) { first = h.Key })
	if err := os.Remove(filepath.Join(dir, "signing.key")); err != nil {
		t.Fatal(err)
	}
	in(t, dir, func(ctx context.Context, h *app.House) {
		if _, err := h.Witness.Keep(ctx, ""); !errors.Is(err, qms.Conflict("key.unknown")) {
			t.Errorf("a key that nobody named signs: %v", err)
		}
		if _, err := h.RotateKey(ctx, "Essai"); !errors.Is(err, qms.Conflict("key.unknown")) {
			t.Errorf("it hands over: %v", err)
		}
		if _, err := h.Witness.Keys(ctx, ""); err != nil {
			t.Errorf("the site is not read: %v", err)
		}
		if err := h.Witness.Begin(ctx, "Disque perdu"); err != nil {
			t.Fatal(err)
		}
		text, err := h.Witness.History(ctx, "")
		if err != nil {
			t.Fatal(err)
		}
		s, err := trail.ParseSuccession(text)
		if err != nil {
			t.Fatal(err)
		}
		from, _ := trail.ParseVerifier(first.Verifier())
		to, _ := trail.ParseVerifier(h.Key.Verifier())
		if !errors.Is(s.Leads(from, to), trail.ErrNewBeginning) {
			t.Errorf("the loss is not said: %s", text)
		}
	})
}
