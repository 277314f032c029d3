package trace

import (
	"strings"

	"maillon/qms"
)

// eachChain cuts the rows, which come ordered by the request they name, into chains, and hands each
// over as of the day. Invoices that the rows mark as naming a quote which does not exist come as a chain
// without a request. Where filed is not nil, it holds the records of the chain that have a file; records
// without one have no identifier then, the request aside.
func eachChain(rows rowSource, asOf qms.Date, filed map[qms.ID]bool, visit func(*Chain) error) error {
	cut := cutter{asOf: asOf, filed: filed, visit: visit}
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
	asOf   qms.Date
	filed  map[qms.ID]bool
	visit  func(*Chain) error
	key    string
	begun  bool
	chain  Chain
	astray Chain // invoices of this chain's request that name a quote which does not exist
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
	clear(c.filed)
	c.chain.Request = Request{}
	c.chain.Quotes, c.chain.Reports = c.chain.Quotes[:0], c.chain.Reports[:0]
	c.chain.Invoices, c.astray.Invoices = c.chain.Invoices[:0], c.astray.Invoices[:0]
}

// The parts of the second column of servicePage: the kind, the date, and what is left.
const (
	headDate = 1
	headRest = headDate + len("2006-01-02")
)

// file is the identity of the row's record when it has a file; no identity otherwise.
func (c *cutter) file(s *scanner) (row qms.Row) {
	if c.filed == nil {
		return row
	}
	if row.ID = qms.ID(s.text(8)); row.ID != "" {
		c.filed[row.ID] = true
	}
	return row
}

// add takes one row of servicePage.
func (c *cutter) add(s *scanner) {
	head := s.text(1)
	if len(head) < headRest {
		s.fail(1)
		return
	}
	row := c.file(s)
	number, date, rest := s.text(2), s.civil(1, head[headDate:headRest]), head[headRest:]
	switch head[0] - '0' {
	case requestRow:
		c.chain.Request = Request{Row: qms.Row{ID: qms.ID(rest)}, Number: number, Date: date,
			Client: s.text(3), ClientStatus: s.text(4), Subject: s.text(5)}
		if s.integer(6) != 0 { // a request has no amount: lists tell here that it ended by the day
			c.chain.Request.ClosedOn = c.asOf
		}
	case quoteRow:
		q := Quote{Row: row, Number: number, Request: c.key, Date: date, AcceptedOn: s.civil(1, rest), Total: qms.Money(s.integer(6))}
		if q.AcceptedOn > c.asOf {
			q.AcceptedOn = 0
		}
		c.chain.Quotes = append(c.chain.Quotes, q)
	case reportRow:
		operator, equipment, _ := strings.Cut(s.text(3), " ")
		c.chain.Reports = append(c.chain.Reports, Report{
			Row: row, Number: number, Request: c.key, Date: date, AnalysedOn: s.civil(1, rest), Operator: qms.ID(operator),
			Equipment: qms.ID(equipment), Instruction: s.text(4), InstructionVersion: s.text(5)})
	case invoiceRow:
		i := Invoice{Row: row, Number: number, Request: c.key, Date: date, Quote: s.text(3), Total: qms.Money(s.integer(6))}
		if s.text(4) != "" {
			c.astray.Invoices = append(c.astray.Invoices, i)
		} else {
			c.chain.Invoices = append(c.chain.Invoices, i)
		}
	}
}
