package trace

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// SkillFilter narrows the skills matrix. Its zero fields do not narrow.
type SkillFilter struct {
	AsOf     qms.Date // today when none
	Category string   // of the equipment
	Text     string   // in the name or the code of the person
	Team     Team
	Standing Standing // people who stand so on something; ToRequalify too
}

// Team is a part of the people of a platform.
type Team string

// The parts.
const (
	Present  Team = "present"  // who belongs to the platform on the day
	Trainers Team = "trainers" // who the register says trains, or is named as a trainer on something that day
	Former   Team = "former"   // who no longer belongs
)

// ToRequalify is how somebody stands whose training is in force and who is asked to be trained again.
const ToRequalify Standing = "requalify"

// Skills is the skills matrix narrowed by a filter, with the last training behind each cell.
type Skills struct {
	*Matrix
	Requalify map[Pair]*Requalification
	Last      map[Pair]qms.ID // the training that a renewal would renew
	Teaches   map[Pair]bool   // who is named as a trainer that day
}

// Skills reads the whole matrix in one statement and what People needs.
func (s *Service) Skills(ctx context.Context, platform qms.ID, f SkillFilter) (m *Skills, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if f.AsOf == 0 {
			f.AsOf = r.Today()
		}
		all, err := factsOf(ctx, r, platform, scope{})
		if err != nil {
			return err
		}
		people, err := s.peopleByID(ctx, r, platform)
		if err != nil {
			return err
		}
		m = skillsMatrix(all, people, f)
		return nil
	})
	return m, err
}

func skillsMatrix(all *facts, people map[qms.ID]Person, f SkillFilter) *Skills {
	m := &Skills{Matrix: matrixOf(all, people, f.AsOf, f.Category), Requalify: toRequalify(all.trainings, all.decisions, f.AsOf),
		Last: map[Pair]qms.ID{}, Teaches: map[Pair]bool{}}
	last := map[Pair]*Training{}
	for i := range all.trainings {
		t := &all.trainings[i]
		pair := Pair{t.Person, t.Equipment}
		if t.Void == "" && t.Date <= f.AsOf && (last[pair] == nil || later(t, last[pair])) {
			last[pair] = t
		}
	}
	for pair, t := range last {
		m.Last[pair] = t.ID
	}
	teaches := map[qms.ID]bool{}
	for _, t := range all.trainers {
		if t.On(f.AsOf) {
			m.Teaches[Pair{t.Person, t.Equipment}], teaches[t.Person] = true, true
		}
	}
	m.People = slices.DeleteFunc(m.People, func(p Person) bool { return !m.keeps(p, f, teaches[p.ID]) })
	return m
}

func (m *Skills) keeps(p Person, f SkillFilter, teaches bool) bool {
	belongs := (qms.Period{From: p.From, Until: p.Until}).Contains(f.AsOf)
	switch {
	case f.Team == Present && !belongs, f.Team == Former && belongs, f.Team == Trainers && !teaches && !p.Trainer:
		return false
	case f.Text != "" && !strings.Contains(strings.ToLower(p.Code+"\n"+p.Name), strings.ToLower(strings.TrimSpace(f.Text))):
		return false
	case f.Standing == "":
		return true
	}
	return slices.ContainsFunc(m.Equipment, func(e Equipment) bool {
		pair := Pair{p.ID, e.ID}
		return m.Covers[pair].Standing == f.Standing || f.Standing == ToRequalify && m.Requalify[pair] != nil
	})
}

// Page is the people after the cursor, in the order of their names.
func (m *Skills) Page(c qms.Cursor) (page qms.Page[Person], err error) {
	after, err := qms.DecodeAfter(c.After, 2)
	if err != nil {
		return page, err
	}
	key := func(p Person) []string { return []string{p.Name, string(p.ID)} }
	rest := m.People
	if after != nil {
		from := slices.IndexFunc(rest, func(p Person) bool { return slices.Compare(key(p), after) > 0 })
		if from < 0 {
			from = len(rest)
		}
		rest = rest[from:]
	}
	if len(rest) > c.Limit() {
		rest = rest[:c.Limit()+1]
	}
	return qms.PageOf(rest, c.Limit(), func(p Person) string { return qms.EncodeAfter(key(p)...) }), nil
}

// Renewable reads the trainings that a renewal is to follow, with their names.
func (s *Service) Renewable(ctx context.Context, platform qms.ID, of []qms.ID) (lines []TrainingLine, err error) {
	of = distinct(of)
	err = s.db.View(ctx, qms.ManageEquipment.On(platform), func(r store.Reader) error {
		if len(of) == 0 || len(of) > maxSessionTrainings {
			return nil
		}
		trainings, err := trainingsByID(ctx, r, platform, of)
		if err != nil {
			return err
		}
		equipment, err := s.EquipmentByID(ctx, r, platform)
		if err != nil {
			return err
		}
		people, err := s.peopleByID(ctx, r, platform)
		for _, t := range trainings {
			if t.Void == "" {
				lines = append(lines, TrainingLine{Training: t, Person: people[t.Person], Trainer: people[t.Trainer], Equipment: equipment[t.Equipment]})
			}
		}
		sortLines(lines)
		return err
	})
	return lines, err
}
