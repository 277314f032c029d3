package integrity

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// errLost ends the run of a scrub that another replica took over.
var errLost = errors.New("another replica took the scrub over")

// runner runs one scrub that this process holds.
type runner struct {
	s     *Service
	scrub *Scrub
	look  *look
	noted time.Duration // when the last note was made, on the stop-watch
}

// run looks at what is still to be looked at. A failure leaves the scrub where it was noted last.
func (s *Service) run(ctx context.Context, scrub *Scrub) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &runner{s: s, scrub: scrub, look: &look{s: s, rate: s.o.Rate}, noted: s.o.Elapsed()}
	defer r.live(ctx, cancel)()
	err := r.all(ctx)
	if lost := context.Cause(ctx); err != nil && errors.Is(lost, errLost) {
		return errLost
	}
	return err
}

func (r *runner) all(ctx context.Context) error {
	if r.scrub.TrailDoneAt.IsZero() {
		if err := r.look.trail(ctx); err != nil {
			return err
		}
		if err := r.look.signatures(ctx); err != nil {
			return err
		}
		if err := r.note(ctx, "scrub.note", func(s *Scrub, at time.Time) { s.TrailDoneAt = at }); err != nil {
			return err
		}
	}
	err := r.look.contents(ctx, int(r.scrub.Reached), func(reached int) error {
		if reached < all && r.look.Found == 0 && r.s.o.Elapsed()-r.noted < beatEvery/2 {
			return nil
		}
		return r.note(ctx, "scrub.note", func(s *Scrub, _ time.Time) { s.Reached = int64(reached) })
	})
	if err != nil {
		return err
	}
	if err := r.note(ctx, "scrub.end", func(s *Scrub, at time.Time) { s.EndedAt, s.Reached = at, all }); err != nil {
		return err
	}
	level := slog.LevelInfo
	if r.scrub.Found > 0 {
		level = slog.LevelError
	}
	r.s.o.Log.Log(ctx, level, "scrubbed", "number", r.scrub.Number, "entries", r.scrub.Entries, "records", r.scrub.Records, "signatures", r.scrub.Signatures, "contents", r.scrub.Contents,
		"bytes", r.scrub.Bytes, "orphans", r.scrub.Orphans, "wrong", r.scrub.Found)
	return nil
}

// note puts on record what was looked at and found since the last note, and starts to count anew.
func (r *runner) note(ctx context.Context, name string, how func(s *Scrub, at time.Time)) error {
	found := r.look.Report
	err := r.s.change(ctx, name, r.scrub, func(tx *store.Tx, row *Scrub) error {
		room := max(0, DefectsKept-row.Found)
		row.add(found)
		how(row, tx.Now())
		rows := make([]qms.Record, 0, len(found.Defects))
		for _, d := range found.Defects[:min(room, int64(len(found.Defects)))] {
			rows = append(rows, rowOf(row.ID, d))
		}
		if len(rows) == 0 {
			return nil
		}
		return tx.Insert(ctx, rows...)
	})
	if err != nil {
		return err
	}
	r.look.Report = Report{}
	r.noted = r.s.o.Elapsed()
	return nil
}

// change changes a scrub that this process holds, and shows that it lives.
func (s *Service) change(ctx context.Context, name string, held *Scrub, fn func(tx *store.Tx, row *Scrub) error) error {
	var row *Scrub
	act := qms.Act{Name: name, Needs: qms.OperateSite.OnSite(), Subject: held.ID}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if row, err = scrubByID(ctx, tx, held.ID); err != nil {
			return err
		}
		if row.Term != held.Term || row.Ended() {
			return errLost
		}
		if err := fn(tx, row); err != nil {
			return err
		}
		row.Beats++
		return tx.Update(ctx, row)
	})
	if err == nil {
		*held = *row
	}
	return err
}

// live shows that the runner lives while it reads what takes long, until stop is called. It ends the run when
// another replica took over.
func (r *runner) live(ctx context.Context, cancel context.CancelCauseFunc) (stop func()) {
	done := make(chan struct{})
	var beating sync.WaitGroup
	held := *r.scrub
	beating.Go(func() {
		tick := time.NewTicker(beatEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if err := r.s.change(ctx, "scrub.beat", &held, func(*store.Tx, *Scrub) error { return nil }); errors.Is(err, errLost) {
					cancel(errLost)
				}
			case <-done:
				return
			}
		}
	})
	return func() {
		close(done)
		beating.Wait()
	}
}
