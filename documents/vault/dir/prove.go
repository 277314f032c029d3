package dir

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"maillon/documents/vault"
)

// Hold implements vault.Vault: the file is read and made read-only once more. That is no lock, and it says
// so: whoever may write to the folder may remove the file.
func (v *Vault) Hold(ctx context.Context, d vault.Digest, _ time.Time) (vault.Held, error) {
	if err := vault.Check(ctx, v, d); err != nil {
		return vault.Held{}, err
	}
	return vault.Held{}, os.Chmod(v.path(d), fileMode)
}

// Prove implements vault.Vault with a content of its own, which it removes.
func (v *Vault) Prove(ctx context.Context) (p vault.Proof, err error) {
	probe := append([]byte("maillon vault test "), rand.Text()...)
	info, err := v.Put(ctx, bytes.NewReader(probe))
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, v.discard(info.Digest)) }()
	p.Add(vault.RoundTrip, v.readBack(ctx, info.Digest, probe))
	p.Add(vault.Checksum, v.notices(ctx, probe))
	p.Add(vault.Listing, v.listsOnce(ctx, info))
	p.Add(vault.Overwrite, v.readOnly(info.Digest))
	p.Leave(vault.Foreign, vault.Versioning, vault.LockOn, vault.Retention, vault.Deletion, vault.Shortening)
	p.InOrder()
	return p, nil
}

// discard removes the probe, and its folder where nothing else is in it.
func (v *Vault) discard(d vault.Digest) error {
	err := os.Remove(v.path(d))
	_ = os.Remove(v.path(d)[:len(v.root)+3]) // refused while something is in it
	return err
}

func (v *Vault) readBack(ctx context.Context, d vault.Digest, want []byte) error {
	content, err := v.Open(ctx, d)
	if err != nil {
		return err
	}
	defer content.Close()
	got, err := io.ReadAll(content)
	if err == nil && !bytes.Equal(got, want) {
		err = vault.ErrAltered
	}
	return err
}

// notices puts a content, alters its file, and looks whether reading tells.
func (v *Vault) notices(ctx context.Context, probe []byte) error {
	info, err := v.Put(ctx, bytes.NewReader(append([]byte("altered "), probe...)))
	if err != nil {
		return err
	}
	defer v.discard(info.Digest) //nolint:errcheck // the next one finds another
	if err := os.Remove(v.path(info.Digest)); err != nil {
		return err
	}
	if err := os.WriteFile(v.path(info.Digest), probe, fileMode); err != nil {
		return err
	}
	if err := vault.Check(ctx, v, info.Digest); !errors.Is(err, vault.ErrAltered) {
		return fmt.Errorf("reading an altered content ended with: %v", err) //nolint:errorlint // it may be none
	}
	return nil
}

func (v *Vault) listsOnce(ctx context.Context, want vault.Info) error {
	times := 0
	for info, err := range v.List(ctx) {
		if err != nil {
			return err
		}
		if info.Digest == want.Digest && info.Size == want.Size {
			times++
		}
	}
	if times != 1 {
		return fmt.Errorf("listed %d times", times)
	}
	return nil
}

// readOnly looks whether the file of a content may be written.
func (v *Vault) readOnly(d vault.Digest) error {
	stat, err := os.Stat(v.path(d))
	if err == nil && stat.Mode().Perm()&0o222 != 0 {
		err = fmt.Errorf("the file has the mode %s: %w", stat.Mode(), fs.ErrPermission)
	}
	return err
}
