package pack

import (
	"strings"
	"time"

	"maillon/qms/label"
	"maillon/qms/locale"
)

// FindingShape is the state whose shape stands before a finding, on pages and on paper.
func FindingShape(f label.Finding) string {
	return map[label.Finding]string{label.FindingStrength: "trainer", label.FindingConform: "valid", label.FindingConcern: "remarks",
		label.FindingOpportunity: "open", label.FindingMinor: "incoherent", label.FindingMajor: "broken", label.FindingNotSeen: "not-applicable", label.FindingNone: "todo"}[f]
}

// FindingWord says a finding.
func FindingWord(say *locale.Printer, f label.Finding) string {
	if f == label.FindingNone {
		return say.T("page.missions.finding_none")
	}
	return say.T("page.missions.finding_" + string(f))
}

// MissionOf is the report of a mission in the reader's words; state and status say how far it is.
func MissionOf(v *label.MissionSheet, say *locale.Printer, platform, state, status string, madeAt time.Time) *Mission {
	e := &v.Mission
	m := &Mission{Language: say.Lang(), Platform: platform, Number: e.Number, Kind: say.T("page.missions.kind_" + string(e.Kind)), On: e.OpenedOn, State: state, Status: status,
		Report: e.Report, Observed: e.Observations, MadeAt: madeAt}
	m.Facts = missionFacts(v, say)
	if e.ReportOn != 0 {
		m.On, m.Signed = e.ReportOn, say.T("page.missions.report_by", e.ReportOn, v.Names[e.ReportBy])
	}
	if e.ObservationsOn != 0 {
		m.ObservedBy = say.T("page.missions.observed_by", e.ObservationsOn, v.Names[e.ObservationsBy])
	}
	for _, one := range v.Evaluators {
		m.Evaluators = append(m.Evaluators, missionPerson(one, say))
	}
	for _, i := range e.Plan {
		m.Plan = append(m.Plan, [4]string{say.Date(i.Day), strings.Trim(i.From+" – "+i.Until, " –"), i.Topic, i.With})
	}
	if d := v.Decision; d != nil {
		m.Decision, m.Note = say.T("page.missions.outcome_"+string(d.Outcome))+". "+say.T("page.missions.decided_by", d.Body, d.Date), d.Note
		for _, c := range v.Conditions {
			m.Conditions = append(m.Conditions, CertificateCondition{Words: c.Words, DueOn: c.DueOn, LiftedOn: c.LiftedOn})
		}
	}
	counts := v.Counts()
	for _, f := range append(label.Findings(), label.FindingNone) {
		if counts[f] > 0 {
			m.Tallies = append(m.Tallies, MissionTally{FindingWord(say, f), counts[f]})
		}
	}
	m.Chapters = missionChapters(v.Findings, say)
	return m
}

func missionFacts(v *label.MissionSheet, say *locale.Printer) [][2]string {
	e, visit := &v.Mission, say.T("page.missions.no_visit")
	if e.VisitFrom != 0 {
		visit = say.LongDate(e.VisitFrom)
		if e.VisitThrough != e.VisitFrom {
			visit += " – " + say.LongDate(e.VisitThrough)
		}
	}
	facts := [][2]string{{say.T("page.missions.opened"), say.LongDate(e.OpenedOn)}, {say.T("page.missions.visit"), visit},
		{say.T("page.missions.access"), say.T("page.missions.access_days", e.AccessFrom, e.AccessUntil.AddDays(-1))}}
	for _, fact := range [][2]string{{"page.missions.referential", e.Referential}, {"page.missions.subject", e.Subject}, {"page.missions.exercises", strings.Join(e.Exercises, ", ")}} {
		if fact[1] != "" {
			facts = append(facts, [2]string{say.T(fact[0]), fact[1]})
		}
	}
	return facts
}

func missionPerson(e label.MissionEvaluator, say *locale.Printer) MissionPerson {
	out := MissionPerson{Name: e.Name, State: "missing", Declared: say.T("page.missions.undeclared")}
	if e.Lead {
		out.Part = say.T("page.missions.leads")
	}
	switch {
	case e.DismissedOn != 0:
		out.State, out.Declared = "withdrawn", say.T("page.missions.dismissed_on", e.DismissedOn)
	case e.DeclaredOn != 0:
		out.State, out.Declared = "done", say.T("page.missions.declared_on", e.DeclaredOn)
	}
	return out
}

// missionChapters are the criteria by their themes, in the order of the grid.
func missionChapters(findings []label.MissionFinding, say *locale.Printer) (all []MissionChapter) {
	last := ""
	for i := range findings {
		f := &findings[i]
		if len(all) == 0 || f.Chapter != last {
			all, last = append(all, MissionChapter{Name: say.T("theme." + f.Chapter)}), f.Chapter
		}
		c := &all[len(all)-1]
		c.Lines = append(c.Lines, MissionLine{f.Code, f.Text(say.Lang()), FindingShape(f.Finding), FindingWord(say, f.Finding), f.Note})
	}
	return all
}
