package trace

import (
	"context"

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

// Visitor is told of every chain, in the order of their numbers, of every record without a chain,
// and of every use that a full check meets; each may be nil. What it is handed is reused: copy the
// slices that are kept. Of the rows only what the checks read is filled in. An error ends the check.
// The visitor must not read from the database.
type Visitor struct {
	Chain    func(ChainVerdict) error
	Dangling func(stage Stage, number string) error
	Use      func(UseVerdict) error
}

// Examine checks every chain and every use of the platform as of a day, set by set: the number of
// statements does not depend on how many there are, and memory grows with equipment, trainings,
// calibrations and what is found wrong only. Settings are those of today.
func (s *Service) Examine(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date, visit Visitor) (*Findings, error) {
	g, err := s.Ground(ctx, r, platform, asOf)
	if err != nil {
		return nil, err
	}
	f := newFindings(asOf)
	if err := examineChains(ctx, r, platform, g, f, visit); err != nil {
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

func examineChains(ctx context.Context, r store.Reader, platform qms.ID, g *Ground, f *Findings, visit Visitor) error {
	orphans, err := orphanInvoices(ctx, r, platform, g.AsOf)
	if err != nil {
		return err
	}
	rows, err := chainRows(ctx, r, platform, g.AsOf)
	if err != nil {
		return err
	}
	defer rows.Close()
	var fired []Fired
	return eachChain(rows, g.AsOf, orphans, func(c *Chain) error {
		if c.Request.Number == "" {
			return dangling(c, f, visit)
		}
		v := judge(c, g, fired)
		fired = v.Fired
		f.addChain(c.Request.Number, v)
		if visit.Chain != nil {
			return visit.Chain(ChainVerdict{Chain: c, Verdict: v})
		}
		return nil
	})
}

// dangling notes records that share a parent which does not exist (S07).
func dangling(c *Chain, f *Findings, visit Visitor) error {
	note := func(stage Stage, number string) error {
		f.Dangling = append(f.Dangling, number)
		if visit.Dangling != nil {
			return visit.Dangling(stage, number)
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
	scan := newScanner(rows, 4)
	for scan.next() {
		u := Use{Number: scan.text(0), Person: qms.ID(scan.text(1)), Equipment: qms.ID(scan.text(2)), Date: scan.date(3)}
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

// eachChain cuts the rows, which come ordered by the request they name, into chains, and hands each
// over as of the day. Records whose request does not exist come as a chain without a request. An
// invoice whose quote does not exist is handed over in one as well.
func eachChain(rows rowSource, asOf qms.Date, orphans map[string]bool, visit func(*Chain) error) error {
	cut := cutter{asOf: asOf, orphans: orphans, visit: visit}
	scan, err := scannerOf(rows)
	if err != nil {
		return err
	}
	for scan.next() {
		if key := scan.text(0); key != cut.key || !cut.begun {
			if err := cut.flush(); err != nil {
				return err
			}
			cut.key, cut.begun = key, true
		}
		cut.add(scan)
	}
	if err := scan.done(); err != nil {
		return err
	}
	return cut.flush()
}

// cutter gathers the rows of one chain; its slices are reused for the next one.
type cutter struct {
	asOf    qms.Date
	orphans map[string]bool
	visit   func(*Chain) error
	key     string
	begun   bool
	chain   Chain
	astray  Chain // invoices of this chain's request that name a quote which does not exist
}

// flush hands over the chain gathered, unless there is none.
func (c *cutter) flush() error {
	defer c.reset()
	if !c.begun {
		return nil
	}
	if len(c.astray.Invoices) > 0 {
		if err := c.visit(&c.astray); err != nil {
			return err
		}
	}
	if c.chain.Request.Number == "" && len(c.chain.Quotes)+len(c.chain.Reports)+len(c.chain.Invoices) == 0 {
		return nil
	}
	return c.visit(&c.chain)
}

func (c *cutter) reset() {
	c.chain.Request = Request{}
	c.chain.Quotes, c.chain.Reports = c.chain.Quotes[:0], c.chain.Reports[:0]
	c.chain.Invoices, c.astray.Invoices = c.chain.Invoices[:0], c.astray.Invoices[:0]
}

// add takes one row of chainRows.
func (c *cutter) add(s *scanner) {
	number, date := s.text(2), s.date(3)
	switch s.integer(1) {
	case requestRow:
		c.chain.Request = Request{Row: qms.Row{ID: qms.ID(s.text(8))}, Number: number, Date: date,
			Client: s.text(5), ClientStatus: s.text(6), Subject: s.text(7)}
	case quoteRow:
		q := Quote{Number: number, Request: c.key, Date: date, AcceptedOn: s.date(4), Total: qms.Money(s.integer(9))}
		if q.AcceptedOn > c.asOf {
			q.AcceptedOn = 0
		}
		c.chain.Quotes = append(c.chain.Quotes, q)
	case reportRow:
		c.chain.Reports = append(c.chain.Reports, Report{
			Number: number, Request: c.key, Date: date, AnalysedOn: s.date(4), Operator: qms.ID(s.text(5)),
			Equipment: qms.ID(s.text(6)), Instruction: s.text(7), InstructionVersion: s.text(8)})
	case invoiceRow:
		i := Invoice{Number: number, Request: c.key, Date: date, Quote: s.text(5), Total: qms.Money(s.integer(9))}
		if c.orphans[number] || s.text(6) != "" {
			c.astray.Invoices = append(c.astray.Invoices, i)
		} else {
			c.chain.Invoices = append(c.chain.Invoices, i)
		}
	}
}
