package web

import (
	"strings"

	"maillon/qms"
	"maillon/qms/trace"
)

// lastPart is the end of the path: the act that a page is for.
func (p *Page) lastPart() string {
	path := p.c.Path()
	return path[strings.LastIndexByte(path, '/')+1:]
}

// recordOf finds the record in the path among those of its dossier, void ones left out.
func recordOf(d *trace.Dossier) (page string, row qms.Row, request string, ok bool) {
	switch d.Entered {
	case trace.StageRequest:
		return "services_request", d.Chain.Request.Row, d.Number, d.Chain.Request.Number == d.Number
	case trace.StageQuote:
		for _, q := range d.Chain.Quotes {
			if q.Number == d.Number {
				return "services_quote", q.Row, q.Request, true
			}
		}
	case trace.StageReport:
		for _, r := range d.Chain.Reports {
			if r.Number == d.Number {
				return "services_report", r.Row, r.Request, true
			}
		}
	case trace.StageInvoice:
		for _, i := range append(d.Chain.Invoices, d.Astray...) {
			if i.Number == d.Number {
				return "services_invoice", i.Row, i.Request, true
			}
		}
	}
	return "", qms.Row{}, "", false
}

// correction is the form that corrects the record in the path.
func (s *Site) correction(p *Page, f *Form) (d *trace.Dossier, name string, row qms.Row, view ServiceForm, err error) {
	if d, err = s.chainOf(p); err != nil {
		return nil, "", row, view, err
	}
	name, row, request, ok := recordOf(d)
	if !ok {
		return nil, "", row, view, qms.NotFound("record.not_found")
	}
	switch d.Entered {
	case trace.StageReport:
		view, err = s.reportForm(p, f, "page.services.correct")
	case trace.StageQuote:
		view, err = s.quoteCorrection(p, f, d)
	case trace.StageInvoice:
		view, _, err = s.invoiceForm(p, f)
		p.Title = p.T("page.services.correct")
	default:
		view = p.serviceForm(f, "page.services.correct", d.Number)
	}
	view.Number, view.Record, view.Home = request, d.Number, d.Home()
	return d, name, row, view, err
}

func (s *Site) newCorrection(p *Page) error {
	f := p.Form()
	d, name, row, view, err := s.correction(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", row.Revision)
	view.prefill(p, f, d)
	return p.Render(name, view)
}

// prefill shows what the record states.
func (v *ServiceForm) prefill(p *Page, f *Form, d *trace.Dossier) {
	switch d.Entered {
	case trace.StageRequest:
		r := d.Chain.Request
		f.Set("date", r.Date).Set("client", r.Client).Set("client_status", r.ClientStatus).Set("subject", r.Subject).Set("samples", r.Samples).
			Set("contact_name", r.ContactName).Set("contact_email", r.ContactEmail).Set("description", r.Description).Set("wished_on", r.WishedOn)
		v.Statuses = with(v.Statuses, r.ClientStatus, r.ClientStatus)
	case trace.StageQuote:
		for _, q := range d.Chain.Quotes {
			if q.Number == d.Number {
				v.prefillQuote(p, f, &q)
			}
		}
	case trace.StageReport:
		v.prefillReport(f, d)
	case trace.StageInvoice:
		for _, i := range append(d.Chain.Invoices, d.Astray...) {
			if i.Number == d.Number {
				f.Set("request", i.Request).Set("quote", i.Quote).Set("date", i.Date).Set("total", i.Total).Set("external", i.External)
				v.Quotes = with(v.Quotes, i.Quote, i.Quote)
			}
		}
	}
}

func (v *ServiceForm) prefillReport(f *Form, d *trace.Dossier) {
	for i, r := range d.Chain.Reports {
		if r.Number != d.Number {
			continue
		}
		instruction := r.Instruction + " " + r.InstructionVersion
		f.Set("request", r.Request).Set("date", r.Date).Set("analysed_on", r.AnalysedOn).Set("operator", r.Operator).
			Set("equipment", r.Equipment).Set("instruction", instruction).Set("data_place", r.DataPlace).Set("released_by", r.ReleasedBy)
		v.Instructions = with(v.Instructions, instruction, instruction)
		v.Equipment = with(v.Equipment, string(r.Equipment), d.Reports[i].Equipment.Code)
		v.Operators = with(v.Operators, string(r.Operator), d.People[r.Operator].Name)
		v.People = with(v.People, string(r.ReleasedBy), d.People[r.ReleasedBy].Name)
	}
}

func (s *Site) addCorrection(p *Page) error {
	f := p.Form()
	d, name, row, view, err := s.correction(p, f)
	if err != nil {
		return err
	}
	target := p.target(f, row.ID)
	var correct func() error
	switch d.Entered {
	case trace.StageRequest:
		cmd := requestCommand(p, f)
		view.Statuses = with(view.Statuses, cmd.ClientStatus, cmd.ClientStatus)
		correct = func() error { _, err := s.Trace.CorrectRequest(p.Context(), target, cmd); return err }
	case trace.StageQuote:
		cmd := quoteCommand(p, f, view.Lines)
		if p.recounts(f) {
			return p.recount(view)
		}
		correct = func() error {
			_, err := s.Trace.CorrectQuote(p.Context(), target, cmd)
			return view.Lines.named(err)
		}
	case trace.StageReport:
		cmd := reportCommand(p, f)
		view.prefillReport(&Form{printer: f.printer, values: map[string][]string{}}, d)
		correct = func() error { _, err := s.Trace.CorrectReport(p.Context(), target, cmd); return err }
	default:
		cmd := invoiceCommand(p, f)
		correct = func() error { _, err := s.Trace.CorrectInvoice(p.Context(), target, cmd); return err }
	}
	if err = f.Err(); err == nil {
		err = correct()
	}
	return p.answerForm(name, view, err, d.Number, "page.services.corrected")
}

func (s *Site) newVoid(p *Page) error {
	f := p.Form()
	_, _, row, view, err := s.correction(p, f)
	if err != nil {
		return err
	}
	p.Title = p.T("page.services.void")
	f.Set("revision", row.Revision)
	return p.Render("services_void", view)
}

func (s *Site) addVoid(p *Page) error {
	f := p.Form()
	d, _, row, view, err := s.correction(p, f)
	if err != nil {
		return err
	}
	p.Title = p.T("page.services.void")
	target := p.target(f, row.ID)
	if err = f.Err(); err == nil {
		switch d.Entered {
		case trace.StageRequest:
			_, err = s.Trace.VoidRequest(p.Context(), target)
		case trace.StageQuote:
			_, err = s.Trace.VoidQuote(p.Context(), target)
		case trace.StageReport:
			_, err = s.Trace.VoidReport(p.Context(), target)
		default:
			_, err = s.Trace.VoidInvoice(p.Context(), target)
		}
	}
	return p.answerForm("services_void", view, err, d.Number, "page.services.voided")
}
