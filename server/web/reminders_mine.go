package web

import (
	"strconv"

	"maillon/qms"
	"maillon/scheduler"
)

// MyRemindersView is what the reader was reminded of, and how they want to be.
type MyRemindersView struct {
	Form      *Form
	Days      []ReminderDay
	Next      string
	Wish      string // how the reader is told now, in words
	Modes     []Option
	Weekdays  []Option
	Languages []Option
}

// remindersShown is how many reminders stand on one page: they are read on phones.
const remindersShown = 20

// ReminderDay is what was told on one day.
type ReminderDay struct {
	On    qms.Date
	Lines []ReminderLine
}

// Shape is how near or how late the obligation was when it was told.
func (l ReminderLine) Shape() string {
	switch {
	case l.Step < 0:
		return "late"
	case l.Step <= 7:
		return "expiring"
	}
	return "due"
}

// LateDays is how late it was when it was told.
func (l ReminderLine) LateDays() int { return -l.Step }

// unmailed are the reminders of the last week that no mail told, as the reader finds them where they look
// first; none where mails leave.
func (s *Site) unmailed(p *Page) (lines []ReminderLine, err error) {
	if s.Reminders == nil {
		return nil, nil
	}
	told, err := s.Reminders.Unmailed(p.Context())
	for _, r := range told {
		item := scheduler.Item{Reminder: r}
		for _, pf := range p.Platforms {
			if pf.ID == r.Place {
				item.Code, item.Name = pf.Code, pf.Name
			}
		}
		if p.Platform == nil || p.Platform.ID == r.Place {
			lines = append(lines, p.reminderLine(item, scheduler.Kept))
		}
	}
	return lines, err
}

func (s *Site) myRemindersView(p *Page, f *Form) (*MyRemindersView, error) {
	p.Title = p.T("page.reminders.mine")
	c := p.Cursor()
	c.Size = remindersShown
	page, err := s.Reminders.Received(p.Context(), c)
	v := &MyRemindersView{Form: f, Next: page.Next, Languages: []Option{{"fr", p.T("app.lang.fr")}, {"en", p.T("app.lang.en")}}}
	for _, r := range page.Items {
		if n := len(v.Days); n == 0 || v.Days[n-1].On != r.MadeOn {
			v.Days = append(v.Days, ReminderDay{On: r.MadeOn})
		}
		day := &v.Days[len(v.Days)-1]
		day.Lines = append(day.Lines, p.reminderLine(r.Item, r.State))
	}
	for _, m := range scheduler.Modes() {
		if string(m) == f.Text("mode") {
			v.Wish = p.T("page.reminders.mode_" + string(m))
		}
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
