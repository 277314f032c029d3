package calendar

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ical "github.com/emersion/go-ical"
	"pgregory.net/rapid"

	"maillon/qms"
)

var stamp = time.Date(2026, 6, 30, 8, 0, 0, 0, time.UTC)

func paris(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// written is the calendar as text and read again by the library's parser.
func written(t testing.TB, c Calendar) (string, *ical.Calendar) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, c); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for n, line := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) {
			t.Errorf("line %d of %d octets: %q", n+1, len(line), line)
		}
	}
	parsed, err := ical.NewDecoder(&b).Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return text, parsed
}

func TestWrite_OfAnAllDayEventIsADateWithoutAZone(t *testing.T) {
	t.Parallel()
	text, parsed := written(t, Calendar{Method: Publish, Name: "Échéances, PLT", Refresh: time.Hour, Events: []Event{
		{UID: UID("review:1"), Sequence: 3, Stamp: stamp, Changed: stamp.Add(-time.Hour), Day: qms.MustDate("2026-12-31"),
			Summary: "PR-ACH-003; revue, « à faire »", Description: "ligne 1\r\nligne 2\\fin", URL: "https://smq.example/p/PLT/due"},
	}})
	for _, part := range []string{"METHOD:PUBLISH\r\n", "DTSTART;VALUE=DATE:20261231\r\n", "DTEND;VALUE=DATE:20270101\r\n", "SEQUENCE:3\r\n",
		"DTSTAMP:20260630T080000Z\r\n", "LAST-MODIFIED:20260630T070000Z\r\n", `SUMMARY:PR-ACH-003\; revue\, « à faire »` + "\r\n",
		`DESCRIPTION:ligne 1\nligne 2\\fin` + "\r\n", "REFRESH-INTERVAL;VALUE=DURATION:PT60M\r\n", `X-WR-CALNAME:Échéances\, PLT`} {
		if !strings.Contains(text, part) {
			t.Errorf("lacks %q:\n%s", part, text)
		}
	}
	if strings.Contains(text, "VTIMEZONE") || strings.Contains(text, "TZID") {
		t.Errorf("a date has no zone:\n%s", text)
	}
	e := parsed.Events()[0]
	if got, _ := e.Props.Text(ical.PropDescription); got != "ligne 1\nligne 2\\fin" {
		t.Errorf("description read again: %q", got)
	}
}

func TestWrite_OfATimedEventIsTheSameInstantOnBothSidesOfTheChangeOfClocks(t *testing.T) {
	t.Parallel()
	zone := paris(t)
	for _, begin := range []time.Time{
		time.Date(2026, 3, 28, 14, 0, 0, 0, zone), time.Date(2026, 3, 29, 1, 30, 0, 0, zone), time.Date(2026, 3, 29, 3, 0, 0, 0, zone),
		time.Date(2026, 10, 24, 14, 0, 0, 0, zone), time.Date(2026, 10, 25, 3, 0, 0, 0, zone),
		time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC).In(zone), // 2:30 for the first time
		time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC).In(zone), // 2:30 for the second
	} {
		text, parsed := written(t, Calendar{Method: Request, Events: []Event{{UID: "a", Stamp: stamp, Begin: begin, End: begin.Add(2 * time.Hour)}}})
		for _, name := range []string{ical.PropDateTimeStart, ical.PropDateTimeEnd} {
			want := begin
			if name == ical.PropDateTimeEnd {
				want = begin.Add(2 * time.Hour)
			}
			if got := meant(t, parsed, name); !got.Equal(want) {
				t.Errorf("%s of %s reads %s:\n%s", name, want, got, text)
			}
		}
	}
}

// meant reads a time as RFC 5545 says, by the rules in the calendar alone: of the observances, the one
// that began last before the local time, an hour that comes twice being the first.
func meant(t testing.TB, c *ical.Calendar, name string) time.Time {
	t.Helper()
	p := c.Events()[0].Props.Get(name)
	if strings.HasSuffix(p.Value, "Z") {
		at, err := time.Parse(utcLayout, p.Value)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	local, err := time.Parse(localLayout, p.Value)
	if err != nil {
		t.Fatal(err)
	}
	var last time.Time
	offsetTo := ""
	for _, zone := range c.Children {
		if zone.Name != ical.CompTimezone || zone.Props.Get(ical.PropTimezoneID).Value != p.Params.Get(ical.PropTimezoneID) {
			continue
		}
		for _, o := range zone.Children {
			start, _ := time.Parse(localLayout, o.Props.Get(ical.PropDateTimeStart).Value)
			// The observance holds from when clocks set by it show what they show after the change.
			from, _ := time.Parse("-0700", o.Props.Get(ical.PropTimezoneOffsetFrom).Value)
			to, _ := time.Parse("-0700", o.Props.Get(ical.PropTimezoneOffsetTo).Value)
			_, a := from.Zone()
			_, b := to.Zone()
			forward := time.Duration(max(0, b-a)) * time.Second
			set, err := o.RecurrenceSet(time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			onset := start
			if set != nil {
				onset = set.Before(local.Add(-forward), true)
			}
			if !onset.IsZero() && !onset.After(local.Add(-forward)) && onset.After(last) {
				last, offsetTo = onset, o.Props.Get(ical.PropTimezoneOffsetTo).Value
			}
		}
	}
	at, err := time.Parse(localLayout+"-0700", p.Value+offsetTo)
	if err != nil {
		t.Fatalf("no rule of the calendar tells %s: %v", p.Value, err)
	}
	return at
}

func TestWrite_TellsTheRulesOfParisAsTheyAre(t *testing.T) {
	t.Parallel()
	zone := paris(t)
	begin := time.Date(2026, 11, 22, 14, 0, 0, 0, zone)
	text, _ := written(t, Calendar{Method: Publish, Events: []Event{{UID: "a", Stamp: stamp, Begin: begin}}})
	for _, part := range []string{"TZID:Europe/Paris\r\n",
		"BEGIN:DAYLIGHT\r\nDTSTART:20250330T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nTZNAME:CEST\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n",
		"BEGIN:STANDARD\r\nDTSTART:20251026T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nTZNAME:CET\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n",
		"DTSTART;TZID=Europe/Paris:20261122T140000\r\n"} {
		if !strings.Contains(text, part) {
			t.Errorf("lacks %q:\n%s", part, text)
		}
	}
}

// Cases: the other half of the year, the second Sunday, a zone that stopped changing its clocks, one that
// never did, and one that changed its offset for good.
func TestWrite_TellsTheRulesOfEveryZone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Paris", "Australia/Sydney", "America/New_York", "Europe/Istanbul", "Asia/Kolkata", "Europe/Moscow", "Africa/Casablanca"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(rt *rapid.T) {
			at := time.Date(2006, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, 30*365*24*4).Draw(rt, "quarters")) * 15 * time.Minute).In(zone)
			text, parsed := written(t, Calendar{Method: Publish, Events: []Event{{UID: "a", Stamp: stamp, Begin: at}}})
			if got := meant(t, parsed, ical.PropDateTimeStart); !got.Equal(at) {
				rt.Fatalf("%s reads %s:\n%s", at, got, text)
			}
		})
	}
}

func TestWrite_InvitesAndCancels(t *testing.T) {
	t.Parallel()
	e := Event{UID: UID("session:1"), Stamp: stamp, Begin: time.Date(2026, 7, 2, 14, 0, 0, 0, paris(t)), Busy: true,
		Organizer: &Person{"Agent \"10\": qualité", "agent10+infra@plateforme.example"}, Attendees: []Person{{"Agent 01; responsable", "agent01@plateforme.example"}}}
	text, parsed := written(t, Calendar{Method: Request, Events: []Event{e}})
	attendee := parsed.Events()[0].Props.Get(ical.PropAttendee)
	if attendee.Value != "mailto:agent01@plateforme.example" || attendee.Params.Get("CN") != "Agent 01; responsable" || attendee.Params.Get("RSVP") != "TRUE" {
		t.Errorf("attendee %+v", attendee)
	}
	organizer := parsed.Events()[0].Props.Get(ical.PropOrganizer)
	if organizer.Value != "mailto:agent10+infra@plateforme.example" || organizer.Params.Get("CN") != "Agent '10': qualité" {
		t.Errorf("organizer %+v", organizer)
	}
	if !strings.Contains(text, "METHOD:REQUEST\r\n") || !strings.Contains(text, "STATUS:CONFIRMED\r\n") || !strings.Contains(text, "TRANSP:OPAQUE\r\n") {
		t.Error(text)
	}
	e.Sequence++
	text, _ = written(t, Calendar{Method: Cancel, Events: []Event{e}})
	if !strings.Contains(text, "METHOD:CANCEL\r\n") || !strings.Contains(text, "STATUS:CANCELLED\r\n") || !strings.Contains(text, "SEQUENCE:1\r\n") || strings.Contains(text, "RSVP") {
		t.Error(text)
	}
}

func TestWrite_LetsNothingTypedBeginALine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		hostile := rapid.StringOfN(rapid.SampledFrom([]rune("aé\r\n\v\f\x00\x1b\x7f\u0085\u2028\u2029;:,\"\\= \t😀BEGIN:VEVENT")), 0, 200, -1)
		e := Event{UID: "u" + hostile.Draw(rt, "uid"), Stamp: stamp, Day: qms.MustDate("2026-06-30"), Summary: hostile.Draw(rt, "summary"),
			Description: hostile.Draw(rt, "description"), Place: hostile.Draw(rt, "place"), URL: "https://a.example/" + hostile.Draw(rt, "url"),
			Categories: []string{hostile.Draw(rt, "category")}, Attendees: []Person{{hostile.Draw(rt, "name"), "a@b.example"}}}
		text, parsed := written(t, Calendar{Method: Publish, Name: hostile.Draw(rt, "calendar"), Events: []Event{e}})
		if len(parsed.Children) != 1 || len(parsed.Events()) != 1 || strings.Count(text, "\r\nBEGIN:") != 1 {
			rt.Fatalf("more than one event:\n%s", text)
		}
		got := parsed.Events()[0]
		for name, want := range map[string]string{ical.PropSummary: oneLine(e.Summary), ical.PropDescription: lines(e.Description), ical.PropLocation: oneLine(e.Place)} {
			if p := got.Props.Get(name); p != nil || want != "" {
				if text, err := p.Text(); err != nil || text != want {
					rt.Fatalf("%s: %q, want %q (%v)", name, text, want, err)
				}
			}
		}
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\r' && r != '\n' || r == 0x85 || r == 0x2028 || r == 0x2029 }) {
			rt.Fatalf("a control character is left in %q", text)
		}
	})
}

func TestWrite_RefusesWhatIsNoEvent(t *testing.T) {
	t.Parallel()
	day := qms.MustDate("2026-06-30")
	for name, e := range map[string]Event{
		"no identifier":             {Day: day},
		"no day":                    {UID: "a"},
		"ends before":               {UID: "a", Begin: stamp, End: stamp.Add(-time.Minute)},
		"address with a line break": {UID: "a", Day: day, Attendees: []Person{{"A", "a@b.example\r\nATTENDEE:mailto:c@d.example"}}},
		"no address":                {UID: "a", Day: day, Organizer: &Person{"A", "nobody"}},
	} {
		if err := Write(&bytes.Buffer{}, Calendar{Method: Publish, Events: []Event{e}}); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}

func TestWrite_OfNoEventIsStillACalendar(t *testing.T) {
	t.Parallel()
	if text, parsed := written(t, Calendar{Method: Publish, Name: "Vide"}); len(parsed.Events()) != 0 || len(parsed.Children) != 1 {
		t.Error(text)
	}
}

func TestWrite_OfTheLastDayThereIs(t *testing.T) {
	t.Parallel()
	if text, _ := written(t, Calendar{Method: Publish, Events: []Event{{UID: "a", Stamp: stamp, Day: qms.MustDate("9999-12-31")}}}); strings.Contains(text, "DTEND") {
		t.Error(text)
	}
}

func TestUID_IsTheSameForTheSameKeyAndTellsNothing(t *testing.T) {
	t.Parallel()
	again := strings.Clone("training:1:2")
	if UID("training:1:2") != UID(again) || UID("training:1:2") == UID("training:1:3") || strings.Contains(UID("training:1:2"), "training") {
		t.Error(UID("training:1:2"))
	}
}
