package label

import (
	"cmp"
	"slices"

	"maillon/qms"
)

// Stage is where a platform stands on its way to the label (DESIGN, section 5).
type Stage string

// The stages, in the order of the way; the last four are where it may end or halt.
const (
	StageIdentified  Stage = "identified"  // known to the programme, nothing asked for
	StageCandidate   Stage = "candidate"   // letter of engagement signed
	StageAccompanied Stage = "accompanied" // 12 to 18 months; may be left out
	StageEvaluation  Stage = "evaluation"  // a mission is open and nothing is decided
	StageLabelled    Stage = "labelled"    // for 72 months
	StageRefused     Stage = "refused"
	StageSuspended   Stage = "suspended"
	StageWithdrawn   Stage = "withdrawn"
	StageExpired     Stage = "expired" // by date alone
)

// Stages lists the stages in the order of the way.
func Stages() []Stage {
	return []Stage{StageIdentified, StageCandidate, StageAccompanied, StageEvaluation, StageLabelled,
		StageRefused, StageSuspended, StageWithdrawn, StageExpired}
}

// The months of a label, each counted from the day of the award: its two follow-up evaluations, the day
// from which its renewal may be asked for (9 months before the end), and its end.
const (
	FollowUpFirst  qms.Months = 24
	FollowUpSecond qms.Months = 48
	RenewalOpens   qms.Months = 63
	LabelLasts     qms.Months = 72
)

// MilestoneKind is what a label has coming.
type MilestoneKind string

// The milestones of a label.
const (
	MilestoneFollowUp24 MilestoneKind = "follow-up-24"
	MilestoneFollowUp48 MilestoneKind = "follow-up-48"
	MilestoneRenewal    MilestoneKind = "renewal"
	MilestoneEnd        MilestoneKind = "end"
)

// Milestone is a date of a label. Done is the day on which it was met: the follow-up decided, the
// renewal opened, the next label begun; none while it is to come or late.
type Milestone struct {
	Kind MilestoneKind
	On   qms.Date
	Done qms.Date
}

// MilestonesOf are the four dates of a label awarded on the day, in order.
func MilestonesOf(awarded qms.Date) []Milestone {
	return []Milestone{
		{Kind: MilestoneFollowUp24, On: awarded.AddMonths(FollowUpFirst)},
		{Kind: MilestoneFollowUp48, On: awarded.AddMonths(FollowUpSecond)},
		{Kind: MilestoneRenewal, On: awarded.AddMonths(RenewalOpens)},
		{Kind: MilestoneEnd, On: awarded.AddMonths(LabelLasts)},
	}
}

// Facts are what is known of one platform, of all times. Where it stands on a day follows from them.
type Facts struct {
	Candidacies []Candidacy  // by the day they came
	Accompanied []qms.Period // from the first day of each accompaniment until it ended, the earliest first
	Missions    []Mission
	Decisions   []MissionDecision
	Labels      []Label
	Events      []AwardEvent
}

// Standing is where a platform stands on a day.
type Standing struct {
	Stage Stage
	Since qms.Date // none for a platform that is only identified
	Until qms.Date // first day without the label, while it holds or is suspended; none otherwise
	Label *Label   // the latest that began by the day; none before the first award

	Next       Milestone   // the first that is not done; no date where nothing is to come
	Milestones []Milestone // of Label, while it holds or is suspended
	Mission    *Mission    // the latest that is open
}

// StandingOn tells where a platform stands on the day: what is dated later does not count.
func (f Facts) StandingOn(day qms.Date) Standing {
	l := f.labelOn(day)
	if l == nil {
		return f.onTheWay(0, day, Standing{Stage: StageIdentified})
	}
	s := Standing{Stage: StageLabelled, Since: l.AwardedOn, Until: l.EndsOn(), Label: l}
	withdrawn, suspended := f.halts(l.ID, day)
	switch {
	case withdrawn != 0 && withdrawn < s.Until:
		return f.onTheWay(withdrawn, day, Standing{Stage: StageWithdrawn, Since: withdrawn, Label: l})
	case day >= s.Until:
		return f.onTheWay(s.Until, day, Standing{Stage: StageExpired, Since: s.Until, Label: l})
	case suspended != 0:
		s.Stage, s.Since = StageSuspended, suspended
	}
	s.Milestones = f.milestones(l, day)
	for _, m := range s.Milestones {
		if m.Done == 0 {
			s.Next = m
			break
		}
	}
	s.Mission = f.openMission(0, day)
	return s
}

// labelOn is the latest label that began by the day.
func (f Facts) labelOn(day qms.Date) (latest *Label) {
	for i := range f.Labels {
		l := &f.Labels[i]
		if l.Void == "" && l.AwardedOn <= day && (latest == nil || l.AwardedOn > latest.AwardedOn) {
			latest = l
		}
	}
	return latest
}

// halts tells since when the label is withdrawn or suspended on the day; none where it is not.
func (f Facts) halts(label qms.ID, day qms.Date) (withdrawn, suspended qms.Date) {
	for _, e := range inOrder(f.Events) {
		if e.Label != label || e.Void != "" || e.Date > day {
			continue
		}
		switch e.Kind {
		case EventWithdrawn:
			if withdrawn == 0 {
				withdrawn = e.Date
			}
		case EventSuspended:
			if suspended == 0 {
				suspended = e.Date
			}
		case EventLifted:
			suspended = 0
		}
	}
	return withdrawn, suspended
}

// lifting is 1 for what ends a suspension, which comes after the suspension of the same instant.
func lifting(e AwardEvent) int {
	if e.Kind == EventLifted {
		return 1
	}
	return 0
}

// inOrder are the events by date, those of one day as they were entered.
func inOrder(events []AwardEvent) []AwardEvent {
	sorted := slices.Clone(events)
	slices.SortStableFunc(sorted, func(a, b AwardEvent) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), a.EnteredAt.Compare(b.EnteredAt), cmp.Compare(lifting(a), lifting(b)))
	})
	return sorted
}

// milestones are the dates of the label with what is met by the day.
func (f Facts) milestones(l *Label, day qms.Date) []Milestone {
	all := MilestonesOf(l.AwardedOn)
	meet := func(kind MilestoneKind, on qms.Date) {
		for i := range all {
			if all[i].Kind == kind && (all[i].Done == 0 || on < all[i].Done) {
				all[i].Done = on
			}
		}
	}
	for kind, on := range map[MilestoneKind]qms.Date{MilestoneFollowUp24: l.FollowedFirst, MilestoneFollowUp48: l.FollowedSecond} {
		if on != 0 && on <= day {
			meet(kind, on)
		}
	}
	for _, m := range f.Missions {
		if m.Label != l.ID || m.Void != "" || m.OpenedOn > day {
			continue
		}
		decided := f.decided(m.ID, day)
		switch {
		case m.Kind == MissionRenewal:
			meet(MilestoneRenewal, m.OpenedOn)
		case m.Kind == MissionFollowUp24 && decided != 0:
			meet(MilestoneFollowUp24, decided)
		case m.Kind == MissionFollowUp48 && decided != 0:
			meet(MilestoneFollowUp48, decided)
		}
	}
	for _, on := range f.renewals(l, day) {
		meet(MilestoneEnd, on)
	}
	return all
}

// renewals are the days, until the day, on which a label was decided that renews this one.
func (f Facts) renewals(l *Label, day qms.Date) (days []qms.Date) {
	for _, next := range f.Labels {
		if next.Renews != l.ID || next.Void != "" {
			continue
		}
		if next.TakenOver() && next.AwardedOn <= day {
			days = append(days, next.AwardedOn)
		}
		for _, d := range f.Decisions {
			if d.ID == next.Decision && d.Date <= day {
				days = append(days, d.Date)
			}
		}
	}
	return days
}

// decided is the day of the decision of a mission; none when there is none by the day.
func (f Facts) decided(mission qms.ID, day qms.Date) qms.Date {
	for _, d := range f.Decisions {
		if d.Mission == mission && d.Void == "" && d.Date <= day {
			return d.Date
		}
	}
	return 0
}

// openMission is the latest mission opened from the day from on that nothing is decided of by the day.
func (f Facts) openMission(from, day qms.Date) (open *Mission) {
	for i := range f.Missions {
		m := &f.Missions[i]
		if m.Void == "" && m.OpenedOn >= from && m.OpenedOn <= day && f.decided(m.ID, day) == 0 && (open == nil || m.OpenedOn > open.OpenedOn) {
			open = m
		}
	}
	return open
}

// onTheWay is where a platform without a label that holds stands: what happened after its last label
// ended leads on from there. The step taken last counts, and of one day the one further on the way.
func (f Facts) onTheWay(from, day qms.Date, s Standing) Standing {
	step := func(stage Stage, on qms.Date) {
		if on != 0 && on >= from && on <= day && on >= s.Since {
			s.Stage, s.Since = stage, on
		}
	}
	refused := qms.Date(0)
	for _, d := range f.Decisions {
		if d.Void == "" && d.Outcome == OutcomeRefusal && d.Date <= day {
			refused = max(refused, d.Date)
		}
	}
	if c := CurrentIn(f.Candidacies, day); c != nil && c.CandidateOn(day) {
		signed, _ := c.LetterOn()
		step(StageCandidate, max(signed, c.ReceivedOn))
	}
	for _, a := range f.Accompanied {
		step(StageAccompanied, a.From)
		if a.Until != 0 && a.Until <= day {
			step(StageCandidate, a.Until) // it waits for its evaluation
		}
	}
	if open := f.openMission(from, day); open != nil {
		s.Mission = open
		step(StageEvaluation, max(open.OpenedOn, s.Since)) // an open mission leads, whatever is noted beside it
	}
	step(StageRefused, refused)
	return s
}
