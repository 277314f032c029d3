package web

import (
	"strconv"

	"maillon/qms"
	"maillon/qms/trace"
)

// planPages are what is ahead of the equipment of a platform: the schedule of calibrations and
// maintenance, the plan of renewal, and the labels.
func (s *Site) planPages() {
	s.page(Prefix+"/equipment/schedule", qms.ReadTrace, s.schedule)
	s.page(Prefix+"/equipment/renewal", qms.ReadTrace, s.renewal)
	s.page(Prefix+"/equipment/labels", qms.ReadTrace, s.labels)
}

// ScheduleView is the schedule of calibrations and maintenance.
type ScheduleView struct {
	Lines     []trace.ScheduleLine
	Next      string
	Past      qms.Date
	Form      *Form
	Kinds     []Option
	Standings []Option
	Chips     []Chip
}

func (s *Site) schedule(p *Page) error {
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	p.Title, p.Wide = p.T("page.schedule.title"), true
	p.Crumb(p.T("page.equipment.title"), p.To("equipment"))
	filter := trace.ScheduleFilter{AsOf: asOf, Kind: p.Query("kind"), Standing: trace.Standing(p.Query("standing"))}
	if p.Exported() || p.Printed() {
		return s.exportSchedule(p, filter)
	}
	page, err := s.Trace.Schedule(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	return p.Render("equipment_schedule", ScheduleView{Lines: page.Items, Next: page.Next, Past: p.asOfNote(p.dayOr(asOf)),
		Form:      p.filterForm("kind", "standing", "as_of"),
		Kinds:     append([]Option{{"", p.T("page.equipment.all_standings")}}, p.options("due.", trace.DueCalibration, trace.DueMaintenance)...),
		Standings: append([]Option{{"", p.T("page.equipment.all_standings")}}, p.options("state.", trace.Expired, trace.Expiring, trace.Valid)...),
		Chips:     p.Chips(p.equipmentChip, "kind", "standing", "as_of")})
}

// dayOr is the day, today when none.
func (p *Page) dayOr(day qms.Date) qms.Date {
	if day == 0 {
		return p.Today
	}
	return day
}

// dueShape is the state that a line of the schedule shows: what is over is late.
func dueShape(s trace.Standing) string {
	if s == trace.Expired {
		return "late"
	}
	return string(s)
}

// DueShape is dueShape, for templates.
func (p *Page) DueShape(s trace.Standing) string { return dueShape(s) }

func (s *Site) exportSchedule(p *Page, filter trace.ScheduleFilter) error {
	day := p.dayOr(filter.AsOf)
	shapes := map[string]string{}
	for _, standing := range []trace.Standing{trace.Expired, trace.Expiring, trace.Valid} {
		shapes[p.T("state."+dueShape(standing))] = dueShape(standing)
	}
	return p.Export(export{
		name:  "echeancier-equipements-" + day.String(),
		heads: []string{"page.equipment.code", "page.equipment.name", "page.schedule.what", "page.life.program", "page.schedule.on", "page.schedule.state", "page.equipment.place"},
		kinds: map[int]cell{4: dayCell}, fixed: 1,
		print: &printing{title: p.T("page.schedule.title"), asOf: day, empty: p.T("page.schedule.empty"), right: map[int]bool{4: true}, shapes: shapes,
			widths: []float64{24, 56, 40, 44, 24, 34, 36}},
		next: func(c qms.Cursor) (rows [][]string, after string, err error) {
			page, err := s.Trace.Schedule(p.Context(), p.Platform.ID, filter, c)
			for _, l := range page.Items {
				rows = append(rows, []string{l.Equipment.Code, l.Equipment.Name, p.T("due." + l.Kind), l.Program, p.InputDate(l.On), p.T("state." + dueShape(l.Standing)), l.Equipment.Place})
			}
			return rows, page.Next, err
		},
	})
}

// RenewalView is the plan of renewal with its drawing.
type RenewalView struct {
	trace.RenewalPlan
	Past       qms.Date
	Form       *Form
	Categories []Option
	Spans      []Option
	Chips      []Chip
	Chart      RenewalChart
	LateCount  int
	LateCost   qms.Money
}

// RenewalChart is one bar for each year of the plan.
type RenewalChart struct {
	Width, Height, Base int
	Long                bool // it is moved sideways rather than made small
	Bars                []RenewalBar
	Lines               []ChartLine
}

// RenewalBar is one bar with the place of its words.
type RenewalBar struct {
	trace.RenewalYear
	X, Y, Wide, High, Middle int
	State                    string
	Amount                   string
}

// ChartLine is a line across the drawing, at an amount.
type ChartLine struct {
	Y      int
	Amount string
}

// renewalYears is how many years a plan shows unless the reader says otherwise.
const renewalYears = 6

func (s *Site) renewal(p *Page) error {
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	p.Title, p.Wide = p.T("page.renewal.title"), true
	p.Crumb(p.T("page.equipment.title"), p.To("equipment"))
	years, err := strconv.Atoi(p.Query("years"))
	if err != nil || years < 1 || years > 30 {
		years = renewalYears
	}
	filter := trace.RenewalFilter{AsOf: asOf, Category: p.Query("category"), Years: years}
	plan, categories, err := s.Trace.Renewals(p.Context(), p.Platform.ID, filter)
	if err != nil {
		return err
	}
	if p.Exported() || p.Printed() {
		return p.exportRenewal(plan)
	}
	view := RenewalView{RenewalPlan: plan, Past: p.asOfNote(plan.AsOf), Form: p.filterForm("category", "as_of").Set("years", years),
		Categories: p.categoryOptions(categories), Chips: p.Chips(p.equipmentChip, "category", "as_of"), Chart: p.renewalChart(plan.Years)}
	for _, n := range []int{3, renewalYears, 10, 15, 30} {
		view.Spans = append(view.Spans, Option{strconv.Itoa(n), p.T("page.renewal.years", n)})
	}
	view.Spans = with(view.Spans, strconv.Itoa(years), p.T("page.renewal.years", years))
	for _, r := range plan.Lines {
		if r.Late {
			view.LateCount++
			view.LateCost += r.Cost
		}
	}
	return p.Render("equipment_renewal", view)
}

// renewalChart places the bars: their height is the cost, in proportion to that of the dearest year.
func (p *Page) renewalChart(years []trace.RenewalYear) RenewalChart {
	const whole, left, top, high = 960, 84, 26, 150
	step := max(58, min(110, (whole-left-10)/max(1, len(years))))
	wide := step * 5 / 8
	c := RenewalChart{Width: max(whole, left+step*len(years)+10), Height: top + high + 42, Base: top + high, Long: len(years) > 15}
	var most qms.Money
	for _, y := range years {
		most = max(most, y.Cost)
	}
	for part := qms.Money(0); part <= 2 && most > 0; part++ {
		c.Lines = append(c.Lines, ChartLine{c.Base - int(part)*high/2, p.T("page.renewal.thousands", p.thousands(most*part/2))})
	}
	for i, y := range years {
		b := RenewalBar{RenewalYear: y, X: left + step*i + (step-wide)/2, Wide: wide, Middle: left + step*i + step/2, Y: c.Base, State: "open"}
		if most > 0 {
			b.High = int(int64(high) * int64(y.Cost) / int64(most))
		}
		if y.Count > 0 && b.High < 2 {
			b.High = 2
		}
		if y.Late {
			b.State = "late"
		}
		b.Y -= b.High
		if y.Cost > 0 {
			b.Amount = p.T("page.renewal.thousands", p.thousands(y.Cost))
		}
		c.Bars = append(c.Bars, b)
	}
	return c
}

// WordY is the base line of the amount above the bar.
func (b RenewalBar) WordY() int { return b.Y - 6 }

// YearY is the base line of the years below the bars, CountY that of what is due in them.
func (c RenewalChart) YearY() int { return c.Base + 18 }

// CountY is the base line of how many are due.
func (c RenewalChart) CountY() int { return c.Base + 34 }

// WordY is the base line of the amount of a line.
func (l ChartLine) WordY() int { return l.Y + 4 }

// thousands is an amount in thousands of euro, for a drawing.
func (p *Page) thousands(m qms.Money) string {
	if m == 0 || m >= 1_000_000 {
		return p.Number(int64((m + 50_000) / 100_000))
	}
	return p.Decimal(float64(m)/100_000, 1)
}

func (p *Page) exportRenewal(plan trace.RenewalPlan) error {
	return p.Export(export{
		name: "jouvence-" + plan.AsOf.String(),
		heads: []string{"page.renewal.year", "page.equipment.code", "page.equipment.name", "page.equipment.category", "page.equipment.acquired", "page.equipment.life_years",
			"page.renewal.cost", "page.renewal.basis", "page.renewal.state"},
		kinds: map[int]cell{0: countCell, 4: dayCell, 5: countCell, 6: sumCell}, fixed: 1,
		print: &printing{title: p.T("page.renewal.title"), asOf: plan.AsOf, empty: p.T("page.renewal.empty"), right: map[int]bool{4: true, 5: true, 6: true},
			facts:  []string{p.T("page.renewal.total_is", plan.Total)},
			shapes: map[string]string{p.T("state.late"): "late"}, widths: []float64{16, 26, 56, 44, 24, 20, 28, 44, 26}},
		next: func(qms.Cursor) (rows [][]string, after string, err error) {
			for _, r := range plan.Lines {
				rows = append(rows, p.renewalRow(r))
			}
			for _, r := range plan.Unplanned {
				rows = append(rows, p.renewalRow(r))
			}
			return rows, "", nil
		},
	})
}

func (p *Page) renewalRow(r trace.Renewal) []string {
	e, year, life, cost, state := r.Equipment, "", "", "", ""
	if r.Year != 0 {
		year = strconv.Itoa(r.Year)
	}
	if e.LifeYears != 0 {
		life = strconv.FormatInt(e.LifeYears, 10)
	}
	if r.Cost != 0 {
		cost = p.amount(r.Cost)
	}
	if r.Late {
		state = p.T("state.late")
	}
	return []string{year, e.Code, e.Name, e.Category, p.InputDate(e.Acquired), life, cost, p.RenewalBasis(r), state}
}

// RenewalBasis is where the year and the cost of a line come from, in words.
func (p *Page) RenewalBasis(r trace.Renewal) string {
	key := "page.renewal.by_life"
	switch {
	case r.Year == 0:
		key = "page.renewal.by_nothing"
	case r.Planned:
		key = "page.renewal.by_plan"
	}
	if !r.Estimated {
		return p.T(key)
	}
	return joined(p.T(key), p.T("page.renewal.estimated"))
}
