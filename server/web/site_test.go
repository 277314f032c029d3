package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store/storetest"
	"maillon/server/app"
)

// site is the whole house on a folder of its own, with the platforms MIC and CYT.
type site struct {
	*app.House
	t        *testing.T
	fiber    *fiber.App
	platform map[string]qms.ID
}

const password = "une phrase de passe"

func open(t *testing.T) *site {
	t.Helper()
	return openAt(t, nil)
}

// openAt is the same by another clock.
func openAt(t *testing.T, clock qms.Clock) *site {
	t.Helper()
	return openWith(t, app.Settings{}, clock)
}

// openWith is the same with settings of its own, such as those of mail.
func openWith(t *testing.T, settings app.Settings, clock qms.Clock) *site {
	t.Helper()
	settings.Data, settings.Origin, settings.Zone = t.TempDir(), "maillon", "Europe/Paris"
	storetest.Lay(t, settings.Data)
	cheap := &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	house, err := app.Open(t.Context(), settings, app.Options{Clock: clock, People: people.Options{Hash: cheap}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := house.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &site{House: house, t: t, platform: map[string]qms.ID{}}
	if s.fiber, err = house.Application(false); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"MIC", "CYT"} {
		p, err := house.People.AddPlatform(s.system(), people.AddPlatform{Code: code, Name: "Plateforme " + code})
		if err != nil {
			t.Fatal(err)
		}
		s.platform[code] = p.ID
	}
	return s
}

func (s *site) system() context.Context {
	return qms.WithActor(s.t.Context(), qms.System("test"))
}

// browser keeps cookies and speaks one language, as a browser does.
type browser struct {
	*site
	cookies map[string]string
	accept  string
}

// nobody is a browser that has not signed in.
func (s *site) nobody() *browser {
	return &browser{site: s, cookies: map[string]string{}, accept: "fr"}
}

// holding is the browser of somebody who holds the role: on the platform, or on the site when none is
// named.
func (s *site) holding(role qms.Role, platform string) *browser {
	s.t.Helper()
	b := s.nobody()
	b.signIn(s.user(role, platform))
	return b
}

// user makes somebody who holds the role and returns the address to sign in with.
func (s *site) user(role qms.Role, platform string) string {
	s.t.Helper()
	email := strings.ToLower(fmt.Sprintf("%s.%s@plateforme.example", role, platform+"site"))
	cmd := people.AddUser{Email: email, Name: "Agent 01", Role: role, Platform: s.platform[platform], Password: password}
	if _, err := s.People.AddUser(s.system(), cmd); err != nil {
		s.t.Fatalf("%s: %v", role, err)
	}
	return email
}

func (b *browser) signIn(email string) {
	b.t.Helper()
	b.get("/sign-in")
	a := b.post("/sign-in", url.Values{"email": {email}, "password": {password}})
	if a.status != http.StatusSeeOther || b.cookies["session"] == "" {
		b.t.Fatalf("%s did not sign in: %d", email, a.status)
	}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	return b.send(httptest.NewRequest(http.MethodGet, path, nil))
}

var token = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// post sends a form of ours: with the token of a page that carries one.
func (b *browser) post(path string, form url.Values) answer {
	b.t.Helper()
	if b.cookies["form"] == "" {
		b.get("/account")
	}
	from := "/account"
	if b.cookies["session"] == "" {
		from = "/sign-in"
	}
	found := token.FindStringSubmatch(b.get(from).body)
	if found == nil {
		b.t.Fatalf("%s carries no token", from)
	}
	sent := url.Values{"csrf": {found[1]}}
	for name, values := range form {
		sent[name] = values
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(sent.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

func (b *browser) send(r *http.Request) answer {
	b.t.Helper()
	if r.Header.Get("Accept-Language") == "" {
		r.Header.Set("Accept-Language", b.accept)
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := b.fiber.Test(r, -1)
	if err != nil {
		b.t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range response.Cookies() {
		b.cookies[c.Name] = c.Value
		if c.Value == "" {
			delete(b.cookies, c.Name)
		}
	}
	return answer{response.StatusCode, response.Header, string(body)}
}
