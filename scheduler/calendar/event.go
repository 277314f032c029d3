package calendar

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	ical "github.com/emersion/go-ical"
)

// The layouts of RFC 5545, sections 3.3.4 and 3.3.5.
const (
	dateLayout  = "20060102"
	localLayout = "20060102T150405"
	utcLayout   = "20060102T150405Z"
)

var (
	errNoUID  = errors.New("calendar: an event without an identifier")
	errNoTime = errors.New("calendar: an event without a day, or that ends before it begins")
)

func (e *Event) component(method Method) (*ical.Component, error) {
	switch {
	case strings.TrimSpace(e.UID) == "":
		return nil, errNoUID
	case e.Day == 0 && e.Begin.IsZero(), !e.End.IsZero() && e.End.Before(e.Begin):
		return nil, errNoTime
	}
	c := ical.NewComponent(ical.CompEvent)
	setText(c, ical.PropUID, oneLine(e.UID))
	setRaw(c, ical.PropSequence, strconv.FormatInt(max(0, e.Sequence), 10))
	setRaw(c, ical.PropDateTimeStamp, e.Stamp.UTC().Format(utcLayout))
	if !e.Changed.IsZero() {
		setRaw(c, ical.PropLastModified, e.Changed.UTC().Format(utcLayout))
	}
	e.setTimes(c)
	e.setTexts(c, method)
	return c, e.setPeople(c, method)
}

func (e *Event) setTimes(c *ical.Component) {
	if e.Day != 0 {
		setDate(c, ical.PropDateTimeStart, e.Day.Time())
		if next := e.Day.AddDays(1); next > e.Day { // the end is the first day that is not of it; the last day there is has none
			setDate(c, ical.PropDateTimeEnd, next.Time())
		}
		return
	}
	setTime(c, ical.PropDateTimeStart, e.Begin)
	if !e.End.IsZero() {
		setTime(c, ical.PropDateTimeEnd, e.End)
	}
}

func (e *Event) setTexts(c *ical.Component, method Method) {
	setText(c, ical.PropSummary, oneLine(e.Summary))
	for name, text := range map[string]string{ical.PropDescription: e.Description, ical.PropLocation: oneLine(e.Place)} {
		if text != "" {
			setText(c, name, text)
		}
	}
	if at, err := url.Parse(e.URL); err == nil && at.IsAbs() {
		setRaw(c, ical.PropURL, oneLine(at.String()))
	}
	if len(e.Categories) > 0 {
		words := make([]string, len(e.Categories))
		for n, word := range e.Categories {
			words[n] = escape(oneLine(word))
		}
		setRaw(c, ical.PropCategories, strings.Join(words, ","))
	}
	if !e.Uninvites { // for the others it takes place (RFC 5546, section 3.2.5)
		setRaw(c, ical.PropStatus, map[bool]string{false: "CONFIRMED", true: "CANCELLED"}[e.Cancelled || method == Cancel])
	}
	setRaw(c, ical.PropTransparency, map[bool]string{false: "TRANSPARENT", true: "OPAQUE"}[e.Busy])
}

func (e *Event) setPeople(c *ical.Component, method Method) error {
	if e.Organizer != nil {
		organizer, err := person(ical.PropOrganizer, *e.Organizer)
		if err != nil {
			return err
		}
		c.Props[ical.PropOrganizer] = []ical.Prop{*organizer}
	}
	for _, who := range e.Attendees {
		attendee, err := person(ical.PropAttendee, who)
		if err != nil {
			return err
		}
		attendee.Params.Set(ical.ParamRole, "REQ-PARTICIPANT")
		attendee.Params.Set(ical.ParamParticipationStatus, "NEEDS-ACTION")
		if method == Request {
			attendee.Params.Set(ical.ParamRSVP, "TRUE")
		}
		c.Props[ical.PropAttendee] = append(c.Props[ical.PropAttendee], *attendee)
	}
	return nil
}

// IsAddress reports whether a person with that address can stand in a calendar.
func IsAddress(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at >= 1 && at < len(s)-1 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || isBreak(r) })
}

// person writes a person as an address of mail. The name is a parameter, where neither a quotation mark
// nor a line break can be written at all (RFC 5545, section 3.2).
func person(property string, who Person) (*ical.Prop, error) {
	if !IsAddress(who.Address) {
		return nil, fmt.Errorf("calendar: %q is no address of mail", who.Address)
	}
	at := strings.LastIndexByte(who.Address, '@')
	p := ical.NewProp(property)
	p.Value = "mailto:" + strings.ReplaceAll(url.PathEscape(who.Address[:at]), "%2B", "+") + "@" + url.PathEscape(who.Address[at+1:])
	if name := strings.ReplaceAll(oneLine(who.Name), `"`, "'"); name != "" {
		p.Params.Set(ical.ParamCommonName, name)
	}
	return p, nil
}

func setRaw(c *ical.Component, name, value string) {
	p := ical.NewProp(name)
	p.Value = value
	c.Props[name] = []ical.Prop{*p}
}

func setText(c *ical.Component, name, text string) { setRaw(c, name, escape(text)) }

func setDate(c *ical.Component, name string, day time.Time) {
	setRaw(c, name, day.Format(dateLayout))
	c.Props[name][0].Params.Set(ical.ParamValue, string(ical.ValueDate))
}

// setTime writes an instant in its zone, and in UTC when the clocks of the zone show that hour a second
// time: a local time then means the first (RFC 5545, section 3.3.5).
func setTime(c *ical.Component, name string, at time.Time) {
	zone, named := zoneOf(at)
	if !named || shownTwice(at) {
		setRaw(c, name, at.UTC().Format(utcLayout))
		return
	}
	setRaw(c, name, at.Format(localLayout))
	c.Props[name][0].Params.Set(ical.PropTimezoneID, zone)
}
