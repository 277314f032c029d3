package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// Request is what a client asks of the platform.
type Request struct {
	ID           qms.ID   `json:"id"`
	Revision     int64    `json:"revision"`
	Number       string   `json:"number" example:"DEM-2026-0001"`
	Date         qms.Date `json:"date" format:"date"`
	Client       string   `json:"client"`
	ClientStatus string   `json:"client_status" example:"industrial"`
	Subject      string   `json:"subject"`
	Samples      string   `json:"samples,omitempty"`
	Feasible     string   `json:"feasible,omitempty" enum:"yes,no" doc:"Absent while the request is not reviewed"`
	ReviewedBy   qms.ID   `json:"reviewed_by,omitempty"`
	ReviewedOn   qms.Date `json:"reviewed_on,omitzero" format:"date"`
	ReviewNote   string   `json:"review_note,omitempty"`
	RequestMore
	Void string `json:"void,omitempty" doc:"Why the record is a mistake"`
}

// NewRequest is what is stated of a request.
type NewRequest struct {
	Why
	Number       string   `json:"number,omitempty" maxLength:"64" doc:"Given out when absent; it never changes"`
	Date         qms.Date `json:"date" format:"date"`
	Client       string   `json:"client" maxLength:"500"`
	ClientStatus string   `json:"client_status" maxLength:"500" example:"industrial" doc:"internal, academic, industrial or another word"`
	Subject      string   `json:"subject" maxLength:"500"`
	Samples      string   `json:"samples,omitempty" maxLength:"4000" doc:"Samples or material received, and their fate"`
	NewRequestMore
}

func (b NewRequest) command(platform qms.ID) trace.RecordRequest {
	return trace.RecordRequest{Platform: platform, Number: b.Number, Date: b.Date, Client: b.Client, ClientStatus: b.ClientStatus, Subject: b.Subject, Samples: b.Samples, RequestDetails: b.details()}
}

func renderRequest(r trace.Request) Request {
	return Request{ID: r.ID, Revision: r.Revision, Number: r.Number, Date: r.Date, Client: r.Client, ClientStatus: r.ClientStatus, Subject: r.Subject,
		Samples: r.Samples, Feasible: r.Feasible, ReviewedBy: r.ReviewedBy, ReviewedOn: r.ReviewedOn, ReviewNote: r.ReviewNote, Void: r.Void, RequestMore: renderRequestMore(r)}
}

func (a *API) requestKind() kind[NewRequest, trace.Request, Request] {
	t := a.s.Trace
	return kind[NewRequest, trace.Request, Request]{plural: "requests", noun: "request", subject: "services", read: t.Request,
		make: func(ctx context.Context, p qms.ID, b NewRequest) (*trace.Request, error) {
			return t.RecordRequest(ctx, b.command(p))
		},
		correct: func(ctx context.Context, target trace.Target, b NewRequest) (*trace.Request, error) {
			return t.CorrectRequest(ctx, target, b.command(target.Platform))
		},
		void: t.VoidRequest, render: renderRequest, row: func(r *trace.Request) qms.Row { return r.Row }}
}

// Quote answers a request with a price before tax.
type Quote struct {
	ID         qms.ID    `json:"id"`
	Revision   int64     `json:"revision"`
	Number     string    `json:"number" example:"DEV-2026-0001"`
	Request    string    `json:"request" doc:"Number as stated; it may not exist"`
	Date       qms.Date  `json:"date" format:"date"`
	TotalCents qms.Money `json:"total_cents" doc:"Before tax"`
	ValidUntil qms.Date  `json:"valid_until,omitzero" format:"date"`
	AcceptedOn qms.Date  `json:"accepted_on,omitzero" format:"date"`
	RefusedOn  qms.Date  `json:"refused_on,omitzero" format:"date"`
	Void       string    `json:"void,omitempty"`
	QuoteLines
}

// NewQuote is what is stated of a quote.
type NewQuote struct {
	Why
	Number     string     `json:"number,omitempty" maxLength:"64" doc:"Given out when absent; it never changes"`
	Request    string     `json:"request" maxLength:"64"`
	Date       qms.Date   `json:"date" format:"date"`
	TotalCents *qms.Money `json:"total_cents,omitempty" doc:"Before tax; the sum of the lines where there are any, and then it may be left out"`
	ValidUntil qms.Date   `json:"valid_until,omitempty" format:"date"`
	NewQuoteLines
}

func (b NewQuote) command(platform qms.ID) trace.RecordQuote {
	cmd := trace.RecordQuote{Platform: platform, Number: b.Number, Request: b.Request, Date: b.Date, ValidUntil: b.ValidUntil,
		Lines: b.stated(), Conditions: b.Conditions, NoTotal: b.TotalCents == nil}
	if !cmd.NoTotal {
		cmd.Total = *b.TotalCents
	}
	return cmd
}

func renderQuote(q trace.Quote) Quote {
	return Quote{ID: q.ID, Revision: q.Revision, Number: q.Number, Request: q.Request, Date: q.Date, TotalCents: q.Total,
		ValidUntil: q.ValidUntil, AcceptedOn: q.AcceptedOn, RefusedOn: q.RefusedOn, Void: q.Void, QuoteLines: renderQuoteLines(q)}
}

func (a *API) quoteKind() kind[NewQuote, trace.Quote, Quote] {
	t := a.s.Trace
	return kind[NewQuote, trace.Quote, Quote]{plural: "quotes", noun: "quote", subject: "services", read: t.Quote,
		make: func(ctx context.Context, p qms.ID, b NewQuote) (*trace.Quote, error) {
			return t.RecordQuote(ctx, b.command(p))
		},
		correct: func(ctx context.Context, target trace.Target, b NewQuote) (*trace.Quote, error) {
			return t.CorrectQuote(ctx, target, b.command(target.Platform))
		},
		void: t.VoidQuote, render: renderQuote, row: func(q *trace.Quote) qms.Row { return q.Row }}
}

// Report states an analysis.
type Report struct {
	ID                 qms.ID   `json:"id"`
	Revision           int64    `json:"revision"`
	Number             string   `json:"number" example:"RAP-2026-0001"`
	Request            string   `json:"request" doc:"Number as stated; it may not exist"`
	Date               qms.Date `json:"date" format:"date"`
	AnalysedOn         qms.Date `json:"analysed_on" format:"date"`
	Operator           qms.ID   `json:"operator"`
	Equipment          qms.ID   `json:"equipment"`
	Instruction        string   `json:"instruction" example:"MO-ANA-001"`
	InstructionVersion string   `json:"instruction_version" example:"2.0"`
	DataPlace          string   `json:"data_place,omitempty"`
	ReleasedBy         qms.ID   `json:"released_by,omitempty"`
	ReleasedOn         qms.Date `json:"released_on,omitzero" format:"date"`
	Void               string   `json:"void,omitempty"`
}

// NewReport is what is stated of a report.
type NewReport struct {
	Why
	Number             string   `json:"number,omitempty" maxLength:"64" doc:"Given out when absent; it never changes"`
	Request            string   `json:"request" maxLength:"64"`
	Date               qms.Date `json:"date" format:"date"`
	AnalysedOn         qms.Date `json:"analysed_on" format:"date"`
	Operator           qms.ID   `json:"operator" doc:"ID of a member of the platform"`
	Equipment          qms.ID   `json:"equipment" doc:"ID of a piece of equipment of the platform"`
	Instruction        string   `json:"instruction" maxLength:"64"`
	InstructionVersion string   `json:"instruction_version" maxLength:"64"`
	DataPlace          string   `json:"data_place,omitempty" maxLength:"500"`
	ReleasedBy         qms.ID   `json:"released_by,omitempty"`
}

func (b NewReport) command(platform qms.ID) trace.RecordReport {
	return trace.RecordReport{Platform: platform, Number: b.Number, Request: b.Request, Date: b.Date, AnalysedOn: b.AnalysedOn, Operator: b.Operator,
		Equipment: b.Equipment, Instruction: b.Instruction, InstructionVersion: b.InstructionVersion, DataPlace: b.DataPlace, ReleasedBy: b.ReleasedBy}
}

func renderReport(r trace.Report) Report {
	return Report{ID: r.ID, Revision: r.Revision, Number: r.Number, Request: r.Request, Date: r.Date, AnalysedOn: r.AnalysedOn, Operator: r.Operator,
		Equipment: r.Equipment, Instruction: r.Instruction, InstructionVersion: r.InstructionVersion, DataPlace: r.DataPlace, ReleasedBy: r.ReleasedBy, ReleasedOn: r.ReleasedOn, Void: r.Void}
}

func (a *API) reportKind() kind[NewReport, trace.Report, Report] {
	t := a.s.Trace
	return kind[NewReport, trace.Report, Report]{plural: "reports", noun: "report", subject: "services", read: t.Report,
		make: func(ctx context.Context, p qms.ID, b NewReport) (*trace.Report, error) {
			return t.RecordReport(ctx, b.command(p))
		},
		correct: func(ctx context.Context, target trace.Target, b NewReport) (*trace.Report, error) {
			return t.CorrectReport(ctx, target, b.command(target.Platform))
		},
		void: t.VoidReport, render: renderReport, row: func(r *trace.Report) qms.Row { return r.Row }}
}

// Invoice closes a chain.
type Invoice struct {
	ID         qms.ID    `json:"id"`
	Revision   int64     `json:"revision"`
	Number     string    `json:"number" example:"FAC-2026-0001"`
	Request    string    `json:"request" doc:"Number as stated; it may not exist"`
	Quote      string    `json:"quote,omitempty" doc:"Number as stated; it may not exist"`
	Date       qms.Date  `json:"date" format:"date"`
	TotalCents qms.Money `json:"total_cents" doc:"Before tax"`
	External   string    `json:"external,omitempty" doc:"Its number in the accounts"`
	Void       string    `json:"void,omitempty"`
}

// NewInvoice is what is stated of an invoice.
type NewInvoice struct {
	Why
	Number     string    `json:"number,omitempty" maxLength:"64" doc:"Given out when absent; it never changes"`
	Request    string    `json:"request" maxLength:"64"`
	Quote      string    `json:"quote,omitempty" maxLength:"64"`
	Date       qms.Date  `json:"date" format:"date"`
	TotalCents qms.Money `json:"total_cents" doc:"Before tax"`
	Second     bool      `json:"second,omitempty" doc:"Another invoice of that request, day and amount is meant"`
	External   string    `json:"external,omitempty" maxLength:"64" doc:"Its number in the accounts; it exists once"`
}

func (b NewInvoice) command(platform qms.ID) trace.RecordInvoice {
	return trace.RecordInvoice{Platform: platform, Number: b.Number, Request: b.Request, Quote: b.Quote, Date: b.Date, Total: b.TotalCents, Second: b.Second,
		External: b.External}
}

func renderInvoice(i trace.Invoice) Invoice {
	return Invoice{ID: i.ID, Revision: i.Revision, Number: i.Number, Request: i.Request, Quote: i.Quote, Date: i.Date, TotalCents: i.Total, External: i.External, Void: i.Void}
}

func (a *API) invoiceKind() kind[NewInvoice, trace.Invoice, Invoice] {
	t := a.s.Trace
	return kind[NewInvoice, trace.Invoice, Invoice]{plural: "invoices", noun: "invoice", subject: "services", read: t.Invoice,
		make: func(ctx context.Context, p qms.ID, b NewInvoice) (*trace.Invoice, error) {
			return t.RecordInvoice(ctx, b.command(p))
		},
		correct: func(ctx context.Context, target trace.Target, b NewInvoice) (*trace.Invoice, error) {
			return t.CorrectInvoice(ctx, target, b.command(target.Platform))
		},
		void: t.VoidInvoice, render: renderInvoice, row: func(i *trace.Invoice) qms.Row { return i.Row }}
}
