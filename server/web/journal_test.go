package web_test

import (
	"net/http"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trail"
)

// joined is a site where two people joined the platform MIC.
func joined(t *testing.T) *site {
	t.Helper()
	s := open(t)
	for _, code := range []string{"P01", "P02"} {
		cmd := people.AddMember{Platform: s.platform["MIC"], Code: code, Name: "Agent " + code[1:], Role: qms.Member}
		if _, err := s.People.AddMember(s.system(), cmd); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestJournal_ShowsWhoDidWhatAndWhatChanged(t *testing.T) {
	t.Parallel()
	s := joined(t)
	b := s.holding(qms.Auditor, "MIC")
	a := b.get("/p/MIC/trail")
	for _, want := range []string{"<h1>Journal</h1>", `href="/p/MIC/trail/0"`, "Appartenance à la plateforme", "P02", "<details>", "test"} {
		if a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("status %d, no %q in the journal", a.status, want)
		}
	}
	a = b.get("/p/MIC/trail/0")
	if a.status != http.StatusOK || !strings.Contains(a.body, "P01") || !strings.Contains(a.body, `href="/p/MIC/trail/rows/`) {
		t.Errorf("the first act: %d\n%s", a.status, a.body)
	}
	row := a.body[strings.Index(a.body, "/p/MIC/trail/rows/"):]
	row = row[:strings.Index(row, `"`)]
	if a = b.get(row); a.status != http.StatusOK || !strings.Contains(a.body, `class="history"`) {
		t.Errorf("%s: %d", row, a.status)
	}
	for _, path := range []string{"/p/MIC/trail/99", "/p/MIC/trail/00", "/p/MIC/trail/x", "/p/MIC/trail/rows/x", "/p/CYT/trail", "/trail"} {
		if a = b.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d, want not found", path, a.status)
		}
	}
}

func TestJournal_IsNarrowed(t *testing.T) {
	t.Parallel()
	s := joined(t)
	b := s.holding(qms.Auditor, "MIC")
	for query, want := range map[string]bool{
		"":                               true,
		"?act=member.add":                true,
		"?act=quote.void":                false,
		"?from=2001-01-01":               true,
		"?until=2001-01-01":              false,
		"?from=01/01/2001":               true,
		"?actor=" + someID:               false,
		"?act=member.add&until=2001-1-1": true, // a date that cannot be read narrows nothing, and says so
	} {
		a := b.get("/p/MIC/trail" + query)
		if a.status != http.StatusOK || strings.Contains(a.body, "P01") != want {
			t.Errorf("%q: status %d, shows the first member %v", query, a.status, !want)
		}
	}
	if a := b.get("/p/MIC/trail?until=demain"); !strings.Contains(a.body, "demain") || !strings.Contains(a.body, `data-tone="bad"`) {
		t.Error("a date that cannot be read passes unsaid")
	}
}

func TestCheckpoint_IsTheSignedHead(t *testing.T) {
	t.Parallel()
	s := joined(t)
	verifier, err := trail.ParseVerifier(s.Key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	b := s.holding(qms.Auditor, "MIC")
	note := b.get("/p/MIC/trail/checkpoint/note")
	checkpoint, err := trail.Open([]byte(note.body), verifier)
	if err != nil || checkpoint.Size < 2 || !strings.HasSuffix(checkpoint.Origin, string(s.platform["MIC"])) {
		t.Fatalf("%+v, %v", checkpoint, err)
	}
	if a := b.get("/p/MIC/trail/checkpoint"); a.status != http.StatusOK || !strings.Contains(a.body, checkpoint.Fingerprint()) ||
		!strings.Contains(a.body, verifier.Fingerprint()) {
		t.Errorf("status %d, no fingerprint in\n%s", a.status, a.body)
	}
	if a := s.holding(qms.Administrator, "").get("/trail/checkpoint"); a.status != http.StatusOK {
		t.Errorf("the site's: %d", a.status)
	}
}
