package trace

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// ChainVerdict is what the full check says of one chain.
type ChainVerdict struct {
	Chain   *Chain // as of the day
	Verdict Verdict
}

// UseVerdict is what the full check says of one use: Check is empty when a training covers it.
type UseVerdict struct {
	Use   Use
	Check Check
}

// Visitor is told of every chain, of every record without a chain, and of every use that a full check
// meets, in no order to rely on; each may be nil. What it is handed is reused: copy the
// slices that are kept. Of the rows only what the checks read is filled in. An error ends the check.
// The visitor must not read from the database.
type Visitor struct {
	Chain    func(ChainVerdict) error
	Dangling func(stage Stage, number string) error
	Use      func(UseVerdict) error
}

// Examine checks every chain and every use of the platform as of a day, set by set: it takes a few
// statements, and four more for every twenty thousand chains (see pass). Memory grows with equipment,
// trainings, calibrations and what is found wrong, and where S11 is made with the number of files.
// Settings are those of today.
func (s *Service) Examine(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date, visit Visitor) (*Findings, error) {
	g, err := s.Ground(ctx, r, platform, asOf)
	if err != nil {
		return nil, err
	}
	if g.evidence {
		filed, err := filedOn(ctx, r, platform, asOf)
		if err != nil {
			return nil, err
		}
		g.Filed = filed.has
	}
	f := newFindings(g)
	if err := s.examineChains(ctx, r, platform, g, f, visit); err != nil {
		return nil, err
	}
	if err := examineUses(ctx, r, platform, g, f, visit); err != nil {
		return nil, err
	}
	f.sort()
	return f, nil
}

// FullCheck is Examine for who needs the findings only, under the right to read.
func (s *Service) FullCheck(ctx context.Context, platform qms.ID, asOf qms.Date) (*Findings, error) {
	var f *Findings
	err := s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) (err error) {
		f, err = s.Examine(ctx, r, platform, asOf, Visitor{})
		return err
	})
	return f, err
}

// examination is one full check under way.
type examination struct {
	ground   *Ground
	findings *Findings
	visit    Visitor
	fired    []Fired // reused
	waiting  []Chain // with an invoice that names a quote of another chain, or one that does not exist
}

func (s *Service) examineChains(ctx context.Context, r store.Reader, platform qms.ID, g *Ground, f *Findings, visit Visitor) error {
	x := &examination{ground: g, findings: f, visit: visit}
	p := &pass{ctx: ctx, r: r, platform: platform, asOf: g.AsOf, size: s.rangeSize, filed: g.Filed != nil}
	if err := p.each(x.meet); err != nil || len(x.waiting) == 0 {
		return err
	}
	quotes, err := quotesAmong(ctx, r, platform, g.AsOf, named(x.waiting))
	if err != nil {
		return err
	}
	for i := range x.waiting {
		if err := x.resume(&x.waiting[i], quotes); err != nil {
			return err
		}
	}
	return nil
}

// meet examines a chain, or lets it wait until it is known whether the quotes it names exist.
func (x *examination) meet(c *Chain) error {
	switch {
	case c.Request.Number == "":
		return x.dangling(c)
	case slices.ContainsFunc(c.Invoices, func(i Invoice) bool { return namesElsewhere(c, i) }):
		x.waiting = append(x.waiting, Chain{Request: c.Request, Quotes: slices.Clone(c.Quotes),
			Reports: slices.Clone(c.Reports), Invoices: slices.Clone(c.Invoices)})
		return nil
	}
	return x.judge(c)
}

func (x *examination) judge(c *Chain) error {
	v := judge(c, x.ground, x.fired)
	x.fired = v.Fired
	x.findings.addChain(c.Request.Number, v)
	if x.visit.Chain != nil {
		return x.visit.Chain(ChainVerdict{Chain: c, Verdict: v})
	}
	return nil
}

// resume examines a chain that waited, without the invoices whose quote does not exist: those dangle.
func (x *examination) resume(c *Chain, quotes map[string]bool) error {
	astray := Chain{}
	held := c.Invoices[:0:0]
	for _, i := range c.Invoices {
		if namesElsewhere(c, i) && !quotes[i.Quote] {
			astray.Invoices = append(astray.Invoices, i)
		} else {
			held = append(held, i)
		}
	}
	c.Invoices = held
	if err := x.dangling(&astray); err != nil {
		return err
	}
	return x.judge(c)
}

// namesElsewhere reports whether the invoice names a quote that is not among those of its chain.
func namesElsewhere(c *Chain, i Invoice) bool {
	return i.Quote != "" && !slices.ContainsFunc(c.Quotes, func(q Quote) bool { return q.Number == i.Quote })
}

// named are the quotes that invoices of the chains name.
func named(chains []Chain) map[string]bool {
	numbers := map[string]bool{}
	for i := range chains {
		for _, invoice := range chains[i].Invoices {
			numbers[invoice.Quote] = true
		}
	}
	return numbers
}

// dangling notes records that share a parent which does not exist (S07).
func (x *examination) dangling(c *Chain) error {
	note := func(stage Stage, number string) error {
		x.findings.Dangling = append(x.findings.Dangling, number)
		if x.visit.Dangling != nil {
			return x.visit.Dangling(stage, number)
		}
		return nil
	}
	for i := range c.Quotes {
		if err := note(StageQuote, c.Quotes[i].Number); err != nil {
			return err
		}
	}
	for i := range c.Reports {
		if err := note(StageReport, c.Reports[i].Number); err != nil {
			return err
		}
	}
	for i := range c.Invoices {
		if err := note(StageInvoice, c.Invoices[i].Number); err != nil {
			return err
		}
	}
	return nil
}

func examineUses(ctx context.Context, r store.Reader, platform qms.ID, g *Ground, f *Findings, visit Visitor) error {
	rows, err := useRows(ctx, r, platform, g.AsOf)
	if err != nil {
		return err
	}
	defer rows.Close()
	scan := newScanner(rows, 6)
	for scan.next() {
		u := Use{Number: scan.text(0), Person: qms.ID(scan.text(1)), Equipment: qms.ID(scan.text(2)), Date: scan.date(3),
			Began: scan.text(4), Minutes: scan.integer(5)}
		check := JudgeUse(u, g)
		f.addUse(u.Number, check)
		if visit.Use != nil {
			if err := visit.Use(UseVerdict{Use: u, Check: check}); err != nil {
				return err
			}
		}
	}
	return scan.done()
}
