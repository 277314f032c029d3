// Package smtptest is a mail server for tests: a kept library's, on loopback, with a certificate of its
// own. It keeps what it receives and reads it again with another kept library, so that what arrived is
// judged by what readers of mail would see.
//
// It promises to end with the test, and to trust no reader of its own: a mail that cannot be read fails
// the test.
package smtptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Options are how the server behaves.
type Options struct {
	TLS      bool   // STARTTLS is offered, and asked for before AUTH
	Implicit bool   // TLS from the first byte
	Login    bool   // AUTH LOGIN is offered and not PLAIN
	User     string // who may sign in; nobody is asked when empty
	Password string
	UTF8     bool                    // SMTPUTF8 is offered
	Refuse   func(to string) error   // what RCPT TO is answered; nil to take everybody
	Judge    func(text []byte) error // what the end of a mail is answered
	Discard  bool                    // keep nothing
}

// Server runs until the test ends.
type Server struct {
	Port int
	CA   string // the file of the certificate that signed its own

	options Options
	lock    sync.Mutex
	mails   []Mail
	opened  int
}

// Mail is one mail as it arrived.
type Mail struct {
	From, To string // of the envelope
	UTF8     bool   // it was announced as one that needs SMTPUTF8
	Raw      []byte
}

// Start runs a server on 127.0.0.1.
func Start(tb testing.TB, o Options) *Server {
	tb.Helper()
	s := &Server{options: o}
	server := smtp.NewServer(smtp.BackendFunc(s.session))
	server.Domain, server.AllowInsecureAuth, server.EnableSMTPUTF8 = "mail.example", !o.TLS, o.UTF8
	server.ReadTimeout, server.WriteTimeout = time.Minute, time.Minute
	server.ErrorLog = log.New(io.Discard, "", 0)
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s.Port = listener.Addr().(*net.TCPAddr).Port
	listener = &counted{Listener: listener, server: s}
	if o.TLS || o.Implicit {
		var config *tls.Config
		config, s.CA = certificate(tb)
		server.TLSConfig = config
		if o.Implicit {
			listener = tls.NewListener(listener, config)
		}
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(listener)
	}()
	tb.Cleanup(func() {
		_ = server.Close()
		<-ended
	})
	return s
}

// Mails are what arrived so far, in order.
func (s *Server) Mails() []Mail {
	s.lock.Lock()
	defer s.lock.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Opened counts the connections so far.
func (s *Server) Opened() int {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.opened
}

func (s *Server) session(*smtp.Conn) (smtp.Session, error) {
	return &session{server: s, known: s.options.User == ""}, nil
}

// counted counts connections.
type counted struct {
	net.Listener
	server *Server
}

func (c *counted) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err == nil {
		c.server.lock.Lock()
		c.server.opened++
		c.server.lock.Unlock()
	}
	return conn, err
}

type session struct {
	server *Server
	known  bool
	mail   Mail
}

func (s *session) Reset()        { s.mail = Mail{} }
func (s *session) Logout() error { return nil }

func (s *session) AuthMechanisms() []string {
	switch {
	case s.server.options.User == "":
		return nil
	case s.server.options.Login:
		return []string{sasl.Login}
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != s.server.options.User || password != s.server.options.Password {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}
	if s.server.options.Login {
		return &login{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

func (s *session) Mail(from string, o *smtp.MailOptions) error {
	if !s.known {
		return smtp.ErrAuthRequired
	}
	s.mail = Mail{From: from, UTF8: o != nil && o.UTF8}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = to
	if s.server.options.Refuse != nil {
		return s.server.options.Refuse(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	if s.server.options.Discard {
		_, err := io.Copy(io.Discard, r)
		return err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.server.options.Judge != nil {
		if err := s.server.options.Judge(text); err != nil {
			return err
		}
	}
	s.mail.Raw = text
	s.server.lock.Lock()
	defer s.server.lock.Unlock()
	s.server.mails = append(s.server.mails, s.mail)
	return nil
}

// login is the server's side of AUTH LOGIN, which the library has the client's side of only.
type login struct {
	check func(user, password string) error
	asked int
	user  string
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	l.asked++
	switch l.asked {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}

// certificate is one for 127.0.0.1 and localhost that signed itself, and the file that it is trusted by.
func certificate(tb testing.TB) (*tls.Config, string) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	now := time.Now()
	facts := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.example"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, facts, facts, &key.PublicKey, key)
	if err != nil {
		tb.Fatal(err)
	}
	file := filepath.Join(tb.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		tb.Fatal(err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, file
}
