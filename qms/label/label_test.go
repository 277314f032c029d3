package label

import (
	"context"
	"errors"
	"slices"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// owed is what falls due on the day within the next two years, by kind.
func (e evaluation) owed(day string) (kinds []string) {
	e.t.Helper()
	err := e.db.View(officer(), qms.ReadLabel.On(candidatePlatform), func(r store.Reader) error {
		due, err := e.labelDues(context.Background(), r, nil, onDay(day), onDay(day).AddMonths(24))
		for _, d := range due {
			kinds = append(kinds, d.Kind+" "+d.On.String())
		}
		return err
	})
	if err != nil {
		e.t.Fatal(err)
	}
	slices.Sort(kinds)
	return kinds
}

func TestLabel_IsAwardedFollowedAndRenewed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := evaluating(t, db)
		made := e.awarded("2024-02-09")
		l := made.Label
		if l == nil || l.Number != "LAB-2024-001" || l.AwardedOn != onDay("2024-02-29") || l.EndsOn() != onDay("2030-02-28") {
			t.Fatalf("awarded %+v", l)
		}
		if got := e.owed("2024-03-01"); !slices.Equal(got, []string{"condition 2024-05-29", "follow-up 2026-02-28"}) {
			t.Errorf("owed %v", got)
		}
		sheet := got(e.Mission(officer(), candidatePlatform, made.Mission.Number))(t)
		c := sheet.Conditions[0]
		if _, err := e.LiftCondition(officer(), LiftCondition{At: At{Platform: candidatePlatform, ID: c.ID, Revision: c.Revision}}); fieldsOf(err)["evidence"] != "input.required" {
			t.Errorf("lifted without evidence: %v", err)
		}
		got(e.LiftCondition(officer(), LiftCondition{At: At{Platform: candidatePlatform, ID: c.ID, Revision: c.Revision}, Evidence: "PR-INF-002"}))(t)
		if got := e.owed("2024-03-01"); !slices.Equal(got, []string{"follow-up 2026-02-28"}) {
			t.Errorf("owed once the condition is lifted %v", got)
		}
		m := e.reported(MissionFollowUp24, "2026-03-02")
		if got := e.owed("2026-03-13"); !slices.Equal(got, []string{"follow-up 2026-02-28", "follow-up 2028-02-29", "observations 2026-04-11"}) {
			t.Errorf("owed while it is followed %v", got)
		}
		e.at("2026-03-30")
		got(e.DecideMission(officer(), DecideMission{At: m.now(), Body: "Comité", Date: onDay("2026-03-30"), Outcome: OutcomeSuspension, Note: "Traçabilité"}))(t)
		if s := got(e.Course(officer(), candidatePlatform, 0))(t).Standing; s.Stage != StageSuspended || s.Next.On != onDay("2028-02-29") {
			t.Errorf("suspended: %+v", s)
		}
		e.at("2026-06-01")
		lift := ChangeLabel{At: At{Platform: candidatePlatform, ID: l.ID}, Kind: EventLifted, Date: onDay("2026-06-01"), Body: "Comité", Why: "Corrigé"}
		got(e.ChangeLabel(officer(), lift))(t)
		if _, err := e.ChangeLabel(officer(), lift); !errors.Is(err, qms.Conflict("label.not_suspended")) {
			t.Errorf("lifted twice: %v", err)
		}
		e.at("2029-05-28")
		if _, err := e.OpenMission(officer(), OpenMission{Platform: candidatePlatform, Kind: MissionRenewal}); fieldsOf(err)["kind"] != "mission.renewal_early" {
			t.Errorf("renewed too early: %v", err)
		}
		m = e.reported(MissionRenewal, "2029-05-29")
		e.at("2029-07-01")
		next := got(e.DecideMission(officer(), DecideMission{At: m.now(), Body: "Comité", Date: onDay("2029-07-01"), Outcome: OutcomeAward, Perimeter: "Microscopie"}))(t).Label
		if next.AwardedOn != onDay("2030-02-28") || next.Renews != l.ID || next.Number != "LAB-2029-001" {
			t.Errorf("renewed %+v", next)
		}
		if p := got(e.PublicLabel(context.Background(), l.Number))(t); p.Now != LabelValid {
			t.Errorf("the old one is %s", p.Now)
		}
		e.at("2030-02-28")
		if p := got(e.PublicLabel(context.Background(), l.Number))(t); p.Now != LabelEnded {
			t.Errorf("the old one is %s on the day of its end", p.Now)
		}
		if s := got(e.Course(officer(), candidatePlatform, 0))(t).Standing; s.Stage != StageLabelled || s.Label.Number != next.Number || s.Next.On != onDay("2032-02-28") {
			t.Errorf("renewed: %+v", s)
		}
	})
}

func TestLabel_NumbersAreNeverGivenTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := evaluating(t, db)
		made := e.awarded("2026-01-10")
		d := made.Decision
		void := At{Platform: candidatePlatform, ID: d.ID, Revision: d.Revision}
		if _, err := e.VoidDecision(officer(), void); fieldsOf(err)["reason"] != "input.required" {
			t.Errorf("without a reason: %v", err)
		}
		void.Reason = "Date mal lue"
		got(e.VoidDecision(officer(), void))(t)
		if _, err := e.PublicLabel(context.Background(), made.Label.Number); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("the public is told of a mistake: %v", err)
		}
		if got := e.owed("2026-02-01"); slices.ContainsFunc(got, func(k string) bool { return k[:5] == "condi" }) {
			t.Errorf("a condition of a mistake is owed: %v", got)
		}
		m := got(e.Mission(officer(), candidatePlatform, made.Mission.Number))(t).Mission
		again := got(e.DecideMission(officer(), DecideMission{At: m.now(), Body: "Comité", Date: onDay("2026-01-29"), Outcome: OutcomeAward, Perimeter: "P"}))(t)
		if again.Label.Number != "LAB-2026-002" {
			t.Errorf("the number is %s", again.Label.Number)
		}
	})
}

func TestOtherLabels_AreOwedAtTheirEndUntilClosed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := evaluating(t, db)
		e.at("2026-03-02")
		lead := storetest.As(qms.QualityLead, candidatePlatform)
		for field, cmd := range map[string]StateOtherLabel{
			"kind":    {Kind: "x", Body: "B", From: onDay("2024-01-01")},
			"name":    {Kind: OtherAny, Body: "B", From: onDay("2024-01-01")},
			"body":    {Kind: OtherISO9001, From: onDay("2024-01-01")},
			"from":    {Kind: OtherISO9001, Body: "B"},
			"through": {Kind: OtherISO9001, Body: "B", From: onDay("2024-01-01"), Through: onDay("2023-12-31")},
		} {
			cmd.Platform = candidatePlatform
			if _, err := e.AddOtherLabel(lead, cmd); fieldsOf(err)[field] == "" {
				t.Errorf("%s is not refused: %v", field, err)
			}
		}
		l := got(e.AddOtherLabel(lead, StateOtherLabel{Platform: candidatePlatform, Kind: OtherISO9001, Body: "Organisme", Number: "FR-1", From: onDay("2024-01-01"), Through: onDay("2026-12-31")}))(t)
		if got := e.owed("2026-03-02"); !slices.Equal(got, []string{"other-label 2027-01-01"}) {
			t.Errorf("owed %v", got)
		}
		got(e.CloseOtherLabel(lead, At{Platform: candidatePlatform, ID: l.ID, Revision: l.Revision, Reason: "Renouvelé"}))(t)
		if got := e.owed("2026-03-02"); len(got) != 0 {
			t.Errorf("owed once closed %v", got)
		}
		if _, err := e.OtherLabelByID(storetest.As(qms.Auditor, otherPlatform), otherPlatform, l.ID); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("from another platform: %v", err)
		}
	})
}
