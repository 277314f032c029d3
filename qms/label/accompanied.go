package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Accompanied is how far the accompaniment of a platform is, as of a day: the one that goes on, else the
// last one.
type Accompanied struct {
	Accompaniment qms.ID
	Platform      qms.ID
	Officer       qms.ID
	Start         qms.Date
	Months        qms.Months
	PlannedEnd    qms.Date // first day after the planned months
	EndedOn       qms.Date // none while it goes on
	Outcome       Ending   // likewise
	Sessions      int      // held
	LastSession   qms.Date // the last one held; none before the first
	NextSession   qms.Date // the next one planned, today included; none when none is
	Unrecorded    qms.Date // the earliest one planned whose day has gone by; none when all are recorded
	Owed          int      // deliverables still to be brought
	Late          int      // of them, those past the day for which they were first asked
	Carried       int      // how often they were carried over
	Steps         int      // of the plan
	StepsPlanned  int      // of them, those whose month has gone by
	StepsDone     int
}

// Open reports whether the accompaniment goes on.
func (a *Accompanied) Open() bool { return a.EndedOn == 0 }

// NextDue is the last day on which the next session is in time: four weeks after the last one, or after
// the start.
func (a *Accompanied) NextDue() qms.Date { return max(a.Start, a.LastSession).AddDays(SessionDays) }

func (a *Accompanied) count(t *PlanStep, day qms.Date) {
	a.Steps++
	if a.Start.AddMonths(qms.Months(t.Month)) <= day {
		a.StepsPlanned++
	}
	if t.DoneOn != 0 && t.DoneOn <= day {
		a.StepsDone++
	}
}

// AccompanimentsOf tells how far the accompaniments of the platforms are today, of all of them when none
// is named. A platform that was never accompanied is not in the answer. It takes four statements.
func AccompanimentsOf(ctx context.Context, r store.Reader, platforms []qms.ID) (map[qms.ID]Accompanied, error) {
	return AccompanimentsOn(ctx, r, platforms, r.Today())
}

// AccompanimentsOn is AccompanimentsOf as of a day.
func AccompanimentsOn(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) (map[qms.ID]Accompanied, error) {
	all, err := accompanimentsOf(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	latest, byID := map[qms.ID]*Accompanied{}, map[qms.ID]*Accompanied{}
	for i := range all { // the earliest first: the latest that has begun stays
		if a := &all[i]; a.Start <= day {
			latest[a.Platform] = a.on(day)
		}
	}
	for _, a := range latest {
		byID[a.Accompaniment] = a
	}
	for _, count := range []func(context.Context, store.Reader, []qms.ID, qms.Date, map[qms.ID]*Accompanied) error{countMeetings, countOwed, countSteps} {
		if err := count(ctx, r, platforms, day, byID); err != nil {
			return nil, err
		}
	}
	found := make(map[qms.ID]Accompanied, len(latest))
	for platform, a := range latest {
		found[platform] = *a
	}
	return found, nil
}

// on is what the accompaniment itself tells as of a day.
func (a *Accompaniment) on(day qms.Date) *Accompanied {
	o := &Accompanied{Accompaniment: a.ID, Platform: a.Platform, Officer: a.Officer, Start: a.Start, Months: a.Months, PlannedEnd: a.PlannedEnd()}
	if a.EndedOn != 0 && a.EndedOn <= day {
		o.EndedOn, o.Outcome = a.EndedOn, a.Outcome
	}
	return o
}
