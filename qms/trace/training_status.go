package trace

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// TrainingStatus is whether a person may use a piece of equipment on a day, for booking systems and
// controllers of doors.
type TrainingStatus struct {
	Person    Person
	Equipment Equipment
	On        qms.Date
	Cover     Cover
	Check     Check            // that a use on that day would fire; empty when a training covers it
	Reasons   []Reason         // why not; none when the person may
	Trainer   bool             // the person is a trainer on the equipment on the day
	Requalify *Requalification // asks for a new training; a warning, it refuses nothing
}

// Allowed reports whether the person may.
func (s TrainingStatus) Allowed() bool { return len(s.Reasons) == 0 }

// Reason is why somebody may not use a piece of equipment. Programs rely on the words.
type Reason string

// The reasons besides the checks of uses, "U01" to "U03".
const (
	EquipmentRetired  Reason = "equipment-retired"  // out of service on the day
	EquipmentNotYet   Reason = "equipment-not-yet"  // not in service yet
	EquipmentVoided   Reason = "equipment-void"     // a mistake of the register
	MembershipElapsed Reason = "membership-elapsed" // the person does not belong to the platform on the day
	PersonUnknown     Reason = "person-unknown"     // in an answer to many questions
	EquipmentUnknown  Reason = "equipment-unknown"
)

// AskStatus names a person by identifier, code or e-mail, and a piece of equipment by identifier or
// code.
type AskStatus struct {
	Person    string
	Equipment string
}

// TrainingStatus answers for a day, today when none is named, in one statement and what finding the
// person takes.
func (s *Service) TrainingStatus(ctx context.Context, platform qms.ID, ask AskStatus, on qms.Date) (status TrainingStatus, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		person, err := s.personBy(ctx, r, platform, ask.Person)
		if err != nil {
			return err
		}
		piece := strings.TrimSpace(askable(ask.Equipment))
		if piece == "" || len(piece) > 300 {
			return qms.NotFound("equipment.not_found")
		}
		f, err := factsOf(ctx, r, platform, scope{persons: []qms.ID{person.ID}, piece: piece})
		if err != nil {
			return err
		}
		for _, e := range f.equipment {
			status = statusOn(f, person, e, cmpDate(on, r.Today()), r.Today())
			return nil
		}
		return qms.NotFound("equipment.not_found")
	})
	return status, err
}

func cmpDate(asked, today qms.Date) qms.Date {
	if asked == 0 {
		return today
	}
	return asked
}

// statusOn judges as of the later of the day and today: a training that is on record for a day to come
// counts on that day.
func statusOn(f *facts, person Person, e Equipment, on, today qms.Date) TrainingStatus {
	pair := Pair{person.ID, e.ID}
	g := f.ground(max(on, today), nil)
	status := TrainingStatus{Person: person, Equipment: e, On: on, Cover: g.TrainingCover(pair, on, f.settings.ExpiringDays),
		Check: JudgeUse(Use{Person: person.ID, Equipment: e.ID, Date: on}, g), Requalify: toRequalify(f.trainings, f.decisions, on)[pair]}
	status.Trainer = slices.ContainsFunc(f.trainers, func(t Trainer) bool { return t.Person == person.ID && t.Equipment == e.ID && t.On(on) })
	if status.Check != "" {
		status.Reasons = append(status.Reasons, Reason(status.Check))
	}
	switch {
	case e.Void != "":
		status.Reasons = append(status.Reasons, EquipmentVoided)
	case e.Retired != 0 && e.Retired <= on:
		status.Reasons = append(status.Reasons, EquipmentRetired)
	case e.Commissioned > on, e.Waiting:
		status.Reasons = append(status.Reasons, EquipmentNotYet)
	}
	if !(qms.Period{From: person.From, Until: person.Until}).Contains(on) {
		status.Reasons = append(status.Reasons, MembershipElapsed)
	}
	return status
}

// maxAsks is how many statuses are answered at once.
const maxAsks = 1000

// TrainingStatuses answers for many at once, in their order, in one statement and what People needs. Who
// or what does not exist is a reason of the answer.
func (s *Service) TrainingStatuses(ctx context.Context, platform qms.ID, asks []AskStatus, on qms.Date) (answers []TrainingStatus, err error) {
	if len(asks) > maxAsks {
		return nil, qms.InvalidFields(qms.Wrong("asks", "training_status.too_many", maxAsks))
	}
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		people, err := s.people.PeopleOf(ctx, r, platform)
		if err != nil {
			return err
		}
		f, err := factsOf(ctx, r, platform, scope{})
		if err != nil {
			return err
		}
		persons, pieces := byName(people), piecesByName(f.equipment)
		day := cmpDate(on, r.Today())
		for _, a := range asks {
			person, known := persons[Normal(a.Person)]
			e, here := pieces[Normal(a.Equipment)]
			if !known || !here {
				answers = append(answers, unknownStatus(person, e, day))
				continue
			}
			answers = append(answers, statusOn(f.about(person.ID, e.ID), person, e, day, r.Today()))
		}
		return nil
	})
	return answers, err
}

// unknownStatus answers a question about somebody or something that does not exist.
func unknownStatus(person Person, e Equipment, day qms.Date) TrainingStatus {
	status := TrainingStatus{Person: person, Equipment: e, On: day, Check: U01}
	if person.ID == "" {
		status.Reasons = append(status.Reasons, PersonUnknown)
	}
	if e.ID == "" {
		status.Reasons = append(status.Reasons, EquipmentUnknown)
	}
	return status
}

// about is what of the facts is about a person on a piece of equipment.
func (f *facts) about(person, equipment qms.ID) *facts {
	if f.byPair == nil {
		f.byPair = map[Pair][]Training{}
		for _, t := range f.trainings {
			pair := Pair{t.Person, t.Equipment}
			f.byPair[pair] = append(f.byPair[pair], t)
		}
	}
	return &facts{settings: f.settings, decisions: f.decisions, trainers: f.trainers, trainings: f.byPair[Pair{person, equipment}]}
}

func byName(people []Person) map[string]Person {
	found := make(map[string]Person, 3*len(people))
	for _, p := range people {
		for _, name := range []string{string(p.ID), p.Code, p.Email} {
			if name != "" {
				found[Normal(name)] = p
			}
		}
	}
	return found
}

func piecesByName(equipment map[qms.ID]Equipment) map[string]Equipment {
	found := make(map[string]Equipment, 2*len(equipment))
	for id, e := range equipment {
		found[Normal(string(id))], found[e.Code] = e, e
	}
	return found
}
