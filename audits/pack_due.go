package audits

import (
	"context"
	"strings"
	"time"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
)

// Room is one that tells what falls due in it.
type Room interface {
	// Dues lists what is asked of the platforms that is not done as of day and falls due by until, what is
	// late included, in a fixed number of statements.
	Dues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) ([]qms.Due, error)
}

// dueAhead is how many days ahead a pack looks.
const dueAhead = 90

// dues lists what was late on the day, and what fell due in the days after it.
func (g *gathering) dues(ctx context.Context) error {
	var all []qms.Due
	for _, room := range g.s.rooms {
		some, err := room.Dues(ctx, g.r, []qms.ID{g.platform}, g.asOf, g.asOf.AddDays(dueAhead))
		if err != nil {
			return err
		}
		all = append(all, some...)
	}
	qms.SortDues(all)
	persons := make([]qms.ID, 0, len(all))
	for _, d := range all {
		persons = append(persons, d.Person)
	}
	names, err := people.NamesOf(ctx, g.r, compact(persons))
	if err != nil {
		return err
	}
	columns := g.columns(head{"pack.col.due", 24}, head{"pack.col.kind", 42}, head{"pack.col.subject", 64}, head{"pack.col.delay", 40})
	late := pack.Panel{Title: g.say.T("pack.due_late"), Empty: g.say.T("pack.due_late_none"), Columns: columns}
	next := pack.Panel{Title: g.say.T("pack.due_next", dueAhead), Empty: g.say.T("pack.due_next_none", dueAhead), Columns: columns}
	for _, d := range all {
		title := d.Title
		if on, err := qms.ParseDate(title); err == nil {
			title = g.say.LongDate(on)
		}
		if d.Form != "" {
			title = g.say.T("due_title."+d.Form, title)
		}
		row := []pack.Told{g.date(d.On), plain(g.say.T("due." + d.Kind)), {Text: title, Below: who(title, names[d.Person])}}
		if days := d.On.DaysUntil(g.asOf); days > 0 {
			late.Rows = append(late.Rows, append(row, g.state("late", g.say.T("pack.due_days_late", days))))
		} else {
			next.Rows = append(next.Rows, append(row, g.state("due", g.say.T("pack.due_days", -days))))
		}
	}
	g.c.Late = len(late.Rows)
	g.tell("due", late, next)
	return nil
}

// who is the name of whom it concerns, unless the title has it.
func who(title, name string) string {
	if strings.Contains(title, name) {
		return ""
	}
	return name
}

// monthName is the month of an ActCount in words.
func (g *gathering) monthName(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return g.say.Month(qms.NewDate(t.Year(), t.Month(), 1))
}
