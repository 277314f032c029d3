// Package demo makes a small site with a year of life: two platforms of research with their people,
// documents in every state, services from request to invoice, equipment, trainings, uses, and an
// exercise.
//
// It promises that everything is made by the rooms' own acts, by the person whose turn it was, on a
// clock that moves through the year: what the pages show and what the trail says is what a real year
// would have left. A few defects are planted on purpose, for exercises to find.
//
// It refuses to touch a site that holds anything else. All persons and platforms are invented.
package demo

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"sync"
	"time"

	"maillon/qms"
	"maillon/server/app"
)

//go:embed texts/*.md
var texts embed.FS

// Days is how long the year of the demo is; its last day is the day it is made on.
const Days = 365

// Clock is handed to the site: it moves through the year while the site is made, and then tells the
// present.
type Clock struct {
	mu   sync.Mutex
	live qms.Clock
	at   time.Time
}

// NewClock is a clock that will tell the present of live.
func NewClock(live qms.Clock) *Clock { return &Clock{live: live} }

// Now is the moment of the year that is being made, afterwards the present.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.IsZero() {
		return c.live()
	}
	c.at = c.at.Add(time.Second) // nothing happens at once
	return c.at
}

func (c *Clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// step is one thing that happens on a day of the year, counted from 0.
type step struct {
	day int
	do  func(ctx context.Context) error
}

// year is a year being made.
type year struct {
	h        *app.House
	clock    *Clock
	start    qms.Date
	password string
	agents   map[int]qms.Actor
	steps    []step
}

// Account is one way to sign in.
type Account struct {
	Email string
	Name  string
	Role  qms.Role
	Where string // code of the platform; empty for the site
}

// Make makes the year on an empty site whose clock is c, and leaves c telling the present. Everybody
// signs in with the password.
func Make(ctx context.Context, h *app.House, c *Clock, password string) error {
	defer c.set(time.Time{})
	today := qms.DateOf(c.live(), time.UTC)
	y := &year{h: h, clock: c, start: today.AddDays(-Days), password: password, agents: map[int]qms.Actor{}}
	c.set(y.start.Time().Add(7 * time.Hour))
	if err := h.Witness.Enrol(qms.WithActor(ctx, qms.System("demo"))); err != nil {
		return fmt.Errorf("begin the demo's key: %w", err)
	}
	micro, spectro, err := y.people(qms.WithActor(ctx, qms.System("demo")))
	if err != nil {
		return fmt.Errorf("make the demo's people: %w", err)
	}
	y.chart(micro, 2, microProcesses)
	y.chart(spectro, 8, spectroProcesses)
	y.spare(spectro)
	y.library(micro, microLibrary)
	y.library(spectro, spectroLibrary)
	y.requests(micro, 2)
	y.prices(micro, 1, 2, "Microscope confocal", true)
	y.prices(spectro, 7, 8, "Spectromètre de masse", false)
	y.microTrace(micro)
	y.spectroTrace(spectro)
	y.checks(spectro)
	y.lives(micro)
	y.candidacies(micro, spectro)
	y.referential()
	y.assessment(micro, 2)
	y.evidence(micro, 2)
	y.missions(micro, spectro)
	y.takenOver()
	y.accompaniment(micro)
	y.attachments(micro, spectro)
	y.impacts(spectro)
	y.control(micro)
	y.kit(micro, spectro)
	y.exercise(micro)
	y.feeds(micro, 2)
	y.packs(micro, 2)
	y.reminders()
	y.scrubs()
	y.auditors(micro, spectro)
	y.witness(micro, 2)
	return y.live(ctx)
}

// live goes through the year day by day, in office hours, and stops at yesterday evening.
func (y *year) live(ctx context.Context) error {
	slices.SortStableFunc(y.steps, func(a, b step) int { return a.day - b.day })
	day, minute := -1, 0
	for _, s := range y.steps {
		if s.day >= Days {
			continue
		}
		if s.day != day {
			day, minute = s.day, 0
		}
		minute += 11
		y.clock.set(y.date(day).Time().Add(7*time.Hour + time.Duration(minute)*time.Minute))
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("day %d of the demo: %w", s.day, err)
		}
	}
	return nil
}

// on plans what an agent does on a day.
func (y *year) on(day, agent int, do func(ctx context.Context) error) {
	y.steps = append(y.steps, step{day, func(ctx context.Context) error {
		actor, known := y.agents[agent]
		if !known {
			return fmt.Errorf("there is no agent %d", agent)
		}
		return do(qms.WithActor(ctx, actor))
	}})
}

// date is the day of the year as a civil date.
func (y *year) date(day int) qms.Date { return y.start.AddDays(day) }
