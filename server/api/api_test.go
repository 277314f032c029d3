package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/server/problem"
	"maillon/server/request"
)

type thing struct {
	Name  string   `json:"name" maxLength:"5"`
	On    qms.Date `json:"on" required:"false" format:"date"`
	Lines []struct {
		Total int64 `json:"total" minimum:"0"`
	} `json:"lines" required:"false"`
}

type thingIn struct {
	Body thing
}

type changeIn struct {
	IfMatch
	Body thing
}

type listIn struct {
	Paged
	AsOf
}

// house is a small application with the base of the interface and four operations.
func house(t *testing.T, log io.Writer) (*fiber.App, *atomic.Int64) {
	t.Helper()
	clock := qms.FixedClock(time.Date(2026, 6, 30, 10, 0, 0, 0, time.UTC))
	app := fiber.New(fiber.Config{Immutable: true, CaseSensitive: true, StreamRequestBody: true, DisablePreParseMultipartForm: true, DisableStartupMessage: true, ErrorHandler: problem.Send})
	app.Use(request.Middleware(slog.New(slog.NewTextHandler(log, nil)), clock))
	made := new(atomic.Int64)
	a := base(app, Services{Clock: clock})
	mount(a, made)
	a.close(app)
	return app, made
}

func mount(a *API, made *atomic.Int64) {
	register(a, created(post("/things", "make-thing", "Make a thing", "things")), func(_ context.Context, in *thingIn) (*One[thing], error) {
		made.Add(1)
		return one(1, in.Body), nil
	})
	register(a, patch("/things/{id}", "change-thing", "Change it", "things"), func(_ context.Context, in *changeIn) (*One[thing], error) {
		revision, err := in.Revision()
		if err != nil {
			return nil, err
		}
		if revision != 2 {
			return nil, qms.Conflict("record.changed")
		}
		return one(3, in.Body), nil
	})
	register(a, get("/things", "list-things", "List them", "things"), func(_ context.Context, in *listIn) (*List[thing], error) {
		if _, err := in.Day(qms.MustDate("2026-06-30")); err != nil {
			return nil, err
		}
		if in.After == "boom" {
			return nil, errors.New("secret: the database is at 10.0.0.1")
		}
		return list(&in.Paged, qms.Page[string]{Items: []string{"a", "b"}, Next: "b c"}, func(s string) thing { return thing{Name: s} }), nil
	})
	type fileIn struct{ Upload }
	register(a, upload(post("/files", "put-file", "Put a file", "things")), func(_ context.Context, in *fileIn) (*One[map[string]int64], error) {
		n, err := io.Copy(io.Discard, in.File)
		if err != nil {
			return nil, err
		}
		return one(1, map[string]int64{"read": n}), nil
	})
	register(a, get("/files", "get-file", "Get a file", "things"), func(_ context.Context, _ *struct{}) (*File, error) {
		return send(Content{Name: "Procédure.txt", Size: 5, Reader: io.NopCloser(strings.NewReader("bytes"))}), nil
	})
}

func ask(t *testing.T, app *fiber.App, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := app.Test(req, -1)
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

func readProblem(t *testing.T, res *http.Response, text string) problem.Problem {
	t.Helper()
	if got := res.Header.Get("Content-Type"); got != problem.MediaType {
		t.Errorf("the media type is %q: %s", got, text)
	}
	var p problem.Problem
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if p.Status != res.StatusCode {
		t.Errorf("the problem says %d and the answer %d", p.Status, res.StatusCode)
	}
	return p
}

func TestBase_NamesTheFieldsAtFaultInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	app, made := house(t, io.Discard)
	body := `{"name": "too long", "on": "2026-02-30", "lines": [{"total": -1}], "more": 1}`
	for language, want := range map[string]string{"fr": "Au plus 5 caractères", "en": "At most 5 characters"} {
		res, text := ask(t, app, "POST", "/api/v1/things", body, "Accept-Language", language)
		p := readProblem(t, res, text)
		found := map[string]problem.Field{}
		for _, f := range p.Errors {
			found[f.Field] = f
		}
		for field, key := range map[string]string{"name": "value.too_long", "on": "value.not_a_date", "lines[0].total": "value.at_least", "more": "value.unknown"} {
			if found[field].Key != key {
				t.Errorf("%s: field %s has key %q, want %q: %s", language, field, found[field].Key, key, text)
			}
		}
		if p.Status != 422 || found["name"].Detail != want || p.Type != "/problems/input.invalid" {
			t.Errorf("%s: got %s", language, text)
		}
	}
	res, text := ask(t, app, "POST", "/api/v1/things", `{"lines": [{}]}`)
	if p := readProblem(t, res, text); len(p.Errors) != 2 || p.Errors[0].Field != "lines[0].total" && p.Errors[1].Field != "lines[0].total" {
		t.Errorf("missing fields are not named: %s", text)
	}
	if made.Load() != 0 {
		t.Error("an operation ran on input that is wrong")
	}
}

func TestBase_AnswersABodyOfAnyShapeWithAProblem(t *testing.T) {
	t.Parallel()
	app, made := house(t, io.Discard)
	for _, body := range []string{"{", "[]", "null", `"text"`, "12", "\x00\xff", `{"name": {"name": {}}}`, `{"name": null}`,
		`{"on": 1e400}`, strings.Repeat("[", 100_000), `{"name":"` + strings.Repeat("a", 2<<20) + `"}`} {
		res, text := ask(t, app, "POST", "/api/v1/things", body)
		if p := readProblem(t, res, text); p.Status < 400 || p.Status > 422 {
			t.Errorf("%.20q: %s", body, text)
		}
		if strings.Contains(text, "invalid character") || strings.Contains(text, "expected ") {
			t.Errorf("%.20q: the text of a library leaves: %s", body, text)
		}
	}
	res, text := ask(t, app, "POST", "/api/v1/things", "<a/>", "Content-Type", "application/xml")
	if p := readProblem(t, res, text); p.Status != 415 {
		t.Errorf("XML is answered %s", text)
	}
	if made.Load() != 0 {
		t.Error("an operation ran on input that is wrong")
	}
}

func TestBase_KeepsTheTextOfAnInternalErrorAndLogsItOnce(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	app, _ := house(t, &log)
	res, text := ask(t, app, "GET", "/api/v1/things?after=boom", "", request.Header, "reference-0001")
	p := readProblem(t, res, text)
	if p.Status != 500 || p.Reference != "reference-0001" || strings.Contains(text, "10.0.0.1") {
		t.Errorf("got %s", text)
	}
	if n := strings.Count(log.String(), "10.0.0.1"); n != 1 || !strings.Contains(log.String(), "reference=reference-0001") {
		t.Errorf("logged %d times: %s", n, log.String())
	}
}

func TestBase_RefusesAChangeThatNamesNoRevisionOrAnother(t *testing.T) {
	t.Parallel()
	app, _ := house(t, io.Discard)
	for tag, want := range map[string]int{"": 428, `"1"`: 412, "abc": 400, `"2"`: 200, `W/"2"`: 200} {
		res, text := ask(t, app, "PATCH", "/api/v1/things/1", `{"name":"a","lines":[]}`, "If-Match", tag)
		if res.StatusCode != want {
			t.Errorf("If-Match %q: %d %s", tag, res.StatusCode, text)
		}
		if want == 200 && res.Header.Get("ETag") != `"3"` {
			t.Errorf("the ETag is %s", res.Header.Get("ETag"))
		}
	}
}

func TestBase_LinksTheNextPageWithTheSameFilters(t *testing.T) {
	t.Parallel()
	app, _ := house(t, io.Discard)
	res, text := ask(t, app, "GET", "/api/v1/things?as_of=2026-06-01&limit=2", "")
	if link := res.Header.Get("Link"); link != `</api/v1/things?after=b+c&as_of=2026-06-01&limit=2>; rel="next"` {
		t.Errorf("Link is %q: %s", link, text)
	}
	for _, query := range []string{"limit=0", "limit=201", "limit=x", "as_of=2026-13-01", "as_of=yesterday"} {
		res, text := ask(t, app, "GET", "/api/v1/things?"+query, "")
		if p := readProblem(t, res, text); p.Status != 422 || len(p.Errors) == 0 || p.Errors[0].Field != strings.SplitN(query, "=", 2)[0] {
			t.Errorf("%s: %s", query, text)
		}
	}
}

func TestBase_DoesARepeatedPostOnce(t *testing.T) {
	t.Parallel()
	app, made := house(t, io.Discard)
	body := `{"name":"a","lines":[]}`
	_, first := ask(t, app, "POST", "/api/v1/things", body, "Idempotency-Key", "k1")
	res, again := ask(t, app, "POST", "/api/v1/things", body, "Idempotency-Key", "k1")
	if made.Load() != 1 || first != again || res.StatusCode != 201 || res.Header.Get("ETag") != `"1"` {
		t.Errorf("made %d: %s and %d %s", made.Load(), first, res.StatusCode, again)
	}
	res, text := ask(t, app, "POST", "/api/v1/things", `{"name":"b","lines":[]}`, "Idempotency-Key", "k1")
	if p := readProblem(t, res, text); p.Status != 422 || made.Load() != 1 {
		t.Errorf("another body under the key: %s", text)
	}
	ask(t, app, "POST", "/api/v1/things", body, "Idempotency-Key", "k2")
	ask(t, app, "POST", "/api/v1/things", body)
	if made.Load() != 3 {
		t.Errorf("made %d, want 3", made.Load())
	}
}

func TestBase_StreamsFilesWithinTheLimit(t *testing.T) {
	t.Parallel()
	app, _ := house(t, io.Discard)
	res, text := ask(t, app, "POST", "/api/v1/files?name=a.bin", strings.Repeat("x", 3<<20))
	if res.StatusCode != 200 || !strings.Contains(text, "3145728") {
		t.Errorf("got %d %s", res.StatusCode, text)
	}
	for _, name := range []string{"", "..%2Fa", "a%5Cb", ".."} {
		res, text := ask(t, app, "POST", "/api/v1/files?name="+name, "x")
		if p := readProblem(t, res, text); p.Status != 422 || p.Errors[0].Field != "name" {
			t.Errorf("%q: %s", name, text)
		}
	}
	res, text = ask(t, app, "GET", "/api/v1/files", "")
	if text != "bytes" || !strings.Contains(res.Header.Get("Content-Disposition"), "utf-8''Proc%C3%A9dure.txt") {
		t.Errorf("got %s %q", res.Header.Get("Content-Disposition"), text)
	}
}

func TestBase_AnswersUnknownAddressesAndMethodsWithAProblem(t *testing.T) {
	t.Parallel()
	app, _ := house(t, io.Discard)
	for _, ask1 := range [][2]string{{"GET", "/api/v1/nothing"}, {"DELETE", "/api/v1/things"}, {"GET", "/api"}} {
		res, text := ask(t, app, ask1[0], ask1[1], "")
		if p := readProblem(t, res, text); p.Status != 404 && p.Status != 405 {
			t.Errorf("%v: %s", ask1, text)
		}
	}
}

func TestDocs_ShowEveryOperationWithoutScriptInBothLanguages(t *testing.T) {
	t.Parallel()
	app, _ := house(t, io.Discard)
	for language, want := range map[string]string{"fr": "obligatoire", "en": "required"} {
		res, page := ask(t, app, "GET", "/api/docs", "", "Accept-Language", language)
		for _, part := range []string{"make-thing", "change-thing", "list-things", "put-file", "Idempotency-Key", `id="shape-Problem"`, `lang="` + language + `"`, want} {
			if !strings.Contains(page, part) {
				t.Errorf("%s: the page lacks %s", language, part)
			}
		}
		if res.StatusCode != 200 || strings.Contains(page, "<script") || strings.Contains(page, "style=") {
			t.Errorf("%s: %d, or the page breaks the content policy", language, res.StatusCode)
		}
	}
	_, text := ask(t, app, "GET", "/api/openapi.json", "")
	if !strings.Contains(text, `"openapi":"3.1.0"`) || strings.Contains(text, "$schema") {
		t.Errorf("the description is %.200s", text)
	}
}
