package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillon/qms"
)

// cutOut is what stands between two marks of a page.
func cutOut(t *testing.T, body, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(body, from)
	inner, _, closed := strings.Cut(rest, to)
	if !ok || !closed {
		t.Fatalf("no %s…%s in\n%s", from, to, body)
	}
	return inner
}

func TestAuditors_AreLetInReadAndAreSeen(t *testing.T) {
	t.Parallel()
	s := open(t)
	manager := s.holding(qms.Manager, "MIC")
	invite := url.Values{"name": {"Agent 40"}, "email": {"agent40@ailleurs.example"}, "purpose": {"Suivi <b>à 24 mois</b>"}, "from": {s.DB.Today().String()},
		"until": {s.DB.Today().AddMonths(2).String()}, "language": {"fr"}}
	if a := manager.post("/p/MIC/audit/new", url.Values{"name": {"Agent 40"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "error-summary") {
		t.Errorf("half an invitation: %d", a.status)
	}
	a := manager.post("/p/MIC/audit/new", invite)
	if a.status != http.StatusOK {
		t.Fatalf("invited: %d\n%s", a.status, a.body)
	}
	door := cutOut(t, a.body, `/welcome/`, `"`)
	guest := s.nobody()
	a = guest.get("/welcome/" + door)
	if a.status != http.StatusOK || !strings.Contains(a.body, "Plateforme MIC") || strings.Contains(a.body, "<b>à 24") {
		t.Fatalf("the door: %d\n%s", a.status, a.body)
	}
	if a = guest.get("/welcome/" + door[:len(door)-2] + "xx"); a.status != http.StatusNotFound {
		t.Errorf("another token: %d", a.status)
	}
	if a = guest.post("/welcome/"+door, url.Values{"password": {password}, "again": {"autre"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("two passwords: %d", a.status)
	}
	if a = guest.post("/welcome/"+door, url.Values{"password": {password}, "again": {password}}); a.status != http.StatusSeeOther || a.header.Get("Location") != "/p/MIC/audit" {
		t.Fatalf("chosen: %d, %s", a.status, a.header.Get("Location"))
	}
	if a = s.nobody().get("/welcome/" + door); a.status != http.StatusNotFound {
		t.Errorf("the door a second time: %d", a.status)
	}
	a = guest.get("/p/MIC/audit")
	if a.status != http.StatusOK || !strings.Contains(a.body, "Vérifier sans nous") {
		t.Errorf("home of the auditor: %d\n%s", a.status, a.body)
	}
	for _, path := range []string{"/p/MIC/documents", "/p/MIC/trail", "/p/MIC/signatures"} {
		if a = guest.get(path); a.status != http.StatusOK {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a = guest.get("/p/MIC/documents/NIX-001"); a.status != http.StatusNotFound {
		t.Errorf("what is not there: %d", a.status)
	}
	if a = guest.get("/p/CYT/documents"); a.status != http.StatusNotFound {
		t.Errorf("another platform: %d", a.status)
	}
	a = manager.get("/p/MIC/audit/opened")
	for _, want := range []string{"Agent 40", "/documents<", "/trail<", "/signatures<"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %q in what was opened", want)
		}
	}
	if strings.Contains(a.body, "NIX-001") || strings.Contains(a.body, "/documents/new") {
		t.Error("what was not opened is on record")
	}
	s.auditorNotes(guest, manager)
}

// auditorNotes writes a note that the manager reads once it is handed over, and ends the access.
func (s *site) auditorNotes(guest, manager *browser) {
	s.t.Helper()
	if a := guest.post("/p/MIC/audit/notes/new", url.Values{"about": {"platform"}, "words": {"Rien à redire"}}); a.status != http.StatusSeeOther {
		s.t.Fatalf("note: %d\n%s", a.status, a.body)
	}
	a := guest.get("/p/MIC/audit/notes")
	if strings.Contains(manager.get("/p/MIC/audit/notes").body, "Rien à redire") || strings.Contains(manager.get("/p/MIC/trail").body, "Rien à redire") {
		s.t.Error("the manager reads a note that is the auditor's")
	}
	hand := regexp.MustCompile(`/p/MIC/audit/notes/[0-9a-f-]{36}/hand`).FindString(a.body)
	if a := guest.get(hand); a.status != http.StatusOK {
		s.t.Fatalf("%s: %d", hand, a.status)
	}
	if a := guest.post(hand, url.Values{"revision": {"1"}}); a.status != http.StatusSeeOther {
		s.t.Errorf("handed over: %d\n%s", a.status, a.body)
	}
	if !strings.Contains(manager.get("/p/MIC/audit/notes").body, "Rien à redire") {
		s.t.Error("the manager does not read what was handed over")
	}
	end := regexp.MustCompile(`/p/MIC/audit/[0-9a-f-]{36}/end`).FindString(manager.get("/p/MIC/audit").body)
	if a := manager.post(end, url.Values{"revision": {"2"}, "reason": {"Terminé"}}); a.status != http.StatusSeeOther {
		s.t.Fatalf("ended: %d\n%s", a.status, a.body)
	}
	if a := guest.get("/p/MIC/audit"); a.status != http.StatusNotFound {
		s.t.Errorf("after the end: %d", a.status)
	}
}
