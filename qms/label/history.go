package label

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// History is the way of a platform up to a day, for who tells it to somebody who was not there.
type History struct {
	Day        qms.Date
	Standing   Standing
	Facts      Facts
	Conditions []AwardCondition // that count, of decisions taken by the day
	Others     []OtherLabel     // begun by the day
	Behind     []Institution    // the institutions of the candidacy of the day
	Officer    string           // who looked after the platform on the day; empty for nobody
}

// HistoryIn tells the way of a platform up to a day within a transaction of the caller's, who has seen to
// the right to read, in at most thirteen statements.
func (s *Service) HistoryIn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (*History, error) {
	known, err := knownOf(ctx, r, []qms.ID{platform})
	if err != nil {
		return nil, err
	}
	h := &History{Day: day, Facts: *known.facts[platform]}
	h.Standing = h.Facts.StandingOn(day)
	for _, c := range known.conditions {
		if h.Facts.decided(c.Mission, day) != 0 {
			h.Conditions = append(h.Conditions, c)
		}
	}
	for _, o := range known.others {
		if o.FromDate <= day {
			h.Others = append(h.Others, o)
		}
	}
	if c := CurrentIn(h.Facts.Candidacies, day); c != nil && len(c.Institutions) > 0 {
		all, err := institutionsOf(ctx, r)
		if err != nil {
			return nil, err
		}
		h.Behind = slices.DeleteFunc(all, func(i Institution) bool { return !slices.Contains(c.Institutions, i.ID) })
	}
	officers, err := OfficersOn(ctx, r, []qms.ID{platform}, day)
	if err != nil {
		return nil, err
	}
	if person := officers[platform]; person != "" {
		names, err := s.people.NamesOf(ctx, r, []qms.ID{person})
		if err != nil {
			return nil, err
		}
		h.Officer = names[person]
	}
	return h, nil
}

// LastEvaluation is the last day, before the day asked about, on which a mission was decided or a label
// began; none when there is none. What changed since then is what the next evaluation looks at.
func (f Facts) LastEvaluation(day qms.Date) (last qms.Date) {
	for _, d := range f.Decisions {
		if d.Void == "" && d.Date < day {
			last = max(last, d.Date)
		}
	}
	for _, l := range f.Labels {
		if l.Void == "" && l.AwardedOn < day {
			last = max(last, l.AwardedOn)
		}
	}
	return last
}

// Milestones are the dates of a label with what was met by the day.
func (f Facts) Milestones(l *Label, day qms.Date) []Milestone { return f.milestones(l, day) }
