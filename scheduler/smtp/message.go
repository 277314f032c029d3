// Package smtp hands mails to a mail server.
//
// It promises that a mail carries the Message-ID it was given, however often it is sent, that nothing a
// person typed can add a header or a recipient, that no step waits for ever, and that every failure says
// at which step it came and whether trying again can help (ErrRefused). What it cannot say in clear it
// does not say: without TLS it speaks to the same machine only.
//
// It refuses to decide what is sent, when, or again: that is the scheduler's business. It never logs, and
// no error of its own holds a password.
package smtp

// Message is one mail to one person.
type Message struct {
	ID          string // the Message-ID without its brackets, the same each time the mail is tried
	Name        string // of whom it goes to
	Address     string
	Subject     string
	Text        string // plain, lines ended by \n
	HTML        string // the same as a page of its own, without anything from elsewhere; may be empty
	Calendar    []byte // an invitation (RFC 5545), which mail programs offer to take; may be empty
	Method      string // what Calendar asks, such as REQUEST: the same as its METHOD (RFC 6047, section 2.4)
	ReplyTo     string // who answers are for; that of the site when empty
	Files       []File // small texts that go with it
	Preferences string // address of the page where the reader says what is sent (RFC 2369); may be empty
}

// File is a small text that goes with a mail: UTF-8, lines ended by \n.
type File struct {
	Name string
	Text string
}
