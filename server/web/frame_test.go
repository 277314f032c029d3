package web_test

import (
	"compress/gzip"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/locale"
)

func (s *site) holds(a answer, status int, parts ...string) {
	s.t.Helper()
	if a.status != status {
		s.t.Fatalf("got %d, want %d: %s", a.status, status, a.body)
	}
	for _, part := range parts {
		if !strings.Contains(a.body, html.EscapeString(part)) && !strings.Contains(a.body, part) {
			s.t.Errorf("the page lacks %q:\n%s", part, a.body)
		}
	}
}

func TestSignIn_LeadsBackToThePageAskedFor(t *testing.T) {
	t.Parallel()
	s := open(t)
	email := s.user(qms.Manager, "MIC")
	b := s.nobody()
	a := b.get("/p/MIC/members?sort=code")
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/sign-in?to=%2Fp%2FMIC%2Fmembers%3Fsort%3Dcode" {
		t.Fatalf("got %d, %q", a.status, a.header.Get("Location"))
	}
	s.holds(b.get(a.header.Get("Location")), http.StatusOK, `name="to" value="/p/MIC/members?sort=code"`)
	a = b.post("/sign-in", url.Values{"email": {email}, "password": {"wrong"}, "to": {"/p/MIC/members"}})
	s.holds(a, http.StatusUnauthorized, "Encore 4 essais", `value="`+email+`"`)
	if strings.Contains(a.body, "wrong") {
		t.Error("the password came back")
	}
	a = b.post("/sign-in", url.Values{"email": {email}, "password": {password}, "to": {"/p/MIC/members"}})
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/p/MIC/members" {
		t.Fatalf("got %d, %q", a.status, a.header.Get("Location"))
	}
	cookie := strings.Join(a.header.Values("Set-Cookie"), "\n")
	for _, part := range []string{"HttpOnly", "SameSite=Lax"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("the cookie lacks %s: %s", part, cookie)
		}
	}
	for _, to := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "javascript:alert(1)", "evil"} {
		b = s.nobody()
		a = b.post("/sign-in", url.Values{"email": {email}, "password": {password}, "to": {to}})
		if a.header.Get("Location") != "/" {
			t.Errorf("%q leads to %q", to, a.header.Get("Location"))
		}
	}
}

func TestSignOut_EndsTheSession(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Manager, "MIC")
	kept := b.cookies["session"]
	if a := b.post("/sign-out", nil); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	s.holds(b.get("/sign-in"), http.StatusOK, "Vous êtes déconnecté.")
	if a := b.get("/sign-in"); strings.Contains(a.body, "Vous êtes déconnecté.") {
		t.Error("said twice")
	}
	b.cookies["session"] = kept
	if a := b.get("/account"); a.status != http.StatusSeeOther {
		t.Errorf("the token still opens: %d", a.status)
	}
}

func TestForms_RefuseWhatComesFromElsewhere(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Manager, "MIC")
	found := token.FindStringSubmatch(b.get("/account").body)[1]
	send := func(csrf string, header ...string) int {
		r := httptest.NewRequest(http.MethodPost, "/p/MIC/members/new", strings.NewReader(url.Values{"csrf": {csrf}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return b.send(r).status
	}
	other := token.FindStringSubmatch(s.nobody().get("/sign-in").body)[1]
	for _, c := range []struct {
		why    string
		csrf   string
		header []string
		want   int
	}{
		{"ours", found, nil, http.StatusUnprocessableEntity},
		{"ours, said so", found, []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://example.com"}, http.StatusUnprocessableEntity},
		{"no token", "", nil, http.StatusForbidden},
		{"broken token", "AAAA", nil, http.StatusForbidden},
		{"token of another browser", other, nil, http.StatusForbidden},
		{"another site", found, []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{"a sister site", found, []string{"Sec-Fetch-Site", "same-site"}, http.StatusForbidden},
		{"another origin", found, []string{"Origin", "https://evil.example"}, http.StatusForbidden},
		{"an opaque origin", found, []string{"Origin", "null"}, http.StatusForbidden},
	} {
		if got := send(c.csrf, c.header...); got != c.want {
			t.Errorf("%s: got %d, want %d", c.why, got, c.want)
		}
	}
	if again := token.FindStringSubmatch(b.get("/account").body)[1]; again == found {
		t.Error("the token is not masked anew")
	}
}

func TestForms_KeepWhatWasTypedAndSayWhatWouldBeRight(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Manager, "MIC")
	a := b.post("/p/MIC/members/new", url.Values{"code": {"P01"}, "name": {`<b>"Agent"</b>`}, "from": {"31/06/2026"}, "role": {"member"}, "trainer": {"on"}})
	s.holds(a, http.StatusUnprocessableEntity, "1 réponse est à revoir", `<a href="#f-from">`, "Le 31/06/2026 n’existe pas",
		`value="31/06/2026"`, `aria-invalid="true"`, `aria-describedby="f-from-e"`, `<option value="member" selected>`, `name="trainer" checked`,
		`value="&lt;b&gt;&#34;Agent&#34;&lt;/b&gt;"`)
	if n := strings.Count(a.body, "Le 31/06/2026 n’existe pas"); n != 2 {
		t.Errorf("the sentence stands %d times, want in the summary and beside the field", n)
	}
	b.accept = "en"
	a = b.post("/p/MIC/members/new", url.Values{"from": {"15/07/2026"}, "until": {"2026-07-14"}})
	s.holds(a, http.StatusUnprocessableEntity, "2 answers need another look", "An answer is expected here")
	a = b.post("/p/MIC/members/new", url.Values{"code": {"P1"}, "name": {"X"}, "from": {"15/07/2026"}, "until": {"2026-07-14"}})
	s.holds(a, http.StatusUnprocessableEntity, "1 answer needs another look", "The end comes before the beginning")
	a = b.post("/p/MIC/members/new", url.Values{"code": {"P01"}, "name": {"Agent 01\x00\xff"}, "from": {"15.07.2026"}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("got %d: %s", a.status, a.body)
	}
	s.holds(b.get("/p/MIC/members"), http.StatusOK, "Agent 01", "P01", `<time datetime="2026-07-15">15 Jul 2026</time>`, "belongs to the core facility")
	a = b.post("/p/MIC/members/new", url.Values{"code": {"P02"}, "name": {strings.Repeat("x", 900_000)}})
	s.holds(a, http.StatusUnprocessableEntity, "At most 200 characters")
	a = b.post("/p/MIC/members/new", url.Values{"name": {strings.Repeat("x", 2_000_000)}})
	s.holds(a, http.StatusRequestEntityTooLarge, "This is too large")
}

func TestLanguage_IsTheReadersAndCanBeChosen(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Manager, "MIC")
	s.holds(b.get("/p/MIC/members"), http.StatusOK, `<html lang="fr">`, "Membres et rôles")
	b.accept = "en-GB,en;q=0.8"
	s.holds(b.get("/p/MIC/members"), http.StatusOK, `<html lang="en">`, "Members and roles", `href="/p/MIC/members?lang=fr"`)
	a := b.get("/p/MIC/members?sort=code&lang=fr")
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/p/MIC/members?sort=code" {
		t.Fatalf("got %d, %q", a.status, a.header.Get("Location"))
	}
	s.holds(b.get("/p/MIC/members?lang=de"), http.StatusOK, `<html lang="fr">`)
}

func TestErrors_ArePagesInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Manager, "MIC")
	for _, path := range []string{"/nothing", "/p/CYT", "/p/NONE/members", "/p/MIC/nothing", "/accounts", "/p/MIC/roles/x/end", "/static/none.css", "/p/%00", "/p/MIC/roles/%ff/end"} {
		s.holds(b.get(path), http.StatusNotFound, "Cette page n’existe pas")
	}
	b.accept = "en"
	a := b.get("/nothing")
	s.holds(a, http.StatusNotFound, "This page does not exist", locale.For("en").T("route.not_found"))
	if a.header.Get("Content-Security-Policy") == "" || strings.Contains(a.header.Get("Content-Security-Policy"), "unsafe") {
		t.Error("the policy is missing or weak")
	}
	s.holds(b.get("/p/mic/members"), http.StatusOK, "Members and roles")
	if err := s.DB.Close(); err != nil {
		t.Fatal(err)
	}
	a = b.get("/account")
	s.holds(a, http.StatusInternalServerError, "Something went wrong", "Reference to give to the administrator")
	for _, secret := range []string{"sql", "closed", "goroutine", ".go:"} {
		if strings.Contains(strings.ToLower(a.body), secret) {
			t.Errorf("the page tells %q:\n%s", secret, a.body)
		}
	}
}

func TestPages_HoldTheStrictPolicy(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Administrator, "")
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|<script(?:\s+[^>]*)?>[^<]|javascript:|data:|hx-on|hx-vals="js`)
	away := regexp.MustCompile(`(?i)(?:src|href|action)="(?:https?:)?//`)
	for _, path := range []string{"/", "/account", "/accounts", "/accounts/new", "/platforms/new", "/p/MIC", "/p/MIC/members", "/p/MIC/members/new", "/p/MIC/roles/new"} {
		a := b.get(path)
		s.holds(a, http.StatusOK, `<a class="skip" href="#content">`, "<h1")
		for _, wrong := range []*regexp.Regexp{inline, away} {
			if found := wrong.FindString(a.body); found != "" {
				t.Errorf("%s has %q", path, found)
			}
		}
		if n := strings.Count(a.body, "<h1"); n != 1 {
			t.Errorf("%s has %d h1", path, n)
		}
		policy := a.header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %s", path, policy)
		}
		if a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %s", path, a.header.Get("Cache-Control"))
		}
	}
}

func TestStatic_IsKeptForEverAndSmall(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.nobody()
	page := b.get("/sign-in")
	total := 0
	for _, m := range regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"`).FindAllStringSubmatch(page.body, -1) {
		r := httptest.NewRequest(http.MethodGet, m[1], nil)
		r.Header.Set("Accept-Encoding", "br, gzip")
		a := b.send(r)
		if a.status != http.StatusOK || a.header.Get("Content-Encoding") != "br" || !strings.Contains(a.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d, %v", m[1], a.status, a.header)
		}
		total += len(a.body)
	}
	if total == 0 || total > 50_000 {
		t.Errorf("the first page fetches %d bytes, want at most 50 kB beside itself", total)
	}
	r := httptest.NewRequest(http.MethodGet, "/sign-in", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	a := b.send(r)
	z, err := gzip.NewReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatalf("not compressed: %v", err)
	}
	if text, err := io.ReadAll(z); err != nil || !strings.Contains(string(text), "</html>") {
		t.Errorf("got %.100s, %v", text, err)
	}
}

func TestAccounts_ShowAPasswordOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Administrator, "")
	a := b.post("/accounts/new", url.Values{"email": {"agent09@plateforme.example"}, "name": {"Agent 09"}, "role": {"manager"}, "platform": {string(s.platform["MIC"])}})
	s.holds(a, http.StatusOK, "agent09@plateforme.example", "une seule fois")
	made := regexp.MustCompile(`[A-Z2-7]{26}`).FindString(a.body)
	other := s.nobody()
	other.get("/sign-in")
	if in := other.post("/sign-in", url.Values{"email": {"agent09@plateforme.example"}, "password": {made}}); in.status != http.StatusSeeOther {
		t.Fatalf("the password shown does not open: %d", in.status)
	}
	list := b.get("/accounts")
	s.holds(list, http.StatusOK, "Agent 09")
	if strings.Contains(list.body, made) {
		t.Error("the password is shown again")
	}
	link := regexp.MustCompile(`/accounts/[0-9a-f-]+/password`)
	for _, path := range link.FindAllString(list.body, -1) {
		if page := b.get(path); strings.Contains(page.body, "agent09@") {
			s.holds(b.post(path, url.Values{}), http.StatusOK, "une seule fois")
			if a := other.get("/account"); a.status != http.StatusSeeOther {
				t.Errorf("the session goes on: %d", a.status)
			}
			return
		}
	}
	t.Error("no link leads to a new password")
}

func TestMembers_AreChangedAtTheRevisionRead(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Manager, "MIC")
	b.post("/p/MIC/members/new", url.Values{"code": {"P01"}, "name": {"Agent 01"}, "from": {"01/01/2026"}})
	path := regexp.MustCompile(`/p/MIC/members/[0-9a-f-]+/edit`).FindString(b.get("/p/MIC/members").body)
	s.holds(b.get(path), http.StatusOK, `value="01/01/2026"`, `name="revision" value="1"`)
	if a := b.post(path, url.Values{"revision": {"1"}, "from": {"01/01/2026"}, "until": {"01/02/2026"}}); a.status != http.StatusSeeOther {
		t.Fatalf("got %d: %s", a.status, a.body)
	}
	s.holds(b.get("/p/MIC/members"), http.StatusOK, "Expiré", "La fiche de Agent 01 est à jour")
	a := b.post(path, url.Values{"revision": {"1"}, "from": {"01/01/2026"}, "trainer": {"on"}})
	s.holds(a, http.StatusConflict, "modifiée entre-temps", `name="trainer" checked`)
}
