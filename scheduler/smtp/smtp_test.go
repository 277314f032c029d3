package smtp_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	server "github.com/emersion/go-smtp"

	"maillon/qms"
	"maillon/scheduler/smtp"
	"maillon/scheduler/smtp/smtptest"
)

var now = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

// settingsOf are what a site would state for the server of a test.
func settingsOf(s *smtptest.Server, tls string) smtp.Settings {
	return smtp.Settings{Host: "127.0.0.1", Port: s.Port, TLS: tls, CA: s.CA, Timeout: 10 * time.Second,
		From: mail.Address{Name: "Qualité du site", Address: "qualite@site.example"}, Clock: qms.FixedClock(now)}
}

func dial(t testing.TB, settings smtp.Settings) *smtp.Session {
	t.Helper()
	s, err := smtp.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	session, err := s.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.Close() })
	return session
}

func message(n int) smtp.Message {
	return smtp.Message{ID: fmt.Sprintf("due-%d@site.example", n), Name: "Agent 01", Address: fmt.Sprintf("agent%02d@plateforme.example", n),
		Subject: "3 échéances, dont 1 en retard", Text: "Bonjour,\n\n.une ligne qui commence par un point\nà faire : étalonnage\n",
		HTML: "<!doctype html>\n<p>Bonjour,</p>\n<p>à faire : étalonnage</p>\n", Preferences: "https://qualite.site.example/reminders"}
}

func only(t *testing.T, s *smtptest.Server) smtptest.Mail {
	t.Helper()
	all := s.Mails()
	if len(all) != 1 {
		t.Fatalf("%d mails arrived", len(all))
	}
	return all[0]
}

func TestSend_ArrivesAsItWasWritten(t *testing.T) {
	t.Parallel()
	s := smtptest.Start(t, smtptest.Options{TLS: true, User: "maillon", Password: "p@ss: wörd"})
	settings := settingsOf(s, smtp.StartTLS)
	settings.User, settings.Password, settings.ReplyTo = "maillon", "p@ss: wörd", "officer@site.example"
	m := message(1)
	if err := dial(t, settings).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := only(t, s)
	l := got.Read(t)
	if got.From != "qualite@site.example" || got.To != m.Address || l.Subject != m.Subject || l.Text != m.Text || l.HTML != m.HTML {
		t.Errorf("arrived from %s to %s: %q, %q, %q", got.From, got.To, l.Subject, l.Text, l.HTML)
	}
	if l.From.Name != "Qualité du site" || l.To.Name != "Agent 01" || l.To.Address != m.Address {
		t.Errorf("from %v to %v", l.From, l.To)
	}
	if strings.Join(l.Types, " ") != "text/plain text/html" || !strings.HasPrefix(l.Header.Get("Content-Type"), "multipart/alternative") {
		t.Errorf("parts %v in %s", l.Types, l.Header.Get("Content-Type"))
	}
	for name, want := range map[string]string{"Message-Id": "<due-1@site.example>", "Auto-Submitted": "auto-generated", "Mime-Version": "1.0",
		"List-Unsubscribe": "<https://qualite.site.example/reminders>", "Reply-To": "<officer@site.example>", "Date": "Tue, 30 Jun 2026 12:00:00 +0000", "User-Agent": ""} {
		if got := l.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for line := range bytes.SplitSeq(got.Raw, []byte("\r\n")) {
		if len(line) > 78 || bytes.ContainsFunc(line, func(r rune) bool { return r >= 0x80 }) {
			t.Errorf("a line is long or not ASCII: %q", line)
		}
	}
}

func TestSend_SignsInAsTheServerOffers(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]smtptest.Options{"starttls, login": {TLS: true, Login: true}, "implicit, plain": {Implicit: true}, "implicit, login": {Implicit: true, Login: true}, "none, plain": {}, "none, login": {Login: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.User, o.Password = "maillon", "secret"
			s := smtptest.Start(t, o)
			way, _, _ := strings.Cut(name, ",")
			settings := settingsOf(s, way)
			settings.User, settings.Password = "maillon", "secret"
			if err := dial(t, settings).Send(t.Context(), message(1)); err != nil {
				t.Fatal(err)
			}
			only(t, s)
			settings.Password = "hidden-word"
			wrong, err := smtp.New(settings)
			if err != nil {
				t.Fatal(err)
			}
			if _, err = wrong.Dial(t.Context()); err == nil || !strings.Contains(err.Error(), "sign-in") || strings.Contains(err.Error(), "hidden-word") {
				t.Errorf("a wrong password gives %v", err)
			}
		})
	}
}

func TestSend_TakesOneConnectionForManyMails(t *testing.T) {
	t.Parallel()
	s := smtptest.Start(t, smtptest.Options{TLS: true})
	session := dial(t, settingsOf(s, smtp.StartTLS))
	for n := range 50 {
		if err := session.Send(t.Context(), message(n)); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.Mails()) != 50 || s.Opened() != 1 {
		t.Errorf("%d mails over %d connections", len(s.Mails()), s.Opened())
	}
}

func TestSend_TellsRefusalsFromWhatMayPass(t *testing.T) {
	t.Parallel()
	s := smtptest.Start(t, smtptest.Options{Refuse: func(to string) error {
		for prefix, code := range map[string]int{"agent01": 550, "agent02": 450, "agent03": 552, "agent04": 554, "agent05": 553, "agent06": 530} {
			if strings.HasPrefix(to, prefix) {
				return &server.SMTPError{Code: code, EnhancedCode: server.EnhancedCode{code / 100, 1, 1}, Message: "not here\x1b[31m"}
			}
		}
		return nil
	}, Judge: func(text []byte) error {
		if bytes.Contains(text, []byte("due-8@")) {
			return &server.SMTPError{Code: 554, Message: "content"}
		}
		if bytes.Contains(text, []byte("due-9@")) {
			return &server.SMTPError{Code: 451, Message: "later"}
		}
		return nil
	}})
	session := dial(t, settingsOf(s, smtp.NoTLS))
	for n, refused := range map[int]bool{1: true, 2: false, 3: false, 4: true, 5: true, 6: false, 8: true, 9: false} {
		err := session.Send(t.Context(), message(n))
		if err == nil || errors.Is(err, smtp.ErrRefused) != refused || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("mail %d: refused is %v: %v", n, errors.Is(err, smtp.ErrRefused), err)
		}
		if err := session.Send(t.Context(), message(7)); err != nil {
			t.Errorf("the mail after mail %d: %v", n, err)
		}
	}
	if s.Opened() != 1 {
		t.Errorf("answers in good order took %d connections", s.Opened())
	}
}

func TestSend_LetsNobodyAddAHeaderOrARecipient(t *testing.T) {
	t.Parallel()
	s := smtptest.Start(t, smtptest.Options{UTF8: true})
	session := dial(t, settingsOf(s, smtp.NoTLS))
	m := message(1)
	for _, breaks := range []string{"\r\n", "\n", "\r", "\x00", "\u2028", "\u2029", "\u0085", "\v", "\r\n ", "\r\n\r\n"} {
		m.Subject = "Étalonnage" + breaks + "Bcc: other@elsewhere.example"
		m.Name = "Agent 01" + breaks + "Bcc: other@elsewhere.example"
		m.Text = "Bonjour" + breaks + "Bcc: other@elsewhere.example"
		if err := session.Send(t.Context(), m); err != nil {
			t.Fatalf("%q: %v", breaks, err)
		}
	}
	for _, got := range s.Mails() {
		l := got.Read(t)
		if l.Header.Has("Bcc") || got.To != m.Address || l.To.Address != m.Address || l.To.Name != "Agent 01 Bcc: other@elsewhere.example" || l.Subject != "Étalonnage Bcc: other@elsewhere.example" {
			t.Errorf("arrived at %s: %v %q\n%s", got.To, l.To, l.Subject, got.Raw)
		}
	}
	m = message(1)
	for _, address := range []string{"", "agent01", "a@b\r\nRCPT TO:<c@d>", "a@b.example\n", "a@b.example, c@d.example", "<a@b.example>", "Agent <a@b.example>", "a b@c.example", "a@b.example>\r\nDATA",
		"a@b\u2028.example", "a\u202e@b.example", "a@\x00.example", "a@b..example", "a@-b.example", strings.Repeat("a", 65) + "@b.example", "a@" + strings.Repeat("b", 300) + ".example", "a@[127.0.0.1]", "\xff@b.example"} {
		m.Address = address
		if err := session.Send(t.Context(), m); !errors.Is(err, smtp.ErrRefused) {
			t.Errorf("the address %q: %v", address, err)
		}
	}
	m = message(1)
	for _, id := range []string{"", "x", "a@b\r\nBcc: c@d.example", "a@b c", "a@b>", "@b", "a@", "é@b", strings.Repeat("a", 300) + "@b"} {
		m.ID = id
		if err := session.Send(t.Context(), m); !errors.Is(err, smtp.ErrRefused) {
			t.Errorf("the Message-ID %q: %v", id, err)
		}
	}
	m = message(1)
	for _, link := range []string{"javascript:alert(1)", "https://a.example/>\r\nBcc: c@d.example", "mailto:a@b.example", "https://", "https://a.example/é"} {
		m.Preferences = link
		if err := session.Send(t.Context(), m); !errors.Is(err, smtp.ErrRefused) {
			t.Errorf("the address %q: %v", link, err)
		}
	}
}

func TestSend_CarriesNamesAndSubjectsOfAnyScript(t *testing.T) {
	t.Parallel()
	s := smtptest.Start(t, smtptest.Options{})
	session := dial(t, settingsOf(s, smtp.NoTLS))
	names := []string{"Lecture à faire, PR-PRE-001 Traiter une demande de prestation : en retard de 329 jours _=x", "Zoé Łukasiewicz-D’Été", "山田", `Agent "01" (qualité), <x@y.example>`, "=?utf-8?q?=0D=0ABcc?=", strings.Repeat("éà ", 100), strings.Repeat("x", 500)}
	for n, name := range names {
		m := message(n)
		m.Name, m.Subject = name, name
		m.ID = strings.Repeat("0", 32) + "@" + strings.Repeat("site.", 12) + "example"
		if err := session.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		got := s.Mails()[n]
		if header, _, _ := bytes.Cut(got.Raw, []byte("\r\n\r\n")); regexp.MustCompile(`(?m)^(Subject|Message-ID):\r\n`).Match(header) {
			t.Errorf("a header is folded before it begins: %s", header)
		}
		l := got.Read(t)
		if n < 4 && (l.To.Name != name || l.Subject != name) || l.Subject == "" || strings.ContainsAny(l.Subject+l.To.Name, "\r\n") || l.To.Address != m.Address {
			t.Errorf("%q became %q and %q", name, l.To.Name, l.Subject)
		}
		if id := l.Header.Get("Message-Id"); id != "<"+m.ID+">" {
			t.Errorf("the Message-ID is %s", id)
		}
	}
}

func TestSend_WritesForeignDomainsInASCII(t *testing.T) {
	t.Parallel()
	for _, utf8 := range []bool{true, false} {
		s := smtptest.Start(t, smtptest.Options{UTF8: utf8})
		session := dial(t, settingsOf(s, smtp.NoTLS))
		m := message(1)
		m.Address = "agent01@université.example"
		if err := session.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if got := only(t, s); got.To != "agent01@xn--universit-j4a.example" || got.UTF8 {
			t.Errorf("to %s, UTF8 %v", got.To, got.UTF8)
		}
		m.Address = "zoé@plateforme.example"
		err := session.Send(t.Context(), m)
		if utf8 && (err != nil || len(s.Mails()) != 2 || !s.Mails()[1].UTF8 || s.Mails()[1].Read(t).To.Address != m.Address) {
			t.Errorf("with SMTPUTF8: %v, %+v", err, s.Mails())
		}
		if !utf8 && (!errors.Is(err, smtp.ErrRefused) || !strings.Contains(err.Error(), "SMTPUTF8")) {
			t.Errorf("without SMTPUTF8: %v", err)
		}
		m.Address = "agent01@plateforme.example"
		if err := session.Send(t.Context(), m); err != nil {
			t.Error(err)
		}
	}
}

func TestParse_ReadsAnAddress(t *testing.T) {
	t.Parallel()
	s, err := smtp.Parse("smtp://maillon:p%40ss%2Fword@mail.site.example?from=qualite%40site.example&name=Qualit%C3%A9&reply-to=officer@site.example&timeout=20s&hello=qualite.site.example&auth=LOGIN")
	if err != nil {
		t.Fatal(err)
	}
	if s.Host != "mail.site.example" || s.Port != 587 || s.TLS != smtp.StartTLS || s.User != "maillon" || s.Password != "p@ss/word" || s.From.Address != "qualite@site.example" ||
		s.From.Name != "Qualité" || s.ReplyTo != "officer@site.example" || s.Timeout != 20*time.Second || s.Hello != "qualite.site.example" || s.Auth != smtp.LoginAuth {
		t.Errorf("got %s: %v %q", s, s.From, s.Password)
	}
	for address, port := range map[string]int{"smtps://mail.site.example?from=a@b.example": 465, "smtp://mail.site.example?tls=implicit&from=a@b.example": 465,
		"smtp://localhost?tls=none&from=a@b.example": 25, "smtp://[::1]:2525?tls=none&from=a@b.example": 2525} {
		if s, err := smtp.Parse(address); err != nil || s.Port != port || s.From.Name != "Maillon" || s.Timeout != smtp.DefaultTimeout {
			t.Errorf("%s: %v, %v", address, s, err)
		}
	}
}

func TestParse_SaysWhatIsWrongAndNeverThePassword(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"":                                      "smtp://",
		"mail.site.example":                     "smtp://",
		"smtp://u:s3cr%zzet@h?from=a@b.example": "smtp://",
		"http://u:s3cret@h?from=a@b.example":    "smtps://",
		"smtps://u:s3cret@h?tls=starttls&from=a@b.example":            "smtps://",
		"smtp://u:s3cret@h?from=a@b.example&tls=none":                 "tls=none",
		"smtp://u:s3cret@127.0.0.1.example?from=a@b.example&tls=none": "tls=none",
		"smtp://u:s3cret@h?from=a@b.example&tls=never":                "tls",
		"smtp://u:s3cret@h":                                    "from",
		"smtp://u:s3cret@h?from=nobody":                        "from",
		"smtp://u:s3cret@h?from=a@b.example&to=c@d.example":    `"to"`,
		"smtp://u:s3cret@h?from=a@b.example&from=c@d.example":  `"from"`,
		"smtp://u:s3cret@h:0?from=a@b.example":                 "port",
		"smtp://u:s3cret@h:99999?from=a@b.example":             "port",
		"smtp://u:s3cret@h?from=a@b.example&timeout=soon":      "timeout",
		"smtp://u:s3cret@h?from=a@b.example&timeout=9h":        "timeout",
		"smtp://u:s3cret@h?from=a@b.example&auth=ntlm":         "auth",
		"smtp://h?from=a@b.example&auth=plain":                 "user",
		"smtp://u:s3cret@h?from=a@b.example&reply-to=x":        "reply-to",
		"smtp://u:s3cret@h?from=a@b.example&hello=a%0D%0AMAIL": "hello",
		"smtp://u:s3cret@h/box?from=a@b.example":               "smtp://",
	} {
		s, err := smtp.Parse(address)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cr") {
			t.Errorf("%s: %v, %v", address, s, err)
		}
	}
	s, err := smtp.Parse("smtp://u:s3cret@mail.site.example?from=a@b.example&ca=" + url.QueryEscape(t.TempDir()+"/none.pem"))
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", s, s, s, s.LogValue()); strings.Contains(text, "s3cret") {
		t.Errorf("the settings print as %s", text)
	}
	if _, err := smtp.New(s); err == nil || !strings.Contains(err.Error(), "ca") {
		t.Errorf("a file of certificates that is not there: %v", err)
	}
}
