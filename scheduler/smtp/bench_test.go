package smtp_test

import (
	"bytes"
	"fmt"
	"net"
	netsmtp "net/smtp"
	"strconv"
	"testing"
	"time"

	"maillon/scheduler/digest"
	"maillon/scheduler/smtp"
	"maillon/scheduler/smtp/smtptest"
)

const manyMails = 15_000

// BenchmarkSend puts 15,000 digests of five lines into words and hands them over, and beside it, in the
// same run and to the same server, has the standard library's client hand over as many bytes that are
// composed already. It logs the ratios: of encoding and sending, and of all of it.
func BenchmarkSend(b *testing.B) {
	s := smtptest.Start(b, smtptest.Options{Discard: true})
	settings := settingsOf(s, smtp.NoTLS)
	mails := make([]smtp.Message, manyMails)
	for b.Loop() {
		began := time.Now()
		for n := range mails {
			m, err := digest.Compose(digest.Site{URL: "https://qualite.site.example", Due: "/due", Preferences: "/reminders"}, fiveLines(n))
			if err != nil {
				b.Fatal(err)
			}
			mails[n] = m
		}
		worded := time.Since(began)
		session := dial(b, settings)
		began = time.Now()
		for _, m := range mails {
			if err := session.Send(b.Context(), m); err != nil {
				b.Fatal(err)
			}
		}
		session.Close()
		sent := time.Since(began)
		bare := bareLoop(b, s.Port)
		b.ReportMetric(float64(manyMails)/(worded+sent).Seconds(), "mails/s")
		b.ReportMetric(float64(manyMails)/bare.Seconds(), "bare-mails/s")
		b.ReportMetric(sent.Seconds()/bare.Seconds(), "sending/bare")
		b.ReportMetric((worded+sent).Seconds()/bare.Seconds(), "wording+sending/bare")
	}
}

func fiveLines(n int) digest.Letter {
	l := digest.Letter{ID: fmt.Sprintf("%032x@site.example", n), Name: "Agent", Address: fmt.Sprintf("agent%05d@plateforme.example", n), Day: 740_000}
	for i := range 5 {
		l.Items = append(l.Items, digest.Item{Kind: "calibration", Title: fmt.Sprintf("EQ-%03d Microscope à balayage", i), On: l.Day + 10, Code: "PLT", Platform: "Plateforme de microscopie", Parts: []string{"equipment", "EQ"}})
	}
	return l
}

// bareLoop hands over as many mails of the same length with net/smtp, on one connection.
func bareLoop(b *testing.B, port int) time.Duration {
	b.Helper()
	keeper := smtptest.Start(b, smtptest.Options{})
	m, err := digest.Compose(digest.Site{URL: "https://qualite.site.example", Due: "/due", Preferences: "/reminders"}, fiveLines(0))
	if err != nil {
		b.Fatal(err)
	}
	if err := dial(b, settingsOf(keeper, smtp.NoTLS)).Send(b.Context(), m); err != nil {
		b.Fatal(err)
	}
	text := bytes.Clone(keeper.Mails()[0].Raw)
	began := time.Now()
	client, err := netsmtp.Dial(net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	for n := range manyMails {
		if err := bareMail(client, n, text); err != nil {
			b.Fatal(err)
		}
	}
	if err := client.Quit(); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

func bareMail(client *netsmtp.Client, n int, text []byte) error {
	if err := client.Mail("qualite@site.example"); err != nil {
		return err
	}
	if err := client.Rcpt(fmt.Sprintf("agent%05d@plateforme.example", n)); err != nil {
		return err
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	return w.Close()
}
