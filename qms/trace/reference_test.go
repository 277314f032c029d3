package trace

import (
	"fmt"
	"sort"
	"time"

	"maillon/qms"
)

// history is everything on record of one platform, as plain rows.
type history struct {
	Requests     []Request
	Quotes       []Quote
	Reports      []Report
	Invoices     []Invoice
	Trainings    []Training
	Calibrations []Calibration
	Uses         []Use
	Trainers     []Trainer
	Files        []Evidence
	Settings     CheckSettings
	Instructions map[string]map[string]qms.Period
}

// reference makes the full check from the words of DESIGN, section 4.2, slowly and without any code
// of the package: every question is asked again of every record, days are counted one by one.
func reference(h history, x qms.Date) *Findings {
	h, days := h.until(x), int(h.Settings.InvoiceDays)
	out := &Findings{AsOf: x, Dangling: []string{}, Broken: []BrokenChain{}, Open: []string{}, Uncovered: []UncoveredUse{}}
	if h.Settings.Evidence {
		out.Also = append(out.Also, "S11")
	}
	if h.Settings.Trainers {
		out.Also = append(out.Also, "U04")
	}
	requestExists := func(number string) bool {
		for _, r := range h.Requests {
			if r.Number == number {
				return true
			}
		}
		return false
	}
	quoteExists := func(number string) bool {
		for _, q := range h.Quotes {
			if q.Number == number {
				return true
			}
		}
		return false
	}
	for _, q := range h.Quotes {
		if !requestExists(q.Request) {
			out.Dangling = append(out.Dangling, q.Number)
		}
	}
	for _, r := range h.Reports {
		if !requestExists(r.Request) {
			out.Dangling = append(out.Dangling, r.Number)
		}
	}
	invoices := []Invoice{}
	for _, i := range h.Invoices {
		if !requestExists(i.Request) || i.Quote != "" && !quoteExists(i.Quote) {
			out.Dangling = append(out.Dangling, i.Number)
		} else {
			invoices = append(invoices, i)
		}
	}
	h.Invoices = invoices
	for _, r := range h.Requests {
		referenceChain(h, r, x, days, out)
	}
	for _, u := range h.Uses {
		referenceUse(h, u, out)
	}
	sort.Strings(out.Dangling)
	sort.Strings(out.Open)
	sort.Slice(out.Broken, func(i, j int) bool { return out.Broken[i].Request < out.Broken[j].Request })
	sort.Slice(out.Uncovered, func(i, j int) bool { return out.Uncovered[i].Use < out.Uncovered[j].Use })
	return out
}

// until drops what is void or dated after x.
func (h history) until(x qms.Date) history {
	out := history{Instructions: h.Instructions, Settings: h.Settings}
	for _, v := range h.Requests {
		if v.Void == "" && v.Date <= x {
			out.Requests = append(out.Requests, v)
		}
	}
	for _, v := range h.Quotes {
		if v.Void == "" && v.Date <= x {
			out.Quotes = append(out.Quotes, v)
		}
	}
	for _, v := range h.Reports {
		if v.Void == "" && v.Date <= x {
			out.Reports = append(out.Reports, v)
		}
	}
	for _, v := range h.Invoices {
		if v.Void == "" && v.Date <= x {
			out.Invoices = append(out.Invoices, v)
		}
	}
	for _, v := range h.Trainings {
		if v.Void == "" && v.Date <= x {
			out.Trainings = append(out.Trainings, v)
		}
	}
	for _, v := range h.Calibrations {
		if v.Void == "" && v.Date <= x {
			out.Calibrations = append(out.Calibrations, v)
		}
	}
	for _, v := range h.Uses {
		if v.Void == "" && v.Date <= x {
			out.Uses = append(out.Uses, v)
		}
	}
	for _, v := range h.Trainers {
		if v.Void == "" {
			out.Trainers = append(out.Trainers, v)
		}
	}
	for _, v := range h.Files {
		if v.Void == "" && v.AddedOn <= x {
			out.Files = append(out.Files, v)
		}
	}
	return out
}

func referenceChain(h history, request Request, x qms.Date, days int, out *Findings) {
	var quotes []Quote
	var reports []Report
	var invoices []Invoice
	accepted, quoted, invoiced := 0, qms.Money(0), qms.Money(0)
	for _, q := range h.Quotes {
		if q.Request == request.Number {
			quotes = append(quotes, q)
			if q.AcceptedOn != 0 && q.AcceptedOn <= x {
				accepted++
				quoted += q.Total
			}
		}
	}
	for _, r := range h.Reports {
		if r.Request == request.Number {
			reports = append(reports, r)
		}
	}
	for _, i := range h.Invoices {
		if i.Request == request.Number {
			invoices = append(invoices, i)
			invoiced += i.Total
		}
	}
	fired := map[Check]bool{}
	fired[S01] = accepted == 0 && len(reports)+len(invoices) > 0
	fired[S02] = len(invoices) > 0 && len(reports) == 0
	fired[S03] = len(reports) > 0 && len(invoices) == 0
	for _, r := range reports {
		if !r.Date.Time().AddDate(0, 0, days).Before(x.Time()) {
			fired[S03] = false // one report, hence the latest, is recent enough
		}
	}
	fired[S04] = referenceDisorder(request, quotes, reports, invoices, x)
	fired[S06] = len(invoices) >= 2 && invoiced > quoted
	fired[S05] = len(invoices) > 0 && accepted > 0 && !fired[S06] && invoiced != quoted
	for _, r := range reports {
		if !referenceTrained(h, r.Operator, r.Equipment, r.AnalysedOn) {
			fired[S08] = true
		}
		p, known := h.Instructions[r.Instruction][r.InstructionVersion]
		if !known || r.AnalysedOn < p.From || p.Until != 0 && r.AnalysedOn >= p.Until {
			fired[S09] = true
		}
		if under, fit := referenceFit(h, r.Equipment, r.AnalysedOn); under && !fit {
			fired[S10] = true
		}
	}
	fired[S11] = h.Settings.Evidence && referenceUnfiled(h, request, quotes, reports, invoices)
	out.Chains.Total++
	var defects []Check
	for _, c := range []Check{S01, S02, S03, S04, S05, S06, S08, S09, S10, S11} {
		if fired[c] {
			defects = append(defects, c)
			*out.Defects.of(c)++
		}
	}
	switch {
	case defects != nil:
		out.Chains.Broken++
		out.Broken = append(out.Broken, BrokenChain{Request: request.Number, State: "broken", Defects: defects})
	case accepted > 0 && reports != nil && invoices != nil:
		out.Chains.Complete++
	default:
		out.Chains.Open++
		out.Open = append(out.Open, request.Number)
	}
}

func referenceUnfiled(h history, request Request, quotes []Quote, reports []Report, invoices []Invoice) bool {
	stages := []qms.ID{request.ID}
	for _, q := range quotes {
		stages = append(stages, q.ID)
	}
	for _, r := range reports {
		stages = append(stages, r.ID)
	}
	for _, i := range invoices {
		stages = append(stages, i.ID)
	}
	for _, stage := range stages {
		files := 0
		for _, f := range h.Files {
			if f.Subject == stage {
				files++
			}
		}
		if files == 0 {
			return true
		}
	}
	return false
}

func referenceDisorder(request Request, quotes []Quote, reports []Report, invoices []Invoice, x qms.Date) bool {
	for _, q := range quotes {
		if q.Date < request.Date {
			return true
		}
	}
	for _, r := range reports {
		if r.Date < request.Date || r.AnalysedOn < request.Date {
			return true
		}
		accepted, before := 0, 0
		for _, q := range quotes {
			if q.AcceptedOn != 0 && q.AcceptedOn <= x {
				accepted++
				if q.AcceptedOn <= r.AnalysedOn {
					before++
				}
			}
		}
		if accepted > 0 && before == 0 {
			return true
		}
	}
	for _, i := range invoices {
		reported := len(reports) == 0
		for _, r := range reports {
			reported = reported || r.Date <= i.Date
		}
		if !reported {
			return true
		}
	}
	return false
}

func referenceTrained(h history, person, equipment qms.ID, day qms.Date) bool {
	for _, t := range h.Trainings {
		if t.Person == person && t.Equipment == equipment && referenceHolds(t.Date, int(t.Months), t.Through, day) {
			return true
		}
	}
	return false
}

// referenceHolds walks from the first day of a validity to the day in question.
func referenceHolds(from qms.Date, months int, through, day qms.Date) bool {
	if day < from {
		return false
	}
	if months > 0 {
		end := from.Time()
		end = time.Date(end.Year(), end.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
		for d := 1; d < from.Day() && end.AddDate(0, 0, 1).Month() == end.Month(); d++ {
			end = end.AddDate(0, 0, 1)
		}
		return day.Time().Before(end)
	}
	return through == 0 || day <= through
}

// referenceFit asks whether equipment is under calibration, and whether one was valid on the day:
// a conforming one that holds, with no later finding up to the day that it does not conform.
func referenceFit(h history, equipment qms.ID, day qms.Date) (under, fit bool) {
	for _, c := range h.Calibrations {
		if c.Equipment != equipment {
			continue
		}
		under = true
		good := c.Outcome == Conforming && referenceHolds(c.Date, int(c.Months), 0, day)
		for _, n := range h.Calibrations {
			if n.Equipment == equipment && n.Outcome == Nonconforming && n.Date > c.Date && n.Date <= day {
				good = false
			}
		}
		fit = fit || good
	}
	return under, fit
}

// referenceUse looks at each day on which some minute of the use falls, one minute after the other.
func referenceUse(h history, u Use, out *Findings) {
	out.Uses.Total++
	check := Check("")
	for _, day := range referenceDays(u) {
		if check == "" {
			check = referenceDay(h, u, day, func(Training) bool { return true })
		}
	}
	if check == "" && h.Settings.Trainers {
		for _, day := range referenceDays(u) {
			if referenceDay(h, u, day, func(t Training) bool { return referenceTrainer(h, t) }) != "" {
				check = U04
			}
		}
	}
	switch check {
	case "":
		return
	case U01:
		out.Uses.U01++
	case U02:
		out.Uses.U02++
	case U03:
		out.Uses.U03++
	case U04:
		out.Uses.U04++
	}
	out.Uncovered = append(out.Uncovered, UncoveredUse{u.Number, check})
}

func referenceDays(u Use) []qms.Date {
	at := u.Date.Time()
	if u.Began != "" {
		var hour, minute int
		fmt.Sscanf(u.Began, "%d:%d", &hour, &minute)
		at = at.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
	}
	days := []qms.Date{u.Date}
	for range u.Minutes { // the minute that begins at this instant is one of the use's
		if day := qms.DateOf(at, time.UTC); day != days[len(days)-1] {
			days = append(days, day)
		}
		at = at.Add(time.Minute)
	}
	return days
}

// referenceDay is the check of one day, of the trainings that are counted.
func referenceDay(h history, u Use, day qms.Date, counts func(Training) bool) Check {
	all, begun, holding := 0, 0, 0
	for _, t := range h.Trainings {
		if t.Person == u.Person && t.Equipment == u.Equipment && counts(t) {
			all++
			if t.Date <= day {
				begun++
			}
			if referenceHolds(t.Date, int(t.Months), t.Through, day) {
				holding++
			}
		}
	}
	switch {
	case holding > 0:
		return ""
	case all == 0:
		return U01
	case begun > 0:
		return U02
	}
	return U03
}

// referenceTrainer asks whether who gave the training could, on that day.
func referenceTrainer(h history, t Training) bool {
	for _, r := range h.Trainers {
		if r.Person == t.Trainer && r.Equipment == t.Equipment && r.ValidFrom <= t.Date && (r.ValidUntil == 0 || t.Date < r.ValidUntil) {
			return true
		}
	}
	return false
}
