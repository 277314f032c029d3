package label

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// past is a label of 29 February 2020 in which nothing is wrong.
func past() TakeOverLabel {
	return TakeOverLabel{Platform: candidatePlatform, Number: "lab-2020-014", Body: "Comité", Perimeter: "Microscopie", AwardedOn: onDay("2020-02-29"),
		FollowedFirst: onDay("2022-03-10"), Source: "Procès-verbal du comité"}
}

func TestTakeOverLabel_CountsStagesAndDuesFromTheAward(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := evaluating(t, db)
		e.at("2024-03-10")
		l := got(e.TakeOverLabel(officer(), past()))(t)
		if !l.TakenOver() || l.Number != "LAB-2020-014" || l.TakenOn != onDay("2024-03-10") || l.EndsOn() != onDay("2026-02-28") {
			t.Fatalf("taken over %+v", l)
		}
		for day, want := range map[string]struct {
			stage Stage
			next  string
		}{
			"2020-02-28": {StageIdentified, " "}, "2020-02-29": {StageLabelled, "follow-up-24 2022-02-28"}, "2022-03-09": {StageLabelled, "follow-up-24 2022-02-28"},
			"2022-03-10": {StageLabelled, "follow-up-48 2024-02-29"}, "2026-02-27": {StageLabelled, "follow-up-48 2024-02-29"}, "2026-02-28": {StageExpired, " "},
		} {
			c := got(e.Course(officer(), candidatePlatform, onDay(day)))(t)
			if next := string(c.Standing.Next.Kind) + " " + c.Standing.Next.On.String(); c.Standing.Stage != want.stage || next != want.next {
				t.Errorf("on %s: %s, next %q; want %s, %q", day, c.Standing.Stage, next, want.stage, want.next)
			}
		}
		if got := e.owed("2024-03-10"); !slices.Equal(got, []string{"follow-up 2024-02-29", "label 2026-02-28", "renewal 2025-05-29"}) {
			t.Errorf("owed %v", got)
		}
		p := got(e.PublicLabel(context.Background(), l.Number))(t)
		sheet := got(e.LabelByNumber(officer(), candidatePlatform, l.Number))(t)
		if p.Now != LabelValid || sheet.Mission != "" || sheet.DecidedOn != l.AwardedOn || sheet.Signatory == "" {
			t.Errorf("public %+v, sheet %+v", p, sheet)
		}
		if _, err := e.OpenMission(officer(), OpenMission{Platform: candidatePlatform, Kind: MissionFollowUp24}); fieldsOf(err)["kind"] != "mission.followed_before" {
			t.Errorf("followed a second time at 24 months: %v", err)
		}
		m := e.reported(MissionFollowUp48, "2024-03-10")
		got(e.DecideMission(officer(), DecideMission{At: m.now(), Body: "Comité", Date: onDay("2024-03-20"), Outcome: OutcomeSuspension}))(t)
		if s := got(e.Course(officer(), candidatePlatform, 0))(t).Standing; s.Stage != StageSuspended || s.Next.Kind != MilestoneRenewal {
			t.Errorf("after its follow-up: %+v", s)
		}
		e.at("2025-06-01")
		m = e.reported(MissionRenewal, "2025-06-01")
		next := got(e.DecideMission(officer(), DecideMission{At: m.now(), Body: "Comité", Date: onDay("2025-06-11"), Outcome: OutcomeAward, Perimeter: "P"}))(t).Label
		if next.Renews != l.ID || next.AwardedOn != onDay("2026-02-28") || next.Number != "LAB-2025-001" {
			t.Errorf("renewed %+v", next)
		}
	})
}

func TestTakeOverLabel_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := evaluating(t, db)
		e.at("2024-03-10")
		first := got(e.TakeOverLabel(officer(), past()))(t)
		with := func(change func(*TakeOverLabel)) TakeOverLabel {
			cmd := past()
			cmd.Platform, cmd.Number = otherPlatform, ""
			change(&cmd)
			return cmd
		}
		for name, c := range map[string]struct {
			cmd  TakeOverLabel
			want map[string]string
		}{
			"nothing said":       {TakeOverLabel{Platform: otherPlatform}, map[string]string{"body": "input.required", "perimeter": "input.required", "source": "input.required", "awarded_on": "input.required"}},
			"tomorrow":           {with(func(c *TakeOverLabel) { c.AwardedOn, c.FollowedFirst = onDay("2024-03-11"), 0 }), map[string]string{"awarded_on": "date.future"}},
			"a typing error":     {with(func(c *TakeOverLabel) { c.AwardedOn, c.FollowedFirst = onDay("0202-02-28"), 0 }), map[string]string{"awarded_on": "date.implausible"}},
			"followed before":    {with(func(c *TakeOverLabel) { c.FollowedFirst = onDay("2020-02-29") }), map[string]string{"followed_first": "label.followed_outside"}},
			"followed to come":   {with(func(c *TakeOverLabel) { c.FollowedFirst = onDay("2024-03-11") }), map[string]string{"followed_first": "date.future"}},
			"followed backwards": {with(func(c *TakeOverLabel) { c.FollowedSecond = c.FollowedFirst }), map[string]string{"followed_second": "label.followed_order"}},
			"a number taken":     {with(func(c *TakeOverLabel) { c.Number = " LAB-2020-014" }), map[string]string{"number": "label.number_taken"}},
			"a number in prose":  {with(func(c *TakeOverLabel) { c.Number = "n° 12/2020" }), map[string]string{"number": "label.number_form"}},
			"a NUL":              {with(func(c *TakeOverLabel) { c.Source = "a\x00" }), map[string]string{"source": "text.unreadable"}},
			"beside another": {with(func(c *TakeOverLabel) {
				c.Platform, c.AwardedOn, c.FollowedFirst = candidatePlatform, onDay("2023-01-01"), 0
			}), map[string]string{"awarded_on": "label.beside"}},
		} {
			_, err := e.TakeOverLabel(officer(), c.cmd)
			if diff := cmp.Diff(c.want, fieldsOf(err)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		for name, ctx := range map[string]context.Context{"a manager": storetest.As(qms.Manager, candidatePlatform), "an auditor": evaluator(), "an administrator": storetest.As(qms.Administrator)} {
			if _, err := e.TakeOverLabel(ctx, past()); qms.CodeOf(err) != qms.CodeRefused {
				t.Errorf("%s takes a label over: %v", name, err)
			}
		}
		second := got(e.TakeOverLabel(officer(), with(func(*TakeOverLabel) {})))(t)
		before := got(e.TakeOverLabel(officer(), with(func(c *TakeOverLabel) {
			c.Platform, c.AwardedOn, c.FollowedFirst = candidatePlatform, onDay("2014-02-28"), 0
		})))(t)
		if second.Number != "LAB-2020-015" || before.Number != "LAB-2014-001" || before.EndsOn() != onDay("2020-02-28") || before.ID == first.ID {
			t.Errorf("numbers %s and %s", second.Number, before.Number)
		}
	})
}

func TestTakenOver_IsCorrectedAndVoidedWithItsReason(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := evaluating(t, db)
		e.at("2024-03-10")
		l := got(e.TakeOverLabel(officer(), past()))(t)
		at := At{Platform: candidatePlatform, ID: l.ID, Revision: l.Revision}
		right := past()
		right.Number, right.AwardedOn = "", onDay("2020-03-31")
		if _, err := e.CorrectTakenOver(officer(), at, right); fieldsOf(err)["reason"] != "input.required" {
			t.Errorf("without a reason: %v", err)
		}
		at.Reason = "Date mal lue"
		if _, err := e.CorrectTakenOver(officer(), At{Platform: otherPlatform, ID: l.ID, Revision: 1, Reason: "x"}, right); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("of another platform: %v", err)
		}
		l = got(e.CorrectTakenOver(officer(), at, right))(t)
		if l.Number != "LAB-2020-014" || l.AwardedOn != onDay("2020-03-31") {
			t.Errorf("corrected %+v", l)
		}
		if _, err := e.CorrectTakenOver(officer(), at, right); !errors.Is(err, qms.Conflict("record.changed")) {
			t.Errorf("at a stale revision: %v", err)
		}
		got(e.ChangeLabel(officer(), ChangeLabel{At: At{Platform: candidatePlatform, ID: l.ID}, Kind: EventSuspended, Date: onDay("2024-01-01"), Body: "Comité", Why: "Motif"}))(t)
		at.Revision, right.AwardedOn, right.FollowedFirst = l.Revision, onDay("2024-01-02"), 0
		if _, err := e.CorrectTakenOver(officer(), at, right); fieldsOf(err)["awarded_on"] != "label.event_outside" {
			t.Errorf("awarded after its suspension: %v", err)
		}
		m := got(e.OpenMission(officer(), OpenMission{Platform: candidatePlatform, Kind: MissionFollowUp48}))(t)
		if _, err := e.VoidTakenOver(officer(), at); !errors.Is(err, qms.Conflict("label.followed")) {
			t.Errorf("voided though it is followed: %v", err)
		}
		gone := m.now()
		gone.Reason = "Erreur"
		got(e.VoidMission(officer(), gone))(t)
		got(e.VoidTakenOver(officer(), at))(t)
		if c := got(e.Course(officer(), candidatePlatform, 0))(t); c.Standing.Stage != StageIdentified || len(c.Facts.Events) != 0 {
			t.Errorf("stands at %s with %v", c.Standing.Stage, c.Facts.Events)
		}
		again := got(e.TakeOverLabel(officer(), past()))(t) // the number of a mistake may be stated again
		all := got(e.Labels(officer(), candidatePlatform))(t)
		sheet := got(e.LabelByNumber(officer(), candidatePlatform, again.Number))(t)
		if len(all) != 2 || sheet.Label.ID != again.ID || sheet.Now != LabelValid {
			t.Errorf("%d labels, %+v", len(all), sheet.Label)
		}
	})
}

func TestTakenOver_DoesNotTouchALabelThatWasAwardedHere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := evaluating(t, db)
		made := e.awarded("2026-01-10")
		l := made.Label
		at := At{Platform: candidatePlatform, ID: l.ID, Revision: l.Revision, Reason: "x"}
		if _, err := e.VoidTakenOver(officer(), at); !errors.Is(err, qms.Conflict("label.awarded_here")) {
			t.Errorf("voided: %v", err)
		}
		got(e.VoidDecision(officer(), At{Platform: candidatePlatform, ID: made.Decision.ID, Revision: made.Decision.Revision, Reason: "Erreur"}))(t)
		cmd := past()
		cmd.Number = l.Number
		if _, err := e.TakeOverLabel(officer(), cmd); fieldsOf(err)["number"] != "label.number_taken" {
			t.Errorf("a number that was given out here is stated again: %v", err)
		}
	})
}

func TestChangeAccess_ExtendsAndEndsWhatEvaluatorsRead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := evaluating(t, db)
		e.at("2026-03-02")
		m := got(e.OpenMission(officer(), OpenMission{Platform: candidatePlatform, Kind: MissionInitial, AccessUntil: onDay("2026-05-02"),
			Evaluators: []string{"agent08@plateforme.example", "agent09@plateforme.example"}}))(t)
		move := func(ctx context.Context, until, why string) error {
			at := m.now()
			at.Reason = why
			after, err := e.ChangeAccess(ctx, ChangeAccess{At: at, Until: onDay(until)})
			if err == nil {
				m = after
			}
			return err
		}
		for until, want := range map[string]string{"2026-03-01": "mission.access_order", "2027-03-03": "mission.access_long", "2026-05-02": "mission.access_same"} {
			if fields := fieldsOf(move(officer(), until, "Motif")); fields["access_until"] != want {
				t.Errorf("until %s: %v, want %s", until, fields, want)
			}
		}
		if fields := fieldsOf(move(officer(), "2026-06-01", " ")); fields["reason"] != "input.required" {
			t.Errorf("without a reason: %v", fields)
		}
		if err := move(evaluator(), "2026-06-01", "Motif"); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("an evaluator extends it: %v", err)
		}
		eight := func() qms.Period { return e.doors.admitted[storetest.AgentID(8)] }
		if err := move(officer(), "2026-08-31", "Visite reportée"); err != nil || eight() != (qms.Period{From: onDay("2026-03-02"), Until: onDay("2026-08-31")}) {
			t.Errorf("extended: %v, %v", err, eight())
		}
		e.at("2026-04-01")
		if fields := fieldsOf(move(officer(), "2026-03-31", "Motif")); fields["access_until"] != "mission.access_past" {
			t.Errorf("in the past: %v", fields)
		}
		if err := move(officer(), "2026-04-01", "Visite finie"); err != nil || e.doors.dismissed[storetest.AgentID(9)].Until != onDay("2026-04-01") {
			t.Errorf("ended: %v, %v", err, e.doors.dismissed)
		}
		if _, err := e.PlanVisit(evaluator(), PlanVisit{At: m.now(), From: onDay("2026-04-05")}); !errors.Is(err, qms.Refuse("mission.not_yours")) {
			t.Errorf("whose access ended plans: %v", err)
		}
		e.at("2026-04-10")
		if err := move(officer(), "2026-09-01", "Seconde visite"); err != nil || eight() != (qms.Period{From: onDay("2026-04-10"), Until: onDay("2026-09-01")}) {
			t.Errorf("opened again: %v, %v", err, eight())
		}
	})
}
