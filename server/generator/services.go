package generator

import (
	"fmt"

	"maillon/qms"
	"maillon/qms/trace"
)

// course is how one service goes. Days are counted from its request; 0 is never.
type course struct {
	quoted, accepted, refused, analysed, reported, invoiced int

	operator, equipment string
	outdated            bool // the work instruction's version was not in force
	amended             bool // two quotes, both accepted
	parts               int  // invoices
	over                qms.Money
}

// The statuses of clients and what they ask for.
var (
	statuses = []string{trace.Internal, trace.Academic, trace.Industrial}
	subjects = []string{"Imagerie", "Spectres de masse", "Préparation de lames", "Dosage", "Cartographie"}
)

// services spread over the years, the last of them early enough to be finished by the end.
func (m *maker) services() {
	count := servicesAYear * m.plan.Years
	first, last := m.start.AddDays(60), m.plan.End.AddDays(-60)
	for n := range count {
		day := first.AddDays(first.DaysUntil(last) * n / count)
		c := course{quoted: 3, accepted: 8, analysed: 20, reported: 24, invoiced: 40, parts: 1,
			operator: person(m.rand.IntN(staff)), equipment: piece(m.rand.IntN(lapsed)), amended: n%11 == 0}
		if n%13 == 0 {
			c.parts = 2
		}
		var defect trace.Check
		switch place := n % 100; {
		case place%8 == 3 && place/8 < brokenInHundred:
			defect = m.spoil(&c, place/8, day)
		case place%12 == 6 && place/12 < openInHundred:
			leaveOpen(&c, place)
		}
		m.serve(n, day, c, defect)
		if n%200 == 150 {
			m.dangle(day)
		}
	}
}

// spoil plants the defect of that place into the course, and names the one check that fires for it.
func (m *maker) spoil(c *course, place int, request qms.Date) trace.Check {
	switch place {
	case 0, 9:
		c.accepted = 0
		c.amended, c.parts = false, 1
		return trace.S01
	case 1:
		c.analysed, c.reported = 0, 0
		return trace.S02
	case 2:
		if request.AddDays(c.reported+91) > m.plan.End {
			break // not late yet
		}
		c.invoiced = 0
		return trace.S03
	case 3:
		c.quoted = -2
		return trace.S04
	case 4:
		c.over, c.parts = 120_00, 1
		return trace.S05
	case 5:
		c.over, c.parts = 80_50, 2
		return trace.S06
	case 6:
		c.operator = m.stranger()
		return trace.S08
	case 7, 10:
		c.outdated = true
		return trace.S09
	}
	c.equipment = piece(lapsed)
	return trace.S10
}

// leaveOpen stops the course before its end.
func leaveOpen(c *course, place int) {
	c.analysed, c.reported, c.invoiced = 0, 0, 0
	switch place % 3 {
	case 0:
		c.quoted, c.accepted = 0, 0
	case 1:
		c.accepted, c.refused = 0, 12
	}
}

// serve writes down one service and what must be found of it.
func (m *maker) serve(n int, day qms.Date, c course, defect trace.Check) {
	request := m.number("DEM", day)
	m.Registers.Requests = append(m.Registers.Requests, trace.RequestRow{Number: request, Date: day,
		Client: fmt.Sprintf("Client %03d", n*7%400), ClientStatus: statuses[n%3], Subject: subjects[n%5]})
	quoted := qms.Money(0)
	quote := ""
	if c.quoted != 0 {
		quote, quoted = m.quote(request, day, c, n)
	}
	if c.reported != 0 {
		m.report(request, day, c, n)
	}
	if c.invoiced != 0 {
		m.invoice(request, quote, day.AddDays(c.invoiced), quoted+c.over, c.parts)
	}
	m.noteChain(request, defect, c.accepted != 0 && c.reported != 0 && c.invoiced != 0)
}

// quote writes the quotes and tells the number of the first and the sum that can be invoiced.
func (m *maker) quote(request string, day qms.Date, c course, n int) (number string, sum qms.Money) {
	add := func(on qms.Date, total qms.Money) string {
		row := trace.QuoteRow{Number: m.number("DEV", on), Request: request, Date: on, Total: total}
		if c.accepted != 0 {
			row.AcceptedOn = day.AddDays(c.accepted)
		}
		if c.refused != 0 {
			row.RefusedOn = day.AddDays(c.refused)
		}
		m.Registers.Quotes = append(m.Registers.Quotes, row)
		sum += total
		return row.Number
	}
	number = add(day.AddDays(c.quoted), qms.Money(250_00+int64(n%90)*17_50))
	if c.amended {
		add(day.AddDays(max(1, c.quoted)), qms.Money(90_00))
	}
	return number, sum
}

func (m *maker) report(request string, day qms.Date, c course, n int) {
	analysed := day.AddDays(c.analysed)
	i := m.instructions[n%len(m.instructions)]
	version := i.on(analysed)
	if c.outdated {
		version = (version + 1) % (len(i.from) + 1) // the next one, or one that nobody ever wrote
	}
	on := day.AddDays(c.reported)
	m.Registers.Reports = append(m.Registers.Reports, trace.ReportRow{Number: m.number("RAP", on), Request: request, Date: on, AnalysedOn: analysed,
		Operator: c.operator, Equipment: c.equipment, Instruction: i.code, InstructionVersion: versionOf(version)})
}

func (m *maker) invoice(request, quote string, on qms.Date, total qms.Money, parts int) {
	first := total / qms.Money(parts)
	for part := range parts {
		sum := first
		if part == parts-1 {
			sum = total - first*qms.Money(parts-1)
		}
		m.Registers.Invoices = append(m.Registers.Invoices, trace.InvoiceRow{Number: m.number("FAC", on), Request: request, Quote: quote, Date: on, Total: sum})
	}
}

// dangle writes a quote for a request that nobody ever wrote down.
func (m *maker) dangle(day qms.Date) {
	number := m.number("DEV", day)
	m.Registers.Quotes = append(m.Registers.Quotes, trace.QuoteRow{Number: number, Request: number + "-PERDUE", Date: day, Total: 100_00})
	m.Key.Dangling = append(m.Key.Dangling, number)
}
