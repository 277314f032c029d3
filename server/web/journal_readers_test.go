package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/people"
)

// changed is a platform where somebody joined and was made a trainer later, with the membership.
func (s *site) changed(platform, code string) qms.ID {
	s.t.Helper()
	m, err := s.People.AddMember(s.system(), people.AddMember{Platform: s.platform[platform], Code: code, Name: "Agent 05", Role: qms.Member})
	if err != nil {
		s.t.Fatal(err)
	}
	changed := people.ChangeMember{Platform: s.platform[platform], Membership: m.Membership, Revision: m.Revision, Trainer: true, Reason: "Forme désormais"}
	if _, err := s.People.ChangeMember(s.system(), changed); err != nil {
		s.t.Fatal(err)
	}
	return m.Membership
}

func TestJournal_AnAuditorReadsTrailAndProofsOfTheirPlatformAndNothingElse(t *testing.T) {
	t.Parallel()
	s := open(t)
	mine, other := s.changed("MIC", "P05"), s.changed("CYT", "P06")
	b := s.holding(qms.Auditor, "MIC")
	row := "/p/MIC/trail/rows/" + string(mine)
	for _, path := range []string{"/p/MIC/trail", "/p/MIC/trail?row=" + string(mine), "/p/MIC/trail?table=memberships", row, row + "?format=csv", row + "?format=xlsx", row + "?format=pdf",
		"/p/MIC/trail?format=pdf", row + "/proof", "/p/MIC/trail/checkpoint", "/p/MIC/trail/checkpoint/note"} {
		if a := b.get(path); a.status != http.StatusOK {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for _, path := range []string{"/p/MIC/trail/rows/" + string(other), "/p/MIC/trail/rows/" + string(other) + "/proof", "/p/CYT/trail/rows/" + string(other),
		"/p/CYT/trail", "/p/CYT/trail/0", "/trail", "/trail/0", "/trail/rows/" + string(mine), "/trail/checkpoint", "/trail/people/" + string(mine), "/integrity",
		"/p/MIC/trail/people/" + string(other), "/p/MIC/trail/people/" + string(mine)} {
		if a := b.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d, want not found", path, a.status)
		}
	}
	if a := b.get("/p/MIC/trail?row=" + string(other)); a.status != http.StatusOK || strings.Contains(a.body, "Agent 05") || !strings.Contains(a.body, "Aucun acte ne répond") {
		t.Errorf("narrowed to a record of another platform: %d", a.status)
	}
}

func TestJournal_TellsWhatWasAndWhatIsInWords(t *testing.T) {
	t.Parallel()
	s := open(t)
	row := "/p/MIC/trail/rows/" + string(s.changed("MIC", "P05"))
	b := s.holding(qms.Auditor, "MIC")
	for _, path := range []string{row, "/p/MIC/trail"} {
		b.shows(path, "Formateur", "<span>avant</span> <del>non</del>", "<span>après</span> oui", "Forme désormais", "Agent 05 P05")
	}
	b.accept = "en"
	b.shows(row, "Trainer", "<span>was</span> <del>no</del>", "<span>is</span> yes", "Membership")
	b.accept = "fr"
	lines := b.lines(row+"?format=csv", ';')
	last := lines[len(lines)-1]
	if got := strings.Join(last[4:], "|"); got != "Forme désormais|Appartenance à la plateforme|Agent 05 P05|Formateur|non|oui" {
		t.Errorf("exported as %s", got)
	}
}

func TestDue_TellsWhoAnswersForTheSiteWhatItsCheckFound(t *testing.T) {
	t.Parallel()
	s := openAt(t, qms.FixedClock(qms.SystemClock().Add(30*24*time.Hour)))
	officer, admin, manager := s.holding(qms.QualityOfficer, ""), s.holding(qms.Administrator, ""), s.holding(qms.Manager, "MIC")
	ctx := context.WithoutCancel(s.system())
	if _, err := s.Vault.Put(ctx, strings.NewReader("nobody's")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Scrubs.Ask(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.Scrubs.Tick(ctx); err != nil {
		t.Fatal(err)
	}
	for _, b := range []*browser{officer, admin} {
		b.shows("/due?person=all", `href="/integrity/1"`, "Anomalies trouvées par le contrôle d’intégrité n° 1", "Le site", "Intégrité du journal et des fichiers")
		b.shows("/due", `href="/integrity/1"`)
		if a := b.get("/due?format=csv"); !strings.Contains(a.body, ";Le site;") || !strings.Contains(a.body, "/integrity/1") {
			t.Errorf("exported: %s", a.body)
		}
	}
	for _, path := range []string{"/due", "/due?person=all", "/p/MIC/due"} {
		if a := manager.get(path); a.status != http.StatusOK || strings.Contains(a.body, "/integrity") {
			t.Errorf("%s for a manager: %d", path, a.status)
		}
	}
}

// Who reads one platform's trail is not told who else is on the site.
func TestJournal_KnowsOnlyThePeopleOfThePlatform(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.changed("MIC", "P05")
	members, err := s.People.Members(s.system(), s.platform["MIC"])
	if err != nil {
		t.Fatal(err)
	}
	s.holding(qms.Manager, "CYT")
	elsewhere, err := s.People.Grants(s.system(), s.platform["CYT"])
	if err != nil || len(elsewhere) == 0 {
		t.Fatal(elsewhere, err)
	}
	b := s.holding(qms.Auditor, "MIC")
	for person, want := range map[qms.ID]int{members[0].Person: http.StatusOK, elsewhere[0].Person: http.StatusNotFound} {
		for _, path := range []string{"/p/MIC/trail/people/" + string(person), "/p/MIC/trail/people/" + string(person) + "?format=csv"} {
			if a := b.get(path); a.status != want {
				t.Errorf("%s: %d, want %d", path, a.status, want)
			}
		}
	}
}
