package api

import (
	"context"
	"time"

	"maillon/qms"
	"maillon/scheduler"
)

// reminders registers what people are told of what falls due, and how.
func (a *API) reminders() {
	register(a, get("/reminders/mine", "list-own-reminders", "List what you were reminded of", "reminders"), a.listOwnReminders)
	register(a, get("/reminders/preference", "get-reminder-preference", "How you want to be reminded", "reminders"), a.getReminderPreference)
	register(a, post("/reminders/preference", "set-reminder-preference", "Say how you want to be reminded", "reminders"), a.setReminderPreference)
	register(a, get("/reminders/mails", "list-reminder-mails", "List the outbox of the site", "reminders"), a.listReminderMails)
	register(a, post("/reminders/mails/{mail}/retry", "retry-reminder-mail", "Have a dead letter tried again", "reminders"), a.retryReminderMail)
	register(a, get("/reminders/rules", "list-site-reminder-rules", "When each kind is reminded on the site", "reminders"), a.listSiteReminderRules)
	register(a, post("/reminders/rules", "set-site-reminder-rule", "Settle when a kind is reminded on the site", "reminders"), a.setSiteReminderRule)
	const here = "/platforms/{platform}/reminders"
	register(a, get(here+"/rules", "list-reminder-rules", "When each kind is reminded on a platform", "reminders"), a.listReminderRules)
	register(a, post(here+"/rules", "set-reminder-rule", "Settle when a kind is reminded on a platform", "reminders"), a.setReminderRule)
	register(a, get(here+"/addressees", "list-reminder-addressees", "List who is told on a platform", "reminders"), a.listReminderAddressees)
	register(a, post(here+"/addressees", "set-reminder-addressee", "Tell somebody more, or no longer", "reminders"), a.setAddressee)
}

// Reminder is one thing somebody was told of.
type Reminder struct {
	ID        qms.ID   `json:"id"`
	Kind      string   `json:"kind"`
	Title     string   `json:"title"`
	Platform  string   `json:"platform,omitempty" doc:"The code of the platform"`
	Subject   qms.ID   `json:"subject,omitempty"`
	Parts     []string `json:"parts" nullable:"false" doc:"Of the address within the platform where it is done"`
	DueOn     qms.Date `json:"due_on" format:"date"`
	Step      int      `json:"step" doc:"Days before the due date; negative: days late"`
	Escalated bool     `json:"escalated" doc:"Told because it stays late, not because it is theirs"`
	MadeOn    qms.Date `json:"made_on" format:"date"`
	State     string   `json:"state" enum:"queued,sent,failed,kept" doc:"Of the mail it went with; kept: in the application only"`
}

func renderReminder(r scheduler.Received) Reminder {
	return Reminder{ID: r.ID, Kind: r.Kind, Title: r.Title, Platform: r.Code, Subject: r.Subject, Parts: append([]string{}, r.Parts...), DueOn: r.DueOn,
		Step: r.Step, Escalated: r.Escalated, MadeOn: r.MadeOn, State: string(r.State)}
}

type listOwnReminders struct{ Paged }

func (a *API) listOwnReminders(ctx context.Context, in *listOwnReminders) (*List[Reminder], error) {
	page, err := a.s.Reminders.Received(ctx, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderReminder), nil
}

// ReminderPreference is how a person wants to be reminded.
type ReminderPreference struct {
	Revision int64  `json:"revision" doc:"0: nothing was said yet" required:"false"`
	Mode     string `json:"mode" enum:"daily,immediate,weekly,none"`
	Weekday  int    `json:"weekday,omitempty" doc:"Of weekly: 1 Monday to 7 Sunday"`
	Language string `json:"language" enum:"fr,en" doc:"Of the mails"`
}

func renderPreference(p *scheduler.ReminderPreference) *One[ReminderPreference] {
	return one(p.Revision, ReminderPreference{Revision: p.Revision, Mode: string(p.Mode), Weekday: p.Weekday, Language: p.Language})
}

func (a *API) getReminderPreference(ctx context.Context, _ *struct{}) (*One[ReminderPreference], error) {
	p, err := a.s.Reminders.Preference(ctx)
	if err != nil {
		return nil, err
	}
	return renderPreference(p), nil
}

type setReminderPreference struct{ Body ReminderPreference }

func (a *API) setReminderPreference(ctx context.Context, in *setReminderPreference) (*One[ReminderPreference], error) {
	b := in.Body
	p, err := a.s.Reminders.Prefer(ctx, scheduler.Prefer{Revision: b.Revision, Mode: scheduler.Mode(b.Mode), Weekday: b.Weekday, Language: b.Language})
	if err != nil {
		return nil, err
	}
	return renderPreference(p), nil
}

// ReminderMail is a mail of the outbox.
type ReminderMail struct {
	ID        qms.ID    `json:"id"`
	Person    qms.ID    `json:"person"`
	Name      string    `json:"name"`
	Address   string    `json:"address,omitempty" doc:"Where it was sent, or tried last"`
	Day       qms.Date  `json:"day" format:"date"`
	State     string    `json:"state" enum:"queued,sent,failed,kept"`
	Reminders int       `json:"reminders"`
	Attempts  int       `json:"attempts"`
	Fault     string    `json:"fault,omitempty" doc:"What the last attempt ended with"`
	MessageID string    `json:"message_id"`
	QueuedAt  time.Time `json:"queued_at"`
	NextAt    time.Time `json:"next_at,omitzero"`
	SettledAt time.Time `json:"settled_at,omitzero"`
}

func renderMail(m scheduler.MailLine) ReminderMail {
	return ReminderMail{ID: m.ID, Person: m.Person, Name: m.Name, Address: m.Address, Day: m.Day, State: string(m.State), Reminders: m.Asked, Attempts: m.Attempts,
		Fault: m.Fault, MessageID: m.Message, QueuedAt: m.QueuedAt, NextAt: m.NextAt, SettledAt: m.SettledAt}
}

type listReminderMails struct {
	Paged
	State   string `query:"state" doc:"queued, sent, failed (dead letters) or kept"`
	Address string `query:"address" doc:"Part of the address"`
	From    string `query:"from" format:"date" doc:"First day whose questions are wanted"`
	Until   string `query:"until" format:"date" doc:"Last day whose questions are wanted"`
}

func (in *listReminderMails) filter() (f scheduler.MailFilter, err error) {
	f = scheduler.MailFilter{State: scheduler.MailState(in.State), Address: in.Address}
	var wrong []qms.Field
	day := func(name, text string) (d qms.Date) {
		if text == "" {
			return 0
		}
		if d, err = qms.ParseDate(text); err != nil {
			wrong = append(wrong, qms.Wrong(name, "value.not_a_date"))
		}
		return d
	}
	f.From, f.Until = day("from", in.From), day("until", in.Until)
	return f, qms.InvalidFields(wrong...)
}

func (a *API) listReminderMails(ctx context.Context, in *listReminderMails) (*List[ReminderMail], error) {
	filter, err := in.filter()
	if err != nil {
		filter = scheduler.MailFilter{} // whether the caller may look comes first
	}
	page, refused := a.s.Reminders.MailsOf(ctx, filter, in.Cursor())
	if refused != nil {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderMail), nil
}

// MailRetry says why a dead letter is tried again.
type MailRetry struct {
	Reason string `json:"reason,omitempty" maxLength:"2000"`
}

type retryReminderMail struct {
	Mail string `path:"mail" doc:"The mail"`
	Body MailRetry
}

// Retried counts what was put back into the queue.
type Retried struct {
	Mails int `json:"mails"`
}

// RetriedMails is the answer that counts.
type RetriedMails struct{ Body Retried }

func (a *API) retryReminderMail(ctx context.Context, in *retryReminderMail) (*RetriedMails, error) {
	id, err := qms.ParseID(in.Mail)
	if err != nil {
		id = qms.NewID(a.s.Clock()) // no mail has it: whether the caller may look comes first
	}
	n, err := a.s.Reminders.Retry(ctx, scheduler.Retry{Mail: id, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return &RetriedMails{Retried{n}}, nil
}
