package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trace"
)

// furnished gives the platform MIC a member, a microscope and a training on it.
func (s *site) furnished() (person qms.ID, equipment *trace.Equipment) {
	s.t.Helper()
	p := s.platform["MIC"]
	trainer, err := s.People.AddMember(s.system(), people.AddMember{Platform: p, Code: "P01", Name: "Agent 41", Trainer: true})
	if err != nil {
		s.t.Fatal(err)
	}
	member, err := s.People.AddMember(s.system(), people.AddMember{Platform: p, Code: "P02", Name: "Agent 42"})
	if err != nil {
		s.t.Fatal(err)
	}
	if equipment, err = s.Trace.AddEquipment(s.system(), trace.AddEquipment{Platform: p, Code: "EQ-1", Name: "Microscope"}); err != nil {
		s.t.Fatal(err)
	}
	_, err = s.Trace.RecordTraining(s.system(), trace.RecordTraining{Platform: p, Person: member.Person, Equipment: equipment.ID,
		Trainer: trainer.Person, Date: qms.MustDate("2024-01-02"), Months: 12})
	if err != nil {
		s.t.Fatal(err)
	}
	return member.Person, equipment
}

func TestServices_WalkFromRequestToInvoiceOnPages(t *testing.T) {
	t.Parallel()
	s := open(t)
	person, equipment := s.furnished()
	b := s.holding(qms.QualityLead, "MIC")
	steps := []struct {
		path string
		form url.Values
		says string
	}{
		{"/p/MIC/services/new", url.Values{"date": {"01/03/2024"}, "client": {"Client 01"}, "client_status": {"industrial"}, "subject": {"Lames"}}, `id="gap-quote"`},
		{"/p/MIC/services/DEM-2024-0001/review", url.Values{"revision": {"1"}, "feasible": {"yes"}, "by": {string(person)}, "on": {"02/03/2024"}}, "Faisable, Agent 42"},
		{"/p/MIC/services/DEM-2024-0001/quote", url.Values{"request": {"DEM-2024-0001"}, "date": {"03/03/2024"}, "total": {"1 250,50"}}, "DEV-2024-0001"},
		{"/p/MIC/services/DEV-2024-0001/accept", url.Values{"revision": {"1"}, "on": {"05/03/2024"}}, "Accepté le 05/03/2024"},
		{"/p/MIC/services/DEM-2024-0001/invoice", url.Values{"request": {"DEM-2024-0001"}, "quote": {"DEV-2024-0001"}, "date": {"09/03/2024"}, "total": {"1250,50"}}, "La chaîne est rompue en un endroit"},
	}
	for _, step := range steps {
		a := b.post(step.path, step.form)
		for a.status == http.StatusSeeOther {
			a = b.get(a.header.Get("Location"))
		}
		if a.status != http.StatusOK || !strings.Contains(a.body, step.says) {
			t.Fatalf("%s: status %d, %q is not said:\n%s", step.path, a.status, step.says, a.body)
		}
	}
	a := b.get("/p/MIC/services/FAC-2024-0001")
	for _, said := range []string{"S02", "Rapport manquant", "Enregistrer un rapport"} {
		if !strings.Contains(a.body, said) {
			t.Errorf("the dossier of the invoice does not say %q", said)
		}
	}
	if a := b.get("/p/MIC/search?q=fac-2024-0001"); a.header.Get("Location") != "/p/MIC/services/FAC-2024-0001" {
		t.Errorf("the search leads to %q, status %d", a.header.Get("Location"), a.status)
	}
	if a := b.get("/p/MIC/equipment/" + equipment.Code); !strings.Contains(a.body, "Agent 42") || !strings.Contains(a.body, "Expiré") {
		t.Errorf("the equipment does not show its training: %d", a.status)
	}
}

func TestServices_KeepWhatWasTypedAndSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.furnished()
	b := s.holding(qms.Member, "MIC")
	a := b.post("/p/MIC/services/new", url.Values{"date": {"31/02/2024"}, "client": {"Client <b>01</b>"}, "subject": {""}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "n’existe pas") ||
		!strings.Contains(a.body, "Client &lt;b&gt;01&lt;/b&gt;") || strings.Contains(a.body, "<b>01") {
		t.Errorf("status %d:\n%s", a.status, a.body)
	}
	a = b.post("/p/MIC/uses/new", url.Values{"date": {"01/02/2024"}, "person": {"nobody"}, "hours": {"beaucoup"}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `aria-invalid="true"`) {
		t.Errorf("a use by nobody: status %d", a.status)
	}
	a = b.get("/p/MIC/services?from=31/02/2024")
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("a filter by a day that does not exist: status %d", a.status)
	}
	for _, path := range []string{"/p/MIC/services/DEM-9", "/p/CYT/services", "/p/MIC/uses/UTI-9", "/p/MIC/equipment/EQ-9", "/p/MIC/people/trainings/x/void"} {
		if a := b.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, a.status)
		}
	}
}

func TestMatrix_ShowsWhoIsTrainedOnWhat(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.furnished()
	b := s.holding(qms.Auditor, "MIC")
	a := b.get("/p/MIC/people?as_of=01/06/2024")
	for _, said := range []string{`data-state="valid"`, "valide jusqu’au 01/01/2025", "Agent 42"} {
		if !strings.Contains(a.body, said) {
			t.Errorf("the matrix does not say %q, status %d", said, a.status)
		}
	}
	if strings.Contains(a.body, "/people/trainings/new") {
		t.Error("an auditor is offered to record a training")
	}
	b.accept = "en"
	if a := b.get("/p/MIC/people/trainings?standing=expired"); !strings.Contains(a.body, "1 Jan 2025") || !strings.Contains(a.body, "Expired") {
		t.Errorf("the list in English, status %d:\n%s", a.status, a.body)
	}
}
