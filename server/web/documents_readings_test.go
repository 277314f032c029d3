package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/locale"
)

// approved makes a document and walks it through its round.
func (c crew) approved(title, verifier, approver string) string {
	fields := map[string]string{"title": title, "kind": "PR", "process": "ACH", "number": "1.0", "reason": "première version", "review_months": "24",
		"confidentiality": "internal", "verifier": verifier, "approver": approver, "submit": "on"}
	a := c.author.deposit("/p/MIC/documents/new", fields, "a.md", "# "+title+"\n\nTexte secret du document.")
	c.author.says("create", a, http.StatusSeeOther)
	sheet := a.header.Get("Location")
	sign := url.Values{"password": {password}}
	c.verifier.says("verify", c.verifier.post(sheet+"/versions/1.0/verify", sign), http.StatusSeeOther)
	c.approver.says("approve", c.approver.post(sheet+"/versions/1.0/approve", sign), http.StatusSeeOther)
	return sheet
}

func TestReadings_PeopleWithTrainingOnlyReadTheDocumentsAddressedToThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.crew()
	verifier, approver := c.signatories()
	first, second := c.approved("Achats", verifier, approver), c.approved("Ventes", verifier, approver)
	user := s.holding(qms.User, "MIC")
	hidden := []string{first, first + "/versions/1.0/file", first + "/versions/1.0/read", second, second + "/versions/1.0/file", first + "/distribution"}
	for _, path := range hidden {
		if a := user.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for _, path := range []string{"/p/MIC/documents", "/p/MIC/documents?q=achats", "/p/MIC/documents?as_of=2020-01-01", "/p/MIC/documents?format=csv",
		"/p/MIC/documents/links", "/p/MIC/documents/reading", "/p/MIC/search?q=achats", "/p/MIC/search?q=secret",
		"/api/v1/platforms/MIC/documents", "/api/v1/platforms/MIC/document-links", "/api/v1/platforms/MIC/document-readings"} {
		if a := user.get(path); a.status != http.StatusOK || strings.Contains(a.body, "PR-ACH-00") {
			t.Errorf("%s: %d, shows a document that is not addressed to its reader", path, a.status)
		}
	}
	for _, path := range []string{"", "/versions/1.0", "/versions/1.0/content", "/readings", "/distribution"} {
		if a := user.get("/api/v1/platforms/MIC" + strings.TrimPrefix(first, "/p/MIC") + path); a.status != http.StatusNotFound {
			t.Errorf("the API's %s: %d", path, a.status)
		}
	}
	c.approver.says("address", c.approver.post(first+"/distribution", url.Values{"roles": {"user", "member"}, "from": {""}}), http.StatusSeeOther)
	fr := locale.For(locale.French)
	user.says("the document addressed", user.get(first), http.StatusOK, fr.T("page.readings.call", "1.0"))
	user.says("its file", user.get(first+"/versions/1.0/file"), http.StatusOK)
	user.says("the search", user.get("/p/MIC/documents?q=achats"), http.StatusOK, "PR-ACH-001")
	for _, path := range []string{"/p/MIC/documents", "/p/MIC/documents/links", "/p/MIC/search?q=secret", "/api/v1/platforms/MIC/documents"} {
		if a := user.get(path); a.status != http.StatusOK || strings.Contains(a.body, "PR-ACH-002") {
			t.Errorf("%s: %d, shows the other document", path, a.status)
		}
	}
	user.says("a wrong password", user.post(first+"/versions/1.0/read", url.Values{"password": {"wrong"}}), http.StatusUnprocessableEntity, "Ce n’est pas votre mot de passe")
	user.says("sign", user.post(first+"/versions/1.0/read", url.Values{"password": {password}}), http.StatusSeeOther)
	user.says("sign twice", user.post(first+"/versions/1.0/read", url.Values{"password": {password}}), http.StatusConflict)
	user.says("address, by a user", user.post(first+"/distribution", url.Values{"roles": {"user"}}), http.StatusForbidden)
	c.approver.says("who has read", c.approver.get(first+"/distribution"), http.StatusOK, fr.T("page.readings.state_read"), fr.T("page.readings.state_to-read"))
	c.author.says("to an author", c.author.get("/p/MIC/tasks"), http.StatusOK, fr.T("page.readings.todo", "PR-ACH-001", "1.0"))
}

func TestReadings_AreAddressedEndedAndExported(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.crew()
	verifier, approver := c.signatories()
	sheet := c.approved("Achats", verifier, approver)
	fr := locale.For(locale.French)
	c.approver.says("an empty matrix", c.approver.get("/p/MIC/documents/reading"), http.StatusOK, fr.T("page.readings.none"))
	c.approver.says("nobody chosen", c.approver.post(sheet+"/distribution", url.Values{"reason": {"motif tapé"}}), http.StatusUnprocessableEntity, fr.T("distribution.nobody"), "motif tapé")
	c.approver.says("a kind", c.approver.post("/p/MIC/documents/distribution", url.Values{"kind": {"PR"}, "roles": {"member", "manager"}}), http.StatusSeeOther)
	c.approver.says("one by name", c.approver.post(sheet+"/distribution", url.Values{"persons": {approver}}), http.StatusSeeOther)
	c.author.says("sign", c.author.post(sheet+"/versions/1.0/read", url.Values{"password": {password}}), http.StatusSeeOther)
	for _, lang := range locale.Languages() {
		c.approver.accept = lang
		for _, path := range []string{sheet, sheet + "/distribution", "/p/MIC/documents/distribution", "/p/MIC/documents/reading", "/p/MIC/documents/reading?missing=1&role=member&process=ACH", "/p/MIC/documents/reading/rule"} {
			page := c.approver.get(path)
			c.approver.says(path, page, http.StatusOK)
			if found := regexp.MustCompile(`[>" ](page|act|state|reading|distribution)\.[a-z_]+(\.[a-z_-]+)?[<" ]`).FindString(page.body); found != "" {
				t.Errorf("%s shows the key %q", path, found)
			}
		}
	}
	c.approver.accept = "fr"
	rows, err := c.reader.workbook("/p/MIC/documents/reading?format=xlsx").GetRows("Maillon")
	if err != nil || len(rows) != 4 || rows[0][5] != "PR-ACH-001 1.0 Achats" {
		t.Fatalf("%q, %v", rows, err)
	}
	states := map[string]int{}
	for _, row := range rows[1:] {
		states[row[5]]++
	}
	if states[fr.InputDate(s.DB.Today())] != 1 || states[fr.T("page.readings.state_to-read")] != 2 {
		t.Errorf("the cells hold %v", states)
	}
	if lines := c.reader.lines(sheet+"/distribution?format=csv", ';'); len(lines) != 4 {
		t.Errorf("%d lines of readers", len(lines))
	}
	end := regexp.MustCompile(`/p/MIC/documents/distribution/[0-9a-f-]{36}/end`).FindString(c.approver.get(sheet + "/distribution").body)
	c.approver.says("end, asked", c.approver.get(end), http.StatusOK, fr.T("page.readings.will_end"))
	c.approver.says("end without a reason", c.approver.post(end, url.Values{}), http.StatusUnprocessableEntity, fr.T("act.reason_missing"))
	c.approver.says("end", c.approver.post(end, url.Values{"reason": {"parti"}}), http.StatusSeeOther)
	c.approver.says("on record", c.approver.get(sheet+"/distribution"), http.StatusOK, "parti")
	c.approver.says("the rule", c.approver.post("/p/MIC/documents/reading/rule", url.Values{"late_days": {"0"}}), http.StatusUnprocessableEntity, fr.T("reading.late_days", 730))
}
