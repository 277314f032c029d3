package web

import (
	"strings"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/scheduler"
	"maillon/scheduler/calendar"
)

// InvitesView is what goes out by mail about a session, for the pages that say so before it is done.
type InvitesView struct {
	scheduler.Invitations
	words meetingWords
}

// invites reads what goes out by mail for the platform, and about the session when it is named.
func (s *Site) invites(p *Page, meeting qms.ID) (v InvitesView, err error) {
	v.words = meetingWords{p}
	if s.Reminders != nil {
		v.Invitations, err = s.Reminders.Invitations(p.Context(), p.Platform.ID, meeting)
	}
	return v, err
}

// Cancels are those who would be told that the session does not take place.
func (v InvitesView) Cancels() string {
	var names []string
	for _, t := range v.Told {
		if t.Method == calendar.Request {
			names = append(names, t.Name+" ("+t.Address+")")
		}
	}
	return strings.Join(names, ", ")
}

// Consequence says what is sent to whom when a session is planned or changed.
func (v InvitesView) Consequence() string {
	switch {
	case !v.Leaves:
		return v.words.T("page.invites.no_server")
	case v.Off:
		return v.words.T("page.invites.off")
	}
	return v.words.T("page.invites.will")
}

// CancelConsequence says it for a session that is called off.
func (v InvitesView) CancelConsequence() string {
	switch names := v.Cancels(); {
	case !v.Sends():
		return v.Consequence()
	case names == "":
		return v.words.T("page.invites.cancel_nobody")
	default:
		return v.words.T("page.invites.cancel_to", names)
	}
}

// Flash is the sentence after an act on a session.
func (v InvitesView) Flash(act string, quiet bool) string {
	if v.Sends() && !quiet {
		return "page.invites." + act + "_flash"
	}
	return "page.meetings." + act + "_flash"
}

// Word is what was said to somebody.
func (v InvitesView) Word(t scheduler.Said) string {
	if t.Method == calendar.Cancel {
		return v.words.T("page.invites.was_cancel")
	}
	return v.words.T("page.invites.was_request")
}

// addressed is a person in a list of those who may be invited, with where the invitation goes.
func (p *Page) addressed(name, address string) string {
	if address == "" {
		return p.T("page.invites.no_address", name)
	}
	return name + " (" + address + ")"
}

// InviteView asks whether everybody invited is written to again.
type InviteView struct {
	InvitesView
	Form    *Form
	Meeting label.Meeting
	To      []string
	Without []string
	Back    string
}

func (s *Site) inviteView(p *Page, f *Form) (v InviteView, err error) {
	sheet, err := s.meetingOf(p)
	if err != nil {
		return v, err
	}
	v = InviteView{Form: f, Meeting: sheet.Meeting, Back: p.To("label", "sessions", sheet.Meeting.Number)}
	if v.InvitesView, err = s.invites(p, sheet.Meeting.ID); err != nil {
		return v, err
	}
	p.Title = p.T("page.invites.send")
	p.Crumb(p.T("page.meetings.title"), p.To("label", "sessions"))
	p.Crumb(sheet.Meeting.Number, v.Back)
	if p.c.Method() == "GET" {
		f.Set("revision", sheet.Meeting.Revision)
	}
	known := map[qms.ID]bool{}
	for _, h := range sheet.Holders {
		if h.Person == sheet.Meeting.Officer && h.Email != "" {
			known[h.Person] = true
			v.To = append(v.To, p.addressed(h.Name, h.Email))
		}
	}
	for _, a := range sheet.Meeting.Attendees {
		switch {
		case a.Person != "" && known[a.Person]:
		case a.Email == "":
			v.Without = append(v.Without, a.Name)
		default:
			v.To = append(v.To, p.addressed(a.Name, a.Email))
		}
	}
	return v, nil
}

func (s *Site) askInvite(p *Page) error {
	v, err := s.inviteView(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("meetings_invite", v)
}

func (s *Site) inviteMeeting(p *Page) error {
	f := p.Form()
	v, err := s.inviteView(p, f)
	if err != nil {
		return err
	}
	target := p.meetingTarget(f, v.Meeting.ID)
	if err = f.Err(); err == nil {
		_, err = s.Label.InviteMeeting(p.Context(), target)
	}
	if err != nil {
		return p.Again("meetings_invite", f, err, v)
	}
	return p.Done(v.Back, "page.invites.sent_flash", len(v.To))
}
