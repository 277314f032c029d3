package witness

import (
	"context"
	"log/slog"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// Service keeps checkpoints and keys.
type Service struct {
	db        *store.DB
	key       trail.Key
	post      Post
	authority *Authority
	morning   int
	zone      *time.Location
	log       *slog.Logger
}

// Options are what the room works with besides the database.
type Options struct {
	Key       trail.Key      // signs
	Authority *Authority     // stamps what was kept; nil: nothing is stamped
	Morning   int            // the hour from which daily checkpoints are made
	Zone      *time.Location // where the morning is; UTC when nil
	Log       *slog.Logger   // discards when nil
}

// New makes the room.
func New(db *store.DB, o Options) *Service {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	return &Service{db: db, key: o.Key, authority: o.Authority, morning: o.Morning, zone: o.Zone, log: o.Log}
}

// Post takes mails about checkpoints and alarms. What it is given is queued with the act that gives it, and
// once: a mail about the same to the same address is left out.
type Post interface {
	MailCheckpoints(ctx context.Context, tx *store.Tx, mails []Mail) error
	// CheckpointsTold are the checkpoints in mails whose About begins so, by address.
	CheckpointsTold(ctx context.Context, r store.Reader, about string) (map[string][]qms.ID, error)
}

// PostBy sets the post. Without one nothing is mailed.
func (s *Service) PostBy(p Post) { s.post = p }

// Mail is one mail about checkpoints, or about an alarm, before it is put into words.
type Mail struct {
	About       string // what it tells: once to one address
	Person      qms.ID // of the house; none for an address of the site's choosing
	Name        string // of the person
	Address     string
	Language    string // of an address; that of a person is theirs
	Checkpoints []Told
	Day         qms.Date // of a daily mail
	Alarm       *CheckpointAlarm
	Place       Place // of a pack or an alarm
}

// Told is a checkpoint with whose log it is.
type Told struct {
	Checkpoint
	Place Place
}

// Place is a platform; the site where it is empty.
type Place struct {
	ID   qms.ID
	Code string
	Name string
}

// needs is the right to ask for a checkpoint: of a platform whoever makes packs of it, of the site who
// operates it.
func needs(platform qms.ID) qms.Permission {
	if platform == "" {
		return qms.OperateSite.OnSite()
	}
	return qms.MakePacks.On(platform)
}

// platformOf is the platform of a log, none for the site's.
func platformOf(log string) qms.ID {
	if log == trail.SiteLog {
		return ""
	}
	return qms.ID(log)
}
