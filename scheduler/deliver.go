package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/scheduler/smtp"
)

// ErrNotByUs is what a mail is composed with that another server has to send: it is tried again later.
var ErrNotByUs = errors.New("this server cannot write it")

// delivery is the sending of one run. Nothing of it is inside a transaction but the notes.
type delivery struct {
	s       *Service
	slot    *Slot
	out     Outgoing
	answers []answer      // not noted yet
	since   time.Duration // of the first of answers, or of the last sign of life
	began   time.Duration
	failed  int   // conversations that failed in a row
	away    error // why the mail server is taken to be away
}

// deliver sends what waits, notes it as it goes, and ends the run.
func (s *Service) deliver(ctx context.Context, slot *Slot) (err error) {
	if s.o.Mailer == nil { // a run that was begun with one
		return s.note(ctx, slot, nil, true)
	}
	d := &delivery{s: s, slot: slot, began: s.o.Elapsed()}
	d.since = d.began
	for s.o.Elapsed()-d.began < runLimit {
		letters, err := s.letters(ctx)
		if err != nil || len(letters) == 0 {
			return errors.Join(err, d.end(ctx, err == nil || ctx.Err() != nil))
		}
		for _, l := range letters {
			if err := d.send(ctx, l); err != nil { // a site that stops ends its run, one that lost it may not
				return errors.Join(err, d.end(ctx, ctx.Err() != nil))
			}
		}
		if err := d.flush(ctx); err != nil {
			return errors.Join(err, d.end(ctx, false))
		}
	}
	return d.end(ctx, true)
}

// end closes the conversation, and the run when it ends as it should. A run that is left open, as after a
// crash, is taken over after the lease.
func (d *delivery) end(ctx context.Context, well bool) error {
	if d.out != nil {
		d.hangUp()
	}
	if !well {
		return nil
	}
	return d.s.note(ctx, d.slot, d.answers, true)
}

// queued is a mail that waits, with what it says.
type queued struct {
	mail   qms.ID
	letter Letter
	moot   bool // nothing is to be told any more
}

// send tries one mail, and notes what is old enough to be noted. Its error ends the run.
func (d *delivery) send(ctx context.Context, q queued) error {
	if d.s.o.Elapsed()-d.since > sendLimit {
		if err := d.beat(ctx); err != nil {
			return err
		}
	}
	a := answer{mail: q.mail, address: q.letter.Address, moot: q.moot}
	if !q.moot {
		a.err = d.attempt(ctx, q.letter)
	}
	stopped := ctx.Err()
	if stopped != nil && a.err != nil { // the site stops: what became of this mail is not known
		return stopped
	}
	a.refused = errors.Is(a.err, smtp.ErrRefused)
	if len(d.answers) == 0 {
		d.since = d.s.o.Elapsed()
	}
	d.answers = append(d.answers, a)
	if stopped != nil {
		return stopped // what is known is noted with the end of the run
	}
	if len(d.answers) < notesAtOnce && d.s.o.Elapsed()-d.since < noteWithin {
		return nil
	}
	return d.beat(ctx)
}

// attempt hands one mail over, in the conversation that is open or in a new one.
func (d *delivery) attempt(ctx context.Context, l Letter) error {
	if d.away != nil {
		return d.away
	}
	if l.Address == "" {
		return fmt.Errorf("no address: %w", smtp.ErrRefused)
	}
	message, err := d.s.o.Compose(ctx, l)
	if errors.Is(err, ErrNotByUs) {
		return err
	}
	if err != nil {
		return fmt.Errorf("compose: %w: %w", err, smtp.ErrRefused)
	}
	if d.out == nil {
		if err := d.dial(ctx); err != nil {
			return err
		}
	}
	limited, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	err = d.out.Send(limited, message)
	switch {
	case err == nil || errors.Is(err, smtp.ErrRefused):
		d.failed = 0
		return err
	default:
		d.hangUp()
		d.lose(err)
		return err
	}
}

func (d *delivery) dial(ctx context.Context) (err error) {
	limited, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	if d.out, err = d.s.o.Mailer.Dial(limited); err != nil {
		d.out = nil
		d.lose(err)
		return fmt.Errorf("dial: %v", err) //nolint:errorlint // whatever the server says, it says nothing of this person
	}
	return nil
}

// lose counts a conversation that failed: after a few in a row the server is taken to be away, and what
// is left of the run is put off without trying.
func (d *delivery) lose(err error) {
	if d.failed++; d.failed >= openAttempts {
		d.away = fmt.Errorf("the mail server is away: %v", err) //nolint:errorlint // that a person was refused is not said of the next
		d.s.log.Warn("mail server away", "error", err)
	}
}

func (d *delivery) hangUp() {
	if err := d.out.Close(); err != nil {
		d.s.log.Debug("close mail conversation", "error", err)
	}
	d.out = nil
}

// flush notes what is not noted yet.
func (d *delivery) flush(ctx context.Context) error {
	if len(d.answers) == 0 {
		return nil
	}
	return d.beat(ctx)
}

// beat notes the answers, and that the runner is alive.
func (d *delivery) beat(ctx context.Context) error {
	err := d.s.note(ctx, d.slot, d.answers, false)
	d.answers, d.since = nil, d.s.o.Elapsed()
	return err
}

// note puts on record what came of mails, as long as the slot is held. It is the runner's sign of life. A site
// that stops waits for it: what is not noted is sent again.
func (s *Service) note(ctx context.Context, slot *Slot, answers []answer, end bool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
	defer cancel()
	act := qms.Act{Name: "reminder.note", Needs: qms.OperateSite.OnSite()}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		last, err := lastSlot(ctx, tx)
		if err != nil {
			return err
		}
		if last == nil || last.Number != slot.Number || last.Term != slot.Term || last.ended() {
			return errLost
		}
		ids := make([]qms.ID, len(answers))
		for i, a := range answers {
			ids[i] = a.mail
		}
		mails, err := mailsByID(ctx, tx, ids)
		if err != nil {
			return err
		}
		rows := make([]qms.Record, 0, len(answers)+1)
		for _, a := range answers {
			if m := mails[a.mail]; m != nil {
				m.note(a, tx.Now())
				last.count(m, a)
				rows = append(rows, m)
			}
		}
		last.Beats++
		if end {
			last.EndedAt = tx.Now()
		}
		*slot = *last
		return tx.Update(ctx, append(rows, slot)...)
	})
}

// count adds what came of one mail to what the run did.
func (s *Slot) count(m *Mail, a answer) {
	switch {
	case a.moot:
	case a.err == nil:
		s.Sent++
	case m.State == Failed:
		s.Refused++
	default:
		s.Delayed++
	}
}

// letters reads mails that are to be tried now, the first queued first, with all that they say.
func (s *Service) letters(ctx context.Context) (letters []queued, err error) {
	err = s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error {
		mails, err := waitingMails(ctx, r, r.Now(), batchMails)
		if err != nil || len(mails) == 0 {
			return err
		}
		letters, err = s.lettersOf(ctx, r, mails)
		return err
	})
	return letters, err
}

// said is what mails are written from: who is written to, and what each mail holds.
type said struct {
	contacts  map[qms.ID]Contact
	languages map[qms.ID]string
	places    map[qms.ID]*Place
	reminders map[qms.ID][]Reminder // by mail
	invites   map[qms.ID]*Invite
	past      map[qms.ID]bool // of invites
	written   map[qms.ID]*Dispatch
	welcomes  map[qms.ID]*Welcome
}

func (s *Service) saidIn(ctx context.Context, r store.Reader, mails []Mail) (w said, err error) {
	ids, persons := make([]qms.ID, len(mails)), make([]qms.ID, len(mails))
	for i, m := range mails {
		ids[i], persons[i] = m.ID, m.Person
	}
	if w.contacts, err = s.people.Contacts(ctx, r, persons); err != nil {
		return w, err
	}
	if w.languages, err = languagesOf(ctx, r, persons); err != nil {
		return w, err
	}
	staff, err := s.people.Staff(ctx, r, r.Today())
	if err != nil {
		return w, err
	}
	w.places = staff.Places
	if w.reminders, err = remindersIn(ctx, r, ids); err != nil {
		return w, err
	}
	if w.invites, w.past, err = invitesIn(ctx, r, mails); err != nil {
		return w, err
	}
	if w.written, err = dispatchesIn(ctx, r, mails); err != nil {
		return w, err
	}
	w.welcomes, err = welcomesIn(ctx, r, mails, w.invites)
	return w, err
}

// letter is one mail with all that it says.
func (w said) letter(m Mail, now time.Time) queued {
	c := w.contacts[m.Person]
	l := Letter{ID: m.Message, Person: m.Person, Name: c.Name, Address: c.Address, Language: w.languages[m.Person], Day: m.Day}
	for _, reminder := range w.reminders[m.ID] {
		item := Item{Reminder: reminder}
		if place := w.places[reminder.Place]; place != nil {
			item.Code, item.Name = place.Code, place.Name
		}
		l.Items = append(l.Items, item)
	}
	q := queued{mail: m.ID, letter: l}
	if d := w.written[m.Dispatch]; d != nil {
		q.carry(d)
	}
	if invite := w.invites[m.Invite]; invite != nil {
		q.invite(invite, w.past[invite.ID] || !invite.OverAt.After(now))
	}
	if welcome := w.welcomes[m.Invite]; welcome != nil {
		q.welcome(welcome, now)
	}
	return q
}

func (s *Service) lettersOf(ctx context.Context, r store.Reader, mails []Mail) ([]queued, error) {
	w, err := s.saidIn(ctx, r, mails)
	if err != nil {
		return nil, err
	}
	letters := make([]queued, len(mails))
	for i, m := range mails {
		letters[i] = w.letter(m, r.Now())
	}
	return letters, nil
}
