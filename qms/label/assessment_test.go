package label

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestAnswer_IsCorrectedWithoutLosingThePast(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, refTeam{}).ProveBy(&refProofs{})
		publishedNow(t, s, db, threeCriteria())
		first := todayOf(db)
		a := doneWell(s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: "r-1", Level: PartlyMet, Links: ParseLinks("pr-1\nuti-1"), Gap: "Registre à compléter",
			CloseBy: first.AddDays(30), Person: storetest.AgentID(1)}))(t)
		if diff := cmp.Diff([]Link{{LinkDocument, "PR-1"}, {LinkUse, "UTI-1"}}, a.Links); diff != "" || a.Serial != 1 {
			t.Errorf("answered %+v %s", a, diff)
		}
		same := StateAnswer{Platform: assessedPlatform, Code: "R-1", Serial: 1, Level: PartlyMet, Links: a.Links, Gap: a.Gap, CloseBy: a.CloseBy, Person: a.Person}
		if again := doneWell(s.StateAnswer(theLead(), same))(t); again.Serial != 1 {
			t.Errorf("the same again is %+v", again)
		}
		daysLater(db, 10)
		if _, err := s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: "R-1", Level: FullyMet}); refusedAs(err) != "answer.changed" {
			t.Errorf("by who has not seen it: %v", err)
		}
		b := doneWell(s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: "R-1", Serial: 1, Level: LargelyMet, Links: a.Links}))(t)
		if b.Serial != 2 || b.Thread != a.ID {
			t.Errorf("corrected to %+v", b)
		}
		daysLater(db, 10)
		doneWell(s.RetractAnswer(theLead(), RetractAnswer{Platform: assessedPlatform, Code: "R-1", Serial: 2, Reason: "Mauvais critère"}))(t)
		if a := doneWell(s.Assessment(theLead(), assessedPlatform, first.AddDays(-1)))(t); a.Version != nil {
			t.Errorf("before there was a referential: %+v", a)
		}
		levelOn := func(day qms.Date) Level {
			return doneWell(s.Assessment(theLead(), assessedPlatform, day))(t).Item("R-1").LevelNow()
		}
		got := []Level{levelOn(first), levelOn(first.AddDays(9)), levelOn(first.AddDays(10)), levelOn(first.AddDays(19)), levelOn(first.AddDays(20))}
		if diff := cmp.Diff([]Level{PartlyMet, PartlyMet, LargelyMet, LargelyMet, Unanswered}, got); diff != "" {
			t.Error(diff)
		}
		c := doneWell(s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: "R-1", Level: NotMet}))(t)
		if one := doneWell(s.AnsweredCriterion(theLead(), assessedPlatform, "r-1"))(t); len(one.History) != 3 || c.Serial != 3 || c.Thread != c.ID || one.Todo == "" {
			t.Errorf("afterwards %+v, %+v", c, one)
		}
	})
}

func TestAnswer_MakesSense(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, refTeam{}).ProveBy(&refProofs{})
		if _, err := s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: "R-1", Level: NotMet}); refusedAs(err) != "referential.none_in_effect" {
			t.Errorf("before there is a referential: %v", err)
		}
		publishedNow(t, s, db, threeCriteria())
		day := todayOf(db)
		for want, cmd := range map[string]StateAnswer{
			"level=answer.level_required":        {},
			"level=answer.level_required ":       {Level: "superb"},
			"reason=answer.reason_required":      {Level: NotApplicable},
			"reason=answer.reason_of_applicable": {Level: NotMet, Reason: "x"},
			"gap=answer.gap_of_met":              {Level: FullyMet, Gap: "x"},
			"gap=answer.gap_required":            {Level: NotMet, CloseBy: day},
			"close_by=answer.day_required":       {Level: NotMet, Gap: "x", Person: storetest.AgentID(1)},
			"close_by=answer.close_past":         {Level: NotMet, Gap: "x", CloseBy: day.AddDays(-1)},
			"close_by=date.implausible":          {Level: NotMet, Gap: "x", CloseBy: day.AddMonths(121)},
			"person=answer.person_unknown":       {Level: NotMet, Gap: "x", CloseBy: day, Person: storetest.AgentID(9)},
			"person=answer.person_unknown ":      {Level: NotMet, Gap: "x", CloseBy: day, Person: storetest.AgentID(3)}, // an auditor closes nothing
			"links=answer.link_unknown":          {Level: FullyMet, Links: ParseLinks("XX")},
			"links=answer.link_void":             {Level: FullyMet, Links: ParseLinks("uti-2")},
			"links=answer.too_many_links":        {Level: FullyMet, Links: make([]Link, 31)},
			"gap=text.unreadable":                {Level: NotMet, Gap: "a\x00"},
			"remark=input.too_long":              {Level: NotMet, Remark: strings.Repeat("x", 2001)},
			"links=text.unreadable":              {Level: NotMet, Links: []Link{{"", "a\x01"}}},
			"reason=answer.reason_required ":     {Level: NotApplicable, Reason: "  "},
		} {
			cmd.Platform, cmd.Code = assessedPlatform, "R-1"
			if _, err := s.StateAnswer(theLead(), cmd); refusedAs(err) != "input.invalid "+strings.TrimSpace(want) {
				t.Errorf("want %s, got %s", want, refusedAs(err))
			}
		}
		cmd := StateAnswer{Platform: assessedPlatform, Code: "R-1", Level: FullyMet}
		for role, code := range map[qms.Role]qms.Code{qms.Member: qms.CodeRefused, qms.Auditor: qms.CodeRefused, qms.User: qms.CodeRefused} {
			if _, err := s.StateAnswer(storetest.As(role, assessedPlatform), cmd); qms.CodeOf(err) != code {
				t.Errorf("%s: %v", role, err)
			}
		}
		if _, err := s.StateAnswer(storetest.As(qms.Manager, unassessedPlatform), cmd); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("a manager of another platform: %v", err)
		}
	})
}

func TestAnswer_ShowsEvidenceThatNoLongerStands(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		known := &refProofs{}
		s := New(db, refTeam{}).ProveBy(known)
		publishedNow(t, s, db, threeCriteria())
		a := doneWell(s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: "R-1", Level: FullyMet, Links: ParseLinks("PR-1")}))(t)
		known.withdrawn = true
		item := doneWell(s.Assessment(theLead(), assessedPlatform, 0))(t).Item("R-1")
		if item.Broken() != 1 || !item.Unproved() || item.Proofs[0].Standing != EvidenceWithdrawn {
			t.Errorf("%+v", item)
		}
		b := doneWell(s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: "R-1", Serial: a.Serial, Level: LargelyMet, Links: ParseLinks("PR-1, UTI-1")}))(t)
		if len(b.Links) != 2 {
			t.Errorf("a link that broke since was not kept: %+v", b.Links)
		}
		if _, err := s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: "Q-1", Level: FullyMet, Links: ParseLinks("PR-1")}); refusedAs(err) != "input.invalid links=answer.link_withdrawn" {
			t.Errorf("a new link to what is withdrawn: %v", err)
		}
	})
}

func TestAssessment_CarriesAnswersToTheNextVersion(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, refTeam{}).ProveBy(&refProofs{})
		v := publishedNow(t, s, db, threeCriteria())
		for _, c := range threeCriteria() {
			doneWell(s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: c.Code, Level: FullyMet}))(t)
		}
		daysLater(db, 1)
		doneWell(s.OpenReferential(theOfficer(), OpenReferential{Name: "2", CopyOf: v.Number}))(t)
		wanted := threeCriteria()[:2]
		wanted[1].EvidenceFrench = "Deux preuves"
		wanted[0].Required, wanted[0].Theme = false, Staff // neither asks anew
		wanted = append(wanted, CriterionText{Code: "N-1", Theme: Data, French: "Nouveau", English: "New", EvidenceFrench: "P", EvidenceEnglish: "E"})
		_, next, err := s.TakeReferential(theOfficer(), TakeReferential{Criteria: wanted})
		if err != nil {
			t.Fatal(err)
		}
		doneWell(s.PublishReferential(theOfficer(), PublishReferential{OnReferential: OnReferential{Number: next.Number, Revision: next.Revision}, EffectiveFrom: todayOf(db).AddDays(1)}))(t)
		if a := doneWell(s.Assessment(theLead(), assessedPlatform, 0))(t); a.Coverage().Answered != 3 || a.Version.Number != 1 {
			t.Errorf("before its day: %+v", a.Coverage())
		}
		daysLater(db, 1)
		a := doneWell(s.Assessment(theLead(), assessedPlatform, 0))(t)
		states := map[string]AskedState{}
		for _, item := range a.Items {
			states[item.Code] = item.State
		}
		if diff := cmp.Diff(map[string]AskedState{"Q-1": Carried, "R-1": AskedAgain, "N-1": NeverAsked}, states); diff != "" {
			t.Error(diff)
		}
		if c := a.Coverage(); c.Answered != 1 || c.Total != 3 || c.Asked != 1 || c.Percent() != 33 || c.Required != 1 {
			t.Errorf("coverage %+v", c)
		}
		if again := a.Item("R-1"); again.Before == nil || again.Before.EvidenceFrench != "Preuve" || again.Answer.Level != FullyMet || !a.Item("N-1").New {
			t.Errorf("asked again: %+v", again)
		}
		if len(a.Gone) != 1 || a.Gone[0].Answer.Code != "R-2" || a.Gone[0].Criterion == nil {
			t.Errorf("gone: %+v", a.Gone)
		}
		doneWell(s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: "R-1", Serial: 1, Level: FullyMet}))(t) // the same words are another answer to it
		if a := doneWell(s.Assessment(theLead(), assessedPlatform, 0))(t); a.Item("R-1").State != Answered {
			t.Errorf("answered again: %+v", a.Item("R-1"))
		}
		if a := doneWell(s.Assessment(theLead(), assessedPlatform, todayOf(db).AddDays(-1)))(t); a.Version.Number != 1 || a.Coverage().Answered != 3 {
			t.Errorf("the past has changed: %+v", a.Coverage())
		}
	})
}

func TestCoverageOf_CountsAllPlatformsInThreeStatements(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, refTeam{}).ProveBy(&refProofs{})
		publishedNow(t, s, db, threeCriteria())
		for _, p := range []qms.ID{assessedPlatform, unassessedPlatform} {
			ctx := storetest.As(qms.Manager, p)
			doneWell(s.StateAnswer(ctx, StateAnswer{Platform: p, Code: "Q-1", Level: NotApplicable, Reason: "Pas de clients"}))(t)
			doneWell(s.StateAnswer(ctx, StateAnswer{Platform: p, Code: "R-1", Level: LargelyMet}))(t)
		}
		for _, platforms := range [][]qms.ID{nil, {assessedPlatform, unassessedPlatform}, {assessedPlatform, unassessedPlatform, "00000000-0000-7000-9000-000000000003"}} {
			ctx, counted := store.CountStatements(theOfficer())
			var of map[qms.ID]Coverage
			err := db.View(ctx, qms.AccompanyPlatform.OnSite(), func(r store.Reader) (err error) {
				of, err = CoverageOf(ctx, r, platforms, r.Today())
				return err
			})
			if err != nil || len(of) != max(2, len(platforms)) || counted.Count() != 3 {
				t.Fatalf("%d statements, %+v, %v", counted.Count(), of, err)
			}
			want := ThemeCoverage{Total: 3, Answered: 2, Applicable: 2, Points: 2}
			if c := of[unassessedPlatform]; c.ThemeCoverage != want || c.Percent() != 33 || c.Required != 1 {
				t.Errorf("%+v", c)
			}
		}
	})
}

func TestDues_AskForGapsUntilTheyAreClosed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, refTeam{}).ProveBy(&refProofs{})
		publishedNow(t, s, db, threeCriteria())
		day := todayOf(db).AddDays(20)
		a := doneWell(s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: "R-1", Level: PartlyMet, Gap: "Registre\nà compléter", CloseBy: day, Person: storetest.AgentID(2)}))(t)
		doneWell(s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: "R-2", Level: PartlyMet, Gap: "Sans jour"}))(t)
		dues := func(platforms []qms.ID, until qms.Date) (due []qms.Due) {
			t.Helper()
			err := db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
				due, err = gapDues(storetest.AsSystem(), r, platforms, r.Today(), until)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return due
		}
		want := []qms.Due{{Key: "gap:" + string(a.ID), Kind: "gap", Platform: assessedPlatform, Subject: a.ID, Title: "R-1 Registre", On: day,
			Person: storetest.AgentID(2), Parts: []string{"label", "assessment", "R-1"}, Revision: 1}}
		if diff := cmp.Diff(want, dues(nil, day)); diff != "" {
			t.Error(diff)
		}
		if got := dues(nil, day.AddDays(-1)); len(got) != 0 {
			t.Errorf("before its time: %+v", got)
		}
		if got := dues([]qms.ID{unassessedPlatform}, day); len(got) != 0 {
			t.Errorf("of another platform: %+v", got)
		}
		daysLater(db, 30)
		if got := dues([]qms.ID{assessedPlatform}, todayOf(db)); len(got) != 1 || got[0].Key != want[0].Key {
			t.Errorf("late: %+v", got)
		}
		doneWell(s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: "R-1", Serial: 1, Level: FullyMet}))(t)
		if got := dues(nil, todayOf(db)); len(got) != 0 {
			t.Errorf("closed: %+v", got)
		}
	})
}
