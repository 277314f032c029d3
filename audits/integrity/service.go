package integrity

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

type digest = vault.Digest

func parseDigest(s string) (digest, error) {
	if s == "" {
		return digest{}, nil
	}
	return vault.ParseDigest(s)
}

// Options are what a Service takes besides its database.
type Options struct {
	Vault      vault.Vault
	Columns    []store.ContentColumn // of every room; the service adds its own
	Signatures Signatures            // nil: they are not looked at
	Doubted    Doubted               // nil: nobody doubts
	Orphan     time.Duration         // how old a content that no row names may be
	Rate       int64                 // bytes a second at most that a scrub reads; 0: as fast as it goes
	Months     qms.Months            // how long contents are held at least
	Holder     string                // names the replica to people
	Elapsed    func() time.Duration  // a stop-watch that only goes forward; the machine's when nil
	Log        *slog.Logger          // discards when nil
}

// Doubted tells when somebody last met a content that is not as it was put, zero when nobody did. A scrub
// that began before is then not waited for: the next one is due at once.
type Doubted func(ctx context.Context, r store.Reader) (time.Time, error)

// Service looks, and keeps what was found. Ask it as often as wanted: state decides.
type Service struct {
	db    *store.DB
	o     Options
	turn  sync.Mutex // one scrub at a time in this process
	mine  atomic.Pointer[tenure]
	watch watch
	proof atomic.Pointer[vault.Proof]
}

// tenure is the scrub that this process holds, or held when it failed.
type tenure struct {
	scrub qms.ID
	term  int64
}

// New opens the service on a database.
func New(db *store.DB, o Options) *Service {
	if o.Elapsed == nil {
		began := time.Now()                                           //nolint:forbidigo // a stop-watch, not the present
		o.Elapsed = func() time.Duration { return time.Since(began) } //nolint:forbidigo // the same
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Columns = append(o.Columns[:len(o.Columns):len(o.Columns)], ContentColumns()...)
	return &Service{db: db, o: o}
}

// ContentColumns lists every column of the room that names contents of the vault.
func ContentColumns() []store.ContentColumn {
	return []store.ContentColumn{{Table: "content_holds", Column: "content"}}
}

// Keeps reports whether any row names the content, for the sweep of the vault.
func (s *Service) Keeps(ctx context.Context, d vault.Digest) (kept bool, err error) {
	err = s.view(ctx, func(r store.Reader) error {
		kept, err = store.NamesContent(ctx, r, s.o.Columns, d)
		return err
	})
	return kept, err
}

func (s *Service) view(ctx context.Context, fn func(store.Reader) error) error {
	return s.db.View(ctx, qms.OperateSite.OnSite(), fn)
}

// Ask has a scrub begin at the next tick. While one waits or runs it is qms.Conflict("scrub.running").
func (s *Service) Ask(ctx context.Context) (*Scrub, error) {
	var asked *Scrub
	act := qms.Act{Name: "scrub.ask", Needs: qms.OperateSite.OnSite()}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		last, err := lastScrub(ctx, tx)
		if err != nil {
			return err
		}
		if last != nil && !last.Ended() {
			return qms.Conflict("scrub.running", last.Number)
		}
		asked = next(last, tx.Now())
		asked.AskedBy, asked.AskedName = tx.Actor().ID, tx.Actor().Name
		return tx.Insert(ctx, asked)
	})
	if err != nil {
		return nil, err
	}
	return asked, nil
}

func next(last *Scrub, at time.Time) *Scrub {
	s := &Scrub{Number: 1, BegunAt: at}
	if last != nil {
		s.Number = last.Number + 1
	}
	return s
}

// Tick begins the scrub that is due or was asked for, or goes on with one that nobody holds any more, and
// runs it to its end. It does nothing when there is nothing to do, or another replica does it.
func (s *Service) Tick(ctx context.Context) error {
	if !s.turn.TryLock() {
		return nil
	}
	defer s.turn.Unlock()
	scrub, err := s.claim(ctx)
	if err != nil || scrub == nil {
		return err
	}
	err = s.run(ctx, scrub)
	switch {
	case err == nil: // it came to its end, even where the site stops meanwhile
		return nil
	case errors.Is(err, errLost):
		s.mine.Store(nil)
		return nil
	case ctx.Err() != nil: // told to stop: whoever asks next goes on
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTimeout)
		defer cancel()
		return s.change(ctx, "scrub.leave", scrub, func(_ *store.Tx, row *Scrub) error {
			row.Holder = ""
			return nil
		})
	}
	return err
}

// claim takes the scrub that is to be run, under a new term; nil when there is none.
func (s *Service) claim(ctx context.Context) (*Scrub, error) {
	var seen *Scrub
	var now, doubted time.Time
	err := s.view(ctx, func(r store.Reader) (err error) {
		if seen, err = lastScrub(ctx, r); err == nil && s.o.Doubted != nil {
			doubted, err = s.o.Doubted(ctx, r)
		}
		now = r.Now()
		return err
	})
	if err != nil || !s.wants(seen, now, doubted) {
		return nil, err
	}
	var claimed *Scrub
	act := qms.Act{Name: "scrub.begin", Needs: qms.OperateSite.OnSite()}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		claimed = nil
		last, err := lastScrub(ctx, tx)
		if err != nil || !same(last, seen) {
			return err // another replica was faster
		}
		if last == nil || last.Ended() {
			claimed = next(last, tx.Now())
			claimed.Holder, claimed.Term, claimed.Beats = s.o.Holder, 1, 1
			return tx.Insert(ctx, claimed)
		}
		if last.Term == 0 { // it was asked for
			last.BegunAt = tx.Now()
		}
		claimed = last
		claimed.Holder, claimed.Term, claimed.Beats = s.o.Holder, last.Term+1, last.Beats+1
		return tx.Update(ctx, claimed)
	})
	if err != nil || claimed == nil {
		return nil, err
	}
	s.mine.Store(&tenure{claimed.ID, claimed.Term})
	return claimed, nil
}

// wants reports whether there is something to do for this process.
func (s *Service) wants(last *Scrub, now, doubted time.Time) bool {
	switch mine := s.mine.Load(); {
	case last == nil:
		return true
	case last.Ended():
		return !now.Before(last.DueAt()) || last.BegunAt.Before(doubted)
	case last.Holder == "", mine != nil && *mine == (tenure{last.ID, last.Term}):
		return true // asked for; or this process held it, and failed
	}
	return s.watch.silent(last, s.o.Elapsed())
}

// same reports whether nothing happened to the last scrub since it was looked at.
func same(a, b *Scrub) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.ID == b.ID && a.Revision == b.Revision
}

// watch is what this process saw of the scrub that another one holds.
type watch struct {
	mu    sync.Mutex
	seen  tenure
	beats int64
	since time.Duration // on the own stop-watch
}

// silent reports whether the holder gave no sign of life for a whole lease.
func (w *watch) silent(s *Scrub, elapsed time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now := (tenure{s.ID, s.Term}); w.seen != now || w.beats != s.Beats {
		w.seen, w.beats, w.since = now, s.Beats, elapsed
		return false
	}
	return elapsed-w.since >= lease
}
