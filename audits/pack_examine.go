package audits

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"maillon/audits/pack/archive"
	"maillon/documents/vault"
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

// The files that somebody sends to be examined: the pack, and one that was kept, to hold it to.
const (
	SentPack  = "file"
	SentSince = "since"
)

// NextFile gives the files that are sent, one after the other: which it is, and its content; no content
// after the last.
type NextFile func() (part string, content io.Reader, err error)

// Examined is what was found of a pack, and whose key signed it.
type Examined struct {
	Report archive.Report
	Signer Signer
}

// ExaminePack examines a pack that somebody sent, as the command line does without a server, and holds it to
// the earlier pack that is sent with it and to the key, the line of one or nothing. The key is asked for after
// the last file. An error names the part at fault; what is wrong with the pack itself is on the report.
func (s *Service) ExaminePack(ctx context.Context, platform qms.ID, next NextFile, key func() string) (Examined, error) {
	if err := s.mayExamine(ctx, platform); err != nil {
		return Examined{}, err
	}
	reports := map[string]*archive.Report{}
	for {
		part, content, err := next()
		if err != nil {
			return Examined{}, err
		}
		if content == nil {
			break
		}
		switch {
		case part != SentPack && part != SentSince:
			return Examined{}, qms.InvalidFields(qms.Wrong(part, "value.unknown"))
		case reports[part] != nil:
			return Examined{}, qms.InvalidFields(qms.Wrong(part, "pack.sent_twice"))
		}
		if reports[part], err = examineSent(content); err != nil {
			return Examined{}, ofPart(part, err)
		}
	}
	report := reports[SentPack]
	if report == nil {
		return Examined{}, qms.InvalidFields(qms.Wrong(SentPack, "input.required"))
	}
	var line []byte
	if given := key(); given != "" {
		line = []byte(given)
	}
	report.Hold(line, reports[SentSince])
	signer, err := s.signerOf(ctx, platform, *report)
	return Examined{*report, signer}, err
}

// ofPart names the part in a refusal of what was sent: one too large, or cut off on the way.
func ofPart(part string, err error) error {
	var refused *qms.Error
	if !errors.As(err, &refused) || refused.Code != qms.CodeInvalid {
		return err
	}
	named := *refused
	named.Fields = []qms.Field{qms.Wrong(part, refused.Key, refused.Args...)}
	return &named
}

// examineSent keeps a pack aside meanwhile, since a ZIP is read from its end; nothing is kept of it.
func examineSent(sent io.Reader) (_ *archive.Report, err error) {
	file, err := aside.File("verify")
	if err != nil {
		return nil, fmt.Errorf("keep pack aside: %w", vault.WriteError(err))
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	size, err := io.Copy(file, sent)
	if err != nil {
		return nil, vault.WriteError(err) // of who sent it, but for a full disk
	}
	report, err := archive.Examine(file, size)
	return &report, err
}

// Misgiven is an error where it is what was given that is wrong, by part, rather than the pack: no pack at
// all, a key that does not read, packs of two trails or the wrong way round; else nil.
func (e Examined) Misgiven() error {
	var wrong []qms.Field
	if e.Report.NoPack() {
		wrong = append(wrong, qms.Wrong(SentPack, "pack.not_a_pack"))
	}
	for _, l := range e.Report.Lines {
		switch {
		case l.Verdict != archive.Wrong:
		case l.Key == "pack.given_key_unreadable":
			wrong = append(wrong, qms.Wrong("key", l.Key))
		case l.Key == "verify.since_no_pack", l.Key == "pack.since_swapped", l.Key == "pack.since_another_trail":
			wrong = append(wrong, qms.Wrong(SentSince, l.Key, l.Args...))
		}
	}
	return qms.InvalidFields(wrong...)
}

// mayExamine asks for the right to read packs: a pack of gigabytes is read through for each request, which is
// nothing to offer to strangers. Who has no account has the command, which needs no server at all.
func (s *Service) mayExamine(ctx context.Context, platform qms.ID) error {
	return s.db.View(ctx, qms.MakePacks.On(platform), func(store.Reader) error { return nil })
}

// signerOf says whose key signed the pack of the report.
func (s *Service) signerOf(ctx context.Context, platform qms.ID, report archive.Report) (Signer, error) {
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
