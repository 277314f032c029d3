package trace

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// NameTrainer names a person as a trainer on a piece of equipment, from a day on.
type NameTrainer struct {
	Platform  qms.ID
	Person    qms.ID
	Equipment qms.ID
	From      qms.Date // first day
	Until     qms.Date // first day on which they no longer are; none while it is open
}

// NameTrainer names a trainer. A period that meets another one of the same person on the same equipment
// is refused.
func (s *Service) NameTrainer(ctx context.Context, cmd NameTrainer) (*Trainer, error) {
	act := qms.Act{Name: "trainer.name", Needs: qms.ManageEquipment.On(cmd.Platform), Platform: cmd.Platform}
	return enter(ctx, s, act, func(in *checking, t *Trainer) {
		t.Person = in.requiredPerson("person", cmd.Person)
		t.Equipment = in.piece("equipment", cmd.Equipment)
		t.ValidFrom, t.ValidUntil = in.requiredDate("from", cmd.From), in.date("until", cmd.Until)
		if t.ValidUntil != 0 && t.ValidUntil <= t.ValidFrom {
			in.fail("until", "trainer.ends_before")
		}
		in.once(t)
	})
}

// once refuses a period that meets another one that counts.
func (in *checking) once(t *Trainer) {
	if len(in.wrong) > 0 || in.err != nil {
		return
	}
	all, err := trainersOf(in.ctx, in.tx, in.platform)
	if err != nil {
		in.err = err
		return
	}
	for _, other := range all {
		apart := other.ValidUntil != 0 && other.ValidUntil <= t.ValidFrom || t.ValidUntil != 0 && t.ValidUntil <= other.ValidFrom
		if other.ID != t.ID && other.Void == "" && other.Person == t.Person && other.Equipment == t.Equipment && !apart {
			in.fail("from", "trainer.already", other.ValidFrom)
			return
		}
	}
}

// EndTrainer says from which day a person no longer trains on a piece of equipment.
func (s *Service) EndTrainer(ctx context.Context, target Target, until qms.Date) (*Trainer, error) {
	act := qms.Act{Name: "trainer.end", Needs: qms.ManageEquipment.On(target.Platform)}
	return revise(ctx, s, act, target, func(in *checking, t *Trainer) {
		in.long("reason", target.Reason)
		t.ValidUntil = in.requiredDate("until", until)
		if until != 0 && until <= t.ValidFrom {
			in.fail("until", "trainer.ends_before")
		}
		in.once(t)
	})
}

// VoidTrainer declares a naming a mistake: the person was never a trainer by it.
func (s *Service) VoidTrainer(ctx context.Context, target Target) (*Trainer, error) {
	return annul[Trainer](ctx, s, qms.Act{Name: "trainer.void", Needs: qms.ManageEquipment.On(target.Platform)}, target)
}

// TrainerFilter narrows the list of trainers. Its zero fields do not narrow.
type TrainerFilter struct {
	AsOf      qms.Date // today when none
	Person    qms.ID
	Equipment qms.ID
	Past      bool // those who no longer are, or not yet, and void ones too
}

// TrainerLine is one trainer on one piece of equipment.
type TrainerLine struct {
	Trainer   Trainer
	Person    Person
	Equipment Equipment
	Acts      bool // on the day
}

// Trainers lists who may train on what, by equipment and name, in two statements and what People needs.
func (s *Service) Trainers(ctx context.Context, platform qms.ID, f TrainerFilter) (lines []TrainerLine, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if f.AsOf == 0 {
			f.AsOf = r.Today()
		}
		all, err := trainersOf(ctx, r, platform)
		if err != nil {
			return err
		}
		equipment, err := s.EquipmentByID(ctx, r, platform)
		if err != nil {
			return err
		}
		people, err := s.peopleByID(ctx, r, platform)
		lines = f.lines(all, people, equipment)
		return err
	})
	return lines, err
}

func (f TrainerFilter) lines(all []Trainer, people map[qms.ID]Person, equipment map[qms.ID]Equipment) []TrainerLine {
	var lines []TrainerLine
	for _, t := range all {
		if f.Person != "" && t.Person != f.Person || f.Equipment != "" && t.Equipment != f.Equipment || !f.Past && !t.On(f.AsOf) {
			continue
		}
		lines = append(lines, TrainerLine{Trainer: t, Person: people[t.Person], Equipment: equipment[t.Equipment], Acts: t.On(f.AsOf)})
	}
	key := func(l TrainerLine) []string {
		return []string{l.Equipment.Code, l.Person.Name, string(l.Person.ID), l.Trainer.ValidFrom.String(), string(l.Trainer.ID)}
	}
	slices.SortFunc(lines, func(a, b TrainerLine) int { return slices.Compare(key(a), key(b)) })
	return lines
}

// TrainerSheet reads one naming of a trainer; a void one too.
func (s *Service) TrainerSheet(ctx context.Context, platform, id qms.ID) (line *TrainerLine, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		t, err := byID[Trainer](ctx, r, platform, id)
		if err != nil {
			return err
		}
		equipment, err := s.EquipmentByID(ctx, r, platform)
		if err != nil {
			return err
		}
		people, err := s.peopleByID(ctx, r, platform)
		line = &TrainerLine{Trainer: *t, Person: people[t.Person], Equipment: equipment[t.Equipment], Acts: t.On(r.Today())}
		return err
	})
	return line, err
}
