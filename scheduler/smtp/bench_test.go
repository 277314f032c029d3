package smtp_test

import (
	"fmt"
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
	text := one(b)
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
		bare := smtptest.Bare(b, s.Port, manyMails, text)
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

// one is the bytes of such a mail.
func one(b *testing.B) []byte {
	b.Helper()
	keeper := smtptest.Start(b, smtptest.Options{})
	m, err := digest.Compose(digest.Site{URL: "https://qualite.site.example", Due: "/due", Preferences: "/reminders"}, fiveLines(0))
	if err != nil {
		b.Fatal(err)
	}
	if err := dial(b, settingsOf(keeper, smtp.NoTLS)).Send(b.Context(), m); err != nil {
		b.Fatal(err)
	}
	return keeper.Mails()[0].Raw
}
