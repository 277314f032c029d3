package audits

import (
	"slices"

	"maillon/qms"
	"maillon/qms/trace"
)

// span counts what a full check says of the services and uses of a period that ends on the day of the
// check. A service is of the period when any of its records is.
type span struct {
	from   qms.Date // none: everything
	chains trace.ChainCounts
	uses   int
	times  map[trace.Check]int
	told   map[string]bool // the numbers of the uses
}

func newSpan(from qms.Date) *span {
	return &span{from: from, times: map[trace.Check]int{}, told: map[string]bool{}}
}

// chain counts a service, and reports whether it is of the period.
func (s *span) chain(v trace.ChainVerdict) bool {
	if !s.touches(v.Chain) {
		return false
	}
	s.chains.Total++
	switch v.Verdict.State {
	case trace.Complete:
		s.chains.Complete++
	case trace.Open:
		s.chains.Open++
	default:
		s.chains.Broken++
	}
	seen := map[trace.Check]bool{}
	for _, f := range v.Verdict.Fired {
		if !seen[f.Check] { // a check counts services, however many records it fires by
			seen[f.Check] = true
			s.times[f.Check]++
		}
	}
	return true
}

func (s *span) touches(c *trace.Chain) bool {
	return c.Request.Date >= s.from ||
		slices.ContainsFunc(c.Quotes, func(q trace.Quote) bool { return q.Date >= s.from || q.AcceptedOn >= s.from && q.AcceptedOn != 0 }) ||
		slices.ContainsFunc(c.Reports, func(r trace.Report) bool { return r.Date >= s.from }) ||
		slices.ContainsFunc(c.Invoices, func(i trace.Invoice) bool { return i.Date >= s.from })
}

func (s *span) use(v trace.UseVerdict) error {
	if v.Use.Date < s.from {
		return nil
	}
	s.uses++
	if v.Check != "" {
		s.times[v.Check]++
		s.told[v.Use.Number] = true
	}
	return nil
}

// uncovered keeps the uses of the period.
func (s *span) uncovered(all []trace.UncoveredUse) []trace.UncoveredUse {
	return slices.DeleteFunc(slices.Clone(all), func(u trace.UncoveredUse) bool { return !s.told[u.Use] })
}
