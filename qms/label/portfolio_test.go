package label

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// programmeOf fills 128 platforms on 2026-06-30: each is a candidate, every second one accompanied with a
// session to come and two deliverables, and one holds a label awarded in 2024 with its condition.
func programmeOf(t *testing.T, db *store.DB) (candidacyRoom, []qms.ID) {
	t.Helper()
	e := evaluating(t, db)
	e.awarded("2024-02-09")
	r := candidacyRoomOf(t, db)
	var platforms []qms.ID
	for n := range 128 {
		p := qms.ID(fmt.Sprintf("00000000-0000-7000-8000-00000001%04d", n))
		if n == 0 {
			p = candidatePlatform
		}
		platforms = append(platforms, p)
		cmd := r.stated()
		cmd.Target = Target{Platform: p}
		cmd.Team = nil
		if n%3 > 0 {
			for i := range cmd.Signatories {
				cmd.Signatories[i].SignedOn = onDay("2026-05-20")
			}
		}
		got(r.ReceiveCandidacy(r.officer, cmd))(t)
		got(r.NameOfficer(r.officer, NameOfficer{Platform: p, Person: storetest.AgentID(2 + 7*(n%2)), From: onDay("2026-01-01")}))(t)
		if n%2 == 0 {
			continue
		}
		got(r.StartAccompaniment(r.officer, StartAccompaniment{Platform: p, PlanTerms: PlanTerms{Start: onDay("2026-06-01"), Months: 12, Officer: storetest.AgentID(9)}}))(t)
		if n%4 == 1 {
			got(r.PlanMeeting(r.officer, PlanMeeting{Platform: p, MeetingTerms: MeetingTerms{Day: onDay("2026-07-02").AddDays(n), Start: int64(60 * (8 + n%9)), Minutes: 60, Place: "Salle A"}}))(t)
		}
	}
	return r, platforms
}

func TestPortfolio_AgreesWithTheRulesInFewStatements(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, platforms := programmeOf(t, db)
		ctx, counter := store.CountStatements(r.officer)
		p := got(r.Portfolio(ctx, 0))(t)
		t.Logf("%d platforms in %d statements", len(p.Lines), counter.Count())
		if n := counter.Count(); n > 4 || len(p.Lines) != 128 || len(p.Institutions) != 2 || p.Names[storetest.AgentID(9)] != "Agent 09" {
			t.Errorf("%d statements, %d lines, %d institutions, names %v", n, len(p.Lines), len(p.Institutions), p.Names)
		}
		for _, day := range []string{"2024-03-10", "2026-05-19", "2026-05-20", "2026-06-01", "2026-06-30", "2030-02-28"} {
			err := db.View(r.officer, qms.AccompanyPlatform.OnSite(), func(v store.Reader) error {
				return agree(t, r, v, platforms, onDay(day))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// agree holds the portfolio of a day against where the platforms stand and what falls due.
func agree(t *testing.T, r candidacyRoom, v store.Reader, platforms []qms.ID, day qms.Date) error {
	t.Helper()
	p, err := portfolioOn(r.officer, v, day)
	if err != nil {
		return err
	}
	standings, err := StandingsOn(r.officer, v, nil, day)
	if err != nil {
		return err
	}
	due, err := r.Dues(r.officer, v, nil, day, onDay("2100-01-01"))
	if err != nil {
		return err
	}
	owed := map[qms.ID][]string{}
	for _, d := range due {
		owed[d.Platform] = append(owed[d.Platform], d.On.String())
	}
	for _, l := range p.Lines {
		s := standings[l.Platform]
		if l.Standing.Stage != s.Stage || l.Standing.Since != s.Since || l.Standing.Next != s.Next || l.Standing.Until != s.Until {
			t.Errorf("%s, %s: %+v, want %+v", day, l.Platform, l.Standing, s)
		}
		var dates []string
		for _, d := range l.Dates {
			dates = append(dates, d.On.String())
		}
		slices.Sort(owed[l.Platform])
		if diff := cmp.Diff(owed[l.Platform], dates); diff != "" {
			t.Errorf("%s, %s (-dues +portfolio):\n%s", day, l.Platform, diff)
		}
	}
	if len(p.Lines) != len(platforms) {
		t.Errorf("%s: %d lines", day, len(p.Lines))
	}
	return nil
}

func TestPortfolioFilter_NarrowsByWhatIsAsked(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, _ := programmeOf(t, db)
		p := got(r.Portfolio(r.officer, 0))(t)
		count := func(f PortfolioFilter) (n int) {
			for i := range p.Lines {
				if f.Keeps(&p.Lines[i], p.Day) {
					n++
				}
			}
			return n
		}
		for name, c := range map[string]struct {
			f    PortfolioFilter
			want int
		}{
			"all":                {PortfolioFilter{}, 128},
			"labelled":           {PortfolioFilter{Stage: StageLabelled}, 1},
			"accompanied":        {PortfolioFilter{Stage: StageAccompanied}, 64},
			"of one officer":     {PortfolioFilter{Officer: storetest.AgentID(9)}, 64},
			"of nobody":          {PortfolioFilter{Nobody: true}, 0},
			"of the institution": {PortfolioFilter{Institution: r.partner.ID}, 128},
			"of another":         {PortfolioFilter{Institution: r.former.ID}, 0},
			"unknown":            {PortfolioFilter{Stage: "x\x00"}, 0},
		} {
			if n := count(c.f); n != c.want {
				t.Errorf("%s: %d, want %d", name, n, c.want)
			}
		}
		if _, err := r.Portfolio(r.lead, 0); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a quality lead reads the portfolio: %v", err)
		}
	})
}

func TestLoadOf_CountsSessionsUntilThePlannedEndAndWhatIsLateNow(t *testing.T) {
	t.Parallel()
	day, one := onDay("2026-06-30"), storetest.AgentID(2)
	lines := []PortfolioLine{
		{Officer: one, PlannedEnd: onDay("2026-09-20"), Dates: []PortfolioDate{{Kind: dueSession, On: onDay("2026-07-10")}, {Kind: dueDeliverable, On: onDay("2026-07-10")}}},
		{Officer: one, Dates: []PortfolioDate{{Kind: string(MilestoneFollowUp24), On: onDay("2026-02-01")}, {Kind: string(MilestoneEnd), On: onDay("2031-01-01")}}},
		{Dates: []PortfolioDate{{Kind: "letter", On: onDay("2026-08-31")}}},
	}
	var said []string
	for _, l := range LoadOf(lines, day, 4) {
		said = append(said, fmt.Sprint(l.Month, " ", l.Total(EffortSession), l.Total(EffortEvaluation), l.Total(EffortFile), " ", l.Of(one), l.Of(""), l.Sum()))
	}
	// sessions on 10 July, 7 August, 4 September; the next, 2 October, is after the planned end
	want := []string{"2026-06-01 0 1 0 1 0 1", "2026-07-01 1 0 0 1 0 1", "2026-08-01 1 0 1 1 1 2", "2026-09-01 1 0 0 1 0 1"}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
