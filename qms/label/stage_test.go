package label

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
)

func onDay(s string) qms.Date { return qms.MustDate(s) }

// The table is made by hand with a calendar: no line of it is computed.
func TestMilestones_AreCountedFromTheAwardByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ awarded, first, second, renewal, end string }{
		{"2026-06-30", "2028-06-30", "2030-06-30", "2031-09-30", "2032-06-30"},
		{"2024-02-29", "2026-02-28", "2028-02-29", "2029-05-29", "2030-02-28"}, // 48 months find the leap day again
		{"2023-02-28", "2025-02-28", "2027-02-28", "2028-05-28", "2029-02-28"}, // not the 29th of a leap year
		{"2026-08-31", "2028-08-31", "2030-08-31", "2031-11-30", "2032-08-31"}, // November has 30 days, August 31 again
		{"2026-01-01", "2028-01-01", "2030-01-01", "2031-04-01", "2032-01-01"},
		{"2025-12-31", "2027-12-31", "2029-12-31", "2031-03-31", "2031-12-31"},
		{"2026-11-30", "2028-11-30", "2030-11-30", "2032-02-29", "2032-11-30"}, // the renewal opens on a leap day
		{"2025-03-30", "2027-03-30", "2029-03-30", "2030-06-30", "2031-03-30"}, // the day of a spring hour
		{"2098-03-01", "2100-03-01", "2102-03-01", "2103-06-01", "2104-03-01"}, // 2100 is no leap year
		{"2096-02-29", "2098-02-28", "2100-02-28", "2101-05-29", "2102-02-28"},
	} {
		var got []string
		for _, m := range MilestonesOf(onDay(c.awarded)) {
			got = append(got, m.On.String())
		}
		if diff := cmp.Diff([]string{c.first, c.second, c.renewal, c.end}, got); diff != "" {
			t.Errorf("awarded %s (-want +got):\n%s", c.awarded, diff)
		}
	}
	if got := onDay("2026-08-31").AddMonths(6); got != onDay("2027-02-28") {
		t.Errorf("31 August + 6 months is %s", got)
	}
}

// engaged is a candidacy that came with its signed letter on the day.
func engaged(on string) []Candidacy {
	return []Candidacy{{ReceivedOn: onDay(on), Signatories: []Signatory{{Name: "Agent 01", SignedOn: onDay(on)}}}}
}

// a whole course: candidate, accompanied, evaluated, awarded, suspended and lifted, followed, renewed.
func course() Facts {
	return Facts{
		Candidacies: engaged("2024-01-10"),
		Accompanied: []qms.Period{{From: onDay("2024-02-01"), Until: onDay("2025-05-01")}},
		Missions: []Mission{
			{Row: qms.Row{ID: "m1"}, Kind: MissionInitial, OpenedOn: onDay("2025-05-20")},
			{Row: qms.Row{ID: "m2"}, Kind: MissionFollowUp24, Label: "l1", OpenedOn: onDay("2027-05-01")},
			{Row: qms.Row{ID: "m3"}, Kind: MissionRenewal, Label: "l1", OpenedOn: onDay("2030-12-01")},
		},
		Decisions: []MissionDecision{
			{Row: qms.Row{ID: "d1"}, Mission: "m1", Date: onDay("2025-08-31"), Outcome: OutcomeAward},
			{Row: qms.Row{ID: "d2"}, Mission: "m2", Date: onDay("2027-09-20"), Outcome: OutcomeConfirmed},
			{Row: qms.Row{ID: "d3"}, Mission: "m3", Date: onDay("2031-06-01"), Outcome: OutcomeAward},
		},
		Labels: []Label{
			{Row: qms.Row{ID: "l1"}, Number: "LAB-2025-001", Mission: "m1", Decision: "d1", AwardedOn: onDay("2025-08-31")},
			{Row: qms.Row{ID: "l2"}, Number: "LAB-2031-001", Mission: "m3", Decision: "d3", AwardedOn: onDay("2031-08-31"), Renews: "l1"},
		},
		Events: []AwardEvent{
			{Label: "l1", Kind: EventSuspended, Date: onDay("2026-03-01"), EnteredAt: time.Unix(1, 0)},
			{Label: "l1", Kind: EventLifted, Date: onDay("2026-06-01"), EnteredAt: time.Unix(2, 0)},
		},
	}
}

func TestStanding_FollowsTheWayOfThePlatform(t *testing.T) {
	t.Parallel()
	f := course()
	for _, c := range []struct {
		on    string
		stage Stage
		since string
		next  string
	}{
		{"2024-01-09", StageIdentified, "", ""},
		{"2024-01-10", StageCandidate, "2024-01-10", ""},
		{"2024-02-01", StageAccompanied, "2024-02-01", ""},
		{"2025-04-30", StageAccompanied, "2024-02-01", ""},
		{"2025-05-01", StageCandidate, "2025-05-01", ""}, // it waits for its evaluation
		{"2025-05-20", StageEvaluation, "2025-05-20", ""},
		{"2025-08-30", StageEvaluation, "2025-05-20", ""},
		{"2025-08-31", StageLabelled, "2025-08-31", "follow-up-24 2027-08-31"},
		{"2026-02-28", StageLabelled, "2025-08-31", "follow-up-24 2027-08-31"},
		{"2026-03-01", StageSuspended, "2026-03-01", "follow-up-24 2027-08-31"},
		{"2026-06-01", StageLabelled, "2025-08-31", "follow-up-24 2027-08-31"},
		{"2027-09-19", StageLabelled, "2025-08-31", "follow-up-24 2027-08-31"}, // late
		{"2027-09-20", StageLabelled, "2025-08-31", "follow-up-48 2029-08-31"},
		{"2031-05-31", StageLabelled, "2025-08-31", "follow-up-48 2029-08-31"}, // never made: it stays what is next
		{"2031-08-30", StageLabelled, "2025-08-31", "follow-up-48 2029-08-31"},
		{"2031-08-31", StageLabelled, "2031-08-31", "follow-up-24 2033-08-31"},
		{"2037-08-30", StageLabelled, "2031-08-31", "follow-up-24 2033-08-31"},
		{"2037-08-31", StageExpired, "2037-08-31", ""},
	} {
		s := f.StandingOn(onDay(c.on))
		next := ""
		if s.Next.On != 0 {
			next = string(s.Next.Kind) + " " + s.Next.On.String()
		}
		if s.Stage != c.stage || s.Since.String() != c.since || next != c.next {
			t.Errorf("on %s: %s since %s, next %q; want %s since %s, next %q", c.on, s.Stage, s.Since, next, c.stage, c.since, c.next)
		}
	}
}

func TestStanding_EndsByDateAndByDecision(t *testing.T) {
	t.Parallel()
	f := course()
	f.Labels, f.Missions, f.Decisions = f.Labels[:1], f.Missions[:1], f.Decisions[:1]
	if s := f.StandingOn(onDay("2031-08-30")); s.Stage != StageLabelled || s.Until != onDay("2031-08-31") {
		t.Errorf("on its last day: %+v", s)
	}
	if s := f.StandingOn(onDay("2031-08-31")); s.Stage != StageExpired || s.Next.On != 0 || s.Label == nil {
		t.Errorf("on the day of its end: %+v", s)
	}
	f.Events = append(f.Events, AwardEvent{Label: "l1", Kind: EventWithdrawn, Date: onDay("2028-02-01")})
	if s := f.StandingOn(onDay("2028-02-01")); s.Stage != StageWithdrawn || s.Since != onDay("2028-02-01") || s.Until != 0 {
		t.Errorf("withdrawn: %+v", s)
	}
	f.Candidacies = engaged("2028-10-01") // it begins again
	if s := f.StandingOn(onDay("2028-10-01")); s.Stage != StageCandidate || s.Since != onDay("2028-10-01") {
		t.Errorf("candidate again: %+v", s)
	}
	f.Events[len(f.Events)-1].Void = "entered twice"
	if s := f.StandingOn(onDay("2028-10-01")); s.Stage != StageLabelled {
		t.Errorf("with the withdrawal void: %+v", s)
	}
	refused := Facts{Candidacies: engaged("2026-01-01"),
		Missions:  []Mission{{Row: qms.Row{ID: "m"}, Kind: MissionInitial, OpenedOn: onDay("2026-02-01")}},
		Decisions: []MissionDecision{{Mission: "m", Outcome: OutcomeRefusal, Date: onDay("2026-05-01")}}}
	if s := refused.StandingOn(onDay("2026-05-01")); s.Stage != StageRefused || s.Since != onDay("2026-05-01") {
		t.Errorf("refused: %+v", s)
	}
	refused.Missions = append(refused.Missions, Mission{Row: qms.Row{ID: "n"}, Kind: MissionInitial, OpenedOn: onDay("2026-09-01")})
	if s := refused.StandingOn(onDay("2026-09-01")); s.Stage != StageEvaluation || s.Since != onDay("2026-09-01") {
		t.Errorf("evaluated again: %+v", s)
	}
}
