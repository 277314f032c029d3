package witness

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// pastLost says that a log does not continue the last checkpoint kept of it.
type pastLost struct {
	kept  *Checkpoint
	found trail.Checkpoint
}

func (e *pastLost) Error() string {
	return fmt.Sprintf("log %s at %d leaves does not continue its checkpoint of %d leaves", e.kept.Log, e.found.Size, e.kept.Size)
}

// refusal is what a person reads of it.
func (e *pastLost) refusal() error {
	return qms.Conflict("checkpoint.past_lost", e.found.Size, e.kept.Size)
}

// head is the checkpoint of the log as it stands in the transaction.
func (s *Service) head(ctx context.Context, r store.Reader, log string) (trail.Checkpoint, error) {
	size, root, err := store.Head(ctx, r, log)
	return trail.Checkpoint{Origin: trail.Origin(s.key.Name(), log), Size: size, Root: root}, err
}

// check holds a head of the log to the longest checkpoint kept of it since the last alarm was settled.
// Two heads of one log agree when the shorter one is the beginning of the longer one.
func (s *Service) check(ctx context.Context, r store.Reader, c trail.Checkpoint) (*Checkpoint, error) {
	since, err := settledAt(ctx, r, c.Log())
	if err != nil {
		return nil, err
	}
	kept, err := longest(ctx, r, c.Log(), since)
	if err != nil || kept == nil {
		return nil, err
	}
	size, _, err := store.Head(ctx, r, c.Log())
	if err != nil {
		return kept, err
	}
	before := kept.Tree()
	if before.Origin != c.Origin { // a key of another name began anew, see Begin
		before.Origin = c.Origin
	}
	older, newer := before, c
	if older.Size > newer.Size {
		older, newer = newer, older
	}
	if newer.Size > size {
		return kept, &pastLost{kept, c}
	}
	proof, err := trail.Consistency(newer.Size, older.Size, store.Hashes(ctx, r, c.Log()))
	if err != nil {
		s.log.WarnContext(ctx, "checkpoint: the trail lacks hashes", slog.String("log", c.Log()), slog.Any("error", err))
		return kept, &pastLost{kept, c}
	}
	if trail.CheckConsistency(newer, older, proof) != nil {
		return kept, &pastLost{kept, c}
	}
	return kept, nil
}

// Check refuses a head of a log that does not continue the last checkpoint kept of it, and a signature by
// a key that is not the latest: for packs, before they are made.
func (s *Service) Check(ctx context.Context, r store.Reader, c trail.Checkpoint) error {
	if err := s.Signs(ctx, r); err != nil {
		return err
	}
	_, err := s.check(ctx, r, c)
	var lost *pastLost
	if errors.As(err, &lost) {
		return lost.refusal()
	}
	return err
}

// record makes the row of a head; the note is signed here.
func (s *Service) record(tx *store.Tx, c trail.Checkpoint, cause Cause) (*Checkpoint, error) {
	note, err := trail.Sign(s.key, c)
	if err != nil {
		return nil, err
	}
	signer, err := s.Key()
	if err != nil {
		return nil, err
	}
	row := &Checkpoint{Log: c.Log(), Origin: c.Origin, Size: c.Size, Root: c.Root.String(), Note: string(note), Signer: signer.Fingerprint(),
		Cause: cause, MadeAt: tx.Now(), MadeBy: tx.Actor().ID, MadeByName: tx.Actor().Name}
	if cause == Daily {
		row.Day = tx.Today()
	}
	return row, nil
}

// Keep signs where the log stands and keeps it, for who asks: of the platform, or of the site when none is
// named. Where nothing but checkpoints was added since the last one, that one stands and is returned. A log
// that does not continue the last one is refused, and an alarm says so.
func (s *Service) Keep(ctx context.Context, platform qms.ID) (*Checkpoint, error) {
	return s.keep(ctx, trail.LogOf(platform), Demand, needs(platform), time.Time{})
}

// keep keeps the head of a log. A daily one that is not due is none: nil.
func (s *Service) keep(ctx context.Context, log string, cause Cause, needs qms.Permission, before time.Time) (*Checkpoint, error) {
	var made *Checkpoint
	act := qms.Act{Name: "checkpoint.keep", Needs: needs, Platform: platformOf(log)}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		made, err = s.keepHead(ctx, tx, log, cause, before)
		return err
	})
	var lost *pastLost
	if errors.As(err, &lost) {
		return nil, errors.Join(lost.refusal(), s.raise(ctx, lost))
	}
	return made, err
}

func (s *Service) keepHead(ctx context.Context, tx *store.Tx, log string, cause Cause, before time.Time) (*Checkpoint, error) {
	if err := s.Signs(ctx, tx); err != nil {
		return nil, err
	}
	if cause == Daily {
		if of, err := dailyOf(ctx, tx, log, tx.Today()); of != nil || err != nil {
			return nil, err // another replica was faster
		}
	}
	c, err := s.head(ctx, tx, log)
	if err != nil {
		return nil, err
	}
	last, err := s.check(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	since := int64(0)
	if last != nil {
		since = last.Size
	}
	grown, err := grownSince(ctx, tx, log, since, before)
	switch {
	case err != nil:
		return nil, err
	case !grown && cause == Daily:
		return nil, nil
	case !grown && last != nil:
		return last, nil
	case !grown:
		return nil, qms.Conflict("checkpoint.nothing")
	}
	row, err := s.record(tx, c, cause)
	if err != nil {
		return nil, err
	}
	return row, tx.Insert(ctx, row)
}

// KeepPack keeps the checkpoint that a pack is proved by, in the act that puts the pack on record, and has
// it mailed to the auditors whose access runs. Check was asked when the pack was drawn from the trail.
func (s *Service) KeepPack(ctx context.Context, tx *store.Tx, c trail.Checkpoint, number string) error {
	row, err := s.record(tx, c, Packed)
	if err != nil {
		return err
	}
	row.Pack = number
	if err := tx.Insert(ctx, row); err != nil {
		return err
	}
	return s.mailPack(ctx, tx, row)
}
