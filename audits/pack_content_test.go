package audits

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// moved has a server over a copy of the vault, whose folder it tells.
func (w *workshop) moved() (next *workshop, root string) {
	w.t.Helper()
	root = w.t.TempDir()
	folder, err := dir.Open(root)
	w.must(err)
	for info, err := range w.vault.List(w.t.Context()) {
		w.must(err)
		r, err := w.vault.Open(w.t.Context(), info.Digest)
		w.must(err)
		_, err = folder.Put(w.t.Context(), r)
		w.must(errors.Join(err, r.Close()))
	}
	other := *w
	other.vault = &gate{Vault: folder}
	other.Service = New(w.db, Options{Trace: w.trace, Vault: other.vault, Key: w.key})
	w.t.Cleanup(other.Close)
	return &other, root
}

// failOn has the service of the vault fail on one content.
func (w *workshop) failOn(body string, err error) error {
	w.vault.open = func(d vault.Digest) error {
		if d == vault.DigestOf([]byte(body)) {
			return err
		}
		return nil
	}
	return nil
}

func (w *workshop) doubted() (at time.Time) {
	w.t.Helper()
	w.must(w.db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		at, err = DoubtedAt(w.t.Context(), r)
		return err
	}))
	return at
}

func TestPack_OfAVaultThatLosesOrAltersAFileFailsNamingIt(t *testing.T) {
	t.Parallel()
	const body = "Préparation des échantillons"
	path := filepath.FromSlash(vault.DigestOf([]byte(body)).Path())
	for _, one := range []struct {
		key    string
		doubts bool
		spoil  func(w *workshop, file string) error
	}{
		{"pack.content_missing", true, func(_ *workshop, file string) error { return os.Remove(file) }},
		{"pack.content_altered", true, func(_ *workshop, file string) error {
			return errors.Join(os.Chmod(file, 0o600), os.WriteFile(file, []byte(strings.ToUpper(body)), 0o600))
		}},
		{"pack.content_unreachable", false, func(w *workshop, _ string) error {
			return w.failOn(body, vault.Unreachable(errors.New("connection refused")))
		}},
		{"pack.content_unreadable", true, func(w *workshop, _ string) error {
			return w.failOn(body, io.ErrUnexpectedEOF)
		}},
	} {
		t.Run(one.key, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w, root := openWorkshop(t, db).moved()
				if err := one.spoil(w, filepath.Join(root, path)); err != nil {
					t.Fatal(err)
				}
				before := w.kept()
				p, err := w.StartPack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"})
				w.must(err)
				failed := w.ended(p)
				if failed.State != PackFailed || failed.Reason() != one.key || !failed.Content.IsZero() || w.kept() != before {
					t.Errorf("it is %s (%s), %d contents are kept, %d before", failed.State, failed.Failure, w.kept(), before)
				}
				for _, lang := range locale.Languages() {
					if said := locale.For(lang).Error(failed.Why()); !strings.Contains(said, "MO-MIC-002 1.0 (MO-MIC-002 ") {
						t.Errorf("%s: the file is not named: %s", lang, said)
					}
				}
				if at := w.doubted(); at.IsZero() == one.doubts {
					t.Errorf("doubted at %v", at)
				}
				w.mended(t, filepath.Join(root, path), body)
			})
		})
	}
}

// mended puts the file back: the next pack is made, under the next number.
func (w *workshop) mended(t *testing.T, file, body string) {
	t.Helper()
	w.vault.open = nil
	_ = os.Chmod(file, 0o600)
	w.must(os.WriteFile(file, []byte(body), 0o600))
	p, err := w.MakePack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"}, io.Discard)
	w.must(err)
	if p.State != PackMade || p.Number != "PACK-2026-002" {
		t.Errorf("once it is back: %s %s", p.Number, p.State)
	}
}

// kept counts the contents of the vault.
func (w *workshop) kept() (n int) {
	w.t.Helper()
	for _, err := range w.vault.List(w.t.Context()) {
		w.must(err)
		n++
	}
	return n
}

// fullVault has no room for another content.
type fullVault struct{ vault.Vault }

func (fullVault) Put(context.Context, io.Reader) (vault.Info, error) {
	return vault.Info{}, vault.Full(errors.New("no space left on device"))
}

func TestPack_WithoutRoomInTheVaultSaysSo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.vault.Vault = fullVault{w.vault.Vault}
		p, err := w.StartPack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"})
		w.must(err)
		if got := w.ended(p); got.State != PackFailed || got.Reason() != "vault.full" || !got.Content.IsZero() || !w.doubted().IsZero() {
			t.Errorf("%s: %s", got.State, got.Failure)
		}
	})
}
