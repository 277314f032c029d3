package web

import (
	"bytes"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/trace"
	"maillon/scheduler"
	"maillon/scheduler/calendar"
)

// MeetingView is one session.
type MeetingView struct {
	*label.MeetingSheet
	meetingWords
	Form   *Form
	Files  []trace.Evidence
	Known  map[string]bool // codes worked on that are documents of the platform
	Owners []Option
	Asks   []AskLine
	Post   InvitesView
}

// AskLine is one line of the deliverables that a session asks for.
type AskLine struct{ Title, Owner string }

// Name is the name of a person.
func (v MeetingView) Name(id qms.ID) string { return v.Names[id] }

// Owed are the deliverables that the session looks at: due at it, or missed before.
func (v MeetingView) Owed() []label.Deliverable {
	return slices.Concat(v.Missed, v.Due)
}

// Writable reports whether the session's day has come and it is not over.
func (v MeetingView) Writable() bool {
	return v.Meeting.Void == "" && v.Meeting.State == label.Planned && v.Meeting.Day <= v.Day
}

// Ended reports whether the accompaniment has ended: nothing changes any more.
func (v MeetingView) Ended() bool { return v.Accompaniment.EndedOn != 0 }

func (s *Site) meetingView(p *Page, f *Form) (view MeetingView, err error) {
	view = MeetingView{meetingWords: meetingWords{p}, Form: f}
	if view.MeetingSheet, err = s.Label.Meeting(p.Context(), p.Platform.ID, p.number("number")); err != nil {
		return view, err
	}
	p.Title = view.Meeting.Number
	p.Crumb(p.T("page.meetings.title"), p.To("label", "sessions"))
	view.Owners = []Option{{"", p.T("page.meetings.choose")}}
	for _, h := range view.Holders {
		view.Owners = append(view.Owners, Option{string(h.Person), h.Name})
	}
	return view, nil
}

func (s *Site) meeting(p *Page) error {
	view, err := s.meetingView(p, p.Form())
	if err != nil {
		return err
	}
	if p.Printed() {
		return s.printMeeting(p, view)
	}
	if view.Post, err = s.invites(p, view.Meeting.ID); err != nil {
		return err
	}
	if p.Can(qms.ReadTrace) {
		files, err := s.Trace.EvidenceOf(p.Context(), p.Platform.ID, view.Meeting.ID)
		if err != nil {
			return err
		}
		view.Files = files[view.Meeting.ID]
	}
	return p.Render("meetings_show", view)
}

// invitation answers with the session as a calendar that a mail program takes: a request, or the word that
// it is cancelled.
func (s *Site) invitation(p *Page) error {
	view, err := s.meetingView(p, p.Form())
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := calendar.Write(&out, scheduler.Invitation(view.MeetingSheet, p.Printer, p.Platform.Name, p.c.BaseURL()+p.To("label", "sessions", view.Meeting.Number))); err != nil {
		return err
	}
	p.site.secureHeaders(p.c)
	p.c.Attachment(fileCode(view.Meeting.Number) + ".ics")
	p.c.Set(fiber.HeaderContentType, calendar.ContentType)
	return p.c.Send(out.Bytes())
}

func (s *Site) printMeeting(p *Page, view MeetingView) error {
	var out bytes.Buffer
	if err := pack.PrintSession(&out, pack.SessionOf(view.MeetingSheet, p.Printer, p.Platform.Name, s.Clock())); err != nil {
		return err
	}
	p.site.secureHeaders(p.c)
	p.c.Attachment("seance-" + fileCode(view.Meeting.Number) + ".pdf")
	p.c.Set(fiber.HeaderContentType, "application/pdf")
	return p.c.Send(out.Bytes())
}

// newNotes is the page used while the session takes place.
func (s *Site) newNotes(p *Page) error {
	f := p.Form()
	view, err := s.meetingView(p, f)
	if err != nil {
		return err
	}
	m := view.Meeting
	f.Set("revision", m.Revision).Set("account", m.Account).Set("decisions", m.Decisions).Set("worked", workedText(m.Worked))
	for i, a := range m.Attendees {
		if a.Present || m.State == label.Planned && m.Account == "" && presentAt(m) == 0 {
			f.Set("present", i)
		}
	}
	view.Asks = make([]AskLine, 3)
	return p.Render("meetings_notes", view)
}

func (s *Site) noteMeeting(p *Page) error {
	f := p.Form()
	view, err := s.meetingView(p, f)
	if err != nil {
		return err
	}
	cmd := label.NoteMeeting{Target: p.meetingTarget(f, view.Meeting.ID), Hold: f.Text("do") == "hold", Came: outsiders(f.Raw("came")),
		MeetingNotes: label.MeetingNotes{Account: f.Text("account"), Decisions: f.Text("decisions"), Worked: workedOn(f.Raw("worked"))}}
	for _, i := range f.Texts("present") {
		cmd.Present = append(cmd.Present, atoi(i))
	}
	for _, id := range f.Texts("brought") {
		cmd.Brought = append(cmd.Brought, label.BroughtByCode{Deliverable: qms.ID(id), Accepted: slices.Contains(f.Texts("accepted"), id)})
	}
	owners := f.Texts("ask_owner")
	for i, title := range f.Texts("ask_title") {
		ask := AskLine{Title: strings.TrimSpace(title)}
		if i < len(owners) {
			ask.Owner = owners[i]
		}
		view.Asks = append(view.Asks, ask)
		if ask.Title != "" {
			cmd.Asks = append(cmd.Asks, label.AskOfMeeting{Title: ask.Title, Owner: qms.ID(ask.Owner)})
		}
	}
	var m *label.Meeting
	if err = f.Err(); err == nil {
		m, err = s.Label.NoteMeeting(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("meetings_notes", f, err, view)
	}
	if cmd.Hold {
		return p.Done(p.To("label", "sessions", m.Number), "page.meetings.held_flash", m.Number)
	}
	if m.State == label.Held {
		return p.Done(p.To("label", "sessions", m.Number), "page.meetings.noted_flash")
	}
	return p.Done(p.To("label", "sessions", m.Number, "notes"), "page.meetings.noted_flash")
}

// workedText is the documents worked on as a person types them, one a line.
func workedText(worked []label.WorkedOn) string {
	lines := make([]string, len(worked))
	for i, w := range worked {
		lines[i] = strings.TrimSpace(strings.Join([]string{w.Code, w.Version}, " "))
		if w.Words != "" {
			lines[i] = strings.TrimSpace(lines[i] + " : " + w.Words)
		}
	}
	return strings.Join(lines, "\n")
}

// workedOn reads lines such as "PR-ACH-003 1.0 : relue".
func workedOn(text string) (worked []label.WorkedOn) {
	for line := range strings.SplitSeq(text, "\n") {
		named, words, _ := strings.Cut(line, ":")
		parts := strings.Fields(named)
		w := label.WorkedOn{Words: strings.TrimSpace(words)}
		if len(parts) > 0 {
			w.Code = parts[0]
		}
		if len(parts) > 1 {
			w.Version = strings.Join(parts[1:], " ")
		}
		if w.Code != "" || w.Words != "" {
			worked = append(worked, w)
		}
	}
	return worked
}

// outsiders reads names, one a line, each with an e-mail after the last comma or in angle brackets.
func outsiders(text string) (all []label.Attendee) {
	for line := range strings.SplitSeq(text, "\n") {
		a := label.Attendee{Name: strings.TrimSpace(strings.NewReplacer("<", ",", ">", "", ";", ",").Replace(line))}
		if at := strings.LastIndexByte(a.Name, ','); at >= 0 && strings.ContainsRune(a.Name[at:], '@') {
			a.Name, a.Email = strings.TrimRight(a.Name[:at], ", "), strings.TrimSpace(a.Name[at+1:])
		}
		if a.Name != "" || a.Email != "" {
			all = append(all, a)
		}
	}
	return all
}
