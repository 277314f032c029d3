package label

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// MissionFilter narrows a list of missions.
type MissionFilter struct {
	Kind MissionKind
	Open bool     // only those that nothing is decided of
	AsOf qms.Date // opened by that day; none: all
}

// MissionSheet is one mission with all that belongs to it.
type MissionSheet struct {
	Mission    Mission
	Evaluators []MissionEvaluator
	Findings   []MissionFinding
	Decision   *MissionDecision // the one that counts
	Voided     []MissionDecision
	Conditions []AwardCondition // of the decision that counts
	Label      *Label           // that the mission follows or renews
	Awarded    *Label           // that its decision made
	Names      map[qms.ID]string
	Evaluates  bool // the reader states plan, findings and report
}

// Open reports whether the mission may still change.
func (s *MissionSheet) Open() bool { return s.Mission.Void == "" && s.Decision == nil }

// Counts are how many criteria have which finding; FindingNone is those without one.
func (s *MissionSheet) Counts() map[Finding]int {
	counts := map[Finding]int{}
	for _, f := range s.Findings {
		counts[f.Finding]++
	}
	return counts
}

// State is how far a mission is: the decision counts as of day.
func (m *Mission) State(decided bool, day qms.Date) string {
	switch {
	case m.Void != "":
		return "void"
	case decided:
		return "done"
	case m.ReportOn != 0 && m.ReportOn <= day:
		return "reported"
	case m.VisitThrough != 0 && m.VisitThrough < day:
		return "visited"
	case m.VisitFrom != 0:
		return "planned"
	}
	return "open"
}

// Mission reads a mission by its number.
func (s *Service) Mission(ctx context.Context, platform qms.ID, number string) (sheet *MissionSheet, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		m, err := numbered[Mission](ctx, r, platform, number)
		if err != nil {
			return err
		}
		sheet, err = s.sheet(ctx, r, m)
		return err
	})
	return sheet, err
}

func (s *Service) sheet(ctx context.Context, r store.Reader, m *Mission) (*MissionSheet, error) {
	v := &MissionSheet{Mission: *m}
	var err error
	if v.Evaluators, err = ofMission[MissionEvaluator](ctx, r, m.ID, "lead DESC", "named_on", "id"); err != nil {
		return nil, err
	}
	if v.Findings, err = ofMission[MissionFinding](ctx, r, m.ID, "position"); err != nil {
		return nil, err
	}
	if err := v.decide(ctx, r); err != nil {
		return nil, err
	}
	labels, err := labelsOf(ctx, r, m.Platform)
	if err != nil {
		return nil, err
	}
	for i := range labels {
		if labels[i].ID == m.Label {
			v.Label = &labels[i]
		}
		if labels[i].Mission == m.ID && labels[i].Void == "" {
			v.Awarded = &labels[i]
		}
	}
	v.Evaluates = r.Actor().Can(qms.AccompanyPlatform.On(m.Platform))
	for _, e := range v.Evaluators {
		v.Evaluates = v.Evaluates || e.Person == r.Actor().ID && e.DismissedOn == 0 && m.Access().Contains(r.Today())
	}
	v.Names, err = s.namesOf(ctx, r, v.persons())
	return v, err
}

// decide reads what was decided after the visit: the decision that stands, those that were voided, and the
// conditions of the award.
func (s *MissionSheet) decide(ctx context.Context, r store.Reader) error {
	decisions, err := ofMission[MissionDecision](ctx, r, s.Mission.ID, "entered_at", "id")
	if err != nil {
		return err
	}
	for i := range decisions {
		if decisions[i].Void == "" {
			s.Decision = &decisions[i]
		} else {
			s.Voided = append(s.Voided, decisions[i])
		}
	}
	conditions, err := ofMission[AwardCondition](ctx, r, s.Mission.ID, "position")
	for _, c := range conditions {
		if c.Void == "" {
			s.Conditions = append(s.Conditions, c)
		}
	}
	return err
}

// persons are those whom the sheet names.
func (s *MissionSheet) persons() []qms.ID {
	persons := []qms.ID{s.Mission.OpenedBy, s.Mission.ReportBy, s.Mission.ObservationsBy}
	for _, e := range s.Evaluators {
		persons = append(persons, e.Person, e.DeclaredBy)
	}
	for _, c := range s.Conditions {
		persons = append(persons, c.LiftedBy)
	}
	if s.Decision != nil {
		persons = append(persons, s.Decision.EnteredBy)
	}
	return persons
}

// namesOf gives the names of the persons among them: some acts are the site's own.
func (s *Service) namesOf(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]string, error) {
	return s.people.NamesOf(ctx, r, slices.DeleteFunc(persons, func(p qms.ID) bool { return p == "" }))
}

// MissionLine is one mission of a list.
type MissionLine struct {
	Mission
	Decision *MissionDecision
}

// Missions lists the missions of a platform, the newest first.
func (s *Service) Missions(ctx context.Context, platform qms.ID, f MissionFilter, c qms.Cursor) (page qms.Page[MissionLine], err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		after, err := afterOf(c.After)
		if err != nil {
			return err
		}
		limit := c.Limit()
		rows, err := missionPage(ctx, r, platform, f, after, int64(limit)+1)
		if err != nil {
			return err
		}
		ids := make([]qms.ID, 0, len(rows))
		for _, m := range rows {
			ids = append(ids, m.ID)
		}
		decisions, err := decisionsOf(ctx, r, ids)
		if err != nil {
			return err
		}
		lines := make([]MissionLine, 0, len(rows))
		for _, m := range rows {
			l := MissionLine{Mission: m}
			for i := range decisions {
				if decisions[i].Mission == m.ID && (f.AsOf == 0 || decisions[i].Date <= f.AsOf) {
					l.Decision = &decisions[i]
				}
			}
			lines = append(lines, l)
		}
		page = qms.PageOf(lines, limit, func(l MissionLine) string { return qms.EncodeAfter(l.OpenedOn.String(), l.Number) })
		return nil
	})
	return page, err
}

// afterOf reads the cursor of a list by date and number; nil for none.
func afterOf(s string) ([]string, error) {
	after, err := qms.DecodeAfter(s, 2)
	if err != nil || after == nil {
		return nil, err
	}
	if _, err := qms.ParseDate(after[0]); err != nil {
		return nil, qms.Invalid("cursor.malformed")
	}
	return after, nil
}

// Course is where a platform stands on a day, with all that led there.
type Course struct {
	Day        qms.Date
	Standing   Standing
	Facts      Facts
	Conditions []AwardCondition  // open as of the day
	Missions   map[qms.ID]string // numbers by identifier
	Others     []OtherLabel
	Due        []qms.Due // of the next year, and late
}

// Course tells where a platform stands on the day, today when none.
func (s *Service) Course(ctx context.Context, platform qms.ID, day qms.Date) (c *Course, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		if day == 0 {
			day = r.Today()
		}
		known, err := knownOf(ctx, r, []qms.ID{platform})
		if err != nil {
			return err
		}
		c = &Course{Day: day, Facts: *known.facts[platform], Missions: map[qms.ID]string{}, Others: known.others}
		c.Standing = c.Facts.StandingOn(day)
		for _, m := range c.Facts.Missions {
			c.Missions[m.ID] = m.Number
		}
		for _, open := range known.conditions {
			if open.openOn(day) && c.Facts.decided(open.Mission, day) != 0 {
				c.Conditions = append(c.Conditions, open)
			}
		}
		c.Due = known.dues(day, day.AddMonths(12))
		for _, of := range []part{s.candidacyDues, sessionDues, gapDues} {
			some, err := of(ctx, r, []qms.ID{platform}, day, day.AddMonths(12))
			if err != nil {
				return err
			}
			c.Due = append(c.Due, some...)
		}
		qms.SortDues(c.Due)
		return nil
	})
	return c, err
}

// OtherLabels lists the labels of other bodies, those that are mistakes too.
func (s *Service) OtherLabels(ctx context.Context, platform qms.ID) (all []OtherLabel, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		all, err = everyOtherLabel(ctx, r, platform)
		return err
	})
	return all, err
}

// OtherLabelByID reads one.
func (s *Service) OtherLabelByID(ctx context.Context, platform, id qms.ID) (l *OtherLabel, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		l, err = ofPlatform[OtherLabel](ctx, r, platform, id)
		return err
	})
	return l, err
}
