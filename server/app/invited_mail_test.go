package app

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	server "github.com/emersion/go-smtp"

	"maillon/audits"
	"maillon/audits/auditors"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/scheduler/smtp/smtptest"
)

// invitedSite is a site with a mail server that may be closed and opened again.
type invitedSite struct {
	*House
	t        *testing.T
	mails    *smtptest.Server
	settings Settings
	now      time.Time
	platform qms.ID
	manager  context.Context
	judge    func(text []byte) error // what the mail server answers to a mail; nil: it takes it
}

func openInvited(t *testing.T) *invitedSite {
	t.Helper()
	s := &invitedSite{t: t, now: time.Date(2026, 6, 29, 15, 0, 0, 0, time.UTC)}
	s.mails = smtptest.Start(t, smtptest.Options{Judge: func(text []byte) error {
		if s.judge != nil {
			return s.judge(text)
		}
		return nil
	}})
	s.settings = Settings{Data: t.TempDir(), Origin: "maillon", Zone: "Europe/Paris", Office: noOffice, URL: "https://qualite.site.example/",
		SMTP: fmt.Sprintf("smtp://127.0.0.1:%d?from=qualite@site.example&tls=none", s.mails.Port)}
	s.open()
	t.Cleanup(func() { s.Close() })
	if err := s.Witness.Enrol(asSystem(t)); err != nil {
		t.Fatal(err)
	}
	p, err := s.People.AddPlatform(asSystem(t), people.AddPlatform{Code: "PLT", Name: "Plateforme <de> microscopie"})
	if err != nil {
		t.Fatal(err)
	}
	s.platform = p.ID
	manager, err := s.People.AddUser(asSystem(t), people.AddUser{Email: "agent10@plateforme.example", Name: "Agent 10", Role: qms.Manager, Platform: p.ID, Password: "une phrase de passe"})
	if err != nil {
		t.Fatal(err)
	}
	s.manager = qms.WithActor(t.Context(), qms.Actor{ID: manager.Person, Name: "Agent 10", Grants: []qms.Grant{{Role: qms.Manager, Platform: p.ID}}})
	return s
}

func (s *invitedSite) open() {
	s.t.Helper()
	h, err := Open(s.t.Context(), s.settings, Options{Clock: func() time.Time { return s.now }, People: people.Options{Hash: &cheap}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.House = h
}

func (s *invitedSite) invite(agent int, name, language string) *auditors.Invited {
	s.t.Helper()
	done, err := s.Auditors.Invite(s.manager, auditors.Invite{Platforms: []qms.ID{s.platform}, Name: name, Email: fmt.Sprintf("agent%02d@ailleurs.example", agent),
		Purpose: "Suivi <à> 24 mois", Until: s.DB.Today().AddMonths(3), Language: language})
	if err != nil {
		s.t.Fatal(err)
	}
	return done
}

// sends has the post of a house send what waits, and returns the new mails by address.
func (s *invitedSite) sends(h *House) map[string]smtptest.Letter {
	s.t.Helper()
	before := len(s.mails.Mails())
	if _, err := h.Reminders.Run(s.post()); err != nil {
		s.t.Fatal(err)
	}
	letters := map[string]smtptest.Letter{}
	for _, m := range s.mails.Mails()[before:] {
		if _, twice := letters[m.To]; twice {
			s.t.Errorf("%s gets two mails", m.To)
		}
		letters[m.To] = m.Read(s.t)
	}
	return letters
}

func (s *invitedSite) post() context.Context {
	return qms.WithActor(s.t.Context(), qms.System("scheduler"))
}

var messageLine = regexp.MustCompile(`(?mi)^Message-ID:.*$`)

var welcomeLink = regexp.MustCompile(`https://qualite\.site\.example/welcome/([0-9a-f-]{36})/([\w-]+)\?lang=(fr|en)`)

// linkOf is the link of a letter, which stands once in its text and once in its page.
func (s *invitedSite) linkOf(l smtptest.Letter) (letter qms.ID, token, lang string) {
	s.t.Helper()
	found := welcomeLink.FindStringSubmatch(l.Text)
	if found == nil || len(welcomeLink.FindAllString(l.Text, -1)) != 1 || strings.Count(l.HTML, "<a ") != 1 || !strings.Contains(l.HTML, `href="`+found[0]+`"`) {
		s.t.Fatalf("the mail has not one link:\n%s\n%s", l.Text, l.HTML)
	}
	return qms.ID(found[1]), found[2], found[3]
}

// TestInvitation_IsOneMailInTheLanguageOfWhoIsInvited goes the whole way to a real mail server, with a name
// that would add headers and mark-up. The checkpoint of a pack then comes in the same language.
func TestInvitation_IsOneMailInTheLanguageOfWhoIsInvited(t *testing.T) {
	t.Parallel()
	s := openInvited(t)
	for n, c := range []struct{ lang, subject, button, days, kept string }{
		{"fr", "Invitation à auditer : Plateforme <de> microscopie", "Choisir mon mot de passe", "du 29/06/2026 au 28/09/2026 inclus", "Le point de contrôle de PACK-2026-001"},
		{"en", "Invitation to audit: Plateforme <de> microscopie", "Choose my password", "from 29 Jun 2026 to 28 Sep 2026 inclusive", "The checkpoint of PACK-2026-001"},
	} {
		var first []byte
		s.judge = func(text []byte) error { // it takes the mail and loses its answer
			first = messageLine.Find(text)
			return &server.SMTPError{Code: 451, EnhancedCode: server.EnhancedCode{4, 3, 0}, Message: "later"}
		}
		s.invite(n+1, `Agent "=?utf-8?q?x?=" <b>`, c.lang)
		address := fmt.Sprintf("agent%02d@ailleurs.example", n+1)
		if came := s.sends(s.House); len(came) != 0 || first == nil {
			t.Fatalf("%d mails came, %q", len(came), first)
		}
		s.judge, s.now = nil, s.now.Add(10*time.Minute)
		letters := s.sends(s.House)
		l := letters[address]
		if len(letters) != 1 || len(l.Types) != 2 || l.Types[0] != "text/plain" || l.Types[1] != "text/html" {
			t.Fatalf("%s: %d mails of %v", c.lang, len(letters), l.Types)
		}
		if plain(l.Subject) != c.subject || l.To.Address != address || strings.ContainsAny(l.To.Name, "\r\n") || l.Header.Get("Bcc") != "" {
			t.Errorf("%s: %q to %v", c.lang, l.Subject, l.To)
		}
		if id := l.Header.Get("Message-Id"); !regexp.MustCompile(`^<auditor-[0-9a-f-]{36}@site\.example>$`).MatchString(id) || !strings.Contains(string(first), id) {
			t.Errorf("%s: the Message-ID is %s, and was %s", c.lang, id, first)
		}
		for _, words := range []string{c.button, c.days, "Suivi <à> 24 mois"} {
			if !strings.Contains(plain(l.Text), words) || strings.Contains(l.HTML, "<b>") || !strings.Contains(l.HTML, "Suivi &lt;à&gt; 24 mois") {
				t.Errorf("%s: the mail does not say %q:\n%s", c.lang, words, l.Text)
			}
		}
		letter, token, lang := s.linkOf(l)
		if lang != c.lang || !strings.Contains(l.HTML, `<html lang="`+c.lang+`">`) {
			t.Errorf("a letter in %s leads to a page in %s", c.lang, lang)
		}
		if _, err := s.Auditors.Accept(t.Context(), auditors.Accept{Letter: letter, Token: token, Password: "une phrase de passe"}); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Audits.MakePack(asSystem(t), audits.PreparePack{Platform: s.platform, AsOf: s.DB.Today(), Language: "fr", Sections: []string{"platform"}}, io.Discard); err != nil {
		t.Fatal(err)
	}
	letters := s.sends(s.House)
	for address, words := range map[string]string{"agent01@ailleurs.example": "Le point de contrôle de PACK-2026-001", "agent02@ailleurs.example": "The checkpoint of PACK-2026-001"} {
		if l := letters[address]; !strings.Contains(plain(l.Text), words) || strings.Count(l.HTML, "<a ") != 1 || strings.Contains(l.Text+l.HTML, "…") {
			t.Errorf("%s does not read %q whole, in one mail with one button:\n%s", address, words, l.Text)
		}
	}
}

// TestInvitation_IsWrittenAgainWhenTheKeyOfTheSiteChanged changes the key while a password is still to be
// chosen: the old link opens nothing, a new one comes by itself, once, and a server that still has the old
// key neither writes letters nor lets anybody in.
func TestInvitation_IsWrittenAgainWhenTheKeyOfTheSiteChanged(t *testing.T) {
	t.Parallel()
	s := openInvited(t)
	s.invite(1, "Agent 01", "fr")
	letter, token, _ := s.linkOf(s.sends(s.House)["agent01@ailleurs.example"])
	s.now = s.now.Add(time.Hour)
	old := s.House
	if _, err := old.RotateKey(asSystem(t), "Chaque année"); err != nil {
		t.Fatal(err)
	}
	if _, err := old.Auditors.Invite(s.manager, auditors.Invite{Platforms: []qms.ID{s.platform}, Name: "Agent 02", Email: "agent02@ailleurs.example", Purpose: "Audit",
		Until: s.DB.Today().AddMonths(1), Language: "fr"}); qms.CodeOf(err) != qms.CodeConflict {
		t.Errorf("a server with the old key invites: %v", err)
	}
	s.now = s.now.Add(time.Minute)
	s.open()
	defer old.Close()
	sheet, err := s.Auditors.Sheet(asSystem(t), s.platform)
	if err != nil || len(sheet.Lines) != 1 || !sheet.Lines[0].Spent {
		t.Errorf("the list does not say that the link is spent: %+v, %v", sheet, err)
	}
	if _, err := s.Auditors.Door(t.Context(), letter, token); qms.CodeOf(err) != qms.CodeNotFound {
		t.Errorf("the old link: %v", err)
	}
	for range 2 {
		if err := s.renewInvitations(s.post()); err != nil {
			t.Fatal(err)
		}
	}
	if came := s.sends(old); len(came) != 0 {
		t.Errorf("a server with the old key writes %d letters", len(came))
	}
	s.now = s.now.Add(time.Hour) // it is tried again later
	came := s.sends(s.House)
	letter, token, _ = s.linkOf(came["agent01@ailleurs.example"])
	if _, err := s.Auditors.Accept(t.Context(), auditors.Accept{Letter: letter, Token: token, Password: "une phrase de passe"}); err != nil || len(came) != 1 {
		t.Errorf("the new link of %d: %v", len(came), err)
	}
	if err := s.renewInvitations(s.post()); err != nil || len(s.sends(s.House)) != 0 {
		t.Errorf("who has come is written again: %v", err)
	}
}

// plain is text whose spaces are all plain.
func plain(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}
