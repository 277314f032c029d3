package api

import (
	"context"
	"time"

	"maillon/qms"
	"maillon/qms/trace"
)

// submissions are what came by the public form, and how that form is set. The form itself is a page:
// programs of strangers have nothing to send.
func (a *API) submissions() {
	const p, one = "/platforms/{platform}", "/platforms/{platform}/submissions/{number}"
	register(a, get(p+"/submissions", "list-submissions", "What came by the public form, the latest first", "submissions"), a.listSubmissions)
	register(a, get(one, "get-submission", "One submission with its files", "submissions"), a.getSubmission)
	register(a, atRevision(post(one+"/accept", "accept-submission", "Make a request of a submission", "submissions")), a.acceptSubmission)
	register(a, atRevision(post(one+"/decline", "decline-submission", "Decline a submission", "submissions")), a.declineSubmission)
	register(a, atRevision(post(one+"/spam", "mark-spam", "Set a submission aside as spam", "submissions")), a.markSpam)
	register(a, atRevision(post(one+"/reopen", "reopen-submission", "Let a submission wait again", "submissions")), a.reopenSubmission)
	register(a, get(p+"/request-form", "get-request-form", "How the public form is set", "submissions"), a.getRequestForm)
	register(a, patch(p+"/request-form", "set-request-form", "Open or close the public form and say what stands on it", "submissions"), a.setRequestForm)
}

// ReceivedRequest is what somebody sent by the public form.
type ReceivedRequest struct {
	ID           qms.ID                `json:"id"`
	Revision     int64                 `json:"revision"`
	Reference    string                `json:"reference" example:"7K2M-QX4T-09ZD"`
	ReceivedAt   time.Time             `json:"received_at"`
	Name         string                `json:"name"`
	Email        string                `json:"email"`
	Client       string                `json:"client"`
	ClientStatus string                `json:"client_status"`
	Subject      string                `json:"subject"`
	Description  string                `json:"description"`
	Samples      string                `json:"samples,omitempty"`
	WishedOn     qms.Date              `json:"wished_on,omitzero" format:"date"`
	State        trace.SubmissionState `json:"state" enum:"waiting,accepted,declined,spam"`
	DecidedBy    qms.ID                `json:"decided_by,omitempty"`
	DecidedOn    qms.Date              `json:"decided_on,omitzero" format:"date"`
	Reason       string                `json:"reason,omitempty"`
	Request      string                `json:"request,omitempty" doc:"The number of the request that it became"`
	Files        []EvidenceFile        `json:"files,omitempty"`
}

func renderSubmission(s trace.Submission) ReceivedRequest {
	return ReceivedRequest{ID: s.ID, Revision: s.Revision, Reference: s.Reference, ReceivedAt: s.ReceivedAt, Name: s.Name, Email: s.Email, Client: s.Client,
		ClientStatus: s.ClientStatus, Subject: s.Subject, Description: s.Description, Samples: s.Samples, WishedOn: s.WishedOn, State: s.State,
		DecidedBy: s.DecidedBy, DecidedOn: s.DecidedOn, Reason: s.Reason, Request: s.Request}
}

type listSubmissions struct {
	InPlatform
	Paged
	State string `query:"state" enum:"waiting,accepted,declined,spam,all" doc:"Those that wait when absent; all leaves spam out"`
}

func (a *API) listSubmissions(ctx context.Context, in *listSubmissions) (*List[ReceivedRequest], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := trace.SubmissionFilter{State: trace.SubmissionState(in.State)}
	if in.State == "all" {
		f = trace.SubmissionFilter{All: true}
	}
	page, err := a.s.Trace.Submissions(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderSubmission), nil
}

func (a *API) getSubmission(ctx context.Context, in *readRecord) (*One[ReceivedRequest], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	sub, files, err := a.s.Trace.Submission(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	out := renderSubmission(*sub)
	out.Files = rendered(files, renderEvidence)
	return one(sub.Revision, out), nil
}

// submitted is the submission that an operation is about, at the revision that the client knows.
func (a *API) submitted(ctx context.Context, platform, reference, reason string, m *IfMatch) (trace.Target, error) {
	p, err := a.platform(ctx, platform)
	if err != nil {
		return trace.Target{}, err
	}
	revision, err := m.Revision()
	if err != nil {
		return trace.Target{}, err
	}
	sub, _, err := a.s.Trace.Submission(ctx, p.ID, reference)
	if err != nil {
		return trace.Target{}, err
	}
	return trace.Target{Platform: p.ID, ID: sub.ID, Revision: revision, Reason: reason}, nil
}

// Acceptance is what a request is called that a submission becomes.
type Acceptance struct {
	Client       string `json:"client" maxLength:"500"`
	ClientStatus string `json:"client_status" maxLength:"500" example:"industrial"`
	Subject      string `json:"subject" maxLength:"500"`
}

func (a *API) acceptSubmission(ctx context.Context, in *changeRecord[Acceptance]) (*One[Request], error) {
	target, err := a.submitted(ctx, in.Platform, in.Number, "", &in.IfMatch)
	if err != nil {
		return nil, err
	}
	b := in.Body
	return a.requestKind().shown(a.s.Trace.AcceptSubmission(ctx, trace.AcceptSubmission{Target: target, Client: b.Client, ClientStatus: b.ClientStatus, Subject: b.Subject}))
}

// Declining says why.
type Declining struct {
	Reason string `json:"reason" maxLength:"4000"`
}

func (a *API) declineSubmission(ctx context.Context, in *changeRecord[Declining]) (*One[ReceivedRequest], error) {
	target, err := a.submitted(ctx, in.Platform, in.Number, in.Body.Reason, &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return decidedOn(a.s.Trace.DeclineSubmission(ctx, target))
}

type decideSubmission struct {
	InPlatform
	IfMatch
	Number string `path:"number" maxLength:"100"`
}

func (a *API) markSpam(ctx context.Context, in *decideSubmission) (*One[ReceivedRequest], error) {
	target, err := a.submitted(ctx, in.Platform, in.Number, "", &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return decidedOn(a.s.Trace.MarkSpam(ctx, target))
}

func (a *API) reopenSubmission(ctx context.Context, in *decideSubmission) (*One[ReceivedRequest], error) {
	target, err := a.submitted(ctx, in.Platform, in.Number, "", &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return decidedOn(a.s.Trace.ReopenSubmission(ctx, target))
}

func decidedOn(sub *trace.Submission, err error) (*One[ReceivedRequest], error) {
	if err != nil {
		return nil, err
	}
	return one(sub.Revision, renderSubmission(*sub)), nil
}

// RequestForm is how the public form of a platform is set.
type RequestForm struct {
	Receives       bool   `json:"receives" doc:"The form is open, at /demande/CODE"`
	IntroFrench    string `json:"intro_french,omitempty" maxLength:"4000"`
	IntroEnglish   string `json:"intro_english,omitempty" maxLength:"4000"`
	ConsentFrench  string `json:"consent_french,omitempty" maxLength:"4000"`
	ConsentEnglish string `json:"consent_english,omitempty" maxLength:"4000"`
}

func renderForm(f *trace.RequestForm) *One[RequestForm] {
	return one(f.Revision, RequestForm{f.Receives, f.IntroFrench, f.IntroEnglish, f.ConsentFrench, f.ConsentEnglish})
}

type getRequestForm struct{ InPlatform }

func (a *API) getRequestForm(ctx context.Context, in *getRequestForm) (*One[RequestForm], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	form, err := a.s.Trace.RequestForm(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return renderForm(form), nil
}

type setRequestForm struct {
	InPlatform
	IfMatch
	Body RequestForm
}

func (a *API) setRequestForm(ctx context.Context, in *setRequestForm) (*One[RequestForm], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	b := in.Body
	form, err := a.s.Trace.SetRequestForm(ctx, trace.SetRequestForm{Platform: p.ID, Revision: revision, Receives: b.Receives, IntroFrench: b.IntroFrench,
		IntroEnglish: b.IntroEnglish, ConsentFrench: b.ConsentFrench, ConsentEnglish: b.ConsentEnglish})
	if err != nil {
		return nil, err
	}
	return renderForm(form), nil
}
