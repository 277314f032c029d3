package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"maillon/qms"
	"maillon/server/app"
	"maillon/server/demo"
)

// The tour of the README, walked in a real browser, in both languages. MAILLON_TEST_SHOTS names a
// folder that keeps a picture of every page on the way.

const (
	tourPassword = "chainon-de-la-visite"
	tourPatience = 4 * time.Minute
	stepPatience = 20 * time.Second
)

// chromium is the browser of the machine. A machine without one skips the tour, unless
// MAILLON_TEST_REQUIRE names chromium.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if strings.Contains(os.Getenv("MAILLON_TEST_REQUIRE"), "chromium") {
		t.Fatal("Chromium is required, and is not installed")
	}
	t.Skip("no Chromium on this machine")
	return ""
}

// tour is the demo, served.
type tour struct {
	base     string
	chromium string
	shots    string
	ctx      context.Context // ends when patience does
}

func newTour(t *testing.T) *tour {
	t.Helper()
	path := chromium(t)
	ctx, cancel := context.WithTimeout(context.Background(), tourPatience)
	clock := demo.NewClock(qms.SystemClock)
	h, err := app.Open(ctx, app.Settings{Data: t.TempDir(), Zone: "Europe/Paris", Origin: "tour"}, app.Options{Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Make(ctx, h, clock, tourPassword); err != nil {
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
	return &tour{base: "http://" + <-opened, chromium: path, shots: os.Getenv("MAILLON_TEST_SHOTS"), ctx: ctx}
}

// browser starts a browser with a profile of its own.
func (o *tour) browser(t *testing.T) context.Context {
	t.Helper()
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(o.chromium), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1366, 900), chromedp.WSURLReadTimeout(time.Minute))
	allocator, release := chromedp.NewExecAllocator(o.ctx, flags...)
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

// visitor is somebody with a browser of their own, who reads one language.
type visitor struct {
	*testing.T
	*tour
	ctx   context.Context
	lang  string
	count *int
}

// visit signs somebody in.
func (o *tour) visit(t *testing.T, lang string, agent int, count *int) *visitor {
	t.Helper()
	v := &visitor{T: t, tour: o, ctx: o.browser(t), lang: lang, count: count}
	v.watch()
	v.open("/sign-in?lang=" + lang)
	v.shot("sign-in")
	v.fill("email", fmt.Sprintf("agent%02d@plateforme.example", agent))
	v.fill("password", tourPassword)
	v.submit("main form button[type=submit]")
	return v
}

// watch fails the tour when a page breaks the content policy, runs into an error of its script, or
// asks another host for anything.
func (v *visitor) watch() {
	v.Helper()
	var mu sync.Mutex
	complain := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		v.Errorf(format, args...)
	}
	chromedp.ListenTarget(v.ctx, func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Source == log.SourceSecurity || strings.Contains(e.Entry.Text, "Content Security Policy") {
				complain("%s: %s", e.Entry.URL, e.Entry.Text)
			}
		case *runtime.EventExceptionThrown:
			complain("a script fails: %s", e.ExceptionDetails.Error())
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(e.Request.URL); err == nil && strings.HasPrefix(u.Scheme, "http") && "http://"+u.Host != v.base {
				complain("%s is asked for", e.Request.URL)
			}
		}
	})
	v.do(network.Enable(), log.Enable(), runtime.Enable())
}

func (v *visitor) do(actions ...chromedp.Action) {
	v.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, stepPatience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		v.shot("failed")
		v.Fatalf("%s: at %s: %v", v.lang, v.where(), err)
	}
}

func (v *visitor) where() string {
	var at string
	_ = chromedp.Run(v.ctx, chromedp.Location(&at)) // only says where something failed
	return at
}

// open goes to a page and expects it to be there.
func (v *visitor) open(path string) {
	v.Helper()
	v.arrive(chromedp.Navigate(v.base + path))
}

// submit clicks something that leads to a page.
func (v *visitor) submit(selector string) {
	v.Helper()
	v.arrive(chromedp.Click(selector, chromedp.ByQuery))
}

func (v *visitor) arrive(action chromedp.Action) {
	v.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, stepPatience)
	defer cancel()
	res, err := chromedp.RunResponse(ctx, action)
	if err != nil {
		v.shot("failed")
		v.Fatalf("%s: at %s: %v", v.lang, v.where(), err)
	}
	if res != nil && res.Status >= 400 {
		v.shot("failed")
		v.Fatalf("%s: %s answers %d: %.600s", v.lang, res.URL, res.Status, v.text("main"))
	}
	v.do(chromedp.WaitReady("main", chromedp.ByQuery))
	if lang := v.attribute("html", "lang"); lang != v.lang {
		v.Errorf("%s is in %s, want %s", v.where(), lang, v.lang)
	}
}

func (v *visitor) attribute(selector, name string) (value string) {
	v.Helper()
	v.do(chromedp.AttributeValue(selector, name, &value, nil, chromedp.ByQuery))
	return value
}

func (v *visitor) text(selector string) (text string) {
	v.Helper()
	v.do(chromedp.Text(selector, &text, chromedp.ByQuery))
	return text
}

// says expects words on the page.
func (v *visitor) says(words ...string) {
	v.Helper()
	text := v.text("main")
	for _, w := range words {
		if !strings.Contains(text, w) {
			v.Errorf("%s: %s does not say %q:\n%.1500s", v.lang, v.where(), w, text)
		}
	}
}

func (v *visitor) fill(name, value string) {
	v.Helper()
	v.do(chromedp.SetValue(`main [name="`+name+`"]`, value, chromedp.ByQuery))
}

func (v *visitor) pick(name, value string) {
	v.Helper()
	v.do(chromedp.Click(`main [name="`+name+`"][value="`+value+`"]`, chromedp.ByQuery))
}

// choose picks the option of a select that shows the words.
func (v *visitor) choose(name, words string) {
	v.Helper()
	var found bool
	v.do(chromedp.Evaluate(fmt.Sprintf(`(() => {
		const s = document.querySelector('main select[name=%q]');
		const o = s && [...s.options].find(o => o.text.includes(%q));
		if (o) s.value = o.value;
		return !!o;
	})()`, name, words), &found))
	if !found {
		v.Fatalf("%s: %s offers no %q for %s", v.lang, v.where(), words, name)
	}
}

// shot keeps a picture of the whole page.
func (v *visitor) shot(name string) {
	v.Helper()
	if v.shots == "" {
		return
	}
	var picture []byte
	if err := chromedp.Run(v.ctx, chromedp.FullScreenshot(&picture, 100)); err != nil {
		v.Logf("no picture of %s: %v", name, err)
		return
	}
	*v.count++
	if err := os.MkdirAll(v.shots, 0o755); err != nil {
		v.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(v.shots, fmt.Sprintf("%s-%02d-%s.png", v.lang, *v.count, name)), picture, 0o644); err != nil {
		v.Fatal(err)
	}
}

// download clicks a link to a file and waits until it is there.
func (v *visitor) download(selector string) string {
	v.Helper()
	dir := v.TempDir()
	came := make(chan string, 1)
	chromedp.ListenTarget(v.ctx, func(event any) {
		if e, ok := event.(*browser.EventDownloadProgress); ok && e.State == browser.DownloadProgressStateCompleted {
			came <- e.GUID
		}
	})
	v.do(browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllowAndName).WithDownloadPath(dir).WithEventsEnabled(true),
		chromedp.Click(selector, chromedp.ByQuery))
	select {
	case name := <-came:
		return filepath.Join(dir, name)
	case <-time.After(time.Minute):
		v.Fatalf("%s: nothing was downloaded from %s", v.lang, v.where())
	}
	return ""
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
