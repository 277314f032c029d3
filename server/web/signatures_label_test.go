package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/label"
)

// TestCandidacy_IsDecidedUnderASignatureThatItsPageShows walks the pages of a decision: the form asks for the
// password, and the page of the candidacy, the list of signatures and its export show who signed what and where.
func TestCandidacy_IsDecidedUnderASignatureThatItsPageShows(t *testing.T) {
	t.Parallel()
	e := evaluatedSite(t, "2026-03-02")
	institution, err := e.Label.AddInstitution(e.system(), label.StateInstitution{ShortName: "U1", Name: "Université 01", PartnerFrom: qms.MustDate("2016-01-01")})
	if err != nil {
		t.Fatal(err)
	}
	c, err := e.Label.ReceiveCandidacy(e.system(), label.StateCandidacy{Target: label.Target{Platform: e.platform["MIC"]}, ReceivedOn: qms.MustDate("2026-03-02"),
		Institutions: []qms.ID{institution.ID}, Signatories: []label.Signatory{{Name: "Agent 21", Function: "Directeur"}}, Included: "La microscopie"})
	if err != nil {
		t.Fatal(err)
	}
	base := "/p/MIC/label/candidacy/" + string(c.ID)
	e.on("2026-03-02")
	e.officer.shows(base+"/decide", `name="password"`)
	e.officer.shows(base+"/end", `name="on"`)
	decide := func(more ...string) answer {
		return e.officer.act(base+"/decide", append([]string{"decision", "ineligible", "on", "2026-03-02", "reason", "Hors périmètre"}, more...)...)
	}
	decide().is(t, "without a password", http.StatusUnprocessableEntity)
	decide("password", "une autre").is(t, "with a wrong password", http.StatusUnprocessableEntity)
	if strings.Contains(e.officer.get(base).body, "signed-h") {
		t.Error("shows signatures before there is one")
	}
	decide("password", password).is(t, "decide", http.StatusSeeOther)
	e.manager.says("the page", e.manager.get(base), http.StatusOK, "Recevabilité d’une candidature", "saisie d’une décision", "Europe/Paris", "Tient")
	e.manager.says("the list", e.manager.get("/p/MIC/signatures?kind=candidacy-decision"), http.StatusOK, "Candidature du 02/03/2026", `href="`+base+`"`)
	e.manager.says("the sheet", e.manager.get("/p/MIC/signatures?format=csv"), http.StatusOK, "Candidature du 02/03/2026", "Europe/Paris")
	e.on("2026-03-03")
	e.officer.shows(base+"/correct", `name="password"`)
	e.officer.act(base+"/void", "reason", "Doublon").is(t, "void without a password", http.StatusUnprocessableEntity)
	e.officer.act(base+"/void", "reason", "Doublon", "password", password).is(t, "void", http.StatusSeeOther)
	e.manager.says("the page once void", e.manager.get(base), http.StatusOK, "annulation", "Remplacée")
}

// TestCondition_IsLiftedUnderASignature lifts the condition of a label through its pages.
func TestCondition_IsLiftedUnderASignature(t *testing.T) {
	t.Parallel()
	e := evaluatedSite(t, "2026-03-02")
	base := e.evaluation("initial", "2026-03-02", "EVA-2026-001")
	day := "2026-03-14"
	e.officer.act(base+"/decision", "outcome", "award-with-conditions", "body", "Comité", "date", day, "perimeter", "Microscopie", "note", "Motif",
		"condition_1", "Écrire la sauvegarde", "due_1", "2026-06-01", "password", password).is(t, "decide", http.StatusSeeOther)
	link := regexp.MustCompile(`href="(` + base + `/conditions/[0-9a-f-]{36})"`).FindStringSubmatch(e.officer.get(base).body)
	if link == nil {
		t.Fatal("no condition to lift")
	}
	e.officer.act(link[1], "evidence", "PR-INF-002", "on", day).is(t, "without a password", http.StatusUnprocessableEntity)
	e.officer.act(link[1], "evidence", "PR-INF-002", "on", day, "password", password).is(t, "lift", http.StatusSeeOther)
	e.manager.says("the mission", e.manager.get(base), http.StatusOK, "Levée d’une condition", "condition levée", "Tient")
	e.manager.says("the list", e.manager.get("/p/MIC/signatures?kind=condition-lifted"), http.StatusOK, `href="`+base+`"`)
}
