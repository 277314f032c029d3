package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/trace"
)

// ticking is a clock that a test moves.
type ticking struct{ seconds atomic.Int64 }

func (c *ticking) now() time.Time { return time.Unix(1_780_000_000+c.seconds.Load(), 0).UTC() }

// publicSite is a site on which MIC receives requests of the public.
func publicSite(t *testing.T) (*site, *ticking) {
	t.Helper()
	clock := &ticking{}
	s := openAt(t, clock.now)
	_, err := s.Trace.SetRequestForm(s.system(), trace.SetRequestForm{Platform: s.platform["MIC"], Receives: true, IntroFrench: "Écrivez-nous <ici>"})
	if err != nil {
		t.Fatal(err)
	}
	return s, clock
}

var formToken = regexp.MustCompile(`name="token" value="([^"]+)"`)

// send fills the public form in and sends it, with files if any.
func (b *browser) submission(form map[string]string, files map[string]string) answer {
	b.t.Helper()
	page := b.get("/demande/MIC")
	signed, csrf := formToken.FindStringSubmatch(page.body), token.FindStringSubmatch(page.body)
	if signed == nil || csrf == nil {
		b.t.Fatalf("status %d, no token in %s", page.status, page.body)
	}
	return b.multipart("/demande/MIC", map[string]string{"csrf": csrf[1], "token": signed[1]}, form, files)
}

func (b *browser) multipart(path string, first, form, files map[string]string) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, fields := range []map[string]string{first, form} {
		for name, value := range fields {
			if err := w.WriteField(name, value); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	for name, content := range files {
		part, err := w.CreateFormFile("files", name)
		if err != nil {
			b.t.Fatal(err)
		}
		part.Write([]byte(content))
	}
	w.Close()
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

func filledForm() map[string]string {
	return map[string]string{"name": "Agent 61", "email": "agent61@laboratoire.example", "client": "Laboratoire A", "client_status": "academic",
		"subject": "Imagerie", "description": "Deux lames", "consent": "on"}
}

func TestPublicForm_LeadsFromAStrangerToARequestWithFiles(t *testing.T) {
	t.Parallel()
	s, clock := publicSite(t)
	b := s.nobody()
	page := b.get("/demande/MIC")
	if page.status != http.StatusOK || !strings.Contains(page.body, "Écrivez-nous &lt;ici&gt;") || strings.Contains(page.body, "<ici>") {
		t.Fatalf("the form: %d\n%s", page.status, page.body)
	}
	clock.seconds.Add(60)
	csrf, signed := token.FindStringSubmatch(page.body)[1], formToken.FindStringSubmatch(page.body)[1]
	first := map[string]string{"csrf": csrf, "token": signed}
	a := b.multipart("/demande/MIC", first, filledForm(), map[string]string{"plan.txt": "deux lames", "": ""})
	receipt := a.header.Get("Location")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(receipt, "/demande/MIC/") {
		t.Fatalf("sent: %d %s\n%s", a.status, receipt, a.body)
	}
	if again := b.multipart("/demande/MIC", first, filledForm(), nil); again.header.Get("Location") != receipt {
		t.Errorf("sent twice: %d %s", again.status, again.header.Get("Location"))
	}
	reference := strings.TrimPrefix(receipt, "/demande/MIC/")
	shown := s.nobody().get(receipt)
	if shown.status != http.StatusOK || !strings.Contains(shown.body, reference) || strings.Contains(shown.body, "agent61") || strings.Contains(shown.body, "Agent 61") {
		t.Errorf("the receipt: %d\n%s", shown.status, shown.body)
	}
	lead := s.holding(qms.Manager, "MIC")
	if list := lead.get("/p/MIC/services"); !strings.Contains(list.body, "1 demande reçue attend") {
		t.Error("the list of services does not tell that a request waits")
	}
	if list := lead.get("/p/MIC/services/received"); !strings.Contains(list.body, reference) {
		t.Errorf("the inbox: %d", list.status)
	}
	one := lead.get("/p/MIC/services/received/" + reference)
	for _, said := range []string{"agent61@laboratoire.example", "plan.txt", "Deux lames"} {
		if !strings.Contains(one.body, said) {
			t.Errorf("the submission does not say %q", said)
		}
	}
	a = lead.post("/p/MIC/services/received/"+reference+"/accept", map[string][]string{"revision": {"1"}, "client": {"Laboratoire A"}, "client_status": {"academic"}, "subject": {"Imagerie"}})
	dossier := lead.get(a.header.Get("Location"))
	for _, said := range []string{"DEM-2026-0001", "plan.txt", "agent61@laboratoire.example", "Formulaire public"} {
		if !strings.Contains(dossier.body, said) {
			t.Errorf("the dossier (%d, %s) does not say %q", dossier.status, a.header.Get("Location"), said)
		}
	}
	if seen := s.holding(qms.Auditor, "MIC").get("/p/MIC/services/DEM-2026-0001"); seen.status != http.StatusOK || strings.Contains(seen.body, "agent61@") {
		t.Errorf("an auditor is shown the address, or nothing: %d", seen.status)
	}
}

func TestPublicForm_IsNotFoundWhereItIsClosed(t *testing.T) {
	t.Parallel()
	s, _ := publicSite(t)
	closed, unknown := s.nobody().get("/demande/CYT"), s.nobody().get("/demande/NONE")
	if closed.status != http.StatusNotFound || unknown.status != http.StatusNotFound || strings.ReplaceAll(closed.body, "CYT", "NONE") != unknown.body {
		t.Errorf("closed %d, unknown %d, or told apart", closed.status, unknown.status)
	}
	if a := s.nobody().get("/demande/MIC/AAAA-BBBB-CCCC"); a.status != http.StatusNotFound {
		t.Errorf("a receipt of nothing: %d", a.status)
	}
}

func TestPublicForm_ShowsHostileTextAndKeepsNoneOfItsPower(t *testing.T) {
	t.Parallel()
	s, clock := publicSite(t)
	b := s.nobody()
	page := b.get("/demande/MIC")
	clock.seconds.Add(30)
	first := map[string]string{"csrf": token.FindStringSubmatch(page.body)[1], "token": formToken.FindStringSubmatch(page.body)[1]}
	form := filledForm()
	form["email"], form["subject"] = "a@b.example\r\nBcc: c@d.example", "<script>alert(1)</script>"
	a := b.multipart("/demande/MIC", first, form, nil)
	if a.status != http.StatusUnprocessableEntity || strings.Contains(a.body, "<script>alert") || !strings.Contains(a.body, "&lt;script&gt;") || !strings.Contains(a.body, "une seule adresse") {
		t.Errorf("a header in the address: %d\n%s", a.status, a.body)
	}
	form = filledForm()
	form["description"] = strings.Repeat("é", 1<<20)
	if a := b.multipart("/demande/MIC", first, form, nil); a.status != http.StatusUnprocessableEntity && a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("two megabytes of text: %d", a.status)
	}
	form = filledForm()
	form["subject"], form["description"] = "\u202e<b>\x00gras\u202c", "<img src=x onerror=alert(1)>\x00\x1b"
	if a = b.multipart("/demande/MIC", first, form, map[string]string{"../../\u202e<b>.html": "<script>"}); a.status != http.StatusSeeOther {
		t.Fatalf("hostile text: %d\n%s", a.status, a.body)
	}
	one := s.holding(qms.Member, "MIC").get("/p/MIC/services/received/" + strings.TrimPrefix(a.header.Get("Location"), "/demande/MIC/"))
	if strings.Contains(one.body, "<img") || strings.Contains(one.body, "<b>") || strings.ContainsAny(one.body, "\u202e\x00\x1b") || !strings.Contains(one.body, "&lt;b&gt;gras") {
		t.Errorf("shown: %s", one.body)
	}
}

func TestPublicForm_BrakesAFloodAndTellsWhenToComeBack(t *testing.T) {
	t.Parallel()
	s, clock := publicSite(t)
	b := s.nobody()
	page := b.get("/demande/MIC")
	clock.seconds.Add(30)
	first := map[string]string{"csrf": token.FindStringSubmatch(page.body)[1], "token": "stolen"}
	statuses := map[int]int{}
	for range 2000 {
		a := b.multipart("/demande/MIC", first, filledForm(), nil)
		statuses[a.status]++
		if wait, err := strconv.Atoi(a.header.Get("Retry-After")); a.status == http.StatusTooManyRequests && (err != nil || wait < 1) {
			t.Fatalf("braked, and to come back after %q", a.header.Get("Retry-After"))
		}
	}
	if statuses[http.StatusUnprocessableEntity] != 10 || statuses[http.StatusTooManyRequests] != 1990 {
		t.Errorf("answered %v", statuses)
	}
	clock.seconds.Add(300)
	if a := b.submission(filledForm(), nil); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "trop vite") {
		t.Errorf("at once: %d", a.status)
	}
	page = b.get("/demande/MIC")
	first["token"] = formToken.FindStringSubmatch(page.body)[1]
	clock.seconds.Add(30)
	if a := b.multipart("/demande/MIC", first, filledForm(), nil); a.status != http.StatusSeeOther {
		t.Errorf("five minutes later: %d\n%s", a.status, a.body)
	}
}
