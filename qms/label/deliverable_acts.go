package label

import (
	"context"
	"fmt"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// AskTerms is what is asked of somebody.
type AskTerms struct {
	Title    string
	Expected string
	Owner    qms.ID   // holds a role on the platform
	Session  qms.ID   // at which it is due; the next one when empty
	AskedOn  qms.Date // today when none
}

// AskDeliverable asks for a deliverable between two sessions.
type AskDeliverable struct {
	Platform qms.ID
	AskTerms
}

// AskDeliverable records what is asked for a session that is planned, or for the next one.
func (s *Service) AskDeliverable(ctx context.Context, cmd AskDeliverable) (*Deliverable, error) {
	d := &Deliverable{Row: qms.Row{ID: qms.NewID(s.db.Now())}}
	act := meetingAct("deliverable.ask", cmd.Platform)
	act.Subject = d.ID
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		a, err := currentAccompaniment(ctx, tx, cmd.Platform)
		if err != nil {
			return err
		}
		in := &statement{ctx: ctx, tx: tx, s: s}
		next, proposed, err := in.dueAt(a, cmd.Session)
		if err != nil {
			return err
		}
		if d.AskedOn = tx.Today(); cmd.AskedOn != 0 {
			d.AskedOn = in.past("asked_on", cmd.AskedOn)
		}
		in.ask("title", d, a, cmd.AskTerms, next, proposed)
		if err := in.outcome(); err != nil {
			return err
		}
		if err := name(ctx, tx, d); err != nil {
			return err
		}
		return tx.Insert(ctx, d)
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// dueAt is the session named, which must be planned and not over, else the next one.
func (in *statement) dueAt(a *Accompaniment, session qms.ID) (next *Meeting, proposed qms.Date, err error) {
	if session == "" {
		return nextOf(in.ctx, in.tx, a, &Meeting{State: Planned})
	}
	m, err := ofPlatform[Meeting](in.ctx, in.tx, a.Platform, session)
	switch {
	case missing(err):
		in.fail("session", "meeting.unknown")
		return nil, in.tx.Today(), nil
	case err != nil:
		return nil, 0, err
	case m.Accompaniment != a.ID || m.State != Planned || m.Void != "" || m.Day < in.tx.Today():
		in.fail("session", "deliverable.session_over", m.Number)
	}
	return m, m.Day, nil
}

// ask reads what is asked of whom.
func (in *statement) ask(field string, d *Deliverable, a *Accompaniment, c AskTerms, next *Meeting, proposed qms.Date) {
	d.Accompaniment, d.State = a.ID, ToDeliver
	d.Title, d.Expected = in.line(field, in.need(field, c.Title)), in.text("expected", c.Expected)
	d.Owner = in.owner(c.Owner)
	d.bind(next, proposed)
	d.FirstDue = d.DueOn
}

// owner wants somebody who holds a role on the platform or on the site today.
func (in *statement) owner(person qms.ID) qms.ID {
	if person == "" {
		in.fail("owner", "input.required")
		return ""
	}
	known, err := in.known()
	if err != nil {
		in.err = err
	} else if _, here := known[person]; !here {
		in.fail("owner", "person.not_member")
	}
	return person
}

// name gives a deliverable its number.
func name(ctx context.Context, tx *store.Tx, d *Deliverable) error {
	n, err := tx.Next(ctx, "LIV")
	d.Number = fmt.Sprintf("LIV-%03d", n)
	if d.ID == "" {
		d.ID = qms.NewID(tx.Now())
	}
	return err
}

// onDeliverable changes a deliverable that counts within one act.
func (s *Service) onDeliverable(ctx context.Context, act qms.Act, target Target, change func(in *statement, d *Deliverable) error) (*Deliverable, error) {
	act.Subject, act.Reason = target.ID, strings.TrimSpace(target.Reason)
	var d *Deliverable
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if d, err = ofPlatform[Deliverable](ctx, tx, target.Platform, target.ID); err != nil {
			return err
		}
		switch {
		case d.Void != "":
			return qms.Conflict("record.void")
		case d.Revision != target.Revision:
			return qms.Conflict("record.changed")
		}
		in := &statement{ctx: ctx, tx: tx, s: s}
		if err = change(in, d); err == nil {
			err = in.outcome()
		}
		if err != nil {
			return err
		}
		return tx.Update(ctx, d)
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// ChangeDeliverable asks for it otherwise: in other words, of somebody else, or for another session, with
// a reason.
func (s *Service) ChangeDeliverable(ctx context.Context, target Target, cmd AskTerms) (*Deliverable, error) {
	return s.onDeliverable(ctx, meetingAct("deliverable.change", target.Platform), target, func(in *statement, d *Deliverable) error {
		if !d.Owed() {
			return qms.Conflict("deliverable.not_owed_now", d.Number)
		}
		in.reasoned(target)
		a, err := openAccompaniment(in.ctx, in.tx, target.Platform, d.Accompaniment)
		if err != nil {
			return err
		}
		d.Title, d.Expected = in.line("title", in.need("title", cmd.Title)), in.text("expected", cmd.Expected)
		if cmd.Owner != d.Owner {
			d.Owner = in.owner(cmd.Owner)
		}
		if cmd.Session == "" || cmd.Session == d.DueMeeting {
			return nil
		}
		next, day, err := in.dueAt(a, cmd.Session)
		if err == nil {
			d.follow(next, day)
		}
		return err
	})
}

// Deliver is what its owner brings.
type Deliver struct {
	Target
	On       qms.Date // today when none
	Document string   // code of the document that it is; may be empty
	Version  string   // of that document
	Words    string
}

// Deliver notes that a deliverable was brought: by its owner, or by who writes for the platform.
func (s *Service) Deliver(ctx context.Context, cmd Deliver) (*Deliverable, error) {
	act := qms.Act{Name: "deliverable.deliver", Needs: qms.ReadLabel.On(cmd.Platform), Platform: cmd.Platform}
	return s.onDeliverable(ctx, act, cmd.Target, func(in *statement, d *Deliverable) error {
		if d.Owner != in.tx.Actor().ID {
			if err := qms.Authorise(in.tx.Actor(), qms.WriteLabel.On(cmd.Platform)); err != nil {
				return err
			}
		}
		if !d.Owed() {
			return qms.Conflict("deliverable.not_owed_now", d.Number)
		}
		if cmd.On == 0 {
			cmd.On = in.tx.Today()
		}
		if on := in.past("on", cmd.On); on != 0 && on < d.AskedOn {
			in.fail("on", "deliverable.before_asked", d.AskedOn)
		}
		d.Document, d.Version = in.words("document", cmd.Document, 64), in.words("version", cmd.Version, 20)
		if d.Document == "" && d.Version != "" {
			in.fail("document", "deliverable.version_alone")
		}
		d.Words, d.State = in.text("words", cmd.Words), Delivered
		d.DeliveredOn, d.DeliveredBy = cmd.On, in.tx.Actor().ID
		return nil
	})
}

// JudgeDeliverable says what the officer thinks of it.
type JudgeDeliverable struct {
	Target
	Accepted bool
	Note     string // required when it is to be done again
	Session  qms.ID // for which it is to be done again; the next one when empty
}

// JudgeDeliverable accepts a deliverable, or asks for it again for a session, with a note. It is the
// officer's word.
func (s *Service) JudgeDeliverable(ctx context.Context, cmd JudgeDeliverable) (*Deliverable, error) {
	act := accompanimentAct("deliverable.judge", cmd.Platform)
	return s.onDeliverable(ctx, act, cmd.Target, func(in *statement, d *Deliverable) error {
		if d.State != Delivered {
			return qms.Conflict("deliverable.not_delivered", d.Number)
		}
		d.Note, d.JudgedBy, d.JudgedOn = in.text("note", cmd.Note), in.tx.Actor().ID, in.tx.Today()
		if cmd.Accepted {
			d.State = Accepted
			return nil
		}
		in.need("note", cmd.Note)
		a, err := openAccompaniment(in.ctx, in.tx, cmd.Platform, d.Accompaniment)
		if err != nil {
			return err
		}
		next, day, err := in.dueAt(a, cmd.Session)
		if err != nil {
			return err
		}
		d.State = ToRedo
		d.Redone++
		d.bind(next, day)
		d.FirstDue = d.DueOn
		return nil
	})
}

// DropDeliverable says that it is no longer expected, with a reason.
func (s *Service) DropDeliverable(ctx context.Context, target Target) (*Deliverable, error) {
	act := accompanimentAct("deliverable.drop", target.Platform)
	return s.onDeliverable(ctx, act, target, func(in *statement, d *Deliverable) error {
		if !d.Owed() {
			return qms.Conflict("deliverable.not_owed_now", d.Number)
		}
		d.Note, d.State, d.JudgedBy, d.JudgedOn = in.reasoned(target), Dropped, in.tx.Actor().ID, in.tx.Today()
		return nil
	})
}

// VoidDeliverable declares it a mistake, with a reason.
func (s *Service) VoidDeliverable(ctx context.Context, target Target) (*Deliverable, error) {
	act := accompanimentAct("deliverable.void", target.Platform)
	return s.onDeliverable(ctx, act, target, func(in *statement, d *Deliverable) error {
		d.Void = in.reasoned(target)
		return nil
	})
}
