package trace

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// namesAtOnce is how many persons one statement names.
const namesAtOnce = 5000

// Dues lists what the traceability of the platforms asks for, of all when none is named, as Due lists it
// for one: what is not done as of day and falls due by until. It takes five statements, and one for the
// names of each five thousand people whose training ends; what it reads of trainings and calibrations
// is held for one platform at a time.
func (s *Service) Dues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) ([]qms.Due, error) {
	events, err := eventsOfAll(ctx, r, platforms, day)
	if err != nil {
		return nil, err
	}
	var due []qms.Due
	settings := map[qms.ID]CheckSettings{}
	err = eachFacts(ctx, r, platforms, day, func(platform qms.ID, f *facts) {
		f.events = events[platform]
		settings[platform] = f.settings
		due = append(due, by(until, dueFrom(f, platform, day))...)
	})
	if err != nil {
		return nil, err
	}
	names, err := s.namesOfDues(ctx, r, due)
	if err != nil {
		return nil, err
	}
	chains, err := dueOfChains(ctx, r, platforms, settings, day)
	if err != nil {
		return nil, err
	}
	due = append(naming(due, names), by(until, chains)...)
	qms.SortDues(due)
	return due, nil
}

// by keeps what falls due by the day.
func by(until qms.Date, due []qms.Due) []qms.Due {
	return slices.DeleteFunc(due, func(d qms.Due) bool { return d.On > until })
}

// namesOfDues are the names of the people whom the dues concern.
func (s *Service) namesOfDues(ctx context.Context, r store.Reader, due []qms.Due) (map[qms.ID]string, error) {
	seen := map[qms.ID]bool{}
	var persons []qms.ID
	for _, d := range due {
		if d.Person != "" && !seen[d.Person] {
			seen[d.Person] = true
			persons = append(persons, d.Person)
		}
	}
	names := make(map[qms.ID]string, len(persons))
	if s.directory == nil {
		return names, s.namesOfMembers(ctx, r, due, names)
	}
	for some := range slices.Chunk(persons, namesAtOnce) {
		of, err := s.directory.NamesOf(ctx, r, some)
		if err != nil {
			return nil, err
		}
		for id, name := range of {
			names[id] = name
		}
	}
	return names, nil
}

// namesOfMembers reads the members of each platform, for a room that was given no directory.
func (s *Service) namesOfMembers(ctx context.Context, r store.Reader, due []qms.Due, names map[qms.ID]string) error {
	asked := map[qms.ID]bool{}
	for _, d := range due {
		if asked[d.Platform] {
			continue
		}
		asked[d.Platform] = true
		members, err := s.people.PeopleOf(ctx, r, d.Platform)
		if err != nil {
			return err
		}
		for _, m := range members {
			names[m.ID] = m.Name
		}
	}
	return nil
}
