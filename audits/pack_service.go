package audits

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"maillon/audits/pack"
	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// StartPack puts a pack on record under its number and makes it in the background, where it goes on
// when the request that asked for it has ended.
func (s *Service) StartPack(ctx context.Context, cmd PreparePack) (*Pack, error) {
	p, err := s.recordPack(ctx, cmd)
	if err != nil {
		return nil, err
	}
	made := *p
	s.packs.start(ctx, p.ID, func(ctx context.Context, progress pack.Progress) {
		if err := s.makePack(ctx, &made, progress); err != nil && qms.CodeOf(err) == "" {
			s.log.ErrorContext(ctx, "pack failed", slog.String("pack", made.Number), slog.Any("error", err))
		}
	})
	return p, nil
}

// MakePack is StartPack that waits, and writes the archive to w: for the command line.
func (s *Service) MakePack(ctx context.Context, cmd PreparePack, w io.Writer) (*Pack, error) {
	p, err := s.recordPack(ctx, cmd)
	if err != nil {
		return nil, err
	}
	if err := s.makePack(ctx, p, nil); err != nil {
		return p, err
	}
	kept, err := s.vault.Open(ctx, p.Content)
	if err != nil {
		return p, err
	}
	defer kept.Close()
	if _, err := io.Copy(w, kept); err != nil {
		return p, fmt.Errorf("write pack %s: %w", p.Number, err)
	}
	return p, nil
}

// Packs lists the packs of a platform, the newest first.
func (s *Service) Packs(ctx context.Context, platform qms.ID, c qms.Cursor) (qms.Page[Pack], error) {
	var page qms.Page[Pack]
	err := s.db.View(ctx, qms.MakePacks.On(platform), func(r store.Reader) error {
		rows, err := packs(ctx, r, platform, c)
		page = qms.PageOf(rows, c.Limit(), func(p Pack) string { return p.ID.String() })
		return err
	})
	return page, err
}

// PackByNumber is one pack.
func (s *Service) PackByNumber(ctx context.Context, platform qms.ID, number string) (*Pack, error) {
	var p *Pack
	err := s.db.View(ctx, qms.MakePacks.On(platform), func(r store.Reader) (err error) {
		p, err = packByNumber(ctx, r, platform, number)
		return err
	})
	return p, err
}

// OpenPack opens the archive of a pack that was made. Close what it returns.
func (s *Service) OpenPack(ctx context.Context, platform qms.ID, number string) (*Pack, io.ReadCloser, error) {
	p, err := s.PackByNumber(ctx, platform, number)
	if err != nil {
		return nil, nil, err
	}
	if p.State != PackMade {
		return nil, nil, qms.Conflict("pack.not_made", p.Number)
	}
	kept, err := s.vault.Open(ctx, p.Content)
	return p, kept, err
}

// pdfOf reads the PDF of an archive and closes the archive.
type pdfOf struct {
	io.Reader
	io.Closer
}

// OpenPackPDF opens the PDF of a pack that was made. Close what it returns.
func (s *Service) OpenPackPDF(ctx context.Context, platform qms.ID, number string) (p *Pack, pdf io.ReadCloser, size int64, err error) {
	p, whole, err := s.OpenPack(ctx, platform, number)
	if err != nil {
		return nil, nil, 0, err
	}
	r, size, err := archive.PDF(whole)
	if err != nil {
		return nil, nil, 0, errors.Join(err, whole.Close())
	}
	return p, pdfOf{r, whole}, size, nil
}

// KeyFingerprint is what auditors compare the key of a pack with; it is handed to them another way.
func (s *Service) KeyFingerprint() (string, error) {
	v, err := trail.ParseVerifier(s.key.Verifier())
	if err != nil {
		return "", err
	}
	return v.Fingerprint(), nil
}

// CancelPack stops the making of a pack that this server is making.
func (s *Service) CancelPack(ctx context.Context, platform qms.ID, number string) (*Pack, error) {
	p, err := s.PackByNumber(ctx, platform, number)
	if err != nil {
		return nil, err
	}
	if p.State != PackRunning || !s.packs.cancel(p.ID) {
		return p, qms.Conflict("pack.not_running", p.Number)
	}
	return p, nil
}

// PackProgress is how far this server is with a pack; false when it is not making it.
func (s *Service) PackProgress(p qms.ID) (Progress, bool) { return s.packs.progress(p) }

// Close stops the packs being made and waits for them.
func (s *Service) Close() { s.packs.close() }

func (s *Service) recordPack(ctx context.Context, cmd PreparePack) (*Pack, error) {
	if err := cmd.check(s.db.Today()); err != nil {
		return nil, err
	}
	p := &Pack{From: cmd.From, AsOf: cmd.AsOf, Sections: cmd.sections(), WithFiles: !cmd.WithoutFiles, Language: cmd.Language, State: PackRunning}
	act := qms.Act{Name: "pack.prepare", Needs: qms.MakePacks.On(cmd.Platform), Platform: cmd.Platform}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		year := tx.Today().Year()
		n, err := tx.Next(ctx, fmt.Sprintf("pack-%d", year))
		if err != nil {
			return err
		}
		p.Number = fmt.Sprintf("PACK-%d-%03d", year, n)
		p.Maker, p.MakerName, p.StartedAt = tx.Actor().ID, tx.Actor().Name, tx.Now()
		return tx.Insert(ctx, p)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// makePack makes a pack on record, and puts on record how that ended, whatever became of ctx.
func (s *Service) makePack(ctx context.Context, p *Pack, progress pack.Progress) error {
	if progress == nil {
		progress = func(pack.Step, int, int) {}
	}
	before := *p
	err := s.archivePack(ctx, p, progress)
	act := qms.Act{Name: "pack.finish", Needs: qms.MakePacks.On(p.Platform), Platform: p.Platform, Subject: p.ID}
	if err != nil {
		*p = before
		act.Name = "pack.fail"
		if ctx.Err() != nil {
			err = qms.Conflict("pack.cancelled")
		}
		p.failed(s.db.Now(), err)
	}
	ctx = context.WithoutCancel(ctx)
	noted := s.db.Change(ctx, act, func(tx *store.Tx) error {
		if err := s.keepHead(ctx, tx, p); err != nil {
			return err
		}
		return tx.Update(ctx, p)
	})
	return errors.Join(err, noted)
}

// archivePack fills the pack from the rooms, writes the archive aside, verifies it as an auditor
// would, and only then keeps it.
func (s *Service) archivePack(ctx context.Context, p *Pack, progress pack.Progress) (err error) {
	draft, err := s.draftPack(ctx, p, progress)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, draft.Close()) }()
	aside, err := os.CreateTemp("", "maillon-pack-*")
	if err != nil {
		return fmt.Errorf("write pack aside: %w", err)
	}
	defer func() { err = errors.Join(err, aside.Close(), os.Remove(aside.Name())) }()
	if err := draft.Write(ctx, aside, s.key, progress); err != nil {
		return err
	}
	size, err := aside.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("write pack aside: %w", err)
	}
	progress(StepCheck, 0, 0)
	report, err := archive.Verify(aside, size)
	if err != nil {
		return fmt.Errorf("the pack just made does not verify: %s", err) //nolint:errorlint // not the reader's fault
	}
	progress(StepKeep, 0, 0)
	info, err := s.vault.Put(ctx, io.NewSectionReader(aside, 0, size))
	if err != nil {
		return err
	}
	p.made(s.db.Now(), info, report)
	return nil
}

// draftPack reads everything in one view, so that all parts of the pack are of one state of the data
// and the checkpoint covers them.
func (s *Service) draftPack(ctx context.Context, p *Pack, progress pack.Progress) (draft *pack.Draft, err error) {
	progress(StepGather, 0, 0)
	err = s.db.View(ctx, qms.MakePacks.On(p.Platform), func(r store.Reader) error {
		c, err := s.packContents(ctx, r, p)
		if err != nil {
			return err
		}
		draft, err = pack.Prepare(ctx, c, progress)
		return err
	})
	return draft, err
}
