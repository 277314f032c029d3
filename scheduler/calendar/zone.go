package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	ical "github.com/emersion/go-ical"
)

// zoneOf names the zone of an instant; false when it is UTC or has no name that other programs know.
func zoneOf(at time.Time) (string, bool) {
	name := at.Location().String()
	return name, at.Location() != time.UTC && name != "UTC" && name != "Local" && name != ""
}

// shownTwice reports whether the clocks had shown that hour already when they were put back.
func shownTwice(at time.Time) bool {
	start, _ := at.ZoneBounds()
	if start.IsZero() {
		return false
	}
	_, before := start.Add(-time.Second).Zone()
	_, now := at.Zone()
	return at.Sub(start) < time.Duration(before-now)*time.Second
}

// zonesOf writes out the rules of every zone that the events need, by name.
func zonesOf(events []Event) (zones []*ical.Component) {
	type span struct {
		zone        *time.Location
		first, last time.Time
	}
	spans := map[string]span{}
	for n := range events {
		e := &events[n]
		if e.Day != 0 {
			continue
		}
		for _, at := range []time.Time{e.Begin, e.End} {
			name, named := zoneOf(at)
			if at.IsZero() || !named {
				continue
			}
			s, known := spans[name]
			if !known {
				s = span{at.Location(), at, at}
			}
			if at.Before(s.first) {
				s.first = at
			}
			if at.After(s.last) {
				s.last = at
			}
			spans[name] = s
		}
	}
	names := make([]string, 0, len(spans))
	for name := range spans {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		zones = append(zones, zoneComponent(name, spans[name].zone, spans[name].first, spans[name].last))
	}
	return zones
}

// change is one time at which the clocks of a zone change.
type change struct {
	at       time.Time
	from, to int // seconds east of UTC
	summer   bool
	name     string
}

// local is what the clocks showed at the change, before it.
func (c change) local() time.Time { return c.at.UTC().Add(time.Duration(c.from) * time.Second) }

// rule is the change as a yearly rule: in which month, on which Sunday, and the like.
func (c change) rule(last bool) string {
	day := c.local()
	nth := (day.Day()-1)/7 + 1
	if last {
		nth = -1
	}
	return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", int(day.Month()), nth, strings.ToUpper(day.Weekday().String()[:2]))
}

// zoneComponent writes out the zone for the instants between first and last: by its yearly rules where
// two of them tell every change of these years and of ten more, else change by change.
func zoneComponent(name string, zone *time.Location, first, last time.Time) *ical.Component {
	c := ical.NewComponent(ical.CompTimezone)
	setRaw(c, ical.PropTimezoneID, name)
	from := time.Date(first.In(zone).Year()-1, time.January, 1, 0, 0, 0, 0, zone)
	until := time.Date(last.In(zone).Year()+10, time.January, 1, 0, 0, 0, 0, zone)
	changes := changesOf(from, until)
	if rules := yearly(changes); len(rules) == 2 {
		for n, rule := range rules {
			c.Children = append(c.Children, observance(changes[n], rule))
		}
		return c
	}
	changes = slices.DeleteFunc(changes, func(c change) bool { return c.at.After(last) })
	abbreviation, offset := from.Zone()
	c.Children = append(c.Children, observance(change{at: from, from: offset, to: offset, summer: from.IsDST(), name: abbreviation}, ""))
	for _, one := range changes {
		c.Children = append(c.Children, observance(one, ""))
	}
	return c
}

// changesOf lists the changes of the clocks after from and before until.
func changesOf(from, until time.Time) (changes []change) {
	for at := from; ; {
		_, end := at.ZoneBounds()
		if !end.IsZero() && !end.After(at) { // the last bound of a zone's table may be told as its own end
			end = at.Add(time.Hour)
		}
		if end.IsZero() || !end.Before(until) {
			return changes
		}
		_, before := end.Add(-time.Second).Zone()
		name, after := end.Zone()
		if before != after || at.IsDST() != end.IsDST() {
			changes = append(changes, change{at: end, from: before, to: after, summer: end.IsDST(), name: name})
		}
		at = end
	}
}

// yearly finds the two rules that tell all the changes, nothing when two do not.
func yearly(changes []change) []string {
	if len(changes) < 4 {
		return nil
	}
	for _, last := range [][2]bool{{true, true}, {true, false}, {false, true}, {false, false}} {
		rules := []string{changes[0].rule(last[0]), changes[1].rule(last[1])}
		whole := true
		for n, c := range changes {
			first := changes[n%2]
			day := c.local()
			ends := day.AddDate(0, 0, 7).Month() != day.Month() // it is the last such weekday of its month
			whole = whole && c.rule(last[n%2]) == rules[n%2] && (!last[n%2] || ends) &&
				c.from == first.from && c.to == first.to && c.local().Format("150405") == first.local().Format("150405")
		}
		if whole {
			return rules
		}
	}
	return nil
}

func observance(c change, rule string) *ical.Component {
	kind := ical.CompTimezoneStandard
	if c.summer {
		kind = ical.CompTimezoneDaylight
	}
	o := ical.NewComponent(kind)
	setRaw(o, ical.PropDateTimeStart, c.local().Format(localLayout))
	setRaw(o, ical.PropTimezoneOffsetFrom, offset(c.from))
	setRaw(o, ical.PropTimezoneOffsetTo, offset(c.to))
	if c.name != "" && c.name[0] != '+' && c.name[0] != '-' {
		setText(o, ical.PropTimezoneName, c.name)
	}
	if rule != "" {
		setRaw(o, ical.PropRecurrenceRule, rule)
	}
	return o
}

// offset is +0100; the seconds of zones long past are written as they are.
func offset(seconds int) string {
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	text := fmt.Sprintf("%s%02d%02d", sign, seconds/3600, seconds/60%60)
	if rest := seconds % 60; rest != 0 {
		text += fmt.Sprintf("%02s", strconv.Itoa(rest))
	}
	return text
}
