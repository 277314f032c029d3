package scheduler

import (
	"slices"
	"testing"
	"unicode"

	"maillon/qms"
	"maillon/qms/locale"
)

// documentary, traced and of the programme: what the kinds are about, by hand from DESIGN, sections 6 and 8.
var (
	aboutDocuments = []string{"kit", "reading", "retention", "review", "watch"}
	aboutTraces    = []string{"calibration", "impact", "invoice", "maintenance", "quote", "training"}
)

func about(kind string) string {
	switch {
	case kind == "role", kind == "signature", kind == "integrity":
		return kind
	case slices.Contains(aboutDocuments, kind):
		return "documents"
	case slices.Contains(aboutTraces, kind):
		return "traces"
	}
	return "programme"
}

func TestMaySee_OfEachRoleIsWhatItReadsElsewhere(t *testing.T) {
	t.Parallel()
	const there = qms.ID("elsewhere")
	whole := []string{"role", "signature", "documents", "traces", "programme"}
	everything := append(slices.Clone(whole), "integrity")
	sees := map[qms.Role][]string{
		qms.Administrator:  {"role", "integrity"}, // of every platform: accounts, roles and the trail are theirs, quality is not
		qms.QualityOfficer: everything, qms.Manager: everything, qms.QualityLead: everything, qms.Member: whole,
		qms.Auditor: {"role", "documents", "traces", "programme", "integrity"}, // no drafts, so no rounds of signatures
		qms.User:    nil,
	}
	for _, role := range qms.Roles() {
		site := role == qms.Administrator || role == qms.QualityOfficer
		grant := qms.Grant{Role: role, Platform: here}
		if site {
			grant.Platform = ""
		}
		actor := qms.Actor{ID: "somebody", Grants: []qms.Grant{grant}}
		for _, kind := range Kinds() {
			want := slices.Contains(sees[role], about(kind))
			if got := MaySee(actor, qms.Due{Kind: kind, Platform: here, Person: "another"}); got != want {
				t.Errorf("%s sees a %s of the platform: %t", role, kind, got)
			}
			if got := MaySee(actor, qms.Due{Kind: kind, Platform: there, Person: "another"}); got != (want && site) {
				t.Errorf("%s sees a %s of another platform: %t", role, kind, got)
			}
			own := want || kind == "training" || kind == "reading"
			if got := MaySee(actor, qms.Due{Kind: kind, Platform: here, Person: actor.ID}); got != own {
				t.Errorf("%s sees their own %s: %t", role, kind, got)
			}
			if MaySee(qms.Actor{}, qms.Due{Kind: kind, Platform: here}) || MaySee(qms.Actor{}, qms.Due{Kind: "training", Platform: here}) {
				t.Errorf("nobody sees a %s", kind)
			}
		}
	}
}

func TestConcerns_IsThePersonNamedElseWhoLeads(t *testing.T) {
	t.Parallel()
	heads := map[qms.ID][]qms.ID{here: {"lead"}, "": {"officer"}}
	for _, c := range []struct {
		due    qms.Due
		person qms.ID
		want   bool
	}{
		{qms.Due{Platform: here, Person: "user"}, "user", true},
		{qms.Due{Platform: here, Person: "user"}, "lead", false},
		{qms.Due{Platform: here}, "lead", true},
		{qms.Due{Platform: here}, "user", false},
		{qms.Due{Platform: "elsewhere"}, "lead", false},
		{qms.Due{Platform: here}, "officer", false},
		{qms.Due{Platform: here, Programme: true}, "officer", true},
		{qms.Due{Platform: here, Programme: true}, "lead", false},
		{qms.Due{Platform: here, Programme: true, Person: "user"}, "officer", false},
	} {
		if got := Concerns(c.due, c.person, heads); got != c.want {
			t.Errorf("%+v concerns %s: %t", c.due, c.person, got)
		}
	}
	if !Concerns(qms.Due{Platform: here, Programme: true}, "lead", map[qms.ID][]qms.ID{here: {"lead"}}) {
		t.Error("what the programme is asked is nobody's where it has no officer")
	}
	if !Concerns(qms.Due{Platform: "elsewhere"}, "officer", heads) {
		t.Error("what falls due is nobody's where nobody leads")
	}
}

func TestHeading_IsUnderstoodAloneInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		due    qms.Due
		fr, en string
	}{
		{qms.Due{Title: "EQ-001 Microscope"}, "EQ-001 Microscope", "EQ-001 Microscope"},
		{qms.Due{Title: "2026-01-05", Form: "candidacy"}, "Candidature reçue le 5\u00a0janvier\u00a02026", "Candidacy received on 5\u00a0January\u00a02026"},
		{qms.Due{Form: "session-first"}, "Première séance à prévoir", "First session to plan"},
		{qms.Due{Title: "SEA-2026-003", Form: "session-after"}, "Séance à prévoir après SEA-2026-003", "Session to plan after SEA-2026-003"},
		{qms.Due{Title: "LAB-2024-001", Form: "follow-up-24"}, "LAB-2024-001, suivi à 24 mois", "LAB-2024-001, follow-up at 24 months"},
	} {
		if fr, en := Heading(locale.For("fr"), c.due), Heading(locale.For("en"), c.due); fr != c.fr || en != c.en {
			t.Errorf("%+v is %q and %q", c.due, fr, en)
		}
	}
	for _, role := range []qms.Role{qms.Manager, qms.QualityLead, qms.Member, qms.User, qms.Auditor} {
		d := qms.Due{Title: "Agent 01", Form: "role-" + string(role)}
		if fr := Heading(locale.For("fr"), d); fr == "due_title."+d.Form {
			t.Errorf("nobody says in French that %s ends", role)
		}
	}
}

func TestWorded_TellsEachPersonInTheirLanguage(t *testing.T) {
	t.Parallel()
	due := qms.Due{Title: "SEA-2026-003", Form: "session-after"}
	asks := []Ask{{Due: due, Person: "a"}, {Due: due, Person: "b"}}
	worded(asks, map[qms.ID]string{"a": "en"})
	if asks[0].Due.Title != "Session to plan after SEA-2026-003" || asks[1].Due.Title != "Séance à prévoir après SEA-2026-003" || asks[0].Due.Form != "" {
		t.Errorf("told as %+v", asks)
	}
}

func TestKinds_BeginAlikeInEachLanguage(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"fr", "en"} {
		for _, kind := range Kinds() {
			word := []rune(locale.For(lang).T("due." + kind))
			if !unicode.IsUpper(word[0]) {
				t.Errorf("due.%s begins small in %s: %s", kind, lang, string(word))
			}
		}
	}
}
