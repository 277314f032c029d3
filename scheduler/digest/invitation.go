package digest

import (
	_ "embed"
	"errors"
	"html/template"
	"net/url"
	"strings"

	"maillon/qms/locale"
	"maillon/scheduler/smtp"
)

// Invitation is a mail about one session: that it takes place, has changed or is called off. Its sentences
// are in the language of the reader already.
type Invitation struct {
	ID       string // the Message-ID
	Name     string
	Address  string
	Language string
	Subject  string
	Heading  string
	Intro    string
	Facts    [][2]string // what, and how it is
	Agenda   string
	Brings   []string // what the reader is asked to bring
	Platform string   // its code
	Parts    []string // of the session's page within the platform
	SignsIn  bool     // the reader is of the house, and can open that page
	ReplyTo  string
	Method   string
	Calendar string
}

//go:embed frame.html
var frameSource string

// ofOneMatter reads a mail that tells one thing, in the frame of all that do.
func ofOneMatter(name, source string) *template.Template {
	return template.Must(template.Must(template.New(name).Parse(frameSource)).Parse(source))
}

//go:embed invitation.html
var invitationSource string

var invitationLayout = ofOneMatter("invitation", invitationSource)

// invitationView is the mail before it becomes text and page: both show all of it.
type invitationView struct {
	say                                     *locale.Printer
	Lang, Subject, Heading, Greeting, Intro string
	Facts                                   [][2]string
	AgendaTitle                             string
	Agenda                                  []string
	BringsTitle                             string
	Brings                                  []string
	Button, Href                            string // none for who cannot open the page
	Attached                                string
	Why                                     string
}

// Invite is the mail of the invitation, with the calendar part that mail programs offer to take.
func Invite(site Site, i Invitation) (smtp.Message, error) {
	if i.Calendar == "" || i.Method == "" {
		return smtp.Message{}, errors.New("an invitation to nothing")
	}
	p := locale.For(i.Language)
	v := invitationView{say: p, Lang: p.Lang(), Subject: flat(i.Subject), Heading: flat(i.Heading), Greeting: p.T("digest.greeting", flat(i.Name)), Intro: said(i.Intro),
		AgendaTitle: p.T("page.meetings.agenda"), BringsTitle: p.T("invite.brings"), Attached: p.T("invite.attached"), Why: p.T("invite.why")}
	if i.Method == "CANCEL" {
		v.Attached = p.T("invite.attached_cancel")
	}
	for _, f := range i.Facts {
		v.Facts = append(v.Facts, [2]string{flat(f[0]), said(f[1])})
	}
	for line := range strings.SplitSeq(i.Agenda, "\n") {
		if line = flat(line); line != "" {
			v.Agenda = append(v.Agenda, line)
		}
	}
	for _, b := range i.Brings {
		v.Brings = append(v.Brings, flat(b))
	}
	if i.SignsIn {
		v.Button, v.Href = p.T("invite.button"), sessionPage(site, i)
	}
	var page strings.Builder
	if err := invitationLayout.Execute(&page, v); err != nil {
		return smtp.Message{}, err
	}
	return smtp.Message{ID: i.ID, Name: flat(i.Name), Address: i.Address, Subject: v.Subject, Text: v.text(), HTML: page.String(), Method: i.Method,
		Calendar: []byte(i.Calendar), ReplyTo: i.ReplyTo}, nil
}

func sessionPage(site Site, i Invitation) string {
	at := site.URL + "/p/" + url.PathEscape(i.Platform)
	for _, part := range i.Parts {
		at += "/" + url.PathEscape(part)
	}
	return at
}

// text is the mail as plain text.
func (v invitationView) text() string {
	lines := []string{v.Heading, "", v.Greeting, "", v.Intro, ""}
	for _, f := range v.Facts {
		lines = append(lines, v.say.T("invite.fact", f[0], f[1]))
	}
	list := func(title string, all []string) {
		if len(all) == 0 {
			return
		}
		lines = append(lines, "", title, "")
		for _, l := range all {
			lines = append(lines, "* "+l)
		}
	}
	list(v.AgendaTitle, v.Agenda)
	list(v.BringsTitle, v.Brings)
	if v.Href != "" {
		lines = append(lines, "", v.Button, v.Href)
	}
	return strings.Join(append(lines, "", v.Attached, "", "-- ", v.Why, ""), "\n")
}
