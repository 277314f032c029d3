package smtp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Server is a mail server that mails can be handed to. It is safe for concurrent use; its sessions are
// not.
type Server struct {
	settings Settings
	tls      *tls.Config
}

// New is the server of the settings. It refuses settings that cannot work, and speaks to nobody yet.
func New(settings Settings) (*Server, error) {
	settings, err := settings.checked()
	if err != nil {
		return nil, err
	}
	s := &Server{settings: settings, tls: &tls.Config{ServerName: settings.Host, MinVersion: tls.VersionTLS12}}
	if settings.CA == "" {
		return s, nil
	}
	pem, err := os.ReadFile(settings.CA)
	if err != nil {
		return nil, fmt.Errorf("mail server, ca: %w", err)
	}
	if s.tls.RootCAs, err = x509.SystemCertPool(); err != nil {
		s.tls.RootCAs = x509.NewCertPool()
	}
	if !s.tls.RootCAs.AppendCertsFromPEM(pem) {
		return nil, errors.New("mail server, ca: the file has no certificate in PEM form")
	}
	return s, nil
}

// String says where the server is.
func (s *Server) String() string { return s.settings.String() }

// Domain is that of the address that mails come from, for Message-IDs.
func (s *Server) Domain() string {
	return s.settings.From.Address[strings.LastIndexByte(s.settings.From.Address, '@')+1:]
}

// Dial opens a conversation for any number of mails. It is one connection, opened again by itself when it
// breaks between two mails.
func (s *Server) Dial(ctx context.Context) (*Session, error) {
	l, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	return &Session{server: s, line: l}, nil
}

// open connects, agrees on TLS and signs in.
func (s *Server) open(ctx context.Context) (_ *line, err error) {
	l := &line{}
	defer func() {
		if err != nil && l.conn != nil {
			l.conn.Close()
		}
	}()
	client, err := mail.NewClient(s.settings.Host, s.dialing(l)...)
	if err != nil {
		return nil, &Error{Step: "connection", cause: err}
	}
	if l.client, err = client.DialToSMTPClientWithContext(ctx); err != nil {
		return nil, connection(ctx, err)
	}
	if s.settings.User == "" {
		return l, nil
	}
	return l, l.step(ctx, "sign-in", s.settings.Timeout, func() error { return s.signIn(l.client) })
}

// dialing are the options of a connection, which l keeps a hold of: it must be closed whatever fails.
func (s *Server) dialing(l *line) []mail.Option {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		raw, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		l.conn = &bounded{Conn: raw}
		if err := l.conn.begin(ctx, s.settings.Timeout); err != nil || s.settings.TLS != ImplicitTLS {
			return l.conn, err
		}
		secure := tls.Client(l.conn, s.tls)
		return secure, secure.HandshakeContext(ctx)
	}
	options := []mail.Option{mail.WithPort(s.settings.Port), mail.WithTimeout(s.settings.Timeout), mail.WithTLSConfig(s.tls), mail.WithDialContextFunc(dial)}
	switch s.settings.TLS {
	case StartTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case ImplicitTLS:
		options = append(options, mail.WithSSL())
	default:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if s.settings.Hello != "" {
		options = append(options, mail.WithHELO(s.settings.Hello))
	}
	return options
}

// connection says at which step a connection failed, as far as its error tells.
func connection(ctx context.Context, err error) error {
	step := "connection"
	var unknown *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	if errors.As(err, &unknown) || errors.As(err, &record) || strings.Contains(err.Error(), "STARTTLS") {
		step = "TLS"
	}
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = fmt.Errorf("the server did not answer in time: %w", err)
	}
	return &Error{Step: step, Code: failure(step, err).Code, cause: err}
}

// signIn says who the site is, in the way that is set or else that the server offers.
func (s *Server) signIn(client *smtp.Client) error {
	_, offered := client.Extension("AUTH")
	way := s.settings.Auth
	if ways := strings.Fields(strings.ToLower(offered)); way == AnyAuth {
		for _, way = range []string{PlainAuth, LoginAuth, ""} {
			if has(ways, way) {
				break
			}
		}
	} else if !has(ways, way) {
		way = ""
	}
	clear := s.settings.TLS == NoTLS // on the same machine
	switch way {
	case PlainAuth:
		return client.Auth(smtp.PlainAuth("", s.settings.User, s.settings.Password, s.settings.Host, clear))
	case LoginAuth:
		return client.Auth(smtp.LoginAuth(s.settings.User, s.settings.Password, s.settings.Host, clear))
	}
	return errors.New("the server offers neither AUTH PLAIN nor AUTH LOGIN, or not the one that is set")
}

func has(ways []string, way string) bool {
	for _, w := range ways {
		if w == way {
			return true
		}
	}
	return false
}
