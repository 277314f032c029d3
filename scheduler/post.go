package scheduler

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/qms/trail"
	"maillon/scheduler/smtp"
)

// Place is a platform as reminders speak of it.
type Place struct {
	ID      qms.ID
	Code    string
	Name    string
	Asked   []qms.ID // managers and quality leads of the day
	Present []qms.ID // everybody who may see the platform
	Officer qms.ID   // the quality officer in charge; none: every one of the site
}

// Staff is who is asked, on every platform.
type Staff struct {
	Places   map[qms.ID]*Place
	Officers []qms.ID // the quality officers of the site
	Site     []qms.ID // who sees to what belongs to no platform: administrators and quality officers
}

// Contact is how a person is reached.
type Contact struct {
	Name    string
	Address string // of mail; may be empty
	SignsIn bool   // has an account, and so reads reminders in the application
}

// People tells who persons are.
type People interface {
	// Staff is who is asked on the day, in a fixed number of statements.
	Staff(ctx context.Context, r store.Reader, day qms.Date) (Staff, error)
	// Contacts tells how persons are reached, in a fixed number of statements.
	Contacts(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]Contact, error)
}

// Letter is what one mail says, before it is put into words.
type Letter struct {
	ID       string // the Message-ID
	Person   qms.ID
	Name     string
	Address  string
	Language string
	Day      qms.Date
	Items    []Item
	Invite   *Invite   // of a mail that invites to a session; it has no items
	Dispatch *Dispatch // of a mail that is not about what falls due; it has no items
	Welcome  *Welcome  // of a mail that lets an auditor in; likewise
}

// Item is one reminder of a letter.
type Item struct {
	Reminder
	Code string // of the platform
	Name string // of the platform
}

// Options are what a Service takes besides its database.
type Options struct {
	People  People
	Sources []Source
	Mailer  Mailer                                              // nil: nothing leaves the house
	Compose func(context.Context, Letter) (smtp.Message, error) // needed with a Mailer
	URL     string                                              // where people reach the site; may be empty
	Domain  string                                              // of Message-IDs; "maillon.invalid" when empty
	Zone    *time.Location                                      // where the morning is; UTC when nil
	Morning int                                                 // the hour from which the questions of a day are asked
	Holder  string                                              // names the replica to people
	Elapsed func() time.Duration                                // a stop-watch that only goes forward; the machine's when nil
	Log     *slog.Logger                                        // discards when nil
}

// Service makes reminders of what falls due and hands them over. Ask it as often as wanted: state decides.
type Service struct {
	db    *store.DB
	o     Options
	watch watch

	people People
	log    *slog.Logger
}

// New opens the post on a database.
func New(db *store.DB, o Options) *Service {
	if o.Domain == "" {
		o.Domain = "maillon.invalid"
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Elapsed == nil {
		began := time.Now()                                           //nolint:forbidigo // a stop-watch, not the present
		o.Elapsed = func() time.Duration { return time.Since(began) } //nolint:forbidigo // the same
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{db: db, o: o, people: o.People, log: o.Log}
}

// Kinds lists every kind of obligation that there are words for.
func Kinds() []string {
	var kinds []string
	for _, key := range locale.For(locale.English).Keys() {
		if kind, ok := strings.CutPrefix(key, "due."); ok && !strings.Contains(kind, ".") {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// morning reports whether the hour of the day's questions has come. Where clocks skip it in spring it
// comes with the next one, and where it comes twice in autumn the day has been asked about already.
func (s *Service) morning(now time.Time) bool { return now.In(s.o.Zone).Hour() >= s.o.Morning }

// state is what a tick looks at first.
type state struct {
	last    *Slot    // the last run; nil: there was none
	asked   qms.Date // the last day whose questions were asked
	waiting int      // mails to be tried now
	atOnce  bool     // somebody wants to be told at once
}

// Tick does what is to be done now, if anything, unless another replica does it. A tick that is missed is
// made up for by the next one.
func (s *Service) Tick(ctx context.Context) error {
	_, err := s.Run(ctx)
	return err
}

// Run is Tick with what was done; nil when nothing was to be done, or another replica does it.
func (s *Service) Run(ctx context.Context) (*Slot, error) {
	var now state
	var q Question
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		if now, err = stateOf(ctx, r); err != nil || !now.last.ended() {
			return err
		}
		morning := r.Today() > now.asked && s.morning(r.Now())
		if morning || now.atOnce {
			q, err = s.question(ctx, r, r.Today(), now.asked, morning)
		}
		if err == nil && now.atOnce && !morning { // most often nothing is new: then nobody waits for a lock
			var asks []Ask
			if asks, err = news(ctx, r, q); len(asks) == 0 {
				q = Question{}
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if !now.last.ended() && !s.watch.silent(now.last, s.o.Elapsed()) {
		return nil, nil
	}
	slot, err := s.claim(ctx, now, q)
	if err != nil || slot == nil || slot.ended() {
		return slot, err
	}
	return slot, s.deliver(ctx, slot)
}

// question gathers all that the rule looks at but what was told: that is read when it is noted.
func (s *Service) question(ctx context.Context, r store.Reader, day, asked qms.Date, morning bool) (Question, error) {
	q := Question{Day: day, Asked: asked, Morning: morning, Circles: map[qms.ID]Circle{}, Wishes: map[qms.ID]Wish{}, Reached: map[qms.ID]bool{},
		Languages: map[qms.ID]string{}}
	settled, err := rulesFor(ctx, r, nil)
	if err != nil {
		return q, err
	}
	all := rulesOf(settled)
	q.Steps = all.steps
	if q.Dues, err = s.dues(ctx, r, day, day.AddDays(all.furthest()+6)); err != nil {
		return q, err
	}
	wishes, err := wishesOf(ctx, r)
	for _, w := range wishes {
		q.Wishes[w.Person], q.Languages[w.Person] = w.wish(), w.Language
	}
	if err != nil {
		return q, err
	}
	if err := s.circles(ctx, r, &q); err != nil {
		return q, err
	}
	return q, s.reach(ctx, r, &q)
}

// dues asks every room.
func (s *Service) dues(ctx context.Context, r store.Reader, day, until qms.Date) (all []qms.Due, err error) {
	for _, source := range s.o.Sources {
		some, err := source.Dues(ctx, r, nil, day, until)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// circles finds who is asked on each platform.
func (s *Service) circles(ctx context.Context, r store.Reader, q *Question) error {
	staff, err := s.people.Staff(ctx, r, q.Day)
	if err != nil {
		return err
	}
	more, err := addresseesOf(ctx, r, "")
	if err != nil {
		return err
	}
	q.Circles[qms.ID(trail.SiteLog)] = Circle{Asked: staff.Site}
	for id, place := range staff.Places {
		c := Circle{Asked: slices.Clone(place.Asked), Officers: staff.Officers}
		if place.Officer != "" {
			c.Officers = []qms.ID{place.Officer}
		}
		q.Circles[id] = c
	}
	for _, a := range more {
		place := staff.Places[a.Platform]
		if place == nil || !slices.Contains(place.Present, a.Person) { // who has left is not told any more
			continue
		}
		c := q.Circles[a.Platform]
		c.Asked = append(c.Asked, a.Person)
		q.Circles[a.Platform] = c
	}
	return nil
}

// reach finds who of the persons named can be told something: by mail, or in the application.
func (s *Service) reach(ctx context.Context, r store.Reader, q *Question) error {
	var named []qms.ID
	for _, d := range q.Dues {
		if d.Person != "" && !q.Reached[d.Person] {
			q.Reached[d.Person] = true
			named = append(named, d.Person)
		}
	}
	contacts, err := s.people.Contacts(ctx, r, named)
	for _, id := range named {
		c := contacts[id]
		q.Reached[id] = c.SignsIn || c.Address != "" && s.o.Mailer != nil
	}
	return err
}
