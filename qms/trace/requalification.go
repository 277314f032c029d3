package trace

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"maillon/qms"
)

// Requalification is what the platform decided when a procedure that is taught got a new major
// version: whether those trained on an older one are to be trained again. It warns and never ends a
// training: the checks go by the validity that the training states.
type Requalification struct {
	qms.Row
	Procedure string
	Version   string   // the first one of its major version, "2.0"
	Since     qms.Date // the day it came into force
	Required  bool
	DueOn     qms.Date // by when they are to be trained again; none when it is not said
	Reason    string
	DecidedBy qms.ID
	DecidedOn qms.Date
}

// Major is the first number of a version: 2 of "2.1"; ok is false for what is no version.
func Major(version string) (n int, ok bool) {
	head, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(head)
	return n, err == nil && n >= 0
}

// Renewed is a procedure of which a new major version is in force, for those taught an older one.
type Renewed struct {
	Procedure string
	Version   string   // the first of the major version in force
	Since     qms.Date // the day on which it came into force
}

// renewedOn finds the procedures whose version in force on the day is of a major version that came
// into force on a known day.
func renewedOn(periods map[string]map[string]qms.Period, day qms.Date) map[string]Renewed {
	found := map[string]Renewed{}
	for code, versions := range periods {
		major, ok := Major(InForce(versions, day))
		if !ok {
			continue
		}
		r := Renewed{Procedure: code}
		for version, period := range versions {
			m, isVersion := Major(version)
			if isVersion && m == major && period.From != 0 && period.From <= day && (r.Since == 0 || period.From < r.Since) {
				r.Version, r.Since = version, period.From
			}
		}
		if r.Since != 0 {
			found[code] = r
		}
	}
	return found
}

// outdated reports whether the training taught an older major version than one that came into force
// after it.
func (t Training) outdated(version string, since qms.Date) bool {
	taught, ok := Major(t.ProcedureVersion)
	now, known := Major(version)
	return ok && known && taught < now && t.Date < since
}

// current are the trainings that a person goes by on a day: the last one begun of each person on each
// piece of equipment, where it holds on that day.
func current(trainings []Training, day qms.Date) []*Training {
	last := map[Pair]*Training{}
	for i := range trainings {
		t := &trainings[i]
		pair := Pair{t.Person, t.Equipment}
		if t.Void == "" && t.Date <= day && (last[pair] == nil || later(t, last[pair])) {
			last[pair] = t
		}
	}
	var held []*Training
	for _, t := range last {
		if t.Validity().Contains(day) {
			held = append(held, t)
		}
	}
	slices.SortFunc(held, func(a, b *Training) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return held
}

// Proposal is a new major version of a procedure, with the trainings in force that taught an older one.
type Proposal struct {
	Renewed
	Trainings []*Training
	Decision  *Requalification // none while nobody decided
}

// propose finds the new major versions that trainings in force on the day do not know yet, the newest
// first. It is a function of the trainings, the days in force of the procedures and the decisions.
func propose(trainings []Training, periods map[string]map[string]qms.Period, decisions []Requalification, day qms.Date) []Proposal {
	renewed := renewedOn(periods, day)
	byVersion := map[Renewed]*Proposal{}
	var all []*Proposal
	for _, t := range current(trainings, day) {
		r, ok := renewed[t.Procedure]
		if !ok || !t.outdated(r.Version, r.Since) {
			continue
		}
		p := byVersion[r]
		if p == nil {
			p = &Proposal{Renewed: r}
			byVersion[r] = p
			all = append(all, p)
		}
		p.Trainings = append(p.Trainings, t)
	}
	out := make([]Proposal, 0, len(all))
	for _, p := range all {
		for i := range decisions {
			if d := &decisions[i]; d.Procedure == p.Procedure && d.Version == p.Version && d.DecidedOn <= day {
				p.Decision = d
			}
		}
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(b.Since, a.Since), strings.Compare(a.Procedure, b.Procedure))
	})
	return out
}

// requalify finds the decision that asks the holder of a training to be trained again: the newest one
// taken by the day on a version that came into force after the training. Nil when none does.
func requalify(t Training, decisions []Requalification, day qms.Date) *Requalification {
	var found *Requalification
	for i := range decisions {
		d := &decisions[i]
		if d.Procedure != t.Procedure || t.Procedure == "" || d.DecidedOn > day || d.Since > day || !t.outdated(d.Version, d.Since) {
			continue
		}
		if found == nil || d.Since > found.Since {
			found = d
		}
	}
	if found == nil || !found.Required {
		return nil
	}
	return found
}

// toRequalify are the decisions that ask for a person to be trained again on a piece of equipment.
func toRequalify(trainings []Training, decisions []Requalification, day qms.Date) map[Pair]*Requalification {
	asked := map[Pair]*Requalification{}
	if len(decisions) == 0 {
		return asked
	}
	for _, t := range current(trainings, day) {
		if d := requalify(*t, decisions, day); d != nil {
			asked[Pair{t.Person, t.Equipment}] = d
		}
	}
	return asked
}
