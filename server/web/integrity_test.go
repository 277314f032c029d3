package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"maillon/qms"
)

// What nobody names any more is older than any upload, so that the check finds it.
func TestIntegrity_ShowsWhatTheLastCheckFoundAndHowToLookAtIt(t *testing.T) {
	t.Parallel()
	s := openAt(t, qms.FixedClock(qms.SystemClock().Add(30*24*time.Hour)))
	officer, admin := s.holding(qms.QualityOfficer, ""), s.holding(qms.Administrator, "")
	officer.shows("/integrity", "Rien n’a encore été contrôlé")
	if a := admin.post("/integrity", url.Values{}); a.status != http.StatusSeeOther {
		t.Fatalf("ask: %d", a.status)
	}
	admin.shows("/integrity", "Le contrôle n° 1 va commencer")
	if a := admin.post("/integrity", url.Values{}); a.status != http.StatusConflict || !strings.Contains(a.body, "Le contrôle n° 1 n’est pas terminé") {
		t.Errorf("ask again: %d", a.status)
	}
	for i := range 12 {
		if _, err := s.Vault.Put(s.system(), strings.NewReader(fmt.Sprint("nobody's ", i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Scrubs.Tick(s.system()); err != nil {
		t.Fatal(err)
	}
	admin.shows("/integrity", "12 anomalies", "Le coffre a un contenu qu’aucun enregistrement ne nomme", `href="/integrity/1">Tout voir`, "Contrôler maintenant", "Agent 01")
	officer.shows("/integrity", "12 anomalies")
	if a := officer.get("/integrity"); strings.Contains(a.body, "Contrôler maintenant") {
		t.Error("an officer is offered what only an administrator may ask")
	}
	officer.accept = "en"
	officer.shows("/integrity/1", "Integrity check no. 1", "12 defects", "The vault has a content that no record names")
	for _, format := range []string{"csv", "xlsx", "pdf"} {
		if a := officer.get("/integrity/1?format=" + format); a.status != http.StatusOK || len(a.body) < 100 {
			t.Errorf("%s: %d, %d bytes", format, a.status, len(a.body))
		}
	}
	if a := officer.get("/integrity/1?format=csv"); strings.Count(a.body, "content-unnamed") != 12 {
		t.Errorf("exported:\n%s", a.body)
	}
	for _, number := range []string{"2", "0", "01", "x%00"} {
		if a := officer.get("/integrity/" + number); a.status != http.StatusNotFound {
			t.Errorf("check %s: %d", number, a.status)
		}
	}
}
