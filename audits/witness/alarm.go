package witness

import (
	"context"
	"log/slog"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// raise puts on record that a log does not continue its last checkpoint, says so in the log of the server,
// and writes to the addresses of the site. One alarm stands over a log at a time. Maillon itself says it:
// whoever asked for the checkpoint may not have the right to.
func (s *Service) raise(ctx context.Context, lost *pastLost) error {
	s.log.ErrorContext(ctx, "the trail does not continue its last checkpoint: nothing is signed over it", slog.String("log", lost.kept.Log),
		slog.Int64("kept_size", lost.kept.Size), slog.Time("kept_at", lost.kept.MadeAt), slog.Int64("found_size", lost.found.Size))
	own := qms.System("witness")
	own.RequestID = qms.ActorFrom(ctx).RequestID
	ctx = qms.WithActor(ctx, own)
	act := qms.Act{Name: "checkpoint.alarm", Needs: qms.OperateSite.OnSite(), Subject: lost.kept.ID}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		open, err := openAlarm(ctx, tx, lost.kept.Log)
		if err != nil || open != nil {
			return err
		}
		a := &CheckpointAlarm{Log: lost.kept.Log, Checkpoint: lost.kept.ID, KeptSize: lost.kept.Size, KeptAt: lost.kept.MadeAt,
			FoundSize: lost.found.Size, FoundRoot: lost.found.Root.String(), FoundAt: tx.Now()}
		if err := tx.Insert(ctx, a); err != nil {
			return err
		}
		return s.mailAlarm(ctx, tx, a)
	})
}

// Alarms lists the alarms over the trail of the platform, those that are open first; of the site and every
// platform when none is named.
func (s *Service) Alarms(ctx context.Context, platform qms.ID) ([]CheckpointAlarm, error) {
	var all []CheckpointAlarm
	err := s.db.View(ctx, qms.ReadTrail.On(platform), func(r store.Reader) (err error) {
		if platform == "" {
			all, err = everyAlarm(ctx, r)
			return err
		}
		all, err = alarmsOver(ctx, r, []string{trail.LogOf(platform)}, false)
		return err
	})
	return all, err
}

// OpenAlarms lists the alarms that stand over the trails that the actor may read, of these platforms and,
// where they may read it, of the site: in one statement.
func (s *Service) OpenAlarms(ctx context.Context, platforms []qms.ID) ([]CheckpointAlarm, error) {
	actor := qms.ActorFrom(ctx)
	var logs []string
	for _, p := range platforms {
		if actor.Can(qms.ReadTrail.On(p)) {
			logs = append(logs, trail.LogOf(p))
		}
	}
	if len(logs) == 0 {
		return nil, nil
	}
	var all []CheckpointAlarm
	err := s.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) (err error) {
		all, err = alarmsOver(ctx, r, logs, true)
		return err
	})
	return all, err
}

// Settle ends an alarm: what was found and what was done. From then on the trail is held to the
// checkpoints kept after it alone; who holds an older one still finds the break.
type Settle struct {
	Alarm    qms.ID
	Revision int64
	Reason   string
}

// Settle settles an alarm, see the command.
func (s *Service) Settle(ctx context.Context, cmd Settle) error {
	reason, err := cleanReason(cmd.Reason)
	if err != nil {
		return err
	}
	act := qms.Act{Name: "alarm.settle", Needs: qms.OperateSite.OnSite(), Subject: cmd.Alarm, Reason: reason}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		a, err := alarmByID(ctx, tx, cmd.Alarm)
		switch {
		case err != nil:
			return err
		case a.Settled != "":
			return qms.Conflict("checkpoint.alarm_settled")
		case cmd.Revision != 0 && cmd.Revision != a.Revision:
			return qms.Conflict("record.changed")
		}
		a.Settled, a.SettledAt, a.SettledBy, a.SettledName = reason, tx.Now(), tx.Actor().ID, tx.Actor().Name
		return tx.Update(ctx, a)
	})
}

// Of is the platform whose trail it is; empty for the site.
func (a *CheckpointAlarm) Of() qms.ID { return platformOf(a.Log) }
