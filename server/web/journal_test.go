package web_test

import (
	"net/http"
	"net/url"
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
		"?table=memberships":             true,
		"?table=quotes":                  false,
		"?table=%00":                     true, // the page leaves out what no database keeps
		"?words=x%25_":                   false,
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

func TestJournal_OfARecordIsReadByWhoReadsTheRecord(t *testing.T) {
	t.Parallel()
	s := joined(t)
	lead, member, user := s.holding(qms.QualityLead, "MIC"), s.holding(qms.Member, "MIC"), s.holding(qms.User, "MIC")
	a := lead.get("/p/MIC/trail/0")
	row := a.body[strings.Index(a.body, "/p/MIC/trail/rows/"):]
	row = row[:strings.Index(row, `"`)]
	for who, b := range map[string]*browser{"lead": lead, "member": member} {
		a := b.get(row)
		if a.status != http.StatusOK || !strings.Contains(a.body, "Agent 01") || strings.Contains(a.body, `href="/p/MIC/trail/0"`) != (who == "lead") {
			t.Errorf("%s: %d\n%s", who, a.status, a.body)
		}
		if a = b.get(row + "/proof"); a.status != http.StatusOK || !strings.Contains(a.body, `"checkpoint": "maillon`) || !strings.Contains(a.body, `"facts": [`) {
			t.Errorf("%s, proof: %d\n%.500s", who, a.status, a.body)
		}
	}
	if a := member.get("/p/MIC/trail"); a.status != http.StatusNotFound {
		t.Errorf("the whole journal for a member: %d", a.status)
	}
	for _, b := range []*browser{user, s.holding(qms.Manager, "CYT")} {
		if a := b.get(row); a.status != http.StatusNotFound {
			t.Errorf("for who may not see the record: %d", a.status)
		}
	}
}

func TestJournal_SaysInWordsWhatWasDoneByWhom(t *testing.T) {
	t.Parallel()
	s := joined(t)
	b := s.holding(qms.QualityOfficer, "")
	a := b.get("/p/MIC/trail?format=csv")
	for _, want := range []string{"Formateur", "Agent 01", ";non", "Appartenance à la plateforme"} {
		if a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("status %d, no %q in %.600s", a.status, want, a.body)
		}
	}
	if strings.Contains(a.body, ";false") || strings.Contains(a.body, "from_date") {
		t.Errorf("not in words: %.600s", a.body)
	}
	me := s.user(qms.Manager, "MIC")
	at := s.nobody()
	at.signIn(me)
	at.post("/p/MIC/members/new", url.Values{"code": {"P09"}, "name": {"Agent 09"}})
	a = b.get("/p/MIC/trail?act=member.add")
	person := a.body[strings.Index(a.body, "/p/MIC/trail/people/"):]
	person = person[:strings.Index(person, `"`)]
	if a = b.get(person); a.status != http.StatusOK || !strings.Contains(a.body, "Plateforme MIC") || !strings.Contains(a.body, "Agent 01") {
		t.Errorf("what the manager did: %d\n%s", a.status, a.body)
	}
}
