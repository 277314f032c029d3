package web

import (
	"maillon/qms"
	"maillon/qms/trace"
)

// ServiceForm is a form about one record of a service chain. Number is the record it is entered from;
// Record is the one it corrects, when it corrects one.
type ServiceForm struct {
	Form         *Form
	Number       string
	Home         string // that it goes back to
	Record       string
	Act          string // "accept" or "refuse", of an answer
	Quote        *trace.Quote
	People       []Option
	Equipment    []Option
	Instructions []Option
	Operators    []Option // of a report, those trained on its day first
	Proposed     qms.Date // the day that they and the instructions are proposed for
	Statuses     []Option
	Answers      []Option
	Quotes       []Option
	Lines        *QuoteLinesForm // of a quote; nil when its request does not exist
}

// serviceForm prepares the page of a form about a chain.
func (p *Page) serviceForm(f *Form, title, number string) ServiceForm {
	p.Title = p.T(title)
	p.Crumb(p.T("page.services.title"), p.To("services"))
	if number != "" {
		p.Crumb(number, p.To("services", number))
	}
	return ServiceForm{Form: f, Number: number, Home: number, Statuses: p.platformStatuses(),
		Answers: p.options("page.services.feasible_", trace.Feasible, trace.NotFeasible)}
}

// answer ends a form: shows it again with what is wrong, or goes to the dossier.
func (p *Page) answerForm(name string, view ServiceForm, err error, number, done string) error {
	if err != nil {
		return p.Again(name, view.Form, err, view)
	}
	return p.Done(p.To("services", number), done, number)
}

func requestCommand(p *Page, f *Form) trace.RecordRequest {
	return trace.RecordRequest{Platform: p.Platform.ID, Number: f.Text("number"), Date: f.Date("date"), Client: f.Text("client"),
		ClientStatus: f.Text("client_status"), Subject: f.Text("subject"), Samples: f.Text("samples"),
		RequestDetails: trace.RequestDetails{ContactName: f.Text("contact_name"), ContactEmail: f.Text("contact_email"),
			Description: f.Text("description"), WishedOn: f.Date("wished_on")}}
}

func (s *Site) newRequest(p *Page) error {
	return p.Render("services_request", p.serviceForm(p.Form().Set("date", p.Today), "page.services.new", ""))
}

func (s *Site) addRequest(p *Page) error {
	f := p.Form()
	cmd := requestCommand(p, f)
	err, number := f.Err(), ""
	if err == nil {
		var r *trace.Request
		if r, err = s.Trace.RecordRequest(p.Context(), cmd); err == nil {
			number = r.Number
		}
	}
	return p.answerForm("services_request", p.serviceForm(f, "page.services.new", ""), err, number, "page.services.request_added")
}

// chainOf is the dossier that a form is about, as of today.
func (s *Site) chainOf(p *Page) (*trace.Dossier, error) {
	return s.Trace.Dossier(p.Context(), p.Platform.ID, p.number("number"), 0)
}

func (s *Site) reviewForm(p *Page, f *Form) (ServiceForm, *trace.Dossier, error) {
	d, err := s.chainOf(p)
	if err != nil {
		return ServiceForm{}, nil, err
	}
	if d.Dangles() {
		return ServiceForm{}, nil, qms.NotFound("record.not_found")
	}
	view := p.serviceForm(f, "page.services.review", d.Chain.Request.Number)
	c, err := s.Trace.Choices(p.Context(), p.Platform.ID)
	view.People = p.peopleOptions("page.services.choose", c.People, p.Today)
	return view, d, err
}

func (s *Site) newReview(p *Page) error {
	f := p.Form()
	view, d, err := s.reviewForm(p, f)
	if err != nil {
		return err
	}
	r := d.Chain.Request
	f.Set("revision", r.Revision).Set("feasible", r.Feasible).Set("by", r.ReviewedBy).Set("note", r.ReviewNote).Set("on", p.Today)
	return p.Render("services_review", view)
}

func (s *Site) addReview(p *Page) error {
	f := p.Form()
	view, d, err := s.reviewForm(p, f)
	if err != nil {
		return err
	}
	cmd := trace.ReviewRequest{Target: p.target(f, d.Chain.Request.ID), Feasible: f.Text("feasible"), By: f.ID("by"), On: f.Date("on"), Note: f.Text("note")}
	if err = f.Err(); err == nil {
		_, err = s.Trace.ReviewRequest(p.Context(), cmd)
	}
	return p.answerForm("services_review", view, err, view.Number, "page.services.review_added")
}

// quoteOf is the quote in the path, with its dossier.
func (s *Site) quoteOf(p *Page) (*trace.Quote, *trace.Dossier, error) {
	d, err := s.chainOf(p)
	if err != nil {
		return nil, nil, err
	}
	for i := range d.Chain.Quotes {
		if d.Chain.Quotes[i].Number == trace.Normal(p.number("number")) {
			return &d.Chain.Quotes[i], d, nil
		}
	}
	return nil, nil, qms.NotFound("record.not_found")
}

func (s *Site) answerView(p *Page, f *Form) (ServiceForm, error) {
	q, d, err := s.quoteOf(p)
	if err != nil {
		return ServiceForm{}, err
	}
	act := p.lastPart()
	view := p.serviceForm(f, "page.services."+act, q.Number)
	view.Act, view.Quote, view.Home = act, q, d.Home()
	return view, nil
}

func (s *Site) newAnswer(p *Page) error {
	f := p.Form()
	view, err := s.answerView(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", view.Quote.Revision).Set("on", p.Today)
	return p.Render("services_answer", view)
}

func (s *Site) addAnswer(p *Page) error {
	f := p.Form()
	view, err := s.answerView(p, f)
	if err != nil {
		return err
	}
	cmd := trace.AnswerQuote{Target: p.target(f, view.Quote.ID), On: f.Date("on")}
	if err = f.Err(); err == nil && view.Act == "accept" {
		_, err = s.Trace.AcceptQuote(p.Context(), cmd)
	} else if err == nil {
		_, err = s.Trace.RefuseQuote(p.Context(), cmd)
	}
	return p.answerForm("services_answer", view, err, view.Home, "page.services.answered_"+view.Act)
}

func reportCommand(p *Page, f *Form) trace.RecordReport {
	code, version := cutInstruction(f.Text("instruction"))
	return trace.RecordReport{Platform: p.Platform.ID, Number: f.Text("number"), Request: f.Text("request"), Date: f.Date("date"),
		AnalysedOn: f.Date("analysed_on"), Operator: f.ID("operator"), Equipment: f.ID("equipment"), Instruction: code,
		InstructionVersion: version, DataPlace: f.Text("data_place"), ReleasedBy: f.ID("released_by")}
}

func (s *Site) reportForm(p *Page, f *Form, title string) (ServiceForm, error) {
	c, err := s.Trace.Choices(p.Context(), p.Platform.ID)
	view := p.serviceForm(f, title, p.number("number"))
	view.People = p.peopleOptions("page.services.choose", c.People, p.Today)
	view.Equipment = p.equipmentOptions("page.services.choose", c.Equipment)
	view.Instructions = p.instructionOptions(c)
	if err == nil {
		err = s.propose(p, f, &view)
	}
	return view, err
}

func (s *Site) newReport(p *Page) error {
	f := p.Form().Set("request", p.number("number")).Set("date", p.Today).Set("analysed_on", p.Today)
	view, err := s.reportForm(p, f, "page.services.new_report")
	if err != nil {
		return err
	}
	return p.Render("services_report", view)
}

func (s *Site) addReport(p *Page) error {
	f := p.Form()
	view, err := s.reportForm(p, f, "page.services.new_report")
	if err != nil {
		return err
	}
	if f.Checked("propose") { // the choices are asked for, nothing is recorded
		return p.Render("services_report", view)
	}
	cmd := reportCommand(p, f)
	if err = f.Err(); err == nil {
		_, err = s.Trace.RecordReport(p.Context(), cmd)
	}
	return p.answerForm("services_report", view, err, view.Number, "page.services.report_added")
}

func invoiceCommand(p *Page, f *Form) trace.RecordInvoice {
	return trace.RecordInvoice{Platform: p.Platform.ID, Number: f.Text("number"), Request: f.Text("request"), Quote: f.Text("quote"),
		Date: f.Date("date"), Total: f.Need("total").Money("total"), External: f.Text("external"), Second: f.Checked("second")}
}

func (s *Site) invoiceForm(p *Page, f *Form) (ServiceForm, *trace.Dossier, error) {
	d, err := s.chainOf(p)
	if err != nil {
		return ServiceForm{}, nil, err
	}
	view := p.serviceForm(f, "page.services.new_invoice", p.number("number"))
	view.Quotes = []Option{{"", p.T("page.services.no_quote")}}
	for _, q := range d.Chain.Quotes {
		view.Quotes = append(view.Quotes, Option{q.Number, q.Number + ", " + p.Money(q.Total)})
	}
	return view, d, nil
}

func (s *Site) newInvoice(p *Page) error {
	f := p.Form().Set("request", p.number("number")).Set("date", p.Today)
	view, d, err := s.invoiceForm(p, f)
	if err != nil {
		return err
	}
	for _, q := range d.Chain.Quotes {
		if q.AcceptedOn != 0 && f.Text("quote") == "" {
			f.Set("quote", q.Number).Set("total", d.ToInvoice())
		}
	}
	return p.Render("services_invoice", view)
}

func (s *Site) addInvoice(p *Page) error {
	f := p.Form()
	view, _, err := s.invoiceForm(p, f)
	if err != nil {
		return err
	}
	cmd := invoiceCommand(p, f)
	if err = f.Err(); err == nil {
		_, err = s.Trace.RecordInvoice(p.Context(), cmd)
	}
	return p.answerForm("services_invoice", view, err, view.Number, "page.services.invoice_added")
}
