package trace

import (
	"context"

	"maillon/qms"
)

// RecordRequest notes what a client asks for. An empty Number is given out: DEM-2026-0001.
type RecordRequest struct {
	Platform     qms.ID
	Number       string
	Date         qms.Date
	Client       string
	ClientStatus string
	Subject      string
	Samples      string
	RequestDetails
}

func (c RecordRequest) state(in *checking, r *Request) {
	c.RequestDetails.state(in, r)
	r.Date = in.past("date", c.Date)
	r.Client = in.required("client", c.Client)
	r.ClientStatus = NormalStatus(in.required("client_status", c.ClientStatus))
	r.Subject = in.required("subject", c.Subject)
	r.Samples = in.long("samples", c.Samples)
}

// RecordRequest notes a request and gives it its number.
func (s *Service) RecordRequest(ctx context.Context, cmd RecordRequest) (*Request, error) {
	act := qms.Act{Name: "request.record", Needs: qms.WriteTrace.On(cmd.Platform), Platform: cmd.Platform}
	return enter(ctx, s, act, func(in *checking, r *Request) {
		r.Number, r.Origin = cmd.Number, ByHand
		cmd.state(in, r)
	})
}

// CorrectRequest puts right what was stated of a request; its number stays.
func (s *Service) CorrectRequest(ctx context.Context, target Target, cmd RecordRequest) (*Request, error) {
	return correct(ctx, s, qms.Act{Name: "request.correct", Needs: qms.WriteTrace.On(target.Platform)}, target, cmd.state)
}

// VoidRequest declares a request a mistake.
func (s *Service) VoidRequest(ctx context.Context, target Target) (*Request, error) {
	return annul[Request](ctx, s, qms.Act{Name: "request.void", Needs: qms.WriteTrace.On(target.Platform)}, target)
}

// ReviewRequest answers whether the platform can do what is asked (ISO 9001, 8.2.3).
type ReviewRequest struct {
	Target
	Feasible string // Feasible or NotFeasible
	By       qms.ID
	On       qms.Date
	Note     string
}

// ReviewRequest notes the review of a request; a later one replaces it.
func (s *Service) ReviewRequest(ctx context.Context, cmd ReviewRequest) (*Request, error) {
	act := qms.Act{Name: "request.review", Needs: qms.WriteTrace.On(cmd.Platform)}
	return revise(ctx, s, act, cmd.Target, func(in *checking, r *Request) {
		if cmd.Feasible != Feasible && cmd.Feasible != NotFeasible {
			in.fail("feasible", "input.unknown_choice")
		}
		r.Feasible = cmd.Feasible
		r.ReviewedBy = in.requiredPerson("by", cmd.By)
		r.ReviewedOn = in.past("on", cmd.On)
		r.ReviewNote = in.long("note", cmd.Note)
	})
}

// RecordQuote notes a quote for a request. An empty Number is given out: DEV-2026-0001.
type RecordQuote struct {
	Platform   qms.ID
	Number     string
	Request    string
	Date       qms.Date
	Total      qms.Money // needed without lines; with lines it is their sum
	ValidUntil qms.Date
	Lines      []QuoteLine // nil for none stated
	Conditions string
	NoTotal    bool // none is stated: there must be lines
}

func (c RecordQuote) state(in *checking, q *Quote) {
	was := *q
	q.Request = in.request("request", c.Request)
	q.Date = in.past("date", c.Date)
	q.Total = in.money("total", c.Total)
	q.ValidUntil = in.date("valid_until", c.ValidUntil)
	if q.ValidUntil != 0 && q.ValidUntil < q.Date {
		in.fail("valid_until", "quote.ends_before")
	}
	c.itemise(in, q, was)
}

// RecordQuote notes a quote and gives it its number.
func (s *Service) RecordQuote(ctx context.Context, cmd RecordQuote) (*Quote, error) {
	act := qms.Act{Name: "quote.record", Needs: qms.WriteTrace.On(cmd.Platform), Platform: cmd.Platform}
	return enter(ctx, s, act, func(in *checking, q *Quote) { q.Number = cmd.Number; cmd.state(in, q) })
}

// CorrectQuote puts right what was stated of a quote; its answer stays.
func (s *Service) CorrectQuote(ctx context.Context, target Target, cmd RecordQuote) (*Quote, error) {
	return correct(ctx, s, qms.Act{Name: "quote.correct", Needs: qms.WriteTrace.On(target.Platform)}, target, cmd.state)
}

// AnswerQuote is the client's answer on a day.
type AnswerQuote struct {
	Target
	On qms.Date
}

// AcceptQuote notes that the client accepted; a quote is answered once.
func (s *Service) AcceptQuote(ctx context.Context, cmd AnswerQuote) (*Quote, error) {
	return s.answer(ctx, "quote.accept", cmd, func(q *Quote, on qms.Date) { q.AcceptedOn = on })
}

// RefuseQuote notes that the client refused; a quote is answered once.
func (s *Service) RefuseQuote(ctx context.Context, cmd AnswerQuote) (*Quote, error) {
	return s.answer(ctx, "quote.refuse", cmd, func(q *Quote, on qms.Date) { q.RefusedOn = on })
}

func (s *Service) answer(ctx context.Context, name string, cmd AnswerQuote, note func(*Quote, qms.Date)) (*Quote, error) {
	act := qms.Act{Name: name, Needs: qms.WriteTrace.On(cmd.Platform)}
	return revise(ctx, s, act, cmd.Target, func(in *checking, q *Quote) {
		if q.AcceptedOn != 0 || q.RefusedOn != 0 {
			in.err = qms.Conflict("quote.answered", q.Number)
			return
		}
		if on := in.past("on", cmd.On); on != 0 && on < q.Date {
			in.fail("on", "quote.answered_before", q.Date)
		}
		note(q, cmd.On)
	})
}

// VoidQuote declares a quote a mistake.
func (s *Service) VoidQuote(ctx context.Context, target Target) (*Quote, error) {
	return annul[Quote](ctx, s, qms.Act{Name: "quote.void", Needs: qms.WriteTrace.On(target.Platform)}, target)
}

// RecordReport notes an analysis and its report. An empty Number is given out: RAP-2026-0001.
type RecordReport struct {
	Platform           qms.ID
	Number             string
	Request            string
	Date               qms.Date
	AnalysedOn         qms.Date
	Operator           qms.ID
	Equipment          qms.ID
	Instruction        string
	InstructionVersion string
	DataPlace          string
	ReleasedBy         qms.ID
}

func (c RecordReport) state(in *checking, r *Report) {
	r.Request = in.request("request", c.Request)
	r.Date = in.past("date", c.Date)
	r.AnalysedOn = in.past("analysed_on", c.AnalysedOn)
	if r.Date != 0 && r.AnalysedOn > r.Date {
		in.fail("analysed_on", "report.analysed_after", r.Date)
	}
	r.Operator = in.requiredPerson("operator", c.Operator)
	r.Equipment = in.piece("equipment", c.Equipment)
	in.inService("equipment", r.Equipment, r.AnalysedOn)
	r.Instruction = in.requiredCode("instruction", c.Instruction)
	r.InstructionVersion = NormalVersion(in.requiredCode("instruction_version", c.InstructionVersion))
	r.DataPlace = in.text("data_place", c.DataPlace)
	c.release(in, r)
}

// RecordReport notes a report and gives it its number.
func (s *Service) RecordReport(ctx context.Context, cmd RecordReport) (*Report, error) {
	act := qms.Act{Name: "report.record", Needs: qms.WriteTrace.On(cmd.Platform), Platform: cmd.Platform}
	return enter(ctx, s, act, func(in *checking, r *Report) { r.Number = cmd.Number; cmd.state(in, r) })
}

// CorrectReport puts right what was stated of a report.
func (s *Service) CorrectReport(ctx context.Context, target Target, cmd RecordReport) (*Report, error) {
	return correct(ctx, s, qms.Act{Name: "report.correct", Needs: qms.WriteTrace.On(target.Platform)}, target, cmd.state)
}

// VoidReport declares a report a mistake.
func (s *Service) VoidReport(ctx context.Context, target Target) (*Report, error) {
	return annul[Report](ctx, s, qms.Act{Name: "report.void", Needs: qms.WriteTrace.On(target.Platform)}, target)
}

// RecordInvoice notes an invoice. An empty Number is given out: FAC-2026-0001.
type RecordInvoice struct {
	Platform qms.ID
	Number   string
	Request  string
	Quote    string // may be empty
	Date     qms.Date
	Total    qms.Money
	External string // its number in the accounts; may be empty
	Second   bool   // another invoice of that request, day and amount is meant
}

func (c RecordInvoice) state(in *checking, i *Invoice) {
	i.Request = in.request("request", c.Request)
	var quote *Quote
	i.Quote, quote = parent[Quote](in, "quote", c.Quote, "quote.unknown")
	if quote != nil && i.Request != "" && quote.Request != i.Request {
		in.fail("quote", "quote.of_another", quote.Request)
	}
	i.Date = in.past("date", c.Date)
	i.Total = in.money("total", c.Total)
	in.external(i, c.External)
}

// RecordInvoice notes an invoice and gives it its number.
func (s *Service) RecordInvoice(ctx context.Context, cmd RecordInvoice) (*Invoice, error) {
	act := qms.Act{Name: "invoice.record", Needs: qms.WriteTrace.On(cmd.Platform), Platform: cmd.Platform}
	return enter(ctx, s, act, func(in *checking, i *Invoice) {
		i.Number = cmd.Number
		cmd.state(in, i)
		if !cmd.Second {
			in.single(i)
		}
	})
}

// CorrectInvoice puts right what was stated of an invoice.
func (s *Service) CorrectInvoice(ctx context.Context, target Target, cmd RecordInvoice) (*Invoice, error) {
	return correct(ctx, s, qms.Act{Name: "invoice.correct", Needs: qms.WriteTrace.On(target.Platform)}, target, cmd.state)
}

// VoidInvoice declares an invoice a mistake.
func (s *Service) VoidInvoice(ctx context.Context, target Target) (*Invoice, error) {
	return annul[Invoice](ctx, s, qms.Act{Name: "invoice.void", Needs: qms.WriteTrace.On(target.Platform)}, target)
}
