package integrity

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

const (
	holdsAtOnce  = 100            // contents asked for and noted in one act
	prolongAfter = qms.Months(12) // a hold that is to last is prolonged when that much of it is gone
	prolongMost  = 10000          // in one night
)

// Trust tries the vault, see vault.Vault.Prove, and remembers what was found: contents are held from then on
// where its lock was proved. Where it was not, nothing relies on it.
func (s *Service) Trust(ctx context.Context) (vault.Proof, error) {
	proof, err := s.o.Vault.Prove(ctx)
	if err != nil {
		return proof, err
	}
	s.proof.Store(&proof)
	return proof, nil
}

// Relies reports whether the lock of the vault is relied on.
func (s *Service) Relies() bool {
	proof := s.proof.Load()
	return proof != nil && proof.Locks()
}

// HoldContents asks the vault to hold what is to be held and is not yet. What fails is tried again the next time
// it is asked: the record does not wait for it.
func (s *Service) HoldContents(ctx context.Context) error {
	return s.hold(ctx, func(c store.ContentColumn, each func([]wanted) error) error {
		var after vault.Digest
		for {
			var some []wanted
			err := s.view(ctx, func(r store.Reader) (err error) {
				some, err = unheld(ctx, r, c, after, holdsAtOnce)
				return err
			})
			if err != nil || len(some) == 0 {
				return err
			}
			if err := each(some); err != nil {
				return err
			}
			after = some[len(some)-1].content
		}
	})
}

// ProlongHolds holds longer what is in force still, so that the years count from the last day on which it is.
func (s *Service) ProlongHolds(ctx context.Context) error {
	return s.hold(ctx, func(c store.ContentColumn, each func([]wanted) error) error {
		if c.Lasting == "" {
			return nil
		}
		var some []wanted
		err := s.view(ctx, func(r store.Reader) (err error) {
			some, err = fading(ctx, r, c, r.Today(), s.o.Months, prolongMost)
			return err
		})
		for err == nil && len(some) > 0 {
			n := min(holdsAtOnce, len(some))
			err = each(some[:n])
			some = some[n:]
		}
		return err
	})
}

// hold goes through the columns whose contents are held.
func (s *Service) hold(ctx context.Context, find func(c store.ContentColumn, each func([]wanted) error) error) error {
	if !s.Relies() {
		return nil
	}
	var failed []error
	for _, c := range s.o.Columns {
		if c.Held == "" {
			continue
		}
		err := find(c, func(some []wanted) error {
			wrong, err := s.holdSome(ctx, some)
			failed = append(failed, wrong...)
			return err
		})
		if err != nil {
			return err
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("%d contents are not held, the first: %w", len(failed), failed[0])
	}
	return nil
}

// holdSome asks the vault, outside any transaction, and notes what it said.
func (s *Service) holdSome(ctx context.Context, some []wanted) (failed []error, err error) {
	held := make(map[vault.Digest]qms.Date, len(some))
	var contents []vault.Digest
	for _, w := range some {
		until := s.db.Today().AddMonths(max(s.o.Months, w.months))
		got, err := s.o.Vault.Hold(ctx, w.content, startOf(until))
		switch {
		case ctx.Err() != nil || errors.Is(err, qms.Busy("")):
			return failed, err // the service does not answer: nothing else will be held either
		case err != nil:
			failed = append(failed, fmt.Errorf("%s: %w", w.content, err))
			continue
		case !got.Locked():
			failed = append(failed, fmt.Errorf("%s: %w", w.content, vault.ErrNotHeld))
			continue
		}
		if _, twice := held[w.content]; !twice {
			contents = append(contents, w.content)
		}
		held[w.content] = qms.DateOf(got.Until, time.UTC)
	}
	if len(contents) == 0 {
		return failed, nil
	}
	act := qms.Act{Name: "content.hold", Needs: qms.OperateSite.OnSite()}
	return failed, s.db.Change(ctx, act, func(tx *store.Tx) error { return noteHolds(ctx, tx, contents, held) })
}

func noteHolds(ctx context.Context, tx *store.Tx, contents []vault.Digest, held map[vault.Digest]qms.Date) error {
	before, err := holdsOf(ctx, tx, contents)
	if err != nil {
		return err
	}
	var fresh, longer []qms.Record
	for _, d := range contents {
		h := before[d]
		switch {
		case h == nil:
			fresh = append(fresh, &ContentHold{Row: qms.Row{ID: holdID(d)}, Content: d, Until: held[d], HeldAt: tx.Now()})
		case h.Until < held[d]:
			h.Until, h.HeldAt = held[d], tx.Now()
			longer = append(longer, h)
		}
	}
	if len(fresh) > 0 {
		if err := tx.Insert(ctx, fresh...); err != nil {
			return err
		}
	}
	if len(longer) > 0 {
		return tx.Update(ctx, longer...)
	}
	return nil
}

// holdID is the primary key of a hold: two replicas that note the same one meet in it. It has the form of a
// UUIDv8 (RFC 9562, section 5.8).
func holdID(d vault.Digest) qms.ID {
	b := sha256.Sum256(append([]byte("maillon hold "), d[:]...))
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	return qms.ID(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16]))
}

// startOf is when the day begins in UTC.
func startOf(d qms.Date) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC)
}
