package digest

import (
	"net/url"
	"strings"

	"maillon/qms/locale"
	"maillon/scheduler/smtp"
)

// Welcome is a mail to an auditor who was let in. Its sentences are in the language of the reader already.
type Welcome struct {
	ID       string // the Message-ID
	Name     string
	Address  string
	Language string
	Subject  string
	Heading  string
	Intro    string
	Facts    [][2]string
	Platform string // code of the platform that who signs in already is led to
	Link     string // LETTER/TOKEN of who is to choose a password; none for who signs in already
}

// Let is the mail that lets an auditor in: with a link that chooses the password, else with one to the
// platform.
func Let(site Site, w Welcome) (smtp.Message, error) {
	p := locale.For(w.Language)
	v := invitationView{say: p, Lang: p.Lang(), Subject: flat(w.Subject), Heading: flat(w.Heading), Greeting: p.T("digest.greeting", flat(w.Name)),
		Intro: said(w.Intro), Why: p.T("auditmail.why")}
	for _, f := range w.Facts {
		v.Facts = append(v.Facts, [2]string{flat(f[0]), said(f[1])})
	}
	v.Button, v.Href, v.Attached = p.T("auditmail.open"), site.URL+"/p/"+url.PathEscape(w.Platform)+"/audit", p.T("auditmail.signs_in")
	if w.Link != "" {
		v.Button, v.Attached = p.T("auditmail.choose"), p.T("auditmail.once")
		v.Href = site.URL + "/welcome/" + w.Link + "?lang=" + p.Lang() // the page goes on in the language of the letter, whatever the browser speaks
	}
	var page strings.Builder
	if err := invitationLayout.Execute(&page, v); err != nil {
		return smtp.Message{}, err
	}
	return smtp.Message{ID: w.ID, Name: flat(w.Name), Address: w.Address, Subject: v.Subject, Text: v.text(), HTML: page.String()}, nil
}
