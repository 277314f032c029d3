package smtp

import (
	"errors"
	"fmt"
	"net/textproto"
	"slices"
	"strings"
	"unicode"
)

// ErrRefused is what a failure is (errors.Is) that will be the same tomorrow: the server does not know
// the recipient, or does not take this mail. Any other failure may pass.
var ErrRefused = errors.New("refused for good")

// Error is a failure, and the step it came at.
type Error struct {
	Step    string // "connection", "TLS", "sign-in", "sender", "recipient", "content", "address"...
	Code    int    // of the server's answer (RFC 5321, section 4.2); 0 when it did not answer
	cause   error
	refused bool
}

// Error says step and cause in one short line without control characters: a server's words are shown to
// people.
func (e *Error) Error() string {
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(e.cause.Error(), "\ufffd"))
	return fmt.Sprintf("mail, %s: %s", e.Step, clip(text, 300))
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether the failure is a refusal when asked for ErrRefused.
func (e *Error) Is(target error) bool { return target == ErrRefused && e.refused }

// The steps of a mail after the connection.
const (
	sender    = "sender"
	recipient = "recipient"
	content   = "content"
)

// ours are permanent answers that are about the site or the conversation and not about the recipient or
// the mail: unknown or misplaced commands, a missing or wrong sign-in. 552 after RCPT is a full mailbox,
// which is to be tried again (RFC 5321, section 4.5.3.1.10).
var ours = []int{500, 502, 503, 504, 530, 534, 535, 538}

// failure is the error of a step. A permanent answer to MAIL FROM is about the site's own address: were it
// a refusal, one wrong setting would give up every mail there is.
func failure(step string, err error) *Error {
	e := &Error{Step: step, cause: err}
	var answer *textproto.Error
	if errors.As(err, &answer) {
		e.Code = answer.Code
		mailbox := step == recipient && answer.Code == 552
		e.refused = answer.Code/100 == 5 && step != sender && !slices.Contains(ours, answer.Code) && !mailbox
	}
	return e
}

// answered reports whether the server said no in good order, so that the conversation can go on.
func answered(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code != 0 && e.Code != 421
}
