package trace

import (
	"slices"

	"maillon/qms"
)

// Check names a rule of DESIGN, section 4.2. check.S01.title and check.S01.why name and explain it
// in qms/locale.
type Check string

// The checks of a service chain. S07 is about records that belong to no chain.
const (
	S01 Check = "S01" // a report or an invoice, and no accepted quote
	S02 Check = "S02" // an invoice, and no report
	S03 Check = "S03" // the latest report is old, and no invoice
	S04 Check = "S04" // out of order
	S05 Check = "S05" // the sums quoted and invoiced differ
	S06 Check = "S06" // several invoices exceed what was accepted
	S07 Check = "S07" // a parent that does not exist
	S08 Check = "S08" // the operator was not validly trained
	S09 Check = "S09" // the work instruction was not in force
	S10 Check = "S10" // the equipment was not validly calibrated
	S11 Check = "S11" // a stage has no evidence file; made where the settings ask for it
)

// The checks of a use. A use fires at most one of them.
const (
	U01 Check = "U01" // no training on record
	U02 Check = "U02" // every training begun by then has expired
	U03 Check = "U03" // the only trainings come later
	U04 Check = "U04" // given by nobody who could; made where the settings ask for it
)

// State is the state of a service chain on a day.
type State string

// The states of a chain.
const (
	Broken   State = "broken"   // a check fires
	Complete State = "complete" // accepted quote, report and invoice, and no check fires
	Open     State = "open"     // neither
)

// Chain is a request with the records that name it. Quotes, reports and invoices are in any order.
type Chain struct {
	Request  Request
	Quotes   []Quote
	Reports  []Report
	Invoices []Invoice
}

// Pair is a person on a piece of equipment.
type Pair struct {
	Person    qms.ID
	Equipment qms.ID
}

// Validities are periods in which something holds.
type Validities []qms.Period

// On reports whether one of the periods holds on the day.
func (v Validities) On(day qms.Date) bool {
	for _, p := range v {
		if p.Contains(day) {
			return true
		}
	}
	return false
}

// Ground is what the checks stand on besides the chain or use itself: the day they are made as of,
// and the trainings, calibrations and work instructions on record by then. A pair or a piece of
// equipment without any record has no entry; one whose records never held has an empty one.
//
// Given and Filed belong to the checks of the settings: where one is nil, its check is not made.
type Ground struct {
	AsOf         qms.Date
	InvoiceDays  int64
	Trainings    map[Pair]Validities
	Given        map[Pair]Validities      // U04: those given by a trainer for that equipment on the day of training
	evidence     bool                     // the settings make S11: who reads the files sets Filed
	Filed        func(record qms.ID) bool // S11: the record has a file that counts as of the day
	Calibrations map[qms.ID]Validities
	Instructions map[string]map[string]qms.Period // code, version: days in force
}

// rule is one check of a service chain: it names the record that makes it fire, the first found.
// The chain it is given holds only what counts on the ground's day.
type rule struct {
	check Check
	fires func(c *Chain, g *Ground) (record string, fires bool)
}

// rules are the checks of a chain in the order of their names.
var rules = []rule{
	{S01, unaccepted}, {S02, unreported}, {S03, uninvoiced}, {S04, disordered}, {S05, differing},
	{S06, exceeding}, {S08, untrained}, {S09, uninstructed}, {S10, uncalibrated}, {S11, unfiled},
}

// ServiceChecks lists the checks of a chain in their order, S07 not among them.
func ServiceChecks() []Check {
	checks := make([]Check, 0, len(rules))
	for _, r := range rules {
		checks = append(checks, r.check)
	}
	return checks
}

// UseChecks lists the checks of a use in their order.
func UseChecks() []Check { return []Check{U01, U02, U03, U04} }

// Checks lists every check in the order of the table of DESIGN, section 4.2.
func Checks() []Check {
	return []Check{S01, S02, S03, S04, S05, S06, S07, S08, S09, S10, S11, U01, U02, U03, U04}
}

// OfUse reports whether it is a check of a use; the others are of a service chain, or of a record
// that belongs to none.
func (c Check) OfUse() bool { return slices.Contains(UseChecks(), c) }

// Fired is a check that fires and the number of the record that makes it fire, the first of them.
type Fired struct {
	Check  Check
	Record string
}

// Verdict is what the checks say of a chain as of a day.
type Verdict struct {
	State State
	Fired []Fired
}

// Fires reports whether the check is among those that fire.
func (v Verdict) Fires(check Check) bool {
	return slices.ContainsFunc(v.Fired, func(f Fired) bool { return f.Check == check })
}

// Judge makes every check of the chain as of the ground's day. Records after that day, and voided
// ones, do not count; a quote accepted after it is not accepted yet.
func Judge(c Chain, g *Ground) Verdict {
	trimmed := c.AsOf(g.AsOf)
	return judge(&trimmed, g, nil)
}

// judge is Judge for a chain that holds only what counts; it appends to fired, which may be reused.
func judge(c *Chain, g *Ground, fired []Fired) Verdict {
	fired = fired[:0]
	for i := range rules {
		if record, fires := rules[i].fires(c, g); fires {
			fired = append(fired, Fired{Check: rules[i].check, Record: record})
		}
	}
	v := Verdict{State: Open, Fired: fired}
	switch {
	case len(fired) > 0:
		v.State = Broken
	case c.accepted() != nil && len(c.Reports) > 0 && len(c.Invoices) > 0:
		v.State = Complete
	}
	return v
}

// AsOf is the chain as it stood on day: without what is dated later and without what is void. The
// acceptance or refusal of a quote after day is taken back.
func (c Chain) AsOf(day qms.Date) Chain {
	out := Chain{Request: c.Request}
	for _, q := range c.Quotes {
		if q.Date > day || q.Void != "" {
			continue
		}
		if q.AcceptedOn > day {
			q.AcceptedOn = 0
		}
		if q.RefusedOn > day {
			q.RefusedOn = 0
		}
		out.Quotes = append(out.Quotes, q)
	}
	for _, r := range c.Reports {
		if r.Date <= day && r.Void == "" {
			out.Reports = append(out.Reports, r)
		}
	}
	for _, i := range c.Invoices {
		if i.Date <= day && i.Void == "" {
			out.Invoices = append(out.Invoices, i)
		}
	}
	return out
}

// Quoted is the sum of the accepted quotes; Invoiced that of the invoices.
func (c *Chain) Quoted() (sum qms.Money) {
	for i := range c.Quotes {
		if c.Quotes[i].AcceptedOn != 0 {
			sum += c.Quotes[i].Total
		}
	}
	return sum
}

// Invoiced is the sum of the invoices.
func (c *Chain) Invoiced() (sum qms.Money) {
	for i := range c.Invoices {
		sum += c.Invoices[i].Total
	}
	return sum
}

// accepted is the quote accepted first, nil when none is.
func (c *Chain) accepted() *Quote {
	var first *Quote
	for i := range c.Quotes {
		if q := &c.Quotes[i]; q.AcceptedOn != 0 && (first == nil || q.AcceptedOn < first.AcceptedOn) {
			first = q
		}
	}
	return first
}
