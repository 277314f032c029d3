package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
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
)

// visitor is somebody with a browser of their own, who reads one language.
type visitor struct {
	*testing.T
	*tour
	ctx   context.Context
	lang  string
	agent int
	count *int
}

// visit signs somebody in.
func (o *tour) visit(t *testing.T, lang string, agent int, count *int) *visitor {
	t.Helper()
	v := &visitor{T: t, tour: o, ctx: o.browser(t), lang: lang, agent: agent, count: count}
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
	text := plainly(v.text("main"))
	for _, w := range words {
		if !strings.Contains(text, plainly(w)) {
			v.Errorf("%s: %s does not say %q:\n%.1500s", v.lang, v.where(), w, text)
		}
	}
}

// plainly is text whose spaces are all plain: pages keep dates and marks together.
func plainly(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
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
			select {
			case came <- e.GUID:
			default: // a later download: somebody else waits for it
			}
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
