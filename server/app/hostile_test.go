package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store/storetest"
)

// cheap is an argon2id that costs a test little.
var cheap = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// site is a house on a folder of its own, with two platforms, PLT and AUT.
type site struct {
	*House
	app      *fiber.App
	platform map[string]qms.ID
}

func openSite(t *testing.T) *site {
	t.Helper()
	settings := Settings{Data: t.TempDir(), Origin: "maillon", Zone: "Europe/Paris"}
	storetest.Lay(t, settings.Data)
	return openSiteAt(t, settings)
}

// openSiteOfDay is a site whose clock stands where the test puts it.
func openSiteOfDay(t *testing.T, now *time.Time) *site {
	t.Helper()
	settings := Settings{Data: t.TempDir(), Origin: "maillon", Zone: "Europe/Paris"}
	storetest.Lay(t, settings.Data)
	return openSiteWith(t, settings, Options{Clock: func() time.Time { return *now }})
}

// openSiteAt is the same with the database and the vault of the settings.
func openSiteAt(t *testing.T, settings Settings) *site {
	t.Helper()
	return openSiteWith(t, settings, Options{})
}

func openSiteWith(t *testing.T, settings Settings, options Options) *site {
	t.Helper()
	options.People.Hash = &cheap
	house, err := Open(t.Context(), settings, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { house.Close() })
	s := &site{House: house, platform: map[string]qms.ID{}}
	if s.app, err = house.Application(false); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"PLT", "AUT"} {
		p, err := house.People.AddPlatform(asSystem(t), people.AddPlatform{Code: code, Name: "Plateforme " + code})
		if err != nil {
			t.Fatal(err)
		}
		s.platform[code] = p.ID
	}
	return s
}

func asSystem(t testing.TB) context.Context { return qms.WithActor(t.Context(), qms.System("test")) }

// token is that of somebody new who holds the role on the platform, or on the site when it has none.
func (s *site) token(t testing.TB, role qms.Role, platform qms.ID) string {
	t.Helper()
	const password = "une phrase de passe"
	email := fmt.Sprintf("%s@site%.8s.example", role, platform)
	user := people.AddUser{Email: email, Name: "Agent 01", Role: role, Platform: platform, Password: password}
	if role == qms.Auditor {
		user.Until = s.DB.Today().AddMonths(1)
	}
	if _, err := s.People.AddUser(asSystem(t), user); err != nil {
		t.Fatalf("%s: %v", role, err)
	}
	opened, err := s.People.SignIn(t.Context(), people.SignIn{Email: email, Password: password, Address: email})
	if err != nil {
		t.Fatalf("%s: %v", role, err)
	}
	return opened.Token
}

// answer is what the API said.
type answer struct {
	status int
	kind   string
	body   []byte
}

func (s *site) ask(t *testing.T, method, path, token, kind string, body []byte) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, bytes.NewReader(body))
	r.Header.Set("Content-Type", kind)
	r.Header.Set("If-Match", `"1"`)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := s.app.Test(r, 30_000)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 4<<20))
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer{response.StatusCode, response.Header.Get("Content-Type"), text}
}

// operation is one line of the OpenAPI document.
type operation struct {
	method, path string
	hasBody      bool
	parameters   map[string]bool // of the path, as described
}

func (s *site) operations(t *testing.T) []operation {
	t.Helper()
	described := s.ask(t, http.MethodGet, "/api/openapi.json", "", "", nil)
	var document struct {
		Paths map[string]map[string]struct {
			RequestBody json.RawMessage `json:"requestBody"`
			Parameters  []struct{ Name, In string }
		} `json:"paths"`
	}
	if err := json.Unmarshal(described.body, &document); err != nil {
		t.Fatal(err)
	}
	var all []operation
	for path, methods := range document.Paths {
		for method, described := range methods {
			o := operation{strings.ToUpper(method), path, len(described.RequestBody) > 0, map[string]bool{}}
			for _, p := range described.Parameters {
				o.parameters["{"+p.Name+"}"] = p.In == "path"
			}
			all = append(all, o)
		}
	}
	if len(all) < 10 {
		t.Fatalf("only %d operations are described", len(all))
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

var parameter = regexp.MustCompile(`\{[^}]+\}`)

// nowhere is the ID of no record.
const nowhere = "00000000-0000-7000-8000-000000000000"

// at is the path with the platform's code, and value for every other parameter.
func (o operation) at(platform, value string) string {
	path := strings.ReplaceAll(o.path, "{platform}", platform)
	if value == nowhere { // a version has a number where other records have an ID
		path = strings.ReplaceAll(path, "{version}", "1.0")
	}
	return parameter.ReplaceAllString(path, value)
}

// leaks are words that no answer may hold: they come from inside the house.
var leaks = regexp.MustCompile(`(?i)\bsql\b|sqlite|pgx|goroutine|panic|\.go:\d|no such table|constraint failed|unmarshal`)

// sound fails unless the answer is a success or a problem that a person can read.
func (a answer) sound(t *testing.T, what string) {
	t.Helper()
	if a.status < 400 {
		return
	}
	var problem struct {
		Type, Title, Detail string
		Status              int
	}
	err := json.Unmarshal(a.body, &problem)
	switch {
	case a.status >= 500:
		t.Errorf("%s: status %d: %.300s", what, a.status, a.body)
	case err != nil || !strings.HasPrefix(a.kind, "application/problem+json"):
		t.Errorf("%s: status %d is no problem: %s %.300s", what, a.status, a.kind, a.body)
	case problem.Status != a.status || problem.Type == "" || problem.Title == "" || problem.Detail == "":
		t.Errorf("%s: an empty problem: %.300s", what, a.body)
	case leaks.Match(a.body):
		t.Errorf("%s: the inside leaks: %.300s", what, a.body)
	}
}

func TestAPI_AnswersHostileInputWithAProblem(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	token := s.token(t, qms.QualityOfficer, "")
	deep := strings.Repeat(`{"a":[`, 20_000)
	bodies := map[string]string{
		"nothing": "", "no JSON": "{", "an array": "[]", "null": "null", "a number": "7", "a text": `"x"`, "an empty object": "{}",
		"deep nesting": deep, "not UTF-8": "{\"name\":\"\xff\xfe\"}", "a NUL": `{"name":"a\u0000b","code":"a\u0000"}`,
		"unknown fields": `{"drop table":1,"__proto__":{}}`, "a doubled field": `{"code":"A","code":"B"}`,
		"wrong types":  `{"code":[],"name":{},"number":7,"date":7,"as_of":true,"title":1.5,"scope":[],"total_cents":"x","email":false}`,
		"huge numbers": `{"total_cents":1e400,"sample_size":99999999999999999999,"months":-9223372036854775809}`,
		"bad dates":    `{"date":"2026-02-30","as_of":"0000-00-00","accepted_on":"+10000-01-01","scope":"full"}`,
		"a long text":  `{"code":"` + strings.Repeat("A", 100_000) + `","name":"` + strings.Repeat("é", 100_000) + `"}`,
		"markup":       `{"code":"<script>","name":"'; DROP TABLE documents; --","title":"\u202e{{.}}"}`,
	}
	values := []string{"x", nowhere, "%00", "..%2f..%2fetc", strings.Repeat("9", 300), "%F0%9F%92%A9"}
	for _, o := range s.operations(t) {
		for _, value := range values {
			path := o.at("PLT", value)
			s.ask(t, o.method, path, token, "application/json", nil).sound(t, o.method+" "+path)
		}
		for name, body := range bodies {
			path := o.at("PLT", values[1])
			s.ask(t, o.method, path, token, "application/json", []byte(body)).sound(t, o.method+" "+o.path+" with "+name)
		}
		query := "?after=%00%ff&limit=-1&as_of=2026-99-99&sort=;drop&state=%27&q=" + strings.Repeat("%22", 50)
		s.ask(t, o.method, o.at("PLT", "x")+query, token, "application/json", []byte("{}")).sound(t, o.method+" "+o.path+" with a hostile query")
		s.ask(t, o.method, o.at("PLT", "x"), token, "text/plain; charset=utf-99", []byte("x")).sound(t, o.method+" "+o.path+" with another type")
	}
}

func TestAPI_ReadsEveryParameterOfItsPaths(t *testing.T) {
	t.Parallel()
	for _, o := range openSite(t).operations(t) {
		for _, name := range parameter.FindAllString(o.path, -1) {
			if !o.parameters[name] {
				t.Errorf("%s %s does not read %s", o.method, o.path, name)
			}
		}
	}
}

func TestAPI_HidesAPlatformFromTheRolesOfAnother(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	stranger, nobody := s.token(t, qms.Manager, s.platform["AUT"]), ""
	for _, o := range s.operations(t) {
		if !strings.Contains(o.path, "{platform}") {
			continue
		}
		path := o.at("PLT", nowhere)
		if got := s.ask(t, o.method, path, stranger, "application/json", nil); got.status != http.StatusNotFound && !(o.hasBody && got.status/100 == 4 && got.status != http.StatusForbidden) {
			t.Errorf("%s %s for the manager of another platform: %d %.200s", o.method, o.path, got.status, got.body)
		}
		if got := s.ask(t, o.method, path, nobody, "application/json", nil); got.status/100 != 4 {
			t.Errorf("%s %s for nobody: %d %.200s", o.method, o.path, got.status, got.body)
		}
	}
}
