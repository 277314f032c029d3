package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"maillon/audits/witness"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// The key file holds the secret of the key that signs now. Its neighbours begin with its name: NAME.until-DAY
// holds a key that signed until then, NAME.next-DIGITS one that is about to sign.
const (
	nextKey  = ".next-"
	untilKey = ".until-"
)

// openKey reads the signing key, or makes it when there is none. A key file is never written over: what
// signed before stays beside it.
func openKey(path, origin string) (trail.Key, error) {
	line, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return makeKey(path, origin)
	case err != nil:
		return trail.Key{}, fmt.Errorf("read the signing key: %w", err)
	}
	return trail.ParseKey(line)
}

func makeKey(path, origin string) (_ trail.Key, err error) {
	key, line, err := trail.GenerateKey(rand.Reader, origin)
	if err != nil {
		return trail.Key{}, fmt.Errorf("make a signing key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return trail.Key{}, err
	}
	err = writeSecret(path, line)
	if errors.Is(err, fs.ErrExist) { // another start made it first
		return openKey(path, origin)
	}
	return key, err
}

// writeSecret makes a file that its owner alone reads, whole and on the disk before it returns. It refuses
// a name that is taken.
func writeSecret(path string, secret []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(secret)
	return errors.Join(err, file.Sync(), file.Close(), syncFolder(filepath.Dir(path)))
}

// syncFolder makes the names in a folder as lasting as their files.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := folder.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return errors.Join(err, folder.Close())
	}
	return folder.Close()
}

// finishKey puts the next key in the place of the key file when a change of key was put on record and then
// interrupted. Else it returns the key as it is.
func finishKey(ctx context.Context, db *store.DB, path string, key trail.Key, log *slog.Logger) (trail.Key, error) {
	ctx = qms.WithActor(ctx, qms.System("start"))
	lines, err := witness.New(db, witness.Options{Key: key}).Keys(ctx, "")
	if err != nil || len(lines) == 0 || lines[0].Ours {
		return key, err
	}
	waiting, err := filepath.Glob(globbed(path) + nextKey + "*")
	if err != nil {
		return key, err
	}
	for _, name := range waiting {
		line, err := os.ReadFile(name)
		if err != nil {
			return key, fmt.Errorf("read the next signing key: %w", err)
		}
		next, err := trail.ParseKey(line)
		if err != nil || next.Verifier() != lines[0].Verifier {
			continue
		}
		aside, err := promote(path, name, lines[0].BeginsAt)
		if err != nil {
			return key, err
		}
		log.WarnContext(ctx, "a change of key that was interrupted is done", "aside", aside)
		return next, nil
	}
	return key, nil
}

// globbed is a path without what a pattern would read otherwise.
func globbed(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// promote keeps the key file aside under the day of its end, and puts the next one in its place. Whatever
// interrupts it, the key file is there, whole, and no secret is lost.
func promote(path, next string, at time.Time) (aside string, err error) {
	old, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("keep the old signing key aside: %w", err)
	}
	for n := 1; ; n++ {
		aside = path + untilKey + at.Format(time.DateOnly)
		if n > 1 {
			aside += "." + strconv.Itoa(n)
		}
		err := writeSecret(aside, old)
		if errors.Is(err, fs.ErrExist) && n < 1000 {
			if same, _ := os.ReadFile(aside); string(same) == string(old) { // interrupted after this step
				break
			}
			continue
		}
		if err != nil {
			return "", fmt.Errorf("keep the old signing key aside: %w", err)
		}
		break
	}
	if err := os.Rename(next, path); err != nil {
		return "", fmt.Errorf("put the next signing key in place: %w", err)
	}
	return aside, syncFolder(filepath.Dir(path))
}

// ChangedKey is what came of a change of key.
type ChangedKey struct {
	Old, New witness.SigningKey
	File     string // of the new secret
	Aside    string // of the old one
}

// RotateKey makes a new signing key, has the old one name it, and puts its secret in the place of the key
// file. Servers that run go on reading and sign nothing until they are started again with the new file.
func (h *House) RotateKey(ctx context.Context, reason string) (*ChangedKey, error) {
	key, line, err := trail.GenerateKey(rand.Reader, h.Key.Name())
	if err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	verifier, err := trail.ParseVerifier(key.Verifier())
	if err != nil {
		return nil, err
	}
	next := h.keyFile + nextKey + strings.ReplaceAll(verifier.Fingerprint(), " ", "")[:16]
	if err := writeSecret(next, line); err != nil { // before the record: what is named must exist
		return nil, fmt.Errorf("keep the next signing key: %w", err)
	}
	before, err := h.Witness.Keys(ctx, "")
	if err != nil {
		return nil, errors.Join(err, os.Remove(next))
	}
	made, err := h.Witness.Rotate(ctx, verifier, reason)
	if err != nil {
		if qms.CodeOf(err) != "" { // refused, and so not on record; else nobody knows, and the next start looks
			err = errors.Join(err, os.Remove(next))
		}
		return nil, err
	}
	aside, err := promote(h.keyFile, next, made.BeginsAt)
	return &ChangedKey{Old: before[0].SigningKey, New: *made, File: h.keyFile, Aside: aside}, err
}

// enrolled does what enrol does for a site that was begun: before its first act there is nothing to sign.
func (h *House) enrolled(ctx context.Context) error {
	size := int64(0)
	err := h.DB.View(qms.WithActor(ctx, qms.System("start")), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		size, _, err = store.Head(ctx, r, trail.SiteLog)
		return err
	})
	if err != nil || size == 0 {
		return err
	}
	return h.enrol(ctx)
}

// enrol puts the first key on record. A server whose key is not the latest reads and signs nothing, and
// says so.
func (h *House) enrol(ctx context.Context) error {
	ctx = qms.WithActor(ctx, qms.System("start"))
	err := h.Witness.Enrol(ctx)
	if qms.CodeOf(err) == qms.CodeConflict {
		h.log.ErrorContext(ctx, "this server signs nothing: its key is not the latest of the site", "key", h.keyFile, "why", err)
		return nil
	}
	return err
}
