package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// More kinds of what is signed in this room.
const (
	SignedCandidacy = "candidacy-decision"
	SignedCondition = "condition-lifted"
)

// candidacySigned is what the signature under a decision on a candidacy covers: the decision, and all that
// was stated, for it rests on that.
type candidacySigned struct {
	Received                                         qms.Date
	Institutions                                     []qms.ID
	Signatories                                      []signatorySigned
	Team                                             []memberSigned
	Staff                                            int64
	Included, Excluded, Equipment, Sites, Activities string
	Direct                                           bool
	DirectReason                                     string
	Decision                                         string
	On                                               qms.Date
	Why, Void                                        string
}

type signatorySigned struct {
	Name, Function string
	On             qms.Date // none under a refusal: the letter may be signed after it
}

type memberSigned struct {
	Name, Part string
	Lead       bool
}

func (c *Candidacy) signed() string {
	out := candidacySigned{Received: c.ReceivedOn, Institutions: append([]qms.ID(nil), c.Institutions...), Staff: c.Staff, Included: c.Included, Excluded: c.Excluded, Equipment: c.Equipment,
		Sites: c.Sites, Activities: c.Activities, Direct: c.Direct, DirectReason: c.DirectReason, Decision: string(c.Decision), On: c.DecidedOn, Why: c.DecidedWhy, Void: c.Void}
	for _, s := range c.Signatories {
		one := signatorySigned{Name: s.Name, Function: s.Function}
		if c.Decision == Eligible {
			one.On = s.SignedOn
		}
		out.Signatories = append(out.Signatories, one)
	}
	for _, m := range c.Team {
		out.Team = append(out.Team, memberSigned{m.Name, m.Part, m.Lead})
	}
	return qms.Digest(out)
}

// Decided reports whether the programme has decided on it: what changes it from then on is signed.
func (c *Candidacy) Decided() bool { return c.Decision != UndecidedCandidacy }

// endorse puts the actor's signature under the decision as it stands; there is none under what is undecided.
func (c *Candidacy) endorse(in *statement, means qms.Meaning) error {
	if !c.Decided() || in.outcome() != nil {
		return nil
	}
	return in.tx.Endorse(in.ctx, SignedCandidacy, c.ID, c.ReceivedOn.String(), means, c.signed())
}

// Covered is what the signatures under the decisions on the candidacy of the sheet would cover now.
func (c *CandidacySheet) Covered() map[string]map[qms.ID]string {
	if c.Candidacy == nil || !c.Candidacy.Decided() {
		return nil
	}
	return map[string]map[qms.ID]string{SignedCandidacy: {c.Candidacy.ID: c.Candidacy.signed()}}
}

// signed is what the signature under a lifted condition covers.
func (c *AwardCondition) signed() string {
	return qms.Digest(struct {
		Decision       qms.ID
		Words          string
		Due, Lifted    qms.Date
		Evidence, Void string
	}{c.Decision, c.Words, c.DueOn, c.LiftedOn, c.Evidence, c.Void})
}

// endorse puts the actor's signature under a condition that is lifted.
func (c *AwardCondition) endorse(ctx context.Context, tx *store.Tx, d *MissionDecision) error {
	m, err := ofPlatform[Mission](ctx, tx, c.Platform, d.Mission)
	if err != nil {
		return err
	}
	return tx.Endorse(ctx, SignedCondition, c.ID, m.Number, qms.MeansLift, c.signed())
}

// endorseVoided signs that conditions which were lifted are declared a mistake with their decision.
func endorseVoided(ctx context.Context, tx *store.Tx, rows []qms.Record, number string) error {
	for _, row := range rows {
		if c, is := row.(*AwardCondition); is && c.LiftedOn != 0 {
			if err := tx.Endorse(ctx, SignedCondition, c.ID, number, qms.MeansVoid, c.signed()); err != nil {
				return err
			}
		}
	}
	return nil
}

// coverConditions adds what the signatures under the lifted conditions would cover now.
func coverConditions(now map[string]map[qms.ID]string, conditions []AwardCondition) {
	of := map[qms.ID]string{}
	for i := range conditions {
		of[conditions[i].ID] = conditions[i].signed()
	}
	now[SignedCondition] = of
}
