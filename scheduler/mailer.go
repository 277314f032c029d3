package scheduler

import (
	"context"

	"maillon/scheduler/smtp"
)

// Mailer is the way mails leave the house. There is none where no mail server is configured: reminders
// are then read in the application and in the log.
type Mailer interface {
	// Dial opens one conversation with the mail server, for all the mails of a run.
	Dial(ctx context.Context) (Outgoing, error)
}

// Outgoing is one conversation with a mail server. After an error that is not a refusal it may be spent:
// it is closed, and another one is opened for what is left.
type Outgoing interface {
	// Send hands over one mail and returns once the server has answered for it. An error for which
	// errors.Is(err, smtp.ErrRefused) holds will be the same tomorrow; any other is worth another try.
	Send(ctx context.Context, m smtp.Message) error
	Close() error
}
