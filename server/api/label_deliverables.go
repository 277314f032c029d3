package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
)

// deliverables are what a platform brings to its sessions.
func (a *API) deliverables() {
	const all, one = "/platforms/{platform}/deliverables", "/platforms/{platform}/deliverables/{number}"
	register(a, get(all, "list-deliverables", "The deliverables of a platform by the day on which they are due", "label"), a.listDeliverables)
	register(a, created(post(all, "ask-deliverable", "Ask for a deliverable between two sessions", "label")), a.askDeliverable)
	register(a, get(one, "get-deliverable", "One deliverable", "label"), a.getDeliverable)
	register(a, patch(one, "change-deliverable", "Ask for it otherwise, with the reason", "label"), a.changeDeliverable)
	register(a, atRevision(post(one+"/deliver", "deliver-deliverable", "Note that it was brought: by its owner, or by who writes for the platform", "label")), a.deliver)
	register(a, atRevision(post(one+"/judge", "judge-deliverable", "Accept it, or ask for it again", "label")), a.judgeDeliverable)
	register(a, atRevision(post(one+"/drop", "drop-deliverable", "Say that it is no longer expected", "label")), a.dropDeliverable)
	register(a, atRevision(post(one+"/void", "void-deliverable", "Declare it a mistake", "label")), a.voidDeliverable)
}

// Deliverable is what somebody of the platform brings to a session.
type Deliverable struct {
	ID          qms.ID                 `json:"id"`
	Revision    int64                  `json:"revision"`
	Number      string                 `json:"number" example:"LIV-001"`
	Title       string                 `json:"title"`
	Expected    string                 `json:"expected,omitempty"`
	Owner       qms.ID                 `json:"owner"`
	AskedAt     qms.ID                 `json:"asked_at,omitempty" doc:"Session that asked for it"`
	AskedOn     qms.Date               `json:"asked_on" format:"date"`
	DueSession  qms.ID                 `json:"due_session,omitempty" doc:"Absent while the next session is not planned"`
	DueOn       qms.Date               `json:"due_on" format:"date"`
	FirstDue    qms.Date               `json:"first_due" format:"date" doc:"Before it was first carried over"`
	Carried     int64                  `json:"carried" doc:"Sessions that found it undelivered"`
	Redone      int64                  `json:"redone"`
	State       label.DeliverableState `json:"state" enum:"expected,delivered,accepted,redo,dropped"`
	DeliveredOn qms.Date               `json:"delivered_on,omitzero" format:"date"`
	DeliveredBy qms.ID                 `json:"delivered_by,omitempty"`
	Document    string                 `json:"document,omitempty" doc:"Code"`
	Version     string                 `json:"version,omitempty"`
	Words       string                 `json:"words,omitempty"`
	Note        string                 `json:"note,omitempty"`
	JudgedBy    qms.ID                 `json:"judged_by,omitempty"`
	JudgedOn    qms.Date               `json:"judged_on,omitzero" format:"date"`
	Void        string                 `json:"void,omitempty"`
}

func renderDeliverable(d label.Deliverable) Deliverable {
	return Deliverable{ID: d.ID, Revision: d.Revision, Number: d.Number, Title: d.Title, Expected: d.Expected, Owner: d.Owner, AskedAt: d.AskedAt, AskedOn: d.AskedOn,
		DueSession: d.DueMeeting, DueOn: d.DueOn, FirstDue: d.FirstDue, Carried: d.Carried, Redone: d.Redone, State: d.State, DeliveredOn: d.DeliveredOn,
		DeliveredBy: d.DeliveredBy, Document: d.Document, Version: d.Version, Words: d.Words, Note: d.Note, JudgedBy: d.JudgedBy, JudgedOn: d.JudgedOn, Void: d.Void}
}

var shownDeliverable = shown(renderDeliverable)

type listDeliverables struct {
	InPlatform
	Paged
	State string `query:"state" enum:"expected,delivered,accepted,redo,dropped"`
	Owed  bool   `query:"owed" doc:"Only those still to be brought"`
	Late  bool   `query:"late" doc:"Only those past the day for which they were first asked"`
	Owner string `query:"owner" doc:"ID of a person"`
}

func (a *API) listDeliverables(ctx context.Context, in *listDeliverables) (*List[Deliverable], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := label.DeliverableFilter{State: label.DeliverableState(in.State), Owed: in.Owed, Late: in.Late, Owner: qms.ID(in.Owner)}
	v, err := a.s.Label.Deliverables(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, v.Page, renderDeliverable), nil
}

// DeliverableTerms is what is asked of whom.
type DeliverableTerms struct {
	Title    string `json:"title" maxLength:"500"`
	Expected string `json:"expected,omitempty" maxLength:"8000"`
	Owner    qms.ID `json:"owner"`
	Session  qms.ID `json:"session,omitempty" doc:"At which it is due; the next one when absent"`
	Reason   string `json:"reason,omitempty" maxLength:"8000" doc:"Of a change"`
}

func (b DeliverableTerms) terms() label.AskTerms {
	return label.AskTerms{Title: b.Title, Expected: b.Expected, Owner: b.Owner, Session: b.Session}
}

func (a *API) askDeliverable(ctx context.Context, in *newRecord[DeliverableTerms]) (*One[Deliverable], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return shownDeliverable(a.s.Label.AskDeliverable(ctx, label.AskDeliverable{Platform: p.ID, AskTerms: in.Body.terms()}))
}

func (a *API) getDeliverable(ctx context.Context, in *readRecord) (*One[Deliverable], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	v, err := a.s.Label.Deliverable(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	return shownDeliverable(&v.Deliverable, nil)
}

// deliverableTarget is the deliverable in the path at the revision that the caller saw.
func deliverableTarget[B any](ctx context.Context, a *API, in *changeRecord[B], reason string) (t label.Target, err error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return t, err
	}
	v, err := a.s.Label.Deliverable(ctx, p.ID, in.Number)
	if err != nil {
		return t, err
	}
	revision, err := in.Revision()
	return label.Target{Platform: p.ID, ID: v.Deliverable.ID, Revision: revision, Reason: reason}, err
}

func (a *API) changeDeliverable(ctx context.Context, in *changeRecord[DeliverableTerms]) (*One[Deliverable], error) {
	t, err := deliverableTarget(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownDeliverable(a.s.Label.ChangeDeliverable(ctx, t, in.Body.terms()))
}

// Delivery is what was brought.
type Delivery struct {
	On       qms.Date `json:"on,omitempty" format:"date" doc:"Today when absent"`
	Document string   `json:"document,omitempty" maxLength:"64" doc:"Code of the document that it is"`
	Version  string   `json:"version,omitempty" maxLength:"20"`
	Words    string   `json:"words,omitempty" maxLength:"8000"`
}

func (a *API) deliver(ctx context.Context, in *changeRecord[Delivery]) (*One[Deliverable], error) {
	t, err := deliverableTarget(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	b := in.Body
	return shownDeliverable(a.s.Label.Deliver(ctx, label.Deliver{Target: t, On: b.On, Document: b.Document, Version: b.Version, Words: b.Words}))
}

// DeliverableJudgement is what the officer thinks of a deliverable.
type DeliverableJudgement struct {
	Accepted bool   `json:"accepted"`
	Note     string `json:"note,omitempty" maxLength:"8000" doc:"Required when it is to be done again"`
	Session  qms.ID `json:"session,omitempty" doc:"For which it is to be done again; the next one when absent"`
}

func (a *API) judgeDeliverable(ctx context.Context, in *changeRecord[DeliverableJudgement]) (*One[Deliverable], error) {
	t, err := deliverableTarget(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	return shownDeliverable(a.s.Label.JudgeDeliverable(ctx, label.JudgeDeliverable{Target: t, Accepted: in.Body.Accepted, Note: in.Body.Note, Session: in.Body.Session}))
}

func (a *API) dropDeliverable(ctx context.Context, in *changeRecord[SessionReason]) (*One[Deliverable], error) {
	t, err := deliverableTarget(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownDeliverable(a.s.Label.DropDeliverable(ctx, t))
}

func (a *API) voidDeliverable(ctx context.Context, in *changeRecord[SessionReason]) (*One[Deliverable], error) {
	t, err := deliverableTarget(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownDeliverable(a.s.Label.VoidDeliverable(ctx, t))
}
