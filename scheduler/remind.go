package scheduler

import (
	"cmp"
	"slices"
	"strings"

	"maillon/qms"
)

const (
	lateEvery     = 7  // days between two reminders of what is late
	escalateAfter = 14 // days late from which the quality officer is told too
	maxOffset     = 366
	maxOffsets    = 12
)

// defaultOffsets are the days before at which a reminder goes out where nothing else is settled.
var defaultOffsets = []int{90, 30, 7, 0}

// Mode is how often somebody wants to be told.
type Mode string

// The modes. None silences what others are asked too; what names a person, or is nobody else's, is told daily.
const (
	Daily     Mode = "daily"     // one mail a day, in the morning
	Immediate Mode = "immediate" // as soon as it is known
	Weekly    Mode = "weekly"    // on one day, with what comes until the next
	None      Mode = "none"
)

// Wish is how a person wants to be told. The zero Wish is Daily.
type Wish struct {
	Mode    Mode
	Weekday int // of Weekly: 1 Monday to 7 Sunday
}

// issue is the latest day, day itself included, on which whoever wishes so is told.
func (w Wish) issue(day qms.Date) qms.Date {
	if w.Mode != Weekly {
		return day
	}
	return day.AddDays(-((weekday(day) - w.Weekday + 7) % 7))
}

// weekday is 1 on Mondays and 7 on Sundays (ISO 8601): day 1, 1 January of the year 1, was a Monday.
func weekday(d qms.Date) int { return int(d-1)%7 + 1 }

// Steps is how one kind of obligation is reminded.
type Steps struct {
	Offsets []int // days before
	Off     bool
}

// Newest is the step that was reached last as of day: an offset in days before, or the negative number of
// days late, and the day it was reached on. Offsets count as reached ahead days early, lateness does not.
func (s Steps) Newest(on, day qms.Date, ahead int) (step int, reached qms.Date, ok bool) {
	if late := on.DaysUntil(day) / lateEvery * lateEvery; late > 0 {
		return -late, on.AddDays(late), true
	}
	for _, offset := range s.Offsets {
		if at := on.AddDays(-offset); at <= day.AddDays(ahead) && (!ok || at > reached) {
			step, reached, ok = offset, at, true
		}
	}
	return step, reached, ok
}

// Circle is who is asked on one platform.
type Circle struct {
	Asked    []qms.ID // managers, quality leads, and whom the platform named besides
	Officers []qms.ID // who is told of what stays late
}

// Teller is one obligation as told to one person.
type Teller struct {
	Obligation string
	Person     qms.ID
}

// Ask is one reminder that is to be made.
type Ask struct {
	Due       qms.Due
	Person    qms.ID
	Step      int
	Escalated bool     // told because it stays late, not because it is theirs
	Reached   qms.Date // when the step was reached
	Through   qms.Date // told for every step reached until then
}

// Question is all that the rule looks at.
type Question struct {
	Day     qms.Date // the day that is asked about
	Asked   qms.Date // the last day that was asked about; none: never
	Morning bool     // everybody's question of the day; else only that of who wants to know at once
	Dues    []qms.Due
	Steps   func(platform qms.ID, kind string) Steps
	Circles map[qms.ID]Circle // by platform
	Wishes  map[qms.ID]Wish
	Reached map[qms.ID]bool // who can be told something at all

	Languages map[qms.ID]string // in which who said so is told
	Told      map[Teller]qms.Date
}

// Demand is the rule of all reminders: what is to be told to whom on the day, ordered by person and due
// date. It looks at the state alone. What is done is not among the dues, so nobody is asked again; of the
// steps reached since somebody was last told of an obligation only the newest is demanded, so that days
// without a question delay and do not flood; and an obligation that is moved is told again only at steps
// reached after the last time it was told.
func Demand(q Question) []Ask {
	var asks []Ask
	for _, d := range q.Dues {
		steps := q.Steps(d.Platform, d.Kind)
		if steps.Off || d.On == 0 {
			continue
		}
		for _, c := range q.concerned(d) {
			if ask, ok := q.ask(d, steps, c); ok {
				asks = append(asks, ask)
			}
		}
	}
	slices.SortStableFunc(asks, func(a, b Ask) int {
		return cmp.Or(strings.Compare(string(a.Person), string(b.Person)), cmp.Compare(a.Due.On, b.Due.On), strings.Compare(a.Due.Key, b.Due.Key))
	})
	seen := map[Teller]bool{} // a room that lists one obligation twice is told of it once
	return slices.DeleteFunc(asks, func(a Ask) bool {
		t := Teller{a.Due.Key, a.Person}
		twice := seen[t]
		seen[t] = true
		return twice
	})
}

func (q Question) ask(d qms.Due, steps Steps, c concern) (Ask, bool) {
	wish := q.Wishes[c.person]
	issue := wish.issue(q.Day)
	if turn := wish.Mode == Immediate || q.Morning && issue > q.Asked; !turn {
		return Ask{}, false
	}
	ahead := 0
	if wish.Mode == Weekly {
		ahead = q.Day.DaysUntil(issue.AddDays(6))
	}
	step, reached, ok := steps.Newest(d.On, q.Day, ahead)
	told, before := q.Told[Teller{d.Key, c.person}]
	switch {
	case !ok, c.escalated && step > -escalateAfter, before && told >= reached:
		return Ask{}, false
	}
	return Ask{Due: d, Person: c.person, Step: step, Escalated: c.escalated, Reached: reached, Through: max(q.Day, reached)}, true
}

// concern is a person with why they are asked.
type concern struct {
	person    qms.ID
	escalated bool
}

// concerned lists who is asked: the person named, who cannot silence it; else, or when there is no way to
// reach them, the platform's circle, or the officers of what is the programme's and of platforms without
// one, without those who want none, unless that leaves nobody.
func (q Question) concerned(d qms.Due) []concern {
	circle := q.Circles[d.Platform]
	var all []concern
	add := func(persons []qms.ID, escalated bool) {
		for _, p := range persons {
			if !slices.ContainsFunc(all, func(c concern) bool { return c.person == p }) {
				all = append(all, concern{p, escalated})
			}
		}
	}
	switch {
	case d.Person != "" && q.Reached[d.Person]:
		add([]qms.ID{d.Person}, false)
	case len(circle.Officers) > 0 && (d.Programme || len(circle.Asked) == 0):
		add(q.listening(circle.Officers), false)
	default:
		add(q.listening(circle.Asked), false)
	}
	add(q.listening(circle.Officers), true)
	return all
}

// listening are those of the persons who want to be told, or all of them when nobody does: an obligation
// is never told to nobody because of wishes.
func (q Question) listening(persons []qms.ID) []qms.ID {
	var some []qms.ID
	for _, p := range persons {
		if q.Wishes[p].Mode != None {
			some = append(some, p)
		}
	}
	if len(some) == 0 {
		return persons
	}
	return some
}
