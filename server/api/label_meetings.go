package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
)

// SessionAttendee is somebody invited to a session of an accompaniment.
type SessionAttendee struct {
	Person  qms.ID `json:"person,omitempty" doc:"Absent for an outsider"`
	Name    string `json:"name,omitempty" maxLength:"500" doc:"Of an outsider"`
	Email   string `json:"email,omitempty" maxLength:"500"`
	Present bool   `json:"present,omitempty" doc:"Came"`
}

// SessionDocument is a document worked on.
type SessionDocument struct {
	Code    string `json:"code,omitempty" maxLength:"64"`
	Version string `json:"version,omitempty" maxLength:"20"`
	Words   string `json:"words,omitempty" maxLength:"500"`
	Title   string `json:"title,omitempty" readOnly:"true" doc:"Of a document of the platform; its version, when none was stated, is the one in force on the day of the session"`
}

// AccompanimentSessionTerms is when and where a session takes place.
type AccompanimentSessionTerms struct {
	Day       qms.Date          `json:"day" format:"date"`
	Start     string            `json:"start" maxLength:"10" example:"14:00" doc:"Hour as clocks in France show it"`
	Minutes   int64             `json:"minutes,omitempty" doc:"120 when absent"`
	Officer   qms.ID            `json:"officer,omitempty" doc:"That of the accompaniment when absent"`
	Place     string            `json:"place,omitempty" maxLength:"500"`
	Link      string            `json:"link,omitempty" maxLength:"500" doc:"Of the video call"`
	Agenda    string            `json:"agenda,omitempty" maxLength:"8000"`
	Attendees []SessionAttendee `json:"attendees,omitempty" maxItems:"60"`
}

func (b AccompanimentSessionTerms) terms() (label.MeetingTerms, error) {
	t := label.MeetingTerms{Day: b.Day, Minutes: b.Minutes, Officer: b.Officer, Place: b.Place, Link: b.Link, Agenda: b.Agenda}
	for _, p := range b.Attendees {
		t.Attendees = append(t.Attendees, label.Attendee(p))
	}
	start, err := label.ParseHour(b.Start)
	if err != nil {
		return t, qms.InvalidFields(qms.Wrong("start", "meeting.hour_malformed", b.Start[:min(40, len(b.Start))]))
	}
	t.Start = start
	return t, nil
}

// AccompanimentSession is one session of an accompaniment.
type AccompanimentSession struct {
	ID       qms.ID `json:"id"`
	Revision int64  `json:"revision"`
	Number   string `json:"number" example:"SEA-2026-001"`
	AccompanimentSessionTerms
	State     label.MeetingState `json:"state" enum:"planned,held,cancelled"`
	Account   string             `json:"account,omitempty" doc:"The minutes; absent in lists"`
	Decisions string             `json:"decisions,omitempty"`
	Documents []SessionDocument  `json:"documents,omitempty"`
	Sequence  int64              `json:"sequence" doc:"Of the invitation"`
	Reason    string             `json:"reason,omitempty" doc:"Why it was cancelled"`
	Void      string             `json:"void,omitempty"`
	Due       []Deliverable      `json:"due,omitempty" doc:"Deliverables that it looks at; of one session"`
	Asked     []Deliverable      `json:"asked,omitempty" doc:"Deliverables that it asks for; of one session"`
}

func renderMeeting(m label.Meeting) AccompanimentSession {
	out := AccompanimentSession{ID: m.ID, Revision: m.Revision, Number: m.Number, State: m.State, Account: m.Account, Decisions: m.Decisions, Sequence: m.Sequence,
		Reason: m.Reason, Void: m.Void, AccompanimentSessionTerms: AccompanimentSessionTerms{Day: m.Day, Start: label.Hour(m.Start), Minutes: m.Minutes,
			Officer: m.Officer, Place: m.Place, Link: m.Link, Agenda: m.Agenda}}
	for _, p := range m.Attendees {
		out.Attendees = append(out.Attendees, SessionAttendee(p))
	}
	for _, w := range m.Worked {
		out.Documents = append(out.Documents, SessionDocument{Code: w.Code, Version: w.Version, Words: w.Words})
	}
	return out
}

var shownMeeting = shown(renderMeeting)

type listMeetings struct {
	InPlatform
	Paged
	State string `query:"state" enum:"planned,held,cancelled"`
}

func (a *API) listMeetings(ctx context.Context, in *listMeetings) (*List[AccompanimentSession], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	page, err := a.s.Label.Meetings(ctx, p.ID, label.MeetingFilter{State: label.MeetingState(in.State)}, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderMeeting), nil
}

// NewAccompanimentSession plans a session, or records one.
type NewAccompanimentSession struct {
	AccompanimentSessionTerms
	Held      bool              `json:"held,omitempty" doc:"It has taken place"`
	Quiet     bool              `json:"quiet,omitempty" doc:"Those invited are not written to"`
	Account   string            `json:"account,omitempty" maxLength:"40000"`
	Decisions string            `json:"decisions,omitempty" maxLength:"8000"`
	Documents []SessionDocument `json:"documents,omitempty" maxItems:"60"`
}

func notesOf(account, decisions string, documents []SessionDocument) label.MeetingNotes {
	n := label.MeetingNotes{Account: account, Decisions: decisions}
	for _, d := range documents {
		n.Worked = append(n.Worked, label.WorkedOn{Code: d.Code, Version: d.Version, Words: d.Words})
	}
	return n
}

func (a *API) planMeeting(ctx context.Context, in *newRecord[NewAccompanimentSession]) (*One[AccompanimentSession], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	terms, err := in.Body.terms()
	if err != nil {
		return nil, err
	}
	terms.Quiet = in.Body.Quiet
	return shownMeeting(a.s.Label.PlanMeeting(ctx, label.PlanMeeting{Platform: p.ID, MeetingTerms: terms, Held: in.Body.Held,
		Notes: notesOf(in.Body.Account, in.Body.Decisions, in.Body.Documents)}))
}

func (a *API) getMeeting(ctx context.Context, in *readRecord) (*One[AccompanimentSession], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	v, err := a.s.Label.Meeting(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	out := renderMeeting(v.Meeting)
	for i, w := range v.Worked {
		out.Documents[i] = SessionDocument{Code: w.Code, Version: w.Version, Words: w.Words, Title: w.Title}
	}
	for _, some := range [][]label.Deliverable{v.Missed, v.Due} {
		for _, d := range some {
			out.Due = append(out.Due, renderDeliverable(d))
		}
	}
	for _, d := range v.Asked {
		out.Asked = append(out.Asked, renderDeliverable(d))
	}
	return one(out.Revision, out), nil
}

// meetingTarget is the session in the path at the revision that the caller saw.
func meetingTarget[B any](ctx context.Context, a *API, in *changeRecord[B], reason string) (t label.Target, err error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return t, err
	}
	v, err := a.s.Label.Meeting(ctx, p.ID, in.Number)
	if err != nil {
		return t, err
	}
	revision, err := in.Revision()
	return label.Target{Platform: p.ID, ID: v.Meeting.ID, Revision: revision, Reason: reason}, err
}

// AccompanimentSessionChange is a session as it should be.
type AccompanimentSessionChange struct {
	AccompanimentSessionTerms
	Quiet  bool   `json:"quiet,omitempty" doc:"Those invited are not written to this time"`
	Reason string `json:"reason,omitempty" maxLength:"8000" doc:"Required once it was held"`
}

func (a *API) moveMeeting(ctx context.Context, in *changeRecord[AccompanimentSessionChange]) (*One[AccompanimentSession], error) {
	t, err := meetingTarget(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	terms, err := in.Body.terms()
	if err != nil {
		return nil, err
	}
	terms.Quiet = in.Body.Quiet
	return shownMeeting(a.s.Label.MoveMeeting(ctx, label.MoveMeeting{Target: t, MeetingTerms: terms}))
}

// SessionNotes are the minutes of a session.
type SessionNotes struct {
	Account   string            `json:"account,omitempty" maxLength:"40000"`
	Decisions string            `json:"decisions,omitempty" maxLength:"8000"`
	Documents []SessionDocument `json:"documents,omitempty" maxItems:"60"`
	Present   []int             `json:"present,omitempty" maxItems:"60" doc:"Places in attendees, from 0, of those who came"`
	Came      []SessionAttendee `json:"came,omitempty" maxItems:"60" doc:"Who came without being invited"`
	Brought   []BroughtItem     `json:"brought,omitempty" maxItems:"200"`
	Asks      []AskedItem       `json:"asks,omitempty" maxItems:"60" doc:"Deliverables for the next session"`
	Hold      bool              `json:"hold,omitempty" doc:"The session is over: what was not brought is carried over"`
	Reason    string            `json:"reason,omitempty" maxLength:"8000" doc:"Required once it was held"`
}

// BroughtItem is a deliverable brought to a session.
type BroughtItem struct {
	Deliverable qms.ID `json:"deliverable"`
	Accepted    bool   `json:"accepted,omitempty" doc:"The officer accepts it at once"`
}

// AskedItem is a deliverable that a session asks for.
type AskedItem struct {
	Title    string `json:"title" maxLength:"500"`
	Expected string `json:"expected,omitempty" maxLength:"8000"`
	Owner    qms.ID `json:"owner"`
}

func (a *API) noteMeeting(ctx context.Context, in *changeRecord[SessionNotes]) (*One[AccompanimentSession], error) {
	t, err := meetingTarget(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	b := in.Body
	cmd := label.NoteMeeting{Target: t, MeetingNotes: notesOf(b.Account, b.Decisions, b.Documents), Present: b.Present, Hold: b.Hold}
	for _, p := range b.Came {
		cmd.Came = append(cmd.Came, label.Attendee(p))
	}
	for _, d := range b.Brought {
		cmd.Brought = append(cmd.Brought, label.BroughtByCode(d))
	}
	for _, d := range b.Asks {
		cmd.Asks = append(cmd.Asks, label.AskOfMeeting(d))
	}
	return shownMeeting(a.s.Label.NoteMeeting(ctx, cmd))
}

func (a *API) cancelMeeting(ctx context.Context, in *changeRecord[SessionReason]) (*One[AccompanimentSession], error) {
	t, err := meetingTarget(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownMeeting(a.s.Label.CancelMeeting(ctx, t))
}

func (a *API) voidMeeting(ctx context.Context, in *changeRecord[SessionReason]) (*One[AccompanimentSession], error) {
	t, err := meetingTarget(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownMeeting(a.s.Label.VoidMeeting(ctx, t))
}
