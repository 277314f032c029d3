package integrity

import (
	"context"
	"strconv"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// grace is how many days after its day a scrub may still begin of itself, before somebody is asked to see why it
// has not.
const grace = 1

// Dues is what the site is asked to see to: what the last scrub found, until a later one finds nothing; and a
// scrub that has not come to its end a week after the one before, or of a site that is older than that. Its
// platform is the site's log, which is none. It wants no right: the caller has seen to it. It takes two statements
// at most.
func (s *Service) Dues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) (due []qms.Due, err error) {
	if len(platforms) > 0 {
		return nil, nil
	}
	last, err := lastEnded(ctx, r)
	if err != nil {
		return nil, err
	}
	if last == nil {
		return neverLooked(ctx, r, day)
	}
	n := strconv.FormatInt(last.Number, 10)
	if on := r.DayOf(last.EndedAt); last.Found > 0 && on <= until {
		due = append(due, qms.Due{Key: "integrity:" + string(last.ID), Kind: "integrity", Platform: qms.ID(trail.SiteLog), Subject: last.ID, Title: n,
			Form: "integrity", On: on, Parts: []string{"integrity", n}, Revision: last.Revision})
	}
	if on := r.DayOf(last.DueAt()); on.AddDays(grace) < day {
		due = append(due, overdue("integrity:after:"+string(last.ID), last.ID, r.DayOf(last.EndedAt), on))
	}
	return due, nil
}

// neverLooked is the scrub that a site older than a week never had.
func neverLooked(ctx context.Context, r store.Reader, day qms.Date) ([]qms.Due, error) {
	first, err := store.First(ctx, r, trail.SiteLog)
	if err != nil || first.IsZero() {
		return nil, err
	}
	if on := r.DayOf(first.Add(every)); on.AddDays(grace) < day {
		return []qms.Due{overdue("integrity:first", "", r.DayOf(first), on)}, nil
	}
	return nil, nil
}

// overdue is a scrub that has not come to its end; since is when all was last looked at.
func overdue(key string, subject qms.ID, since, on qms.Date) qms.Due {
	return qms.Due{Key: key, Kind: "integrity", Platform: qms.ID(trail.SiteLog), Subject: subject, Title: since.String(), Form: "integrity-overdue", On: on,
		Parts: []string{"integrity"}}
}
