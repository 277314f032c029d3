package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Followed is what the programme did with a platform up to a day: its accompaniments, the sessions and
// what they asked for.
type Followed struct {
	Accompaniments []Accompaniment // begun by the day, the earliest first
	Meetings       []Meeting       // that count, whose day had come, the earliest first
	Deliverables   []Deliverable   // asked for by the day, in the state of that day
	Names          map[qms.ID]string
}

// StateOn is how far the deliverable was on a day, after it was asked for. Of one that was done again and
// again only the last delivery is known.
func (d *Deliverable) StateOn(day qms.Date) DeliverableState {
	switch {
	case d.DeliveredOn > day:
		return ToDeliver
	case d.JudgedOn <= day:
		return d.State
	case d.DeliveredOn != 0:
		return Delivered
	}
	return ToDeliver
}

// then is the deliverable as it was on a day: what came later is taken out.
func (d Deliverable) then(day qms.Date) Deliverable {
	d.State = d.StateOn(day)
	if d.DeliveredOn > day {
		d.DeliveredOn, d.DeliveredBy, d.Document, d.Version, d.Words = 0, "", "", "", ""
	}
	if d.JudgedOn > day {
		d.JudgedOn, d.JudgedBy, d.Note = 0, "", ""
	}
	return d
}

// FollowedIn reads it within a transaction of the caller's, who has seen to the right to read, in four
// statements.
func (s *Service) FollowedIn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (*Followed, error) {
	f := &Followed{}
	all, err := accompanimentsOf(ctx, r, []qms.ID{platform})
	if err != nil {
		return nil, err
	}
	var persons []qms.ID
	for _, a := range all {
		if a.Start > day {
			continue
		}
		if a.EndedOn > day {
			a.EndedOn, a.Outcome, a.EndReason = 0, NotEnded, ""
		}
		f.Accompaniments, persons = append(f.Accompaniments, a), append(persons, a.Officer)
	}
	if f.Meetings, err = meetingsUntil(ctx, r, platform, day); err != nil {
		return nil, err
	}
	for _, m := range f.Meetings {
		persons = append(persons, m.Officer)
	}
	deliverables, err := askedUntil(ctx, r, platform, day)
	if err != nil {
		return nil, err
	}
	for _, d := range deliverables {
		f.Deliverables, persons = append(f.Deliverables, d.then(day)), append(persons, d.Owner, d.JudgedBy)
	}
	f.Names, err = s.people.NamesOf(ctx, r, distinctIDs(persons))
	return f, err
}
