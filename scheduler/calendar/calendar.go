// Package calendar writes calendars that other programs read (RFC 5545): invitations and feeds.
//
// It promises that equal calendars give equal bytes, that a timed event means the same instant in every
// program (the zone is written out with its rules, and an hour that comes twice is told in UTC), that an
// all-day event is a date without any zone, that lines are folded at 75 octets between characters, and
// that nothing a person typed can begin a line, a property or a parameter.
//
// It refuses to know what an event is about, whom it concerns and when it changed: all of that is handed
// in as plain data.
package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
	"time"

	ical "github.com/emersion/go-ical"

	"maillon/qms"
)

// ContentType is the media type of what Write writes.
const ContentType = "text/calendar; charset=utf-8"

// Method is what a calendar asks of who receives it (RFC 5546).
type Method string

// The methods.
const (
	Publish Method = "PUBLISH" // take note
	Request Method = "REQUEST" // come: an invitation, or its change
	Cancel  Method = "CANCEL"  // what was asked does not take place
)

// Calendar is a list of events with what is asked about them.
type Calendar struct {
	Method  Method
	Name    string        // as programs show it; may be empty
	Refresh time.Duration // how often a feed should be fetched; 0 does not say
	Events  []Event       // at least one, unless the method is Publish
}

// Event is one day, or one time from Begin to End.
type Event struct {
	UID      string    // the same for as long as it is the same event: see UID
	Sequence int64     // rises with every change that people should know of
	Stamp    time.Time // when this state of it was written down
	Changed  time.Time // when it last changed; may be zero

	Day   qms.Date  // of an all-day event
	Begin time.Time // of a timed one, in the zone in which people read it
	End   time.Time // after Begin; zero when it is not known

	Summary     string
	Description string // may have several lines
	Place       string
	URL         string // absolute; where the event is told in full
	Categories  []string
	Cancelled   bool
	Uninvites   bool // of Cancel: it takes place, without those whom it names
	Busy        bool // people have no time for anything else then
	Organizer   *Person
	Attendees   []Person
}

// Person is who invites or is invited.
type Person struct {
	Name    string
	Address string // of their mail
}

// UID is the identifier of what has that key, for ever and on every site, for keys are made of
// identifiers that no other site has. They may tell who and what: only their digest leaves.
func UID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16]) + "@maillon"
}

// Write writes the calendar. It refuses an event without an identifier or a day, one that ends before it
// begins, and a person whose address is none.
func Write(w io.Writer, c Calendar) error {
	root := ical.NewCalendar().Component
	setRaw(root, ical.PropVersion, "2.0")
	setRaw(root, ical.PropProductID, "-//Maillon//Maillon//FR")
	setRaw(root, ical.PropMethod, string(c.Method))
	if c.Name != "" {
		setText(root, ical.PropName, c.Name) // RFC 7986
		setText(root, "X-WR-CALNAME", c.Name)
	}
	if c.Refresh > 0 {
		period := "PT" + strconv.Itoa(int(c.Refresh/time.Minute)) + "M"
		setRaw(root, ical.PropRefreshInterval, period)
		root.Props[ical.PropRefreshInterval][0].Params.Set(ical.ParamValue, string(ical.ValueDuration))
		setRaw(root, "X-PUBLISHED-TTL", period)
	}
	root.Children = append(root.Children, zonesOf(c.Events)...)
	for n := range c.Events {
		event, err := c.Events[n].component(c.Method)
		if err != nil {
			return err
		}
		root.Children = append(root.Children, event)
	}
	if len(c.Events) == 0 { // a feed may be empty and a calendar may not: any zone makes it one
		root.Children = append(root.Children, zoneComponent("UTC", time.UTC, time.Unix(0, 0), time.Unix(0, 0)))
	}
	return ical.NewEncoder(folder{w}).Encode(&ical.Calendar{Component: root})
}
