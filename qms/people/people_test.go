package people_test

import (
	"context"
	"errors"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// cheap makes hashes that cost nothing: tests are not about their strength.
var cheap = people.Options{Hash: &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}}

// system is Maillon itself at work.
var system = storetest.AsSystem

func each(t *testing.T, f func(t *testing.T, s *people.Service, db *store.DB)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(t, people.New(db, cheap), db) })
}

func platform(t *testing.T, s *people.Service, code string) *people.Platform {
	t.Helper()
	p, err := s.AddPlatform(system(), people.AddPlatform{Code: code, Name: "Plateforme " + code})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func member(t *testing.T, s *people.Service, cmd people.AddMember) *people.Member {
	t.Helper()
	m, err := s.AddMember(system(), cmd)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// refused holds an error to its key, or to the key of one field.
func refused(t *testing.T, err error, field, key string) {
	t.Helper()
	var e *qms.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a refusal %s", err, key)
	}
	if field == "" {
		if e.Key != key {
			t.Fatalf("got %v, want %s", err, key)
		}
		return
	}
	for _, f := range e.Fields {
		if f.Name == field && f.Key == key {
			return
		}
	}
	t.Fatalf("got %v, want %s: %s", err, field, key)
}

func TestAddPlatform_KeepsOneFormOfTheCode(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		p, err := s.AddPlatform(system(), people.AddPlatform{Code: " mic ", Name: " Microscopie "})
		if err != nil {
			t.Fatal(err)
		}
		if p.Code != "MIC" || p.Name != "Microscopie" || p.Platform != "" {
			t.Errorf("got %+v", p)
		}
		_, err = s.AddPlatform(system(), people.AddPlatform{Code: "Mic", Name: "Autre"})
		refused(t, err, "code", "platform.code_taken")
		for _, code := range []string{"", "A B", "É", "-A", "AVERYVERYLONGCODEOFMORETHANTWENTY", "A/B"} {
			if _, err = s.AddPlatform(system(), people.AddPlatform{Code: code, Name: "X"}); qms.CodeOf(err) != qms.CodeInvalid {
				t.Errorf("code %q: got %v", code, err)
			}
		}
		_, err = s.AddPlatform(storetest.As(qms.Manager, p.ID), people.AddPlatform{Code: "NEW", Name: "N"})
		refused(t, err, "", "right.missing")
	})
}

func TestPlatformByCode_IsNotFoundForWhoMayNotLookIntoIt(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		mic, cyt := platform(t, s, "MIC"), platform(t, s, "CYT")
		for _, role := range qms.Roles() {
			ctx := storetest.As(role, mic.ID)
			if role == qms.Administrator || role == qms.QualityOfficer {
				ctx = storetest.As(role)
			} else {
				_, err := s.PlatformByCode(ctx, "CYT")
				refused(t, err, "", "platform.not_found")
			}
			if p, err := s.PlatformByCode(ctx, " mic"); err != nil || p.ID != mic.ID {
				t.Errorf("%s: %v", role, err)
			}
		}
		_, err := s.PlatformByCode(context.Background(), "MIC")
		refused(t, err, "", "platform.not_found")
		_, err = s.PlatformByCode(storetest.As(qms.QualityOfficer), "NONE")
		refused(t, err, "", "platform.not_found")
		seen, err := s.Platforms(storetest.As(qms.User, cyt.ID))
		if err != nil || len(seen) != 1 || seen[0].Code != "CYT" {
			t.Errorf("a user sees %v, %v", seen, err)
		}
		ctx, count := store.CountStatements(storetest.As(qms.QualityOfficer))
		if all, err := s.Platforms(ctx); err != nil || len(all) != 2 || count.Count() != 1 {
			t.Errorf("%d platforms in %d statements, %v", len(all), count.Count(), err)
		}
	})
}

func TestAddMember_KnowsAPersonAgainByTheAddress(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		mic, cyt := platform(t, s, "MIC"), platform(t, s, "CYT")
		a := member(t, s, people.AddMember{Platform: mic.ID, Code: "p01", Name: "Agent 01", Email: "Agent01@plateforme.example ", Trainer: true})
		b := member(t, s, people.AddMember{Platform: cyt.ID, Code: "X1", Name: "Autre nom", Email: "agent01@plateforme.example"})
		if a.Person != b.Person || b.Name != "Agent 01" || a.Code != "P01" {
			t.Errorf("got %+v and %+v", a, b)
		}
		if a.From != qms.MustDate("2026-06-30") {
			t.Errorf("from %v, want today", a.From)
		}
		manager := storetest.As(qms.Manager, mic.ID)
		for _, c := range []struct {
			cmd        people.AddMember
			field, key string
		}{
			{people.AddMember{Platform: mic.ID, Code: "P01", Name: "B"}, "code", "member.code_taken"},
			{people.AddMember{Platform: mic.ID, Code: "P02", Name: "B", Email: "agent01@plateforme.example"}, "email", "member.already"},
			{people.AddMember{Platform: mic.ID, Code: "P02", Name: "B", Email: "nobody"}, "email", "person.email_malformed"},
			{people.AddMember{Platform: mic.ID, Code: "", Name: "B"}, "code", "input.required"},
			{people.AddMember{Platform: mic.ID, Code: "P2", Name: " "}, "name", "input.required"},
			{people.AddMember{Platform: mic.ID, Code: "P2", Name: "B", From: 10, Until: 10}, "until", "period.backwards"},
			{people.AddMember{Platform: mic.ID, Code: "P2", Name: "B", Role: qms.Administrator}, "role", "input.unknown_choice"},
			{people.AddMember{Platform: mic.ID, Code: "P2", Name: "B", Role: qms.Auditor}, "until", "grant.auditor_until"},
		} {
			_, err := s.AddMember(manager, c.cmd)
			refused(t, err, c.field, c.key)
		}
		_, err := s.AddMember(manager, people.AddMember{Platform: cyt.ID, Code: "P9", Name: "B"})
		refused(t, err, "", "platform.not_found")
		members, err := s.Members(manager, mic.ID)
		if err != nil || len(members) != 1 {
			t.Fatalf("members %v, %v", members, err)
		}
		if diff := cmp.Diff(*a, members[0]); diff != "" {
			t.Error(diff)
		}
	})
}

func TestChangeMember_EndsAMembershipOnce(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		mic, cyt := platform(t, s, "MIC"), platform(t, s, "CYT")
		m := member(t, s, people.AddMember{Platform: mic.ID, Code: "P01", Name: "Agent 01"})
		manager, today := storetest.As(qms.Manager, mic.ID), qms.MustDate("2026-06-30")
		cmd := people.ChangeMember{Platform: mic.ID, Membership: m.Membership, Revision: m.Revision, Trainer: true, From: m.From, Until: today.AddDays(1), Reason: "départ"}
		changed, err := s.ChangeMember(manager, cmd)
		if err != nil || !changed.Trainer || changed.Revision != 2 || !changed.Active(today) || changed.Active(today.AddDays(1)) {
			t.Fatalf("got %+v, %v", changed, err)
		}
		cmd.Trainer = false
		_, err = s.ChangeMember(manager, cmd)
		refused(t, err, "", "record.changed")
		cmd.Until = cmd.From
		_, err = s.ChangeMember(manager, cmd)
		refused(t, err, "until", "period.backwards")
		_, err = s.ChangeMember(storetest.As(qms.Manager, cyt.ID), people.ChangeMember{Platform: cyt.ID, Membership: m.Membership, Revision: 2})
		refused(t, err, "", "member.not_found")
		_, err = s.ChangeMember(storetest.As(qms.QualityLead, mic.ID), people.ChangeMember{Platform: mic.ID, Membership: m.Membership, Revision: 2})
		refused(t, err, "", "right.missing")
		if got, err := s.Member(manager, mic.ID, m.Membership); err != nil || *got != *changed {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestGrant_HoldsRolesToWhereTheyBelong(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		mic, cyt := platform(t, s, "MIC"), platform(t, s, "CYT")
		a := member(t, s, people.AddMember{Platform: mic.ID, Code: "P01", Name: "Agent 01"})
		stranger := member(t, s, people.AddMember{Platform: cyt.ID, Code: "P01", Name: "Agent 02"})
		manager := storetest.As(qms.Manager, mic.ID)
		g, err := s.Grant(manager, people.Grant{Platform: mic.ID, Person: a.Person, Role: qms.QualityLead})
		if err != nil || g.FromDate != qms.MustDate("2026-06-30") || g.Platform != mic.ID {
			t.Fatalf("got %+v, %v", g, err)
		}
		_, err = s.Grant(manager, people.Grant{Platform: mic.ID, Person: a.Person, Role: qms.QualityLead})
		refused(t, err, "", "grant.already")
		_, err = s.Grant(manager, people.Grant{Platform: mic.ID, Person: stranger.Person, Role: qms.Member})
		refused(t, err, "", "person.not_found")
		_, err = s.Grant(manager, people.Grant{Platform: mic.ID, Person: a.Person, Role: qms.QualityOfficer})
		refused(t, err, "role", "input.unknown_choice")
		_, err = s.Grant(manager, people.Grant{Person: a.Person, Role: qms.Administrator})
		refused(t, err, "", "right.missing")
		_, err = s.Grant(manager, people.Grant{Platform: mic.ID, Person: a.Person, Role: qms.Auditor})
		refused(t, err, "until", "grant.auditor_until")
		_, err = s.Grant(storetest.As(qms.QualityLead, mic.ID), people.Grant{Platform: mic.ID, Person: a.Person, Role: qms.User})
		refused(t, err, "", "right.missing")
		if _, err = s.EndGrant(manager, people.EndGrant{Platform: mic.ID, Grant: g.ID}); err != nil {
			t.Fatal(err)
		}
		_, err = s.EndGrant(manager, people.EndGrant{Platform: mic.ID, Grant: g.ID})
		refused(t, err, "", "grant.ended")
		_, err = s.EndGrant(storetest.As(qms.Manager, cyt.ID), people.EndGrant{Platform: cyt.ID, Grant: g.ID})
		refused(t, err, "", "grant.not_found")
		held, err := s.Grants(manager, mic.ID)
		if err != nil || len(held) != 1 || held[0].Active(qms.MustDate("2026-06-30")) {
			t.Errorf("held %+v, %v", held, err)
		}
	})
}

func TestTakeMembers_TheSameRegisterTwiceChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		mic, cyt := platform(t, s, "MIC"), platform(t, s, "CYT")
		member(t, s, people.AddMember{Platform: cyt.ID, Code: "Z9", Name: "Agent 03", Email: "agent03@plateforme.example"})
		rows := []people.MemberRow{
			{Code: " p01", Name: "Agent 01", Email: "agent01@plateforme.example", Trainer: true},
			{Code: "P02", Name: "Agent 02"},
			{Code: "P03", Name: "Autre nom", Email: "AGENT03@plateforme.example"},
		}
		take := func(want people.Taken) {
			t.Helper()
			if got, err := take(s, db, mic.ID, rows); err != nil || got != want {
				t.Fatalf("took %+v, %v, want %+v", got, err, want)
			}
		}
		take(people.Taken{Added: 3})
		take(people.Taken{Same: 3})
		rows[0].Trainer, rows[1].Name, rows[1].Email = false, "Agent 02 bis", "agent02@plateforme.example"
		take(people.Taken{Changed: 2, Same: 1})
		members, err := s.Members(storetest.As(qms.Member, mic.ID), mic.ID)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range members {
			names = append(names, m.Code+" "+m.Name+" "+m.Email)
			if !m.Active(1) || !m.Active(qms.MustDate("2099-01-01")) {
				t.Errorf("%s does not hold for ever", m.Code)
			}
		}
		want := []string{"P01 Agent 01 agent01@plateforme.example", "P02 Agent 02 bis agent02@plateforme.example", "P03 Agent 03 agent03@plateforme.example"}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Error(diff)
		}
	})
}

func take(s *people.Service, db *store.DB, platform qms.ID, rows []people.MemberRow) (taken people.Taken, err error) {
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(platform), Platform: platform}
	err = db.Change(storetest.As(qms.Manager, platform), act, func(tx *store.Tx) (err error) {
		taken, err = s.TakeMembers(context.Background(), tx, rows)
		return err
	})
	return taken, err
}

func TestTakeMembers_ReportsEveryWrongRowAndTakesNone(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		mic := platform(t, s, "MIC")
		_, err := take(s, db, mic.ID, []people.MemberRow{{Code: "P01", Name: "A"}, {Code: "p01", Name: "B"}, {Code: "", Name: "C"},
			{Code: "P04", Name: "D", Email: "no address"}})
		refused(t, err, "row.1.code", "member.code_twice")
		refused(t, err, "row.2.code", "input.required")
		refused(t, err, "row.3.email", "person.email_malformed")
		_, err = take(s, db, mic.ID, []people.MemberRow{{Code: "P01", Name: "A", Email: "a@b.example"}, {Code: "P02", Name: "B", Email: "a@b.example"}})
		refused(t, err, "row.1.email", "member.email_twice")
		members, err := s.Members(system(), mic.ID)
		if err != nil || len(members) != 0 {
			t.Errorf("took %v, %v", members, err)
		}
	})
}
