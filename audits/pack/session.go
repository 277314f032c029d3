package pack

import (
	"io"
	"strings"
	"time"

	"maillon/qms"
)

// Session is the sheet of one session of an accompaniment: before it, the agenda and a column to sign;
// after it, what was said and decided. It is plain data; the same Session gives the same bytes.
type Session struct {
	Language  string
	Platform  string // its name
	Number    string
	Day       qms.Date
	State     string      // whose shape stands before Status
	Status    string      // in words
	Facts     [][2]string // when, where, who
	Agenda    string
	Held      bool // minutes instead of signatures
	Attendees []SessionAttendee
	Account   string // the minutes
	Decisions string
	Documents []SessionDocument
	Due       []SessionDeliverable // looked at in the session
	Asked     []SessionDeliverable // for the next one
	Next      string               // when that is, in words; empty when it is not planned
	MadeAt    time.Time
}

// SessionAttendee is somebody invited.
type SessionAttendee struct {
	Name, From string
	Present    bool
}

// SessionDocument is a document worked on.
type SessionDocument struct{ Code, Version, Words, Title string }

// SessionDeliverable is a deliverable in words.
type SessionDeliverable struct {
	Number, Title, Expected, Owner, Due string
	State, Status                       string
	Carried                             int64
}

// PrintSession writes the sheet as a PDF on A4: heads of tables on every page, page n/N.
func PrintSession(w io.Writer, s *Session) error {
	return settle(w, "session", s.compose)
}

func (s *Session) compose(total int) *paper {
	p := sheetHead{Language: s.Language, Title: "pack.session.title", Number: s.Number, Platform: s.Platform, On: s.Day, MadeAt: s.MadeAt,
		State: s.State, Status: s.Status, Facts: s.Facts}.paper(total)
	p.said("pack.session.agenda", s.Agenda, !s.Held)
	p.sessionPeople(s)
	if s.Held {
		p.said("pack.session.account", s.Account, true)
		p.said("pack.session.decisions", s.Decisions, false)
	}
	p.sessionDocuments(s)
	p.sessionDeliverables("pack.session.due", s.Due)
	p.sessionDeliverables("pack.session.asked", s.Asked)
	if s.Next != "" {
		p.y += 2
		p.need(8)
		p.paragraph(p.say.T("pack.session.next", s.Next), strong)
	}
	return p
}

// said sets a text as it was written, paragraph by paragraph; shown says that an empty one is shown too.
func (p *paper) said(key, text string, shown bool) {
	if strings.TrimSpace(text) == "" && !shown {
		return
	}
	p.subtitle(p.say.T(key), 16)
	if strings.TrimSpace(text) == "" {
		p.empty(p.say.T("pack.session.nothing"))
		return
	}
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if strings.TrimSpace(paragraph) == "" {
			p.y += body.Lead() / 2
			continue
		}
		p.paragraph(paragraph, body)
	}
}

// sessionPeople lists who was there, or leaves each a place to sign.
func (p *paper) sessionPeople(s *Session) {
	p.subtitle(p.say.T("pack.session.people"), 30)
	if len(s.Attendees) == 0 {
		p.empty(p.say.T("pack.session.nobody"))
		return
	}
	last := "pack.session.signature"
	if s.Held {
		last = "pack.session.presence"
	}
	rows := make([][]cell, 0, len(s.Attendees))
	for _, a := range s.Attendees {
		end := cell{lines: []string{blank, blank}}
		if s.Held {
			end = cell{text: p.say.T("pack.session.absent"), state: "not-applicable"}
			if a.Present {
				end = cell{text: p.say.T("pack.session.present"), state: "done"}
			}
		}
		rows = append(rows, []cell{bold(a.Name), text(a.From), end})
	}
	p.table([]column{{p.say.T("pack.session.name"), 55, false}, {p.say.T("pack.session.from"), 55, false}, {p.say.T(last), 60, false}}, rows)
}

func (p *paper) sessionDocuments(s *Session) {
	if len(s.Documents) == 0 {
		return
	}
	p.subtitle(p.say.T("pack.session.documents"), 24)
	rows := make([][]cell, 0, len(s.Documents))
	for _, d := range s.Documents {
		done := text(d.Words)
		if d.Title != "" {
			done = cell{text: d.Title, below: d.Words}
		}
		rows = append(rows, []cell{bold(d.Code), text(d.Version), done})
	}
	p.table([]column{{p.say.T("pack.col.code"), 40, false}, {p.say.T("pack.session.version"), 20, false}, {p.say.T("pack.session.done"), 110, false}}, rows)
}

func (p *paper) sessionDeliverables(key string, all []SessionDeliverable) {
	if len(all) == 0 {
		return
	}
	p.subtitle(p.say.T(key), 24)
	rows := make([][]cell, 0, len(all))
	for _, d := range all {
		status := cell{text: d.Status, state: d.State}
		if d.Carried > 0 {
			status.below = p.say.T("pack.session.carried", d.Carried)
		}
		rows = append(rows, []cell{bold(d.Number), {text: d.Title, below: d.Expected}, text(d.Owner), text(d.Due), status})
	}
	p.table([]column{{p.say.T("pack.session.number"), 18, false}, {p.say.T("pack.session.deliverable"), 68, false}, {p.say.T("pack.session.owner"), 32, false},
		{p.say.T("pack.session.due_on"), 22, true}, {p.say.T("pack.col.state"), 30, false}}, rows)
}
