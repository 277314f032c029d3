package label

import (
	"maillon/qms"
)

// Accompaniment is the programme's work with one platform, from a day on and for 12 to 18 months: a plan
// with its steps, a session every three to four weeks, and the deliverables that each asks for the next.
// A platform has at most one that goes on.
type Accompaniment struct {
	qms.Row
	Start     qms.Date   // first day
	Months    qms.Months // planned, between FewestMonths and MostMonths
	Officer   qms.ID     // the quality officer who accompanies
	Aim       string     // what the platform wants of it
	EndedOn   qms.Date   // last day; none while it goes on
	Outcome   Ending
	EndReason string // required when it was given up
	Void      string
}

// The programme announces an accompaniment of 12 to 18 months (DESIGN, section 5).
const (
	FewestMonths qms.Months = 12
	MostMonths   qms.Months = 18
)

// Ending is how an accompaniment ended.
type Ending string

// The endings. NotEnded is none yet. page.meetings.ending_ENDING names each in qms/locale.
const (
	NotEnded     Ending = ""
	ToEvaluation Ending = "evaluation" // the platform asks to be evaluated
	GivenUp      Ending = "given-up"   // with a reason
)

// Endings lists how an accompaniment can end.
func Endings() []Ending { return []Ending{ToEvaluation, GivenUp} }

// PlannedEnd is the first day after the planned months.
func (a *Accompaniment) PlannedEnd() qms.Date { return a.Start.AddMonths(a.Months) }

// OpenOn reports whether the accompaniment goes on, on the day.
func (a *Accompaniment) OpenOn(day qms.Date) bool {
	return a.Void == "" && a.Start <= day && (a.EndedOn == 0 || day < a.EndedOn)
}

// MonthOn is the month of the accompaniment that a day is in, from 1; 0 before it.
func (a *Accompaniment) MonthOn(day qms.Date) int {
	month := 0
	for month < 12*100 && a.Start.AddMonths(qms.Months(month)) <= day {
		month++
	}
	return month
}

// PlanStep is one theme of the plan, with the month by the end of which it should be done.
type PlanStep struct {
	qms.Row
	Accompaniment qms.ID
	Position      int64 // from 1
	Month         int64 // of the accompaniment, from 1
	Title         string
	DoneOn        qms.Date
	Void          string
}

// PlannedBy is the first day after the month in which the step is planned.
func (t *PlanStep) PlannedBy(a *Accompaniment) qms.Date {
	return a.Start.AddMonths(qms.Months(t.Month))
}

// LateOn reports whether the month of the step has gone by without it.
func (t *PlanStep) LateOn(a *Accompaniment, day qms.Date) bool {
	return t.Void == "" && (t.DoneOn == 0 || t.DoneOn > day) && t.PlannedBy(a) <= day
}

// SampleSteps are the keys of the steps that a new plan begins with, out of what the programme publishes
// of its accompaniment, with the part of the planned months, in twelfths, by which each is due.
// plan_step.KEY names each in qms/locale.
func SampleSteps() []SampleStep {
	return []SampleStep{{"team", 1}, {"policy", 2}, {"processes", 3}, {"documents", 5}, {"skills", 6}, {"access", 7}, {"equipment", 8},
		{"traceability", 9}, {"data", 10}, {"improvement", 11}, {"visibility", 11}, {"assessment", 12}}
}

// SampleStep is a step of the plan that is proposed.
type SampleStep struct {
	Key     string
	Twelfth int64
}

// Month is the month of the step in an accompaniment of so many months.
func (t SampleStep) Month(months qms.Months) int64 {
	return max(1, (t.Twelfth*int64(months)+6)/12)
}

// ProgressPoint is how far the plan is at the end of one month of the accompaniment.
type ProgressPoint struct {
	Month    int      // from 0, the start
	On       qms.Date // first day after the month; the start for month 0
	Planned  int      // steps that should be done by then
	Done     int      // steps that are
	Sessions int      // held by then
	Reached  bool     // the month has begun: Done and Sessions are known
}

// ProgressOf holds the steps done and the sessions held against the plan, month by month, as of a day.
func ProgressOf(a *Accompaniment, steps []PlanStep, held []qms.Date, day qms.Date) []ProgressPoint {
	last := int(a.Months)
	if end := min(day, a.lastDay(day)); a.MonthOn(end) > last {
		last = min(a.MonthOn(end), 10*int(MostMonths))
	}
	points := make([]ProgressPoint, last+1)
	for n := range points {
		on := a.Start.AddMonths(qms.Months(n))
		pt := ProgressPoint{Month: n, On: on, Reached: n == 0 || a.Start.AddMonths(qms.Months(n-1)) <= min(day, a.lastDay(day))}
		for i := range steps {
			t := &steps[i]
			if t.Void != "" {
				continue
			}
			if int(t.Month) <= n {
				pt.Planned++
			}
			if t.DoneOn != 0 && t.DoneOn <= day && (t.DoneOn < on || n == last) {
				pt.Done++
			}
		}
		for _, d := range held {
			if d <= day && (d < on || n == last) && n > 0 {
				pt.Sessions++
			}
		}
		points[n] = pt
	}
	return points
}

// lastDay is the last day of which something is known: the end where there is one.
func (a *Accompaniment) lastDay(day qms.Date) qms.Date {
	if a.EndedOn != 0 {
		return min(a.EndedOn, day)
	}
	return day
}
