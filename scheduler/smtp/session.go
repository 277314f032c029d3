package smtp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// farewell is how long a server has at most to answer the end of a conversation.
const farewell = 5 * time.Second

// Session is one conversation with a mail server, for one caller at a time.
type Session struct {
	server *Server
	line   *line // nil when there is none: the next mail opens one
}

// line is a connection that is signed in.
type line struct {
	client *smtp.Client
	conn   *bounded
}

// Send hands over one mail and returns once the server has answered for it. It never tries again after
// the server may have taken the mail: that is decided by who keeps the mails, under the same Message-ID.
// ErrRefused (errors.Is) tells a failure that will be the same tomorrow.
func (s *Session) Send(ctx context.Context, m Message) error {
	l, err := s.server.compose(m)
	if err != nil {
		return err
	}
	fresh := s.line == nil
	for {
		if s.line == nil {
			if s.line, err = s.server.open(ctx); err != nil {
				return err
			}
		}
		begun, err := s.hand(ctx, l)
		if s.line != nil || begun || fresh || ctx.Err() != nil {
			return err
		}
		fresh = true // an old connection was closed by the server meanwhile: once more on a new one
	}
}

// hand gives the letter to the server. Begun tells whether the server was asked to take its content.
func (s *Session) hand(ctx context.Context, l letter) (begun bool, err error) {
	line, limit := s.line, s.server.settings.Timeout
	stop := context.AfterFunc(ctx, func() { line.conn.Close() })
	defer stop()
	if l.utf8 {
		if ok, _ := line.client.Extension("SMTPUTF8"); !ok {
			return false, &Error{Step: recipient, refused: true, cause: errors.New("the mail server takes addresses in ASCII only (no SMTPUTF8)")}
		}
	}
	line.client.SkipSMTPUTF8(!l.utf8) // asked for without need, it makes servers further on refuse the mail
	err = line.step(ctx, sender, limit, func() error { return line.client.Mail(l.from) })
	if err == nil {
		err = line.step(ctx, recipient, limit, func() error { return line.client.Rcpt(l.to) })
	}
	if err == nil {
		begun, err = line.give(ctx, limit, l.text)
	}
	switch {
	case err == nil:
		return begun, nil
	case answered(err) && line.step(ctx, "reset", limit, line.client.Reset) == nil:
		return begun, err
	}
	line.conn.Close()
	s.line = nil
	return begun, err
}

// give is the content and its end.
func (l *line) give(ctx context.Context, limit time.Duration, text []byte) (begun bool, err error) {
	err = l.step(ctx, content, 5*limit, func() error {
		w, err := l.client.Data()
		if err != nil {
			return err
		}
		begun = true
		if _, err := w.Write(text); err != nil {
			return err
		}
		return w.Close()
	})
	return begun, err
}

// step does one step within its time.
func (l *line) step(ctx context.Context, name string, limit time.Duration, do func() error) error {
	if err := l.conn.begin(ctx, limit); err != nil {
		return failure(name, err)
	}
	err := do()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return &Error{Step: name, cause: ctx.Err()}
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = fmt.Errorf("the server did not answer within %s: %w", limit, err)
	}
	return failure(name, err)
}

// Close takes leave of the server. The mails that Send answered for are on their way whatever it says.
func (s *Session) Close() error {
	if s.line == nil {
		return nil
	}
	l := s.line
	s.line = nil
	if l.conn.begin(context.Background(), min(farewell, s.server.settings.Timeout)) == nil {
		_ = l.client.Quit() // a server that does not answer has lost nothing
	}
	l.conn.Close()
	return nil
}
