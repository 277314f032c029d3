// Package generator makes sites of any size for benchmarks and tests: platforms with their people,
// documents, equipment, trainings, uses and services, over years, from a seed.
//
// It promises that the same plan gives the same site, platform by platform, whichever is asked for
// first; that its proportions are those of a platform at work; and that every defect in it is planted:
// Platform.Key is what a full check must find, known from the plan and not from the checks.
//
// It refuses nothing: a plan is written by a programmer. Nobody in it exists.
package generator

import (
	"fmt"
	"math/rand/v2"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trace"
)

// Plan is the size of a site.
type Plan struct {
	Platforms int
	Years     int // at least 1
	Seed      uint64
	End       qms.Date // the last day of the years, and the day as of which Platform.Key holds
}

// What a platform has, in all or for each year: over ten years 1,000 services, 20,000 uses, 1,000
// trainings, 2,000 versions.
const (
	pieces          = 30
	staff           = 10 // people trained on everything for ever
	guests          = 24 // new users a year
	servicesAYear   = 100
	usesAYear       = 2_000
	trainingsAYear  = 70 // of users
	documentsInAll  = 220
	versionsAYear   = 200
	yearInDays      = 365
	lapsed          = pieces - 1 // the piece whose only calibration lapsed in the first weeks
	brokenInHundred = 12
	openInHundred   = 8
)

// Platform is one platform as registers would state it, and what a full check must find.
type Platform struct {
	Code      string
	Name      string
	Members   []people.MemberRow
	Documents []documents.Stated
	Registers trace.Registers
	Key       trace.Findings
}

// Platform makes the platform of that number, from 0.
func (p Plan) Platform(number int) *Platform {
	m := &maker{
		plan: p, rand: rand.New(rand.NewPCG(p.Seed, uint64(number))), start: p.End.AddDays(-yearInDays * p.Years),
		series: map[string]int{},
		Platform: &Platform{Code: fmt.Sprintf("P%03d", number+1), Name: fmt.Sprintf("Plateforme %d (exemple)", number+1),
			Key: trace.Findings{AsOf: p.End}},
	}
	m.people()
	m.documents()
	m.equipment()
	m.trainings()
	m.services()
	m.uses()
	sortKey(&m.Key)
	return m.Platform
}

// maker is a platform being made.
type maker struct {
	*Platform
	plan         Plan
	rand         *rand.Rand // of the plan and the platform's number alone: not of any secret
	start        qms.Date
	series       map[string]int // last number given out, by prefix and year
	instructions []instruction
	access       []access
}

// instruction is a work instruction with the first days of its versions, the oldest first.
type instruction struct {
	code string
	from []qms.Date
}

// access is a user on a piece of equipment, trained from a day until another.
type access struct {
	person, equipment string
	from, until       qms.Date // until: first day on which nothing holds any more
}

func person(n int) string { return fmt.Sprintf("P%04d", n+1) }
func piece(n int) string  { return fmt.Sprintf("EQ-%03d", n+1) }

// stranger is a member who was never trained on anything.
func (m *maker) stranger() string { return m.Members[len(m.Members)-1].Code }

// number gives out the next number of a series for the year of the day.
func (m *maker) number(prefix string, on qms.Date) string {
	series := fmt.Sprintf("%s-%d", prefix, on.Year())
	m.series[series]++
	return fmt.Sprintf("%s-%04d", series, m.series[series])
}

// within is a day of the period, the first day included and the last one not.
func (m *maker) within(from, until qms.Date) qms.Date {
	return from.AddDays(m.rand.IntN(max(1, from.DaysUntil(until))))
}
