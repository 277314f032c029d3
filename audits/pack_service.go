package audits

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"

	"maillon/audits/pack"
	"maillon/audits/pack/archive"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/aside"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// StartPack puts a pack on record under its number and makes it in the background, where it goes on
// when the request that asked for it has ended. Asked again under the same name (PreparePack.Once), it
// returns the pack of the first time.
func (s *Service) StartPack(ctx context.Context, cmd PreparePack) (*Pack, error) {
	p, job, err := s.recordPack(ctx, cmd)
	if err != nil || job == nil {
		return p, err
	}
	made := *p
	s.run(ctx, &made, job)
	return p, nil
}

// MakePack is StartPack that waits, and writes the archive to w: for the command line.
func (s *Service) MakePack(ctx context.Context, cmd PreparePack, w io.Writer) (*Pack, error) {
	p, job, err := s.recordPack(ctx, cmd)
	if err != nil {
		return nil, err
	}
	if job == nil {
		return p, qms.Conflict("pack.not_made", p.Number)
	}
	if err := s.makePack(ctx, p, job, nil); err != nil {
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

// CancelPack has the making of a pack stopped, whichever server is at it: it looks every other second.
func (s *Service) CancelPack(ctx context.Context, platform qms.ID, number string) (*Pack, error) {
	var p *Pack
	act := qms.Act{Name: "pack.cancel", Needs: qms.MakePacks.On(platform), Platform: platform}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if p, err = packByNumber(ctx, tx, platform, number); err != nil {
			return err
		}
		if p.State != PackRunning {
			return qms.Conflict("pack.not_running", p.Number)
		}
		if p.CancelledAt.IsZero() {
			p.CancelledAt = tx.Now()
		}
		job, err := jobOf(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		if job == nil || !job.Until.After(tx.Now()) { // nobody is at it
			p.failed(tx.Now(), qms.Conflict("pack.cancelled"))
		}
		return tx.Update(ctx, p)
	})
	if err == nil {
		s.packs.cancel(p.ID, errPackCancelled)
	}
	return p, err
}

// PackProgress is how far the making of a pack is, on whichever server.
func (s *Service) PackProgress(ctx context.Context, p *Pack) (Progress, error) {
	var job *PackJob
	err := s.db.View(ctx, qms.MakePacks.On(p.Platform), func(r store.Reader) (err error) {
		job, err = jobOf(ctx, r, p.ID)
		return err
	})
	if err != nil || job == nil {
		return Progress{Step: StepWait, Waits: true}, err
	}
	at := Progress{Step: job.Step, Done: int(job.Done), Total: int(job.Total)}
	here, mine := s.packs.progress(p.ID)
	if mine {
		at = here
	}
	at.Term, at.Waits, at.Cancelling = int(job.Term), !mine && !job.Until.After(s.db.Now()), !p.CancelledAt.IsZero()
	return at, nil
}

// Leave gives the packs being made back to other servers, or to this one when it is back, and takes up none
// from then on. It does not wait: a server that is told to stop calls it first, since whoever told it may
// have little patience.
func (s *Service) Leave() { s.packs.leave() }

// Close is Leave that waits until all are given back.
func (s *Service) Close() { s.packs.close() }

// recordPack gives a pack its number, and the making of it to this server. The job is nil where the pack
// was asked for before.
func (s *Service) recordPack(ctx context.Context, cmd PreparePack) (p *Pack, job *PackJob, err error) {
	if err := cmd.check(s.db.Today()); err != nil {
		return nil, nil, err
	}
	act := qms.Act{Name: "pack.prepare", Needs: qms.MakePacks.On(cmd.Platform), Platform: cmd.Platform}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		job = nil
		if p, err = packOnce(ctx, tx, cmd.Platform, tx.Actor().ID, cmd.Once); err != nil || p != nil {
			if p != nil && !cmd.same(p) {
				return qms.Conflict("pack.asked_otherwise", p.Number)
			}
			return err
		}
		year := tx.Today().Year()
		n, err := tx.Next(ctx, fmt.Sprintf("pack-%d", year))
		if err != nil {
			return err
		}
		p = &Pack{Number: fmt.Sprintf("PACK-%d-%03d", year, n), From: cmd.From, AsOf: cmd.AsOf, Sections: cmd.sections(), WithFiles: !cmd.WithoutFiles,
			Language: cmd.Language, State: PackRunning, Maker: tx.Actor().ID, MakerName: tx.Actor().Name, StartedAt: tx.Now(), Once: cmd.Once}
		if err := tx.Insert(ctx, p); err != nil {
			return err
		}
		job = &PackJob{Pack: p.ID, Holder: s.holder, Term: 1, Until: tx.Now().Add(packLease), Step: StepWait}
		return tx.Insert(ctx, job)
	})
	if err != nil {
		return nil, nil, err
	}
	return p, job, nil
}

// run makes a pack in the background, as the actor of ctx.
func (s *Service) run(ctx context.Context, p *Pack, job *PackJob) {
	s.packs.start(ctx, p.ID, func(ctx context.Context, progress pack.Progress) {
		err := s.makePack(ctx, p, job, progress)
		if err != nil && qms.CodeOf(err) == "" {
			s.log.ErrorContext(ctx, "pack failed", slog.String("pack", p.Number), slog.Any("error", err))
		}
	})
}

// makePack makes a pack on record, and puts on record how that ended, whatever became of ctx. When the
// server stops, or another one has taken the pack over, it ends without that.
func (s *Service) makePack(ctx context.Context, p *Pack, job *PackJob, tell pack.Progress) error {
	before := *p
	at := &atomicProgress{tell: tell}
	watched, end := s.watchOver(ctx, p, job, at.load)
	err := s.archiveSafely(watched, p, at.store)
	end()
	cause := context.Cause(watched)
	if err == nil {
		// Whoever cancels it until the last moment is obeyed.
		if err = s.endPack(ctx, p, job, nil); !errors.Is(err, errPackCancelled) {
			return err
		}
		cause = errPackCancelled
	}
	switch {
	case errors.Is(cause, errPackLost):
		return cause
	case errors.Is(cause, errPackStopped):
		return s.letGo(ctx, p, job)
	case watched.Err() != nil, errors.Is(cause, errPackCancelled):
		err = qms.Conflict("pack.cancelled")
	}
	*p = before
	return errors.Join(err, s.endPack(ctx, p, job, err))
}

// endPack puts on record what became of a pack, unless another server has it.
func (s *Service) endPack(ctx context.Context, p *Pack, job *PackJob, failure error) error {
	act := qms.Act{Name: "pack.finish", Needs: qms.MakePacks.On(p.Platform), Platform: p.Platform, Subject: p.ID}
	if failure != nil {
		act.Name = "pack.fail"
	}
	ctx = context.WithoutCancel(ctx)
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		now, err := packByID(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		held, err := jobOf(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		if now.State != PackRunning || !held.is(job) {
			return errPackLost
		}
		if failure == nil && !now.CancelledAt.IsZero() {
			return errPackCancelled
		}
		p.Row, p.CancelledAt = now.Row, now.CancelledAt
		if failure != nil {
			p.failed(tx.Now(), failure)
		}
		if err := s.keepHead(ctx, tx, p); err != nil {
			return err
		}
		return tx.Update(ctx, p)
	})
}

// archiveSafely turns a fault of a programmer into a failure of one pack.
func (s *Service) archiveSafely(ctx context.Context, p *Pack, progress pack.Progress) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v\n%s", fault, debug.Stack())
		}
	}()
	return s.archivePack(ctx, p, progress)
}

// archivePack fills the pack from the rooms, writes the archive aside, verifies it as an auditor
// would, and only then keeps it.
func (s *Service) archivePack(ctx context.Context, p *Pack, progress pack.Progress) (err error) {
	draft, err := s.draftPack(ctx, p, progress)
	if err != nil {
		return vault.WriteError(err)
	}
	defer func() { err = errors.Join(err, draft.Close()) }()
	file, err := aside.File("pack")
	if err != nil {
		return fmt.Errorf("write pack aside: %w", vault.WriteError(err))
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	if err := draft.Write(ctx, file, s.key, progress); err != nil {
		return vault.WriteError(err)
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("write pack aside: %w", err)
	}
	progress(StepCheck, 0, 0)
	report, err := archive.Verify(file, size)
	if err != nil {
		return fmt.Errorf("the pack just made does not verify: %s", err) //nolint:errorlint // not the reader's fault
	}
	progress(StepKeep, 0, 0)
	info, err := s.vault.Put(ctx, io.NewSectionReader(file, 0, size))
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
