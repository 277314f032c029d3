package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/trace"
)

func TestChecks_AreExplainedCountedAndSetOnPages(t *testing.T) {
	t.Parallel()
	s := open(t)
	person, equipment := s.furnished()
	use := trace.RecordUse{Platform: s.platform["MIC"], Person: person, Equipment: equipment.ID, Date: qms.MustDate("2025-06-01")}
	if _, err := s.Trace.RecordUse(s.system(), use); err != nil {
		t.Fatal(err)
	}
	b := s.holding(qms.QualityLead, "MIC")
	a := b.get("/p/MIC/checks")
	for _, check := range trace.Checks() {
		if !strings.Contains(a.body, `id="`+string(check)+`"`) {
			t.Errorf("%s is not explained", check)
		}
	}
	b.says("the checks", a, http.StatusOK, "Opérateur habilité", "après 90 jours", `href="/p/MIC/uses?cover=U02"`, "Régler les contrôles")
	b.says("the settings", b.get("/p/MIC/checks/settings"), http.StatusOK, `value="90"`, "L’enregistrer avec un avertissement")
	form := url.Values{"revision": {"0"}, "invoice_days": {"many"}, "expiring_days": {"60"}, "uncovered": {"refuse"}, "trainers": {"on"}}
	b.says("no number", b.post("/p/MIC/checks/settings", form), http.StatusUnprocessableEntity, `aria-invalid="true"`, `value="many"`)
	form.Set("invoice_days", "30")
	if a := b.post("/p/MIC/checks/settings", form); a.status != http.StatusSeeOther {
		t.Fatalf("set: status %d\n%s", a.status, a.body)
	}
	b.says("once set", b.get("/p/MIC/checks"), http.StatusOK, "après 30 jours", "refusée à la saisie", "Non demandé")
	b.says("set twice from the same page", b.post("/p/MIC/checks/settings", form), http.StatusConflict, "<form")
	b.says("the trainings", b.get("/p/MIC/people/trainings"), http.StatusOK, "Formateur non reconnu")
	reader := s.holding(qms.Auditor, "MIC")
	if a := reader.get("/p/MIC/checks"); a.status != http.StatusOK || strings.Contains(a.body, "Régler les contrôles") {
		t.Errorf("an auditor: status %d", a.status)
	}
}

func TestUses_SayWhatCoversThemBeforeTheyAreRecorded(t *testing.T) {
	t.Parallel()
	s := open(t)
	person, equipment := s.furnished() // trained from 2 January 2024 for 12 months
	b := s.holding(qms.QualityLead, "MIC")
	form := url.Values{"date": {"01/06/2025"}, "person": {string(person)}, "equipment": {string(equipment.ID)}, "hours": {"2"}, "began": {"9:30"}}
	b.says("asked", b.post("/p/MIC/uses/new", form), http.StatusOK, "Habilitation expirée", "L’enregistrer quand même", `value="9:30"`)
	form.Set("anyway", "1")
	if a := b.post("/p/MIC/uses/new", form); a.status != http.StatusSeeOther {
		t.Fatalf("recorded all the same: status %d", a.status)
	}
	form.Set("date", "01/06/2024")
	form.Del("anyway")
	if a := b.post("/p/MIC/uses/new", form); a.status != http.StatusSeeOther {
		t.Fatalf("one that is covered: status %d", a.status)
	}
	set := trace.SetChecks{Platform: s.platform["MIC"], InvoiceDays: 90, ExpiringDays: 90, Uncovered: trace.Refuse}
	if _, err := s.Trace.SetChecks(s.system(), set); err != nil {
		t.Fatal(err)
	}
	form.Set("date", "01/06/2025")
	form.Set("anyway", "1")
	b.says("refused", b.post("/p/MIC/uses/new", form), http.StatusConflict, "n’enregistre pas", "ont expiré ce jour-là", `value="9:30"`)
	b.says("the list", b.get("/p/MIC/uses"), http.StatusOK, "UTI-2025-0001", "UTI-2024-0001", `href="/p/MIC/checks#U02"`)
	b.says("the sheet", b.get("/p/MIC/uses/UTI-2025-0001"), http.StatusOK, "09:30", `href="/p/MIC/checks#U02"`)
}
