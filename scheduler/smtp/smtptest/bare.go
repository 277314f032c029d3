package smtptest

import (
	"fmt"
	"net"
	"net/smtp"
	"strconv"
	"testing"
	"time"
)

// Bare is how long the standard library's client alone takes to hand over text n times, each time to
// another recipient, on one connection without TLS: what benchmarks stand beside.
func Bare(tb testing.TB, port, n int, text []byte) time.Duration {
	tb.Helper()
	began := time.Now()
	client, err := smtp.Dial(net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		tb.Fatal(err)
	}
	defer client.Close()
	for i := range n {
		if err := bareMail(client, fmt.Sprintf("agent%05d@plateforme.example", i), text); err != nil {
			tb.Fatal(err)
		}
	}
	if err := client.Quit(); err != nil {
		tb.Fatal(err)
	}
	return time.Since(began)
}

func bareMail(client *smtp.Client, to string, text []byte) error {
	if err := client.Mail("qualite@site.example"); err != nil {
		return err
	}
	if err := client.Rcpt(to); err != nil {
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
