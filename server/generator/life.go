package generator

import (
	"fmt"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trace"
)

func (m *maker) people() {
	all := staff + guests*m.plan.Years + 1 // the stranger
	for n := range all {
		code := person(n)
		m.Members = append(m.Members, people.MemberRow{Code: code, Name: "Agent " + code[1:], Trainer: n < staff/2})
	}
}

// kinds are the documents of a platform in the order in which they are made, again and again: a third
// are work instructions.
var kinds = []string{"MO", "FO", "PR", "MO", "FO", "EN", "MO", "FO", "IN"}

func (m *maker) documents() {
	versions := versionsAYear * m.plan.Years
	for n := range documentsInAll {
		kind := kinds[n%len(kinds)]
		code := fmt.Sprintf("%s-ANA-%03d", kind, n+1)
		count := versions / documentsInAll
		if n < versions%documentsInAll {
			count++
		}
		m.issue(kind, code, max(1, count))
	}
}

// issue states the versions of one document, each of which replaces the one before; the first is in
// force when the years begin.
func (m *maker) issue(kind, code string, count int) {
	i := instruction{code: code}
	span := m.start.DaysUntil(m.plan.End) / count
	for v := range count {
		from := m.start.AddDays(v*span + m.rand.IntN(max(1, span/2)))
		if v == 0 {
			from = m.start.AddDays(-30)
		}
		i.from = append(i.from, from)
		m.Documents = append(m.Documents, documents.Stated{Code: code, Title: "Analyse de routine " + code, Version: versionOf(v), EffectiveFrom: from})
	}
	if kind == "MO" {
		m.instructions = append(m.instructions, i)
	}
}

func versionOf(n int) string { return fmt.Sprintf("%d.0", n+1) }

// on is the version in force on the day.
func (i instruction) on(day qms.Date) int {
	version := 0
	for n, from := range i.from {
		if from <= day {
			version = n
		}
	}
	return version
}

var categories = []string{"Microscopie", "Spectrométrie", "Préparation", "Mesure"}

// equipment is thirty pieces, every other one calibrated each year; the last one was calibrated once,
// for a month.
func (m *maker) equipment() {
	for n := range pieces {
		code := piece(n)
		m.Registers.Equipment = append(m.Registers.Equipment, trace.EquipmentRow{Code: code, Name: "Instrument " + code[3:],
			Category: categories[n%len(categories)], Place: fmt.Sprintf("Salle %d", 100+n/5), Commissioned: m.start.AddDays(-yearInDays)})
		switch {
		case n == lapsed:
			m.calibrate(code, m.start, 1)
		case n%2 == 0:
			for year := range m.plan.Years + 1 {
				m.calibrate(code, m.start.AddMonths(qms.Months(12*year)-1), 13)
			}
		}
	}
}

func (m *maker) calibrate(code string, on qms.Date, months qms.Months) {
	if on <= m.plan.End {
		m.Registers.Calibrations = append(m.Registers.Calibrations, trace.CalibrationRow{Equipment: code, Date: on, Months: months,
			Outcome: "conforme", Certificate: "CE-" + code + "-" + on.String()})
	}
}

// trainings train the staff on everything for ever, and users on a piece each for a year, renewed
// until they leave.
func (m *maker) trainings() {
	for n := range staff {
		for e := range pieces {
			m.train(access{person(n), piece(e), m.start.AddDays(-60), 0}, 0)
		}
	}
	users := guests * m.plan.Years
	left := trainingsAYear * m.plan.Years
	for n := 0; left > 0; n++ {
		a := access{person: person(staff + n%users), equipment: piece((n*7 + n/users) % pieces), from: m.within(m.start.AddDays(30), m.plan.End.AddDays(-60))}
		a.until = a.from
		for range min(left, 1+m.rand.IntN(3)) {
			if a.until > m.plan.End {
				break
			}
			from := a.until
			m.train(access{a.person, a.equipment, from, 0}, term)
			a.until = from.AddMonths(term)
			left--
		}
		m.access = append(m.access, a)
	}
}

// term is how long the training of a user holds.
const term = qms.Months(12)

func (m *maker) train(a access, months qms.Months) {
	m.Registers.Trainings = append(m.Registers.Trainings, trace.TrainingRow{Person: a.person, Equipment: a.equipment,
		Trainer: person((staff/2 + 1) % staff), Date: a.from, Months: months})
}

// uses are those of users under their training; a few have none, one that expired, or one that came later.
func (m *maker) uses() {
	for n := range usesAYear * m.plan.Years {
		a := m.access[m.rand.IntN(len(m.access))]
		use, check := trace.UseRow{Person: a.person, Equipment: a.equipment, Minutes: int64(30 + 15*m.rand.IntN(20)), Project: fmt.Sprintf("Projet %02d", n%40)}, trace.Check("")
		use.Date = m.within(a.from, min(a.until, m.plan.End))
		switch n % 100 {
		case 7:
			use.Person, check = m.stranger(), trace.U01
		case 31:
			if left := m.left(n); left != nil {
				use.Person, use.Equipment, use.Date, check = left.person, left.equipment, m.within(left.until, m.plan.End), trace.U02
			}
		case 63:
			use.Date, check = m.within(m.start, a.from), trace.U03
		}
		use.Number = m.number("UTI", use.Date)
		m.Registers.Uses = append(m.Registers.Uses, use)
		m.noteUse(use.Number, check)
	}
}

// left is an access that ended before the years did, nil when there is none.
func (m *maker) left(n int) *access {
	for i := range m.access {
		if a := &m.access[(n+i)%len(m.access)]; a.until < m.plan.End {
			return a
		}
	}
	return nil
}
