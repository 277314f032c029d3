package trace

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// DecideRequalification settles whether those trained on an older major version of a procedure are to
// be trained again.
type DecideRequalification struct {
	Platform  qms.ID
	Procedure string
	Version   string // as proposed: the first of its major version
	Required  bool
	DueOn     qms.Date // by when; only when it is required
	Reason    string   // required
}

// DecideRequalification takes the decision, or takes it anew.
func (s *Service) DecideRequalification(ctx context.Context, cmd DecideRequalification) (*Requalification, error) {
	var d *Requalification
	act := qms.Act{Name: "requalification.decide", Needs: qms.ManageEquipment.On(cmd.Platform), Platform: cmd.Platform,
		Subject: qms.NewID(s.db.Now()), Reason: strings.TrimSpace(cmd.Reason)}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		in := &checking{ctx: ctx, tx: tx, s: s, platform: cmd.Platform}
		stated := cmd.state(in)
		if err := in.outcome(); err != nil {
			return err
		}
		periods, err := s.instructions.Periods(ctx, tx, cmd.Platform)
		if err != nil {
			return err
		}
		r, known := renewedOn(periods, tx.Today())[stated.Procedure]
		if !known || r.Version != stated.Version {
			return qms.NotFound("record.not_found")
		}
		stated.Since, stated.DecidedBy, stated.DecidedOn = r.Since, tx.Actor().ID, tx.Today()
		d = stated
		old, err := decisionOn(ctx, tx, cmd.Platform, d.Procedure, d.Version)
		if qms.CodeOf(err) == qms.CodeNotFound {
			d.ID = act.Subject
			return tx.Insert(ctx, d)
		}
		if err != nil {
			return err
		}
		d.Row = old.Row
		return tx.Update(ctx, d)
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

func (c DecideRequalification) state(in *checking) *Requalification {
	d := &Requalification{Procedure: in.requiredCode("procedure", c.Procedure), Version: NormalVersion(in.requiredCode("version", c.Version)),
		Required: c.Required, DueOn: in.date("due_on", c.DueOn)}
	switch {
	case d.DueOn != 0 && !d.Required:
		in.fail("due_on", "requalification.due_alone")
	case d.DueOn != 0 && d.DueOn < in.tx.Today():
		in.fail("due_on", "requalification.due_past")
	}
	if d.Reason = in.long("reason", c.Reason); d.Reason == "" && len(in.wrong) == 0 {
		in.fail("reason", "input.required")
	}
	return d
}

// Requalifications is what new versions of procedures ask for on a day.
type Requalifications struct {
	AsOf      qms.Date
	Proposals []ProposalLine
}

// Open is how many wait for a decision.
func (r Requalifications) Open() (n int) {
	for _, p := range r.Proposals {
		if p.Decision == nil {
			n++
		}
	}
	return n
}

// ProposalLine is a proposal with those it concerns.
type ProposalLine struct {
	Proposal
	Concerned []TrainingLine // by name
	DecidedBy string
}

// Requalifications reads the proposals and what was decided of them, in one statement and what People
// and Instructions need.
func (s *Service) Requalifications(ctx context.Context, platform qms.ID, asOf qms.Date) (q *Requalifications, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if asOf == 0 {
			asOf = r.Today()
		}
		f, err := factsOf(ctx, r, platform, scope{})
		if err != nil {
			return err
		}
		periods, err := s.instructions.Periods(ctx, r, platform)
		if err != nil {
			return err
		}
		proposals := propose(f.trainings, periods, f.decisions, asOf)
		names, err := s.namesOf(ctx, r, platform, concerned(proposals))
		if err != nil {
			return err
		}
		q = &Requalifications{AsOf: asOf}
		for _, p := range proposals {
			q.Proposals = append(q.Proposals, proposalLine(p, f, names, asOf))
		}
		return nil
	})
	return q, err
}

// concerned are the persons whom proposals name.
func concerned(proposals []Proposal) (persons []qms.ID) {
	for _, p := range proposals {
		for _, t := range p.Trainings {
			persons = append(persons, t.Person, t.Trainer)
		}
		if p.Decision != nil {
			persons = append(persons, p.Decision.DecidedBy)
		}
	}
	return distinct(persons)
}

func proposalLine(p Proposal, f *facts, names map[qms.ID]string, asOf qms.Date) ProposalLine {
	l := ProposalLine{Proposal: p}
	if p.Decision != nil {
		l.DecidedBy = names[p.Decision.DecidedBy]
	}
	g := f.ground(asOf, nil)
	for _, t := range p.Trainings {
		standing := g.TrainingCover(Pair{t.Person, t.Equipment}, asOf, f.settings.ExpiringDays).Standing
		l.Concerned = append(l.Concerned, TrainingLine{Training: *t, Standing: standing, Equipment: f.equipment[t.Equipment],
			Person: Person{ID: t.Person, Name: names[t.Person]}, Trainer: Person{ID: t.Trainer, Name: names[t.Trainer]}})
	}
	sortLines(l.Concerned)
	return l
}
