package label

import (
	"cmp"
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// AccompanimentWaiting is what an accompaniment that goes on waits for.
type AccompanimentWaiting struct {
	Accompanied
	Next      *Meeting      // the first session that is planned, one whose day has gone by first
	Owed      []Deliverable // by day
	Delivered []Deliverable // the officer has not looked at them yet
	Names     map[qms.ID]string
}

// WaitingSessions tells what the accompaniments of several platforms wait for, in seven statements and what People
// needs. It leaves out the platforms of which the actor may not read it.
func (s *Service) WaitingSessions(ctx context.Context, platforms []qms.ID, day qms.Date) (all []AccompanimentWaiting, err error) {
	actor := qms.ActorFrom(ctx)
	mine := slices.DeleteFunc(slices.Clone(platforms), func(p qms.ID) bool { return !actor.Can(qms.ReadLabel.On(p)) })
	if len(mine) == 0 {
		return nil, nil
	}
	err = s.db.View(ctx, qms.ReadLabel.On(mine[0]), func(r store.Reader) error {
		found, err := AccompanimentsOn(ctx, r, mine, day)
		if err != nil {
			return err
		}
		for _, a := range found {
			if a.Open() {
				all = append(all, AccompanimentWaiting{Accompanied: a})
			}
		}
		slices.SortFunc(all, func(a, b AccompanimentWaiting) int { return cmp.Compare(a.Platform, b.Platform) })
		return s.fillWaiting(ctx, r, mine, all)
	})
	return all, err
}

func (s *Service) fillWaiting(ctx context.Context, r store.Reader, platforms []qms.ID, all []AccompanimentWaiting) error {
	if len(all) == 0 {
		return nil
	}
	of := make(map[qms.ID]*AccompanimentWaiting, len(all))
	for i := range all {
		of[all[i].Accompaniment] = &all[i]
	}
	planned, err := plannedOn(ctx, r, platforms)
	if err != nil {
		return err
	}
	for i := range planned {
		if w := of[planned[i].Accompaniment]; w != nil && w.Next == nil {
			w.Next = &planned[i]
		}
	}
	open, err := unsettled(ctx, r, platforms)
	if err != nil {
		return err
	}
	var persons []qms.ID
	for _, d := range open {
		w := of[d.Accompaniment]
		switch {
		case w == nil:
			continue
		case d.Owed():
			w.Owed = append(w.Owed, d)
		default:
			w.Delivered = append(w.Delivered, d)
		}
		persons = append(persons, d.Owner)
	}
	names, err := s.people.NamesOf(ctx, r, distinctIDs(persons))
	for i := range all {
		all[i].Names = names
	}
	return err
}
