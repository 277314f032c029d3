package smtp

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillon/qms"
)

// How the conversation is kept from others.
const (
	StartTLS    = "starttls" // begun in clear, refused when the server does not offer TLS at once (RFC 3207)
	ImplicitTLS = "implicit" // from the first byte (RFC 8314)
	NoTLS       = "none"     // on the same machine only
)

// How the site says who it is.
const (
	AnyAuth   = ""      // PLAIN where the server offers it, else LOGIN
	PlainAuth = "plain" // RFC 4616
	LoginAuth = "login"
)

// Settings say where the mail server is and how it is spoken to.
type Settings struct {
	Host     string
	Port     int
	TLS      string // StartTLS, ImplicitTLS or NoTLS
	CA       string // file of certificates (PEM) that are trusted besides those of the machine
	User     string // none: the server is not told who asks
	Password string
	Auth     string        // AnyAuth, PlainAuth or LoginAuth
	From     mail.Address  // of every mail, and where failures come back to
	ReplyTo  string        // may be empty
	Hello    string        // the name the site greets with; empty: that of the machine
	Timeout  time.Duration // of each step; the end of a mail, where servers do their work, has five times as much
	Clock    qms.Clock     // what the Date of a mail says
}

// DefaultTimeout is how long a step may take where nothing is said.
const DefaultTimeout = 30 * time.Second

// maxTimeout keeps one hanging server from holding up a run for hours.
const maxTimeout = 5 * time.Minute

// String says where the server is, without the password.
func (s Settings) String() string {
	return fmt.Sprintf("%s (%s)", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)), s.TLS)
}

// GoString is String: a password is not printed by %#v either.
func (s Settings) GoString() string { return s.String() }

// LogValue is what a log shows of the settings.
func (s Settings) LogValue() slog.Value { return slog.StringValue(s.String()) }

// options are what may stand after the question mark of an address.
var options = []string{"tls", "from", "name", "reply-to", "ca", "auth", "hello", "timeout"}

// Parse reads smtp://USER:PASSWORD@HOST:PORT?tls=...&from=...; smtps:// is TLS from the first byte. Its
// errors do not repeat the address, which holds a password.
func Parse(address string) (Settings, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Path != "" && u.Path != "/" || u.Fragment != "" {
		return Settings{}, errors.New("the mail server is stated as smtp://USER:PASSWORD@HOST:PORT?from=ADDRESS, with what is special in the password as %40 and the like")
	}
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Settings{}, errors.New("mail server: what follows the question mark cannot be read")
	}
	for name, given := range values {
		if !slices.Contains(options, name) || len(given) > 1 {
			return Settings{}, fmt.Errorf("mail server: there is no option %q, or it is stated twice (%s)", name, strings.Join(options, ", "))
		}
	}
	s := Settings{Host: u.Hostname(), TLS: values.Get("tls"), CA: values.Get("ca"), Auth: strings.ToLower(values.Get("auth")),
		From: mail.Address{Name: values.Get("name"), Address: values.Get("from")}, ReplyTo: values.Get("reply-to"), Hello: values.Get("hello")}
	if u.User != nil {
		s.User = u.User.Username()
		s.Password, _ = u.User.Password()
	}
	return s.of(u.Scheme, u.Port(), values.Get("timeout"))
}

// of completes the settings with what the rest of an address says, and what it leaves out.
func (s Settings) of(scheme, port, timeout string) (Settings, error) {
	switch {
	case scheme == "smtps" && (s.TLS == "" || s.TLS == ImplicitTLS):
		s.TLS = ImplicitTLS
	case scheme != "smtp":
		return Settings{}, errors.New("mail server: the address begins with smtp:// or smtps:// (and smtps is always tls=implicit)")
	case s.TLS == "":
		s.TLS = StartTLS
	}
	s.Port = map[string]int{StartTLS: 587, ImplicitTLS: 465, NoTLS: 25}[s.TLS]
	if port != "" {
		s.Port, _ = strconv.Atoi(port)
	}
	if timeout != "" {
		var err error
		if s.Timeout, err = time.ParseDuration(timeout); err != nil || s.Timeout <= 0 {
			return Settings{}, errors.New("mail server: timeout is a time such as 30s")
		}
	}
	return s.checked()
}

// checked is s with what is left out filled in, or says what is wrong with it.
func (s Settings) checked() (Settings, error) {
	var err error
	switch {
	case s.Host == "" || strings.ContainsFunc(s.Host, special):
		return s, errors.New("mail server: the host is missing or malformed")
	case !slices.Contains([]string{StartTLS, ImplicitTLS, NoTLS}, s.TLS):
		return s, errors.New("mail server: tls is starttls, implicit or none")
	case s.Port < 1 || s.Port > 65535:
		return s, errors.New("mail server: the port is a number from 1 to 65535")
	case s.TLS == NoTLS && !loopback(s.Host):
		return s, errors.New("mail server: tls=none is for a server on this machine only (localhost, 127.0.0.1, ::1)")
	case !slices.Contains([]string{AnyAuth, PlainAuth, LoginAuth}, s.Auth):
		return s, errors.New("mail server: auth is plain or login")
	case s.Auth != AnyAuth && s.User == "":
		return s, errors.New("mail server: auth is stated and no user is")
	case strings.ContainsFunc(s.Hello, special):
		return s, errors.New("mail server: hello is a name of a machine")
	case s.Timeout > maxTimeout:
		return s, fmt.Errorf("mail server: timeout is at most %s", maxTimeout)
	}
	if s.From.Address, err = deliverable(s.From.Address); err != nil {
		return s, errors.New("mail server: from is missing or is no address, such as from=qualite@site.example")
	}
	if s.ReplyTo != "" {
		if s.ReplyTo, err = deliverable(s.ReplyTo); err != nil {
			return s, errors.New("mail server: reply-to is no address")
		}
	}
	s.From.Name = oneLine(s.From.Name, maxName)
	if s.From.Name == "" {
		s.From.Name = "Maillon"
	}
	if s.Timeout <= 0 {
		s.Timeout = DefaultTimeout
	}
	if s.Clock == nil {
		s.Clock = qms.SystemClock
	}
	return s, nil
}

// special is what no name of a machine holds.
func special(r rune) bool { return r <= ' ' || r == 0x7f || r == '/' || r == '@' }

// loopback reports whether the host is this machine, by its name alone: a name that is looked up could
// lead elsewhere.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
