package trace

import (
	"fmt"
	"sync/atomic"

	"pgregory.net/rapid"

	"maillon/qms"
)

// histories counts those drawn, so that the identifiers of each are its own.
var histories atomic.Int64

// drawHistory makes a small, dense history: few people, pieces of equipment and numbers, and dates
// within two years, so that every coincidence the rules are about comes up often.
func drawHistory(t *rapid.T) history {
	h := history{Instructions: map[string]map[string]qms.Period{}, Settings: DefaultSettings()}
	h.Settings.InvoiceDays = int64(rapid.SampledFrom([]int{0, 30, 90}).Draw(t, "invoice days"))
	h.Settings.Evidence, h.Settings.Trainers = rapid.Bool().Draw(t, "evidence"), rapid.Bool().Draw(t, "trainers")
	run, records := histories.Add(1), 0
	row := func() qms.Row {
		records++
		return qms.Row{ID: qms.ID(fmt.Sprintf("%08d-0000-7000-8000-%012d", run, records))}
	}
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
	begun := func() qms.Date { // requests come early, so that most records have one
		if maybe("early", 70) {
			return qms.MustDate("2024-11-15") + qms.Date(rapid.IntRange(0, 100).Draw(t, "begun"))
		}
		return day("date")
	}
	person := func() qms.ID { return qms.ID(fmt.Sprint("p", rapid.IntRange(1, 3).Draw(t, "person"))) }
	equipment := func() qms.ID { return qms.ID(fmt.Sprint("e", rapid.IntRange(1, 3).Draw(t, "equipment"))) }
	money := func() qms.Money { return qms.Money(rapid.IntRange(1, 3).Draw(t, "money") * 100) }
	months := func() qms.Months { return qms.Months(rapid.SampledFrom([]int{0, 1, 6, 12}).Draw(t, "months")) }

	n := rapid.SampledFrom([]int{1, 2, 2, 3, 5, 0}).Draw(t, "requests")
	request := func() string { return fmt.Sprintf("DEM-%d", rapid.IntRange(1, n+1).Draw(t, "request")) } // one too many
	for i := range n {
		h.Requests = append(h.Requests, Request{Row: row(), Number: fmt.Sprintf("DEM-%d", i+1), Date: begun(), Void: void()})
	}
	for i := range rapid.IntRange(2, 14).Draw(t, "quotes") {
		q := Quote{Row: row(), Number: fmt.Sprintf("DEV-%d", i+1), Request: request(), Date: day("date"), Total: money(), Void: void()}
		if maybe("accepted", 70) {
			q.AcceptedOn = day("accepted on")
		}
		h.Quotes = append(h.Quotes, q)
	}
	for i := range rapid.IntRange(0, 10).Draw(t, "reports") {
		h.Reports = append(h.Reports, Report{Row: row(), Number: fmt.Sprintf("RAP-%d", i+1), Request: request(), Date: day("date"),
			AnalysedOn: day("analysed on"), Operator: person(), Equipment: equipment(), Void: void(),
			Instruction: fmt.Sprint("MO-", rapid.IntRange(1, 3).Draw(t, "instruction")), InstructionVersion: rapid.SampledFrom([]string{"1.0", "2.0"}).Draw(t, "version")})
	}
	for i := range rapid.IntRange(4, 16).Draw(t, "invoices") {
		inv := Invoice{Row: row(), Number: fmt.Sprintf("FAC-%d", i+1), Request: request(), Date: day("date"), Total: money(), Void: void()}
		if maybe("names a quote", 60) {
			inv.Quote = fmt.Sprintf("DEV-%d", rapid.IntRange(1, 15).Draw(t, "quote"))
		}
		h.Invoices = append(h.Invoices, inv)
	}
	for range rapid.IntRange(3, 24).Draw(t, "trainings") {
		tr := Training{Row: row(), Person: person(), Equipment: equipment(), Date: day("date"), Months: months(), Void: void()}
		if maybe("trainer stated", 90) {
			tr.Trainer = person()
		}
		if tr.Months == 0 && maybe("through", 50) {
			tr.Through = tr.Date + qms.Date(rapid.IntRange(0, 200).Draw(t, "through"))
		}
		h.Trainings = append(h.Trainings, tr)
	}
	for range rapid.IntRange(0, 6).Draw(t, "calibrations") {
		c := Calibration{Row: row(), Equipment: equipment(), Date: day("date"), Months: months(), Outcome: Conforming, Void: void()}
		if maybe("nonconforming", 30) {
			c.Outcome = Nonconforming
		}
		h.Calibrations = append(h.Calibrations, c)
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "uses") {
		u := Use{Row: row(), Number: fmt.Sprintf("UTI-%d", i+1), Person: person(), Equipment: equipment(), Date: day("date"), Void: void()}
		u.Minutes = int64(rapid.SampledFrom([]int{0, 60, 24 * 60, 24*60 + 1, 30 * 24 * 60}).Draw(t, "minutes"))
		u.Began = rapid.SampledFrom([]string{"", "00:00", "00:01", "23:00", "23:01"}).Draw(t, "began")
		h.Uses = append(h.Uses, u)
	}
	for range rapid.IntRange(0, 12).Draw(t, "trainers") {
		r := Trainer{Row: row(), Person: person(), Equipment: equipment(), ValidFrom: day("trainer from"), Void: void()}
		if maybe("ended", 40) {
			r.ValidUntil = r.ValidFrom + qms.Date(rapid.IntRange(0, 300).Draw(t, "trainer until"))
		}
		h.Trainers = append(h.Trainers, r)
	}
	h.drawFiles(t, row, day, maybe, void)
	for _, code := range []string{"MO-1", "MO-2"} {
		first, second := day("effect"), day("effect")
		if first > second {
			first, second = second, first
		}
		h.Instructions[code] = map[string]qms.Period{"1.0": {From: first, Until: second}, "2.0": {From: second}}
	}
	return h
}

// drawFiles gives most records of the chains a file, and some of them several.
func (h *history) drawFiles(t *rapid.T, row func() qms.Row, day func(string) qms.Date, maybe func(string, int) bool, void func() string) {
	percent := rapid.SampledFrom([]int{60, 95, 100}).Draw(t, "filed")
	add := func(kind EvidenceKind, subject qms.ID) {
		for range 3 {
			if !maybe("file", percent) {
				return
			}
			f := Evidence{Row: row(), Kind: kind, Subject: subject, AddedOn: qms.MustDate("2024-11-15"), Void: void()}
			if maybe("added late", 20) {
				f.AddedOn = day("added on")
			}
			h.Files = append(h.Files, f)
			if maybe("no more", 80) {
				return
			}
		}
	}
	for _, r := range h.Requests {
		add(OfRequest, r.ID)
	}
	for _, q := range h.Quotes {
		add(OfQuote, q.ID)
	}
	for _, r := range h.Reports {
		add(OfReport, r.ID)
	}
	for _, i := range h.Invoices {
		add(OfInvoice, i.ID)
	}
}

// judged makes the full check of a history in memory, by the package's own rules.
func judged(h history, x qms.Date) *Findings {
	g := NewGround(x, h.Settings, h.Trainings, h.Calibrations, h.Instructions, h.Trainers...)
	if h.Settings.Evidence {
		filed := map[qms.ID]bool{}
		for _, f := range h.Files {
			filed[f.Subject] = filed[f.Subject] || f.Void == "" && f.AddedOn <= x
		}
		g.Filed = func(id qms.ID) bool { return filed[id] }
	}
	f := newFindings(g)
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
