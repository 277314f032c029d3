package trace

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// Directory finds people without reading all of a platform.
type Directory interface {
	// PersonBy finds a member of the platform, of any time, by identifier, code or e-mail in its normal
	// form; qms.NotFound when there is none. It takes one statement.
	PersonBy(ctx context.Context, r store.Reader, platform qms.ID, who string) (Person, error)
	// NamesOf gives the names of persons, in one statement.
	NamesOf(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]string, error)
}

// FindPeopleBy lets the room ask for single people. Without it the members of a platform are read
// whole.
func (s *Service) FindPeopleBy(d Directory) *Service {
	s.directory = d
	return s
}

// personBy finds a member by identifier, code or e-mail.
func (s *Service) personBy(ctx context.Context, r store.Reader, platform qms.ID, who string) (Person, error) {
	who = strings.TrimSpace(askable(who))
	if who == "" || len(who) > 300 {
		return Person{}, qms.NotFound("person.not_found")
	}
	if s.directory != nil {
		return s.directory.PersonBy(ctx, r, platform, who)
	}
	all, err := s.people.PeopleOf(ctx, r, platform)
	if err != nil {
		return Person{}, err
	}
	for _, p := range all {
		if string(p.ID) == who || p.Code != "" && Normal(p.Code) == Normal(who) {
			return p, nil
		}
	}
	return Person{}, qms.NotFound("person.not_found")
}

// namesOf gives the names of persons, members or not.
func (s *Service) namesOf(ctx context.Context, r store.Reader, platform qms.ID, persons []qms.ID) (map[qms.ID]string, error) {
	if s.directory != nil {
		return s.directory.NamesOf(ctx, r, persons)
	}
	all, err := s.peopleByID(ctx, r, platform)
	names := make(map[qms.ID]string, len(all))
	for id, p := range all {
		names[id] = p.Name
	}
	return names, err
}

// sortLines puts trainings into the order of names, then of equipment, the newest first.
func sortLines(lines []TrainingLine) {
	slices.SortFunc(lines, func(a, b TrainingLine) int {
		return cmp.Or(strings.Compare(a.Person.Name, b.Person.Name), strings.Compare(string(a.Person.ID), string(b.Person.ID)),
			strings.Compare(a.Equipment.Code, b.Equipment.Code), cmp.Compare(b.Training.Date, a.Training.Date))
	})
}
