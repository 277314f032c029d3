package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/scheduler/smtp/smtptest"
	"maillon/server/app"
)

// reachedAt is where the mails of the walk lead to; its browsers are told which machine that is.
const reachedAt = "http://qualite.example"

// TestDue_IsDoneFromTheMailInOneClick is a manager who looks what they owe this month, and is reminded of
// it by a mail that a real server took: its button leads, after signing in, to what is due, and from there
// one click to the place where it is done. Once it is done, it is owed no more and nobody is reminded. The
// quality lead reads the same in English.
func TestDue_IsDoneFromTheMailInOneClick(t *testing.T) {
	t.Parallel()
	mails, clock, count := smtptest.Start(t, smtptest.Options{}), new(almanac), new(int)
	clock.turn("2034-09-20")
	settings := app.Settings{URL: reachedAt, SMTP: fmt.Sprintf("smtp://127.0.0.1:%d?tls=none&from=qualite@site.example", mails.Port)}
	o := newHouse(t, clock, settings, unsigned)
	o.reachedByName()

	lead := o.comes(t, "en", 2, 390, count)
	lead.goes("/reminders/mine")
	lead.do(chromedp.Click(`main details.fold > summary`, chromedp.ByQuery))
	lead.pick("language", "en")
	lead.sends()
	manager := o.comes(t, "fr", 1, 1366, count)
	manager.owes()

	told := o.reminds(t, mails, 1, 2)
	lead.reads(told[mailOf(2)][0], "letter of commitment", "See my due dates")
	manager.reads(told[mailOf(1)][0], "lettre d’engagement", "Voir mes échéances")

	fresh := o.comes(t, "fr", 1, 1366, count) // has not signed in: the mail is opened another day
	fresh.reads(told[mailOf(1)][0], "Voir mes échéances")
	fresh.submit(`td.act a`)
	fresh.signsInWhenAsked()
	fresh.looks()
	if fresh.path() == "/due" {
		fresh.presses(`main a.opens`) // the one click
	}
	if got := fresh.path(); got != "/p/RMN/label/candidacy" {
		t.Fatalf("the mail leads to %s", got)
	}
	fresh.presses(`main a[href*="/sign?signatory=1"]`)
	fresh.sends()
	fresh.says("signée par tous le 20/09/2034")
	fresh.goes("/due?within=30")
	fresh.hushed("27/09/2034")
	for _, day := range []string{"2034-09-21", "2034-09-27", "2034-10-04", "2034-10-11"} {
		clock.turn(day)
		told = o.reminds(t, mails, 1, 2)
	}
	for _, agent := range []int{1, 2} {
		if came := told[mailOf(agent)]; len(came) != 1 {
			t.Errorf("agent %d is reminded %d times, the last time of %q", agent, len(came), came[len(came)-1].Subject)
		}
	}
}

// unsigned is a platform whose candidacy came with a letter that nobody has signed yet.
func unsigned(ctx context.Context, h *app.House) error {
	ctx = qms.WithActor(ctx, qms.System("tour"))
	who, err := settle(ctx, h, map[string]string{"RMN": "Plateforme de RMN"}, settled{10, qms.QualityOfficer, ""}, settled{1, qms.Manager, "RMN"}, settled{2, qms.QualityLead, "RMN"})
	if err != nil {
		return err
	}
	platform, err := h.People.PlatformByCode(ctx, "RMN")
	if err != nil {
		return err
	}
	behind, err := h.Label.AddInstitution(ctx, label.StateInstitution{ShortName: "UNIV", Name: "Université", PartnerFrom: qms.MustDate("2016-01-01")})
	if err != nil {
		return err
	}
	if _, err := h.Label.NameOfficer(ctx, label.NameOfficer{Platform: platform.ID, Person: who[10], From: qms.MustDate("2034-09-20")}); err != nil {
		return err
	}
	_, err = h.Label.ReceiveCandidacy(ctx, label.StateCandidacy{Target: label.Target{Platform: platform.ID}, ReceivedOn: qms.MustDate("2034-08-28"), Institutions: []qms.ID{behind.ID},
		Included: "La RMN des liquides", Signatories: []label.Signatory{{Name: "Agent 31", Function: "Direction de l’unité"}}})
	return err
}

// owes looks what is owed this month: in the list, in the list of one kind, in the calendar.
func (v *visitor) owes() {
	v.Helper()
	v.goes("/due")
	v.says("27/09/2034", "engagement à signer")
	v.do(chromedp.Evaluate(`document.querySelector('details.filters').open = true`, nil)) // what is theirs is a filter that is on
	v.choose("kind", "engagement à signer")
	v.choose("within", "30 jours")
	v.presses(`details.filters form button`)
	v.says("27/09/2034", "engagement à signer")
	v.goes("/due/calendar")
	v.says("septembre 2034")
	v.presses(`main table.month li a`)
	if got := v.path(); got != "/p/RMN/label/candidacy" {
		v.Errorf("the calendar leads to %s", got)
	}
}

// reminds has the house remind people, and returns the mails by address once each of them has one.
func (o *tour) reminds(t *testing.T, mails *smtptest.Server, agents ...int) map[string][]smtptest.Letter {
	t.Helper()
	ctx, cancel := context.WithTimeout(qms.WithActor(o.ctx, qms.System("scheduler")), stepPatience)
	defer cancel()
	for {
		if _, err := o.house.Reminders.Run(ctx); err != nil {
			t.Fatal(err)
		}
		letters, reached := map[string][]smtptest.Letter{}, true
		for _, m := range mails.Mails() {
			letters[m.To] = append(letters[m.To], m.Read(t))
		}
		for _, agent := range agents {
			reached = reached && len(letters[mailOf(agent)]) > 0
		}
		if reached {
			return letters
		}
		select { // the house's own clockwork may have begun before: it ends soon
		case <-ctx.Done():
			t.Fatalf("%d people have a mail, and not all of %d", len(letters), agents)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// reads opens the mail as a program that shows HTML does, at the width of a window and of a phone, light
// and dark: it says the words, fits, has one button, and fetches nothing.
func (v *visitor) reads(l smtptest.Letter, words ...string) {
	v.Helper()
	if l.HTML == "" {
		v.Fatal("no mail came")
	}
	file := filepath.Join(v.TempDir(), "mail.html")
	if err := os.WriteFile(file, []byte(l.HTML), 0o600); err != nil {
		v.Fatal(err)
	}
	if fetched := regexp.MustCompile(`(?i)\bsrc=|<link|url\(|@import`).FindString(l.HTML); fetched != "" {
		v.Errorf("the mail fetches something: %s", fetched)
	}
	v.do(chromedp.Navigate("file://" + file))
	text := strings.ToLower(plainly(v.text("body")))
	for _, w := range words {
		if !strings.Contains(text, strings.ToLower(w)) || !strings.Contains(strings.ToLower(plainly(l.Text)), strings.ToLower(strings.TrimSpace(w))) && w != words[len(words)-1] {
			v.Errorf("the mail does not say %q:\n%s", w, l.Text)
		}
	}
	var buttons int
	v.do(chromedp.Evaluate(`document.querySelectorAll('.act a').length`, &buttons))
	if buttons != 1 {
		v.Errorf("the mail has %d buttons", buttons)
	}
	for _, width := range []int64{700, 390} {
		for _, scheme := range []string{"light", "dark"} {
			var over float64
			v.do(chromedp.EmulateViewport(width, 800), emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
				chromedp.Evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`, &over))
			if over > 0 {
				v.Errorf("the mail is %g px wider than a window of %d", over, width)
			}
			v.shot(fmt.Sprintf("mail-%d-%s", width, scheme))
		}
	}
	if !slices.Equal(l.Types, []string{"text/plain", "text/html"}) {
		v.Errorf("the mail is %q", l.Types)
	}
	v.do(emulation.SetEmulatedMedia().WithFeatures(nil))
}
