package trace

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// TrainingFilter narrows and orders the list of trainings. Its zero fields do not narrow.
type TrainingFilter struct {
	AsOf      qms.Date // today when none
	Person    qms.ID
	Equipment qms.ID
	Standing  Standing
	Sort      string // "date", "until", "person" or "equipment", a minus before it for descending; "-date" when empty
}

// TrainingLine is one training in a list, with the names a reader knows.
type TrainingLine struct {
	Training  Training
	Standing  Standing
	Person    Person
	Trainer   Person
	Equipment Equipment
	Ungiven   bool // its trainer was not one for that equipment on that day; asked where the settings make U04
}

// Trainings lists trainings begun by the day, in one statement and what People needs.
func (s *Service) Trainings(ctx context.Context, platform qms.ID, f TrainingFilter, c qms.Cursor) (page qms.Page[TrainingLine], err error) {
	o, err := orderOf(f.Sort, "-date", "date", "until", "person", "equipment")
	if err != nil {
		return page, err
	}
	after, err := qms.DecodeAfter(c.After, 2)
	if err != nil {
		return page, err
	}
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		in := scope{}
		if f.Person != "" {
			in.persons = []qms.ID{f.Person}
		}
		if f.Equipment != "" {
			in.equipment = []qms.ID{f.Equipment}
		}
		all, err := factsOf(ctx, r, platform, in)
		if err != nil {
			return err
		}
		people, err := s.peopleByID(ctx, r, platform)
		if err != nil {
			return err
		}
		if f.AsOf == 0 {
			f.AsOf = r.Today()
		}
		page = trainingPage(all, people, f, o, after, c.Limit())
		return nil
	})
	return page, err
}

func (s *Service) peopleByID(ctx context.Context, r store.Reader, platform qms.ID) (map[qms.ID]Person, error) {
	people, err := s.people.PeopleOf(ctx, r, platform)
	byID := make(map[qms.ID]Person, len(people))
	for _, p := range people {
		byID[p.ID] = p
	}
	return byID, err
}

func trainingPage(all *facts, people map[qms.ID]Person, f TrainingFilter, o order, after []string, limit int) qms.Page[TrainingLine] {
	var lines []TrainingLine
	for _, l := range trainingLines(all, people, f.AsOf) {
		if f.Standing == "" || f.Standing == l.Standing {
			lines = append(lines, l)
		}
	}
	key := func(l TrainingLine) []string { return []string{l.sortedBy(o.column), string(l.Training.ID)} }
	slices.SortFunc(lines, func(a, b TrainingLine) int { return o.compare(key(a), key(b)) })
	if after != nil {
		lines = slices.DeleteFunc(lines, func(l TrainingLine) bool { return o.compare(key(l), after) <= 0 })
	}
	if len(lines) > limit {
		lines = lines[:limit+1]
	}
	return qms.PageOf(lines, limit, func(l TrainingLine) string { return qms.EncodeAfter(key(l)...) })
}

func (o order) compare(a, b []string) int {
	c := slices.CompareFunc(a, b, strings.Compare)
	if o.descending {
		return -c
	}
	return c
}

func (l *TrainingLine) sortedBy(column string) string {
	switch column {
	case "person":
		return l.Person.Name
	case "equipment":
		return l.Equipment.Code
	case "until":
		if v := l.Training.Validity(); v.Until != 0 {
			return v.Until.String()
		}
		return "9999-99-99"
	}
	return l.Training.Date.String()
}

// trainingLines are the trainings that count as of the day, each with how it stands: the last of a
// person on a piece of equipment stands as their cover does, the ones before it are superseded.
func trainingLines(all *facts, people map[qms.ID]Person, asOf qms.Date) []TrainingLine {
	g := all.ground(asOf, nil)
	last := map[Pair]*Training{}
	for i := range all.trainings {
		t := &all.trainings[i]
		pair := Pair{t.Person, t.Equipment}
		if t.Void == "" && t.Date <= asOf && (last[pair] == nil || later(t, last[pair])) {
			last[pair] = t
		}
	}
	var lines []TrainingLine
	for i := range all.trainings {
		t := &all.trainings[i]
		if t.Void != "" || t.Date > asOf {
			continue
		}
		pair := Pair{t.Person, t.Equipment}
		l := TrainingLine{Training: *t, Standing: Superseded, Person: people[t.Person], Trainer: people[t.Trainer], Equipment: all.equipment[t.Equipment]}
		l.Ungiven = all.settings.Trainers && !givenBy(all.trainers, *t)
		if last[pair] == t {
			l.Standing = g.TrainingCover(pair, asOf, all.settings.ExpiringDays).Standing
		}
		lines = append(lines, l)
	}
	return lines
}

func later(a, b *Training) bool {
	return cmp.Or(cmp.Compare(a.Date, b.Date), strings.Compare(string(a.ID), string(b.ID))) > 0
}

// Training reads one training that counts.
func (s *Service) Training(ctx context.Context, platform, id qms.ID) (l *TrainingLine, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		t, err := byID[Training](ctx, r, platform, id)
		if err != nil {
			return err
		}
		all, err := factsOf(ctx, r, platform, scope{persons: []qms.ID{t.Person}, equipment: []qms.ID{t.Equipment}})
		if err != nil {
			return err
		}
		people, err := s.peopleByID(ctx, r, platform)
		if err != nil {
			return err
		}
		for _, line := range trainingLines(all, people, max(r.Today(), t.Date)) {
			if line.Training.ID == id {
				l = &line
				return nil
			}
		}
		return qms.NotFound("record.not_found")
	})
	return l, err
}

// Matrix is who is trained on what as of a day: people by equipment, those without any left out.
type Matrix struct {
	AsOf      qms.Date
	Equipment []Equipment    // by code
	People    []Person       // by name
	Covers    map[Pair]Cover // no entry for never
	Counts    map[Standing]int

	Categories   []string // of all equipment
	ExpiringDays int64
}

// Matrix reads it in one statement and what People needs. A category narrows the equipment.
func (s *Service) Matrix(ctx context.Context, platform qms.ID, asOf qms.Date, category string) (m *Matrix, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		f, err := factsOf(ctx, r, platform, scope{})
		if err != nil {
			return err
		}
		people, err := s.peopleByID(ctx, r, platform)
		if err != nil {
			return err
		}
		if asOf == 0 {
			asOf = r.Today()
		}
		m = matrixOf(f, people, asOf, category)
		return nil
	})
	return m, err
}

func matrixOf(f *facts, people map[qms.ID]Person, asOf qms.Date, category string) *Matrix {
	m := &Matrix{AsOf: asOf, Covers: map[Pair]Cover{}, Counts: map[Standing]int{}, Categories: categoriesOf(f), ExpiringDays: f.settings.ExpiringDays}
	g := f.ground(asOf, nil)
	pieces, persons := map[qms.ID]bool{}, map[qms.ID]bool{}
	for pair := range g.Trainings {
		e := f.equipment[pair.Equipment]
		cover := g.TrainingCover(pair, asOf, f.settings.ExpiringDays)
		if cover.Standing == None || category != "" && e.Category != category {
			continue
		}
		m.Covers[pair] = cover
		m.Counts[cover.Standing]++
		if !pieces[pair.Equipment] {
			pieces[pair.Equipment] = true
			m.Equipment = append(m.Equipment, e)
		}
		if !persons[pair.Person] {
			persons[pair.Person] = true
			m.People = append(m.People, people[pair.Person])
		}
	}
	slices.SortFunc(m.Equipment, func(a, b Equipment) int { return strings.Compare(a.Code, b.Code) })
	slices.SortFunc(m.People, func(a, b Person) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(string(a.ID), string(b.ID)))
	})
	return m
}
