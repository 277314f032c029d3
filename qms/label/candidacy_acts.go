package label

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// StateCandidacy is what a platform states.
type StateCandidacy struct {
	Target       // to correct one; to state a new one only its Platform
	ReceivedOn   qms.Date
	Institutions []qms.ID
	Signatories  []Signatory
	Team         []TeamMember // of those with a Person the name need not be said
	Staff        int64
	Included     string
	Excluded     string
	Equipment    string
	Sites        string
	Activities   string
	Direct       bool
	DirectReason string
}

// The bounds of a candidacy.
const (
	maxInstitutions = 20
	maxSignatories  = 20
	maxTeam         = 60
	maxStaff        = 10_000
)

// ReceiveCandidacy records a candidacy. A current one that was declared ineligible ends on the day the new
// one came; any other current one must be ended first.
func (s *Service) ReceiveCandidacy(ctx context.Context, cmd StateCandidacy) (*Candidacy, error) {
	c := &Candidacy{Row: qms.Row{ID: qms.NewID(s.db.Now())}}
	act := qms.Act{Name: "candidacy.receive", Needs: qms.WriteLabel.On(cmd.Platform), Platform: cmd.Platform, Subject: c.ID}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		in := &statement{ctx: ctx, tx: tx, s: s}
		in.candidacy(c, cmd)
		if err := in.outcome(); err != nil {
			return err
		}
		before, err := currentCandidacy(ctx, tx, cmd.Platform)
		switch {
		case missing(err):
			return tx.Insert(ctx, c)
		case err != nil:
			return err
		case before.Decision != Ineligible:
			return qms.Conflict("candidacy.current", before.ReceivedOn)
		case c.ReceivedOn < before.DecidedOn:
			return qms.InvalidFields(qms.Wrong("received_on", "candidacy.before_decision", before.DecidedOn))
		}
		before.EndedOn, before.EndedWhy = c.ReceivedOn, before.DecidedWhy
		if err := tx.Update(ctx, before); err != nil {
			return err
		}
		return tx.Insert(ctx, c)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// CorrectCandidacy changes what was stated. Once the programme has decided on it, only the programme may:
// its decision rests on what was stated, and is signed again. The door has asked for the password then.
func (s *Service) CorrectCandidacy(ctx context.Context, cmd StateCandidacy) (*Candidacy, error) {
	return s.onCandidacy(ctx, "candidacy.correct", qms.WriteLabel, cmd.Target, func(in *statement, c *Candidacy) error {
		in.reasoned(cmd.Target)
		if c.Decision != UndecidedCandidacy && !in.tx.Actor().Can(qms.AccompanyPlatform.On(cmd.Platform)) {
			return qms.Conflict("candidacy.decided", c.DecidedOn)
		}
		in.candidacy(c, cmd)
		if c.Decision != UndecidedCandidacy && c.DecidedOn < c.ReceivedOn {
			in.fail("received_on", "candidacy.after_decision", c.DecidedOn)
		}
		return c.endorse(in, qms.MeansDecision)
	})
}

// SignLetter notes that a head of unit signed the letter of commitment.
type SignLetter struct {
	Target
	Signatory int // position among the signatories, from 1
	On        qms.Date
}

// SignLetter notes that somebody signed. The letter itself is added to the candidacy as evidence.
func (s *Service) SignLetter(ctx context.Context, cmd SignLetter) (*Candidacy, error) {
	return s.onCandidacy(ctx, "letter.sign", qms.WriteLabel, cmd.Target, func(in *statement, c *Candidacy) error {
		if cmd.Signatory < 1 || cmd.Signatory > len(c.Signatories) {
			in.fail("signatory", "input.unknown_choice")
			return nil
		}
		signatory := &c.Signatories[cmd.Signatory-1]
		if signatory.SignedOn != 0 {
			return qms.Conflict("letter.signed", signatory.Name, signatory.SignedOn)
		}
		signatory.SignedOn = in.past("on", cmd.On)
		return nil
	})
}

// DecideCandidacy says whether a candidacy is receivable.
type DecideCandidacy struct {
	Target   // the reason is that of the decision
	Decision Receivability
	On       qms.Date
}

// DecideCandidacy records the decision of the programme. A candidacy is eligible only if, on that day, one of
// its institutions is a partner and its letter of commitment is complete. A decision may be taken again. The
// door has asked for the password of the officer who enters it.
func (s *Service) DecideCandidacy(ctx context.Context, cmd DecideCandidacy) (*Candidacy, error) {
	return s.onCandidacy(ctx, "candidacy.decide", qms.AccompanyPlatform, cmd.Target, func(in *statement, c *Candidacy) error {
		reason, on := in.reasoned(cmd.Target), in.past("on", cmd.On)
		if !slices.Contains(Receivabilities(), cmd.Decision) {
			in.fail("decision", "input.unknown_choice")
		}
		if on != 0 && on < c.ReceivedOn {
			in.fail("on", "candidacy.decided_before", c.ReceivedOn)
		}
		if cmd.Decision == Eligible {
			all, err := institutionsOf(in.ctx, in.tx)
			if err != nil {
				return err
			}
			for _, o := range c.Obstacles(all, on) {
				if o != NotReceived { // said beside the day already
					in.fail("decision", "candidacy.obstacle_"+string(o))
				}
			}
		}
		c.Decision, c.DecidedOn, c.DecidedBy, c.DecidedWhy = cmd.Decision, on, in.tx.Actor().ID, reason
		return c.endorse(in, qms.MeansDecision)
	})
}

// EndCandidacy says that a candidacy is no longer the current one from a day on.
type EndCandidacy struct {
	Target
	On qms.Date
}

// EndCandidacy closes a candidacy: the platform withdraws it, or another one follows.
func (s *Service) EndCandidacy(ctx context.Context, cmd EndCandidacy) (*Candidacy, error) {
	return s.onCandidacy(ctx, "candidacy.end", qms.WriteLabel, cmd.Target, func(in *statement, c *Candidacy) error {
		c.EndedWhy, c.EndedOn = in.reasoned(cmd.Target), in.past("on", cmd.On)
		if c.EndedOn != 0 && c.EndedOn < max(c.ReceivedOn, c.DecidedOn) {
			in.fail("on", "candidacy.ended_before", max(c.ReceivedOn, c.DecidedOn))
		}
		return nil
	})
}

// VoidCandidacy declares a candidacy a mistake: it stays readable and never counted. One that was
// decided on is voided under a signature: the door has asked for the password then.
func (s *Service) VoidCandidacy(ctx context.Context, target Target) (*Candidacy, error) {
	return s.onCandidacy(ctx, "candidacy.void", qms.WriteLabel, target, func(in *statement, c *Candidacy) error {
		if c.Decision != UndecidedCandidacy && !in.tx.Actor().Can(qms.AccompanyPlatform.On(target.Platform)) {
			return qms.Conflict("candidacy.decided", c.DecidedOn)
		}
		c.Void = in.reasoned(target)
		return c.endorse(in, qms.MeansVoid)
	})
}

// onCandidacy changes the current candidacy within one act.
func (s *Service) onCandidacy(ctx context.Context, name string, needs qms.Right, target Target, change func(in *statement, c *Candidacy) error) (*Candidacy, error) {
	act := qms.Act{Name: name, Needs: needs.On(target.Platform), Platform: target.Platform, Subject: target.ID, Reason: strings.TrimSpace(target.Reason)}
	var c *Candidacy
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if c, err = candidacyByID(ctx, tx, target.Platform, target.ID); err != nil {
			return err
		}
		switch {
		case c.Void != "":
			return qms.Conflict("record.void")
		case c.EndedOn != 0:
			return qms.Conflict("candidacy.ended", c.EndedOn)
		case c.Revision != target.Revision:
			return qms.Conflict("record.changed")
		}
		in := &statement{ctx: ctx, tx: tx, s: s}
		if err := change(in, c); err != nil {
			return err
		}
		if err := in.outcome(); err != nil {
			return err
		}
		return tx.Update(ctx, c)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}
