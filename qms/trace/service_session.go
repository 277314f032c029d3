package trace

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// SessionTerms is what a group session states of all its trainings.
type SessionTerms struct {
	Date             qms.Date
	Trainer          qms.ID
	Kind             TrainingKind
	Months           qms.Months // with neither Months nor Through the trainings hold for ever
	Through          qms.Date   // last day
	Procedure        string
	ProcedureVersion string // the one in force on the day when it is left out
	Place            string
	Minutes          int64
	Note             string
}

// RecordSession notes a group session: each of the people is trained on each piece of equipment. An
// empty Number is given out: SES-2026-0001.
type RecordSession struct {
	Platform  qms.ID
	Number    string
	People    []qms.ID
	Named     []string // more people, by identifier, code or e-mail
	Equipment []qms.ID
	On        []string // more equipment, by identifier or code
	SessionTerms
}

func (c SessionTerms) state(in *checking, g *GroupSession) {
	g.Date = in.past("date", c.Date)
	g.Trainer = in.requiredPerson("trainer", c.Trainer)
	if c.Kind != "" && c.Kind != InitialTraining && c.Kind != RenewedTraining {
		in.fail("kind", "input.unknown_choice")
	}
	g.Kind = c.Kind
	g.Months, g.Through = in.months("months", c.Months), in.date("through", c.Through)
	checkValidity(&in.input, Training{Date: g.Date, Months: g.Months, Through: g.Through})
	g.Procedure, g.ProcedureVersion = in.taught(c.Procedure, c.ProcedureVersion, g.Date)
	g.Place, g.Minutes, g.Note = in.text("place", c.Place), in.minutes("minutes", c.Minutes), in.long("note", c.Note)
}

// taught is the procedure that is taught on a day: a version that is left out is the one in force then.
func (in *checking) taught(procedure, version string, on qms.Date) (code, number string) {
	code, number = in.code("procedure", procedure), NormalVersion(in.code("procedure_version", version))
	switch {
	case code == "" && number != "":
		in.fail("procedure", "training.version_alone")
	case code == "" || number != "" || in.err != nil:
		return code, number
	}
	periods, err := in.s.instructions.Periods(in.ctx, in.tx, in.platform)
	if err != nil {
		in.err = err
	}
	return code, InForce(periods[code], on)
}

// InForce is the version in force on the day; empty when none is.
func InForce(versions map[string]qms.Period, on qms.Date) string {
	found := ""
	for version, period := range versions {
		if period.From != 0 && period.Contains(on) && version > found {
			found = version
		}
	}
	return found
}

// attendance checks who is trained on what.
func (c RecordSession) attendance(in *checking, trainer qms.ID) (people, equipment []qms.ID) {
	people, equipment = distinct(append(c.People, in.named("named", c.Named)...)), distinct(append(c.Equipment, in.onEquipment("equipment", c.On)...))
	switch {
	case len(people) == 0:
		in.fail("people", "input.required")
	case len(people) > maxAttendees:
		in.fail("people", "session.too_many", maxAttendees)
		return nil, nil
	}
	switch {
	case len(equipment) == 0:
		in.fail("equipment", "input.required")
	case len(equipment) > maxSessionEquipment || len(people)*len(equipment) > maxSessionTrainings:
		in.fail("equipment", "session.too_many", maxSessionEquipment)
		return nil, nil
	}
	for _, id := range people {
		in.person("people", id)
	}
	for _, id := range equipment {
		in.piece("equipment", id)
	}
	if trainer != "" && slices.Contains(people, trainer) {
		in.fail("trainer", "training.own_trainer")
	}
	in.wrong = slices.CompactFunc(in.wrong, func(a, b qms.Field) bool { return a.Name == b.Name && a.Key == b.Key })
	return people, equipment
}

// named finds members by identifier, code or e-mail.
func (in *checking) named(field string, names []string) (found []qms.ID) {
	names = notBlank(names)
	if len(names) == 0 || in.err != nil {
		return nil
	}
	if len(names) > maxAttendees {
		in.fail(field, "session.too_many", maxAttendees)
		return nil
	}
	members, err := in.s.people.PeopleOf(in.ctx, in.tx, in.platform)
	if err != nil {
		in.err = err
	}
	known := byName(members)
	for _, name := range names {
		p, here := known[Normal(name)]
		if !here {
			in.fail(field, "person.unknown", in.bounded(field, name, maxText))
			continue
		}
		found = append(found, p.ID)
	}
	return found
}

// onEquipment finds equipment by identifier or code.
func (in *checking) onEquipment(field string, names []string) (found []qms.ID) {
	names = notBlank(names)
	if len(names) == 0 || in.err != nil {
		return nil
	}
	pieces, err := in.s.EquipmentByID(in.ctx, in.tx, in.platform)
	if err != nil {
		in.err = err
	}
	known := piecesByName(pieces)
	for _, name := range names[:min(len(names), maxSessionEquipment+1)] {
		e, here := known[Normal(name)]
		if !here {
			in.fail(field, "equipment.unknown", in.bounded(field, name, maxText))
			continue
		}
		found = append(found, e.ID)
	}
	return found
}

// notBlank is the names that are not blank.
func notBlank(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return strings.TrimSpace(n) == "" })
}

// notYet refuses a second training of a person on a piece of equipment on one day.
func (in *checking) notYet(field string, rows []*Training) {
	if len(in.wrong) > 0 || in.err != nil || len(rows) == 0 {
		return
	}
	var persons, equipment []qms.ID
	for _, t := range rows {
		persons, equipment = append(persons, t.Person), append(equipment, t.Equipment)
	}
	known, err := factsOf(in.ctx, in.tx, in.platform, scope{persons: distinct(persons), equipment: distinct(equipment)})
	if err != nil {
		in.err = err
		return
	}
	for _, old := range known.trainings {
		same := func(t *Training) bool {
			return t.Person == old.Person && t.Equipment == old.Equipment && t.Date == old.Date
		}
		if old.Void == "" && slices.ContainsFunc(rows, same) {
			in.fail(field, "training.same_day", in.nameOf(old.Person), known.equipment[old.Equipment].Code, old.Date)
			return
		}
	}
}

// nameOf is how the person is called, for a sentence.
func (in *checking) nameOf(id qms.ID) string {
	people, err := in.s.peopleByID(in.ctx, in.tx, in.platform)
	if err != nil {
		in.err = err
	}
	return people[id].Name
}

// RecordSession notes a group session with all its trainings in one act.
func (s *Service) RecordSession(ctx context.Context, cmd RecordSession) (*GroupSession, error) {
	g := &GroupSession{Number: cmd.Number}
	g.ID = qms.NewID(s.db.Now())
	act := qms.Act{Name: "group_session.record", Needs: qms.ManageEquipment.On(cmd.Platform), Platform: cmd.Platform, Subject: g.ID}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		in := &checking{ctx: ctx, tx: tx, s: s, platform: cmd.Platform}
		cmd.state(in, g)
		people, equipment := cmd.attendance(in, g.Trainer)
		trainings := g.trainings(tx, people, equipment)
		in.notYet("people", trainings)
		if err := in.outcome(); err != nil {
			return err
		}
		if err := name[GroupSession](in, g); err != nil {
			return err
		}
		return tx.Insert(ctx, append([]qms.Record{g}, records(trainings)...)...)
	})
	if err != nil {
		return nil, err
	}
	return g, nil
}

func (g *GroupSession) trainings(tx *store.Tx, people, equipment []qms.ID) []*Training {
	rows := make([]*Training, 0, len(people)*len(equipment))
	for _, person := range people {
		for _, piece := range equipment {
			t := g.training(person, piece)
			t.ID = qms.NewID(tx.Now())
			rows = append(rows, t)
		}
	}
	return rows
}

func records(rows []*Training) []qms.Record {
	all := make([]qms.Record, len(rows))
	for i, t := range rows {
		all[i] = t
	}
	return all
}

// CorrectSession puts right what was stated of a session, and with it its trainings that count: each
// follows in what it still said as the session did.
func (s *Service) CorrectSession(ctx context.Context, target Target, cmd SessionTerms) (*GroupSession, error) {
	return s.changeSession(ctx, "group_session.correct", target, func(in *checking, g *GroupSession, trainings []*Training) {
		before := *g
		cmd.state(in, g)
		for _, t := range trainings {
			if t.Person == g.Trainer {
				in.fail("trainer", "training.own_trainer")
				return
			}
			t.pass(&before, g)
		}
	})
}

// VoidSession declares a session a mistake, and with it its trainings.
func (s *Service) VoidSession(ctx context.Context, target Target) (*GroupSession, error) {
	return s.changeSession(ctx, "group_session.void", target, func(_ *checking, g *GroupSession, trainings []*Training) {
		g.Void = strings.TrimSpace(target.Reason)
		for _, t := range trainings {
			t.Void = g.Void
		}
	})
}

// changeSession changes a session that counts and its trainings that do, for one reason.
func (s *Service) changeSession(ctx context.Context, name string, target Target, state func(in *checking, g *GroupSession, trainings []*Training)) (*GroupSession, error) {
	var g *GroupSession
	act := qms.Act{Name: name, Needs: qms.ManageEquipment.On(target.Platform), Platform: target.Platform, Subject: target.ID, Reason: strings.TrimSpace(target.Reason)}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if g, err = byID[GroupSession](ctx, tx, target.Platform, target.ID); err != nil {
			return err
		}
		if g.Void != "" {
			return qms.Conflict("record.void")
		}
		trainings, err := trainingsOfSession(ctx, tx, target.Platform, g.ID)
		if err != nil {
			return err
		}
		trainings = slices.DeleteFunc(trainings, func(t *Training) bool { return t.Void != "" })
		g.Revision = target.Revision
		in := &checking{ctx: ctx, tx: tx, s: s, platform: target.Platform}
		if in.long("reason", target.Reason); act.Reason == "" {
			in.fail("reason", "input.required")
		}
		state(in, g, trainings)
		if err := in.outcome(); err != nil {
			return err
		}
		return tx.Update(ctx, append([]qms.Record{g}, records(trainings)...)...)
	})
	if err != nil {
		return nil, err
	}
	return g, nil
}
