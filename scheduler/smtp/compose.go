package smtp

import (
	"bytes"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
)

// What fits into a header; longer names and subjects are cut at the end. A line of a mail has at most
// 998 bytes (RFC 5322, section 2.1.1), an address at most 254 and its local part 64 (RFC 5321, 4.5.3.1).
const (
	maxName    = 120
	maxSubject = 200
	maxID      = 200
	maxLine    = 998
	maxAddress = 254
	maxLocal   = 64
)

// letter is a mail ready to be handed over.
type letter struct {
	from, to string // as MAIL FROM and RCPT TO say them, in brackets
	utf8     bool   // the recipient's address needs SMTPUTF8 (RFC 6531)
	text     []byte // header and body, lines ended by CR LF
}

// compose makes the letter of a message. What cannot be sent today cannot tomorrow: its errors are
// refusals.
func (s *Server) compose(m Message) (letter, error) {
	to, err := deliverable(m.Address)
	if err != nil {
		return letter{}, &Error{Step: "address", cause: err, refused: true}
	}
	if err := checkID(m.ID); err != nil {
		return letter{}, &Error{Step: "Message-ID", cause: err, refused: true}
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP))
	msg.SetMessageIDWithValue(m.ID)
	msg.SetDateWithValue(s.settings.Clock())
	msg.FromMailAddress(&s.settings.From)
	msg.ToMailAddress(&netmail.Address{Name: oneLine(m.Name, maxName), Address: to})
	if reply := s.replyTo(m); reply != "" {
		msg.ReplyToMailAddress(&netmail.Address{Address: reply})
	}
	msg.SetGenHeaderPreformatted(mail.HeaderSubject, encoded(oneLine(m.Subject, maxSubject)))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answering machine answers
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	if m.Preferences != "" {
		if err := checkLink(m.Preferences); err != nil {
			return letter{}, &Error{Step: "List-Unsubscribe", cause: err, refused: true}
		}
		msg.SetListUnsubscribe(m.Preferences)
	}
	msg.SetBodyString(mail.TypeTextPlain, plain(m.Text))
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, plain(m.HTML))
	}
	if len(m.Calendar) > 0 {
		if err := attend(msg, m); err != nil {
			return letter{}, &Error{Step: "calendar", cause: err, refused: true}
		}
	}
	for _, f := range m.Files {
		if err := msg.AttachReader(fileName(f.Name), strings.NewReader(f.Text), mail.WithFileContentType("text/plain; charset=UTF-8"), mail.WithFileEncoding(mail.EncodingB64)); err != nil {
			return letter{}, &Error{Step: "attachment", cause: err, refused: true}
		}
	}
	return s.seal(msg, to)
}

// fileName is a name that any system takes: letters, digits, dot, dash and underscore of ASCII.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r)) {
			return r
		}
		return '-'
	}, name)
	return clip(strings.TrimLeft(name, "."), maxName)
}

// replyTo is the address that answers go to: that of the message when mail can be sent to it.
func (s *Server) replyTo(m Message) string {
	if to, err := deliverable(m.ReplyTo); m.ReplyTo != "" && err == nil {
		return to
	}
	return s.settings.ReplyTo
}

// attend adds the invitation as the last way to read the mail: a program that knows calendars takes it
// (RFC 6047, section 2.4). In base64 no server on the way breaks its lines otherwise.
func attend(msg *mail.Msg, m Message) error {
	if !slices.Contains([]string{"REQUEST", "CANCEL", "PUBLISH"}, m.Method) || !bytes.Contains(m.Calendar, []byte("\r\nMETHOD:"+m.Method+"\r\n")) {
		return fmt.Errorf("the calendar does not ask %q", clip(oneLine(m.Method, 40), 40))
	}
	msg.AddAlternativeString(mail.ContentType("text/calendar; method="+m.Method), string(m.Calendar), mail.WithPartEncoding(mail.EncodingB64))
	return nil
}

// seal writes the letter out once and looks at what would go over the wire.
func (s *Server) seal(msg *mail.Msg, to string) (letter, error) {
	var text bytes.Buffer
	if _, err := msg.WriteTo(&text); err != nil {
		return letter{}, &Error{Step: "composition", cause: err, refused: true}
	}
	whole := bytes.Replace(text.Bytes(), []byte("\r\nMessage-ID:\r\n <"), []byte("\r\nMessage-ID: <"), 1) // a long one is folded before it begins, which not every server reads
	for line := range bytes.SplitSeq(whole, []byte("\r\n")) {
		if len(line) > maxLine || bytes.IndexByte(line, '\r') >= 0 || bytes.IndexByte(line, '\n') >= 0 || bytes.IndexByte(line, 0) >= 0 {
			return letter{}, &Error{Step: "composition", cause: errors.New("a line is too long or broken"), refused: true}
		}
	}
	return letter{from: envelope(s.settings.From.Address), to: envelope(to), utf8: !ascii(to), text: whole}, nil
}

func envelope(address string) string { return (&netmail.Address{Address: address}).String() }

var errAddress = errors.New("this is no address that mail can be sent to")

// deliverable is the address as mail servers know it: its domain in ASCII (RFC 5891). It refuses what is
// not one plain address.
func deliverable(address string) (string, error) {
	if address == "" || len(address) > maxAddress || !utf8.ValidString(address) || strings.ContainsFunc(address, odd) {
		return "", errAddress
	}
	a, err := netmail.ParseAddress(address)
	if err != nil || a.Address != address || a.Name != "" {
		return "", errAddress
	}
	at := strings.LastIndexByte(address, '@')
	local, domain := address[:at], address[at+1:]
	if len(local) > maxLocal {
		return "", errAddress
	}
	domain, err = idna.Lookup.ToASCII(domain)
	if err != nil || domain == "" {
		return "", errAddress
	}
	return local + "@" + domain, nil
}

// odd is what no address holds: spaces of any kind, control and format characters.
func odd(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Zs) || r == '<' || r == '>'
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

func checkID(id string) error {
	left, right, found := strings.Cut(id, "@")
	if !found || left == "" || right == "" || len(id) > maxID || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '<' || r == '>' }) {
		return fmt.Errorf("%q is no Message-ID", clip(id, 80))
	}
	return nil
}

func checkLink(link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(link) > maxLine/2 || !ascii(link) || strings.ContainsAny(link, "<>,\" ") {
		return errors.New("the address of the page is malformed")
	}
	return nil
}

// oneLine is s as it may stand in a header: without line ends, control characters and what turns the
// direction of text, and without what would be read as an encoded word (RFC 2047) that nobody encoded.
func oneLine(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' })
	return clip(strings.ReplaceAll(strings.Join(words, " "), "=?", "= ?"), most)
}

// encoded is s as the value of a header: in encoded words where it is not short ASCII (RFC 2047), 76
// characters a line. The first of them stands beside the header's name: some readers show a fold that
// comes before as a space.
func encoded(s string) string {
	const begin, end, room = "=?utf-8?q?", "?=", 52
	if ascii(s) && len(s) <= room {
		return s
	}
	var b strings.Builder
	b.WriteString(begin)
	used := 0
	for _, r := range s {
		piece := "_"
		if letter := r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'; letter {
			piece = string(r)
		} else if r != ' ' {
			piece = strings.ReplaceAll(fmt.Sprintf("=% X", string(r)), " ", "=")
		}
		if used += len(piece); used > room {
			b.WriteString(end + "\r\n " + begin)
			used = len(piece)
		}
		b.WriteString(piece)
	}
	return b.String() + end
}

// clip cuts s after that many characters, the last of which is then an ellipsis.
func clip(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:most-1]), " ") + "…"
}

// plain is a body without the control characters that servers and readers stumble over.
func plain(s string) string {
	if clean(s) {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case unicode.IsControl(r) && r != '\n' && r != '\t':
			return -1
		}
		return r
	}, s)
}

// clean reports whether s is plain already, as nearly every body is: it looks at bytes only.
func clean(s string) bool {
	for i := range len(s) {
		if b := s[i]; b < ' ' && b != '\n' && b != '\t' || b == 0x7f || b == 0xc2 { // 0xc2 begins U+0080 to U+00BF, some of which are controls
			return false
		}
	}
	return utf8.ValidString(s)
}
