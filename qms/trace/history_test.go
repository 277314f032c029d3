package trace

import (
	"fmt"

	"pgregory.net/rapid"

	"maillon/qms"
)

// drawHistory makes a small, dense history: few people, pieces of equipment and numbers, and dates
// within two years, so that every coincidence the rules are about comes up often.
func drawHistory(t *rapid.T) history {
	h := history{Instructions: map[string]map[string]qms.Period{}}
	day := func(label string) qms.Date {
		return qms.MustDate("2024-11-15") + qms.Date(rapid.IntRange(0, 700).Draw(t, label))
	}
	maybe := func(label string, percent int) bool { return rapid.IntRange(1, 100).Draw(t, label) <= percent }
	void := func() string {
		if maybe("void", 5) {
			return "entered twice"
		}
		return ""
	}
	person := func() qms.ID { return qms.ID(fmt.Sprint("p", rapid.IntRange(1, 3).Draw(t, "person"))) }
	equipment := func() qms.ID { return qms.ID(fmt.Sprint("e", rapid.IntRange(1, 3).Draw(t, "equipment"))) }
	money := func() qms.Money { return qms.Money(rapid.IntRange(1, 3).Draw(t, "money") * 100) }
	months := func() qms.Months { return qms.Months(rapid.SampledFrom([]int{0, 1, 6, 12}).Draw(t, "months")) }

	n := rapid.IntRange(0, 5).Draw(t, "requests")
	request := func() string { return fmt.Sprintf("DEM-%d", rapid.IntRange(1, n+1).Draw(t, "request")) } // one too many
	for i := range n {
		h.Requests = append(h.Requests, Request{Number: fmt.Sprintf("DEM-%d", i+1), Date: day("date"), Void: void()})
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "quotes") {
		q := Quote{Number: fmt.Sprintf("DEV-%d", i+1), Request: request(), Date: day("date"), Total: money(), Void: void()}
		if maybe("accepted", 70) {
			q.AcceptedOn = day("accepted on")
		}
		h.Quotes = append(h.Quotes, q)
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "reports") {
		h.Reports = append(h.Reports, Report{Number: fmt.Sprintf("RAP-%d", i+1), Request: request(), Date: day("date"),
			AnalysedOn: day("analysed on"), Operator: person(), Equipment: equipment(), Void: void(),
			Instruction: fmt.Sprint("MO-", rapid.IntRange(1, 3).Draw(t, "instruction")), InstructionVersion: rapid.SampledFrom([]string{"1.0", "2.0"}).Draw(t, "version")})
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "invoices") {
		inv := Invoice{Number: fmt.Sprintf("FAC-%d", i+1), Request: request(), Date: day("date"), Total: money(), Void: void()}
		if maybe("names a quote", 60) {
			inv.Quote = fmt.Sprintf("DEV-%d", rapid.IntRange(1, 9).Draw(t, "quote"))
		}
		h.Invoices = append(h.Invoices, inv)
	}
	for range rapid.IntRange(0, 8).Draw(t, "trainings") {
		tr := Training{Person: person(), Equipment: equipment(), Date: day("date"), Months: months(), Void: void()}
		if tr.Months == 0 && maybe("through", 50) {
			tr.Through = tr.Date + qms.Date(rapid.IntRange(0, 200).Draw(t, "through"))
		}
		h.Trainings = append(h.Trainings, tr)
	}
	for range rapid.IntRange(0, 6).Draw(t, "calibrations") {
		c := Calibration{Equipment: equipment(), Date: day("date"), Months: months(), Outcome: Conforming, Void: void()}
		if maybe("nonconforming", 30) {
			c.Outcome = Nonconforming
		}
		h.Calibrations = append(h.Calibrations, c)
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "uses") {
		h.Uses = append(h.Uses, Use{Number: fmt.Sprintf("UTI-%d", i+1), Person: person(), Equipment: equipment(), Date: day("date"), Void: void()})
	}
	for _, code := range []string{"MO-1", "MO-2"} {
		first, second := day("effect"), day("effect")
		if first > second {
			first, second = second, first
		}
		h.Instructions[code] = map[string]qms.Period{"1.0": {From: first, Until: second}, "2.0": {From: second}}
	}
	return h
}

// judged makes the full check of a history in memory, by the package's own rules.
func judged(h history, x qms.Date) *Findings {
	g := NewGround(x, DefaultSettings(), h.Trainings, h.Calibrations, h.Instructions)
	f := newFindings(x)
	byNumber := map[string]*Chain{}
	for _, r := range h.Requests {
		if r.Void == "" && r.Date <= x {
			byNumber[r.Number] = &Chain{Request: r}
		}
	}
	quotes := map[string]bool{}
	for _, q := range h.Quotes {
		if q.Void != "" || q.Date > x {
			continue
		}
		quotes[q.Number] = true
		if c := byNumber[q.Request]; c != nil {
			c.Quotes = append(c.Quotes, q)
		} else {
			f.Dangling = append(f.Dangling, q.Number)
		}
	}
	for _, r := range h.Reports {
		if c := byNumber[r.Request]; c != nil {
			c.Reports = append(c.Reports, r)
		} else if r.Void == "" && r.Date <= x {
			f.Dangling = append(f.Dangling, r.Number)
		}
	}
	for _, i := range h.Invoices {
		c := byNumber[i.Request]
		if c != nil && (i.Quote == "" || quotes[i.Quote]) {
			c.Invoices = append(c.Invoices, i)
		} else if i.Void == "" && i.Date <= x {
			f.Dangling = append(f.Dangling, i.Number)
		}
	}
	for number, c := range byNumber {
		f.addChain(number, Judge(*c, g))
	}
	for _, u := range h.Uses {
		if u.Void == "" && u.Date <= x {
			f.addUse(u.Number, JudgeUse(u, g))
		}
	}
	f.sort()
	return f
}
