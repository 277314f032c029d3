package web

import (
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// requestActPages are the acts on a chain beside its records: samples, the end of a request, the
// release of a report, and what is read beside the dossier.
func (s *Site) requestActPages() {
	const one, sample = Prefix + "/services/:number", Prefix + "/services/samples/:number"
	s.both(one+"/close", qms.WriteTrace, s.newClosing, s.addClosing)
	s.both(one+"/reopen", qms.WriteTrace, s.newClosing, s.addClosing)
	s.both(one+"/release", qms.WriteTrace, s.newRelease, s.addRelease)
	s.both(one+"/sample", qms.WriteTrace, s.newSample, s.addSample)
	s.both(sample+"/correct", qms.WriteTrace, s.editSample, s.changeSample)
	s.both(sample+"/fate", qms.WriteTrace, s.editSample, s.changeSample)
	s.both(sample+"/void", qms.WriteTrace, s.editSample, s.changeSample)
	s.page(one+"/times", qms.ReadTrace, s.dossierTimes)
	s.page(one+"/journal", qms.ReadTrace, s.dossierJournal)
	s.page(one+"/cover", qms.ReadTrace, s.reportCover)
}

// closingForm is the form that closes the request in the path, or opens it again.
func (s *Site) closingForm(p *Page, f *Form) (ServiceForm, *trace.Request, error) {
	r, err := s.Trace.Request(p.Context(), p.Platform.ID, p.number("number"))
	if err != nil {
		return ServiceForm{}, nil, err
	}
	view := p.serviceForm(f, "page.services."+p.lastPart(), r.Number)
	view.Answers = p.options("ending.", trace.Infeasible, trace.Cancelled, trace.Elsewhere)
	return view, r, nil
}

func (s *Site) newClosing(p *Page) error {
	f := p.Form()
	view, r, err := s.closingForm(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", r.Revision).Set("on", p.Today)
	if r.Feasible == trace.NotFeasible {
		f.Set("as", trace.Infeasible)
	}
	return p.Render("services_"+p.lastPart(), view)
}

func (s *Site) addClosing(p *Page) error {
	f := p.Form()
	view, r, err := s.closingForm(p, f)
	if err != nil {
		return err
	}
	act, target := p.lastPart(), p.target(f, r.ID)
	cmd := trace.CloseRequest{Target: target, As: trace.Ending(f.Text("as")), On: f.Date("on")}
	if err = f.Err(); err == nil && act == "close" {
		_, err = s.Trace.CloseRequest(p.Context(), cmd)
	} else if err == nil {
		_, err = s.Trace.ReopenRequest(p.Context(), target)
	}
	return p.answerForm("services_"+act, view, err, r.Number, "page.services.done_"+act)
}

func (s *Site) releaseForm(p *Page, f *Form) (ServiceForm, *trace.Report, error) {
	r, err := s.Trace.Report(p.Context(), p.Platform.ID, p.number("number"))
	if err != nil {
		return ServiceForm{}, nil, err
	}
	c, err := s.Trace.Choices(p.Context(), p.Platform.ID)
	view := p.serviceForm(f, "page.dossier.do_release", r.Number)
	view.Record, view.People = r.Number, p.peopleOptions("page.services.choose", c.People, p.Today)
	return view, r, err
}

func (s *Site) newRelease(p *Page) error {
	f := p.Form()
	view, r, err := s.releaseForm(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", r.Revision).Set("on", p.Today).Set("by", p.Actor.ID)
	return p.Render("services_release", view)
}

func (s *Site) addRelease(p *Page) error {
	f := p.Form()
	view, r, err := s.releaseForm(p, f)
	if err != nil {
		return err
	}
	cmd := trace.ReleaseReport{Target: p.target(f, r.ID), By: f.ID("by"), On: f.Date("on")}
	err = f.Err()
	if cmd.Signs = cmd.By == p.Actor.ID; cmd.Signs && err == nil { // who releases signs; for another it is noted
		err = s.People.Confirm(p.Context(), f.Raw("password"))
	}
	if err == nil {
		_, err = s.Trace.ReleaseReport(p.Context(), cmd)
	}
	return p.answerForm("services_release", view, err, r.Number, "page.services.released")
}

// sampleForm is a form about a sample; record is that sample, nil for a new one.
func (s *Site) sampleForm(p *Page, f *Form, title, request string, record *trace.Sample) (ServiceForm, error) {
	c, err := s.Trace.Choices(p.Context(), p.Platform.ID)
	view := p.serviceForm(f, title, request)
	view.People = p.peopleOptions("page.services.choose", c.People, p.Today)
	view.Answers = p.options("fate.", trace.Kept, trace.Returned, trace.Destroyed, trace.Consumed)
	if record != nil {
		view.Record = record.Number
	}
	return view, err
}

func sampleCommand(p *Page, f *Form) trace.ReceiveSample {
	return trace.ReceiveSample{Platform: p.Platform.ID, Number: f.Text("number"), Request: f.Text("request"), Description: f.Text("description"),
		Quantity: f.Text("quantity"), ReceivedOn: f.Date("received_on"), ReceivedBy: f.ID("received_by"), Condition: f.Text("condition"), Place: f.Text("place")}
}

func (s *Site) newSample(p *Page) error {
	f := p.Form().Set("request", p.number("number")).Set("received_on", p.Today)
	view, err := s.sampleForm(p, f, "page.samples.receive", p.number("number"), nil)
	if err != nil {
		return err
	}
	return p.Render("sample_form", view)
}

func (s *Site) addSample(p *Page) error {
	f := p.Form()
	cmd := sampleCommand(p, f)
	view, err := s.sampleForm(p, f, "page.samples.receive", p.number("number"), nil)
	if err != nil {
		return err
	}
	if err = f.Err(); err == nil {
		_, err = s.Trace.ReceiveSample(p.Context(), cmd)
	}
	return p.answerForm("sample_form", view, err, cmd.Request, "page.samples.received_done")
}

// sampleOf is the sample in the path and the form of the act that the path ends in.
func (s *Site) sampleOf(p *Page, f *Form) (sample *trace.Sample, page string, view ServiceForm, err error) {
	if sample, err = s.Trace.Sample(p.Context(), p.Platform.ID, p.number("number")); err != nil {
		return nil, "", view, err
	}
	page, title := "sample_form", "page.services.correct"
	switch p.lastPart() {
	case "fate":
		page, title = "sample_fate", "page.samples.settle"
	case "void":
		page, title = "sample_void", "page.services.void"
	}
	view, err = s.sampleForm(p, f, title, sample.Request, sample)
	return sample, page, view, err
}

func (s *Site) editSample(p *Page) error {
	f := p.Form()
	sample, page, view, err := s.sampleOf(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", sample.Revision).Set("request", sample.Request).Set("description", sample.Description).Set("quantity", sample.Quantity).
		Set("received_on", sample.ReceivedOn).Set("received_by", sample.ReceivedBy).Set("condition", sample.Condition).Set("place", sample.Place).
		Set("fate", sample.Fate).Set("by", sample.FateBy).Set("note", sample.FateNote)
	if on := sample.FateOn; on != 0 {
		f.Set("on", on)
	} else {
		f.Set("on", p.Today)
	}
	return p.Render(page, view)
}

func (s *Site) changeSample(p *Page) error {
	f := p.Form()
	sample, page, view, err := s.sampleOf(p, f)
	if err != nil {
		return err
	}
	target, cmd := p.target(f, sample.ID), sampleCommand(p, f)
	settle := trace.SettleSample{Target: target, Fate: trace.Fate(f.Text("fate")), On: f.Date("on"), By: f.ID("by"), Note: f.Text("note")}
	if err = f.Err(); err == nil {
		switch p.lastPart() {
		case "fate":
			_, err = s.Trace.SettleSample(p.Context(), settle)
		case "void":
			_, err = s.Trace.VoidSample(p.Context(), target)
		default:
			_, err = s.Trace.CorrectSample(p.Context(), target, cmd)
		}
	}
	return p.answerForm(page, view, err, sample.Request, "page.samples.changed")
}

// TimesView is how long a chain took, beside what is usual on the platform.
type TimesView struct {
	Number string
	Times  []trace.Time
}

func (s *Site) dossierTimes(p *Page) error {
	d, err := s.chainOf(p)
	if err != nil {
		return err
	}
	usual, err := s.Trace.Pace(p.Context(), p.Platform.ID, 0)
	if err != nil {
		return err
	}
	view := TimesView{Number: d.Number, Times: d.Times()}
	for i := range view.Times {
		view.Times[i].Median, view.Times[i].Of = usual[i].Median, usual[i].Of
	}
	if p.IsFragment() {
		return p.Fragment("dossier_times", "times", view)
	}
	p.serviceForm(p.Form(), "page.times.title", d.Number)
	return p.Render("dossier_times", view)
}

// DossierJournalView is the acts about the records of a chain, the latest first.
type DossierJournalView struct {
	Number  string
	Entries []store.JournalEntry
	More    bool
}

func (s *Site) dossierJournal(p *Page) error {
	d, err := s.chainOf(p)
	if err != nil {
		return err
	}
	view := DossierJournalView{Number: d.Number}
	if view.Entries, view.More, err = s.Trace.Journal(p.Context(), p.Platform.ID, d); err != nil {
		return err
	}
	if p.IsFragment() {
		return p.Fragment("dossier_journal", "journal", view)
	}
	p.serviceForm(p.Form(), "page.nav.trail", d.Number)
	return p.Render("dossier_journal", view)
}
