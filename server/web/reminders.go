package web

import (
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/scheduler"
)

// reminderPages are a person's own reminders, and how the outbox of the site stands.
func (s *Site) reminderPages() {
	s.page("/reminders/mine", qms.SignedIn, s.myReminders)
	s.act("/reminders/mine", qms.SignedIn, s.preferReminders)
	s.page("/reminders", qms.OperateSite, s.reminderQueue)
	s.act("/reminders", qms.OperateSite, s.retryAllMails)
	s.page("/reminders/mails/:mail", qms.OperateSite, s.reminderMail)
	s.act("/reminders/mails/:mail", qms.OperateSite, s.retryMail)
	s.page("/reminders/kinds/:kind", qms.OperateSite, s.showReminderKind)
	s.act("/reminders/kinds/:kind", qms.OperateSite, s.setKind)
	s.reminderSettingsPages()
}

// ReminderLine is a reminder as its reader sees it.
type ReminderLine struct {
	scheduler.Item
	State string // of the mail
	Href  string
	Told  string // at which step
}

// reminderLine puts a reminder into words and finds the place where it is done.
func (p *Page) reminderLine(i scheduler.Item, state scheduler.MailState) ReminderLine {
	l := ReminderLine{Item: i, State: string(state)}
	if i.Code != "" {
		l.Href = (&Page{Platform: &people.Platform{Row: qms.Row{ID: i.Place}, Code: i.Code, Name: i.Name}}).ToParts(i.Parts)
	}
	switch {
	case i.Step < 0:
		l.Told = p.T("page.reminders.step_late", -i.Step)
	case i.Step == 0:
		l.Told = p.T("page.reminders.step_day")
	default:
		l.Told = p.T("page.reminders.step_before", i.Step)
	}
	return l
}

// MyRemindersView is what the reader was reminded of, and how they want to be.
type MyRemindersView struct {
	Form      *Form
	Lines     []ReminderLine
	Next      string
	Modes     []Option
	Weekdays  []Option
	Languages []Option
}

func (s *Site) myRemindersView(p *Page, f *Form) (*MyRemindersView, error) {
	p.Title = p.T("page.reminders.mine")
	page, err := s.Reminders.Received(p.Context(), p.Cursor())
	v := &MyRemindersView{Form: f, Next: page.Next, Languages: []Option{{"fr", p.T("app.lang.fr")}, {"en", p.T("app.lang.en")}}}
	for _, r := range page.Items {
		v.Lines = append(v.Lines, p.reminderLine(r.Item, r.State))
	}
	for _, m := range scheduler.Modes() {
		v.Modes = append(v.Modes, Option{string(m), p.T("page.reminders.mode_" + string(m))})
	}
	monday := qms.NewDate(2024, 1, 1)
	for n := range 7 {
		v.Weekdays = append(v.Weekdays, Option{strconv.Itoa(n + 1), p.Weekday(monday.AddDays(n))})
	}
	return v, err
}

func (s *Site) myReminders(p *Page) error {
	wish, err := s.Reminders.Preference(p.Context())
	if err != nil {
		return err
	}
	f := p.Form().Set("revision", wish.Revision).Set("mode", string(wish.Mode)).Set("weekday", max(1, wish.Weekday)).Set("language", wish.Language)
	v, err := s.myRemindersView(p, f)
	if err != nil {
		return err
	}
	return p.Render("reminders_mine", v)
}

func (s *Site) preferReminders(p *Page) error {
	f := p.Form().Need("mode", "language")
	cmd := scheduler.Prefer{Revision: int64(f.Int("revision")), Mode: scheduler.Mode(f.Text("mode")), Language: f.Text("language")}
	if cmd.Mode == scheduler.Weekly {
		cmd.Weekday = f.Int("weekday")
	}
	err := f.Err()
	if err == nil {
		_, err = s.Reminders.Prefer(p.Context(), cmd)
	}
	if err != nil {
		v, failed := s.myRemindersView(p, f)
		if failed != nil {
			return failed
		}
		return p.Again("reminders_mine", f, err, v)
	}
	return p.Done("/reminders/mine", "page.reminders.preferred")
}

// QueueView is how the outbox of the site stands.
type QueueView struct {
	scheduler.Overview
	Tally  map[string]int // of mails by state
	Form   *Form
	Lines  []scheduler.MailLine
	After  string // where the next mails begin
	States []Option
	Chips  []Chip
	Kinds  []KindLine
}

// KindLine is how one kind is reminded.
type KindLine struct {
	scheduler.KindRule
	Days  string // before, largest first
	State string
}

func kindLine(k scheduler.KindRule) KindLine {
	l := KindLine{k, joinDays(k.Steps.Offsets), "valid"}
	if k.Steps.Off {
		l.State = "withdrawn"
	}
	return l
}

func (s *Site) reminderQueue(p *Page) error {
	return s.showQueue(p, p.Form().Set("state", p.Query("state")), nil)
}

func (s *Site) showQueue(p *Page, f *Form, failed error) (err error) {
	p.Title = p.T("page.reminders.title")
	v := QueueView{Form: f, States: []Option{{"", p.T("page.reminders.any_state")}}}
	if v.Overview, err = s.Reminders.Overview(p.Context()); err != nil {
		return err
	}
	v.Tally = map[string]int{}
	for in, n := range v.Counts {
		v.Tally[string(in)] = n
	}
	page, err := s.Reminders.Mails(p.Context(), scheduler.MailState(p.Query("state")), p.Cursor())
	if err != nil {
		return err
	}
	v.Lines, v.After = page.Items, page.Next
	for _, in := range []scheduler.MailState{scheduler.Queued, scheduler.Sent, scheduler.Failed, scheduler.Kept} {
		v.States = append(v.States, Option{string(in), p.T("page.reminders.state_" + string(in))})
	}
	v.Chips = p.Chips(func(_, state string) string { return p.reminderState(state) }, "state")
	for _, k := range v.Overview.Kinds {
		v.Kinds = append(v.Kinds, kindLine(k))
	}
	if failed != nil {
		return p.Again("reminders_queue", f, failed, v)
	}
	return p.Render("reminders_queue", v)
}

// reminderState is the word for the state of a mail; what the address says when there is none.
func (p *Page) reminderState(state string) string {
	if key := "page.reminders.state_" + state; p.Has(key) {
		return p.T(key)
	}
	return state
}

func (s *Site) retryAllMails(p *Page) error {
	f := p.Form()
	n, err := s.Reminders.Retry(p.Context(), scheduler.Retry{Reason: f.Text("reason")})
	if err != nil {
		return s.showQueue(p, f, err)
	}
	return p.Done("/reminders", "page.reminders.retried", n)
}

// MailView is one mail with what it says.
type MailView struct {
	scheduler.MailLine
	Form  *Form
	Lines []ReminderLine
}

func (s *Site) mailView(p *Page, f *Form) (MailView, error) {
	id, err := p.ID("mail")
	if err != nil {
		return MailView{}, err
	}
	told, err := s.Reminders.Mail(p.Context(), id)
	if err != nil {
		return MailView{}, err
	}
	p.Section, p.Title = "reminders", p.T("page.reminders.mail_of", told.Name)
	p.Crumb(p.T("page.reminders.title"), "/reminders")
	v := MailView{MailLine: told.MailLine, Form: f}
	for _, i := range told.Items {
		v.Lines = append(v.Lines, p.reminderLine(i, told.State))
	}
	return v, nil
}

func (s *Site) reminderMail(p *Page) error {
	v, err := s.mailView(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("reminders_mail", v)
}

func (s *Site) retryMail(p *Page) error {
	f := p.Form()
	v, err := s.mailView(p, f)
	if err != nil {
		return err
	}
	if _, err = s.Reminders.Retry(p.Context(), scheduler.Retry{Mail: v.ID, Reason: f.Text("reason")}); err != nil {
		return p.Again("reminders_mail", f, err, v)
	}
	return p.Done("/reminders", "page.reminders.retried", 1)
}

// joinDays are the days before as a form shows them.
func joinDays(days []int) string {
	words := make([]string, len(days))
	for i, n := range days {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}

// daysOf reads days before: numbers between spaces, commas or semicolons.
func daysOf(f *Form, name string) []int {
	var days []int
	for _, word := range strings.FieldsFunc(f.Text(name), func(r rune) bool { return strings.ContainsRune(" ,;\u00a0\u202f\t\n", r) }) {
		n, err := strconv.Atoi(word)
		if err != nil {
			n = -1 // refused by the room, which says what is expected
		}
		days = append(days, n)
	}
	return days
}
