package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/scheduler/smtp/smtptest"
	"maillon/server/app"
	"maillon/server/demo"
)

// The auditor of the walk is nobody of the house before the mail, and looks for the evidence of one
// criterion of the self-assessment of microscopy.
const (
	stranger     = "Agent 41"
	strangerMail = "agent41@ailleurs.example"
	strangerPass = "une phrase de passe à soi"
	invitedOn    = "2034-09-20"
	lastAuditDay = "2034-10-20"
	dayAfter     = "2034-10-21"
	audited      = "/p/MICRO"
	criterion    = "R-02"
	proofOfIt    = "extrait-planning-reservations.txt"
	privateWords = "À revoir sur place : le planning"
)

// TestAuditor_NeedsNothingButTheMail is somebody from outside who has only the mail of their invitation: it
// lets them in, they have a pack made, find the evidence of one criterion in it, follow it to its file,
// verify it with the small command and on the page, and write a note. A second pack, in English, continues
// the first. What they opened is on record, and after their last day nothing opens.
func TestAuditor_NeedsNothingButTheMail(t *testing.T) {
	t.Parallel()
	mails, clock, count := smtptest.Start(t, smtptest.Options{}), new(almanac), new(int)
	clock.turn(invitedOn)
	o := newAudited(t, clock, mails.Port)
	officer := o.comes(t, "fr", 10, 1366, count)
	officer.invites()
	letter := o.delivers(t, mails, "auditor-")

	auditor := &visitor{T: t, tour: o, ctx: o.browser(t), lang: "fr", count: count} // a profile of its own, and nothing else
	auditor.watch()
	auditor.reads(letter, stranger, "Plateforme de microscopie", "du 20/09/2034 au 20/10/2034 inclus", "Choisir mon mot de passe")
	auditor.enters(letter)
	file := auditor.leadsTo()
	verifier := smallCommand(t)
	first := auditor.asksFor("fr")
	first.holds(t, "Sommaire", "Autoévaluation et preuves", file)
	first.verifies(t, verifier, "CONFORME", nil)
	auditor.drops(first, "est intact")
	kept := o.delivers(t, mails, "dispatch-")
	auditor.reads(kept, stranger, "Le point de contrôle de "+first.number, "Ouvrir le point de contrôle")
	if !strings.Contains(kept.Text, first.note) {
		t.Errorf("the mail does not show the checkpoint of the pack:\n%s", kept.Text)
	}
	auditor.notes()

	auditor.lang = "en"
	auditor.open(audited + "/audit?lang=en")
	second := auditor.asksFor("en")
	second.holds(t, "Contents", "Self-assessment and evidence", file)
	second.verifies(t, verifier, "SOUND", first)
	auditor.drops(second, "is intact")

	officer.goes(audited + "/audit/opened")
	officer.says(stranger, "packs/"+first.number+"/archive", first.number+".zip", proofOfIt, "label/assessment/"+criterion)
	officer.goes(audited + "/audit/notes")
	officer.hushed(privateWords)
	clock.turn(lastAuditDay)
	auditor.signsInAs(strangerMail, strangerPass)
	auditor.open(audited + "/audit")
	clock.turn(dayAfter)
	auditor.signsInAs(strangerMail, strangerPass)
	for _, path := range []string{audited, audited + "/audit", audited + "/documents", audited + "/label/assessment/" + criterion, audited + "/audit/notes",
		audited + "/packs/" + first.number, audited + "/packs/" + first.number + "/archive", "/api/v1/platforms/MICRO/documents"} {
		if status := auditor.asks(path); status != 404 {
			t.Errorf("the day after, %s answers %d", path, status)
		}
	}
}

// newAudited is the demo as it is on the day of the clock, with a mail server, reached by a name.
func newAudited(t *testing.T, clock *almanac, port int) *tour {
	t.Helper()
	path, year := chromium(t), demo.NewClock(clock.now)
	settings := app.Settings{Data: t.TempDir(), Zone: "Europe/Paris", Origin: "tour", Office: "none", URL: reachedAt,
		SMTP: fmt.Sprintf("smtp://127.0.0.1:%d?tls=none&from=qualite@site.example", port)}
	cheap := &argon2id.Params{Memory: 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	o := openTour(t, path, settings, app.Options{Clock: year.Now, People: people.Options{Hash: cheap}},
		func(ctx context.Context, h *app.House) error { return demo.Make(ctx, h, year, tourPassword) })
	o.reachedByName()
	return o
}

// reachedByName has the browsers of the walk know the site by the address that its mails lead to.
func (o *tour) reachedByName() {
	o.flags = []chromedp.ExecAllocatorOption{chromedp.Flag("host-resolver-rules", "MAP qualite.example "+strings.TrimPrefix(o.base, "http://")),
		chromedp.Flag("disable-features", "HttpsUpgrades,Translate")} // the site of the walk has no TLS
	o.base = reachedAt
}

// invites invites the stranger to microscopy.
func (v *visitor) invites() {
	v.Helper()
	v.goes(audited + "/audit")
	v.presses(`main a[href$="/audit/new"]`)
	v.fill("name", stranger)
	v.fill("email", strangerMail)
	v.fill("purpose", "Suivi à 24 mois")
	v.fill("from", "20/09/2034")
	v.fill("until", "20/10/2034")
	v.choose("language", "Français")
	v.sends()
	v.says(stranger, strangerMail)
}

// delivers has the house send what waits, and returns the mail of that kind to the stranger.
func (o *tour) delivers(t *testing.T, mails *smtptest.Server, kind string) smtptest.Letter {
	t.Helper()
	ctx, cancel := context.WithTimeout(qms.WithActor(o.ctx, qms.System("scheduler")), stepPatience)
	defer cancel()
	for {
		if _, err := o.house.Reminders.Run(ctx); err != nil {
			t.Fatal(err)
		}
		for _, m := range mails.Mails() {
			if m.To != strangerMail {
				continue
			}
			if l := m.Read(t); strings.HasPrefix(l.Header.Get("Message-Id"), "<"+kind) {
				return l
			}
		}
		select { // the house's own clockwork may have begun before: it ends soon
		case <-ctx.Done():
			t.Fatalf("no mail %s came", kind)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// enters follows the link of the mail, chooses a password and is at home.
func (v *visitor) enters(l smtptest.Letter) {
	v.Helper()
	link := regexp.MustCompile(`http://\S+/welcome/\S+`).FindString(l.Text)
	if link == "" || !strings.Contains(l.HTML, link) {
		v.Fatalf("the mail has no link, or two:\n%s", l.Text)
	}
	v.arrive(chromedp.Navigate(link))
	v.looks()
	v.says(stranger, strangerMail, "Suivi à 24 mois", "du 20/09/2034 au 20/10/2034 inclus")
	v.fill("password", strangerPass)
	v.fill("again", strangerPass)
	v.sends()
	if at := v.path(); at != audited+"/audit" {
		v.Fatalf("the password leads to %s", at)
	}
	v.says("Plateforme de microscopie", "du 20/09/2034 au 20/10/2034 inclus", "Suivi à 24 mois")
	if status := v.asks(strings.TrimPrefix(strings.TrimSuffix(link, "?lang=fr"), v.base)); status != 404 {
		v.Errorf("the link answers %d once it was used", status)
	}
}

// leadsTo follows the criterion on the pages to the file that proves it.
func (v *visitor) leadsTo() []byte {
	v.Helper()
	v.goes(audited + "/label/assessment")
	v.follows(criterion)
	v.says(proofOfIt)
	var href string
	v.do(chromedp.Evaluate(fmt.Sprintf(`[...document.querySelectorAll('main a')].find(a => a.textContent.includes(%q)).getAttribute('href')`, proofOfIt), &href))
	data, err := os.ReadFile(v.download(`main a[href="` + href + `"]`))
	if err != nil || len(data) == 0 {
		v.Fatalf("the evidence cannot be downloaded: %v", err)
	}
	return data
}

// asksFor has a pack made in the language, and downloads it.
func (v *visitor) asksFor(lang string) *handed {
	v.Helper()
	v.goes(audited + "/audit")
	v.presses(`main .page-head a[href$="/packs/new"]`)
	v.pick("language", lang)
	v.submit("main form.form button.primary")
	waiting, cancel := context.WithTimeout(v.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Run(waiting, chromedp.WaitVisible(`main a[href$="/archive"]`, chromedp.ByQuery)); err != nil {
		v.Fatalf("no pack is made: %v: %s", err, v.text("main"))
	}
	v.goes(strings.TrimPrefix(v.where(), v.base))
	number := filepath.Base(v.path())
	came := v.download(`main a[href$="/archive"]`)
	file := filepath.Join(v.TempDir(), number+".zip")
	if err := os.Rename(came, file); err != nil {
		v.Fatal(err)
	}
	return unpack(v.T, file, number)
}

// drops drops the pack on the page that verifies.
func (v *visitor) drops(p *handed, says string) {
	v.Helper()
	v.goes(audited + "/audit")
	v.presses(`main a[href$="/packs/verify"]`)
	var at struct{ X, Y float64 }
	v.do(chromedp.ScrollIntoView(`main input[name=file]`, chromedp.ByQuery), chromedp.Evaluate(`(() => {
		const r = document.querySelector('main input[name=file]').getBoundingClientRect();
		return {X: r.x + r.width / 2, Y: r.y + r.height / 2};
	})()`, &at))
	data := &input.DragData{Items: []*input.DragDataItem{}, Files: []string{p.file}, DragOperationsMask: 1}
	for _, event := range []input.DispatchDragEventType{input.DragEnter, input.DragOver, input.Drop} {
		v.do(input.DispatchDragEvent(event, at.X, at.Y, data))
	}
	v.shot("dropped")
	v.presses("main form.form button.primary")
	v.says(p.number+".zip "+says, p.number)
}

// notes writes a note to oneself about the platform.
func (v *visitor) notes() {
	v.Helper()
	v.goes(audited + "/audit")
	v.presses(`main a[href$="/audit/notes/new"]`)
	v.fill("words", privateWords)
	v.sends()
	v.says(privateWords)
}

// signsInAs signs in anew, where the session is over as well.
func (v *visitor) signsInAs(email, password string) {
	v.Helper()
	v.open("/sign-in")
	if !strings.Contains(v.where(), "/sign-in") {
		return
	}
	v.fill("email", email)
	v.fill("password", password)
	v.submit("main form button[type=submit]")
}

// asks is how the site answers what this browser asks for.
func (v *visitor) asks(path string) int {
	v.Helper()
	var status int
	v.do(chromedp.Evaluate(fmt.Sprintf(`fetch(%q, {redirect: 'manual'}).then(r => r.status)`, path), &status, awaited))
	return status
}

// smallCommand is the verifier for auditors, built as the README says.
func smallCommand(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "verify")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-buildvcs=false", "-o", file, "./verify")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return file
}

// awaited has an evaluation wait for the promise that it is.
func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
