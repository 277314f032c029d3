package label

import (
	"context"
	"errors"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// ConditionStated is a condition of a decision as it is stated.
type ConditionStated struct {
	Words string
	DueOn qms.Date
}

// DecideMission enters what the committee decided of a mission. The door has asked for the password of
// the officer who enters it.
type DecideMission struct {
	At
	Body       string
	Date       qms.Date
	Outcome    Outcome
	Note       string
	Conditions []ConditionStated
	Perimeter  string // of the label, where one is awarded
}

// DecisionMade is what became of a mission.
type DecisionMade struct {
	Mission  *Mission
	Decision *MissionDecision
	Label    *Label // awarded by it; none otherwise
}

const (
	maxConditions = 30
	awardTries    = 4
)

// DecideMission records the decision, its conditions, and the label or what happens to the one that
// holds, in one act. The evaluators no longer read the platform from then on.
func (s *Service) DecideMission(ctx context.Context, cmd DecideMission) (*DecisionMade, error) {
	for try := 1; ; try++ {
		made, err := s.decideMission(ctx, cmd)
		// Two platforms labelled in the same instant ask for the same number: who comes second asks again.
		if err == nil || try == awardTries || !cmd.Outcome.Awards() || !isTaken(err) {
			return made, err
		}
	}
}

func (s *Service) decideMission(ctx context.Context, cmd DecideMission) (*DecisionMade, error) {
	made := &DecisionMade{}
	m, err := s.onMission(ctx, "mission.decide", qms.AccompanyPlatform, cmd.At, func(tx *store.Tx, in *stating, m *Mission) ([]qms.Record, error) {
		if m.ReportOn == 0 {
			return nil, qms.Conflict("mission.no_report", m.Number)
		}
		d := cmd.decide(in, tx, m)
		rows := []qms.Record{d}
		rows = append(rows, cmd.conditions(in, m, d)...)
		if err := in.outcome(); err != nil {
			return nil, err
		}
		made.Decision = d
		facts, err := factsOf(ctx, tx, []qms.ID{m.Platform})
		if err != nil {
			return nil, err
		}
		follow, err := cmd.follow(ctx, tx, in, m, d, facts[m.Platform])
		if err != nil || len(in.wrong) > 0 {
			return nil, err
		}
		made.Label, _ = follow.(*Label)
		if follow != nil {
			rows = append(rows, follow)
		}
		if err := tx.Insert(ctx, rows...); err != nil {
			return nil, err
		}
		if err := endorseDecision(ctx, tx, d, m.Number, qms.MeansDecision); err != nil {
			return nil, err
		}
		return nil, s.dismissAll(ctx, tx, m)
	})
	made.Mission = m
	if err != nil {
		return nil, err
	}
	return made, nil
}

// decide reads the decision. It is dated neither before the visit nor before the report, nor in the future.
func (c DecideMission) decide(in *stating, tx *store.Tx, m *Mission) *MissionDecision {
	d := &MissionDecision{Row: qms.Row{ID: qms.NewID(tx.Now())}, Mission: m.ID, Body: in.needed("body", c.Body, statedShort), Outcome: c.Outcome,
		Note: in.words("note", c.Note, statedLong), EnteredBy: tx.Actor().ID, EnteredAt: tx.Now()}
	d.Date = in.past("date", c.Date, tx.Today())
	switch {
	case d.Date == 0:
	case d.Date < m.VisitThrough:
		in.fail("date", "mission.decided_before_visit", m.VisitThrough)
	case d.Date < m.ReportOn:
		in.fail("date", "mission.decided_before_report", m.ReportOn)
	}
	if !slices.Contains(OutcomesOf(m.Kind), c.Outcome) {
		in.fail("outcome", "input.unknown_choice")
	}
	return d
}

// conditions reads the conditions: there are some if and only if the outcome says so.
func (c DecideMission) conditions(in *stating, m *Mission, d *MissionDecision) (rows []qms.Record) {
	if len(c.Conditions) > maxConditions {
		in.fail("conditions", "mission.conditions_many", maxConditions)
		return nil
	}
	for _, stated := range c.Conditions {
		if strings.TrimSpace(stated.Words) == "" && stated.DueOn == 0 {
			continue
		}
		row := &AwardCondition{Mission: m.ID, Decision: d.ID, Position: int64(len(rows) + 1), Words: in.needed("conditions", stated.Words, statedLong),
			DueOn: in.neededOn("conditions", stated.DueOn)}
		if row.DueOn != 0 && row.DueOn <= d.Date {
			in.fail("conditions", "mission.condition_early", row.DueOn, d.Date)
		}
		rows = append(rows, row)
	}
	switch {
	case c.Outcome.Conditional() && len(rows) == 0:
		in.fail("conditions", "mission.conditions_needed")
	case !c.Outcome.Conditional() && len(rows) > 0:
		in.fail("conditions", "mission.conditions_unwanted")
	}
	return rows
}

// follow is what the decision makes: a label, or an event of the one that holds; nil for none.
func (c DecideMission) follow(ctx context.Context, tx *store.Tx, in *stating, m *Mission, d *MissionDecision, f *Facts) (qms.Record, error) {
	if c.Outcome.Awards() {
		return c.award(ctx, tx, in, m, d, f)
	}
	if m.Label == "" || c.Outcome == OutcomeRefusal {
		return nil, nil
	}
	at := slices.IndexFunc(f.Labels, func(l Label) bool { return l.ID == m.Label })
	if at < 0 {
		return nil, qms.NotFound("record.not_found")
	}
	kind := EventLifted
	switch c.Outcome {
	case OutcomeSuspension:
		kind = EventSuspended
	case OutcomeWithdrawal:
		kind = EventWithdrawn
	default: // confirmed: a suspension ends with it
		if _, suspended := f.halts(m.Label, d.Date); suspended == 0 {
			return nil, nil
		}
	}
	e := &AwardEvent{Label: m.Label, Mission: m.ID, Kind: kind, Date: d.Date, Body: d.Body, Why: d.Note, EnteredBy: d.EnteredBy, EnteredAt: d.EnteredAt}
	if err := f.allow(&f.Labels[at], e); err != nil {
		return nil, err
	}
	return e, nil
}

// award is the label that the decision makes: from its day, or for a renewal from the day the old one ends.
func (c DecideMission) award(ctx context.Context, tx *store.Tx, in *stating, m *Mission, d *MissionDecision, f *Facts) (qms.Record, error) {
	l := &Label{Row: qms.Row{ID: qms.NewID(tx.Now())}, Mission: m.ID, Decision: d.ID, Body: d.Body, Perimeter: in.needed("perimeter", c.Perimeter, statedLong), AwardedOn: d.Date}
	for i := range f.Labels {
		other := &f.Labels[i]
		withdrawn, _ := f.halts(other.ID, d.Date)
		switch {
		case withdrawn != 0:
		case other.ID == m.Label && d.Date < other.EndsOn():
			l.AwardedOn, l.Renews = other.EndsOn(), other.ID
		case other.ID == m.Label:
			l.Renews = other.ID
		}
	}
	for i := range f.Labels {
		other := &f.Labels[i]
		if withdrawn, _ := f.halts(other.ID, tx.Today()); withdrawn == 0 && l.AwardedOn < other.EndsOn() && other.AwardedOn < l.EndsOn() {
			in.fail("date", "mission.labelled_already", other.Number)
		}
	}
	if len(in.wrong) > 0 {
		return nil, nil
	}
	number, err := labelNumber(ctx, tx, d.Date.Year())
	l.Number = number
	return l, err
}

// isTaken reports whether an act failed because a number was given out meanwhile.
func isTaken(err error) bool { return errors.Is(err, qms.Conflict("record.exists")) }

// LiftCondition says that a condition is met. The door has asked for the password of the officer who says so.
type LiftCondition struct {
	At                // the condition
	On       qms.Date // none: today
	Evidence string   // what proves it: a document, a record, what was seen
}

// LiftCondition notes that a condition is met, with what proves it.
func (s *Service) LiftCondition(ctx context.Context, cmd LiftCondition) (*AwardCondition, error) {
	act := qms.Act{Name: "condition.lift", Needs: qms.AccompanyPlatform.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.ID}
	var c *AwardCondition
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if c, err = ofPlatform[AwardCondition](ctx, tx, cmd.Platform, cmd.ID); err != nil {
			return err
		}
		d, err := ofPlatform[MissionDecision](ctx, tx, cmd.Platform, c.Decision)
		switch {
		case err != nil:
			return err
		case c.Void != "":
			return qms.Conflict("record.void")
		case c.LiftedOn != 0:
			return qms.Conflict("condition.lifted", c.LiftedOn)
		case c.Revision != cmd.Revision:
			return qms.Conflict("record.changed")
		}
		if cmd.On == 0 {
			cmd.On = tx.Today()
		}
		in := &stating{}
		if on := in.past("on", cmd.On, tx.Today()); on != 0 && on < d.Date {
			in.fail("on", "condition.lifted_early", d.Date)
		}
		c.LiftedOn, c.LiftedBy, c.Evidence = cmd.On, tx.Actor().ID, in.needed("evidence", cmd.Evidence, statedLong)
		if err := in.outcome(); err != nil {
			return err
		}
		if err := tx.Update(ctx, c); err != nil {
			return err
		}
		return c.endorse(ctx, tx, d)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// VoidDecision declares the decision of a mission a mistake, with its conditions, the label it made and
// what it did to another: the mission is open again, and the number of the label is not used again. What
// came after it is declared a mistake first.
func (s *Service) VoidDecision(ctx context.Context, at At) (*MissionDecision, error) {
	act := qms.Act{Name: "mission.void-decision", Needs: qms.AccompanyPlatform.On(at.Platform), Platform: at.Platform, Subject: at.ID, Reason: strings.TrimSpace(at.Reason)}
	var d *MissionDecision
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if d, err = ofPlatform[MissionDecision](ctx, tx, at.Platform, at.ID); err != nil {
			return err
		}
		in := &stating{}
		reason := in.needed("reason", at.Reason, statedText)
		switch {
		case d.Void != "":
			return qms.Conflict("record.void")
		case d.Revision != at.Revision:
			return qms.Conflict("record.changed")
		case len(in.wrong) > 0:
			return in.outcome()
		}
		rows, err := voidWith(ctx, tx, d, reason)
		if err != nil {
			return err
		}
		d.Void = reason
		if err := tx.Update(ctx, append(rows, d)...); err != nil {
			return err
		}
		m, err := ofPlatform[Mission](ctx, tx, at.Platform, d.Mission)
		if err != nil {
			return err
		}
		if err := endorseVoided(ctx, tx, rows, m.Number); err != nil {
			return err
		}
		return endorseDecision(ctx, tx, d, m.Number, qms.MeansVoid)
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// voidWith are the rows that a decision made, declared a mistake with it.
func voidWith(ctx context.Context, tx *store.Tx, d *MissionDecision, reason string) (rows []qms.Record, err error) {
	conditions, err := ofMission[AwardCondition](ctx, tx, d.Mission, "position")
	if err != nil {
		return nil, err
	}
	for i := range conditions {
		if c := &conditions[i]; c.Decision == d.ID {
			c.Void = reason
			rows = append(rows, c)
		}
	}
	facts, err := factsOf(ctx, tx, []qms.ID{d.Platform})
	if err != nil {
		return nil, err
	}
	f := facts[d.Platform]
	for i := range f.Events {
		if e := &f.Events[i]; e.Mission == d.Mission {
			e.Void = reason
			rows = append(rows, e)
		}
	}
	for i := range f.Labels {
		l := &f.Labels[i]
		if l.Decision != d.ID {
			continue
		}
		for _, m := range f.Missions {
			if m.Label == l.ID {
				return nil, qms.Conflict("label.followed", l.Number, m.Number)
			}
		}
		l.Void = reason
		rows = append(rows, l)
	}
	return rows, nil
}
