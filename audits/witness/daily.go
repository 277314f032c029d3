package witness

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// Tick does what is to be done now: daily checkpoints of the logs that grew until this morning, their mail,
// and time-stamps that are missing. Ask it as often as wanted, on every replica: what is on record decides.
// One log that is refused does not stop the others.
func (s *Service) Tick(ctx context.Context) error {
	if err := s.daily(ctx); err != nil {
		return err
	}
	return s.stamp(ctx)
}

// dawn is the instant from which the daily checkpoints of the day are made, where the site is. What was
// added to a log later than that waits for the next day.
func (s *Service) dawn(day qms.Date) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), s.morning, 0, 0, 0, s.zone).UTC()
}

func (s *Service) daily(ctx context.Context) error {
	var logs []string
	var dawn time.Time
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		if dawn = s.dawn(r.Today()); r.Now().Before(dawn) {
			return nil
		}
		if err := s.Signs(ctx, r); err != nil {
			return err
		}
		logs, err = dueLogs(ctx, r, r.Today(), dawn)
		return err
	})
	if qms.CodeOf(err) == qms.CodeConflict {
		s.log.ErrorContext(ctx, "no checkpoint is signed: the key of this server is not the latest of the site")
		return nil
	}
	if err != nil || dawn.IsZero() {
		return err
	}
	var failed error
	for _, log := range logs {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		_, err := s.keep(ctx, log, Daily, qms.OperateSite.On(platformOf(log)), dawn)
		if qms.CodeOf(err) != qms.CodeConflict { // a conflict was told by an alarm
			failed = errors.Join(failed, err)
		}
	}
	return errors.Join(failed, s.mailDay(ctx))
}

// LogProblem is written to the log of the server when it starts with a key that signs nothing.
func (s *Service) LogProblem(ctx context.Context, err error) {
	s.log.ErrorContext(ctx, "this server signs nothing: its key is not the latest of the site", slog.Any("error", err))
}
