package label

import (
	"context"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestStandingsOn_AsksTheSameOfTwoPlatformsAndOf128(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, platforms := programmeOf(t, db)
		asked := func(of []qms.ID) (n int, standings map[qms.ID]Standing) {
			ctx, counter := store.CountStatements(r.officer)
			err := db.View(ctx, qms.AccompanyPlatform.OnSite(), func(v store.Reader) (err error) {
				standings, err = StandingsOn(ctx, v, of, onDay("2026-06-30"))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return counter.Count(), standings
		}
		two, _ := asked(platforms[:2])
		named, of := asked(platforms)
		all, every := asked(nil)
		t.Logf("%d statements", all)
		if two != named || two != all || all > 8 || len(of) != 128 || len(every) != 128 || of[candidatePlatform].Stage != StageLabelled {
			t.Errorf("%d, %d and %d statements for 2, for 128 and for all; %d and %d standings", two, named, all, len(of), len(every))
		}
	})
}

// leavers are candidates whose Agent 02 leaves the programme on 1 June 2026.
type leavers struct{ candidates }

func (leavers) Holders(ctx context.Context, r store.Reader, on qms.ID, day qms.Date) ([]Holder, error) {
	all, err := candidates{}.Holders(ctx, r, on, day)
	if on != "" || day < onDay("2026-06-01") {
		return all, err
	}
	return all[2:], err
}

func TestOfficers_WhoLeftTheProgrammeLooksAfterNobody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := candidacyRoomOf(t, db)
		gone := storetest.AgentID(2)
		got(r.NameOfficer(r.officer, NameOfficer{Platform: candidatePlatform, Person: gone, From: onDay("2026-01-01")}))(t)
		got(r.NameOfficer(r.officer, NameOfficer{Platform: otherPlatform, Person: gone, From: onDay("2026-01-01")}))(t)
		cmd := r.stated()
		for i := range cmd.Signatories {
			cmd.Signatories[i].SignedOn = onDay("2026-05-20")
		}
		got(r.ReceiveCandidacy(r.officer, cmd))(t)
		got(r.StartAccompaniment(r.officer, StartAccompaniment{Platform: otherPlatform, PlanTerms: PlanTerms{Start: onDay("2026-05-01"), Months: 12, Officer: storetest.AgentID(9)}}))(t)
		after := New(db, leavers{})
		err := db.View(r.officer, qms.AccompanyPlatform.OnSite(), func(v store.Reader) error {
			for day, want := range map[string]qms.ID{"2026-05-31": gone, "2026-06-01": ""} {
				found, err := after.inCharge(r.officer, v, nil, onDay(day))
				if err != nil {
					return err
				}
				if found[candidatePlatform] != want {
					t.Errorf("on %s %q looks after it", day, found[candidatePlatform])
				}
			}
			due, err := after.candidacyDues(r.officer, v, []qms.ID{candidatePlatform}, onDay("2026-06-30"), onDay("2027-01-01"))
			if len(due) != 1 || due[0].Person != "" {
				t.Errorf("who left is asked: %+v", due)
			}
			// who leads the accompaniment is shown where who was named has left
			p := &Portfolio{Day: onDay("2026-06-30"), Lines: []PortfolioLine{{Platform: candidatePlatform, Officer: gone}, {Platform: otherPlatform, Officer: gone, leads: storetest.AgentID(9)}}}
			if err := after.settleOfficers(r.officer, v, p); err != nil {
				return err
			}
			if p.Lines[0].Officer != "" || p.Lines[1].Officer != storetest.AgentID(9) || len(p.Names) != 1 {
				t.Errorf("shown: %+v, %v", p.Lines, p.Names)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		sheet := got(after.Candidacies(r.officer, candidatePlatform))(t)
		if _, named := sheet.Officer(); named || !sheet.Officers[0].Left {
			t.Errorf("the candidacy names %+v", sheet.Officers)
		}
	})
}
