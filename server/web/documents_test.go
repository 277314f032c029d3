package web_test

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/locale"
)

// deposit posts a form with a file, which comes last as in our pages; no file when it has no name.
func (b *browser) deposit(path string, fields map[string]string, name, content string) answer {
	b.t.Helper()
	return b.depositAs("file", path, fields, name, content)
}

// depositAs is deposit where the file stands in another field.
func (b *browser) depositAs(field, path string, fields map[string]string, name, content string) answer {
	b.t.Helper()
	found := token.FindStringSubmatch(b.get(path).body)
	if found == nil {
		b.t.Fatalf("%s carries no token", path)
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	fields["csrf"] = found[1]
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			b.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err = errorsJoin(err, w.Close()); err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

func errorsJoin(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// says holds the answer to its status and to sentences it must show.
func (b *browser) says(what string, a answer, status int, sentences ...string) {
	b.t.Helper()
	if a.status != status {
		b.t.Fatalf("%s: answers %d, want %d\n%s", what, a.status, status, mainOf(a.body))
	}
	for _, s := range sentences {
		if !strings.Contains(html.UnescapeString(a.body), s) {
			b.t.Errorf("%s: does not say %q\n%s", what, s, mainOf(a.body))
		}
	}
}

func mainOf(page string) string {
	if i := strings.Index(page, "<main"); i >= 0 {
		page = page[i:]
	}
	if i := strings.Index(page, "</main>"); i >= 0 {
		page = page[:i]
	}
	return page
}

// crew are the three people of a round, and somebody who may only read what is in force.
type crew struct{ author, verifier, approver, reader *browser }

func (s *site) crew() crew {
	return crew{s.holding(qms.Member, "MIC"), s.holding(qms.Manager, "MIC"), s.holding(qms.QualityLead, "MIC"), s.holding(qms.Auditor, "MIC")}
}

// signatories are the ids of verifier and approver as the forms of the pages offer them.
func (c crew) signatories() (verifier, approver string) {
	id := func(b *browser) string {
		page := b.get("/p/MIC/documents/new").body
		owner := regexp.MustCompile(`<option value="([0-9a-f-]{36})" selected`).FindStringSubmatch(page)
		if owner == nil {
			b.t.Fatal("the form does not offer its reader")
		}
		return owner[1]
	}
	return id(c.verifier), id(c.approver)
}

func TestDocuments_WalkFromTheFileToTheVersionInForce(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.crew()
	fr := locale.For(locale.French)
	c.author.says("an empty list", c.author.get("/p/MIC/documents"), http.StatusOK, fr.T("page.documents.none"))
	verifier, approver := c.signatories()
	fields := map[string]string{"title": "Achats et réception", "kind": "PR", "process": "ACH", "number": "1.0", "reason": "première version",
		"review_months": "24", "confidentiality": "internal", "verifier": verifier, "approver": approver, "submit": "on"}
	a := c.author.deposit("/p/MIC/documents/new", fields, "achats.md", "# Achats\n\nRemplir FO-ACH-001.")
	c.author.says("create", a, http.StatusSeeOther)
	const sheet = "/p/MIC/documents/PR-ACH-001"
	if got := a.header.Get("Location"); got != sheet {
		t.Fatalf("leads to %q", got)
	}
	c.author.says("the sheet", c.author.get(sheet), http.StatusOK, "Achats et réception", fr.T("state.in-review"), "FO-ACH-001", fr.T("page.documents.problem_unknown"))
	c.reader.says("a draft for a reader", c.reader.get(sheet), http.StatusNotFound)
	c.author.says("to sign", c.author.get("/p/MIC/documents/to-sign"), http.StatusOK, "PR-ACH-001")

	page := c.verifier.get(sheet)
	c.verifier.says("the verifier's sheet", page, http.StatusOK, fr.T("page.documents.awaited_you"))
	c.approver.says("too early", c.approver.post(sheet+"/versions/1.0/approve", url.Values{"password": {password}}), http.StatusConflict, fr.T("version.not_verified", "1.0"))
	c.verifier.says("a wrong password", c.verifier.post(sheet+"/versions/1.0/verify", url.Values{"password": {"wrong"}}), http.StatusUnprocessableEntity, "Ce n’est pas votre mot de passe")
	c.author.says("the author verifies", c.author.post(sheet+"/versions/1.0/verify", url.Values{"password": {password}}), http.StatusForbidden, fr.T("version.own_approval"))
	c.verifier.says("verify", c.verifier.post(sheet+"/versions/1.0/verify", url.Values{"password": {password}}), http.StatusSeeOther)
	c.approver.says("a past day", c.approver.post(sheet+"/versions/1.0/approve", url.Values{"password": {password}, "effective_from": {"01/01/2020"}}), http.StatusUnprocessableEntity, fr.T("version.effect_past"), "01/01/2020")
	c.approver.says("approve", c.approver.post(sheet+"/versions/1.0/approve", url.Values{"password": {password}}), http.StatusSeeOther)

	c.reader.says("in force", c.reader.get(sheet), http.StatusOK, fr.T("state.effective"))
	file := c.reader.get(sheet + "/versions/1.0/file")
	c.reader.says("download", file, http.StatusOK, "Remplir FO-ACH-001.")
	if got := file.header.Get("Content-Disposition"); got != `attachment; filename="PR-ACH-001 v1.0.md"` {
		t.Errorf("is saved as %q", got)
	}
	c.reader.says("the list", c.reader.get("/p/MIC/documents?state=effective&q=achats&sort=-code"), http.StatusOK, "PR-ACH-001")
	c.reader.says("links to check", c.reader.get("/p/MIC/documents/links?problem=unknown"), http.StatusOK, "FO-ACH-001")
	c.approver.says("withdraw, asked", c.approver.get(sheet+"/versions/1.0/withdraw"), http.StatusOK, fr.T("page.documents.will_withdraw", 0, "1.0"))
	c.approver.says("withdraw without a reason", c.approver.post(sheet+"/versions/1.0/withdraw", url.Values{}), http.StatusUnprocessableEntity, fr.T("act.reason_missing"))
	c.approver.says("withdraw", c.approver.post(sheet+"/versions/1.0/withdraw", url.Values{"reason": {"remplacé par l’outil"}}), http.StatusSeeOther)
	c.approver.says("withdrawn", c.approver.get(sheet), http.StatusOK, fr.T("state.withdrawn"), "remplacé par l’outil", fr.T("act.version.withdraw"))
}

func TestDocuments_SpeakBothLanguages(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.crew()
	a := c.author.deposit("/p/MIC/documents/new", map[string]string{"title": "Achats", "kind": "PR", "process": "ACH", "review_months": "24", "confidentiality": "internal"}, "a.md", "text")
	c.author.says("create", a, http.StatusSeeOther)
	raw := regexp.MustCompile(`[>" ](page|act|state|version|document)\.[a-z_]+(\.[a-z_-]+)?[<" ]`)
	for _, lang := range locale.Languages() {
		c.approver.accept = lang
		for _, path := range []string{"", "/new", "/to-sign", "/links", "/PR-ACH-001", "/PR-ACH-001/edit", "/PR-ACH-001/versions/1.0/attach", "/PR-ACH-001/versions/new",
			"/PR-ACH-001/versions/1.0/submit", "/PR-ACH-001/versions/1.0/verify", "/PR-ACH-001/versions/1.0/approve", "/PR-ACH-001/versions/1.0/reject",
			"/PR-ACH-001/versions/1.0/recall", "/PR-ACH-001/versions/1.0/withdraw"} {
			page := c.approver.get("/p/MIC/documents" + path)
			c.approver.says(path, page, http.StatusOK)
			if found := raw.FindString(page.body); found != "" {
				t.Errorf("%s %s shows the key %q", lang, path, found)
			}
			if strings.Contains(page.body, " style=") || strings.Contains(page.body, "onclick=") {
				t.Errorf("%s %s breaks the content policy", lang, path)
			}
		}
	}
}

func TestDocuments_KeepWhatWasTypedWhenTheFileIsBad(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.crew()
	fr := locale.For(locale.French)
	fields := func() map[string]string {
		return map[string]string{"title": "Titre tapé", "kind": "PR", "process": "ACH", "reason": "motif tapé", "review_months": "24", "confidentiality": "internal"}
	}
	c.author.says("a damaged file", c.author.deposit("/p/MIC/documents/new", fields(), "a.docx", "PK\x03\x04 not a zip"), http.StatusUnprocessableEntity, "Titre tapé", "motif tapé", `id="f-file-e"`)
	c.author.says("an empty file", c.author.deposit("/p/MIC/documents/new", fields(), "a.docx", ""), http.StatusUnprocessableEntity, "Titre tapé", fr.T("file.empty", "a.docx"))
	bad := fields()
	bad["process"], bad["submit"] = "", "on"
	c.author.says("several at once", c.author.deposit("/p/MIC/documents/new", bad, "a.md", "text"), http.StatusUnprocessableEntity,
		fr.T("code.part_missing"), fr.T("version.verifier_missing"), fr.T("version.approver_missing"), "Titre tapé")
	c.author.says("nothing was made", c.author.get("/p/MIC/documents"), http.StatusOK, fr.T("page.documents.none"))
	stranger := s.holding(qms.Manager, "CYT")
	stranger.says("another platform's page", stranger.get("/p/MIC/documents"), http.StatusNotFound)
}
