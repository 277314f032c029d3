package smtptest

import (
	"bytes"
	"errors"
	"io"
	"testing"

	_ "github.com/emersion/go-message/charset" // as readers of mail do
	"github.com/emersion/go-message/mail"
)

// Letter is a mail as its reader sees it.
type Letter struct {
	Header     mail.Header
	Subject    string
	From, To   *mail.Address
	Text, HTML string
	Types      []string          // of its parts, in order
	Calendar   []byte            // the part that is one, byte for byte
	Method     string            // that the calendar part states beside its type
	Files      map[string]string // attached, by their names
}

// Read reads the mail again; a mail that cannot be read fails the test.
func (m Mail) Read(tb testing.TB) Letter {
	tb.Helper()
	reader, err := mail.CreateReader(bytes.NewReader(m.Raw))
	if err != nil {
		tb.Fatalf("the mail cannot be read: %v\n%s", err, m.Raw)
	}
	l := Letter{Header: reader.Header}
	if l.Subject, err = reader.Header.Subject(); err != nil {
		tb.Fatal(err)
	}
	l.From, l.To = one(tb, reader.Header, "From"), one(tb, reader.Header, "To")
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return l
		}
		if err != nil {
			tb.Fatal(err)
		}
		if attached, ok := part.Header.(*mail.AttachmentHeader); ok {
			l.attach(tb, attached, part.Body)
			continue
		}
		header, ok := part.Header.(*mail.InlineHeader)
		if !ok {
			tb.Fatalf("a part is no text: %T", part.Header)
		}
		l.words(tb, header, part.Body)
	}
}

func (l *Letter) words(tb testing.TB, header *mail.InlineHeader, from io.Reader) {
	tb.Helper()
	kind, params, err := header.ContentType()
	if err != nil {
		tb.Fatal(err)
	}
	body, err := io.ReadAll(from)
	if err != nil {
		tb.Fatal(err)
	}
	text := string(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")))
	switch l.Types = append(l.Types, kind); kind {
	case "text/plain":
		l.Text += text
	case "text/html":
		l.HTML += text
	case "text/calendar":
		l.Calendar, l.Method = body, params["method"]
	}
}

// attach keeps an attached file.
func (l *Letter) attach(tb testing.TB, header *mail.AttachmentHeader, body io.Reader) {
	tb.Helper()
	name, err := header.Filename()
	if err != nil {
		tb.Fatal(err)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		tb.Fatal(err)
	}
	if l.Files == nil {
		l.Files = map[string]string{}
	}
	l.Files[name] = string(data)
}

func one(tb testing.TB, h mail.Header, name string) *mail.Address {
	tb.Helper()
	all, err := h.AddressList(name)
	if err != nil || len(all) != 1 {
		tb.Fatalf("%s is %v, %v", name, all, err)
	}
	return all[0]
}
