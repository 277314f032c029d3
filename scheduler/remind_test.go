package scheduler

import (
	"slices"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store/storetest"
)

const here = qms.ID("platform")

// asked is a question about one obligation of a platform that two lead, with one officer.
func asked(day, on string, told map[Teller]qms.Date, wishes map[qms.ID]Wish, person qms.ID) []Ask {
	return Demand(Question{Day: qms.MustDate(day), Morning: true, Dues: []qms.Due{{Key: "review:1", Kind: "review", Platform: here, On: qms.MustDate(on), Person: person}},
		Steps: func(qms.ID, string) Steps { return Steps{Offsets: defaultOffsets} }, Wishes: wishes, Told: told, Reached: map[qms.ID]bool{"user": true},
		Circles: map[qms.ID]Circle{here: {Asked: []qms.ID{"lead", "manager"}, Officers: []qms.ID{"officer"}}}})
}

func persons(asks []Ask) (all []string) {
	for _, a := range asks {
		all = append(all, string(a.Person))
	}
	return all
}

// The dates are worked out by hand on a calendar: 29 February 2028 is a Tuesday.
func TestNewest_IsTheStepReachedLast(t *testing.T) {
	t.Parallel()
	const nothing = 1000
	for _, c := range []struct {
		on, day string
		step    int
	}{
		{"2028-02-29", "2027-11-30", nothing}, // 91 days before
		{"2028-02-29", "2027-12-01", 90},
		{"2028-02-29", "2028-01-29", 90}, // 31 days before
		{"2028-02-29", "2028-01-30", 30},
		{"2028-02-29", "2028-02-21", 30},
		{"2028-02-29", "2028-02-22", 7},
		{"2028-02-29", "2028-02-28", 7},
		{"2028-02-29", "2028-02-29", 0},
		{"2028-02-29", "2028-03-06", 0},
		{"2028-02-29", "2028-03-07", -7},
		{"2028-02-29", "2028-03-13", -7},
		{"2028-02-29", "2028-03-14", -14},
		{"2028-02-29", "2029-02-28", -364}, // 365 days late: 52 weeks and a day
	} {
		step, reached, ok := Steps{Offsets: defaultOffsets}.Newest(qms.MustDate(c.on), qms.MustDate(c.day), 0)
		switch {
		case !ok && c.step == nothing:
		case step != c.step, !ok, reached != qms.MustDate(c.on).AddDays(-step):
			t.Errorf("due %s, on %s: step %d reached %s, want %d", c.on, c.day, step, reached, c.step)
		}
	}
}

func TestDemand_AsksOnceAStepAndOnlyTheNewest(t *testing.T) {
	t.Parallel()
	first := asked("2026-06-20", "2026-06-25", nil, nil, "") // first seen after three steps have passed
	if len(first) != 2 || first[0].Step != 7 || first[1].Step != 7 {
		t.Fatalf("first seen 5 days before: %+v", first)
	}
	told := map[Teller]qms.Date{{"review:1", "lead"}: first[0].Through, {"review:1", "manager"}: first[1].Through}
	for day, want := range map[string]int{"2026-06-20": 0, "2026-06-21": 0, "2026-06-24": 0, "2026-06-25": 2, "2026-07-01": 2} {
		if got := asked(day, "2026-06-25", told, nil, ""); len(got) != want {
			t.Errorf("on %s: %d asked, want %d", day, len(got), want)
		}
	}
}

func TestDemand_TellsTheOfficerFromFourteenDaysLateOn(t *testing.T) {
	t.Parallel()
	for day, want := range map[string][]string{"2026-07-08": {"lead", "manager"}, "2026-07-09": {"lead", "manager", "officer"}} {
		got := asked(day, "2026-06-25", nil, nil, "")
		if !slices.Equal(persons(got), want) {
			t.Errorf("on %s: %v, want %v", day, persons(got), want)
		}
		for _, a := range got {
			if a.Escalated != (a.Person == "officer") {
				t.Errorf("%s is told as %v", a.Person, a.Escalated)
			}
		}
	}
}

func TestDemand_TellsTheOfficersWhatTheProgrammeIsAsked(t *testing.T) {
	t.Parallel()
	on := qms.MustDate("2026-06-25")
	ask := func(person qms.ID, c Circle) []string {
		return persons(Demand(Question{Day: on, Morning: true, Dues: []qms.Due{{Key: "eligibility:1", Kind: "eligibility", Platform: here, On: on, Person: person, Programme: true}},
			Steps: func(qms.ID, string) Steps { return Steps{Offsets: defaultOffsets} }, Reached: map[qms.ID]bool{"first": true}, Circles: map[qms.ID]Circle{here: c}}))
	}
	circle := Circle{Asked: []qms.ID{"lead"}, Officers: []qms.ID{"first", "second"}}
	for person, want := range map[qms.ID][]string{"": {"first", "second"}, "first": {"first"}, "unreached": {"first", "second"}} {
		if got := ask(person, circle); !slices.Equal(got, want) {
			t.Errorf("of %q: %v, want %v", person, got, want)
		}
	}
	if got := ask("", Circle{Asked: []qms.ID{"lead"}}); !slices.Equal(got, []string{"lead"}) {
		t.Errorf("without any officer: %v", got)
	}
}

func TestDemand_TellsTheOfficersAtOnceWhereNobodyLeads(t *testing.T) {
	t.Parallel()
	on := qms.MustDate("2026-06-25")
	asks := Demand(Question{Day: on.AddDays(-30), Morning: true, Dues: []qms.Due{{Key: "role:1", Kind: "role", Platform: here, On: on}},
		Steps: func(qms.ID, string) Steps { return Steps{Offsets: defaultOffsets} }, Circles: map[qms.ID]Circle{here: {Officers: []qms.ID{"first", "second"}}}})
	if !slices.Equal(persons(asks), []string{"first", "second"}) || asks[0].Escalated || asks[0].Step != 30 {
		t.Errorf("told: %+v", asks)
	}
}

func TestDemand_AMovedObligationIsToldAtStepsReachedSince(t *testing.T) {
	t.Parallel()
	told := map[Teller]qms.Date{{"review:1", "lead"}: qms.MustDate("2026-06-25"), {"review:1", "manager"}: qms.MustDate("2026-06-25")}
	for _, c := range []struct {
		day, on string
		step    []int
	}{
		{"2026-06-26", "2026-07-20", nil},           // 30 days before was 20 June, before it was told
		{"2026-07-13", "2026-07-20", []int{7, 7}},   // reached since
		{"2026-07-02", "2026-07-31", []int{30, 30}}, // 1 July
	} {
		var steps []int
		for _, a := range asked(c.day, c.on, told, nil, "") {
			steps = append(steps, a.Step)
		}
		if !slices.Equal(steps, c.step) {
			t.Errorf("moved to %s, on %s: %v, want %v", c.on, c.day, steps, c.step)
		}
	}
}

func TestDemand_NobodySilencesWhatNamesThemOrWhatNobodyElseFollows(t *testing.T) {
	t.Parallel()
	none := Wish{Mode: None}
	for _, c := range []struct {
		what   string
		wishes map[qms.ID]Wish
		person qms.ID
		want   []string
	}{
		{"one of two wants none", map[qms.ID]Wish{"lead": none}, "", []string{"manager"}},
		{"both want none", map[qms.ID]Wish{"lead": none, "manager": none}, "", []string{"lead", "manager"}},
		{"the named one wants none", map[qms.ID]Wish{"user": none}, "user", []string{"user"}},
		{"the named one cannot be reached", nil, "gone", []string{"lead", "manager"}},
	} {
		if got := persons(asked("2026-06-25", "2026-06-25", nil, c.wishes, c.person)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// 6 July 2026 is a Monday.
func TestDemand_AWeekIsToldAheadOnItsDay(t *testing.T) {
	t.Parallel()
	wishes := map[qms.ID]Wish{"lead": {Mode: Weekly, Weekday: 1}, "manager": {Mode: None}}
	for day, want := range map[string]int{"2026-07-06": 1, "2026-07-07": 1} { // Tuesday makes up for a Monday without a question
		if got := asked(day, "2026-07-12", nil, wishes, ""); len(got) != want || got[0].Step != 0 {
			t.Errorf("on %s: %+v", day, got)
		}
	}
	if got := asked("2026-07-06", "2026-07-20", nil, wishes, ""); len(got) != 1 || got[0].Step != 30 {
		t.Errorf("seven days before comes only after Sunday: %+v", got)
	}
	q := Question{Day: qms.MustDate("2026-07-07"), Asked: qms.MustDate("2026-07-06"), Morning: true, Wishes: wishes,
		Steps: func(qms.ID, string) Steps { return Steps{Offsets: defaultOffsets} }, Circles: map[qms.ID]Circle{here: {Asked: []qms.ID{"lead"}}},
		Dues: []qms.Due{{Key: "new", Platform: here, On: qms.MustDate("2026-07-08")}}}
	if got := Demand(q); len(got) != 0 {
		t.Errorf("told on Tuesday, after Monday was asked: %+v", got)
	}
}

func TestRules_APlatformTurnsOffOnlyWhatTheSiteAllows(t *testing.T) {
	t.Parallel()
	off := ReminderRule{Row: qms.Row{Platform: here}, Kind: "review", Offsets: []int{60}, Off: true}
	all := rulesOf([]ReminderRule{{Kind: "review", Offsets: []int{10, 0}}, off})
	if s := all.steps(here, "review"); s.Off || !slices.Equal(s.Offsets, []int{60}) {
		t.Errorf("not allowed: %+v", s)
	}
	all = rulesOf([]ReminderRule{{Kind: "review", Offsets: []int{10, 0}, Optional: true}, off})
	if s := all.steps(here, "review"); !s.Off {
		t.Errorf("allowed: %+v", s)
	}
	if s := all.steps("elsewhere", "review"); s.Off || !slices.Equal(s.Offsets, []int{10, 0}) {
		t.Errorf("elsewhere: %+v", s)
	}
	if s := all.steps(here, "training"); !slices.Equal(s.Offsets, defaultOffsets) {
		t.Errorf("nothing settled: %+v", s)
	}
}

func TestBackOff_GrowsStaysBoundedAndRepeats(t *testing.T) {
	t.Parallel()
	var total time.Duration
	for attempt := 1; attempt < maxAttempts; attempt++ {
		wait := backOff("a@b", attempt)
		if wait != backOff("a@b", attempt) {
			t.Error("the same attempt waits for two different times")
		}
		if plain := min(firstBackOff<<(attempt-1), lastBackOff); wait < plain*8/10 || wait > plain*12/10 {
			t.Errorf("attempt %d waits for %s", attempt, wait)
		}
		total += wait
	}
	if total < 36*time.Hour || total > 96*time.Hour {
		t.Errorf("given up after %s", total)
	}
	if backOff("a@b", 1) == backOff("c@d", 1) && backOff("a@b", 2) == backOff("c@d", 2) {
		t.Error("two mails come back at the same instants")
	}
}

func TestWatch_IsPatientForAWholeLeaseWithoutASign(t *testing.T) {
	t.Parallel()
	var w watch
	s := &Slot{Number: 1, Term: 1, Beats: 1}
	for _, c := range []struct {
		at     time.Duration
		beats  int64
		silent bool
	}{{0, 1, false}, {lease - 1, 1, false}, {lease, 2, false}, {2*lease - 1, 2, false}, {2 * lease, 2, true}} {
		s.Beats = c.beats
		if got := w.silent(s, c.at); got != c.silent {
			t.Errorf("at %s: %v", c.at, got)
		}
	}
}

func TestMorning_ComesOnTheDaysOfBothClockChanges(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	s := New(nil, Options{Zone: zone, Morning: 2})
	for at, want := range map[string]bool{
		"2026-03-29T00:59:00Z": false, "2026-03-29T01:00:00Z": true, // 2 o'clock is skipped: 01:59 is followed by 03:00
		"2026-10-24T23:59:00Z": false, "2026-10-25T00:00:00Z": true, "2026-10-25T01:00:00Z": true, // 2 o'clock comes twice
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.morning(now); got != want {
			t.Errorf("at %s: %v", at, got)
		}
	}
}

func TestMessageID_FollowsFromPersonDayAndObligations(t *testing.T) {
	t.Parallel()
	asks := []Ask{{Due: qms.Due{Key: "a", On: 5}, Person: "p", Step: 7}, {Due: qms.Due{Key: "b", On: 6}, Person: "p", Step: 0}}
	id := func(asks []Ask, slot int64, day qms.Date) string {
		mails, _ := pack(asks, slot, day, storetest.Now, "site.example", true)
		return mails[0].Message
	}
	base := id(asks, 1, 3)
	if base != id(asks, 2, 3) {
		t.Error("another run gives another name")
	}
	if base == id(asks, 1, 4) || base == id(asks[:1], 1, 3) {
		t.Error("another day or less to tell has the same name")
	}
}
