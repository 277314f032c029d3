package auth

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
)

// sessions knows one token, and asks not to be asked twice.
type sessions struct{ asked *int }

func (s sessions) Authenticate(_ context.Context, token string) (qms.Actor, error) {
	*s.asked++
	switch token {
	case "good":
		return qms.Actor{ID: "1", Name: "Agent 01"}, nil
	case "broken":
		return qms.Actor{}, errors.New("the database is away")
	}
	return qms.Actor{}, nil
}

func ask(t *testing.T, secure bool, path string, header ...string) (name string, asked int, response *http.Response) {
	t.Helper()
	g := New(sessions{&asked}, secure)
	app := fiber.New(fiber.Config{Immutable: true, CaseSensitive: true})
	app.Use(g.Middleware)
	app.Get("/*", func(c *fiber.Ctx) error {
		g.Remember(c, "new", time.Date(2026, 6, 30, 22, 0, 0, 0, time.UTC))
		return c.SendString(qms.ActorFrom(c.UserContext()).Name + "|" + g.Address(c))
	})
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	response, err := app.Test(r, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), asked, response
}

func TestMiddleware_KnowsWhoAsks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, path string
		secure    bool
		header    []string
		want      string
		asked     int
	}{
		{"nobody", "/", false, nil, "|0.0.0.0", 0},
		{"cookie", "/", false, []string{"Cookie", "session=good"}, "Agent 01|0.0.0.0", 1},
		{"token", "/", false, []string{"Authorization", "bearer good"}, "Agent 01|0.0.0.0", 1},
		{"token before cookie", "/", false, []string{"Authorization", "Bearer bad", "Cookie", "session=good"}, "|0.0.0.0", 1},
		{"another scheme", "/", false, []string{"Authorization", "Basic good"}, "|0.0.0.0", 0},
		{"style", "/static/x.css", false, []string{"Cookie", "session=good"}, "|0.0.0.0", 0},
		{"plain cookie over TLS", "/", true, []string{"Cookie", "session=good"}, "|0.0.0.0", 0},
		{"bound cookie over TLS", "/", true, []string{"Cookie", "__Host-session=good"}, "Agent 01|0.0.0.0", 1},
		{"behind a proxy", "/", true, []string{"X-Forwarded-For", "6.6.6.6, 192.0.2.7"}, "|192.0.2.7", 0},
		{"a proxy that there is not", "/", false, []string{"X-Forwarded-For", "6.6.6.6"}, "|0.0.0.0", 0},
		{"no address", "/", true, []string{"X-Forwarded-For", "me"}, "|0.0.0.0", 0},
	} {
		got, asked, _ := ask(t, c.secure, c.path, c.header...)
		if got != c.want || asked != c.asked {
			t.Errorf("%s: got %q after %d questions, want %q after %d", c.why, got, asked, c.want, c.asked)
		}
	}
	if _, _, response := ask(t, false, "/", "Cookie", "session=broken"); response.StatusCode != http.StatusInternalServerError {
		t.Errorf("a failure makes nobody: %d", response.StatusCode)
	}
}

func TestRemember_BindsTheCookie(t *testing.T) {
	t.Parallel()
	_, _, response := ask(t, false, "/")
	plain := strings.ToLower(response.Header.Get("Set-Cookie"))
	for _, part := range []string{"session=new", "httponly", "samesite=lax", "path=/", "expires=tue, 30 jun 2026"} {
		if !strings.Contains(plain, part) {
			t.Errorf("%q lacks %q", plain, part)
		}
	}
	_, _, response = ask(t, true, "/")
	bound := strings.ToLower(response.Header.Get("Set-Cookie"))
	for _, part := range []string{"__host-session=new", "secure", "path=/"} {
		if !strings.Contains(bound, part) {
			t.Errorf("%q lacks %q", bound, part)
		}
	}
	if strings.Contains(bound, "domain=") {
		t.Errorf("%q names a domain", bound)
	}
}
