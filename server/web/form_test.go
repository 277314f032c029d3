package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/server/auth"
	"maillon/server/problem"
)

func TestParseDate_ReadsWhatPeopleType(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"15/07/2026": "2026-07-15", " 3/4/2023 ": "2023-04-03", "03.04.2023": "2023-04-03", "03-04-2023": "2023-04-03",
		"2023-04-03": "2023-04-03", "29/02/2024": "2024-02-29",
	} {
		if d, err := ParseDate(typed); err != nil || d.String() != want {
			t.Errorf("%q is %v, %v", typed, d, err)
		}
	}
	for typed, key := range map[string]string{
		"": "date.malformed", "31/06/2026": "date.impossible", "29/02/2023": "date.impossible", "0/1/2026": "date.impossible",
		"1/13/2026": "date.impossible", "1/1/26": "date.malformed", "1/1": "date.malformed", "a/b/2026": "date.malformed",
		"2026/01/02": "date.malformed", "99999/1/2026": "date.malformed", "-1/1/2026": "date.impossible", "１/1/2026": "date.malformed",
	} {
		var e *qms.Error
		if d, err := ParseDate(typed); !errors.As(err, &e) && d == 0 {
			t.Errorf("%q is %v, %v", typed, d, err)
		} else if e != nil && e.Key != key && typed != "-1/1/2026" {
			t.Errorf("%q: %s, want %s", typed, e.Key, key)
		}
	}
}

func form(values url.Values) *Form { return &Form{printer: locale.For("fr"), values: values} }

func TestForm_ReadsTypedValuesAndNotesTheOthers(t *testing.T) {
	t.Parallel()
	f := form(url.Values{"money": {"1\u202f250,50\u00a0€"}, "n": {" 24 "}, "on": {"15/07/2026"}, "id": {"019F17F8-A900-7000-8000-000000000000"}, "ok": {"on"}})
	if m := f.Money("money"); m != 125050 {
		t.Errorf("money %d", m)
	}
	if n, d := f.Int("n"), f.Date("on"); n != 24 || d != qms.MustDate("2026-07-15") {
		t.Errorf("got %d, %v", n, d)
	}
	if id := f.ID("id"); id != "019f17f8-a900-7000-8000-000000000000" || !f.Checked("ok") || f.Checked("no") {
		t.Errorf("got %s", id)
	}
	if err := f.Err(); err != nil {
		t.Error(err)
	}
	f = form(url.Values{"money": {"12,345"}, "n": {"1e3"}, "on": {"30/02/2026"}, "id": {"x"}, "empty": {"  "}})
	f.Money("money")
	f.Int("n")
	f.Date("on")
	f.ID("id")
	f.Need("empty", "money")
	var e *qms.Error
	if !errors.As(f.Err(), &e) {
		t.Fatal("nothing noted")
	}
	var got []string
	for _, w := range e.Fields {
		got = append(got, w.Name+" "+w.Key)
	}
	want := []string{"money money.malformed", "n input.not_a_number", "on date.impossible", "id id.malformed", "empty input.required"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestForm_ShowsAgainWhatItReads(t *testing.T) {
	t.Parallel()
	f := form(url.Values{}).Set("on", qms.MustDate("2026-07-15")).Set("m", qms.Money(125050)).Set("yes", true).Set("no", false).Set("n", 7)
	if f.Date("on") != qms.MustDate("2026-07-15") || f.Money("m") != 125050 || !f.Checked("yes") || f.Checked("no") || f.Int("n") != 7 {
		t.Errorf("got %v", f.values)
	}
	if _, err := f.field("text", "n", "", []any{"no such word"}); err == nil {
		t.Error("a template may say anything")
	}
	if _, err := f.field("colour", "n", "", nil); err == nil {
		t.Error("a field may be of any kind")
	}
}

// taker is a site with one form with files, which counts what comes.
func taker(t *testing.T, limit int64, took func(parts *Parts) error) *fiber.App {
	t.Helper()
	app := fiber.New(fiber.Config{Immutable: true, CaseSensitive: true, StreamRequestBody: true, DisablePreParseMultipartForm: true,
		ErrorHandler: problem.Send, DisableStartupMessage: true})
	v, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	clock := qms.FixedClock(time.Date(2026, 6, 30, 10, 0, 0, 0, time.UTC))
	s := &Site{Services: Services{Guard: auth.New(nil, false), Clock: clock}, app: app, views: v, assets: v.assets, known: map[string]bool{}}
	s.page("/file", qms.Public, func(p *Page) error { return p.c.SendString(p.CSRF()) })
	s.upload("/file", qms.Public, func(p *Page) error {
		parts, err := p.Parts(limit)
		if err != nil {
			return err
		}
		return took(parts)
	})
	return app
}

func send(t *testing.T, app *fiber.App, body io.Reader, length int64, boundary string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/file", body)
	r.ContentLength = length
	r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	r.Header.Set("Cookie", "form=AAAAAAAAAAAAAAAAAAAAAA")
	response, err := app.Test(r, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// ours is the token that the cookie of send goes with: a mask of zeros.
var ours = strings.Repeat("A", 43)

func multipartOf(t *testing.T, fill func(w *multipart.Writer)) (*bytes.Buffer, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	fill(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, w.Boundary()
}

func TestParts_GivesFieldsThenFiles(t *testing.T) {
	t.Parallel()
	var got []string
	app := taker(t, 1<<20, func(parts *Parts) error {
		got = append(got, parts.Form.Text("title"))
		for {
			f, err := parts.File()
			if err != nil || f == nil {
				return err
			}
			n, err := io.Copy(io.Discard, f)
			if err != nil {
				return err
			}
			got = append(got, fmt.Sprintf("%s %s %d", f.Field, f.Name, n))
		}
	})
	body, boundary := multipartOf(t, func(w *multipart.Writer) {
		_ = w.WriteField("csrf", ours)
		_ = w.WriteField("title", " Achats ")
		for _, name := range []string{`C:\Users\x\é à.docx`, "../../etc/passwd", "..", ""} {
			h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + strings.ReplaceAll(name, `\`, `\\`) + `"`}}
			part, _ := w.CreatePart(h)
			_, _ = part.Write([]byte("content"))
		}
	})
	if status, text := send(t, app, body, int64(body.Len()), boundary); status != http.StatusOK {
		t.Fatal(status, text)
	}
	want := []string{"Achats", "file é à.docx 7", "file passwd 7", "file fichier 7"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParts_RefusesWhatIsNoFormOfOurs(t *testing.T) {
	t.Parallel()
	app := taker(t, 1000, func(parts *Parts) error {
		f, err := parts.File()
		if err != nil || f == nil {
			return err
		}
		_, err = io.Copy(io.Discard, f)
		return err
	})
	with := func(token string, size int) (*bytes.Buffer, string) {
		return multipartOf(t, func(w *multipart.Writer) {
			_ = w.WriteField("csrf", token)
			part, _ := w.CreateFormFile("file", "a.txt")
			_, _ = part.Write(bytes.Repeat([]byte("x"), size))
		})
	}
	good, boundary := with(ours, 10)
	if status, text := send(t, app, good, int64(good.Len()), boundary); status != http.StatusOK {
		t.Fatal(status, text)
	}
	forged, boundary := with(strings.Repeat("B", 43), 10)
	if status, text := send(t, app, forged, int64(forged.Len()), boundary); status != http.StatusForbidden {
		t.Error(status, text)
	}
	big, boundary := with(ours, 5000)
	if status, text := send(t, app, big, int64(big.Len()), boundary); status != http.StatusRequestEntityTooLarge {
		t.Error(status, text)
	}
	cut, boundary := with(ours, 500)
	cut.Truncate(cut.Len() - 100)
	if status, text := send(t, app, cut, int64(cut.Len()), boundary); status != http.StatusBadRequest && status != http.StatusUnprocessableEntity {
		t.Error(status, text)
	}
	fields, boundary := multipartOf(t, func(w *multipart.Writer) {
		_ = w.WriteField("csrf", ours)
		_ = w.WriteField("note", "x")
	})
	if status, text := send(t, app, fields, int64(fields.Len()), boundary); status != http.StatusOK {
		t.Error(status, text)
	}
	if status, text := send(t, app, strings.NewReader("hello"), 5, "x"); status != http.StatusBadRequest {
		t.Error(status, text)
	}
}

func TestParts_KeepsNoFileInMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("sends 64 MB")
	}
	const size = 64 << 20
	var read int64
	var grew uint64
	app := taker(t, 1<<30, func(parts *Parts) error {
		f, err := parts.File()
		if err != nil {
			return err
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		read, err = io.Copy(io.Discard, f)
		runtime.ReadMemStats(&after)
		grew = after.TotalAlloc - before.TotalAlloc
		return err
	})
	head, boundary := multipartOf(t, func(w *multipart.Writer) {
		_ = w.WriteField("csrf", ours)
		_, _ = w.CreateFormFile("file", "big.bin")
	})
	text := head.String()
	cut := regexp.MustCompile(`\r\n--[^\r]*--\r\n$`).FindStringIndex(text)[0]
	listener, addr := listen(t, app)
	defer listener()
	body := io.MultiReader(strings.NewReader(text[:cut]), io.LimitReader(zeros{}, size), strings.NewReader(text[cut:]))
	r, err := http.NewRequest(http.MethodPost, "http://"+addr+"/file", body)
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = int64(len(text)) + size
	r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	r.Header.Set("Cookie", "form=AAAAAAAAAAAAAAAAAAAAAA")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK || read != size {
		t.Fatalf("status %d, read %d", response.StatusCode, read)
	}
	if grew > 8<<20 {
		t.Errorf("reading %d MB allocated %d MB", size>>20, grew>>20)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func listen(t *testing.T, app *fiber.App) (stop func(), addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go app.Listener(l) //nolint:errcheck // it ends with the test
	return func() { _ = app.Shutdown() }, l.Addr().String()
}
