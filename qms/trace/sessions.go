package trace

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// SessionFilter narrows and orders the list of group sessions. Its zero fields do not narrow.
type SessionFilter struct {
	AsOf qms.Date // today when none
	Sort string   // "date" or "number", a minus before it for descending; "-date" when empty
}

// SessionLine is one group session in a list.
type SessionLine struct {
	Session   GroupSession
	Trainer   Person
	People    int
	Equipment []Equipment // by code
}

// Sessions lists the group sessions begun by the day that count, in three statements and what People
// needs.
func (s *Service) Sessions(ctx context.Context, platform qms.ID, f SessionFilter, c qms.Cursor) (page qms.Page[SessionLine], err error) {
	o, err := orderOf(f.Sort, "-date", "date", "number")
	if err != nil {
		return page, err
	}
	after, err := qms.DecodeAfter(c.After, 2)
	if err != nil {
		return page, err
	}
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if f.AsOf == 0 {
			f.AsOf = r.Today()
		}
		sessions, err := sessionPage(ctx, r, platform, f, o, after, c.Limit()+1)
		if err != nil {
			return err
		}
		people, err := s.peopleByID(ctx, r, platform)
		if err != nil {
			return err
		}
		lines, err := sessionLines(ctx, r, platform, sessions, people)
		page = qms.PageOf(lines, c.Limit(), func(l SessionLine) string {
			if o.column == "number" {
				return qms.EncodeAfter(l.Session.Number, l.Session.Number)
			}
			return qms.EncodeAfter(l.Session.Date.String(), l.Session.Number)
		})
		return err
	})
	return page, err
}

// sessionLines counts who was trained on what.
func sessionLines(ctx context.Context, r store.Reader, platform qms.ID, sessions []GroupSession, people map[qms.ID]Person) ([]SessionLine, error) {
	if len(sessions) == 0 {
		return nil, nil
	}
	pieces, err := allOf[Equipment](ctx, r, platform, "code")
	if err != nil {
		return nil, err
	}
	ids := make([]qms.ID, len(sessions))
	for i, g := range sessions {
		ids[i] = g.ID
	}
	trainings, err := trainingsOfSessions(ctx, r, platform, ids)
	if err != nil {
		return nil, err
	}
	persons, on := map[qms.ID]map[qms.ID]bool{}, map[qms.ID]map[qms.ID]bool{}
	for _, t := range trainings {
		if t.Void == "" {
			note(persons, t.Session, t.Person)
			note(on, t.Session, t.Equipment)
		}
	}
	lines := make([]SessionLine, len(sessions))
	for i, g := range sessions {
		lines[i] = SessionLine{Session: g, Trainer: people[g.Trainer], People: len(persons[g.ID])}
		for _, e := range pieces {
			if on[g.ID][e.ID] {
				lines[i].Equipment = append(lines[i].Equipment, e)
			}
		}
	}
	return lines, nil
}

func note(of map[qms.ID]map[qms.ID]bool, key, id qms.ID) {
	if of[key] == nil {
		of[key] = map[qms.ID]bool{}
	}
	of[key][id] = true
}

// SessionSheet is one group session with who was trained on what.
type SessionSheet struct {
	Session   GroupSession
	Trainer   Person
	Equipment []Equipment // by code
	People    []Attendee  // by name
}

// Attendee is somebody at a session, with their trainings in the order of its equipment; void ones too,
// and none where there is none.
type Attendee struct {
	Person    Person
	Trainings []*Training
}

// Count is how many trainings of the session count.
func (s *SessionSheet) Count() (n int) {
	for _, a := range s.People {
		for _, t := range a.Trainings {
			if t != nil && t.Void == "" {
				n++
			}
		}
	}
	return n
}

// SessionSheet reads one group session by its number, in three statements and what People needs. A
// voided one is read too.
func (s *Service) SessionSheet(ctx context.Context, platform qms.ID, number string) (sheet *SessionSheet, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		g, err := byNumber[GroupSession](ctx, r, platform, Normal(number))
		if err != nil {
			return err
		}
		trainings, err := trainingsOfSession(ctx, r, platform, g.ID)
		if err != nil {
			return err
		}
		pieces, err := allOf[Equipment](ctx, r, platform, "code")
		if err != nil {
			return err
		}
		people, err := s.peopleByID(ctx, r, platform)
		if err != nil {
			return err
		}
		sheet = sessionSheetOf(g, trainings, pieces, people)
		return nil
	})
	return sheet, err
}

func sessionSheetOf(g *GroupSession, trainings []*Training, pieces []Equipment, people map[qms.ID]Person) *SessionSheet {
	s := &SessionSheet{Session: *g, Trainer: people[g.Trainer]}
	column := map[qms.ID]int{}
	for _, e := range pieces {
		if slices.ContainsFunc(trainings, func(t *Training) bool { return t.Equipment == e.ID }) {
			column[e.ID] = len(s.Equipment)
			s.Equipment = append(s.Equipment, e)
		}
	}
	row := map[qms.ID]int{}
	for _, t := range trainings {
		i, known := row[t.Person]
		if !known {
			i = len(s.People)
			row[t.Person] = i
			s.People = append(s.People, Attendee{Person: people[t.Person], Trainings: make([]*Training, len(s.Equipment))})
		}
		s.People[i].Trainings[column[t.Equipment]] = t
	}
	slices.SortFunc(s.People, func(a, b Attendee) int {
		return cmp.Or(strings.Compare(a.Person.Name, b.Person.Name), strings.Compare(string(a.Person.ID), string(b.Person.ID)))
	})
	return s
}
