package api

import (
	"bytes"
	"context"
	"io"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/scheduler"
	"maillon/scheduler/calendar"
	"maillon/server/request"
)

// accompaniments are the plan of a platform's accompaniment and its sessions; deliverables are beside.
func (a *API) accompaniments() {
	const plan, all, one = "/platforms/{platform}/accompaniment", "/platforms/{platform}/sessions", "/platforms/{platform}/sessions/{number}"
	register(a, get(plan, "get-accompaniment", "How far the accompaniment of a platform is", "label"), a.getAccompaniment)
	register(a, created(post(plan, "start-accompaniment", "Begin to accompany a platform", "label")), a.startAccompaniment)
	register(a, patch(plan, "change-accompaniment", "Put the plan right, with the reason", "label"), a.changeAccompaniment)
	register(a, atRevision(post(plan+"/end", "end-accompaniment", "End the accompaniment", "label")), a.endAccompaniment)
	register(a, atRevision(post(plan+"/void", "void-accompaniment", "Declare an accompaniment without sessions a mistake", "label")), a.voidAccompaniment)
	register(a, created(post(plan+"/steps", "add-plan-step", "Add a step to the plan", "label")), a.addPlanStep)
	register(a, patch(plan+"/steps/{number}", "change-plan-step", "Plan a step otherwise, note that it is done, or take it out with a reason", "label"), a.changePlanStep)
	register(a, get(all, "list-accompaniment-sessions", "The sessions of a platform's accompaniment, the newest first", "label"), a.listMeetings)
	register(a, created(post(all, "plan-accompaniment-session", "Plan a session, or record one that was held", "label")), a.planMeeting)
	register(a, get(one, "get-accompaniment-session", "One session with what it looks at and asks for", "label"), a.getMeeting)
	register(a, patch(one, "move-accompaniment-session", "Plan a session otherwise; everything is stated again", "label"), a.moveMeeting)
	register(a, atRevision(post(one+"/notes", "note-accompaniment-session", "Keep the minutes of a session, and close it", "label")), a.noteMeeting)
	register(a, atRevision(post(one+"/cancel", "cancel-accompaniment-session", "Call a planned session off", "label")), a.cancelMeeting)
	register(a, atRevision(post(one+"/void", "void-accompaniment-session", "Declare a session a mistake", "label")), a.voidMeeting)
	a.invites(one)
	register(a, get(one+"/invitation", "get-session-invitation", "The session as a calendar: a request, or its cancellation (RFC 5546)", "label"), a.meetingInvitation)
	register(a, get(one+"/pdf", "get-session-sheet", "The sheet of the session as PDF", "label"), a.meetingPDF)
	a.deliverables()
}

// PlanStep is one theme of the plan.
type PlanStep struct {
	ID       qms.ID   `json:"id,omitempty"`
	Revision int64    `json:"revision,omitempty"`
	Title    string   `json:"title" maxLength:"500"`
	Month    int64    `json:"month" doc:"Of the accompaniment, from 1: by its end the step should be done"`
	DoneOn   qms.Date `json:"done_on,omitzero" required:"false" format:"date"`
}

// ProgressPoint is how far the plan is at the end of a month.
type ProgressPoint struct {
	Month    int      `json:"month"`
	On       qms.Date `json:"on" format:"date"`
	Planned  int      `json:"planned"`
	Done     int      `json:"done"`
	Sessions int      `json:"sessions"`
	Reached  bool     `json:"reached" doc:"The month has begun: done and sessions are known"`
}

// PlanTerms is what is agreed of an accompaniment.
type PlanTerms struct {
	Start   qms.Date `json:"start" format:"date"`
	Months  int      `json:"months" doc:"12 to 18"`
	Officer qms.ID   `json:"officer"`
	Aim     string   `json:"aim,omitempty" maxLength:"8000"`
}

func (b PlanTerms) terms() label.PlanTerms {
	return label.PlanTerms{Start: b.Start, Months: qms.Months(b.Months), Officer: b.Officer, Aim: b.Aim}
}

// Accompaniment is the plan of a platform's accompaniment with how far it is.
type Accompaniment struct {
	ID       qms.ID `json:"id"`
	Revision int64  `json:"revision"`
	PlanTerms
	PlannedEnd  qms.Date        `json:"planned_end" format:"date" doc:"First day after the planned months"`
	EndedOn     qms.Date        `json:"ended_on,omitzero" format:"date"`
	Outcome     label.Ending    `json:"outcome,omitempty" enum:"evaluation,given-up"`
	EndReason   string          `json:"end_reason,omitempty"`
	Void        string          `json:"void,omitempty"`
	Sessions    int             `json:"sessions" doc:"Held"`
	LastSession qms.Date        `json:"last_session,omitzero" format:"date"`
	NextSession qms.Date        `json:"next_session,omitzero" format:"date"`
	Proposed    qms.Date        `json:"proposed,omitzero" format:"date" doc:"Day proposed for the next session when none is planned"`
	Owed        int             `json:"owed" doc:"Deliverables still to be brought"`
	Late        int             `json:"late"`
	Carried     int             `json:"carried" doc:"How often they were carried over"`
	Steps       []PlanStep      `json:"steps" nullable:"false"`
	Progress    []ProgressPoint `json:"progress" nullable:"false"`
}

func renderAccompaniment(a *label.Accompaniment) Accompaniment {
	return Accompaniment{ID: a.ID, Revision: a.Revision, PlanTerms: PlanTerms{a.Start, int(a.Months), a.Officer, a.Aim}, PlannedEnd: a.PlannedEnd(),
		EndedOn: a.EndedOn, Outcome: a.Outcome, EndReason: a.EndReason, Void: a.Void, Steps: []PlanStep{}, Progress: []ProgressPoint{}}
}

func shownAccompaniment(a *label.Accompaniment, err error) (*One[Accompaniment], error) {
	if err != nil {
		return nil, err
	}
	return one(a.Revision, renderAccompaniment(a)), nil
}

type readAccompaniment struct {
	InPlatform
	AsOf
}

func (a *API) getAccompaniment(ctx context.Context, in *readAccompaniment) (*One[Accompaniment], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	asOf, err := in.Day(a.today())
	if err != nil {
		return nil, err
	}
	v, err := a.s.Label.Accompaniment(ctx, p.ID, asOf)
	if err != nil {
		return nil, err
	}
	if v.Current == nil {
		return nil, qms.NotFound("record.not_found")
	}
	out := renderAccompaniment(v.Current)
	out.Sessions, out.LastSession, out.NextSession = v.Facts.Sessions, v.Facts.LastSession, v.Facts.NextSession
	out.Owed, out.Late, out.Carried = v.Facts.Owed, v.Facts.Late, v.Facts.Carried
	if v.Proposed != nil {
		out.Proposed = v.Proposed.Day
	}
	for _, t := range v.Steps {
		out.Steps = append(out.Steps, PlanStep{t.ID, t.Revision, t.Title, t.Month, t.DoneOn})
	}
	for _, pt := range v.Progress {
		out.Progress = append(out.Progress, ProgressPoint(pt))
	}
	return one(out.Revision, out), nil
}

// NewAccompaniment begins an accompaniment.
type NewAccompaniment struct {
	PlanTerms
	Steps []PlanStep `json:"steps,omitempty" maxItems:"60"`
}

func (a *API) startAccompaniment(ctx context.Context, in *newRecord[NewAccompaniment]) (*One[Accompaniment], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	cmd := label.StartAccompaniment{Platform: p.ID, PlanTerms: in.Body.terms()}
	for _, t := range in.Body.Steps {
		cmd.Steps = append(cmd.Steps, label.StepTerms{Title: t.Title, Month: t.Month})
	}
	return shownAccompaniment(a.s.Label.StartAccompaniment(ctx, cmd))
}

// onPlan is an act on the accompaniment of a platform, the last one that counts.
type onPlan[B any] struct {
	InPlatform
	IfMatch
	Body B
}

func (in *onPlan[B]) target(ctx context.Context, a *API, reason string) (t label.Target, err error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return t, err
	}
	v, err := a.s.Label.Accompaniment(ctx, p.ID, 0)
	if err != nil {
		return t, err
	}
	if v.Current == nil {
		return t, qms.NotFound("record.not_found")
	}
	revision, err := in.Revision()
	return label.Target{Platform: p.ID, ID: v.Current.ID, Revision: revision, Reason: reason}, err
}

// PlanChange is the plan as it should be, with the reason.
type PlanChange struct {
	PlanTerms
	Reason string `json:"reason" maxLength:"8000"`
}

func (a *API) changeAccompaniment(ctx context.Context, in *onPlan[PlanChange]) (*One[Accompaniment], error) {
	t, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownAccompaniment(a.s.Label.ChangeAccompaniment(ctx, t, in.Body.terms()))
}

// AccompanimentEnd is how an accompaniment ends.
type AccompanimentEnd struct {
	Outcome label.Ending `json:"outcome" enum:"evaluation,given-up"`
	On      qms.Date     `json:"on,omitempty" format:"date" doc:"Today when absent"`
	Reason  string       `json:"reason,omitempty" maxLength:"8000" doc:"Required when it is given up"`
}

func (a *API) endAccompaniment(ctx context.Context, in *onPlan[AccompanimentEnd]) (*One[Accompaniment], error) {
	t, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownAccompaniment(a.s.Label.EndAccompaniment(ctx, label.EndAccompaniment{Target: t, On: in.Body.On, Outcome: in.Body.Outcome}))
}

// SessionReason is why something of the accompaniment is taken back.
type SessionReason struct {
	Reason string `json:"reason" maxLength:"8000"`
}

func (a *API) voidAccompaniment(ctx context.Context, in *onPlan[SessionReason]) (*One[Accompaniment], error) {
	t, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownAccompaniment(a.s.Label.VoidAccompaniment(ctx, t))
}

func (a *API) addPlanStep(ctx context.Context, in *newRecord[PlanStep]) (*One[PlanStep], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	v, err := a.s.Label.Accompaniment(ctx, p.ID, 0)
	if err != nil {
		return nil, err
	}
	if v.Current == nil {
		return nil, qms.NotFound("record.not_found")
	}
	return shownStep(a.s.Label.AddPlanStep(ctx, p.ID, v.Current.ID, label.StepTerms{Title: in.Body.Title, Month: in.Body.Month}))
}

func shownStep(t *label.PlanStep, err error) (*One[PlanStep], error) {
	if err != nil {
		return nil, err
	}
	return one(t.Revision, PlanStep{t.ID, t.Revision, t.Title, t.Month, t.DoneOn}), nil
}

// PlanStepChange is one change of a step.
type PlanStepChange struct {
	Do     string   `json:"do" enum:"change,done,undone,void"`
	Title  string   `json:"title,omitempty" maxLength:"500" doc:"To change it"`
	Month  int64    `json:"month,omitempty" doc:"To change it"`
	DoneOn qms.Date `json:"done_on,omitempty" format:"date" doc:"Of done; today when absent"`
	Reason string   `json:"reason,omitempty" maxLength:"8000" doc:"To void it"`
}

func (a *API) changePlanStep(ctx context.Context, in *changeRecord[PlanStepChange]) (*One[PlanStep], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	b, t := in.Body, label.Target{Platform: p.ID, ID: qms.ID(in.Number), Revision: revision, Reason: in.Body.Reason}
	switch b.Do {
	case "change":
		return shownStep(a.s.Label.ChangePlanStep(ctx, t, label.StepTerms{Title: b.Title, Month: b.Month}))
	case "void":
		return shownStep(a.s.Label.VoidPlanStep(ctx, t))
	case "undone":
		return shownStep(a.s.Label.DonePlanStep(ctx, t, 0))
	}
	if b.DoneOn == 0 {
		b.DoneOn = a.today()
	}
	return shownStep(a.s.Label.DonePlanStep(ctx, t, b.DoneOn))
}

// file renders what is put together in memory: a page or a calendar.
func sessionFile(name, media string, write func(io.Writer) error) (*File, error) {
	var out bytes.Buffer
	if err := write(&out); err != nil {
		return nil, err
	}
	return send(Content{Name: name, Type: media, Size: int64(out.Len()), Reader: io.NopCloser(&out)}), nil
}

func (a *API) meetingInvitation(ctx context.Context, in *readRecord) (*File, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	v, err := a.s.Label.Meeting(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	return sessionFile(v.Meeting.Number+".ics", calendar.ContentType, func(w io.Writer) error {
		return calendar.Write(w, scheduler.Invitation(v, request.From(ctx).Printer(), p.Name, ""))
	})
}

func (a *API) meetingPDF(ctx context.Context, in *readRecord) (*File, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	v, err := a.s.Label.Meeting(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	return sessionFile("seance-"+v.Meeting.Number+".pdf", "application/pdf", func(w io.Writer) error {
		return pack.PrintSession(w, pack.SessionOf(v, request.From(ctx).Printer(), p.Name, a.s.Clock()))
	})
}
