package audits

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/store"
)

// PackJob is the making of a pack: one row for each pack, whichever servers are at it one after the other.
//
// Who makes a pack has it until an instant that it moves on while it is alive. When a server stops it lets
// go, when it is killed the instant passes; either way another one, or the same one when it is back, makes
// the pack anew under the next term. Whoever held it before is refused when it wants to put a pack on
// record, so that a number has one archive whatever happens.
//
// Terms are counted because a pack may be what brings servers down. A server that stops in order was not
// brought down by it: it gives its term back, however often servers are renewed while a pack is made.
type PackJob struct {
	qms.Row `trail:"site"`
	Pack    qms.ID
	Holder  string // the server; empty when it has let go
	Term    int64  // tries begun and not given back: 1 for the server that was asked
	Until   time.Time
	Step    pack.Step
	Done    int64
	Total   int64
}

// is says whether the making is still the one that a server began. The term alone does not tell: one that
// was given back is given out again, to somebody else.
func (j *PackJob) is(begun *PackJob) bool {
	return j != nil && j.Term == begun.Term && j.Holder == begun.Holder
}

const (
	packLease  = time.Minute     // how long a server has a pack without a sign of life
	packPulse  = 2 * time.Second // how often it looks whether it is to stop
	packGrace  = 3 * time.Second // how long the making may take to end by itself once the server stops
	packTerms  = 3               // after so many the pack itself is taken for what brings servers down
	tendAtOnce = 20
)

// Why the making of a pack ends before its time.
var (
	errPackCancelled = errors.New("the pack was cancelled")
	errPackStopped   = errors.New("the server stops")
	errPackLost      = errors.New("another server took the pack over")
)

// systemly is the context in which Maillon itself notes how far it is.
func systemly(ctx context.Context) context.Context {
	return qms.WithActor(context.WithoutCancel(ctx), qms.System("packs"))
}

// pulse looks whether the pack is still to be made here, and notes how far it is when that is due.
func (s *Service) pulse(ctx context.Context, p *Pack, job *PackJob, at Progress) error {
	ctx = systemly(ctx)
	var now *Pack
	var held *PackJob
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		if now, err = packByID(ctx, r, p.ID); err == nil {
			held, err = jobOf(ctx, r, p.ID)
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case !held.is(job) || now.State != PackRunning:
		return errPackLost
	case !now.CancelledAt.IsZero():
		return errPackCancelled
	}
	if held.Step == at.Step && held.Until.Sub(s.db.Now()) > packLease/2 {
		return nil
	}
	act := qms.Act{Name: "pack.beat", Needs: qms.OperateSite.OnSite(), Subject: p.ID}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		held, err := jobOf(ctx, tx, p.ID)
		if err != nil || !held.is(job) {
			return errors.Join(err, errPackLost)
		}
		held.Until = tx.Now().Add(packLease)
		held.Step, held.Done, held.Total = at.Step, int64(at.Done), int64(at.Total)
		return tx.Update(ctx, held)
	})
}

// watchOver cancels the context it returns when the pack is not to be made here any more, and gives the pack
// back when the server stops and the making does not end within its grace: whoever stopped the server may not
// wait until a large archive was read. Nothing is written by it once end has returned.
func (s *Service) watchOver(ctx context.Context, p *Pack, job *PackJob, at func() Progress) (_ context.Context, end func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		tick := time.NewTicker(s.packs.pulse)
		defer tick.Stop()
		stopped := s.stopped(ctx, done)
		for {
			select {
			case <-done:
				return
			case <-stopped:
				if err := s.letGo(ctx, p, job); err != nil {
					s.log.WarnContext(ctx, "a pack was not given back", slog.String("pack", p.Number), slog.Any("error", err))
				}
				return
			case <-tick.C:
			}
			err := s.pulse(ctx, p, job, at())
			switch {
			case errors.Is(err, errPackLost), errors.Is(err, errPackCancelled):
				cancel(err)
				return
			case err != nil: // the next pulse tries again; the lease is longer than many of them
				s.log.WarnContext(ctx, "a pack gave no sign of life", slog.String("pack", p.Number), slog.Any("error", err))
			}
		}
	}()
	return ctx, func() {
		close(done)
		<-over
	}
}

// stopped tells that the server was told to stop a while ago; not once the making is done.
func (s *Service) stopped(ctx context.Context, done <-chan struct{}) <-chan time.Time {
	late := make(chan time.Time, 1)
	context.AfterFunc(ctx, func() {
		if !errors.Is(context.Cause(ctx), errPackStopped) {
			return
		}
		select {
		case at := <-time.After(s.packs.grace):
			late <- at
		case <-done:
		}
	})
	return late
}

// letGo leaves the pack to any server, because this one stops, and gives the term back: this try neither
// failed nor died. Whatever the server still does with the pack is refused. It does nothing where the pack is
// not this server's any more.
func (s *Service) letGo(ctx context.Context, p *Pack, job *PackJob) error {
	ctx = systemly(ctx)
	act := qms.Act{Name: "pack.leave", Needs: qms.OperateSite.OnSite(), Subject: p.ID}
	gave := false
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		held, err := jobOf(ctx, tx, p.ID)
		if gave = err == nil && held.is(job); !gave {
			return err
		}
		held.Holder, held.Term, held.Until = "", held.Term-1, tx.Now()
		return tx.Update(ctx, held)
	})
	if err == nil && gave {
		s.log.InfoContext(ctx, "gave a pack back", slog.String("pack", p.Number))
	}
	return err
}

// TendPacks takes up packs that nobody makes any more. Every server asks once a minute.
func (s *Service) TendPacks(ctx context.Context) error {
	if s.packs.left() {
		return nil // what was just given back is for others
	}
	var running []Pack
	jobs := map[qms.ID]*PackJob{}
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		if running, err = runningPacks(ctx, r, tendAtOnce); err != nil {
			return err
		}
		for _, p := range running {
			if jobs[p.ID], err = jobOf(ctx, r, p.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range running {
		p, job := &running[i], jobs[running[i].ID]
		if _, mine := s.packs.progress(p.ID); mine || job != nil && job.Until.After(s.db.Now()) {
			continue
		}
		if job, err = s.takeOver(ctx, p); err != nil {
			return err
		}
		if job != nil {
			s.log.InfoContext(ctx, "took a pack over", slog.String("pack", p.Number), slog.Int64("term", job.Term))
			s.run(ctx, p, job)
		}
	}
	return nil
}

// takeOver begins the next term, or ends what is not to be made any more; nil when there is nothing to do
// here. It is an act on the platform, as is putting the pack on record, so that the two cannot cross.
func (s *Service) takeOver(ctx context.Context, p *Pack) (job *PackJob, err error) {
	act := qms.Act{Name: "pack.resume", Needs: qms.OperateSite.On(p.Platform), Platform: p.Platform, Subject: p.ID}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		job = nil
		now, err := packByID(ctx, tx, p.ID)
		if err != nil || now.State != PackRunning {
			return err
		}
		held, err := jobOf(ctx, tx, p.ID)
		if err != nil || held != nil && held.Until.After(tx.Now()) {
			return err // another server was faster
		}
		*p = *now
		switch {
		case !now.CancelledAt.IsZero():
			p.failed(tx.Now(), qms.Conflict("pack.cancelled"))
		case held == nil: // of a server from before packs were taken over
			p.failed(tx.Now(), qms.Conflict("pack.interrupted"))
		case held.Term >= packTerms:
			p.failed(tx.Now(), qms.Conflict("pack.gave_up"))
		default:
			held.Holder, held.Term, held.Until = s.holder, held.Term+1, tx.Now().Add(packLease)
			held.Step, held.Done, held.Total = StepWait, 0, 0
			job = held
			return tx.Update(ctx, held)
		}
		return tx.Update(ctx, p)
	})
	return job, err
}
