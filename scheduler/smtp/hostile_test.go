package smtp_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"maillon/scheduler/smtp"
	"maillon/scheduler/smtp/smtptest"
)

const patience = 200 * time.Millisecond // of the client in these tests

// raw listens on loopback and hands every connection to f, until the test ends.
func raw(t *testing.T, f func(number int, c net.Conn, lines *bufio.Reader)) smtp.Settings {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for number := 1; ; number++ {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			func() {
				defer c.Close()
				f(number, c, bufio.NewReader(c))
			}()
		}
	}()
	t.Cleanup(func() {
		listener.Close()
		<-ended
	})
	return smtp.Settings{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, TLS: smtp.NoTLS, Timeout: patience, From: mail.Address{Address: "qualite@site.example"}}
}

// polite answers as a server does, except where answers say otherwise: "" closes the connection, "hang"
// waits until the client goes.
func polite(answers map[string]string) func(int, net.Conn, *bufio.Reader) {
	return func(_ int, c net.Conn, lines *bufio.Reader) { converse(c, lines, answers) }
}

func converse(c net.Conn, lines *bufio.Reader, answers map[string]string) {
	say := func(verb, usual string) bool {
		answer, special := answers[verb]
		if !special {
			answer = usual
		}
		switch answer {
		case "":
			return false
		case "hang":
			_, _ = io.Copy(io.Discard, lines)
			return false
		}
		_, err := io.WriteString(c, answer+"\r\n")
		return err == nil
	}
	if !say("greeting", "220 mail.example") {
		return
	}
	for mails := 0; ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if verb == "MAIL" {
			if mails++; mails == 2 && !say("second MAIL", "250 ok") || mails > 2 {
				return
			}
			if parting, ok := answers["second MAIL"]; ok && mails == 2 && parting != "" {
				return
			}
			if mails == 2 {
				continue
			}
		}
		usual := map[string]string{"DATA": "354 go on", "QUIT": "221 bye"}[verb]
		if usual == "" {
			usual = "250 ok"
		}
		if !say(verb, usual) {
			return
		}
		if verb == "DATA" && strings.HasPrefix(usual, "354") && !refuses(answers["DATA"]) && !content(lines, answers, say) {
			return
		}
	}
}

func refuses(answer string) bool { return answer != "" && answer[0] == '5' }

// content takes the text of a mail, or closes in the middle of it.
func content(lines *bufio.Reader, answers map[string]string, say func(verb, usual string) bool) bool {
	for n := 0; ; n++ {
		line, err := lines.ReadString('\n')
		if err != nil {
			return false
		}
		if _, closes := answers["middle"]; closes && n == 3 {
			return false
		}
		if line == ".\r\n" {
			return say("end", "250 taken")
		}
	}
}

func TestSend_EndsWhateverTheServerDoes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answers map[string]string
		step    string // that the error names
		refused bool
	}{
		"hangs at once":                 {map[string]string{"greeting": "hang"}, "connection", false},
		"closes at once":                {map[string]string{"greeting": ""}, "connection", false},
		"is too busy":                   {map[string]string{"greeting": "421 too busy"}, "421", false},
		"is no mail server":             {map[string]string{"greeting": "HTTP/1.1 400 Bad Request"}, "connection", false},
		"has no commands":               {map[string]string{"EHLO": "500 what", "HELO": "500 what"}, "500", false},
		"hangs at the sender":           {map[string]string{"MAIL": "hang"}, "sender", false},
		"does not know the sender":      {map[string]string{"MAIL": "550 5.7.1 who are you"}, "sender", false},
		"hangs at the recipient":        {map[string]string{"RCPT": "hang"}, "recipient", false},
		"closes at the recipient":       {map[string]string{"RCPT": ""}, "recipient", false},
		"wants a sign-in":               {map[string]string{"RCPT": "530 5.7.0 sign in"}, "recipient", false},
		"refuses the recipient":         {map[string]string{"RCPT": "550 5.1.1 unknown"}, "recipient", true},
		"answers garbage":               {map[string]string{"RCPT": "\x00\xff\xfe !!"}, "recipient", false},
		"answers with a wrong number":   {map[string]string{"RCPT": "999 ok"}, "recipient", false},
		"wants no content":              {map[string]string{"DATA": "554 5.6.0 no"}, "content", true},
		"hangs before the content":      {map[string]string{"DATA": "hang"}, "content", false},
		"closes in the middle of DATA":  {map[string]string{"middle": ""}, "content", false},
		"hangs after the content":       {map[string]string{"end": "hang"}, "content", false},
		"closes after the content":      {map[string]string{"end": ""}, "content", false},
		"refuses the content":           {map[string]string{"end": "554 5.7.1 spam"}, "content", true},
		"cannot keep the content":       {map[string]string{"end": "452 4.3.1 full"}, "content", false},
		"refuses, then hangs at reset":  {map[string]string{"RCPT": "550 5.1.1 unknown", "RSET": "hang"}, "recipient", true},
		"takes leave and closes itself": {map[string]string{"RCPT": "421 4.3.2 stopping"}, "recipient", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := once(t, raw(t, polite(test.answers)), message(1))
			if err == nil || !strings.Contains(err.Error(), test.step) || errors.Is(err, smtp.ErrRefused) != test.refused {
				t.Errorf("refused is %v: %v", errors.Is(err, smtp.ErrRefused), err)
			}
		})
	}
}

// once sends one mail and tells how that ended; a minute is far beyond what the client may wait.
func once(t *testing.T, settings smtp.Settings, m smtp.Message) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s, err := smtp.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	session, err := s.Dial(ctx)
	if err == nil {
		err = session.Send(ctx, m)
		session.Close()
	}
	if ctx.Err() != nil {
		t.Fatal("the client waited for a minute")
	}
	return err
}

func TestSend_TakesAMailForSentOnceTheServerHasIt(t *testing.T) {
	t.Parallel()
	settings := raw(t, func(_ int, c net.Conn, lines *bufio.Reader) {
		converse(c, lines, map[string]string{"RSET": "", "NOOP": "", "QUIT": "hang"})
	})
	if err := once(t, settings, message(1)); err != nil {
		t.Error(err)
	}
}

func TestSend_OpensAnotherConnectionWhenTheServerClosedTheOldOne(t *testing.T) {
	t.Parallel()
	for name, parting := range map[string]string{"silently": "", "with a word": "421 4.7.0 too many mails"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connections := make(chan int, 10)
			settings := raw(t, func(number int, c net.Conn, lines *bufio.Reader) {
				connections <- number
				converse(c, lines, map[string]string{"second MAIL": parting})
			})
			session := dial(t, settings)
			for n := range 3 {
				if err := session.Send(t.Context(), message(n)); err != nil {
					t.Fatalf("mail %d: %v", n, err)
				}
			}
			if len(connections) != 3 {
				t.Errorf("three mails took %d connections", len(connections))
			}
		})
	}
}

func TestSend_SaysWhenTheServerIsGone(t *testing.T) {
	t.Parallel()
	settings := raw(t, func(number int, c net.Conn, lines *bufio.Reader) {
		if number == 1 {
			converse(c, lines, map[string]string{"second MAIL": ""})
		}
	})
	session := dial(t, settings)
	if err := session.Send(t.Context(), message(1)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := session.Send(t.Context(), message(2)); err == nil || errors.Is(err, smtp.ErrRefused) || !strings.Contains(err.Error(), "connection") {
			t.Errorf("got %v", err)
		}
	}
}

func TestSend_StopsListeningToAServerThatTalksForEver(t *testing.T) {
	t.Parallel()
	flood := func(c net.Conn) {
		for line := strings.Repeat("a", 64<<10); ; {
			if _, err := io.WriteString(c, line); err != nil {
				return
			}
		}
	}
	settings := raw(t, func(_ int, c net.Conn, _ *bufio.Reader) { flood(c) })
	settings.Timeout = 20 * time.Second
	if err := once(t, settings, message(1)); err == nil || !strings.Contains(err.Error(), "too much") {
		t.Errorf("a greeting without end: %v", err)
	}
	settings = raw(t, func(_ int, c net.Conn, lines *bufio.Reader) {
		fmt.Fprint(c, "220 hello\r\n")
		for range 3 { // EHLO, MAIL, RCPT
			if _, err := lines.ReadString('\n'); err != nil {
				return
			}
			fmt.Fprint(c, "250 ok\r\n")
		}
		for {
			if _, err := fmt.Fprint(c, "354-and another line\r\n"); err != nil {
				return
			}
		}
	})
	settings.Timeout = 20 * time.Second
	if err := once(t, settings, message(1)); err == nil || !strings.Contains(err.Error(), "too much") {
		t.Errorf("an answer of lines without end: %v", err)
	}
}

func TestSend_DoesNotWaitForAServerThatDrips(t *testing.T) {
	t.Parallel()
	settings := raw(t, func(_ int, c net.Conn, _ *bufio.Reader) {
		for {
			if _, err := c.Write([]byte("2")); err != nil {
				return
			}
			time.Sleep(patience / 10)
		}
	})
	if err := once(t, settings, message(1)); err == nil || !strings.Contains(err.Error(), "connection") {
		t.Errorf("got %v", err)
	}
}

func TestDial_WantsTheTLSThatIsSet(t *testing.T) {
	t.Parallel()
	plain := raw(t, polite(nil))
	plain.TLS = smtp.StartTLS
	if err := once(t, plain, message(1)); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("STARTTLS is not offered: %v", err)
	}
	implicit := raw(t, polite(nil))
	implicit.TLS = smtp.ImplicitTLS
	if err := once(t, implicit, message(1)); err == nil || !strings.Contains(err.Error(), "TLS") {
		t.Errorf("no TLS where it is expected: %v", err)
	}
	s := smtptest.Start(t, smtptest.Options{TLS: true})
	untrusted := settingsOf(s, smtp.StartTLS)
	untrusted.CA = ""
	var unknown *tls.CertificateVerificationError
	if err := once(t, untrusted, message(1)); !errors.As(err, &unknown) || !strings.Contains(err.Error(), "TLS") {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}
	other := settingsOf(s, smtp.StartTLS)
	other.CA = settingsOf(smtptest.Start(t, smtptest.Options{TLS: true}), smtp.StartTLS).CA
	if err := once(t, other, message(1)); !errors.As(err, &unknown) {
		t.Errorf("the certificate of another: %v", err)
	}
	if len(s.Mails()) > 0 {
		t.Error("a mail went to a server that is not trusted")
	}
}

func TestDial_StopsWhenItIsTold(t *testing.T) {
	t.Parallel()
	settings := raw(t, polite(map[string]string{"RCPT": "hang"}))
	settings.Timeout = 30 * time.Second
	ctx, cancel := context.WithCancel(t.Context())
	s, err := smtp.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	session, err := s.Dial(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	time.AfterFunc(patience, cancel)
	if err := session.Send(ctx, message(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
