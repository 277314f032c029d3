package app

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"maillon/qms"
)

// known asks at a revision, with a body of a kind, and reads the answer into out; it returns the ETag.
func (s *site) known(t *testing.T, method, path, token, etag, kind, body string, want int, out any) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/api/v1"+path, bytes.NewReader([]byte(body)))
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Authorization", "Bearer "+token)
	if etag != "" {
		r.Header.Set("If-Match", etag)
	}
	response, err := s.app.Test(r, 30_000)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != want {
		t.Fatalf("%s %s: status %d, want %d: %s", method, path, response.StatusCode, want, text)
	}
	if raw, ok := out.(*string); ok {
		*raw = string(text)
	} else if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return response.Header.Get("ETag")
}

// me is the ID of the token's person.
func (s *site) me(t *testing.T, token string) string {
	t.Helper()
	var me struct{ Person, ID string }
	s.call(t, "GET", "/me", token, "", http.StatusOK, &me)
	return me.Person + me.ID
}

type documentAnswer struct {
	Code, Title string
	InForce     string `json:"in_force"`
	Revision    int64
	Versions    []versionAnswer
	Refers      []struct{ Code, By, Problem string }
}

type versionAnswer struct {
	Number, State, SHA256 string
	Signatures            []struct{ Meaning, SHA256 string }
}

func TestDocumentsAPI_WalksFromTheDraftToTheVersionInForce(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	plt := s.platform["PLT"]
	author, verifier, approver := s.token(t, qms.Member, plt), s.token(t, qms.Manager, plt), s.token(t, qms.QualityLead, plt)
	const one, version, kind = "/platforms/PLT/documents/PR-ACH-001", "/platforms/PLT/documents/PR-ACH-001/versions/1.0", "application/json"
	var d documentAnswer
	s.call(t, "POST", "/platforms/PLT/documents", author, `{"title":"Achats","kind":"PR","process":"ACH","reason":"first"}`, http.StatusCreated, &d)
	if d.Code != "PR-ACH-001" || len(d.Versions) != 1 || d.Versions[0].State != "draft" {
		t.Fatalf("made %+v", d)
	}
	var v versionAnswer
	etag := s.known(t, "GET", version, author, "", kind, "", http.StatusOK, &v)
	s.known(t, "PATCH", version+"/content?name=achats.md", author, "", "application/octet-stream", "voir FO-ACH-001", http.StatusPreconditionRequired, nil)
	next := s.known(t, "PATCH", version+"/content?name=achats.md", author, etag, "application/octet-stream", "voir FO-ACH-001", http.StatusOK, &v)
	s.known(t, "PATCH", version+"/content?name=achats.md", author, etag, "application/octet-stream", "autre", http.StatusPreconditionFailed, nil)
	if v.SHA256 == "" || next == etag {
		t.Errorf("attached %+v, ETag %s then %s", v, etag, next)
	}
	body := `{"verifier":"` + s.me(t, verifier) + `","approver":"` + s.me(t, approver) + `"}`
	etag = s.known(t, "POST", version+"/submit", author, next, kind, body, http.StatusOK, &v)
	s.known(t, "POST", version+"/verify", verifier, etag, kind, `{"password":"wrong"}`, http.StatusUnprocessableEntity, nil)
	s.known(t, "POST", version+"/verify", author, etag, kind, `{"password":"une phrase de passe"}`, http.StatusForbidden, nil)
	etag = s.known(t, "POST", version+"/verify", verifier, etag, kind, `{"password":"une phrase de passe"}`, http.StatusOK, &v)
	s.known(t, "POST", version+"/approve", approver, etag, kind, `{"password":"une phrase de passe","effective_from":"2020-01-01"}`, http.StatusUnprocessableEntity, nil)
	etag = s.known(t, "POST", version+"/approve", approver, etag, kind, `{"password":"une phrase de passe"}`, http.StatusOK, &v)
	if v.State != "effective" || len(v.Signatures) != 3 || v.Signatures[2].SHA256 != v.SHA256 {
		t.Errorf("approved %+v", v)
	}
	s.known(t, "POST", version+"/approve", approver, etag, kind, `{"password":"une phrase de passe"}`, http.StatusConflict, nil)
	var content string
	s.known(t, "GET", version+"/content", author, "", kind, "", http.StatusOK, &content)
	if content != "voir FO-ACH-001" {
		t.Errorf("handed out %q", content)
	}
	s.call(t, "GET", one, author, "", http.StatusOK, &d)
	if d.InForce != "1.0" || len(d.Refers) != 1 || d.Refers[0].Code != "FO-ACH-001" || d.Refers[0].Problem != "unknown" {
		t.Errorf("shown as %+v", d)
	}
	s.known(t, "PATCH", one, approver, `"1"`, kind, `{"title":"Achats et réception"}`, http.StatusOK, &d)
	s.known(t, "PATCH", one, approver, `"1"`, kind, `{"title":"Encore"}`, http.StatusPreconditionFailed, nil)
	if d.Title != "Achats et réception" {
		t.Errorf("corrected to %+v", d)
	}
	s.known(t, "POST", version+"/withdraw", approver, etag, kind, `{"reason":"remplacé"}`, http.StatusOK, &v)
	if v.State != "withdrawn" {
		t.Errorf("withdrawn as %+v", v)
	}
}

func TestDocumentsAPI_ListsByPagesWithFilters(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	author := s.token(t, qms.Member, s.platform["PLT"])
	for _, title := range []string{"Achats", "Réception", "Étalonnage", "Tri", "Accueil"} {
		s.call(t, "POST", "/platforms/PLT/documents", author, `{"title":"`+title+`","kind":"PR","process":"ACH"}`, http.StatusCreated, nil)
	}
	var page struct {
		Items []struct{ Title string }
		Next  string
	}
	var titles []string
	for after := ""; ; after = page.Next {
		page.Items, page.Next = nil, ""
		s.call(t, "GET", "/platforms/PLT/documents?sort=-title&limit=2&after="+after, author, "", http.StatusOK, &page)
		for _, i := range page.Items {
			titles = append(titles, i.Title)
		}
		if page.Next == "" {
			break
		}
	}
	if got := strings.Join(titles, " "); got != "Tri Réception Étalonnage Achats Accueil" {
		t.Errorf("pages give %s", got)
	}
	s.call(t, "GET", "/platforms/PLT/documents?q=recep", author, "", http.StatusOK, &page)
	if len(page.Items) != 1 {
		t.Errorf("the filter keeps %+v", page.Items)
	}
	var code struct{ Code string }
	s.call(t, "GET", "/platforms/PLT/document-codes/next?kind=PR&process=ACH", author, "", http.StatusOK, &code)
	if code.Code != "PR-ACH-006" {
		t.Errorf("the next code is %q", code.Code)
	}
	reader := s.token(t, qms.Auditor, s.platform["PLT"])
	s.call(t, "GET", "/platforms/PLT/documents", reader, "", http.StatusOK, &page)
	if len(page.Items) != 0 {
		t.Errorf("a reader is shown drafts: %+v", page.Items)
	}
	s.call(t, "GET", "/platforms/PLT/documents/PR-ACH-001", reader, "", http.StatusNotFound, nil)
}
