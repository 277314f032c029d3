package main

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"maillon/qms"
	"maillon/qms/qmstest"
	"maillon/server/app"
	"maillon/server/demo"
)

// The tour of the README, walked in a real browser, in both languages. MAILLON_TEST_SHOTS names a
// folder that keeps a picture of every page on the way.

const (
	tourPassword = "chainon-de-la-visite"
	tourPatience = 8 * time.Minute
	stepPatience = 20 * time.Second
)

// chromium is the browser of the machine.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	qmstest.Without(t, qmstest.Chromium, "it is not installed")
	return ""
}

// tour is a house, served.
type tour struct {
	base     string
	house    *app.House
	chromium string
	flags    []chromedp.ExecAllocatorOption // of its browsers, besides the usual
	shots    string
	ctx      context.Context // ends when patience does
}

// newTour is the demo, served.
func newTour(t *testing.T) *tour {
	t.Helper()
	clock := demo.NewClock(qms.SystemClock)
	return openTour(t, chromium(t), app.Settings{Data: t.TempDir(), Zone: "Europe/Paris", Origin: "tour"}, app.Options{Clock: clock.Now},
		func(ctx context.Context, h *app.House) error { return demo.Make(ctx, h, clock, tourPassword) })
}

// openTour opens a house, has it filled, and serves it until the test ends.
func openTour(t *testing.T, chromium string, settings app.Settings, options app.Options, fill func(ctx context.Context, h *app.House) error) *tour {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), tourPatience)
	h, err := app.Open(ctx, settings, options)
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(ctx, h); err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(context.Background())
	opened, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- h.Serve(serving, app.Door{Addr: "127.0.0.1:0", Opened: func(addr string) { opened <- addr }})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
		cancel()
	})
	return &tour{base: "http://" + <-opened, house: h, chromium: chromium, shots: os.Getenv("MAILLON_TEST_SHOTS"), ctx: ctx}
}

// browser starts a browser with a profile of its own.
func (o *tour) browser(t *testing.T) context.Context {
	t.Helper()
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(o.chromium), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1366, 900), chromedp.WSURLReadTimeout(time.Minute))
	allocator, release := chromedp.NewExecAllocator(o.ctx, append(flags, o.flags...)...)
	ctx, quit := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		quit()
		release()
	})
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("start %s: %v", o.chromium, err)
	}
	return ctx
}

func TestTour_WorksInABrowserInBothLanguages(t *testing.T) {
	t.Parallel()
	o := newTour(t)
	for _, walk := range []struct{ lang, code, seed string }{{"fr", "PR-EQP-001", "visite"}, {"en", "MO-EQP-002", "tour"}} {
		t.Run(walk.lang, func(t *testing.T) {
			count := new(int)
			lead := o.visit(t, walk.lang, 2, count)
			lead.look(walk.code)
			lead.write(walk.code)
			o.visit(t, walk.lang, 3, count).sign(walk.code, "verify")
			o.visit(t, walk.lang, 1, count).sign(walk.code, "approve")
			lead.follow()
			officer := o.visit(t, walk.lang, 10, count)
			officer.exercise(walk.seed)
			officer.pack()
		})
	}
}

// look goes through what the tour shows first.
func (v *visitor) look(code string) {
	v.Helper()
	v.open("/p/MICRO")
	v.shot("home")
	v.open("/p/MICRO/documents")
	v.says("MQ-QUA-001", code)
	v.shot("documents")
	v.open("/p/MICRO/documents/MQ-QUA-001")
	v.says("PR-PRE-001", "PR-QUA-009")
	v.shot("document")
}

// write uploads the next version of a document and submits it.
func (v *visitor) write(code string) {
	v.Helper()
	file := filepath.Join(v.TempDir(), "suite.md")
	if err := os.WriteFile(file, []byte("# "+code+"\n\nVoir PR-PRE-001 et PR-FOR-001.\n"), 0o600); err != nil {
		v.Fatal(err)
	}
	v.open("/p/MICRO/documents/" + code + "/versions/new")
	v.fill("reason", "Visite guidée")
	v.choose("verifier", "Agent 03")
	v.choose("approver", "Agent 01")
	v.do(chromedp.SetUploadFiles(`main input[type=file]`, []string{file}, chromedp.ByQuery))
	var sends bool
	v.do(chromedp.Evaluate(`(() => { const c = document.querySelector('main input[name=submit]'); if (!c.checked) c.click(); return c.checked; })()`, &sends))
	v.shot("new-version")
	v.submit("main form button.primary")
	v.says(code, "2.0")
	v.shot("in-review")
}

// sign does what is somebody's turn on the version that is open.
func (v *visitor) sign(code, act string) {
	v.Helper()
	v.open("/p/MICRO/documents/to-sign")
	v.says(code)
	v.shot("to-sign-" + act)
	v.open("/p/MICRO/documents/" + code)
	v.fill("password", tourPassword)
	v.shot(act)
	v.submit(`main form[action$="/` + act + `"] button.primary`)
	v.shot(act + "-done")
}

// follow opens a dossier that is broken.
func (v *visitor) follow() {
	v.Helper()
	v.open("/p/MICRO/services?state=broken")
	v.shot("services")
	v.submit("main tbody a.opens")
	v.shot("dossier")
	for _, path := range []string{"equipment", "people", "uses", "trail", "members"} {
		v.open("/p/MICRO/" + path)
		v.shot(path)
	}
}

// exercise draws, answers everything as proposed and concludes.
func (v *visitor) exercise(seed string) {
	v.Helper()
	v.open("/p/MICRO/exercises/new")
	v.pick("scope", "sample")
	v.fill("seed", seed)
	v.fill("sample_size", "2")
	v.shot("exercise-new")
	v.submit("main form button.primary")
	v.shot("exercise")
	for range 2 {
		v.submit(`main button[name=act][value=accept]`)
	}
	at, err := url.Parse(v.where())
	if err != nil {
		v.Fatal(err)
	}
	v.open(at.Path + "/conclude")
	v.fill("remark", "Relevé pendant la visite")
	v.fill("password", tourPassword)
	v.do(chromedp.Click(`main [name=verdict]`, chromedp.ByQuery))
	v.shot("exercise-conclude")
	v.submit("main form button.primary")
	v.shot("exercise-concluded")
}

// pack has a pack made, downloads it and verifies it.
func (v *visitor) pack() {
	v.Helper()
	v.open("/p/MICRO/packs/new")
	v.shot("pack-new")
	v.submit("main form button.primary")
	v.shot("pack-making")
	v.do(chromedp.WaitVisible(`main a[href$="/archive"]`, chromedp.ByQuery))
	v.open(strings.TrimPrefix(v.where(), v.base))
	v.shot("pack")
	file := v.download(`main a[href$="/archive"]`)
	var out, fault bytes.Buffer
	if status := run(context.Background(), []string{"verify", file}, &out, &fault, func(string) (string, bool) { return "", false }); status != done {
		v.Errorf("verify ends with %d: %s%s", status, out.String(), fault.String())
	}
}
