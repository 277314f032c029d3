// Package digest puts what falls due into a mail: what one person is told on one day, as plain text and
// as a page of its own that says the same, in French or in English.
//
// It promises a subject that says the essential, one link for each thing that leads to the place where it
// is done, one button, nothing fetched from elsewhere, and that no title or name that somebody typed can
// be more than text. What it says is settled by its arguments alone, so that a mail tried again is the
// same mail.
//
// It refuses to decide who is told what and when, and to send anything.
package digest

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/scheduler/smtp"
)

// Site is what mails lead to.
type Site struct {
	URL         string // where people reach the site, without a slash at its end
	Due         string // the page of due dates, from the root: /due
	Preferences string // the page where a person says how they want to be told, from the root
}

// Letter is what one person is told on one day.
type Letter struct {
	ID       string // the Message-ID
	Name     string
	Address  string
	Language string
	Day      qms.Date // that everything is counted from
	Items    []Item
}

// Item is one thing that falls due.
type Item struct {
	Kind      string // due.KIND names it
	Title     string
	On        qms.Date
	Code      string   // of the platform; empty on the site
	Platform  string   // its name
	Parts     []string // of the address within the platform where it is done
	Escalated bool     // told because it stays late, not because it is theirs
}

// maxItems are shown; more are counted, and are on the page that the button opens.
const maxItems = 50

// maxTitle is how much of a title is shown, in characters.
const maxTitle = 160

// maxSaid is how much of a sentence, or of what stands beside a word, is shown: longer than any of ours.
const maxSaid = 4000

// Compose is the mail of the letter. It refuses a letter without items.
func Compose(site Site, l Letter) (smtp.Message, error) {
	if len(l.Items) == 0 {
		return smtp.Message{}, errors.New("a mail about nothing")
	}
	p := locale.For(l.Language)
	v := view(site, l, p)
	html, err := page(v)
	if err != nil {
		return smtp.Message{}, err
	}
	return smtp.Message{ID: l.ID, Name: flat(l.Name), Address: l.Address, Subject: v.Subject, Text: text(v), HTML: html, Preferences: v.Preferences}, nil
}

// View is a mail before it becomes text and page: both show all of it.
type View struct {
	Lang        string
	Subject     string
	Heading     string
	Preheader   string // what lists of mails show beside the subject
	Greeting    string
	Intro       string
	Groups      []Group
	More        string // how many are not shown; empty when all are
	Button      string
	Href        string
	Why         string
	Choose      string
	Preferences string
}

// Group is what falls due at about the same time.
type Group struct {
	State string // late, today, soon, later or others: its colour
	Title string
	Lines []Line
}

// Line is one thing that falls due, in words.
type Line struct {
	Title string
	Kind  string
	Place string
	When  string // the date
	Late  string // how that is seen from the day: "late by 5 days", "in 7 days"
	Href  string
}

func view(site Site, l Letter, p *locale.Printer) View {
	items := slices.Clone(l.Items)
	slices.SortStableFunc(items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(rank(a, l.Day), rank(b, l.Day)), cmp.Compare(a.On, b.On), strings.Compare(a.Code, b.Code), strings.Compare(a.Title, b.Title), strings.Compare(a.Kind, b.Kind), slices.Compare(a.Parts, b.Parts))
	})
	c := countOf(items, l.Day)
	v := View{Lang: p.Lang(), Subject: c.subject(p, items, l.Day), Heading: c.heading(p), Greeting: p.T("digest.greeting", flat(l.Name)),
		Intro: p.T("digest.intro", p.LongDate(l.Day)), Button: p.T("digest.button"), Href: site.URL + site.Due,
		Why: p.T("digest.why"), Choose: p.T("digest.choose"), Preferences: site.URL + site.Preferences}
	if l.Name == "" {
		v.Greeting = p.T("digest.greeting_nobody")
	}
	if c.own() == 0 {
		v.Intro = p.T("digest.intro_others", p.LongDate(l.Day))
	}
	shown := items
	if len(items) > maxItems {
		shown = items[:maxItems]
		v.More = p.T("digest.more", len(items)-maxItems)
	}
	for n, i := range shown {
		if n > 0 && i.same(shown[n-1]) {
			continue
		}
		state := states[rank(i, l.Day)]
		if n := len(v.Groups); n == 0 || v.Groups[n-1].State != state {
			v.Groups = append(v.Groups, Group{State: state})
		}
		g := &v.Groups[len(v.Groups)-1]
		g.Lines = append(g.Lines, line(site, i, alike(shown[n:]), l.Day, p))
	}
	for n := range v.Groups {
		v.Groups[n].Title = p.T("digest.group_"+v.Groups[n].State, c[slices.Index(states, v.Groups[n].State)])
	}
	v.Preheader = v.Groups[0].Lines[0].say(p)
	return v
}

// Test is a mail that says that mails arrive.
func Test(id, name, address, language string) smtp.Message {
	p := locale.For(language)
	return smtp.Message{ID: id, Name: flat(name), Address: address, Subject: p.T("digest.test_subject"), Text: p.T("digest.test_body") + "\n"}
}

// same reports whether two items differ only in whom they concern: several people have to read one document.
func (i Item) same(o Item) bool {
	return i.Kind == o.Kind && i.Title == o.Title && i.On == o.On && i.Code == o.Code && i.Escalated == o.Escalated && slices.Equal(i.Parts, o.Parts)
}

// alike counts the items at the beginning that are the same.
func alike(items []Item) int {
	n := 1
	for n < len(items) && items[n].same(items[0]) {
		n++
	}
	return n
}

// states are the groups in their order.
var states = []string{"late", "today", "soon", "later", "others"}

// rank is the place of the item's group among states.
func rank(i Item, day qms.Date) int {
	switch days := day.DaysUntil(i.On); {
	case i.Escalated:
		return 4
	case days < 0:
		return 0
	case days == 0:
		return 1
	case days <= 7:
		return 2
	}
	return 3
}

func line(site Site, i Item, times int, day qms.Date, p *locale.Printer) Line {
	l := Line{Title: title(i, p), Kind: kind(i, p), When: p.Date(i.On), Late: seen(i.On, day, p), Href: site.URL + place(i)}
	if times > 1 {
		l.Kind = p.T("digest.people", l.Kind, times)
	}
	switch {
	case i.Code != "" && i.Platform != "":
		l.Place = p.T("digest.place", flat(i.Platform), i.Code)
	default:
		l.Place = cmp.Or(flat(i.Platform), i.Code)
	}
	return l
}

// say is the line as part of a sentence.
func (l Line) say(p *locale.Printer) string { return p.T("digest.line", l.Kind, l.Title, l.Late) }

// title is what people call the item; its kind when they call it nothing.
func title(i Item, p *locale.Printer) string {
	if t := flat(i.Title); t != "" {
		return t
	}
	return kind(i, p)
}

func kind(i Item, p *locale.Printer) string {
	word := p.T("due." + i.Kind)
	first, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(first)) + word[size:]
}

// place is the address where the item is done, from the root.
func place(i Item) string {
	var b strings.Builder
	if i.Code != "" {
		b.WriteString("/p/" + url.PathEscape(i.Code))
	}
	for _, part := range i.Parts {
		b.WriteString("/" + url.PathEscape(part))
	}
	return cmp.Or(b.String(), "/")
}

// seen is how the date lies as seen from the day.
func seen(on, day qms.Date, p *locale.Printer) string {
	switch days := day.DaysUntil(on); {
	case days < 0:
		return p.T("digest.late", -days)
	case days == 0:
		return p.T("digest.today")
	case days == 1:
		return p.T("digest.tomorrow")
	default:
		return p.T("digest.in", days)
	}
}

// flat is a title on one line, cut where it is too long, without what hides or turns text.
func flat(s string) string { return cut(oneLine(s), maxTitle) }

// said is a sentence on one line: it is cut only where nobody would read on.
func said(s string) string { return cut(oneLine(s), maxSaid) }

func cut(s string, most int) string {
	if utf8.RuneCountInString(s) > most {
		s = strings.TrimRight(string([]rune(s)[:most-1]), " ") + "…"
	}
	return s
}

func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.Is(unicode.Cf, r) && r != '\u200d' && r != '\u200c':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
}
