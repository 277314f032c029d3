package label

import (
	"slices"

	"maillon/qms"
)

// Portfolio is where every platform of the programme stands on a day, what comes next for each and what is
// late.
type Portfolio struct {
	Day          qms.Date
	Lines        []PortfolioLine // of every platform that anything is known of, by identifier
	Institutions []Institution   // that count
	Names        map[qms.ID]string
}

// PortfolioLine is one platform of the portfolio.
type PortfolioLine struct {
	Platform     qms.ID
	Officer      qms.ID // who looks after it; none when nobody does
	leads        qms.ID // who leads the accompaniment that goes on
	Standing     Standing
	Institutions []qms.ID
	Candidacy    *Candidacy // the one that counts; only its days, institutions, signatories and decision

	Start       qms.Date // of the latest accompaniment; none when it never was accompanied
	Months      qms.Months
	PlannedEnd  qms.Date
	EndedOn     qms.Date // none while it goes on
	Sessions    int      // held
	LastSession qms.Date
	NextSession qms.Date // planned
	Owed        int      // deliverables still to be brought
	Overdue     int      // of them, those past the day for which they were first asked
	Carried     int      // how often they were carried over

	Conditions []AwardCondition // of decisions, that are open
	Labels     []Label          // by their award
	Events     []AwardEvent     // of them, by day
	Missions   []Mission        // by the day they were opened
	Others     []OtherLabel     // of other bodies, by their first day, those that ended too
	Dates      []PortfolioDate  // what falls due, what is late first
}

// PortfolioDate is one date of a platform.
type PortfolioDate struct {
	Kind  string // of a qms.Due, or a MilestoneKind
	Title string // of what it is about; empty where the kind says it
	On    qms.Date
	Parts []string // of the address within the platform where it is done
}

// Effort is what kind of work of a quality officer a date is.
type Effort string

// The kinds of work. page.portfolio.effort_EFFORT names each in qms/locale.
const (
	EffortSession    Effort = "session"    // to prepare and to lead
	EffortEvaluation Effort = "evaluation" // follow-ups, renewals, ends of labels, missions
	EffortFile       Effort = "file"       // letters, decisions, conditions
)

// Efforts lists the kinds of work.
func Efforts() []Effort { return []Effort{EffortSession, EffortEvaluation, EffortFile} }

// Effort is what kind of work the date is; none for what is the platform's alone.
func (d PortfolioDate) Effort() Effort {
	switch d.Kind {
	case dueSession:
		return EffortSession
	case string(MilestoneFollowUp24), string(MilestoneFollowUp48), string(MilestoneRenewal), string(MilestoneEnd):
		return EffortEvaluation
	case dueDeliverable, dueObservations, dueOtherLabel:
		return ""
	}
	return EffortFile
}

// Accompanied reports whether the accompaniment goes on.
func (l *PortfolioLine) Accompanied() bool { return l.Start != 0 && l.EndedOn == 0 }

// Late are the dates that went by before the day.
func (l *PortfolioLine) Late(day qms.Date) (late []PortfolioDate) {
	for _, d := range l.Dates {
		if d.On < day {
			late = append(late, d)
		}
	}
	return late
}

// Next is the date to look at first: the earliest that is late, else the next one; false when there is none.
func (l *PortfolioLine) Next() (PortfolioDate, bool) {
	if len(l.Dates) == 0 {
		return PortfolioDate{}, false
	}
	return l.Dates[0], true
}

// PortfolioFilter narrows the portfolio. Its zero fields do not narrow.
type PortfolioFilter struct {
	Stage       Stage
	Officer     qms.ID
	Nobody      bool // those that nobody looks after
	Institution qms.ID
	Late        bool // those with something late
}

// Keeps reports whether the filter lets the line through.
func (f PortfolioFilter) Keeps(l *PortfolioLine, day qms.Date) bool {
	return (f.Stage == "" || l.Standing.Stage == f.Stage) && (f.Officer == "" || l.Officer == f.Officer) && (!f.Nobody || l.Officer == "") &&
		(f.Institution == "" || slices.Contains(l.Institutions, f.Institution)) && (!f.Late || l.Overdue > 0 || len(l.Late(day)) > 0)
}

// Load is the work of the quality officers in one month.
type Load struct {
	Month qms.Date // its first day
	By    map[qms.ID]map[Effort]int
}

// Total is the work of the month of one kind, of everybody.
func (l Load) Total(e Effort) (n int) {
	for _, of := range l.By {
		n += of[e]
	}
	return n
}

// Of is the work of one officer in the month, of all kinds; of nobody for the empty identifier.
func (l Load) Of(officer qms.ID) (n int) {
	for _, e := range Efforts() {
		n += l.By[officer][e]
	}
	return n
}

// Sum is the work of the month, of everybody and of all kinds.
func (l Load) Sum() (n int) {
	for officer := range l.By {
		n += l.Of(officer)
	}
	return n
}

// LoadOf counts the work of so many months from that of the day on, by the officer who looks after each
// platform. What is late counts in the first month. An accompaniment is counted with a session every four
// weeks from its next one until its planned end, for only the next is ever planned.
func LoadOf(lines []PortfolioLine, day qms.Date, months int) []Load {
	first := qms.NewDate(day.Year(), day.Month(), 1)
	loads := make([]Load, months)
	for i := range loads {
		loads[i] = Load{Month: first.AddMonths(qms.Months(i)), By: map[qms.ID]map[Effort]int{}}
	}
	add := func(officer qms.ID, e Effort, on qms.Date) {
		on = max(on, day)
		i := (on.Year()-first.Year())*12 + int(on.Month()) - int(first.Month())
		if e == "" || i >= months {
			return
		}
		if loads[i].By[officer] == nil {
			loads[i].By[officer] = map[Effort]int{}
		}
		loads[i].By[officer][e]++
	}
	for i := range lines {
		l := &lines[i]
		for _, d := range l.Dates {
			add(l.Officer, d.Effort(), d.On)
			if d.Kind != dueSession {
				continue
			}
			for on := max(d.On, day).AddDays(SessionDays); on < l.PlannedEnd; on = on.AddDays(SessionDays) {
				add(l.Officer, EffortSession, on)
			}
		}
	}
	return loads
}
