package audits

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/qms/aside"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// Signer says whose key signed a pack.
type Signer string

// A pack is signed by the key of this site, by one that it had before, or by another's.
const (
	SignerOurs   Signer = "ours"
	SignerFormer Signer = "former"
	SignerOther  Signer = "other"
)

// ExaminePack examines a pack that somebody sent, as the command line does without a server. It is kept
// aside meanwhile, since a ZIP is read from its end, and nothing is kept of it.
func (s *Service) ExaminePack(ctx context.Context, platform qms.ID, sent io.Reader) (report archive.Report, err error) {
	if err := s.mayExamine(ctx, platform); err != nil {
		return report, err
	}
	file, err := aside.File("verify")
	if err != nil {
		return report, fmt.Errorf("keep pack aside: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	size, err := io.Copy(file, sent)
	if err != nil {
		return report, err // of who sent it
	}
	return archive.Examine(file, size)
}

func (s *Service) mayExamine(ctx context.Context, platform qms.ID) error {
	return s.db.View(ctx, qms.MakePacks.On(platform), func(store.Reader) error { return nil })
}

// SignerOf says whose key signed the pack of the report.
func (s *Service) SignerOf(ctx context.Context, platform qms.ID, report archive.Report) (Signer, error) {
	ours, err := s.KeyFingerprint()
	switch {
	case err != nil:
		return "", err
	case ours == report.KeyFingerprint:
		return SignerOurs, nil
	case s.heads == nil:
		return SignerOther, nil
	}
	signer := SignerOther
	err = s.db.View(ctx, qms.MakePacks.On(platform), func(r store.Reader) error {
		history, err := s.heads.HistoryIn(ctx, r)
		if err != nil || len(history) == 0 {
			return err
		}
		keys, err := trail.ParseSuccession(history)
		for _, step := range keys {
			if step.Key.Fingerprint() == report.KeyFingerprint {
				signer = SignerFormer
			}
		}
		return err
	})
	return signer, err
}
