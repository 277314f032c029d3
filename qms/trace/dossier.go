package trace

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// Dossier is a whole service chain as of a day, entered from any of its records, with what the checks
// say and what is missing. A record that names a request which does not exist has a dossier too, of
// itself alone: it belongs to no chain (S07).
type Dossier struct {
	AsOf     qms.Date
	Entered  Stage  // by which kind of record it was asked for
	Number   string // of that record
	Named    string // the request that the record is or names
	Chain    Chain  // what counts as of the day, each stage by date; without a request when it dangles
	Astray   []Invoice
	Set      Aside
	Verdict  Verdict
	Settings CheckSettings
	Reports  []ReportFacts // beside Chain.Reports, in the same order
	Missing  []Gap
	Samples  []Sample              // that count, by number
	Evidence map[qms.ID][]Evidence // files of its records, void ones too, as of the day
	Unfiled  []string              // numbers of the records without a file, where S11 is made
	People   map[qms.ID]Person     // whom the records name
	Signed   []store.Endorsed      // that released its reports by the day, the newest first
}

// Aside is what is on record of the chain and does not count as of the day: void, or dated later.
type Aside struct {
	Request  *Request
	Quotes   []Quote
	Reports  []Report
	Invoices []Invoice
	Samples  []Sample
}

// Empty reports whether nothing is set aside.
func (a Aside) Empty() bool {
	return a.Request == nil && len(a.Quotes)+len(a.Reports)+len(a.Invoices)+len(a.Samples) == 0
}

// Dangles reports whether the records name a request that does not exist as of the day.
func (d *Dossier) Dangles() bool { return d.Chain.Request.Number == "" }

// Home is the number that its page opens under: the request's, or where there is none that of the record
// it was asked for by.
func (d *Dossier) Home() string {
	if d.Dangles() {
		return d.Number
	}
	return d.Chain.Request.Number
}

// ToInvoice is what was accepted and is not invoiced yet; negative when more was invoiced.
func (d *Dossier) ToInvoice() qms.Money { return d.Chain.Quoted() - d.Chain.Invoiced() }

// ReportFacts is what stands behind a report on its day of analysis.
type ReportFacts struct {
	Equipment   Equipment
	Training    *Training // that held, else the last one begun by then; nil when there is none
	Trained     bool
	Calibration *Calibration // likewise
	Calibrated  bool
	Calibrates  bool       // the equipment is under calibration
	Instruction qms.Period // days in force of the version named
	Known       bool       // that version is on record
	InForce     bool
}

// Gap is a link of the chain that is not there yet.
type Gap struct {
	Stage  Stage     // whose record is missing; StageQuote with Number for one that is not accepted
	Number string    // of the quote that waits for an answer
	Broken bool      // a check fires for want of it; else it is merely what comes next
	Check  Check     // the one that fires
	Days   int       // since the latest report, for an invoice
	Amount qms.Money // to invoice, for an invoice
}

// Dossier reads the chain that the number belongs to: of a request, quote, report or invoice, in any
// case; of a sample it is that of its request. It takes three statements whatever the chain holds. asOf 0
// is today.
func (s *Service) Dossier(ctx context.Context, platform qms.ID, number string, asOf qms.Date) (d *Dossier, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		d, err = s.DossierIn(ctx, r, platform, number, asOf)
		return err
	})
	return d, err
}

// DossierIn is Dossier within a transaction of the caller's, who has seen to the right to read.
func (s *Service) DossierIn(ctx context.Context, r store.Reader, platform qms.ID, number string, asOf qms.Date) (*Dossier, error) {
	if asOf == 0 {
		asOf = r.Today()
	}
	number = Normal(number)
	all, err := wholeChain(ctx, r, platform, number, asOf)
	if err != nil {
		return nil, err
	}
	d := &Dossier{AsOf: asOf, Number: number, Entered: all.stageOf(number), Named: all.request}
	if d.Entered == "" {
		return nil, qms.NotFound("record.not_found")
	}
	all.chain.Request.discreet(r.Actor())
	d.part(all)
	d.Signed = all.signedBy(asOf)
	if d.Dangles() {
		d.single()
	}
	instructions, err := s.periodsOf(ctx, r, platform, all.chain.Reports)
	if err != nil {
		return nil, err
	}
	d.judge(all.facts, instructions)
	d.People, err = s.namesIn(ctx, r, platform, d)
	return d, err
}

// filed reports whether the record has a file that counts as of the day.
func (d *Dossier) filed(record qms.ID) bool {
	return slices.ContainsFunc(d.Evidence[record], func(e Evidence) bool { return e.Void == "" && e.AddedOn <= d.AsOf })
}

// eachRecord tells the number and the identifier of every record of the chain, upstream first.
func (c *Chain) eachRecord(tell func(number string, id qms.ID)) {
	if c.Request.Number != "" {
		tell(c.Request.Number, c.Request.ID)
	}
	for i := range c.Quotes {
		tell(c.Quotes[i].Number, c.Quotes[i].ID)
	}
	for i := range c.Reports {
		tell(c.Reports[i].Number, c.Reports[i].ID)
	}
	for i := range c.Invoices {
		tell(c.Invoices[i].Number, c.Invoices[i].ID)
	}
}

// stageOf is the kind of record that has the number.
func (w *whole) stageOf(number string) Stage {
	switch {
	case w.chain.Request.Number == number:
		return StageRequest
	case slices.ContainsFunc(w.chain.Quotes, func(q Quote) bool { return q.Number == number }):
		return StageQuote
	case slices.ContainsFunc(w.chain.Reports, func(r Report) bool { return r.Number == number }):
		return StageReport
	case slices.ContainsFunc(w.chain.Invoices, func(i Invoice) bool { return i.Number == number }):
		return StageInvoice
	case slices.ContainsFunc(w.samples, func(s Sample) bool { return s.Number == number }):
		return StageSample
	}
	return ""
}

// part tells what counts as of the day from what does not.
func (d *Dossier) part(w *whole) {
	d.Chain = w.chain.AsOf(d.AsOf)
	if r := w.chain.Request; r.Number != "" && (r.Void != "" || r.Date > d.AsOf) {
		d.Set.Request, d.Chain.Request = &r, Request{}
	}
	for _, q := range w.chain.Quotes {
		if q.Void != "" || q.Date > d.AsOf {
			d.Set.Quotes = append(d.Set.Quotes, q)
		}
	}
	for _, r := range w.chain.Reports {
		if r.Void != "" || r.Date > d.AsOf {
			d.Set.Reports = append(d.Set.Reports, r)
		}
	}
	counting := d.Chain.Invoices
	d.Chain.Invoices = nil
	for _, i := range counting {
		if w.orphans[i.Number] {
			d.Astray = append(d.Astray, i)
		} else {
			d.Chain.Invoices = append(d.Chain.Invoices, i)
		}
	}
	for _, i := range w.chain.Invoices {
		if i.Void != "" || i.Date > d.AsOf {
			d.Set.Invoices = append(d.Set.Invoices, i)
		}
	}
	d.samples(w)
	d.files(w)
	slices.SortStableFunc(d.Chain.Quotes, func(a, b Quote) int { return int(a.Date - b.Date) })
	slices.SortStableFunc(d.Chain.Reports, func(a, b Report) int { return int(a.Date - b.Date) })
	slices.SortStableFunc(d.Chain.Invoices, func(a, b Invoice) int { return int(a.Date - b.Date) })
}

// single leaves of the records that name the same missing request the one that was asked for.
func (d *Dossier) single() {
	c := &d.Chain
	c.Quotes = slices.DeleteFunc(c.Quotes, func(q Quote) bool { return q.Number != d.Number || d.Entered != StageQuote })
	c.Reports = slices.DeleteFunc(c.Reports, func(r Report) bool { return r.Number != d.Number || d.Entered != StageReport })
	alone := func(i Invoice) bool { return i.Number != d.Number || d.Entered != StageInvoice }
	c.Invoices, d.Astray = slices.DeleteFunc(c.Invoices, alone), slices.DeleteFunc(d.Astray, alone)
}

// judge makes the checks and gathers what stands behind the reports.
func (d *Dossier) judge(f *facts, instructions map[string]map[string]qms.Period) {
	d.Settings = f.settings
	g := f.ground(d.AsOf, instructions)
	if g.evidence {
		g.Filed = d.filed
	}
	for _, r := range d.Chain.Reports {
		d.Reports = append(d.Reports, factsBehind(r, f, g))
	}
	if d.Dangles() {
		d.Verdict = Verdict{State: Broken, Fired: []Fired{{Check: S07, Record: d.Number}}}
		return
	}
	d.Verdict = judge(&d.Chain, g, nil)
	if g.Filed != nil {
		d.Chain.eachRecord(func(number string, id qms.ID) {
			if !g.Filed(id) {
				d.Unfiled = append(d.Unfiled, number)
			}
		})
	}
	for _, i := range d.Astray { // the chain is not at fault, its reader should know
		d.Verdict.Fired = append(d.Verdict.Fired, Fired{Check: S07, Record: i.Number})
	}
	d.Missing = gaps(&d.Chain, d.Verdict, d.AsOf)
}

func factsBehind(r Report, f *facts, g *Ground) ReportFacts {
	out := ReportFacts{Equipment: f.equipment[r.Equipment]}
	out.Trained = g.Trainings[Pair{r.Operator, r.Equipment}].On(r.AnalysedOn)
	for i := range f.trainings {
		t := &f.trainings[i]
		if t.Person != r.Operator || t.Equipment != r.Equipment || t.Void != "" || t.Date > r.AnalysedOn || t.Date > g.AsOf {
			continue
		}
		if out.Training == nil || preferred(t.Validity(), out.Training.Validity(), r.AnalysedOn) {
			out.Training = t
		}
	}
	held, calibrates := g.Calibrations[r.Equipment]
	out.Calibrates, out.Calibrated = calibrates, held.On(r.AnalysedOn)
	for i := range f.calibrations {
		c := &f.calibrations[i]
		if c.Equipment == r.Equipment && c.Void == "" && c.Date <= r.AnalysedOn && c.Date <= g.AsOf &&
			(out.Calibration == nil || c.Date > out.Calibration.Date || c.Date == out.Calibration.Date && c.Outcome == Conforming) {
			out.Calibration = c
		}
	}
	out.Instruction, out.Known = g.Instructions[r.Instruction][r.InstructionVersion]
	out.InForce = out.Known && out.Instruction.Contains(r.AnalysedOn)
	return out
}

// preferred puts a period that holds on the day before one that does not, then the one begun last.
func preferred(p, other qms.Period, day qms.Date) bool {
	if p.Contains(day) != other.Contains(day) {
		return p.Contains(day)
	}
	return p.From > other.From
}

// gaps lists what is missing in the chain, upstream first: what a check fires for, and then, when the
// chain holds so far, the one thing that comes next.
func gaps(c *Chain, v Verdict, asOf qms.Date) []Gap {
	var out []Gap
	accepted := c.accepted() != nil
	if c.Request.Closed(asOf) || c.Request.Feasible == NotFeasible && len(c.Quotes)+len(c.Reports)+len(c.Invoices) == 0 {
		return nil // it ended without a report: nothing comes next
	}
	if !accepted {
		g := Gap{Stage: StageQuote, Broken: v.Fires(S01)}
		if g.Broken {
			g.Check = S01
		}
		for _, q := range c.Quotes {
			if q.RefusedOn == 0 {
				g.Number = q.Number
			}
		}
		if g.Broken || len(c.Quotes) == 0 || g.Number != "" {
			out = append(out, g)
		}
	}
	if len(c.Reports) == 0 && (accepted || len(c.Invoices) > 0) {
		out = append(out, Gap{Stage: StageReport, Broken: v.Fires(S02), Check: fired(v, S02)})
	}
	if len(c.Invoices) == 0 && len(c.Reports) > 0 {
		latest := c.Reports[len(c.Reports)-1].Date
		out = append(out, Gap{Stage: StageInvoice, Broken: v.Fires(S03), Check: fired(v, S03),
			Days: latest.DaysUntil(asOf), Amount: c.Quoted()})
	}
	return out
}

func fired(v Verdict, check Check) Check {
	if v.Fires(check) {
		return check
	}
	return ""
}

// Applies reports whether the check has something to look at in the chain; one that has not is
// neither held nor broken.
func (d *Dossier) Applies(check Check) bool {
	quotes, reports, invoices := len(d.Chain.Quotes), len(d.Chain.Reports), len(d.Chain.Invoices)
	if d.Dangles() {
		return check == S07
	}
	switch check {
	case S01:
		return reports+invoices > 0
	case S02:
		return invoices > 0
	case S03:
		return reports > 0 && invoices == 0
	case S04:
		return quotes+reports+invoices > 0
	case S05:
		return invoices > 0 && d.Chain.accepted() != nil
	case S06:
		return invoices > 1
	case S08, S09:
		return reports > 0
	case S11:
		return d.Settings.Evidence
	case S10:
		return slices.ContainsFunc(d.Reports, func(r ReportFacts) bool { return r.Calibrates })
	}
	return true
}

// SinceReport is how many days the latest report is old as of the day; 0 when there is none.
func (d *Dossier) SinceReport() int {
	if n := len(d.Chain.Reports); n > 0 {
		return d.Chain.Reports[n-1].Date.DaysUntil(d.AsOf)
	}
	return 0
}
