package web

import (
	"cmp"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trail"
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
	switch {
	case i.Place == qms.ID(trail.SiteLog):
		l.Href = (&Page{}).ToParts(i.Parts)
	case i.Code != "":
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
	f := p.filterForm(mailFilters...)
	filter, err := p.mailFilter()
	if err == nil && (p.Exported() || p.Printed()) {
		return p.Export(s.mailExport(p, filter))
	}
	return s.showQueue(p, f, err)
}

// mailFilters are the names of the filters of the outbox in the address.
var mailFilters = []string{"state", "address", "from", "until"}

// mailFilter reads them.
func (p *Page) mailFilter() (scheduler.MailFilter, error) {
	f := p.filterForm(mailFilters...)
	filter := scheduler.MailFilter{State: scheduler.MailState(f.Text("state")), Address: f.Text("address"), From: f.Date("from"), Until: f.Date("until")}
	return filter, f.Err()
}

// mailExport is the outbox as the filter narrows it.
func (s *Site) mailExport(p *Page, filter scheduler.MailFilter) export {
	shapes, facts := map[string]string{}, []string{}
	for state, shape := range map[scheduler.MailState]string{scheduler.Queued: "todo", scheduler.Sent: "done", scheduler.Failed: "failed", scheduler.Kept: "valid"} {
		shapes[p.reminderState(string(state))] = shape
	}
	for _, c := range p.mailChips() {
		facts = append(facts, c.Label)
	}
	return export{
		name: "courriels-" + p.Today.String(), kinds: map[int]cell{3: dayCell, 4: countCell, 5: countCell}, fixed: 1,
		heads: []string{"page.reminders.person", "page.reminders.address", "page.reminders.state", "page.reminders.day", "page.reminders.count", "page.reminders.attempts",
			"page.reminders.fault", "page.reminders.message"},
		print: &printing{title: p.T("page.reminders.mails"), asOf: p.Today, facts: facts, empty: p.T("page.reminders.no_mails"), shapes: shapes,
			widths: []float64{16, 24, 12, 9, 7, 8, 40, 0}, right: map[int]bool{3: true, 4: true, 5: true}},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Reminders.MailsOf(p.Context(), filter, c)
			for _, m := range page.Items {
				lines = append(lines, []string{m.Name, m.Address, p.reminderState(string(m.State)), p.InputDate(m.Day), p.Number(int64(m.Asked)), p.Number(int64(m.Attempts)), m.Fault, m.Message})
			}
			return lines, page.Next, err
		},
	}
}

func (p *Page) mailChips() []Chip {
	return p.Chips(func(name, value string) string {
		switch name {
		case "state":
			return p.reminderState(value)
		case "from", "until":
			return p.T("page.reminders."+name+"_day", value)
		}
		return value
	}, mailFilters...)
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
	filter, err := p.mailFilter()
	if err != nil {
		filter = scheduler.MailFilter{}
	}
	page, err := s.Reminders.MailsOf(p.Context(), filter, p.Cursor())
	if err != nil {
		return err
	}
	v.Lines, v.After = page.Items, page.Next
	for _, in := range []scheduler.MailState{scheduler.Queued, scheduler.Sent, scheduler.Failed, scheduler.Kept} {
		v.States = append(v.States, Option{string(in), p.T("page.reminders.state_" + string(in))})
	}
	v.Chips = p.mailChips()
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
	Form   *Form
	Lines  []ReminderLine
	Invite *scheduler.Invite // what it invites to; nil in a mail of reminders

	Dispatch *scheduler.Dispatch // what it carries that is neither; nil in the others
	Welcome  *scheduler.Welcome  // what lets an auditor in; likewise
	Theirs   bool                // its pages are its reader's, and not of who looks at it here
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
	p.Section, p.Title = "reminders", p.T("page.reminders.mail_of", cmp.Or(told.Name, told.Address))
	p.Crumb(p.T("page.reminders.title"), "/reminders")
	v := MailView{MailLine: told.MailLine, Form: f, Invite: told.Invite, Dispatch: told.Dispatch, Welcome: told.Welcome, Theirs: told.Person != p.Actor.ID}
	for _, i := range told.Items {
		l := p.reminderLine(i, told.State)
		if v.Theirs { // whoever operates the site need not be let into its platforms
			l.Href = ""
		}
		v.Lines = append(v.Lines, l)
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
