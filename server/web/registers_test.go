package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
)

func TestRegisters_AreListedExportedAndComeWithTemplates(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.QualityLead, "MIC")
	at := b.started(b.bring("/p/MIC/imports/registers", "files devis.csv", "N° devis;N° demande;Date du devis;Accepté le;Montant HT\n=D-1;R-1;03/04/2023;;12,50\n"))
	b.settled(at)
	b.post(at, url.Values{"do": {"confirm"}})
	b.settled(at)
	holds(t, b.get("/p/MIC/registers"), "Registres", "Devis", "Exporter tout", "Cartographie des données", "export seul", "Télécharger le modèle")
	a := b.get("/p/MIC/registers/quotes/export?format=csv")
	if a.status != http.StatusOK || !strings.Contains(a.body, "'=D-1;R-1;03/04/2023;;;12,50") || !strings.Contains(a.header.Get("Content-Disposition"), "MIC-quotes-") {
		t.Errorf("%d %s %q", a.status, a.header.Get("Content-Disposition"), a.body)
	}
	whole := b.get("/p/MIC/registers/export?format=xlsx")
	again := b.started(b.bring("/p/MIC/imports/registers", "files r.xlsx", whole.body))
	holds(t, b.settled(again), "tout est déjà là")
	empty := b.started(b.bring("/p/MIC/imports/registers", "files m.xlsx", b.get("/p/MIC/registers/template").body))
	holds(t, b.settled(empty), "aucune ligne en dessous")
	if past := b.get("/p/MIC/registers/quotes/export?format=csv&as_of=2020-01-01"); strings.Contains(past.body, "D-1") {
		t.Errorf("a past day: %q", past.body)
	}
	for path, want := range map[string]int{
		"/p/MIC/registers/none/export": http.StatusNotFound, "/p/MIC/registers/prices/template": http.StatusNotFound, "/p/MIC/registers/export?format=csv": http.StatusUnprocessableEntity,
		"/p/MIC/registers/quotes/export?format=exe": http.StatusUnprocessableEntity, "/p/MIC/registers?as_of=hier": http.StatusUnprocessableEntity, "/p/MIC/registers/quotes/template?format=csv": http.StatusOK,
	} {
		if a := b.get(path); a.status != want {
			t.Errorf("%s: %d, want %d", path, a.status, want)
		}
	}
	if a := s.holding(qms.User, "MIC").get("/p/MIC/registers/export?format=xlsx"); a.status == http.StatusOK {
		t.Errorf("a user of equipment: %d", a.status)
	}
	if a := s.holding(qms.Manager, "CYT").get("/p/MIC/registers/export?format=xlsx"); a.status != http.StatusNotFound {
		t.Errorf("another platform: %d", a.status)
	}
}
