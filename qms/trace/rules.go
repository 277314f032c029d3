package trace

import "maillon/qms"

// unaccepted is S01: a report or an invoice exists, and no accepted quote does.
func unaccepted(c *Chain, _ *Ground) (string, bool) {
	switch {
	case c.accepted() != nil:
		return "", false
	case len(c.Reports) > 0:
		return c.Reports[0].Number, true
	case len(c.Invoices) > 0:
		return c.Invoices[0].Number, true
	}
	return "", false
}

// unreported is S02: an invoice exists, and no report does.
func unreported(c *Chain, _ *Ground) (string, bool) {
	if len(c.Invoices) > 0 && len(c.Reports) == 0 {
		return c.Invoices[0].Number, true
	}
	return "", false
}

// uninvoiced is S03: the latest report is more than InvoiceDays before the day, and no invoice exists.
func uninvoiced(c *Chain, g *Ground) (string, bool) {
	if len(c.Reports) == 0 || len(c.Invoices) > 0 {
		return "", false
	}
	latest := &c.Reports[0]
	for i := range c.Reports {
		if c.Reports[i].Date > latest.Date {
			latest = &c.Reports[i]
		}
	}
	return latest.Number, int64(latest.Date.DaysUntil(g.AsOf)) > g.InvoiceDays
}

// disordered is S04. A quote, a report or an analysis may not come before its request. Since a
// chain may have amendments, several reports and part invoices, each stage is held against the first
// of the stage before it: an analysis may not come before the first acceptance of a quote, an invoice
// not before the first report. What is missing altogether is the business of S01 and S02.
func disordered(c *Chain, _ *Ground) (string, bool) {
	for i := range c.Quotes {
		if c.Quotes[i].Date < c.Request.Date {
			return c.Quotes[i].Number, true
		}
	}
	accepted, firstReport := c.accepted(), qms.Date(0)
	for i := range c.Reports {
		r := &c.Reports[i]
		early := r.Date < c.Request.Date || r.AnalysedOn < c.Request.Date
		if early || accepted != nil && r.AnalysedOn < accepted.AcceptedOn {
			return r.Number, true
		}
		if firstReport == 0 || r.Date < firstReport {
			firstReport = r.Date
		}
	}
	for i := range c.Invoices {
		if c.Invoices[i].Date < firstReport {
			return c.Invoices[i].Number, true
		}
	}
	return "", false
}

// differing is S05: there are invoices and accepted quotes, S06 does not fire, and their sums differ.
func differing(c *Chain, g *Ground) (string, bool) {
	if len(c.Invoices) == 0 || c.accepted() == nil || c.Quoted() == c.Invoiced() {
		return "", false
	}
	if _, exceeds := exceeding(c, g); exceeds {
		return "", false
	}
	return c.Invoices[0].Number, true
}

// exceeding is S06: several invoices whose sum exceeds that of the accepted quotes, which is zero
// when none is accepted. It names the last of the invoices.
func exceeding(c *Chain, _ *Ground) (string, bool) {
	if len(c.Invoices) < 2 || c.Invoiced() <= c.Quoted() {
		return "", false
	}
	last := &c.Invoices[0]
	for i := range c.Invoices {
		if c.Invoices[i].Date > last.Date {
			last = &c.Invoices[i]
		}
	}
	return last.Number, true
}

// untrained is S08: the operator of a report was not validly trained on the equipment on the day of
// analysis; the day of the training counts.
func untrained(c *Chain, g *Ground) (string, bool) {
	for i := range c.Reports {
		r := &c.Reports[i]
		if !g.Trainings[Pair{r.Operator, r.Equipment}].On(r.AnalysedOn) {
			return r.Number, true
		}
	}
	return "", false
}

// uninstructed is S09: the version of the work instruction that a report names was not in force on
// the day of analysis, or is unknown.
func uninstructed(c *Chain, g *Ground) (string, bool) {
	for i := range c.Reports {
		r := &c.Reports[i]
		period, known := g.Instructions[r.Instruction][r.InstructionVersion]
		if !known || !period.Contains(r.AnalysedOn) {
			return r.Number, true
		}
	}
	return "", false
}

// uncalibrated is S10: the equipment of a report is under calibration, that is, has at least one on
// record, and none was valid on the day of analysis.
func uncalibrated(c *Chain, g *Ground) (string, bool) {
	for i := range c.Reports {
		r := &c.Reports[i]
		if held, calibrated := g.Calibrations[r.Equipment]; calibrated && !held.On(r.AnalysedOn) {
			return r.Number, true
		}
	}
	return "", false
}

// unfiled is S11: a stage of the chain has no file as evidence. It is asked of every record that
// counts as of the day, and a file counts when it is not void and was added on that day or before,
// where the site is: a file that came later was not there to be shown. The request goes first.
func unfiled(c *Chain, g *Ground) (string, bool) {
	if g.Filed == nil {
		return "", false
	}
	if !g.Filed(c.Request.ID) {
		return c.Request.Number, true
	}
	for i := range c.Quotes {
		if !g.Filed(c.Quotes[i].ID) {
			return c.Quotes[i].Number, true
		}
	}
	for i := range c.Reports {
		if !g.Filed(c.Reports[i].ID) {
			return c.Reports[i].Number, true
		}
	}
	for i := range c.Invoices {
		if !g.Filed(c.Invoices[i].ID) {
			return c.Invoices[i].Number, true
		}
	}
	return "", false
}
