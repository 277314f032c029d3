package web

import (
	"strings"

	"maillon/qms"
	"maillon/qms/trace"
)

func (s *Site) servicePages() {
	const one = Prefix + "/services/:number"
	s.page(Prefix+"/services", qms.ReadTrace, s.services)
	s.both(Prefix+"/services/new", qms.WriteTrace, s.newRequest, s.addRequest)
	s.page(one, qms.ReadTrace, s.dossier)
	s.both(one+"/review", qms.WriteTrace, s.newReview, s.addReview)
	s.both(one+"/quote", qms.WriteTrace, s.newQuote, s.addQuote)
	s.page(one+"/quote.pdf", qms.ReadTrace, s.quotePDF)
	s.both(one+"/accept", qms.WriteTrace, s.newAnswer, s.addAnswer)
	s.both(one+"/refuse", qms.WriteTrace, s.newAnswer, s.addAnswer)
	s.both(one+"/report", qms.WriteTrace, s.newReport, s.addReport)
	s.both(one+"/invoice", qms.WriteTrace, s.newInvoice, s.addInvoice)
	s.both(one+"/correct", qms.WriteTrace, s.newCorrection, s.addCorrection)
	s.both(one+"/void", qms.WriteTrace, s.newVoid, s.addVoid)
}

// ServicesView is the list of service chains.
type ServicesView struct {
	Lines    []trace.ServiceLine
	Next     string
	Form     *Form
	States   []Option
	Checks   []Option
	Statuses []Option
	Steps    []Option
	Chips    []Chip
	AsOf     qms.Date // of the past; none for today
	Waiting  int64    // received requests that wait, for who decides on them
}

func (s *Site) services(p *Page) error {
	f := p.filterForm("state", "step", "check", "status", "from", "to", "as_of", "q")
	asOf, err := p.AsOf()
	filter := trace.ServiceFilter{AsOf: asOf, State: trace.State(f.Text("state")), Check: trace.Check(f.Text("check")),
		ClientStatus: f.Text("status"), From: f.Date("from"), To: f.Date("to"), Text: f.Text("q"), Sort: p.Query("sort"), Step: trace.Awaited(f.Text("step"))}
	p.SortBy("-date")
	view := ServicesView{Steps: p.stepOptions(), Form: f, States: p.stateOptions(), Checks: p.checkOptions(trace.ServiceChecks()), Statuses: p.statusOptions("page.services.all_statuses"),
		AsOf: p.asOfNote(asOf), Chips: p.filterChips("state", "step", "check", "status", "from", "to", "as_of", "q")}
	p.Title, p.Wide = p.T("page.services.title"), true
	if err == nil {
		err = f.Err()
	}
	if err != nil {
		return p.Again("services_list", f, err, view)
	}
	if p.Exported() {
		return s.exportServices(p, filter)
	}
	page, err := s.Trace.Services(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	view.Lines, view.Next = page.Items, page.Next
	for _, status := range append(lineStatuses(page.Items), filter.ClientStatus) { // those of the platform's own
		view.Statuses = with(view.Statuses, status, p.clientStatus(status))
	}
	if p.Can(qms.WriteTrace) {
		if view.Waiting, _, err = s.Trace.Inbox(p.Context(), p.Platform.ID); err != nil {
			return err
		}
	}
	return p.Render("services_list", view)
}

func (s *Site) exportServices(p *Page, filter trace.ServiceFilter) error {
	return p.Export(export{
		name: "services-" + filter.AsOf.String(),
		heads: []string{"page.services.number", "page.services.date", "page.services.client", "page.services.client_status", "page.services.subject",
			"page.services.state", "page.services.checks", "page.services.quoted", "page.services.invoiced"},
		kinds: map[int]cell{1: dayCell, 7: sumCell, 8: sumCell}, fixed: 1,
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Trace.Services(p.Context(), p.Platform.ID, filter, c)
			for _, l := range page.Items {
				var checks []string
				for _, f := range l.Fired {
					checks = append(checks, string(f.Check))
				}
				lines = append(lines, []string{l.Request.Number, p.InputDate(l.Request.Date), l.Request.Client, l.Request.ClientStatus, l.Request.Subject,
					p.T("state." + string(l.State)), strings.Join(checks, " "), p.amount(l.Quoted), p.amount(l.Invoiced)})
			}
			return lines, page.Next, err
		},
	})
}

// filterForm reads the filters of a list from the address.
func (p *Page) filterForm(names ...string) *Form {
	f := p.Form()
	for _, name := range names {
		if v := p.Query(name); v != "" {
			f.Set(name, v)
		}
	}
	return f
}

// filterChips are the filters in force in the reader's words.
func (p *Page) filterChips(names ...string) []Chip {
	return p.Chips(func(name, value string) string {
		switch name {
		case "state", "standing":
			return p.T("state." + value)
		case "check":
			return value
		case "step":
			if key := "page.services.step_" + value; p.Has(key) {
				return p.T(key)
			}
			return value
		case "status":
			return p.clientStatus(value)
		case "from", "to", "as_of":
			d, err := ParseDate(value)
			if err != nil {
				return ""
			}
			return p.T("page.services.chip_"+name, d)
		case "q", "category":
			return value
		}
		return p.T("page.services.chip_" + name)
	}, names...)
}

func (p *Page) stateOptions() []Option {
	options := []Option{{"", p.T("page.services.all_states")}}
	return append(options, p.options("state.", trace.Broken, trace.Open, trace.Complete)...)
}

// stepOptions are what chains may wait for.
func (p *Page) stepOptions() []Option {
	options := []Option{{"", p.T("page.services.any_step")}}
	return append(options, p.options("page.services.step_", trace.AwaitsQuote, trace.AwaitsAnswer, trace.AwaitsInvoice)...)
}

func (p *Page) checkOptions(checks []trace.Check) []Option {
	options := []Option{{"", p.T("page.services.all_checks")}}
	for _, c := range checks {
		options = append(options, Option{string(c), string(c) + ", " + p.T("check."+string(c)+".title")})
	}
	return options
}

// statusOptions are the usual statuses of clients, after a line for none.
func (p *Page) statusOptions(none string) []Option {
	options := []Option{{"", p.T(none)}}
	for _, status := range []string{trace.Internal, trace.Academic, trace.Industrial} {
		options = append(options, Option{status, p.clientStatus(status)})
	}
	return options
}

// lineStatuses are the statuses of the clients on a page of the list.
func lineStatuses(lines []trace.ServiceLine) (all []string) {
	for _, l := range lines {
		all = append(all, l.Request.ClientStatus)
	}
	return all
}

// clientStatus is the status in the reader's words where it is one of the usual ones.
func (p *Page) clientStatus(status string) string {
	if key := "client_status." + status; p.Has(key) {
		return p.T(key)
	}
	return status
}

// ClientStatus is clientStatus for templates.
func (p *Page) ClientStatus(status string) string { return p.clientStatus(status) }
