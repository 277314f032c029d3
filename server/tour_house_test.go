package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/chromedp/chromedp"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/server/app"
)

// almanac is the clock of a house that lives through years in a test: a test turns it to a day, and time
// goes on from there. The days of tests lie ahead of any real one, so that a browser, which has a clock
// of its own, never takes a cookie for an old one.
type almanac struct {
	mu        sync.Mutex
	at, since time.Time
}

func (a *almanac) now() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.at.Add(time.Since(a.since))
}

// turn makes it ten in the morning of the day, in Paris or nearly.
func (a *almanac) turn(day string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.at, a.since = qms.MustDate(day).Time().Add(9*time.Hour), time.Now()
}

// newHouse is an empty house on the almanac, served; begin makes what it begins with.
func newHouse(t *testing.T, clock *almanac, settings app.Settings, begin func(ctx context.Context, h *app.House) error) *tour {
	t.Helper()
	path := chromium(t)
	settings.Data, settings.Zone, settings.Origin = t.TempDir(), "Europe/Paris", "tour"
	cheap := &argon2id.Params{Memory: 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	return openTour(t, path, settings, app.Options{Clock: clock.now, People: people.Options{Hash: cheap}}, begin)
}

// settled are people with an account and what they are on which platform; an agent of no platform has
// the role on the site.
type settled struct {
	agent    int
	role     qms.Role
	platform string
}

// settle makes platforms and people, and says who they are.
func settle(ctx context.Context, h *app.House, platforms map[string]string, all ...settled) (persons map[int]qms.ID, err error) {
	ids := map[string]qms.ID{}
	persons = map[int]qms.ID{}
	for code, name := range platforms {
		p, err := h.People.AddPlatform(ctx, people.AddPlatform{Code: code, Name: name})
		if err != nil {
			return nil, err
		}
		ids[code] = p.ID
	}
	for _, s := range all {
		name, email := fmt.Sprintf("Agent %02d", s.agent), mailOf(s.agent)
		user := people.AddUser{Email: email, Name: name, Password: tourPassword}
		if s.platform == "" {
			user.Role = s.role
		}
		added, err := h.People.AddUser(ctx, user)
		if err != nil {
			return nil, err
		}
		if persons[s.agent] = added.Person; s.platform == "" {
			continue
		}
		if _, err := h.People.AddMember(ctx, people.AddMember{Platform: ids[s.platform], Code: fmt.Sprintf("A%02d", s.agent), Name: name, Email: email, Role: s.role}); err != nil {
			return nil, err
		}
	}
	return persons, nil
}

func mailOf(agent int) string { return fmt.Sprintf("agent%02d@plateforme.example", agent) }

// comes has somebody with a browser of their own, of that width, who has not signed in yet.
func (o *tour) comes(t *testing.T, lang string, agent int, width int64, count *int) *visitor {
	t.Helper()
	v := &visitor{T: t, tour: o, ctx: o.browser(t), lang: lang, agent: agent, count: count}
	v.watch()
	v.do(chromedp.EmulateViewport(width, 900))
	v.open("/sign-in?lang=" + lang)
	return v
}

// goes opens a page, signing in on the way where nobody is signed in any more, and looks whether it is fit
// to be shown.
func (v *visitor) goes(path string) {
	v.Helper()
	v.open(path)
	v.signsInWhenAsked()
	v.looks()
}

// signsInWhenAsked signs in if the page is the one to sign in, and expects to be led on.
func (v *visitor) signsInWhenAsked() {
	v.Helper()
	if !strings.Contains(v.where(), "/sign-in") {
		return
	}
	v.fill("email", mailOf(v.agent))
	v.fill("password", tourPassword)
	v.submit("main form button[type=submit]")
}

// presses clicks what leads to a page, and looks at that.
func (v *visitor) presses(selector string) {
	v.Helper()
	v.submit(selector)
	v.looks()
}

// sends sends the form of the page.
func (v *visitor) sends() {
	v.Helper()
	v.presses("main form.form button.primary")
}

// unsaid are words that no page shows: keys without a sentence, formats without a value, days before days.
var unsaid = regexp.MustCompile(`\b(?:page|state|due|act|right|theme|level)\.[a-z_]+|%!|<nil>|\b0001-01|/0001\b|01/01/1970`)

// looks expects a page that is no wider than the screen and leaves nothing unsaid, and keeps a picture.
func (v *visitor) looks() {
	v.Helper()
	var over float64
	v.do(chromedp.Evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`, &over))
	if over > 0 {
		v.Errorf("%s: %s is %g px wider than the screen", v.lang, v.where(), over)
	}
	if found := unsaid.FindString(v.text("body")); found != "" {
		v.Errorf("%s: %s shows %q", v.lang, v.where(), found)
	}
	v.shot(strings.Trim(strings.NewReplacer("/", "-", "?", "-", "&", "-", "=", "-").Replace(strings.TrimPrefix(v.where(), v.base)), "-"))
}

// ticks ticks the box whose label says the words.
func (v *visitor) ticks(name, words string) {
	v.Helper()
	var found bool
	v.do(chromedp.Evaluate(fmt.Sprintf(`(() => {
		const box = [...document.querySelectorAll('main input[name=%q]')].find(b => b.closest('label').textContent.includes(%q));
		if (box && !box.checked) box.click();
		return !!box;
	})()`, name, words), &found))
	if !found {
		v.Fatalf("%s: %s has no box %s for %q", v.lang, v.where(), name, words)
	}
}

// fillNth fills the field of several of one name.
func (v *visitor) fillNth(name string, n int, value string) {
	v.Helper()
	v.do(chromedp.Evaluate(fmt.Sprintf(`document.querySelectorAll('main [name=%q]')[%d].value = %q`, name, n, value), nil))
}

// chooseNth picks, in the select of several of one name, the option that shows the words.
func (v *visitor) chooseNth(name string, n int, words string) {
	v.Helper()
	var found bool
	v.do(chromedp.Evaluate(fmt.Sprintf(`(() => {
		const s = document.querySelectorAll('main select[name=%q]')[%d];
		const o = s && [...s.options].find(o => o.text.includes(%q));
		if (o) s.value = o.value;
		return !!o;
	})()`, name, n, words), &found))
	if !found {
		v.Fatalf("%s: %s offers no %q for %s", v.lang, v.where(), words, name)
	}
}

// follows opens the line of a list that says the words.
func (v *visitor) follows(words string) {
	v.Helper()
	var href string
	v.do(chromedp.Evaluate(fmt.Sprintf(`(() => {
		const row = [...document.querySelectorAll('main tr, main li')].find(r => r.querySelector('a.opens') && r.textContent.includes(%q));
		return row ? row.querySelector('a.opens').getAttribute('href') : '';
	})()`, words), &href))
	if href == "" {
		v.Fatalf("%s: no line of %s says %q:\n%.2000s", v.lang, v.where(), words, v.text("main"))
	}
	v.goes(href)
}

// hushed expects words that the page does not say.
func (v *visitor) hushed(words ...string) {
	v.Helper()
	text := plainly(v.text("main"))
	for _, w := range words {
		if strings.Contains(text, plainly(w)) {
			v.Errorf("%s: %s says %q:\n%.1500s", v.lang, v.where(), w, text)
		}
	}
}

// path is the address that is open, without the host and what follows a question mark.
func (v *visitor) path() string {
	v.Helper()
	at, _, _ := strings.Cut(strings.TrimPrefix(v.where(), v.base), "?")
	return at
}
