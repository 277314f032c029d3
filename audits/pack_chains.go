package audits

import (
	"cmp"
	"context"
	"slices"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/trace"
)

// chains reads the service chains with what the checks say, and the uses that no training covers.
func (g *gathering) chains(ctx context.Context) error {
	if g.again("chains") {
		return nil
	}
	happened := newSpan(g.from)
	verdicts, findings, err := g.examined(ctx, happened)
	if err != nil {
		return err
	}
	pieces, err := g.s.trace.EquipmentByID(ctx, g.r, g.platform)
	if err != nil {
		return err
	}
	records, err := g.records(ctx)
	if err != nil {
		return err
	}
	for _, request := range records.requests {
		verdict, told := verdicts[request.Number]
		if !told {
			continue
		}
		chain := trace.Chain{Request: request, Quotes: records.quotes[request.Number], Reports: records.reports[request.Number],
			Invoices: records.invoices[request.Number]}.AsOf(g.asOf)
		g.shownChain(chain)
		service := g.service(chain, verdict)
		for _, f := range verdict.Fired {
			service.Findings = append(service.Findings, pack.Finding{Check: string(f.Check), Record: other(f.Record, request.Number),
				Detail: g.detail(chain, f, pieces)})
		}
		g.c.Services = append(g.c.Services, service)
	}
	g.dangling(findings.Dangling, records)
	g.exercise(findings, happened)
	return g.uncovered(ctx, happened.uncovered(findings.Uncovered), pieces)
}

// examined makes the full check: it counts what happened in the period, and keeps the verdicts on its
// chains by their requests.
func (g *gathering) examined(ctx context.Context, happened *span) (map[string]trace.Verdict, *trace.Findings, error) {
	verdicts := map[string]trace.Verdict{}
	g.used = useTally{}
	findings, err := g.s.trace.Examine(ctx, g.r, g.platform, g.asOf, trace.Visitor{
		Chain: func(v trace.ChainVerdict) error {
			if happened.chain(v) {
				v.Verdict.Fired = slices.Clone(v.Verdict.Fired) // it is reused for the next chain
				verdicts[v.Chain.Request.Number] = v.Verdict
			}
			return nil
		},
		Use: func(v trace.UseVerdict) error {
			if v.Use.Date >= g.from {
				g.used.add(v)
			}
			return happened.use(v)
		},
	})
	return verdicts, findings, err
}

func (g *gathering) shownChain(c trace.Chain) {
	g.shown(c.Request.ID)
	for _, q := range c.Quotes {
		g.shown(q.ID)
	}
	for _, r := range c.Reports {
		g.shown(r.ID)
	}
	for _, i := range c.Invoices {
		g.shown(i.ID)
	}
}

// other is the record unless it is the request itself.
func other(record, request string) string {
	if record == request {
		return ""
	}
	return record
}

// exercise counts what the full check found in the period.
func (g *gathering) exercise(f *trace.Findings, s *span) {
	e := &g.c.Exercise
	e.Chains, e.Complete, e.Open, e.Broken, e.Uses = s.chains.Total, s.chains.Complete, s.chains.Open, s.chains.Broken, s.uses
	g.c.Uses.Total = s.uses
	s.times[trace.S07] = len(g.c.Dangling)
	for _, check := range trace.Checks() {
		if f.Makes(check) {
			e.Checks = append(e.Checks, pack.Count{Check: string(check), Times: s.times[check]})
		}
	}
}

// records are the records of the service chains, by the request they name.
type records struct {
	requests []trace.Request
	quotes   map[string][]trace.Quote
	reports  map[string][]trace.Report
	invoices map[string][]trace.Invoice
}

func (g *gathering) records(ctx context.Context) (*records, error) {
	if g.again("records") {
		return g.read, nil
	}
	out := &records{quotes: map[string][]trace.Quote{}, reports: map[string][]trace.Report{}, invoices: map[string][]trace.Invoice{}}
	var err error
	if out.requests, err = recordsUntil[trace.Request](ctx, g.r, g.platform, g.asOf); err != nil {
		return nil, err
	}
	quotes, err := recordsUntil[trace.Quote](ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return nil, err
	}
	reports, err := recordsUntil[trace.Report](ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return nil, err
	}
	invoices, err := recordsUntil[trace.Invoice](ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out.requests, func(a, b trace.Request) int { return cmp.Compare(a.Number, b.Number) })
	for _, q := range quotes {
		out.quotes[q.Request] = append(out.quotes[q.Request], q)
	}
	for _, r := range reports {
		out.reports[r.Request] = append(out.reports[r.Request], r)
	}
	for _, i := range invoices {
		out.invoices[i.Request] = append(out.invoices[i.Request], i)
	}
	g.read = out
	return out, nil
}

// service is one line of the register.
func (g *gathering) service(c trace.Chain, v trace.Verdict) pack.Service {
	s := pack.Service{Number: c.Request.Number, Date: c.Request.Date, Client: c.Request.Client, Subject: c.Request.Subject, State: string(v.State)}
	accepted := false
	for _, q := range c.Quotes {
		state := "open"
		switch {
		case q.AcceptedOn != 0:
			state, accepted = "accepted", true
		case q.RefusedOn != 0:
			state = "refused"
		}
		s.Quotes = append(s.Quotes, pack.Stage{Number: q.Number, Date: q.Date, State: state, Amount: q.Total})
	}
	for _, r := range c.Reports {
		s.Reports = append(s.Reports, pack.Stage{Number: r.Number, Date: r.Date})
	}
	for _, i := range c.Invoices {
		s.Invoices = append(s.Invoices, pack.Stage{Number: i.Number, Date: i.Date, Amount: i.Total})
	}
	if !accepted {
		s.Missing = append(s.Missing, "quote")
	}
	if len(c.Reports) == 0 {
		s.Missing = append(s.Missing, "report")
	}
	if len(c.Invoices) == 0 {
		s.Missing = append(s.Missing, "invoice")
	}
	return s
}

// detail says what the check found where the record alone does not tell it.
func (g *gathering) detail(c trace.Chain, f trace.Fired, pieces map[qms.ID]trace.Equipment) string {
	switch f.Check {
	case trace.S05, trace.S06:
		return g.say.T("pack.detail.amounts", c.Invoiced(), c.Quoted())
	case trace.S03:
		var last qms.Date
		for _, r := range c.Reports {
			last = max(last, r.Date)
		}
		return g.say.T("pack.detail.days", last.DaysUntil(g.asOf))
	}
	for _, r := range c.Reports {
		if r.Number != f.Record {
			continue
		}
		switch f.Check {
		case trace.S08:
			return g.say.T("pack.detail.operator", g.named(r.Operator), pieces[r.Equipment].Code, r.AnalysedOn)
		case trace.S09:
			return g.say.T("pack.detail.instruction", r.Instruction, r.InstructionVersion, r.AnalysedOn)
		case trace.S10:
			return g.say.T("pack.detail.equipment", pieces[r.Equipment].Code, r.AnalysedOn)
		}
	}
	return ""
}

// named is a person by name and code.
func (g *gathering) named(person qms.ID) string {
	m := g.members[person]
	if m.Code == "" {
		return m.Name
	}
	return m.Name + " (" + m.Code + ")"
}

// dangling lists the records of the period whose parent does not exist, with the parent that they state.
func (g *gathering) dangling(numbers []string, all *records) {
	type stray struct {
		id     qms.ID
		on     qms.Date
		parent string
	}
	strays := map[string]stray{}
	known := map[string]bool{}
	for _, r := range all.requests {
		known[r.Number] = true
	}
	for request, quotes := range all.quotes {
		for _, q := range quotes {
			strays[q.Number] = stray{q.ID, q.Date, request}
		}
	}
	for request, reports := range all.reports {
		for _, r := range reports {
			strays[r.Number] = stray{r.ID, r.Date, request}
		}
	}
	for request, invoices := range all.invoices {
		for _, i := range invoices {
			one := stray{i.ID, i.Date, request}
			if known[request] {
				one.parent = i.Quote // the request exists: it is the quote that does not
			}
			strays[i.Number] = one
		}
	}
	for _, n := range numbers {
		if one := strays[n]; one.on >= g.from {
			g.shown(one.id)
			g.c.Dangling = append(g.c.Dangling, pack.Dangling{Number: n, Parent: one.parent})
		}
	}
}
