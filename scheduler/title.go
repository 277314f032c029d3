package scheduler

import (
	"maillon/qms"
	"maillon/qms/locale"
)

// Heading is how the due is called in the reader's language, understood without its page: its title, put
// into the words of its form where it has one. A title that is a day is told as a date.
func Heading(p *locale.Printer, d qms.Due) string {
	if d.Form == "" {
		return d.Title
	}
	title := d.Title
	if day, err := qms.ParseDate(title); err == nil {
		title = p.LongDate(day)
	}
	return p.T("due_title."+d.Form, title)
}

// worded gives each obligation the title that its reader is told, in their language: reminders keep what
// they said.
func worded(asks []Ask, languages map[qms.ID]string) {
	for n := range asks {
		asks[n].Due.Title, asks[n].Due.Form = Heading(locale.For(languages[asks[n].Person]), asks[n].Due), ""
	}
}
