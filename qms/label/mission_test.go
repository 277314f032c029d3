package label

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// doors are the hosts of the tests: agent08@ and agent09@ are of the site, agent03@ of the platform.
type doors struct{ admitted, dismissed map[qms.ID]qms.Period }

func (doors) PersonOf(_ context.Context, _ store.Reader, email string) (qms.ID, string, error) {
	switch email {
	case "agent03@plateforme.example":
		return storetest.AgentID(3), "Agent 03", nil
	case "agent08@plateforme.example":
		return storetest.AgentID(8), "Agent 08", nil
	case "agent09@plateforme.example":
		return storetest.AgentID(9), "Agent 09", nil
	}
	return "", "", qms.NotFound("person.not_found")
}

func (doors) Belongs(_ context.Context, _ store.Reader, _, person qms.ID, _ qms.Date) (bool, error) {
	return person == storetest.AgentID(3), nil
}

func (d doors) Admit(_ context.Context, tx *store.Tx, _, person qms.ID, period qms.Period) (qms.ID, error) {
	d.admitted[person] = period
	return person, nil
}

func (d doors) Prolong(_ context.Context, _ *store.Tx, _, grant qms.ID, until qms.Date) error {
	d.admitted[grant] = qms.Period{From: d.admitted[grant].From, Until: until}
	return nil
}

func (d doors) Dismiss(_ context.Context, _ *store.Tx, _, grant qms.ID, on qms.Date) error {
	d.dismissed[grant] = qms.Period{Until: on}
	return nil
}

func (doors) UnknownExercises(_ context.Context, _ store.Reader, _ qms.ID, numbers []string) (unknown []string, err error) {
	for _, n := range numbers {
		if !strings.HasPrefix(n, "EXE-") {
			unknown = append(unknown, n)
		}
	}
	return unknown, nil
}

// evaluation is a platform under evaluation, on the clock of the test.
type evaluation struct {
	*Service
	t     *testing.T
	db    *store.DB
	doors doors
}

func evaluating(t *testing.T, db *store.DB) evaluation {
	t.Helper()
	d := doors{map[qms.ID]qms.Period{}, map[qms.ID]qms.Period{}}
	return evaluation{New(db, candidates{}).HostedBy(d), t, db, d}
}

// at moves the clock to the morning of the day.
func (e evaluation) at(day string) {
	storetest.ClockOf(e.db).Set(onDay(day).Time().Add(9 * time.Hour))
}

func officer() context.Context { return storetest.As(qms.QualityOfficer) }

func evaluator() context.Context {
	return storetest.AsPerson(storetest.AgentID(8), "Agent 08", qms.Grant{Role: qms.Auditor, Platform: candidatePlatform})
}

func (m *Mission) now() At { return At{Platform: m.Platform, ID: m.ID, Revision: m.Revision} }

// reported is a mission of the kind from its opening on the day to its report ten days later.
func (e evaluation) reported(kind MissionKind, day string) *Mission {
	e.t.Helper()
	e.at(day)
	opened := onDay(day)
	m := got(e.OpenMission(officer(), OpenMission{Platform: candidatePlatform, Kind: kind, Evaluators: []string{"agent08@plateforme.example"}}))(e.t)
	e.at(opened.AddDays(3).String())
	m = got(e.PlanVisit(evaluator(), PlanVisit{At: m.now(), From: opened.AddDays(5), Plan: []PlanItem{{From: "09:00", Until: "10:30", Topic: "Ouverture"}}}))(e.t)
	sheet := got(e.Mission(officer(), candidatePlatform, m.Number))(e.t)
	m = got(e.DeclareIndependence(evaluator(), DeclareIndependence{At: m.now(), Evaluator: sheet.Evaluators[0].ID, Words: "Aucun lien"}))(e.t)
	e.at(opened.AddDays(10).String())
	return got(e.ReportMission(evaluator(), ReportMission{At: m.now(), Text: "Rapport"}))(e.t)
}

// awarded is a platform whose label was decided twenty days after the mission was opened.
func (e evaluation) awarded(day string) *DecisionMade {
	e.t.Helper()
	m := e.reported(MissionInitial, day)
	on := onDay(day).AddDays(20)
	e.at(on.String())
	return got(e.DecideMission(officer(), DecideMission{At: m.now(), Body: "Comité", Date: on, Outcome: OutcomeConditions, Perimeter: "Microscopie",
		Conditions: []ConditionStated{{"Écrire la procédure de sauvegarde", on.AddMonths(3)}}}))(e.t)
}

func TestMission_AdmitsItsEvaluatorsInTimeAndScope(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := evaluating(t, db)
		e.at("2026-03-02")
		open := func(c OpenMission) error {
			c.Platform = candidatePlatform
			_, err := e.OpenMission(officer(), c)
			return err
		}
		for name, c := range map[string]struct {
			cmd  OpenMission
			want map[string]string
		}{
			"one of the platform": {OpenMission{Kind: MissionInitial, Evaluators: []string{"agent03@plateforme.example"}}, map[string]string{"evaluators": "mission.not_independent"}},
			"nobody known":        {OpenMission{Kind: MissionInitial, Evaluators: []string{"x@y.example"}}, map[string]string{"evaluators": "mission.person_unknown"}},
			"of no kind":          {OpenMission{Kind: "other"}, map[string]string{"kind": "input.unknown_choice"}},
			"before a label":      {OpenMission{Kind: MissionFollowUp24}, map[string]string{"kind": "mission.no_label"}},
			"visit before":        {OpenMission{Kind: MissionInitial, VisitFrom: onDay("2026-03-01")}, map[string]string{"visit_from": "mission.visit_early"}},
			"visit backwards":     {OpenMission{Kind: MissionInitial, VisitFrom: onDay("2026-03-05"), VisitThrough: onDay("2026-03-04")}, map[string]string{"visit_through": "mission.visit_order"}},
			"access backwards":    {OpenMission{Kind: MissionInitial, AccessUntil: onDay("2026-03-02")}, map[string]string{"access_until": "mission.access_order"}},
			"access for years":    {OpenMission{Kind: MissionInitial, AccessUntil: onDay("2027-03-03")}, map[string]string{"access_until": "mission.access_long"}},
			"tomorrow":            {OpenMission{Kind: MissionInitial, On: onDay("2026-03-03")}, map[string]string{"on": "date.future"}},
			"with a NUL":          {OpenMission{Kind: MissionInitial, Subject: "a\x00b"}, map[string]string{"subject": "text.unreadable"}},
		} {
			if diff := cmp.Diff(c.want, fieldsOf(open(c.cmd))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		m := got(e.OpenMission(officer(), OpenMission{Platform: candidatePlatform, Kind: MissionInitial, AccessUntil: onDay("2026-05-02"),
			Evaluators: []string{"agent08@plateforme.example", " ", "agent08@plateforme.example"}}))(t)
		if got := e.doors.admitted[storetest.AgentID(8)]; m.Number != "EVA-2026-001" || got != (qms.Period{From: onDay("2026-03-02"), Until: onDay("2026-05-02")}) {
			t.Errorf("%s, admitted %v", m.Number, got)
		}
		if fields := fieldsOf(open(OpenMission{Kind: MissionInitial})); fields["kind"] != "mission.already" {
			t.Errorf("a second one: %v", fields)
		}
		sheet := got(e.Mission(evaluator(), candidatePlatform, m.Number))(t)
		if len(sheet.Evaluators) != 1 || !sheet.Evaluators[0].Lead || !sheet.Evaluates {
			t.Errorf("evaluators %+v", sheet.Evaluators)
		}
		at := m.now()
		at.Reason = "Empêché"
		got(e.DismissEvaluator(officer(), DismissEvaluator{At: at, Evaluator: sheet.Evaluators[0].ID}))(t)
		if e.doors.dismissed[storetest.AgentID(8)].Until != onDay("2026-03-02") {
			t.Error("who is dismissed still reads the platform")
		}
		m = &got(e.Mission(officer(), candidatePlatform, m.Number))(t).Mission
		if _, err := e.PlanVisit(evaluator(), PlanVisit{At: m.now(), From: onDay("2026-03-05")}); !errors.Is(err, qms.Refuse("mission.not_yours")) {
			t.Errorf("who is dismissed plans: %v", err)
		}
		if _, err := e.OpenMission(storetest.As(qms.Manager, candidatePlatform), OpenMission{Platform: candidatePlatform, Kind: MissionInitial}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a manager opens a mission: %v", err)
		}
		if _, err := e.Mission(officer(), otherPlatform, m.Number); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("from another platform: %v", err)
		}
	})
}

func TestMission_IsReportedObservedAndDecidedInOrder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := evaluating(t, db)
		e.at("2026-03-02")
		m := got(e.OpenMission(officer(), OpenMission{Platform: candidatePlatform, Kind: MissionInitial, Evaluators: []string{"agent08@plateforme.example"}}))(t)
		sheet := got(e.Mission(officer(), candidatePlatform, m.Number))(t)
		report := func(on string) error {
			_, err := e.ReportMission(evaluator(), ReportMission{At: m.now(), Text: "Rapport", On: onDay(on)})
			return err
		}
		if err := report("2026-03-02"); !errors.Is(err, qms.Conflict("mission.undeclared")) {
			t.Errorf("undeclared: %v", err)
		}
		m = got(e.DeclareIndependence(evaluator(), DeclareIndependence{At: m.now(), Evaluator: sheet.Evaluators[0].ID}))(t)
		if err := report("2026-03-02"); !errors.Is(err, qms.Conflict("mission.no_visit")) {
			t.Errorf("without a visit: %v", err)
		}
		m = got(e.PlanVisit(evaluator(), PlanVisit{At: m.now(), From: onDay("2026-03-10"), Through: onDay("2026-03-11")}))(t)
		e.at("2026-03-20")
		if fields := fieldsOf(report("2026-03-10")); fields["on"] != "mission.report_early" {
			t.Errorf("reported during the visit: %v", fields)
		}
		decide := func(on string, o Outcome, conditions ...ConditionStated) error {
			_, err := e.DecideMission(officer(), DecideMission{At: m.now(), Body: "Comité", Date: onDay(on), Outcome: o, Perimeter: "P", Conditions: conditions})
			return err
		}
		if err := decide("2026-03-20", OutcomeAward); !errors.Is(err, qms.Conflict("mission.no_report")) {
			t.Errorf("decided without a report: %v", err)
		}
		m = got(e.ReportMission(evaluator(), ReportMission{At: m.now(), Text: "Rapport", On: onDay("2026-03-15")}))(t)
		manager := storetest.As(qms.Manager, candidatePlatform)
		e.at("2026-04-15") // 31 days later
		observe := func(ctx context.Context, on string) error {
			after, err := e.ObserveReport(ctx, ObserveReport{At: m.now(), Text: "Vu", On: onDay(on)})
			if err == nil {
				m = after
			}
			return err
		}
		if fields := fieldsOf(observe(manager, "2026-04-10")); fields["on"] != "mission.observed_late" {
			t.Errorf("observed late: %v", fields)
		}
		e.at("2026-04-14")
		if fields := fieldsOf(observe(manager, "2026-03-14")); fields["on"] != "mission.observed_early" {
			t.Errorf("observed before the report: %v", fields)
		}
		if err := observe(manager, "2026-04-14"); err != nil {
			t.Errorf("on the last day: %v", err)
		}
		for name, c := range map[string]struct {
			err  error
			want map[string]string
		}{
			"before the visit":       {decide("2026-03-09", OutcomeAward), map[string]string{"date": "mission.decided_before_visit"}},
			"before the report":      {decide("2026-03-14", OutcomeAward), map[string]string{"date": "mission.decided_before_report"}},
			"tomorrow":               {decide("2026-04-15", OutcomeAward), map[string]string{"date": "date.future"}},
			"of a follow-up":         {decide("2026-04-14", OutcomeConfirmed), map[string]string{"outcome": "input.unknown_choice"}},
			"without its conditions": {decide("2026-04-14", OutcomeConditions), map[string]string{"conditions": "mission.conditions_needed"}},
			"with a condition":       {decide("2026-04-14", OutcomeAward, ConditionStated{"c", onDay("2026-09-01")}), map[string]string{"conditions": "mission.conditions_unwanted"}},
			"condition due before":   {decide("2026-04-14", OutcomeConditions, ConditionStated{"c", onDay("2026-04-14")}), map[string]string{"conditions": "mission.condition_early"}},
		} {
			if diff := cmp.Diff(c.want, fieldsOf(c.err)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if err := decide("2026-04-14", OutcomeRefusal); err != nil {
			t.Fatal(err)
		}
		if e.doors.dismissed[storetest.AgentID(8)].Until != onDay("2026-04-14") {
			t.Error("the evaluators still read the platform after the decision")
		}
		if err := decide("2026-04-14", OutcomeAward); !errors.Is(err, qms.Conflict("mission.decided")) {
			t.Errorf("decided twice: %v", err)
		}
		if c := got(e.Course(manager, candidatePlatform, 0))(t); c.Standing.Stage != StageRefused {
			t.Errorf("stands at %s", c.Standing.Stage)
		}
	})
}
