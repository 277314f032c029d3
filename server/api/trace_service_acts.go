package api

import (
	"bytes"
	"context"
	"io"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/trace"
	"maillon/server/request"
)

// serviceActs are the samples, the end of a request, the release and the cover of a report, and what
// comes by the public form.
func (a *API) serviceActs() {
	const p = "/platforms/{platform}"
	register(a, atRevision(post(p+"/requests/{number}/close", "close-request", "End a request that leads to no report", "services")), a.closeRequest)
	register(a, atRevision(post(p+"/requests/{number}/reopen", "reopen-request", "Take back that a request ended", "services")), a.reopenRequest)
	register(a, get(p+"/requests/{number}/samples", "list-samples", "The samples of a request", "samples"), a.listSamples)
	records(a, a.sampleKind())
	register(a, atRevision(post(p+"/samples/{number}/fate", "settle-sample", "State what became of a sample", "samples")), a.settleSample)
	register(a, atRevision(post(p+"/reports/{number}/release", "release-report", "Authorise that a report goes to the client", "services")), a.releaseReport)
	register(a, get(p+"/reports/{number}/cover", "get-report-cover", "The cover page of a report, as a PDF", "services"), a.getCover)
	register(a, get(p+"/report-proposals", "propose-report", "What may be stated of an analysis: what held that day first", "services"), a.proposeReport)
	register(a, get(p+"/service-times", "get-service-times", "The median days between stages, over the requests of twelve months", "services"), a.getTimes)
	a.submissions()
}

// RequestMore is what a request states besides what it must.
type RequestMore struct {
	ContactName  string       `json:"contact_name,omitempty"`
	ContactEmail string       `json:"contact_email,omitempty" doc:"For who may write services alone"`
	Description  string       `json:"description,omitempty"`
	WishedOn     qms.Date     `json:"wished_on,omitzero" format:"date"`
	Origin       trace.Origin `json:"origin,omitempty" enum:"hand,form,import"`
	ClosedOn     qms.Date     `json:"closed_on,omitzero" format:"date" doc:"The day on which it ended without a report"`
	ClosedAs     trace.Ending `json:"closed_as,omitempty" enum:"infeasible,cancelled,elsewhere"`
	ClosedReason string       `json:"closed_reason,omitempty"`
}

func renderRequestMore(r trace.Request) RequestMore {
	return RequestMore{r.ContactName, r.ContactEmail, r.Description, r.WishedOn, r.Origin, r.ClosedOn, r.ClosedAs, r.ClosedReason}
}

// NewRequestMore is what a client may state of it.
type NewRequestMore struct {
	ContactName  string   `json:"contact_name,omitempty" maxLength:"500"`
	ContactEmail string   `json:"contact_email,omitempty" maxLength:"254"`
	Description  string   `json:"description,omitempty" maxLength:"4000"`
	WishedOn     qms.Date `json:"wished_on,omitempty" format:"date"`
}

func (b NewRequestMore) details() trace.RequestDetails {
	return trace.RequestDetails{ContactName: b.ContactName, ContactEmail: b.ContactEmail, Description: b.Description, WishedOn: b.WishedOn}
}

// DossierMore is what a dossier holds besides its stages.
type DossierMore struct {
	Samples  []Sample       `json:"samples" nullable:"false"`
	Evidence []EvidenceFile `json:"evidence" nullable:"false" doc:"Files of its records"`
	Times    []ServiceTime  `json:"times" nullable:"false" doc:"Days between stages, where both are on record"`
}

// ServiceTime is the days of one step.
type ServiceTime struct {
	Step trace.Step `json:"step" enum:"quote,answer,analysis,report,invoice" doc:"The stage that it leads to"`
	Days int        `json:"days" doc:"Negative when out of order"`
	Of   int        `json:"of,omitempty" doc:"Of a median: how many chains it is of"`
}

func renderDossierMore(d *trace.Dossier) DossierMore {
	out := DossierMore{Samples: rendered(d.Samples, renderSample), Evidence: []EvidenceFile{}, Times: []ServiceTime{}}
	for _, id := range d.Records() {
		out.Evidence = append(out.Evidence, rendered(d.Evidence[id], renderEvidence)...)
	}
	for _, t := range d.Times() {
		if t.Known {
			out.Times = append(out.Times, ServiceTime{Step: t.Step, Days: t.Days})
		}
	}
	return out
}

type getTimes struct {
	InPlatform
	AsOf
}

type timesAnswer struct{ Body ServiceTimes }

// ServiceTimes are medians.
type ServiceTimes struct {
	Medians []ServiceTime `json:"medians" nullable:"false"`
}

func (a *API) getTimes(ctx context.Context, in *getTimes) (*timesAnswer, error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	times, err := a.s.Trace.Pace(ctx, p.ID, day)
	if err != nil {
		return nil, err
	}
	out := &timesAnswer{Body: ServiceTimes{Medians: []ServiceTime{}}}
	for _, t := range times {
		if t.Of > 0 {
			out.Body.Medians = append(out.Body.Medians, ServiceTime{Step: t.Step, Days: t.Median, Of: t.Of})
		}
	}
	return out, nil
}

// Closing is how a request ended without a report.
type Closing struct {
	As     trace.Ending `json:"as" enum:"infeasible,cancelled,elsewhere"`
	On     qms.Date     `json:"on" format:"date"`
	Reason string       `json:"reason" maxLength:"4000"`
}

func (a *API) closeRequest(ctx context.Context, in *changeRecord[Closing]) (*One[Request], error) {
	k := a.requestKind()
	target, err := k.target(ctx, a, in.Platform, in.Number, in.Body.Reason, &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return k.shown(a.s.Trace.CloseRequest(ctx, trace.CloseRequest{Target: target, As: in.Body.As, On: in.Body.On}))
}

func (a *API) reopenRequest(ctx context.Context, in *changeRecord[Why]) (*One[Request], error) {
	k := a.requestKind()
	target, err := k.target(ctx, a, in.Platform, in.Number, in.Body.Reason, &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return k.shown(a.s.Trace.ReopenRequest(ctx, target))
}

// Release says who authorises that a report goes to the client.
type Release struct {
	By qms.ID   `json:"by" doc:"ID of a member of the platform on that day"`
	On qms.Date `json:"on" format:"date"`

	Password string `json:"password,omitempty" maxLength:"1024" doc:"Once more, to sign: needed where it is you who releases"`
}

func (a *API) releaseReport(ctx context.Context, in *changeRecord[Release]) (*One[Report], error) {
	k := a.reportKind()
	target, err := k.target(ctx, a, in.Platform, in.Number, "", &in.IfMatch)
	if err != nil {
		return nil, err
	}
	cmd := trace.ReleaseReport{Target: target, By: in.Body.By, On: in.Body.On, Signs: in.Body.By == qms.ActorFrom(ctx).ID}
	if cmd.Signs {
		if err := a.s.People.Confirm(ctx, in.Body.Password); err != nil {
			return nil, err
		}
	}
	return k.shown(a.s.Trace.ReleaseReport(ctx, cmd))
}

func (a *API) getCover(ctx context.Context, in *readRecord) (*File, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	d, err := a.s.Trace.Dossier(ctx, p.ID, in.Number, 0)
	if err != nil {
		return nil, err
	}
	cover, err := trace.CoverOf(d)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := pack.PrintReportCover(&out, pack.CoverOf(cover, request.From(ctx).Printer(), p.Name, a.s.Clock())); err != nil {
		return nil, err
	}
	return send(Content{Name: d.Number + ".pdf", Type: "application/pdf", Size: int64(out.Len()), Reader: io.NopCloser(&out)}), nil
}

type proposeReport struct {
	InPlatform
	Equipment  string `query:"equipment" doc:"ID of a piece of equipment of the platform"`
	AnalysedOn string `query:"analysed_on" format:"date" doc:"Day of the analysis; today when absent"`
}

// ReportProposals is what may be stated of an analysis, what held that day first.
type ReportProposals struct {
	Operators    []ProposedOperator    `json:"operators" nullable:"false"`
	Instructions []ProposedInstruction `json:"instructions" nullable:"false"`
	Default      *ProposedInstruction  `json:"default,omitempty" doc:"The last used on that equipment, when it was in force that day"`
}

// ProposedOperator is a member of the platform on that day.
type ProposedOperator struct {
	ID      qms.ID `json:"id"`
	Code    string `json:"code,omitempty"`
	Name    string `json:"name"`
	Trained bool   `json:"trained"`
}

// ProposedInstruction is a version of a document.
type ProposedInstruction struct {
	Code    string   `json:"code"`
	Version string   `json:"version"`
	From    qms.Date `json:"from,omitzero" format:"date"`
	Until   qms.Date `json:"until,omitzero" format:"date" doc:"First day on which it was no longer in force"`
	InForce bool     `json:"in_force"`
}

func renderProposed(in trace.ProposedInstruction) ProposedInstruction {
	return ProposedInstruction{in.Code, in.Version, in.Period.From, in.Period.Until, in.InForce}
}

type proposalsAnswer struct{ Body ReportProposals }

func (a *API) proposeReport(ctx context.Context, in *proposeReport) (*proposalsAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	day, err := queryDay("analysed_on", in.AnalysedOn)
	if err != nil {
		return nil, err
	}
	equipment, err := queryID("equipment", in.Equipment)
	if err != nil {
		return nil, err
	}
	offered, err := a.s.Trace.Proposals(ctx, p.ID, equipment, day)
	if err != nil {
		return nil, err
	}
	out := &proposalsAnswer{Body: ReportProposals{Instructions: rendered(offered.Instructions, renderProposed),
		Operators: rendered(offered.Operators, func(o trace.ProposedOperator) ProposedOperator {
			return ProposedOperator{o.ID, o.Code, o.Name, o.Trained}
		})}}
	if d := offered.Default; d != nil {
		in := renderProposed(*d)
		out.Body.Default = &in
	}
	return out, nil
}
