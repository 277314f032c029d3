package witness

import (
	"context"
	"encoding/base64"
	"log/slog"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

const (
	stampsAtOnce = 20                  // asked for in one tick
	stampWithin  = 30 * 24 * time.Hour // of being kept: a time-stamp years later proves little
)

// stamp asks the authority about checkpoints that have no time-stamp, outside of any transaction, and notes
// each answer. What fails is asked again at the next tick.
func (s *Service) stamp(ctx context.Context) error {
	if s.authority == nil {
		return nil
	}
	var waiting []Checkpoint
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		waiting, err = unstamped(ctx, r, r.Now().Add(-stampWithin), stampsAtOnce)
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range waiting {
		stamped, err := s.authority.Stamp(ctx, []byte(c.Note))
		if err != nil { // the next ones would fare no better
			s.log.WarnContext(ctx, "no time-stamp: asked again later", slog.String("authority", s.authority.Host()), slog.Any("error", err))
			return nil
		}
		if err := s.noteStamp(ctx, &c, stamped); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) noteStamp(ctx context.Context, c *Checkpoint, stamped *Stamped) error {
	act := qms.Act{Name: "checkpoint.stamp", Needs: qms.OperateSite.On(c.Platform), Platform: c.Platform, Subject: c.ID}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		now, err := checkpointByID(ctx, tx, c.Log, c.ID)
		if err != nil || now.Token != "" { // another replica asked too
			return err
		}
		now.Token, now.StampedAt, now.Authority = base64.StdEncoding.EncodeToString(stamped.Token), qms.Instant(stamped.At), stamped.By
		return tx.Update(ctx, now)
	})
}

// Authority is where time-stamps are asked for; empty where none is configured.
func (s *Service) Authority() string {
	if s.authority == nil {
		return ""
	}
	return s.authority.Host()
}
