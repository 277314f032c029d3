package web

import (
	"slices"

	"maillon/audits"
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/trace"
)

// DossierView is one service chain with what the checks say.
type DossierView struct {
	*trace.Dossier
	Past   qms.Date // the day of the past it is shown as of; none for today
	Closed bool     // the request ended without a report by then
	Fired  []FiredLine
	Checks []CheckLine
	Steps  []ReportStep
	Money  []MoneyLine
	Filled []documents.RecordLine // records about the chain
	Held   []audits.Signature     // that released its reports by the day
}

// FiredLine is a check that fires, in words, and where on the page its record stands.
type FiredLine struct {
	Check  trace.Check
	Words  string
	Anchor string
}

// CheckLine is one check of the chain: passed, failed or not applicable.
type CheckLine struct {
	Check trace.Check
	State string
}

// ReportStep is a report with what stands behind it.
type ReportStep struct {
	trace.Report
	Facts trace.ReportFacts
	State string
}

// MoneyLine is one amount of the chain.
type MoneyLine struct {
	Number string
	Stage  trace.Stage
	Total  qms.Money
}

func (s *Site) dossier(p *Page) error {
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	d, err := s.Trace.Dossier(p.Context(), p.Platform.ID, p.number("number"), asOf)
	if err != nil {
		return err
	}
	p.Title = d.Number
	p.Crumb(p.T("page.services.title"), p.To("services"))
	if r := d.Chain.Request; r.Number != "" && r.Number != d.Number {
		p.Crumb(r.Number, p.To("services", r.Number))
	}
	view := p.dossierView(d)
	view.Filled, err = s.filledAbout(p, documents.AboutService, chainNumbers(d)...)
	if err != nil {
		return err
	}
	view.Held = audits.Held(d.Signed, d.Covered())
	return p.Render("dossier_show", view)
}

func (p *Page) dossierView(d *trace.Dossier) DossierView {
	v := DossierView{Dossier: d, Past: p.asOfNote(d.AsOf), Closed: d.Chain.Request.Closed(d.AsOf)}
	for _, f := range d.Verdict.Fired {
		v.Fired = append(v.Fired, FiredLine{f.Check, p.firedWords(d, f), "r-" + f.Record})
	}
	checks := append(trace.ServiceChecks(), trace.S07)
	slices.Sort(checks)
	for _, check := range checks {
		if check == trace.S11 && !d.Settings.Evidence {
			continue // this platform does not ask for files
		}
		state := "passed"
		switch {
		case d.Verdict.Fires(check):
			state = "failed"
		case !d.Applies(check):
			state = "not-applicable"
		}
		v.Checks = append(v.Checks, CheckLine{check, state})
	}
	for i, r := range d.Chain.Reports {
		v.Steps = append(v.Steps, ReportStep{r, d.Reports[i], stepState(d, r, d.Reports[i])})
	}
	if d.Dangles() {
		return v // one record alone: there is nothing to sum
	}
	for _, q := range d.Chain.Quotes {
		if q.AcceptedOn != 0 {
			v.Money = append(v.Money, MoneyLine{q.Number, trace.StageQuote, q.Total})
		}
	}
	for _, i := range d.Chain.Invoices {
		v.Money = append(v.Money, MoneyLine{i.Number, trace.StageInvoice, i.Total})
	}
	return v
}

// firedWords says why a check fires, with the figures it compared.
func (p *Page) firedWords(d *trace.Dossier, f trace.Fired) string {
	key := "check." + string(f.Check) + ".fired"
	switch f.Check {
	case trace.S03:
		return p.T(key, f.Record, d.SinceReport(), d.Settings.InvoiceDays)
	case trace.S05, trace.S06:
		return p.T(key, f.Record, d.Chain.Quoted(), d.Chain.Invoiced())
	}
	return p.T(key, f.Record)
}

func stepState(d *trace.Dossier, r trace.Report, f trace.ReportFacts) string {
	if !f.Trained || !f.InForce || f.Calibrates && !f.Calibrated {
		return "incoherent"
	}
	for _, fired := range d.Verdict.Fired {
		if fired.Check == trace.S04 && fired.Record == r.Number {
			return "incoherent"
		}
	}
	return "complete"
}

// Who is the name of a person that the dossier names.
func (v DossierView) Who(id qms.ID) string {
	if person, ok := v.People[id]; ok {
		return person.Name
	}
	return string(id)
}

// LastDay is the last day of a period; none when it has no end.
func (v DossierView) LastDay(period qms.Period) qms.Date { return period.Until.AddDays(-1) }

// Next is the stage whose record is missing first, for the one act at the head of the page.
func (v DossierView) Next() *trace.Gap {
	if len(v.Missing) == 0 || v.Past != 0 {
		return nil
	}
	return &v.Missing[0]
}

// OutOfOrder reports whether the record is the one that S04 names.
func (v DossierView) OutOfOrder(number string) bool {
	for _, f := range v.Verdict.Fired {
		if f.Check == trace.S04 && f.Record == number {
			return true
		}
	}
	return false
}

// Gap is what is missing of a stage; nil when nothing is.
func (v DossierView) Gap(stage string) *trace.Gap {
	for i := range v.Missing {
		if v.Missing[i].Stage == trace.Stage(stage) {
			return &v.Missing[i]
		}
	}
	return nil
}
