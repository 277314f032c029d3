package web_test

import (
	"net/http"
	"testing"

	"maillon/qms"
)

func TestDue_KeepsTheFiltersWhenTheDayDoesNotExist(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.filled("MIC")
	b := s.holding(qms.QualityOfficer, "")
	for _, at := range []string{"/due", "/p/MIC/due"} {
		a := b.get(at + "?kind=training&within=late&as_of=31/02/2026")
		s.holds(a, http.StatusUnprocessableEntity, `<a href="#f-as_of">`, "Le 31/02/2026 n’existe pas", `value="31/02/2026"`,
			`<option value="training" selected>Fin d’habilitation`, `<option value="late" selected>`)
		if a = b.get(at + "?as_of=31/02/2026&format=csv"); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: a file of no day is handed out: %d", at, a.status)
		}
	}
}

func TestLists_SayThatAFilterLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.QualityLead, "MIC")
	for _, list := range []string{"signatures?state=broken", "label/deliverables?state=accepted"} {
		s.holds(b.get("/p/MIC/"+list), http.StatusOK, "Rien ne répond à ces critères", "Tout montrer")
	}
	s.holds(s.holding(qms.Manager, "MIC").get("/p/MIC/audit/opened?until=01/01/2001"), http.StatusOK, "Rien ne répond à ces critères", "Tout montrer")
}
