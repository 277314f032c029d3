package label

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillon/qms"
)

// Meeting is one session of an accompaniment. The record is called a meeting, for a session is also what
// one is signed in by and what trains a group.
type Meeting struct {
	qms.Row
	Accompaniment qms.ID
	Number        string   // SEA-2026-001: per platform and year of planning
	Day           qms.Date // civil, in France
	Start         int64    // minutes after midnight, as clocks in France show it
	Minutes       int64    // it lasts, on the clock of those present
	Officer       qms.ID   // who leads it
	Place         string
	Link          string // of the video call
	State         MeetingState
	Agenda        string
	Account       string // the minutes of what was said
	Decisions     string
	Attendees     []Attendee
	Worked        []WorkedOn // documents worked on
	Sequence      int64      // of the invitation: rises with each change that those invited should know of
	ChangedAt     time.Time  // when the invitation last changed
	Reason        string     // why it was cancelled
	Void          string
}

// MeetingState is how far a session is.
type MeetingState string

// The states. page.meetings.state_STATE names each in qms/locale.
const (
	Planned   MeetingState = "planned"
	Held      MeetingState = "held"
	Cancelled MeetingState = "cancelled"
)

// Attendee is somebody invited to a session: a person of the house, or an outsider by name.
type Attendee struct {
	Person  qms.ID `json:"person,omitempty"` // none for an outsider
	Name    string `json:"name"`
	Email   string `json:"email,omitempty"`
	Present bool   `json:"present,omitempty"` // came
}

// WorkedOn is a document that the session worked on. A document that does not exist yet has no version.
type WorkedOn struct {
	Code    string `json:"code"`
	Version string `json:"version,omitempty"`
	Words   string `json:"words,omitempty"` // what was done on it
}

// A session lasts two hours to two hours and a half (DESIGN, section 5), and never less or more than
// these minutes.
const (
	usualMinutes    = 120
	shortestMeeting = 15
	longestMeeting  = 8 * 60
	dayMinutes      = 24 * 60
)

// SessionDays is how many days may go by between two sessions: with more, the next one is overdue.
const SessionDays = 28

// paris is the zone in which hours of sessions are stated.
var paris = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err) // the zone database is linked in: a programmer's fault
	}
	return zone
}()

// Begin is the instant at which the session begins, in the zone of its hour.
func (m *Meeting) Begin() time.Time { return hourOn(m.Day, m.Start) }

// End is the instant at which it ends.
func (m *Meeting) End() time.Time { return m.Begin().Add(time.Duration(m.Minutes) * time.Minute) }

// hourOn is the instant at which clocks in France show the hour on the day.
func hourOn(day qms.Date, minutes int64) time.Time {
	year, month, d := day.Time().Date()
	return time.Date(year, month, d, int(minutes/60), int(minutes%60), 0, 0, paris)
}

// hourExists reports whether clocks in France show the hour on the day: in spring one hour is left out.
func hourExists(day qms.Date, minutes int64) bool {
	at := hourOn(day, minutes)
	return int64(at.Hour()*60+at.Minute()) == minutes && at.Day() == day.Day()
}

// overlaps reports whether two sessions take place at the same time.
func (m *Meeting) overlaps(o *Meeting) bool {
	return m.ID != o.ID && o.Void == "" && o.State != Cancelled && m.Begin().Before(o.End()) && o.Begin().Before(m.End())
}

// Counts reports whether the session is neither cancelled nor void.
func (m *Meeting) Counts() bool { return m.Void == "" && m.State != Cancelled }

// Unrecorded reports whether the day of a planned session has gone by without it being recorded as held.
func (m *Meeting) Unrecorded(day qms.Date) bool {
	return m.Void == "" && m.State == Planned && m.Day < day
}

// invites is what those invited are told: when it changes, the invitation does.
func (m *Meeting) invites() string {
	var b strings.Builder
	fmt.Fprint(&b, m.Day, m.Start, m.Minutes, m.Place, "\x00", m.Link, "\x00", m.Agenda, "\x00", m.State, m.Void != "")
	for _, a := range m.Attendees {
		fmt.Fprint(&b, "\x00", a.Person, a.Name, a.Email)
	}
	return b.String()
}

// Hour is minutes after midnight as people write them: 14:00.
func Hour(minutes int64) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// ParseHour reads 14:00, 14h00, 14 h or 14; it refuses what no clock shows.
func ParseHour(s string) (int64, error) {
	text := strings.ToLower(strings.Join(strings.Fields(s), ""))
	if text == "" {
		return 0, qms.Invalid("input.required")
	}
	hours, minutes, _ := strings.Cut(strings.ReplaceAll(text, "h", ":"), ":")
	h, err := strconv.ParseUint(hours, 10, 8)
	m, wrong := uint64(0), error(nil)
	if minutes != "" {
		m, wrong = strconv.ParseUint(minutes, 10, 8)
	}
	if err != nil || wrong != nil || h > 23 || m > 59 || len(minutes) == 1 {
		return 0, qms.Invalid("meeting.hour_malformed", s[:min(len(s), 40)])
	}
	return int64(h*60 + m), nil
}

// Proposal is when the next session could take place.
type Proposal struct {
	Day     qms.Date
	Start   int64 // minutes after midnight
	Minutes int64
}

// ProposeNext proposes the session after the last one: three weeks later, else four, on the same weekday
// and at the same hour, never on a weekend or a public holiday. When both days are taken by holidays it is
// the working day nearest to four weeks, and when they have gone by the next such weekday at least a week
// from today. Without a last session it is a working day a week from today, or from the start. A day on
// which one of the taken sessions, those of the officer, lasts at that hour is left out like a holiday.
func ProposeNext(last *Meeting, start, today qms.Date, taken ...Meeting) Proposal {
	p := Proposal{0, 14 * 60, usualMinutes}
	free := func(d qms.Date) bool {
		m := &Meeting{Row: qms.Row{ID: "proposed"}, Day: d, Start: p.Start, Minutes: p.Minutes}
		return workday(d) && !slices.ContainsFunc(taken, func(o Meeting) bool { return m.overlaps(&o) })
	}
	if last == nil {
		for p.Day = max(start, today.AddDays(7)); !free(p.Day); {
			p.Day = p.Day.AddDays(1)
		}
		return p
	}
	p.Start, p.Minutes = last.Start, last.Minutes
	for _, days := range []int{21, SessionDays, 27, 26, 25, 24, 23, 22} {
		if d := last.Day.AddDays(days); d > today && free(d) {
			p.Day = d
			return p
		}
	}
	d := last.Day.AddDays(max(SessionDays, (last.Day.DaysUntil(today)+7+6)/7*7))
	for tries := 0; !free(d); tries++ {
		step := 7
		if tries > 4 || !workday(last.Day) { // a session held on a Sunday: no such weekday is ever free
			step = 1
		}
		d = d.AddDays(step)
	}
	p.Day = d
	return p
}
