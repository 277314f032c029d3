package web

import (
	"time"

	"maillon/qms"
	"maillon/scheduler"
)

// DueMonthView is a month of what falls due, as a table of its weeks.
type DueMonthView struct {
	First    qms.Date
	Days     []qms.Date // a week's, for the heads
	Weeks    [][]DueDay
	Previous string
	Next     string
	Today    string
	Total    int
	Mine     bool
	Past     qms.Date // as of which it is asked; none: today
}

// DueDay is one day of the table.
type DueDay struct {
	Day   qms.Date
	In    bool // of the month, not of its neighbours
	Today bool
	Items []scheduler.DueItem // the first of them
	More  int                 // how many are not among them
	Href  string              // the list of the day
}

// perDay is how many a day of the table shows.
const perDay = 4

// monthOf reads ?month=2026-07, the month of today when there is none.
func (p *Page) monthOf() (qms.Date, error) {
	text := p.Query("month")
	if text == "" {
		return qms.NewDate(p.Today.Year(), p.Today.Month(), 1), nil
	}
	first, err := time.Parse("2006-01", text)
	if err != nil || first.Year() < 1900 || first.Year() > 9000 {
		return 0, qms.Invalid("date.malformed", text)
	}
	return qms.NewDate(first.Year(), first.Month(), 1), nil
}

func (s *Site) dueMonth(p *Page) error {
	first, err := p.monthOf()
	if err != nil {
		return err
	}
	p.Title, p.Wide = p.T("page.due.calendar_of", p.Month(first)), true
	if p.Platform == nil {
		p.Crumb(p.T("page.due.title"), p.dueHere())
	}
	filter, err := p.dueFilter(p.Form())
	if err != nil {
		return err
	}
	end := first.AddMonths(1)
	filter.From, filter.Until, filter.Late = first, end.AddDays(-1), false
	list, err := s.Agenda.All(p.Context(), filter)
	if err != nil {
		return err
	}
	month := func(d qms.Date) string { return p.With("month", d.String()[:7]) }
	view := DueMonthView{First: first, Previous: month(first.AddMonths(-1)), Next: month(end), Today: p.With("month", ""), Total: list.Total, Mine: filter.Person != "", Past: p.asOfNote(list.AsOf)}
	of := map[qms.Date][]scheduler.DueItem{}
	for _, i := range list.Page.Items {
		of[i.On] = append(of[i.On], i)
	}
	monday := first.AddDays(-(int(first.Time().Weekday()) + 6) % 7)
	for n := range 7 {
		view.Days = append(view.Days, monday.AddDays(n))
	}
	person := p.Query("person")
	for week := monday; week < end; week = week.AddDays(7) {
		var days []DueDay
		for n := range 7 {
			days = append(days, p.dueDay(week.AddDays(n), first, of, person))
		}
		view.Weeks = append(view.Weeks, days)
	}
	return p.Render("due_month", view)
}

func (p *Page) dueDay(day, first qms.Date, of map[qms.Date][]scheduler.DueItem, person string) DueDay {
	items := of[day]
	d := DueDay{Day: day, In: day.Month() == first.Month(), Today: day == p.Today, Items: items[:min(perDay, len(items))], More: max(0, len(items)-perDay),
		Href: p.dueHere() + "?" + Query("on", day.String())}
	if person != "" {
		d.Href += "&" + Query("person", person)
	}
	return d
}
