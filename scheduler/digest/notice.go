package digest

import (
	_ "embed"
	"errors"
	"strings"

	"maillon/qms/locale"
	"maillon/scheduler/smtp"
)

// Notice is a mail that is not about what falls due: a checkpoint to keep, an alarm. Its sentences are in the
// language of the reader already.
type Notice struct {
	ID       string // the Message-ID
	Name     string
	Address  string
	Language string
	Subject  string
	Heading  string
	Greeting string
	Intro    []string
	Facts    [][2]string // what, and how it is
	Blocks   []Block     // texts that are kept line by line
	Button   string      // none where there is nothing to open
	Path     string      // of the page that it opens, from the root of the site
	Attached string
	Why      string
	Files    []smtp.File
}

// Block is a text that is shown as it is, under its title.
type Block struct{ Title, Text string }

//go:embed notice.html
var noticeSource string

var noticeLayout = ofOneMatter("notice", noticeSource)

// noticeView is the mail before it becomes text and page: both show all of it.
type noticeView struct {
	say *locale.Printer
	Notice
	Lang, Href string
}

// Write puts the notice into a mail.
func Write(site Site, n Notice) (smtp.Message, error) {
	if n.Heading == "" || len(n.Intro) == 0 {
		return smtp.Message{}, errors.New("a notice of nothing")
	}
	v := noticeView{say: locale.For(n.Language), Notice: n}
	v.Lang, v.Subject, v.Heading, v.Greeting = v.say.Lang(), flat(n.Subject), flat(n.Heading), flat(n.Greeting)
	v.Intro = make([]string, len(n.Intro))
	for i, line := range n.Intro {
		v.Intro[i] = said(line)
	}
	v.Facts = make([][2]string, len(n.Facts))
	for i, f := range n.Facts {
		v.Facts[i] = [2]string{flat(f[0]), said(f[1])}
	}
	if n.Button != "" && strings.HasPrefix(n.Path, "/") {
		v.Href = site.URL + n.Path
	}
	var page strings.Builder
	if err := noticeLayout.Execute(&page, v); err != nil {
		return smtp.Message{}, err
	}
	return smtp.Message{ID: n.ID, Name: flat(n.Name), Address: n.Address, Subject: v.Subject, Text: v.text(), HTML: page.String(), Files: n.Files}, nil
}

// text is the mail as plain text. Blocks stand as they are.
func (v noticeView) text() string {
	lines := []string{v.Heading, ""}
	if v.Greeting != "" {
		lines = append(lines, v.Greeting, "")
	}
	lines = append(lines, strings.Join(v.Intro, "\n\n"))
	for i, f := range v.Facts {
		if i == 0 {
			lines = append(lines, "")
		}
		lines = append(lines, v.say.T("invite.fact", f[0], f[1]))
	}
	for _, b := range v.Blocks {
		lines = append(lines, "", flat(b.Title), "", strings.TrimRight(b.Text, "\n"))
	}
	if v.Href != "" {
		lines = append(lines, "", v.Button, v.Href)
	}
	if v.Attached != "" {
		lines = append(lines, "", v.Attached)
	}
	return strings.Join(append(lines, "", "-- ", v.Why, ""), "\n")
}
