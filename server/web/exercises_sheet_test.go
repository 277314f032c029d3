package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"maillon/qms"
)

func TestExercises_ShowAnExerciseUnderWayAndItsWholeSheet(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.filled("MIC")
	lead := s.holding(qms.QualityLead, "MIC")
	drawn := lead.post("/p/MIC/exercises/new", url.Values{"scope": {"sample"}, "as_of": {s.DB.Today().String()}, "kind": {"prestation"}, "direction": {"upstream"}, "sample_size": {"2"}, "seed": {"2026-07-15-MIC"}})
	if drawn.status != http.StatusSeeOther {
		t.Fatalf("drawn: %d\n%s", drawn.status, drawn.body)
	}
	page := drawn.header.Get("Location")
	s.holds(lead.get(page), http.StatusOK, "2 éléments tirés", "0\u00a0%</progress>", "Vers")
	s.holds(lead.get(page+"/sheet"), http.StatusOK, "Toute la feuille\u202f: ")
	lead.accept = "en"
	s.holds(lead.get(page+"/sheet"), http.StatusOK, ": The whole sheet")
}
