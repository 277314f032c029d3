package label

import (
	"context"
	"fmt"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// The kinds of what a label and its missions make due. due.KIND names each in qms/locale.
const (
	dueFollowUp     = "follow-up"
	dueLabel        = "label"
	dueRenewal      = "renewal"
	dueCondition    = "condition"
	dueObservations = "observations"
	dueOtherLabel   = "other-label"
)

// known is what the dues of labels and missions follow from, of several platforms.
type known struct {
	facts      map[qms.ID]*Facts
	conditions []AwardCondition
	others     []OtherLabel
}

// knownOf reads it in eight statements, of all platforms when none is named.
func knownOf(ctx context.Context, r store.Reader, platforms []qms.ID) (k known, err error) {
	if k.facts, err = factsOf(ctx, r, platforms); err != nil {
		return k, err
	}
	err = k.read(ctx, r, platforms)
	return k, err
}

// read adds what stands beside the facts.
func (k *known) read(ctx context.Context, r store.Reader, platforms []qms.ID) (err error) {
	if k.conditions, err = conditionsOf(ctx, r, platforms); err != nil {
		return err
	}
	k.others, err = otherLabelsOf(ctx, r, platforms)
	return err
}

// labelDues is what labels and missions make due, in six statements.
func (s *Service) labelDues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) ([]qms.Due, error) {
	var k known
	var err error
	if k.facts, err = awardFacts(ctx, r, platforms); err != nil {
		return nil, err
	}
	if err := k.read(ctx, r, platforms); err != nil {
		return nil, err
	}
	return k.dues(day, until), nil
}

// dues lists what is not done as of the day and falls due by until.
func (k known) dues(day, until qms.Date) (due []qms.Due) {
	add := func(d qms.Due) {
		if d.On != 0 && d.On <= until {
			due = append(due, d)
		}
	}
	numbers := map[qms.ID]string{}
	for platform, f := range k.facts {
		for _, m := range f.Missions {
			numbers[m.ID] = m.Number
			if m.observable(day) && f.decided(m.ID, day) == 0 {
				add(qms.Due{Key: dueObservations + ":" + string(m.ID), Kind: dueObservations, Platform: platform, Subject: m.ID, Title: m.Number,
					On: m.ObservableUntil(), Parts: []string{"label", "missions", m.Number, "observations"}, Revision: m.Revision})
			}
		}
		for _, d := range f.labelDues(platform, day) {
			add(d)
		}
	}
	for _, c := range k.conditions {
		if f := k.facts[c.Platform]; c.openOn(day) && f != nil && f.decided(c.Mission, day) != 0 {
			words, _, _ := strings.Cut(c.Words, "\n")
			add(qms.Due{Key: dueCondition + ":" + string(c.ID), Kind: dueCondition, Platform: c.Platform, Subject: c.ID,
				Title: titled(fmt.Sprintf("%s/%d %s", numbers[c.Mission], c.Position, words)), On: c.DueOn, Parts: []string{"label", "missions", numbers[c.Mission]},
				Revision: c.Revision})
		}
	}
	for _, l := range k.others {
		if l.Closed == "" && l.FromDate <= day {
			add(qms.Due{Key: dueOtherLabel + ":" + string(l.ID), Kind: dueOtherLabel, Platform: l.Platform, Subject: l.ID, Title: l.Called(),
				On: l.UntilDate, Parts: []string{"label", "others", string(l.ID)}, Revision: l.Revision})
		}
	}
	return due
}

// labelDues are those of the label that holds on the day, or that ended without another one or a decision.
func (f Facts) labelDues(platform qms.ID, day qms.Date) (due []qms.Due) {
	standing := f.StandingOn(day)
	if len(standing.Milestones) == 0 {
		return nil
	}
	l := standing.Label
	for _, m := range standing.Milestones {
		if m.Done != 0 {
			continue
		}
		d := qms.Due{Platform: platform, Subject: l.ID, Title: l.Number, On: m.On, Parts: []string{"label"}, Revision: l.Revision}
		switch m.Kind {
		case MilestoneRenewal:
			d.Kind, d.Key = dueRenewal, dueRenewal+":"+string(l.ID)
		case MilestoneEnd:
			d.Kind, d.Key = dueLabel, dueLabel+":"+string(l.ID)
		default:
			d.Kind, d.Key, d.Form = dueFollowUp, dueFollowUp+":"+string(l.ID)+":"+string(m.Kind), string(m.Kind)
		}
		if open := f.openFor(l.ID, m.Kind, day); open != nil {
			d.Parts = []string{"label", "missions", open.Number}
		}
		due = append(due, d)
	}
	return due
}

// observable reports whether the platform may still observe on the report on the day, and did not.
func (m *Mission) observable(day qms.Date) bool {
	return m.ReportOn != 0 && m.ReportOn <= day && (m.ObservationsOn == 0 || m.ObservationsOn > day) && day <= m.ObservableUntil()
}

// openFor is the open mission that meets the milestone of the label; nil for none.
func (f Facts) openFor(label qms.ID, kind MilestoneKind, day qms.Date) *Mission {
	for i := range f.Missions {
		m := &f.Missions[i]
		meets := string(m.Kind) == string(kind) || kind == MilestoneEnd && m.Kind == MissionRenewal
		if m.Label == label && m.Void == "" && meets && m.OpenedOn <= day && f.decided(m.ID, day) == 0 {
			return m
		}
	}
	return nil
}

// openOn reports whether the condition was not met on the day.
func (c *AwardCondition) openOn(day qms.Date) bool {
	return c.Void == "" && (c.LiftedOn == 0 || c.LiftedOn > day)
}

// Called is how people call the label.
func (l *OtherLabel) Called() string {
	name := map[OtherKind]string{OtherIBiSA: "IBiSA", OtherISO9001: "ISO 9001", OtherNFX50900: "NF X50-900", OtherISO17025: "ISO/IEC 17025"}[l.Kind]
	switch {
	case name == "":
		return l.Name
	case l.Name != "":
		return name + ", " + l.Name
	}
	return name
}
