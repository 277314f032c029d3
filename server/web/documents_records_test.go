package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/store"
)

// form takes a form over as in force since long ago, FO-PRE-001.
func (s *site) form(platform string) {
	s.t.Helper()
	list := []documents.Stated{
		{Code: "FO-PRE-001", Title: "Fiche de réception", Version: "1.0", EffectiveFrom: qms.MustDate("2020-01-01")},
		{Code: "FO-PRE-001", Title: "Fiche de réception", Version: "2.0", EffectiveFrom: qms.MustDate("2022-01-01")},
	}
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(s.platform[platform]), Platform: s.platform[platform]}
	err := s.DB.Change(s.system(), act, func(tx *store.Tx) error {
		_, err := documents.TakeMasterList(s.system(), tx, list)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestRecords_AreEnteredCorrectedVoidedAndListed(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.form("MIC")
	b := s.holding(qms.Member, "MIC")
	const all = "/p/MIC/records"
	b.says("nothing yet", b.get(all), http.StatusOK, "Aucun enregistrement", "Ajouter un formulaire rempli")
	b.says("an unknown form", b.get(all+"/new?form=XX-9"), http.StatusOK, "n’est le code d’aucun document")
	b.says("which form", b.get(all+"/new"), http.StatusOK, "FO-PRE-001 Fiche de réception")
	b.says("the form", b.get(all+"/new?form=FO-PRE-001"), http.StatusOK, "Celle qui était en vigueur à la date", "2.0, en vigueur")
	enter := func(fields map[string]string) answer {
		fields["form"] = "FO-PRE-001"
		return b.deposit(all+"/new", fields, "fiche.md", "Nom : Agent 02")
	}
	b.says("an equipment that is not there", enter(map[string]string{"title": "Réception", "date": "03/02/2023", "about_kind": "equipment", "about": "EQ-9"}),
		http.StatusUnprocessableEntity, "Aucun équipement n’a le code", "Réception")
	year := s.DB.Today().Year()
	first, second := fmt.Sprintf("ENR-%d-00001", year), fmt.Sprintf("ENR-%d-00002", year)
	if a := enter(map[string]string{"title": "Réception du lot 7", "date": "03/02/2023", "about_kind": "document", "about": "fo-pre-001"}); a.status != http.StatusSeeOther || !strings.HasSuffix(a.header.Get("Location"), first) {
		t.Fatalf("entered: %d %s", a.status, a.header.Get("Location"))
	}
	if a := enter(map[string]string{"title": "=lot 8", "date": "03/02/2023", "version": "1.0"}); a.status != http.StatusSeeOther {
		t.Fatalf("on an outdated version: %d", a.status)
	}
	b.says("the outdated one", b.get(all+"/"+second), http.StatusOK, "Rempli sur la version 1.0, qui n’était pas en vigueur", "2.0")
	b.says("the list", b.get(all+"?form=FO-PRE-001&from=01/02/2023"), http.StatusOK, first, second, "Réception du lot 7")
	b.says("a day that is none", b.get(all+"?from=99/99/9999"), http.StatusUnprocessableEntity)
	if lines := b.lines(all+"?format=csv&state=outdated", ';'); len(lines) != 2 || lines[1][1] != "'=lot 8" {
		t.Errorf("exported %v", lines)
	}
	b.says("its file", b.get(all+"/"+first+"/file"), http.StatusOK, "Nom : Agent 02")
	b.says("the form's sheet", b.get("/p/MIC/documents/FO-PRE-001"), http.StatusOK, "2 enregistrements")
	b.says("a correction without a reason", b.post(all+"/"+first+"/correct", url.Values{"revision": {"1"}, "title": {"Lot 9"}, "date": {"03/02/2023"}, "version": {"2.0"}}),
		http.StatusUnprocessableEntity, "Dites pourquoi")
	if a := b.post(all+"/"+first+"/void", url.Values{"revision": {"1"}, "reason": {"saisi deux fois"}}); a.status != http.StatusSeeOther {
		t.Fatalf("void: %d %s", a.status, mainOf(a.body))
	}
	b.says("void, and readable", b.get(all+"/"+first), http.StatusOK, "saisi deux fois", "Annulé")
	if a := s.holding(qms.User, "MIC").get(all); a.status != http.StatusNotFound {
		t.Errorf("a user of equipment reads records: %d", a.status)
	}
}

func TestDisposal_IsDecidedWithThePasswordAndClosesTheFile(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.form("MIC")
	b := s.holding(qms.QualityLead, "MIC")
	a := b.deposit("/p/MIC/records/new", map[string]string{"form": "FO-PRE-001", "title": "Réception du lot 7", "date": "03/02/2022"}, "fiche.md", "Nom : Agent 02")
	number := a.header.Get("Location")[strings.LastIndex(a.header.Get("Location"), "/")+1:]
	const page = "/p/MIC/documents/disposal"
	b.says("nothing to decide", b.get(page), http.StatusOK, "Rien n’attend de décision", "ne sont pas effacés du stockage")
	if a := b.post("/p/MIC/documents/FO-PRE-001/edit", url.Values{"revision": {"1"}, "title": {"Fiche de réception"}, "kind": {"FO"}, "process": {"PRE"}, "confidentiality": {"internal"},
		"review_months": {"24"}, "retention_months": {"12"}, "watch_months": {"0"}}); a.status != http.StatusSeeOther {
		t.Fatalf("retention: %d %s", a.status, mainOf(a.body))
	}
	listed := b.get(page)
	b.says("to decide", listed, http.StatusOK, number, "FO-PRE-001 v1.0")
	items := itemsOf(listed.body)
	if len(items) != 2 {
		t.Fatalf("%d lines to choose", len(items))
	}
	decision := url.Values{"item": items, "decision": {"eliminate"}, "reason": {"durée passée"}, "password": {"une autre"}}
	b.says("another password", b.post(page, decision), http.StatusUnprocessableEntity, "durée passée")
	decision.Set("password", password)
	if a := b.post(page, decision); a.status != http.StatusSeeOther {
		t.Fatalf("decided: %d %s", a.status, mainOf(a.body))
	}
	b.says("the history", b.get(page+"/decisions"), http.StatusOK, number, "durée passée", "SORT-")
	b.says("closed", b.get("/p/MIC/records/"+number+"/file"), http.StatusNotFound, "a été éliminé le")
	b.says("and on record", b.get("/p/MIC/records/"+number), http.StatusOK, "fermé à la lecture", "SHA-256")
	if lines := b.lines(page+"/decisions?format=csv", ';'); len(lines) != 3 {
		t.Errorf("exported %v", lines)
	}
	const signed = "/p/MIC/signatures?kind=disposal"
	b.says("the signatures", b.get(signed), http.StatusOK, number, "FO-PRE-001 v1.0", "Sort final d’un contenu, SORT-", "élimination", "Europe/Paris", "2 tiennent")
	b.leadsOn(signed, number)
	if lines := b.lines(signed+"&format=csv", ';'); len(lines) != 3 {
		t.Errorf("signatures exported: %v", lines)
	}
	if a := s.holding(qms.Auditor, "MIC").get(page); a.status != http.StatusOK || strings.Contains(a.body, `name="decision"`) {
		t.Errorf("an auditor: %d", a.status)
	}
}

// itemsOf are the values of the boxes of a list to decide about.
func itemsOf(body string) (items []string) {
	for _, part := range strings.Split(body, `name="item" value="`)[1:] {
		items = append(items, part[:strings.IndexByte(part, '"')])
	}
	return items
}
