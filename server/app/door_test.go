package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"maillon/qms/people"
	"maillon/server/app"
)

// served is a site on loopback.
func served(t *testing.T) string {
	t.Helper()
	settings := app.Settings{Data: t.TempDir(), Zone: "Europe/Paris", Origin: "test"}
	cheap := &argon2id.Params{Memory: 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	h, err := app.Open(t.Context(), settings, app.Options{People: people.Options{Hash: cheap}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	opened, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- h.Serve(ctx, app.Door{Addr: "127.0.0.1:0", Opened: func(addr string) { opened <- addr }})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	select {
	case addr := <-opened:
		return addr
	case err := <-ended:
		ended <- nil
		t.Fatal(err)
	}
	return ""
}

func get(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(text)
}

func TestServe_AnswersProbesAndCountsByRouteWithoutNamingAnybody(t *testing.T) {
	t.Parallel()
	addr := served(t)
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if res, text := get(t, "http://"+addr+path); res.StatusCode != 200 || text != want {
			t.Errorf("%s: %d %q", path, res.StatusCode, text)
		}
	}
	get(t, "http://"+addr+"/p/agent-01/documents")
	get(t, "http://"+addr+"/api/v1/platforms/agent-01")
	_, metrics := get(t, "http://"+addr+"/metrics")
	if !strings.Contains(metrics, `maillon_http_requests_total{method="GET",route="/healthz",status="200"} 1`) {
		t.Errorf("the probe was not counted:\n%.500s", metrics)
	}
	if strings.Contains(metrics, "agent-01") {
		t.Error("a label names what was asked for")
	}
}

// A request whose body nobody read must not let its body be taken for the next request.
func TestServe_DoesNotTakeAnUnreadBodyForARequest(t *testing.T) {
	t.Parallel()
	addr := served(t)
	smuggled := "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	bodies := map[string]string{
		"stated length": fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(smuggled), smuggled),
		"over the rest": fmt.Sprintf("Content-Length: %d\r\n\r\n%s%s", 900_000, strings.Repeat("x", 900_000-len(smuggled)), smuggled),
		"in chunks":     fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(smuggled), smuggled),
	}
	for name, body := range bodies {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
		go fmt.Fprintf(conn, "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n%s", body)
		reader := bufio.NewReader(conn)
		res, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_, _ = fmt.Fprint(conn, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
		if next, err := http.ReadResponse(reader, nil); err == nil {
			text, _ := io.ReadAll(next.Body)
			if string(text) != "ready\n" {
				t.Errorf("%s: the next answer is %d %q", name, next.StatusCode, text)
			}
		} else if !res.Close {
			t.Errorf("%s: the connection was closed without saying so: %v", name, err)
		}
		conn.Close()
	}
}

func TestServe_RefusesASignInBodyOverTheLimitAndOfUnstatedLength(t *testing.T) {
	t.Parallel()
	addr := served(t)
	res, err := http.Post("http://"+addr+"/sign-in", "application/x-www-form-urlencoded", strings.NewReader("email="+strings.Repeat("a", 2<<20)))
	if err == nil {
		if res.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("two mebibytes are answered %d", res.StatusCode)
		}
		res.Body.Close()
	}
	res, err = http.Post("http://"+addr+"/sign-in", "application/x-www-form-urlencoded", io.MultiReader(strings.NewReader("email=a")))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusLengthRequired {
		t.Errorf("a body of unstated length is answered %d", res.StatusCode)
	}
}
