package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// services are the service chains and their records.
func (a *API) services() {
	const all = "/platforms/{platform}/services"
	register(a, get(all, "list-services", "List the service chains with their states", "services"), a.listServices)
	register(a, get(all+"/{number}", "get-dossier", "The whole chain of a request, quote, report or invoice", "services"), a.getDossier)
	a.serviceActs()
	records(a, a.requestKind())
	records(a, a.quoteKind())
	records(a, a.reportKind())
	records(a, a.invoiceKind())
	register(a, atRevision(post("/platforms/{platform}/requests/{number}/review", "review-request", "Say whether a request is feasible", "services")), a.reviewRequest)
	register(a, atRevision(post("/platforms/{platform}/quotes/{number}/accept", "accept-quote", "Note that the client accepted", "services")), a.acceptQuote)
	register(a, atRevision(post("/platforms/{platform}/quotes/{number}/refuse", "refuse-quote", "Note that the client refused", "services")), a.refuseQuote)
}

// Service is one chain in a list.
type Service struct {
	Request       string        `json:"request" doc:"Number of the request"`
	Date          qms.Date      `json:"date" format:"date"`
	Client        string        `json:"client"`
	ClientStatus  string        `json:"client_status"`
	Subject       string        `json:"subject"`
	State         trace.State   `json:"state" enum:"broken,complete,open"`
	Closed        bool          `json:"closed,omitempty" doc:"The request ended without a report"`
	Defects       []trace.Check `json:"defects" nullable:"false" doc:"The checks that fire"`
	Quotes        int           `json:"quotes"`
	Reports       int           `json:"reports"`
	Invoices      int           `json:"invoices"`
	AcceptedOn    qms.Date      `json:"accepted_on,omitzero" format:"date"`
	QuotedCents   qms.Money     `json:"quoted_cents" doc:"Sum of the accepted quotes"`
	InvoicedCents qms.Money     `json:"invoiced_cents"`
}

type listServices struct {
	InPlatform
	Paged
	AsOf
	State        string `query:"state" enum:"broken,complete,open"`
	Check        string `query:"check" maxLength:"3" example:"S05" doc:"Chains in which this check fires"`
	Step         string `query:"step" enum:"quote,answer,invoice" doc:"Chains that wait for that"`
	ClientStatus string `query:"client_status" maxLength:"500"`
	From         string `query:"from" format:"date" doc:"First day of the request"`
	To           string `query:"to" format:"date" doc:"Last day of the request"`
	Text         string `query:"q" maxLength:"200" doc:"In number, client or subject"`
	Sort         string `query:"sort" enum:"date,-date,number,-number,client,-client"`
}

// days reads the two ends of a period of a query.
func days(from, to string) (first, last qms.Date, err error) {
	if first, err = queryDay("from", from); err != nil {
		return 0, 0, err
	}
	last, err = queryDay("to", to)
	return first, last, err
}

func queryDay(name, text string) (qms.Date, error) {
	if text == "" {
		return 0, nil
	}
	d, err := qms.ParseDate(text)
	if err != nil {
		return 0, qms.InvalidFields(qms.Wrong(name, "value.not_a_date"))
	}
	return d, nil
}

func (a *API) listServices(ctx context.Context, in *listServices) (*List[Service], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := trace.ServiceFilter{State: trace.State(in.State), Check: trace.Check(in.Check), ClientStatus: in.ClientStatus, Text: in.Text, Sort: in.Sort, Step: trace.Awaited(in.Step)}
	if f.AsOf, err = in.Day(a.today()); err != nil {
		return nil, err
	}
	if f.From, f.To, err = days(in.From, in.To); err != nil {
		return nil, err
	}
	page, err := a.s.Trace.Services(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderService), nil
}

func renderService(l trace.ServiceLine) Service {
	return Service{Request: l.Request.Number, Date: l.Request.Date, Client: l.Request.Client, ClientStatus: l.Request.ClientStatus, Subject: l.Request.Subject,
		State: l.State, Closed: l.Closed, Defects: checksOf(l.Fired), Quotes: l.Quotes, Reports: l.Reports, Invoices: l.Invoices,
		AcceptedOn: l.Accepted, QuotedCents: l.Quoted, InvoicedCents: l.Invoiced}
}

func checksOf(fired []trace.Fired) []trace.Check {
	checks := make([]trace.Check, 0, len(fired))
	for _, f := range fired {
		checks = append(checks, f.Check)
	}
	return checks
}

// Dossier is a whole chain as of a day.
type Dossier struct {
	AsOf     qms.Date      `json:"as_of" format:"date"`
	Number   string        `json:"number" doc:"The number it was asked for by"`
	Stage    trace.Stage   `json:"stage" enum:"request,quote,report,invoice" doc:"What has that number"`
	State    trace.State   `json:"state" enum:"broken,complete,open"`
	Defects  []Defect      `json:"defects" nullable:"false"`
	Request  *Request      `json:"request,omitempty" doc:"Absent when the records name one that does not exist"`
	Quotes   []Quote       `json:"quotes" nullable:"false"`
	Reports  []ReportFacts `json:"reports" nullable:"false"`
	Invoices []Invoice     `json:"invoices" nullable:"false"`
	Dangling []Invoice     `json:"dangling" nullable:"false" doc:"Invoices that name a quote which does not exist"`
	Missing  []Gap         `json:"missing" nullable:"false"`
	DossierMore
	QuotedCents   qms.Money `json:"quoted_cents"`
	InvoicedCents qms.Money `json:"invoiced_cents"`
}

// Defect is a check that fires, and the record that makes it fire.
type Defect struct {
	Check  trace.Check `json:"check" example:"S05"`
	Record string      `json:"record"`
}

// ReportFacts is a report with what stood behind it on the day of analysis.
type ReportFacts struct {
	Report
	Trained          bool     `json:"trained" doc:"The operator was validly trained on the equipment"`
	TrainedOn        qms.Date `json:"trained_on,omitzero" format:"date"`
	TrainedUntil     qms.Date `json:"trained_until,omitzero" format:"date" doc:"First day on which the training no longer holds"`
	InForce          bool     `json:"in_force" doc:"The version of the work instruction was in force"`
	UnderCalibration bool     `json:"under_calibration"`
	Calibrated       bool     `json:"calibrated" doc:"A calibration was valid"`
	CalibratedOn     qms.Date `json:"calibrated_on,omitzero" format:"date"`
}

// Gap is a record that is not there yet.
type Gap struct {
	Stage       trace.Stage `json:"stage" enum:"quote,report,invoice"`
	Quote       string      `json:"quote,omitempty" doc:"The quote that waits for an answer"`
	Check       trace.Check `json:"check,omitempty" doc:"The check that fires for want of it"`
	AmountCents qms.Money   `json:"amount_cents,omitempty" doc:"To invoice"`
}

type getDossier struct {
	InPlatform
	AsOf
	Number string `path:"number" maxLength:"100"`
}

type dossierAnswer struct{ Body Dossier }

func (a *API) getDossier(ctx context.Context, in *getDossier) (*dossierAnswer, error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	d, err := a.s.Trace.Dossier(ctx, p.ID, in.Number, day)
	if err != nil {
		return nil, err
	}
	return &dossierAnswer{Body: renderDossier(d)}, nil
}

func renderDossier(d *trace.Dossier) Dossier {
	out := Dossier{AsOf: d.AsOf, Number: d.Number, Stage: d.Entered, State: d.Verdict.State, Defects: []Defect{},
		Quotes: rendered(d.Chain.Quotes, renderQuote), Reports: []ReportFacts{}, Invoices: rendered(d.Chain.Invoices, renderInvoice),
		Dangling: rendered(d.Astray, renderInvoice), Missing: []Gap{}, QuotedCents: d.Chain.Quoted(), InvoicedCents: d.Chain.Invoiced()}
	out.DossierMore = renderDossierMore(d)
	if !d.Dangles() {
		r := renderRequest(d.Chain.Request)
		out.Request = &r
	}
	for _, f := range d.Verdict.Fired {
		out.Defects = append(out.Defects, Defect{f.Check, f.Record})
	}
	for i, r := range d.Chain.Reports {
		out.Reports = append(out.Reports, renderFacts(r, d.Reports[i]))
	}
	for _, g := range d.Missing {
		out.Missing = append(out.Missing, Gap{g.Stage, g.Number, g.Check, g.Amount})
	}
	return out
}

func renderFacts(r trace.Report, f trace.ReportFacts) ReportFacts {
	out := ReportFacts{Report: renderReport(r), Trained: f.Trained, InForce: f.InForce, UnderCalibration: f.Calibrates, Calibrated: f.Calibrated}
	if f.Training != nil {
		out.TrainedOn, out.TrainedUntil = f.Training.Date, f.Training.Validity().Until
	}
	if f.Calibration != nil {
		out.CalibratedOn = f.Calibration.Date
	}
	return out
}

func rendered[R, T any](rows []R, render func(R) T) []T {
	out := make([]T, 0, len(rows))
	for _, r := range rows {
		out = append(out, render(r))
	}
	return out
}

// Review answers whether the platform can do what is asked.
type Review struct {
	Feasible bool     `json:"feasible"`
	By       qms.ID   `json:"by" doc:"ID of a member of the platform"`
	On       qms.Date `json:"on" format:"date"`
	Note     string   `json:"note,omitempty" maxLength:"4000"`
}

func (a *API) reviewRequest(ctx context.Context, in *changeRecord[Review]) (*One[Request], error) {
	k := a.requestKind()
	target, err := k.target(ctx, a, in.Platform, in.Number, "", &in.IfMatch)
	if err != nil {
		return nil, err
	}
	feasible := trace.NotFeasible
	if in.Body.Feasible {
		feasible = trace.Feasible
	}
	return k.shown(a.s.Trace.ReviewRequest(ctx, trace.ReviewRequest{Target: target, Feasible: feasible, By: in.Body.By, On: in.Body.On, Note: in.Body.Note}))
}

// Answer is the client's answer to a quote.
type Answer struct {
	On qms.Date `json:"on" format:"date"`
}

func (a *API) acceptQuote(ctx context.Context, in *changeRecord[Answer]) (*One[Quote], error) {
	return a.answerQuote(ctx, in, a.s.Trace.AcceptQuote)
}

func (a *API) refuseQuote(ctx context.Context, in *changeRecord[Answer]) (*One[Quote], error) {
	return a.answerQuote(ctx, in, a.s.Trace.RefuseQuote)
}

func (a *API) answerQuote(ctx context.Context, in *changeRecord[Answer], note func(context.Context, trace.AnswerQuote) (*trace.Quote, error)) (*One[Quote], error) {
	k := a.quoteKind()
	target, err := k.target(ctx, a, in.Platform, in.Number, "", &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return k.shown(note(ctx, trace.AnswerQuote{Target: target, On: in.Body.On}))
}
