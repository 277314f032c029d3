package label

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

var (
	candidatePlatform = qms.ID("00000000-0000-7000-8000-0000000000a1")
	otherPlatform     = qms.ID("00000000-0000-7000-8000-0000000000a2")
)

// candidates are the persons of the tests: Agent 02 is quality officer of the site from 2020 on, the others
// hold a role on the platform.
type candidates struct{}

func (candidates) NamesOf(_ context.Context, _ store.Reader, persons []qms.ID) (map[qms.ID]string, error) {
	names := map[qms.ID]string{}
	for _, p := range persons {
		names[p] = "Agent " + string(p[len(p)-2:])
	}
	return names, nil
}

func (candidates) Holders(_ context.Context, _ store.Reader, on qms.ID, day qms.Date) ([]Holder, error) {
	switch {
	case on == "" && day >= qms.MustDate("2020-01-01"):
		return []Holder{{Person: storetest.AgentID(1), Name: "Agent 01", Role: qms.Administrator},
			{Person: storetest.AgentID(2), Name: "Agent 02", Role: qms.QualityOfficer}, {Person: storetest.AgentID(9), Name: "Agent 09", Role: qms.QualityOfficer}}, nil
	case on == candidatePlatform:
		return []Holder{{Person: storetest.AgentID(3), Name: "Agent 03", Role: qms.Manager}, {Person: storetest.AgentID(4), Name: "Agent 04", Role: qms.QualityLead}}, nil
	}
	return nil, nil
}

func got[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// fieldsOf is what a refusal says of each field.
func fieldsOf(err error) map[string]string {
	var e *qms.Error
	if !errors.As(err, &e) {
		return map[string]string{"": fmt.Sprint(err)}
	}
	wrong := map[string]string{}
	for _, f := range e.Fields {
		wrong[f.Name] = f.Key
	}
	if len(wrong) == 0 {
		wrong[""] = e.Key
	}
	return wrong
}

type candidacyRoom struct {
	*Service
	officer, lead   context.Context
	partner, former *Institution // of the list of the site
}

// candidacyRoomOf opens the room on 2026-06-30 with two institutions: one is a partner since 2016, the other was one
// until 2025.
func candidacyRoomOf(t *testing.T, db *store.DB) candidacyRoom {
	t.Helper()
	storetest.ClockOf(db).Set(time.Date(2026, 6, 30, 9, 0, 0, 0, time.UTC))
	r := candidacyRoom{Service: New(db, candidates{}), officer: storetest.As(qms.QualityOfficer), lead: storetest.As(qms.QualityLead, candidatePlatform)}
	r.partner = got(r.AddInstitution(r.officer, StateInstitution{ShortName: "U1", Name: "Université 01", PartnerFrom: qms.MustDate("2016-01-01")}))(t)
	r.former = got(r.AddInstitution(r.officer, StateInstitution{ShortName: "O1", Name: "Organisme 01", PartnerFrom: qms.MustDate("2016-01-01"),
		PartnerUntil: qms.MustDate("2025-01-01")}))(t)
	return r
}

// stated is a candidacy in which nothing is wrong; nobody has signed.
func (r candidacyRoom) stated() StateCandidacy {
	return StateCandidacy{Target: Target{Platform: candidatePlatform}, ReceivedOn: qms.MustDate("2026-05-04"), Institutions: []qms.ID{r.partner.ID},
		Signatories: []Signatory{{Name: "Agent 21", Function: "Directeur de l'unité 01"}, {Name: "Agent 22", Function: "Directrice de l'unité 02"}},
		Team:        []TeamMember{{Person: storetest.AgentID(4), Part: "Pilote", Lead: true}, {Name: "Agent 23", Part: "Métrologie"}},
		Staff:       7, Included: "Les deux salles de microscopie"}
}

func (c *Candidacy) target() Target {
	return Target{Platform: c.Platform, ID: c.ID, Revision: c.Revision, Reason: "motif"}
}

func TestOfficersOf_FollowsTheDayFromWhichEachIsNamed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := candidacyRoomOf(t, db)
		name := func(person int, from string) *Officer {
			t.Helper()
			cmd := NameOfficer{Platform: candidatePlatform, From: qms.MustDate(from)}
			if person > 0 {
				cmd.Person = storetest.AgentID(person)
			}
			return got(r.NameOfficer(r.officer, cmd))(t)
		}
		name(2, "2024-01-01")
		mistake := name(9, "2025-03-01")
		name(9, "2025-06-01")
		name(0, "2026-07-01")
		got(r.VoidOfficer(r.officer, Target{Platform: candidatePlatform, ID: mistake.ID, Revision: mistake.Revision, Reason: "erreur de date"}))(t)
		for day, want := range map[string]map[qms.ID]qms.ID{
			"2023-12-31": {}, "2024-01-01": {candidatePlatform: storetest.AgentID(2)}, "2025-05-31": {candidatePlatform: storetest.AgentID(2)},
			"2025-06-01": {candidatePlatform: storetest.AgentID(9)}, "2026-07-01": {},
		} {
			for _, platforms := range [][]qms.ID{nil, {candidatePlatform, otherPlatform}} {
				err := db.View(r.officer, qms.AccompanyPlatform.OnSite(), func(v store.Reader) error {
					found, err := OfficersOn(r.officer, v, platforms, qms.MustDate(day))
					if diff := cmp.Diff(want, found); diff != "" {
						t.Errorf("%s (-want +got):\n%s", day, diff)
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestNameOfficer_RefusesWhoIsNoQualityOfficerAndWhoMayNotName(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := candidacyRoomOf(t, db)
		got(r.NameOfficer(r.officer, NameOfficer{Platform: candidatePlatform, Person: storetest.AgentID(2)}))(t)
		for name, c := range map[string]struct {
			cmd  NameOfficer
			want map[string]string
		}{
			"a manager":          {NameOfficer{Person: storetest.AgentID(3), From: qms.MustDate("2026-01-01")}, map[string]string{"person": "officer.not_an_officer"}},
			"an administrator":   {NameOfficer{Person: storetest.AgentID(1), From: qms.MustDate("2026-01-01")}, map[string]string{"person": "officer.not_an_officer"}},
			"before the role":    {NameOfficer{Person: storetest.AgentID(2), From: qms.MustDate("2019-12-31")}, map[string]string{"person": "officer.not_an_officer"}},
			"twice on one day":   {NameOfficer{Person: storetest.AgentID(9)}, map[string]string{"from": "officer.named_that_day"}},
			"in another century": {NameOfficer{Person: storetest.AgentID(2), From: qms.MustDate("2926-01-01")}, map[string]string{"from": "date.implausible"}},
		} {
			c.cmd.Platform = candidatePlatform
			_, err := r.NameOfficer(r.officer, c.cmd)
			if diff := cmp.Diff(c.want, fieldsOf(err)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if _, err := r.NameOfficer(r.lead, NameOfficer{Platform: candidatePlatform, Person: storetest.AgentID(2)}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a quality lead names: %v", err)
		}
	})
}

func TestDecideCandidacy_WantsAPartnerOfThatDayAndTheWholeLetter(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := candidacyRoomOf(t, db)
		cmd := r.stated()
		cmd.Institutions, cmd.Team[0].Lead = []qms.ID{r.former.ID}, false
		c := got(r.ReceiveCandidacy(r.lead, cmd))(t)
		decide := func(on string) error {
			after, err := r.DecideCandidacy(r.officer, DecideCandidacy{Target: c.target(), Decision: Eligible, On: qms.MustDate(on)})
			if err == nil {
				c = after
			}
			return err
		}
		all := got(r.Institutions(r.officer))(t)
		if diff := cmp.Diff([]Obstacle{NoPartner, LetterUnsigned, NoLead}, c.Obstacles(all, qms.MustDate("2026-06-01"))); diff != "" {
			t.Error(diff)
		}
		if err := decide("2026-06-01"); fieldsOf(err)["decision"] == "" {
			t.Errorf("eligible with three obstacles: %v", err)
		}
		cmd = r.stated()
		cmd.Target, cmd.Institutions = c.target(), []qms.ID{r.former.ID, r.partner.ID}
		c = got(r.CorrectCandidacy(r.lead, cmd))(t)
		for i, on := range []string{"2026-05-10", "2026-05-20"} {
			c = got(r.SignLetter(r.lead, SignLetter{Target: c.target(), Signatory: i + 1, On: qms.MustDate(on)}))(t)
		}
		if err := decide("2026-05-19"); fieldsOf(err)["decision"] != "candidacy.obstacle_letter" {
			t.Errorf("eligible before the last signature: %v", err)
		}
		if err := decide("2026-05-01"); fieldsOf(err)["on"] != "candidacy.decided_before" {
			t.Errorf("eligible before it came: %v", err)
		}
		if err := decide("2026-05-20"); err != nil {
			t.Fatal(err)
		}
		if !c.EligibleOn(qms.MustDate("2026-05-20")) || c.EligibleOn(qms.MustDate("2026-05-19")) || c.DecidedBy != storetest.AgentID(2) {
			t.Errorf("decided %+v", c)
		}
		cmd.Target = c.target()
		if _, err := r.CorrectCandidacy(r.lead, cmd); !errors.Is(err, qms.Conflict("candidacy.decided")) {
			t.Errorf("the platform corrects what was decided on: %v", err)
		}
		if _, err := r.DecideCandidacy(r.lead, DecideCandidacy{Target: c.target(), Decision: Ineligible, On: qms.MustDate("2026-05-20")}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("the platform decides: %v", err)
		}
	})
}

func TestReceiveCandidacy_KeepsOneCurrentAndTheHistory(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := candidacyRoomOf(t, db)
		first := got(r.ReceiveCandidacy(r.lead, r.stated()))(t)
		if _, err := r.ReceiveCandidacy(r.lead, r.stated()); !errors.Is(err, qms.Conflict("candidacy.current")) {
			t.Errorf("two at once: %v", err)
		}
		first = got(r.DecideCandidacy(r.officer, DecideCandidacy{Target: first.target(), Decision: Ineligible, On: qms.MustDate("2026-05-28")}))(t)
		cmd := r.stated()
		if _, err := r.ReceiveCandidacy(r.lead, cmd); fieldsOf(err)["received_on"] != "candidacy.before_decision" {
			t.Errorf("a new one before the decision on the old one: %v", err)
		}
		cmd.ReceivedOn = qms.MustDate("2026-06-10")
		second := got(r.ReceiveCandidacy(r.lead, cmd))(t)
		second = got(r.EndCandidacy(r.lead, EndCandidacy{Target: second.target(), On: qms.MustDate("2026-06-20")}))(t)
		if _, err := r.VoidCandidacy(r.lead, second.target()); !errors.Is(err, qms.Conflict("candidacy.ended")) {
			t.Errorf("an ended one changes: %v", err)
		}
		err := db.View(r.lead, qms.ReadLabel.On(candidatePlatform), func(v store.Reader) error {
			of, err := CandidaciesOf(r.lead, v, []qms.ID{candidatePlatform})
			for day, want := range map[string]qms.ID{"2026-05-03": "", "2026-05-04": first.ID, "2026-06-09": first.ID, "2026-06-10": second.ID, "2026-06-20": ""} {
				found := qms.ID("")
				if c := CurrentIn(of[candidatePlatform], qms.MustDate(day)); c != nil {
					found = c.ID
				}
				if found != want {
					t.Errorf("on %s: %q, want %q", day, found, want)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestCandidacy_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := candidacyRoomOf(t, db)
		for name, c := range map[string]struct {
			change func(*StateCandidacy)
			want   map[string]string
		}{
			"nothing": {func(c *StateCandidacy) { *c = StateCandidacy{Target: c.Target} }, map[string]string{"received_on": "input.required",
				"institutions": "candidacy.no_institution", "signatories": "candidacy.no_signatory", "included": "input.required"}},
			"tomorrow":                {func(c *StateCandidacy) { c.ReceivedOn = qms.MustDate("2026-07-01") }, map[string]string{"received_on": "date.future"}},
			"an unknown institution":  {func(c *StateCandidacy) { c.Institutions = []qms.ID{"x\x00"} }, map[string]string{"institutions": "input.unknown_choice"}},
			"a signatory half said":   {func(c *StateCandidacy) { c.Signatories[1].Function = " " }, map[string]string{"signatories.2.function": "input.required"}},
			"signed tomorrow":         {func(c *StateCandidacy) { c.Signatories[0].SignedOn = qms.MustDate("2026-07-01") }, map[string]string{"signatories.1.signed_on": "date.future"}},
			"a stranger in the team":  {func(c *StateCandidacy) { c.Team[0].Person = storetest.AgentID(77) }, map[string]string{"team.1.person": "person.not_member"}},
			"two leads":               {func(c *StateCandidacy) { c.Team[1].Lead = true }, map[string]string{"team": "candidacy.one_lead"}},
			"direct without why":      {func(c *StateCandidacy) { c.Direct = true }, map[string]string{"direct_reason": "candidacy.direct_reason_required"}},
			"less than nobody":        {func(c *StateCandidacy) { c.Staff = -1 }, map[string]string{"staff": "candidacy.staff_implausible"}},
			"a perimeter with a NUL":  {func(c *StateCandidacy) { c.Sites = "a\x00b" }, map[string]string{"sites": "text.unreadable"}},
			"a perimeter of a volume": {func(c *StateCandidacy) { c.Excluded = strings.Repeat("a", 4001) }, map[string]string{"excluded": "input.too_long"}},
			"a crowd":                 {func(c *StateCandidacy) { c.Team = make([]TeamMember, 61) }, map[string]string{"team": "candidacy.too_many"}},
		} {
			cmd := r.stated()
			c.change(&cmd)
			_, err := r.ReceiveCandidacy(r.lead, cmd)
			if diff := cmp.Diff(c.want, fieldsOf(err)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		c := got(r.ReceiveCandidacy(r.lead, r.stated()))(t)
		for name, err := range map[string]error{
			"of another platform": second(r.SignLetter(storetest.As(qms.QualityLead, otherPlatform), SignLetter{Target: Target{Platform: otherPlatform, ID: c.ID, Revision: c.Revision},
				Signatory: 1, On: qms.MustDate("2026-06-01")})),
			"unseen": second(r.SignLetter(storetest.As(qms.QualityLead, otherPlatform), SignLetter{Target: c.target(), Signatory: 1, On: qms.MustDate("2026-06-01")})),
		} {
			if qms.CodeOf(err) != qms.CodeNotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := r.SignLetter(storetest.As(qms.Member, candidatePlatform), SignLetter{Target: c.target(), Signatory: 1}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a member signs: %v", err)
		}
		stale := c.target()
		stale.Revision--
		if _, err := r.VoidCandidacy(r.lead, stale); !errors.Is(err, qms.Conflict("record.changed")) {
			t.Errorf("seen before a change: %v", err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestCandidacyDues_AskForTheLetterThenForTheDecision(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := candidacyRoomOf(t, db)
		got(r.NameOfficer(r.officer, NameOfficer{Platform: candidatePlatform, Person: storetest.AgentID(2), From: qms.MustDate("2026-01-01")}))(t)
		c := got(r.ReceiveCandidacy(r.lead, r.stated()))(t)
		due := func(day string) (said []string) {
			t.Helper()
			err := db.View(storetest.AsSystem(), qms.ReadPlatform.OnSite(), func(v store.Reader) error {
				all, err := r.Dues(r.lead, v, nil, qms.MustDate(day), qms.MustDate("2026-12-31"))
				for _, d := range all {
					said = append(said, fmt.Sprint(d.Kind, " ", d.On, " ", d.Person, " ", strings.Join(d.Parts, "/")))
					if d.Programme != (d.Kind == "eligibility") {
						t.Errorf("%s is asked of the programme: %t", d.Kind, d.Programme)
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return said
		}
		letter, eligibility := []string{"letter 2026-06-03  label/candidacy"}, []string{"eligibility 2026-06-19 " + string(storetest.AgentID(2)) + " label/candidacy"}
		check := func(day string, want []string) {
			t.Helper()
			if diff := cmp.Diff(want, due(day)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", day, diff)
			}
		}
		check("2026-05-03", nil)
		check("2026-06-30", letter)
		for i, on := range []string{"2026-05-20", "2026-05-10"} {
			c = got(r.SignLetter(r.lead, SignLetter{Target: c.target(), Signatory: i + 1, On: qms.MustDate(on)}))(t)
		}
		check("2026-05-19", letter)
		check("2026-06-30", eligibility)
		got(r.DecideCandidacy(r.officer, DecideCandidacy{Target: c.target(), Decision: Eligible, On: qms.MustDate("2026-06-02")}))(t)
		check("2026-06-01", eligibility)
		check("2026-06-02", nil)
	})
}

func TestInstitution_IsAPartnerFromADayToADay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := candidacyRoomOf(t, db)
		for day, want := range map[string]bool{"2015-12-31": false, "2016-01-01": true, "2024-12-31": true, "2025-01-01": false} {
			if r.former.PartnerOn(qms.MustDate(day)) != want {
				t.Errorf("on %s", day)
			}
		}
		for name, c := range map[string]struct {
			cmd  StateInstitution
			want map[string]string
		}{
			"the same in lower case":  {StateInstitution{ShortName: "u1", Name: "Autre"}, map[string]string{"short_name": "institution.taken"}},
			"an end without a begin":  {StateInstitution{ShortName: "X", Name: "X", PartnerUntil: qms.MustDate("2026-01-01")}, map[string]string{"partner_from": "input.required"}},
			"an end before the begin": {StateInstitution{ShortName: "X", Name: "X", PartnerFrom: qms.MustDate("2026-01-01"), PartnerUntil: qms.MustDate("2026-01-01")}, map[string]string{"partner_until": "institution.ends_before"}},
		} {
			_, err := r.AddInstitution(r.officer, c.cmd)
			if diff := cmp.Diff(c.want, fieldsOf(err)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if _, err := r.AddInstitution(r.lead, StateInstitution{ShortName: "X", Name: "X"}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a platform adds one: %v", err)
		}
		c := got(r.ReceiveCandidacy(r.lead, r.stated()))(t)
		got(r.VoidInstitution(r.officer, Target{ID: r.partner.ID, Revision: r.partner.Revision, Reason: "doublon"}))(t)
		if partners := c.Partners(got(r.Institutions(r.lead))(t), qms.MustDate("2026-06-01")); len(partners) != 0 {
			t.Errorf("a void one is a partner: %v", partners)
		}
		cmd := r.stated()
		if cmd.Target = c.target(); second(r.CorrectCandidacy(r.lead, cmd)) != nil {
			t.Error("what it names already cannot be kept")
		}
	})
}
