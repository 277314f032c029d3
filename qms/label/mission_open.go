package label

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// At names the record that an act changes, and the revision it was read at.
type At struct {
	Platform qms.ID
	ID       qms.ID
	Revision int64
	Reason   string
}

// The bounds of a mission.
const (
	maxEvaluators = 12
	accessMonths  = qms.Months(12) // how long evaluators may read a platform
	accessDefault = qms.Months(3)
)

// OpenMission opens an evaluation.
type OpenMission struct {
	Platform     qms.ID
	Kind         MissionKind
	On           qms.Date // none: today
	Subject      string
	Evaluators   []string // e-mail addresses, the one who leads first
	AccessFrom   qms.Date // none: the day it is opened on
	AccessUntil  qms.Date // first day without; none: three months later
	VisitFrom    qms.Date
	VisitThrough qms.Date // none: VisitFrom
}

// OpenMission records a mission with its evaluators, who may read the platform from then on, and the
// criteria in force as its grid, in one act.
func (s *Service) OpenMission(ctx context.Context, cmd OpenMission) (*Mission, error) {
	m := &Mission{Row: qms.Row{ID: qms.NewID(s.db.Now())}}
	act := qms.Act{Name: "mission.open", Needs: qms.AccompanyPlatform.On(cmd.Platform), Platform: cmd.Platform, Subject: m.ID}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		in := &stating{}
		m.state(in, tx, cmd)
		if err := in.outcome(); err != nil {
			return err
		}
		if err := m.place(ctx, tx, in, cmd.Platform); err != nil {
			return err
		}
		named, err := s.nameAll(ctx, tx, in, m, cmd.Platform, cmd.Evaluators)
		if err != nil {
			return err
		}
		return s.insertMission(ctx, tx, m, named)
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// insertMission gives the mission its number and its grid.
func (s *Service) insertMission(ctx context.Context, tx *store.Tx, m *Mission, named []qms.Record) error {
	grid, err := m.takeGrid(ctx, tx, nil, m.OpenedOn)
	if err != nil {
		return err
	}
	n, err := tx.Next(ctx, fmt.Sprintf("EVA-%d", m.OpenedOn.Year()))
	if err != nil {
		return err
	}
	m.Number = fmt.Sprintf("EVA-%d-%03d", m.OpenedOn.Year(), n)
	return tx.Insert(ctx, append(append([]qms.Record{m}, named...), grid...)...)
}

// state reads what was stated of the mission.
func (m *Mission) state(in *stating, tx *store.Tx, cmd OpenMission) {
	if !slices.Contains(MissionKinds(), cmd.Kind) {
		in.fail("kind", "input.unknown_choice")
	}
	m.Kind, m.Subject = cmd.Kind, in.words("subject", cmd.Subject, statedText)
	if m.OpenedOn = cmd.On; m.OpenedOn == 0 {
		m.OpenedOn = tx.Today()
	}
	m.OpenedOn, m.OpenedBy = in.past("on", m.OpenedOn, tx.Today()), tx.Actor().ID
	if m.AccessFrom = in.on("access_from", cmd.AccessFrom); m.AccessFrom == 0 {
		m.AccessFrom = m.OpenedOn
	}
	if m.AccessUntil = in.on("access_until", cmd.AccessUntil); m.AccessUntil == 0 {
		m.AccessUntil = m.AccessFrom.AddMonths(accessDefault)
	}
	switch {
	case m.AccessUntil <= m.AccessFrom:
		in.fail("access_until", "mission.access_order", m.AccessFrom)
	case m.AccessUntil > m.AccessFrom.AddMonths(accessMonths):
		in.fail("access_until", "mission.access_long", int(accessMonths))
	}
	m.visit(in, cmd.VisitFrom, cmd.VisitThrough)
	m.Plan, m.Exercises = []PlanItem{}, []string{}
}

// visit reads the days of the visit, which follow the opening.
func (m *Mission) visit(in *stating, from, through qms.Date) {
	from, through = in.on("visit_from", from), in.on("visit_through", through)
	if through == 0 {
		through = from
	}
	switch {
	case from == 0 && through != 0:
		in.fail("visit_from", "input.required")
	case from != 0 && from < m.OpenedOn:
		in.fail("visit_from", "mission.visit_early", m.OpenedOn)
	case through < from:
		in.fail("visit_through", "mission.visit_order", from)
	case from != 0 && from.DaysUntil(through) > 30:
		in.fail("visit_through", "mission.visit_long")
	}
	m.VisitFrom, m.VisitThrough = from, through
}

// place ties the mission to the label it follows, and refuses one that the platform is not ready for.
func (m *Mission) place(ctx context.Context, tx *store.Tx, in *stating, platform qms.ID) error {
	facts, err := factsOf(ctx, tx, []qms.ID{platform})
	if err != nil {
		return err
	}
	f := facts[platform]
	standing := f.StandingOn(m.OpenedOn)
	holds := standing.Stage == StageLabelled || standing.Stage == StageSuspended
	switch {
	case m.Kind == MissionInitial && holds:
		in.fail("kind", "mission.labelled_already", standing.Label.Number)
	case m.Kind != MissionInitial && !holds:
		in.fail("kind", "mission.no_label")
	case m.Kind == MissionRenewal && m.OpenedOn < standing.Label.AwardedOn.AddMonths(RenewalOpens):
		in.fail("kind", "mission.renewal_early", standing.Label.AwardedOn.AddMonths(RenewalOpens))
	}
	if holds && m.Kind != MissionInitial {
		m.Label = standing.Label.ID
		if on := standing.Label.followedBefore(m.Kind); on != 0 {
			in.fail("kind", "mission.followed_before", on)
		}
	}
	for _, other := range f.Missions {
		again := m.Kind != MissionExtraordinary && (m.Label != "" || f.decided(other.ID, tx.Today()) == 0)
		if again && other.Kind == m.Kind && other.Label == m.Label {
			in.fail("kind", "mission.already", other.Number)
			break
		}
	}
	return in.outcome()
}

// nameAll names the evaluators of the addresses.
func (s *Service) nameAll(ctx context.Context, tx *store.Tx, in *stating, m *Mission, platform qms.ID, emails []string) ([]qms.Record, error) {
	var named []qms.Record
	known := map[qms.ID]bool{}
	if len(emails) > maxEvaluators {
		in.fail("evaluators", "mission.evaluators_many", maxEvaluators)
		emails = nil
	}
	for _, email := range emails {
		if strings.TrimSpace(email) == "" {
			continue
		}
		e, err := s.name(ctx, tx, in, "evaluators", m, platform, email)
		if err != nil {
			return nil, err
		}
		if e == nil || known[e.Person] {
			continue
		}
		known[e.Person] = true
		e.Lead = len(named) == 0
		named = append(named, e)
	}
	if err := in.outcome(); err != nil {
		return nil, err
	}
	for _, row := range named {
		if err := s.admit(ctx, tx, m, platform, row.(*MissionEvaluator)); err != nil {
			return nil, err
		}
	}
	return named, nil
}

// name finds the person of the address and refuses one who belongs to the platform: nobody evaluates
// their own work (ISO 19011, 4 e).
func (s *Service) name(ctx context.Context, tx *store.Tx, in *stating, field string, m *Mission, platform qms.ID, email string) (*MissionEvaluator, error) {
	email = in.words(field, email, statedShort)
	if email == "" {
		return nil, nil
	}
	id, name, err := s.hosts.PersonOf(ctx, tx, email)
	if qms.CodeOf(err) == qms.CodeNotFound {
		in.fail(field, "mission.person_unknown", email)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	belongs, err := s.hosts.Belongs(ctx, tx, platform, id, m.OpenedOn)
	if belongs {
		in.fail(field, "mission.not_independent", name)
	}
	return &MissionEvaluator{Mission: m.ID, Person: id, Name: name, NamedOn: tx.Today()}, err
}

// admit gives the evaluator the role that reads the platform, for the days of the mission that are left.
func (s *Service) admit(ctx context.Context, tx *store.Tx, m *Mission, platform qms.ID, e *MissionEvaluator) (err error) {
	period := qms.Period{From: max(m.AccessFrom, tx.Today()), Until: m.AccessUntil}
	if period.Until <= period.From {
		return nil // a mission of the past, entered afterwards
	}
	e.RoleGrant, err = s.hosts.Admit(ctx, tx, platform, e.Person, period)
	return err
}

// onMission changes a mission that nothing is decided of, within one act. Needs is the right that the
// act takes; a rule of its own may ask for more.
func (s *Service) onMission(ctx context.Context, name string, needs qms.Right, at At, change func(tx *store.Tx, in *stating, m *Mission) ([]qms.Record, error)) (*Mission, error) {
	act := qms.Act{Name: name, Needs: needs.On(at.Platform), Platform: at.Platform, Subject: at.ID, Reason: strings.TrimSpace(at.Reason)}
	var m *Mission
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if m, err = ofPlatform[Mission](ctx, tx, at.Platform, at.ID); err != nil {
			return err
		}
		decided, err := decisionsOf(ctx, tx, []qms.ID{m.ID})
		switch {
		case err != nil:
			return err
		case m.Void != "":
			return qms.Conflict("record.void")
		case len(decided) > 0:
			return qms.Conflict("mission.decided", m.Number)
		case m.Revision != at.Revision:
			return qms.Conflict("record.changed")
		}
		in := &stating{}
		rows, err := change(tx, in, m)
		if err == nil {
			err = in.outcome()
		}
		if err != nil {
			return err
		}
		return tx.Update(ctx, append(rows, m)...)
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}
