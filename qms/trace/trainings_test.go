package trace

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// trainedIn records a session of p2 and p3 on two pieces of equipment.
func trainedIn(t *testing.T, s fixture, ctx context.Context) (*GroupSession, *Equipment) {
	t.Helper()
	other := must(s.AddEquipment(ctx, AddEquipment{Platform: platform, Code: "EQ-2", Name: "Balance"}))(t)
	g := must(s.RecordSession(ctx, RecordSession{Platform: platform, People: []qms.ID{"p2", "p3", "p2"}, Equipment: []qms.ID{s.equipment.ID, other.ID},
		SessionTerms: SessionTerms{Date: day("2026-03-02"), Trainer: "p1", Kind: InitialTraining, Months: 12, Procedure: "mo-1", Place: "Salle 101", Minutes: 90}}))(t)
	return g, other
}

func taught(t *testing.T, db *store.DB) fixture {
	t.Helper()
	s := furnished(t, db)
	three := members{people: append(agents.people[:2:2], Person{ID: "p3", Code: "P03", Name: "Agent 03", Email: "agent03@plateforme.example"}), instructions: agents.instructions}
	s.Service = New(db, three, three)
	return s
}

func TestGroupSession_TrainsEachPersonOnEachPieceInOneAct(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := taught(t, db), storetest.As(qms.QualityLead, platform)
		g, _ := trainedIn(t, s, ctx)
		sheet := must(s.SessionSheet(ctx, platform, g.Number))(t)
		if g.Number != "SES-2026-0001" || len(sheet.People) != 2 || len(sheet.Equipment) != 2 || sheet.Count() != 4 {
			t.Errorf("the session: %+v", sheet)
		}
		got := sheet.People[1].Trainings[1]
		if got.Person != "p3" || got.Months != 12 || got.Procedure != "MO-1" || got.ProcedureVersion != "2.0" || got.Session != g.ID {
			t.Errorf("a training of it, with the version in force that day: %+v", got)
		}
		page := must(s.Sessions(ctx, platform, SessionFilter{}, qms.Cursor{}))(t)
		if len(page.Items) != 1 || page.Items[0].People != 2 || len(page.Items[0].Equipment) != 2 {
			t.Errorf("in the list: %+v", page.Items)
		}
	})
}

func TestGroupSession_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := taught(t, db), storetest.As(qms.QualityLead, platform)
		trainedIn(t, s, ctx)
		terms := SessionTerms{Date: day("2026-03-02"), Trainer: "p1"}
		for name, c := range map[string]struct {
			cmd  RecordSession
			want map[string]string
		}{
			"nobody on nothing": {RecordSession{SessionTerms: terms}, map[string]string{"people": "input.required", "equipment": "input.required"}},
			"the trainer":       {RecordSession{People: []qms.ID{"p1"}, Equipment: []qms.ID{s.equipment.ID}, SessionTerms: terms}, map[string]string{"trainer": "training.own_trainer"}},
			"strangers": {RecordSession{People: []qms.ID{"p8", "p9"}, Equipment: []qms.ID{"e9"}, SessionTerms: terms},
				map[string]string{"people": "person.not_member", "equipment": "equipment.not_here"}},
			"twice a day": {RecordSession{People: []qms.ID{"p3"}, Equipment: []qms.ID{s.equipment.ID}, SessionTerms: terms}, map[string]string{"people": "training.same_day"}},
			"two ends": {RecordSession{People: []qms.ID{"p3"}, Equipment: []qms.ID{s.equipment.ID},
				SessionTerms: SessionTerms{Date: day("2026-03-02"), Trainer: "p1", Months: 1, Through: day("2027-01-01")}}, map[string]string{"through": "training.two_ends"}},
		} {
			c.cmd.Platform = platform
			_, err := s.RecordSession(ctx, c.cmd)
			if diff := cmp.Diff(c.want, wrong(err)); diff != "" {
				t.Errorf("%s, -want +got:\n%s", name, diff)
			}
		}
		if _, err := s.RecordSession(storetest.As(qms.Member, platform), RecordSession{Platform: platform}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a member: %v", err)
		}
	})
}

func TestGroupSession_HandsItsCorrectionOnAndItsVoid(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := taught(t, db), storetest.As(qms.QualityLead, platform)
		g, _ := trainedIn(t, s, ctx)
		sheet := must(s.SessionSheet(ctx, platform, g.Number))(t)
		alone, gone := sheet.People[0].Trainings[0], sheet.People[0].Trainings[1]
		own := RecordTraining{Platform: platform, Person: alone.Person, Equipment: alone.Equipment, Trainer: "p1", Date: alone.Date, Months: 6}
		must(s.CorrectTraining(ctx, Target{platform, alone.ID, 1, "six mois seulement"}, own))(t)
		must(s.VoidTraining(ctx, Target{platform, gone.ID, 1, "absent"}))(t)
		terms := SessionTerms{Date: day("2026-03-03"), Trainer: "p1", Months: 24, Procedure: "MO-1", ProcedureVersion: "2.0"}
		if _, err := s.CorrectSession(ctx, Target{platform, g.ID, 1, " "}, terms); wrong(err)["reason"] != "input.required" {
			t.Errorf("without a reason: %v", err)
		}
		must(s.CorrectSession(ctx, Target{platform, g.ID, 1, "le lendemain"}, terms))(t)
		sheet = must(s.SessionSheet(ctx, platform, g.Number))(t)
		one, two, three := sheet.People[0].Trainings[0], sheet.People[0].Trainings[1], sheet.People[1].Trainings[0]
		if one.Date != day("2026-03-03") || one.Months != 6 || two.Date != day("2026-03-02") || two.Void == "" || three.Date != day("2026-03-03") || three.Months != 24 {
			t.Errorf("after the correction:\n%+v\n%+v\n%+v", one, two, three)
		}
		if _, err := s.CorrectSession(ctx, Target{platform, g.ID, 1, "x"}, terms); qms.CodeOf(err) != qms.CodeConflict {
			t.Errorf("at an old revision: %v", err)
		}
		must(s.VoidSession(ctx, Target{platform, g.ID, 2, "n’a pas eu lieu"}))(t)
		sheet = must(s.SessionSheet(ctx, platform, g.Number))(t)
		if sheet.Session.Void == "" || sheet.Count() != 0 || sheet.People[0].Trainings[1].Void != "absent" {
			t.Errorf("after the void: %+v", sheet)
		}
		status := must(s.TrainingStatus(ctx, platform, AskStatus{"P03", "EQ-2"}, 0))(t)
		if status.Check != U01 {
			t.Errorf("who was there: %+v", status)
		}
		if err := second(s.CorrectSession(ctx, Target{platform, g.ID, 3, "x"}, terms)); qms.CodeOf(err) != qms.CodeConflict {
			t.Errorf("a void session is corrected: %v", err)
		}
	})
}

func TestRenew_FollowsEachTrainingByOneOfTheVersionInForce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := taught(t, db), storetest.As(qms.QualityLead, platform)
		old := must(s.RecordTraining(ctx, RecordTraining{Platform: platform, Person: "p3", Equipment: s.equipment.ID, Trainer: "p1", Date: day("2025-05-05"), Months: 12, Procedure: "MO-1", ProcedureVersion: "1"}))(t)
		cmd := RenewTrainings{Platform: platform, Of: []qms.ID{old.ID, old.ID}, Date: day("2026-05-05"), Trainer: "p1", Months: 12}
		got := must(s.RenewTrainings(ctx, cmd))(t)
		if len(got) != 1 || got[0].Kind != RenewedTraining || got[0].Person != "p3" || got[0].Procedure != "MO-1" || got[0].ProcedureVersion != "2.0" {
			t.Errorf("renewed: %+v", got)
		}
		sheet := must(s.TrainingSheet(ctx, platform, old.ID))(t)
		if sheet.Standing != Superseded || len(sheet.Chain) != 2 || sheet.Chain[0].Training.ID != got[0].ID {
			t.Errorf("the one before: %+v", sheet)
		}
		if _, err := s.RenewTrainings(ctx, cmd); wrong(err)["of"] != "training.same_day" {
			t.Errorf("twice: %v", err)
		}
		cmd.Date = day("2025-05-05")
		if _, err := s.RenewTrainings(ctx, cmd); wrong(err)["date"] != "training.renewed_before" {
			t.Errorf("not after it: %v", err)
		}
		if _, err := s.RenewTrainings(ctx, RenewTrainings{Platform: platform, Of: []qms.ID{"x"}}); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("an unknown one: %v", err)
		}
		if _, err := s.RenewTrainings(ctx, RenewTrainings{Platform: platform}); wrong(err)["of"] != "training.none_chosen" {
			t.Errorf("none: %v", err)
		}
	})
}

func TestRequalification_IsProposedForTheOlderMajorVersionAndOnlyWarns(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := taught(t, db), storetest.As(qms.QualityLead, platform)
		must(s.RecordTraining(ctx, RecordTraining{Platform: platform, Person: "p3", Equipment: s.equipment.ID, Trainer: "p1", Date: day("2026-01-10"), Months: 24, Procedure: "MO-1"}))(t)
		for on, want := range map[string]int{"2026-01-31": 0, "2026-02-01": 1, "2026-06-30": 1} {
			if q := must(s.Requalifications(ctx, platform, day(on)))(t); len(q.Proposals) != want || q.Open() != want {
				t.Errorf("on %s: %+v", on, q)
			}
		}
		cmd := DecideRequalification{Platform: platform, Procedure: "mo-1", Version: "2", Required: true, DueOn: day("2026-09-30"), Reason: "nouvelle chambre"}
		d := must(s.DecideRequalification(ctx, cmd))(t)
		if d.Since != day("2026-02-01") || d.DecidedOn != day("2026-06-30") {
			t.Errorf("decided %+v", d)
		}
		status := must(s.TrainingStatus(ctx, platform, AskStatus{"P03", "EQ-1"}, 0))(t)
		if !status.Allowed() || status.Requalify == nil || status.Requalify.DueOn != day("2026-09-30") {
			t.Errorf("a warning that refuses nothing: %+v", status)
		}
		sheet := must(s.PersonSheet(ctx, platform, "p03", 0))(t)
		if len(sheet.Skills) != 1 || sheet.Skills[0].Requalify == nil || sheet.Skills[0].Cover.Standing != Valid {
			t.Errorf("on the sheet: %+v", sheet.Skills)
		}
		cmd.Required, cmd.DueOn, cmd.Reason = false, 0, "changement de forme"
		must(s.DecideRequalification(ctx, cmd))(t)
		if status := must(s.TrainingStatus(ctx, platform, AskStatus{"P03", "EQ-1"}, 0))(t); status.Requalify != nil {
			t.Errorf("after the other decision: %+v", status)
		}
		if q := must(s.Requalifications(ctx, platform, 0))(t); q.Open() != 0 || q.Proposals[0].Decision.Required {
			t.Errorf("after the other decision: %+v", q)
		}
		must(s.RecordTraining(ctx, RecordTraining{Platform: platform, Person: "p3", Equipment: s.equipment.ID, Trainer: "p1", Date: day("2026-06-01"), Months: 24, Procedure: "MO-1", Kind: RenewedTraining}))(t)
		if q := must(s.Requalifications(ctx, platform, 0))(t); len(q.Proposals) != 0 {
			t.Errorf("after the new training: %+v", q)
		}
		for key, bad := range map[string]DecideRequalification{
			"reason": {Platform: platform, Procedure: "MO-1", Version: "2.0"},
			"due_on": {Platform: platform, Procedure: "MO-1", Version: "2.0", DueOn: day("2026-12-01"), Reason: "x"},
		} {
			if _, err := s.DecideRequalification(ctx, bad); len(wrong(err)) != 1 || wrong(err)[key] == "" {
				t.Errorf("%s: %v", key, err)
			}
		}
		if _, err := s.DecideRequalification(ctx, DecideRequalification{Platform: platform, Procedure: "MO-9", Version: "2.0", Reason: "x"}); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("an unknown procedure: %v", err)
		}
	})
}

func TestTrainers_HoldForTheirDaysAndNotTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := taught(t, db), storetest.As(qms.QualityLead, platform)
		cmd := NameTrainer{Platform: platform, Person: "p2", Equipment: s.equipment.ID, From: day("2026-01-01")}
		first := must(s.NameTrainer(ctx, cmd))(t)
		if _, err := s.NameTrainer(ctx, cmd); wrong(err)["from"] != "trainer.already" {
			t.Errorf("twice: %v", err)
		}
		if _, err := s.EndTrainer(ctx, Target{platform, first.ID, 1, ""}, day("2026-01-01")); wrong(err)["until"] != "trainer.ends_before" {
			t.Errorf("ended before it began: %v", err)
		}
		must(s.EndTrainer(ctx, Target{platform, first.ID, 1, "départ"}, day("2026-04-01")))(t)
		for on, want := range map[string]int{"2025-12-31": 0, "2026-01-01": 1, "2026-03-31": 1, "2026-04-01": 0} {
			if got := must(s.Trainers(ctx, platform, TrainerFilter{AsOf: day(on)}))(t); len(got) != want {
				t.Errorf("on %s: %+v", on, got)
			}
		}
		cmd.From = day("2026-04-01")
		again := must(s.NameTrainer(ctx, cmd))(t)
		must(s.VoidTrainer(ctx, Target{platform, again.ID, 1, "erreur"}))(t)
		all := must(s.Trainers(ctx, platform, TrainerFilter{Past: true}))(t)
		if len(all) != 2 || all[0].Acts || all[1].Acts || all[1].Trainer.Void != "erreur" {
			t.Errorf("of all times: %+v", all)
		}
		if _, err := s.NameTrainer(storetest.As(qms.Member, platform), cmd); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("by a member: %v", err)
		}
	})
}

// few finds one person in one statement, as the room of persons does.
type few struct{ members }

func (f few) PersonBy(ctx context.Context, r store.Reader, platform qms.ID, who string) (Person, error) {
	rows, err := r.Query(ctx, "SELECT 1")
	if err != nil {
		return Person{}, err
	}
	defer rows.Close()
	return New(nil, f.members, f.members).personBy(ctx, r, platform, who)
}

func (f few) NamesOf(context.Context, store.Reader, []qms.ID) (map[qms.ID]string, error) {
	return map[qms.ID]string{}, nil
}

func TestTrainingStatus_TakesTwoStatementsAndNamesEachReason(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		gone := members{people: append(agents.people[:2:2], Person{ID: "p3", Code: "P03", Name: "Agent 03", Until: day("2026-05-01")}), instructions: agents.instructions}
		s.Service = New(db, gone, gone).FindPeopleBy(few{gone})
		retired := must(s.AddEquipment(lead, AddEquipment{Platform: platform, Code: "EQ-9", Name: "Ancien", Commissioned: day("2026-02-01"), Retired: day("2026-04-01")}))(t)
		must(s.NameTrainer(lead, NameTrainer{Platform: platform, Person: "p1", Equipment: retired.ID, From: day("2026-01-01"), Until: day("2026-03-01")}))(t)
		for _, c := range []struct {
			person, equipment, on string
			trainer               bool
			want                  []Reason
		}{
			{"p02", "eq-1", "2026-06-30", false, nil},
			{"P02", string(s.equipment.ID), "2027-01-02", false, []Reason{"U02"}},
			{"p1", "EQ-9", "2026-01-15", true, []Reason{"U01", EquipmentNotYet}},
			{"P03", "EQ-9", "2026-06-01", false, []Reason{"U01", EquipmentRetired, MembershipElapsed}},
		} {
			ctx, counter := store.CountStatements(storetest.As(qms.Member, platform))
			got := must(s.TrainingStatus(ctx, platform, AskStatus{c.person, c.equipment}, day(c.on)))(t)
			if diff := cmp.Diff(c.want, got.Reasons); diff != "" || got.Allowed() != (len(c.want) == 0) || got.Trainer != c.trainer {
				t.Errorf("%s on %s on %s: %+v", c.person, c.equipment, c.on, got)
			}
			if n := counter.Count(); n > 2 {
				t.Errorf("it took %d statements, want at most 2", n)
			}
		}
		asks := []AskStatus{{"P02", "EQ-1"}, {"P02", "EQ-0"}, {"nobody\x00", "EQ-1"}, {"P03", "EQ-9"}}
		many := must(s.TrainingStatuses(lead, platform, asks, day("2026-06-01")))(t)
		if len(many) != 4 || !many[0].Allowed() || !cmp.Equal(many[1].Reasons, []Reason{EquipmentUnknown}) ||
			!cmp.Equal(many[2].Reasons, []Reason{PersonUnknown}) || len(many[3].Reasons) != 3 {
			t.Errorf("many at once: %+v", many)
		}
		for _, a := range []AskStatus{{"", "EQ-1"}, {"P02", ""}, {"P02", "EQ-0"}, {"P99", "EQ-1"}, {"\x00", "\xff"}} {
			if _, err := s.TrainingStatus(lead, platform, a, 0); qms.CodeOf(err) != qms.CodeNotFound {
				t.Errorf("%q: %v", a, err)
			}
		}
		if _, err := s.TrainingStatus(storetest.As(qms.User, platform), platform, asks[0], 0); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a user of equipment asks of others: %v", err)
		}
	})
}

func TestSkills_NarrowTheMatrixAndPageIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := imported(t, db), storetest.As(qms.Auditor, platform)
		whole := must(s.Skills(ctx, platform, SkillFilter{}))(t)
		var walked []Person
		for after, pages := "", 0; pages < 100; pages++ {
			page := must(whole.Page(qms.Cursor{After: after, Size: 7}))(t)
			walked = append(walked, page.Items...)
			if after = page.Next; after == "" {
				break
			}
		}
		if diff := cmp.Diff(whole.People, walked); diff != "" || len(walked) < 10 {
			t.Errorf("page by page, of %d:\n%s", len(walked), diff)
		}
		for _, standing := range []Standing{Valid, Expiring, Expired, ToRequalify} {
			var want []Person
			for _, p := range whole.People {
				for _, e := range whole.Equipment {
					if whole.Covers[Pair{p.ID, e.ID}].Standing == standing {
						want = append(want, p)
						break
					}
				}
			}
			got := must(s.Skills(ctx, platform, SkillFilter{Standing: standing}))(t).People
			if len(got) != len(want) || len(want) > 0 && !cmp.Equal(got, want) {
				t.Errorf("who has something %s: %d people, want %d", standing, len(got), len(want))
			}
		}
		one := must(s.Skills(ctx, platform, SkillFilter{Text: whole.People[3].Code}))(t)
		if len(one.People) == 0 || one.People[0].ID != whole.People[3].ID {
			t.Errorf("by code: %+v", one.People)
		}
		if _, err := whole.Page(qms.Cursor{After: "!"}); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("by a broken cursor: %v", err)
		}
	})
}

func TestOwnSkills_AreThoseOfWhoAsks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := furnished(t, db)
		me := qms.WithActor(t.Context(), qms.Actor{ID: "p2", Name: "Agent 02", Grants: []qms.Grant{{Role: qms.User, Platform: platform}}})
		own := must(s.OwnSkills(me, []qms.ID{platform, "elsewhere"}))(t)
		if len(own) != 1 || len(own[0].Skills) != 1 || own[0].Skills[0].Equipment.Code != "EQ-1" || own[0].Skills[0].Last.Trainer.Name != "Agent 01" {
			t.Errorf("own: %+v", own)
		}
		other := qms.WithActor(t.Context(), qms.Actor{ID: "p1", Name: "Agent 01", Grants: []qms.Grant{{Role: qms.User, Platform: platform}}})
		if own := must(s.OwnSkills(other, []qms.ID{platform}))(t); len(own) != 0 {
			t.Errorf("of somebody else: %+v", own)
		}
		if _, err := s.OwnSkills(t.Context(), []qms.ID{platform}); qms.CodeOf(err) != qms.CodeUnauthenticated {
			t.Errorf("of nobody: %v", err)
		}
	})
}
