package trace

import (
	"cmp"
	"slices"

	"maillon/qms"
)

// Renewal is one piece of equipment in the renewal plan.
type Renewal struct {
	Equipment Equipment
	Year      int       // in which it is due; 0 when nothing says so
	Planned   bool      // the year was decided, else it follows from the expected life
	Cost      qms.Money // expected
	Estimated bool      // the cost is that of the purchase, for want of another
	Late      bool      // the year is over
}

// RenewalYear is one year of the plan.
type RenewalYear struct {
	Year  int
	Count int
	Cost  qms.Money
	Late  bool
}

// RenewalPlan is what is to be renewed, as of a day (plan de jouvence).
type RenewalPlan struct {
	AsOf      qms.Date
	Lines     []Renewal     // by year, those that are late first
	Unplanned []Renewal     // in service, with nothing that says when
	Years     []RenewalYear // every year from the first due, or that of AsOf, to the last of the plan
	Total     qms.Money     // of the lines
	Unpriced  int           // lines without any cost
}

// maxRenewalYears bounds the years that a plan lists one by one.
const maxRenewalYears = 30

// PlanRenewal makes the plan of the equipment that is on hand on the day: not void, and not out of
// service by then. A year beyond the given number, counted from that of the day, is left out; so is
// none when it is 0.
func PlanRenewal(pieces []Equipment, day qms.Date, years int) RenewalPlan {
	if years <= 0 || years > maxRenewalYears {
		years = maxRenewalYears
	}
	plan := RenewalPlan{AsOf: day}
	for i := range pieces {
		e := &pieces[i]
		if e.Void != "" || e.Retired != 0 && e.Retired <= day || e.Acquired > day {
			continue
		}
		r := RenewalOf(e, day)
		switch {
		case r.Year == 0:
			plan.Unplanned = append(plan.Unplanned, r)
		case r.Year < day.Year()+years:
			plan.Lines = append(plan.Lines, r)
		}
	}
	slices.SortFunc(plan.Lines, func(a, b Renewal) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Equipment.Code, b.Equipment.Code))
	})
	slices.SortFunc(plan.Unplanned, func(a, b Renewal) int { return cmp.Compare(a.Equipment.Code, b.Equipment.Code) })
	plan.sum(day.Year(), years)
	return plan
}

// RenewalOf is when the equipment is to be renewed and what that is expected to cost, as of a day.
func RenewalOf(e *Equipment, day qms.Date) Renewal {
	r := Renewal{Equipment: *e, Year: int(e.RenewalYear), Planned: e.RenewalYear != 0, Cost: e.RenewalCost}
	from := cmp.Or(e.Acquired, e.Commissioned)
	if r.Year == 0 && e.LifeYears > 0 && from != 0 {
		r.Year = from.Year() + int(e.LifeYears)
	}
	if r.Cost == 0 {
		r.Cost, r.Estimated = e.Cost, e.Cost != 0
	}
	r.Late = r.Year != 0 && r.Year < day.Year()
	return r
}

// sum adds the lines up by year; years of lateness long past are kept only where something is due.
func (p *RenewalPlan) sum(this, years int) {
	at := map[int]int{}
	add := func(year int) *RenewalYear {
		i, ok := at[year]
		if !ok {
			i = len(p.Years)
			at[year] = i
			p.Years = append(p.Years, RenewalYear{Year: year, Late: year < this})
		}
		return &p.Years[i]
	}
	for _, r := range p.Lines {
		y := add(r.Year)
		y.Count++
		y.Cost += r.Cost
		p.Total += r.Cost
		if r.Cost == 0 {
			p.Unpriced++
		}
	}
	if len(p.Lines) == 0 {
		return
	}
	for year := this; year < this+years && year <= max(this, p.Lines[len(p.Lines)-1].Year); year++ {
		add(year)
	}
	slices.SortFunc(p.Years, func(a, b RenewalYear) int { return cmp.Compare(a.Year, b.Year) })
}
