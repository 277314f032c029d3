package app

import (
	"context"
	"errors"
	"fmt"

	"maillon/qms"
	"maillon/scheduler"
	"maillon/scheduler/digest"
	"maillon/scheduler/smtp"
)

// Where mails lead to, from the root of the site.
const (
	duePage         = "/due"
	preferencesPage = "/reminders/mine"
)

// mailServer is the mail server of the settings; nil where none is stated.
func (s Settings) mailServer(clock qms.Clock) (*smtp.Server, error) {
	if s.SMTP == "" {
		return nil, nil
	}
	settings, err := smtp.Parse(s.SMTP)
	if err != nil {
		return nil, err
	}
	settings.Clock = clock
	return smtp.New(settings)
}

// postBy readies the way mails leave the house. Every mail leads back to the site, so that a site that
// writes has to know where people reach it.
func (h *House) postBy(s Settings) (err error) {
	if h.mails, err = s.mailServer(h.clock); err != nil || h.mails == nil {
		return err
	}
	if h.url == "" {
		return errors.New("a mail server is stated and --url is not: mails lead to the site")
	}
	return nil
}

// SendTest sends one mail that says that mails arrive, and returns once the mail server of the settings
// has taken it. It needs no site.
func SendTest(ctx context.Context, s Settings, address, language string) (server string, err error) {
	mails, err := s.mailServer(qms.SystemClock)
	if err != nil {
		return "", err
	}
	if mails == nil {
		return "", errors.New("no mail server is stated: --smtp or MAILLON_SMTP")
	}
	session, err := mails.Dial(ctx)
	if err != nil {
		return "", err
	}
	id := fmt.Sprintf("test-%s@%s", qms.NewID(qms.SystemClock()), mails.Domain())
	return mails.String(), errors.Join(session.Send(ctx, digest.Test(id, "", address, language)), session.Close())
}

// outgoing joins the scheduler to the mail server.
type outgoing struct{ *smtp.Server }

// Dial opens a conversation.
func (o outgoing) Dial(ctx context.Context) (scheduler.Outgoing, error) {
	session, err := o.Server.Dial(ctx)
	if err != nil {
		return nil, err
	}
	return session, nil
}

// compose puts the reminders of one mail into words.
func (h *House) compose(ctx context.Context, l scheduler.Letter) (smtp.Message, error) {
	switch {
	case l.Invite != nil:
		return h.invite(l)
	case l.Dispatch != nil:
		return h.notice(l)
	}
	if l.Welcome != nil {
		return h.welcome(ctx, l)
	}
	letter := digest.Letter{ID: l.ID, Name: l.Name, Address: l.Address, Language: l.Language, Day: l.Day, Items: make([]digest.Item, len(l.Items))}
	for n, i := range l.Items {
		letter.Items[n] = digest.Item{Kind: i.Kind, Title: i.Title, On: i.DueOn, Code: i.Code, Platform: i.Name, Parts: i.Parts, Escalated: i.Escalated}
	}
	return digest.Compose(digest.Site{URL: h.url, Due: duePage, Preferences: preferencesPage}, letter)
}

// invite puts the invitation to a session into words. An outsider has no page to open.
func (h *House) invite(l scheduler.Letter) (smtp.Message, error) {
	i := l.Invite
	t := i.Told
	return digest.Invite(digest.Site{URL: h.url, Due: duePage, Preferences: preferencesPage}, digest.Invitation{ID: l.ID, Name: l.Name, Address: l.Address,
		Language: l.Language, Subject: t.Subject, Heading: t.Heading, Intro: t.Intro, Facts: t.Facts, Agenda: t.Agenda, Brings: t.Brings,
		Platform: t.Platform, Parts: t.Parts, SignsIn: i.Person != "", ReplyTo: t.Reply, Method: string(i.Method), Calendar: i.Calendar})
}

// notice puts a dispatch into a mail: its words were written when it was queued.
func (h *House) notice(l scheduler.Letter) (smtp.Message, error) {
	w := l.Dispatch.Words
	n := digest.Notice{ID: l.ID, Name: l.Name, Address: l.Address, Language: l.Language, Subject: w.Subject, Heading: w.Heading, Greeting: w.Greeting,
		Intro: w.Intro, Facts: w.Facts, Button: w.Button, Path: w.Path, Attached: w.Attached, Why: w.Why}
	for _, b := range w.Blocks {
		n.Blocks = append(n.Blocks, digest.Block(b))
	}
	for _, f := range w.Attachments {
		n.Files = append(n.Files, smtp.File(f))
	}
	return digest.Write(digest.Site{URL: h.url}, n)
}
