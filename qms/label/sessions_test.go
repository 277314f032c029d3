package label

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

const home = qms.ID("00000000-0000-7000-8000-0000000000a1") // candidatePlatform

// sessionRoom is a platform in accompaniment since 2026-01-05, seen on 2026-02-02 at 10:00 in France.
type sessionRoom struct {
	*Service
	db            *store.DB
	officer, lead context.Context
	plan          *Accompaniment
}

func sessionRoomOf(t *testing.T, db *store.DB) sessionRoom {
	t.Helper()
	r := sessionRoom{Service: New(db, candidates{}), db: db, officer: storetest.As(qms.QualityOfficer), lead: storetest.As(qms.QualityLead, home)}
	r.on("2026-02-02")
	r.plan = got(r.StartAccompaniment(r.officer, StartAccompaniment{Platform: home,
		PlanTerms: PlanTerms{Start: onDay("2026-01-05"), Months: 15, Officer: storetest.AgentID(2), Aim: "Label"},
		Steps:     []StepTerms{{"Politique", 1}, {"Documents", 4}}}))(t)
	return r
}

// on moves the clock to 10:00 in France on the day.
func (r sessionRoom) on(day string) {
	storetest.ClockOf(r.db).Set(hourOn(onDay(day), 10*60))
}

func (r sessionRoom) planned(t *testing.T, day string) *Meeting {
	t.Helper()
	return got(r.PlanMeeting(r.lead, PlanMeeting{Platform: home, MeetingTerms: at(day)}))(t)
}

func at(day string) MeetingTerms {
	return MeetingTerms{Day: onDay(day), Start: 14 * 60, Minutes: 120, Place: "Salle A", Attendees: []Attendee{{Person: storetest.AgentID(3)}, {Name: "Invité 01", Email: "invite01@plateforme.example"}}}
}

func (m *Meeting) target(reason string) Target {
	return Target{Platform: m.Platform, ID: m.ID, Revision: m.Revision, Reason: reason}
}

func (d *Deliverable) target(reason string) Target {
	return Target{Platform: d.Platform, ID: d.ID, Revision: d.Revision, Reason: reason}
}

func (r sessionRoom) again(t *testing.T, d *Deliverable) *Deliverable {
	t.Helper()
	return &got(r.Deliverable(r.lead, home, d.Number))(t).Deliverable
}

func TestSessions_CarryOverWhatIsLateAndCountIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := sessionRoomOf(t, db)
		first := r.planned(t, "2026-02-10")
		d := got(r.AskDeliverable(r.lead, AskDeliverable{Platform: home, AskTerms: AskTerms{Title: "Organigramme", Owner: storetest.AgentID(3)}}))(t)
		if d.DueMeeting != first.ID || d.DueOn != first.Day || d.Number != "LIV-001" {
			t.Fatalf("asked %+v", d)
		}
		first = got(r.MoveMeeting(r.lead, MoveMeeting{first.target(""), at("2026-02-12")}))(t)
		if d = r.again(t, d); d.DueOn != onDay("2026-02-12") || d.FirstDue != d.DueOn || first.Sequence != 1 {
			t.Errorf("moved: %+v, sequence %d", d, first.Sequence)
		}
		r.on("2026-02-13")
		first = got(r.NoteMeeting(r.officer, NoteMeeting{Target: first.target(""), Hold: true, Present: []int{0},
			MeetingNotes: MeetingNotes{Account: "Revue", Worked: []WorkedOn{{Code: "PR-ACH-003", Version: "1.0"}}},
			Asks:         []AskOfMeeting{{Title: "Fiche de vie", Owner: storetest.AgentID(4)}}}))(t)
		if first.State != Held || !first.Attendees[0].Present || first.Attendees[1].Present || first.Sequence != 1 {
			t.Errorf("held %+v", first)
		}
		d = r.again(t, d)
		if d.Carried != 1 || d.DueMeeting != "" || d.DueOn != onDay("2026-03-05") || d.FirstDue != onDay("2026-02-12") || !d.Late(onDay("2026-02-13")) {
			t.Errorf("carried over: %+v", d)
		}
		second := r.planned(t, "2026-03-06")
		d = r.again(t, d)
		if d.DueMeeting != second.ID || d.DueOn != second.Day || d.FirstDue != onDay("2026-02-12") || d.Carried != 1 {
			t.Errorf("bound to the second: %+v", d)
		}
		second = got(r.CancelMeeting(r.lead, second.target("Grève des transports")))(t)
		if d = r.again(t, d); d.Carried != 1 || d.DueMeeting != "" || second.Sequence != 1 {
			t.Errorf("a cancelled session carries nothing over: %+v, sequence %d", d, second.Sequence)
		}
		all := got(r.Accompaniment(r.lead, home, 0))(t)
		if all.Facts.Owed != 2 || all.Facts.Late != 1 || all.Facts.Carried != 1 || all.Facts.Sessions != 1 || all.Facts.LastSession != onDay("2026-02-12") {
			t.Errorf("facts %+v", all.Facts)
		}
		d = got(r.Deliver(storetest.As(qms.Manager, home), Deliver{Target: d.target(""), Document: "EN-RH-001", Version: "1.0"}))(t)
		d = got(r.JudgeDeliverable(r.officer, JudgeDeliverable{Target: d.target(""), Note: "Sans date"}))(t)
		if d.State != ToRedo || d.Redone != 1 || d.FirstDue != d.DueOn || d.Late(onDay("2026-02-13")) {
			t.Errorf("to be redone: %+v", d)
		}
	})
}

func TestSessions_RefuseWhatCannotBe(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := sessionRoomOf(t, db)
		r.planned(t, "2026-02-10")
		for name, c := range map[string]struct {
			change func(c *PlanMeeting)
			field  string
			key    string
		}{
			"planned in the past":  {func(c *PlanMeeting) { c.Day = onDay("2026-01-20") }, "day", "meeting.planned_in_past"},
			"planned this morning": {func(c *PlanMeeting) { c.Day, c.Start = onDay("2026-02-02"), 9*60 }, "day", "meeting.planned_in_past"},
			"before the start":     {func(c *PlanMeeting) { c.Day, c.Held = onDay("2025-12-01"), true }, "day", "meeting.before_start"},
			"held in the future":   {func(c *PlanMeeting) { c.Day, c.Held = onDay("2026-02-20"), true }, "day", "meeting.held_in_future"},
			"overlapping":          {func(c *PlanMeeting) { c.Day, c.Start = onDay("2026-02-10"), 15*60+59 }, "start", "meeting.overlaps"},
			"too long":             {func(c *PlanMeeting) { c.Minutes = 481 }, "minutes", "meeting.duration"},
			"too short":            {func(c *PlanMeeting) { c.Minutes = -5 }, "minutes", "meeting.duration"},
			"in the skipped hour":  {func(c *PlanMeeting) { c.Day, c.Start = onDay("2026-03-29"), 2*60+30 }, "start", "meeting.hour_skipped"},
			"past midnight":        {func(c *PlanMeeting) { c.Start = 23 * 60 }, "minutes", "meeting.past_midnight"},
			"nowhere":              {func(c *PlanMeeting) { c.Place = " " }, "place", "meeting.no_place"},
			"behind a script":      {func(c *PlanMeeting) { c.Link = "javascript:alert(1)" }, "link", "meeting.link"},
			"with a stranger":      {func(c *PlanMeeting) { c.Attendees = []Attendee{{Person: storetest.AgentID(77)}} }, "attendees", "person.not_member"},
			"with a broken mail":   {func(c *PlanMeeting) { c.Attendees = []Attendee{{Name: "A", Email: "a@b\r\nX"}} }, "attendees", "meeting.mail"},
			"unreadable":           {func(c *PlanMeeting) { c.Agenda = "a\x00b" }, "agenda", "text.unreadable"},
		} {
			cmd := PlanMeeting{Platform: home, MeetingTerms: at("2026-02-17")}
			c.change(&cmd)
			if _, err := r.PlanMeeting(r.officer, cmd); fieldsOf(err)[c.field] != c.key {
				t.Errorf("%s: %v", name, err)
			}
		}
		if m := r.planned(t, "2026-02-11"); m.Number != "SEA-2026-002" {
			t.Errorf("a refusal takes no number: %s", m.Number)
		}
		other := storetest.As(qms.Manager, otherPlatform)
		got(r.StartAccompaniment(r.officer, StartAccompaniment{Platform: otherPlatform, PlanTerms: PlanTerms{Start: onDay("2026-01-05"), Months: 12, Officer: storetest.AgentID(2)}}))(t)
		terms := at("2026-02-10")
		terms.Attendees = nil
		if _, err := r.PlanMeeting(other, PlanMeeting{Platform: otherPlatform, MeetingTerms: terms}); fieldsOf(err)["start"] != "meeting.officer_taken" || strings.Contains(err.Error(), "SEA") {
			t.Errorf("a manager learns nothing of the other platform: %v", err)
		}
		if _, err := r.PlanMeeting(r.officer, PlanMeeting{Platform: otherPlatform, MeetingTerms: terms}); fieldsOf(err)["start"] != "meeting.officer_at" {
			t.Errorf("the officer is told where: %v", err)
		}
		if _, err := r.PlanMeeting(r.lead, PlanMeeting{Platform: home, Held: true, MeetingTerms: at("2026-01-20")}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("the lead records a session as held: %v", err)
		}
	})
}

func TestAccompaniment_IsOneAtATimeAndEnds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := sessionRoomOf(t, db)
		terms := PlanTerms{Start: onDay("2026-02-01"), Months: 12, Officer: storetest.AgentID(2)}
		if _, err := r.StartAccompaniment(r.officer, StartAccompaniment{Platform: home, PlanTerms: terms}); fieldsOf(err)[""] != "accompaniment.goes_on" {
			t.Errorf("a second one: %v", err)
		}
		for months, want := range map[qms.Months]string{11: "accompaniment.months", 19: "accompaniment.months"} {
			terms.Months = months
			if _, err := r.ChangeAccompaniment(r.officer, Target{home, r.plan.ID, r.plan.Revision, "plus long"}, terms); fieldsOf(err)["months"] != want {
				t.Errorf("%d months: %v", months, err)
			}
		}
		m := r.planned(t, "2026-02-10")
		end := EndAccompaniment{Target: Target{Platform: home, ID: r.plan.ID, Revision: r.plan.Revision}, Outcome: ToEvaluation}
		if _, err := r.EndAccompaniment(r.officer, end); fieldsOf(err)[""] != "accompaniment.still_planned" {
			t.Errorf("with a session planned: %v", err)
		}
		got(r.CancelMeeting(r.lead, m.target("fin")))(t)
		end.Outcome = GivenUp
		if _, err := r.EndAccompaniment(r.officer, end); fieldsOf(err)["reason"] != "input.required" {
			t.Errorf("given up without a reason: %v", err)
		}
		end.Outcome = ToEvaluation
		ended := got(r.EndAccompaniment(r.officer, end))(t)
		if _, err := r.PlanMeeting(r.lead, PlanMeeting{Platform: home, MeetingTerms: at("2026-02-17")}); fieldsOf(err)[""] != "accompaniment.none" {
			t.Errorf("a session after the end: %v", err)
		}
		err := db.View(r.officer, qms.AccompanyPlatform.OnSite(), func(rd store.Reader) error {
			now := got(AccompanimentsOf(r.officer, rd, []qms.ID{home, otherPlatform}))(t)
			then := got(AccompanimentsOn(r.officer, rd, nil, onDay("2026-02-01")))(t)
			if a := now[home]; a.EndedOn != ended.EndedOn || a.Outcome != ToEvaluation || a.Open() || len(now) != 1 {
				t.Errorf("now %+v", now)
			}
			if a := then[home]; !a.Open() || a.PlannedEnd != onDay("2027-04-05") || a.Steps != 2 || a.StepsPlanned != 0 {
				t.Errorf("then %+v", a)
			}
			due := got(r.Dues(r.officer, rd, nil, rd.Today(), rd.Today()+400))(t)
			if len(due) != 0 {
				t.Errorf("an ended accompaniment asks for %v", due)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestDues_AskForASessionFourWeeksAfterTheLastOne(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := sessionRoomOf(t, db)
		dues := func() (found []qms.Due) {
			t.Helper()
			err := db.View(r.officer, qms.AccompanyPlatform.OnSite(), func(rd store.Reader) (err error) {
				found, err = sessionDues(r.officer, rd, []qms.ID{home}, rd.Today(), rd.Today()+90)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		first := dues()
		if len(first) != 1 || first[0].On != onDay("2026-02-02") || first[0].Person != storetest.AgentID(2) || first[0].Parts[2] != "new" {
			t.Fatalf("after the start: %+v", first)
		}
		m := r.planned(t, "2026-03-10")
		if d := dues(); d[0].On != onDay("2026-02-02") || d[0].Key != first[0].Key {
			t.Errorf("planned too late is still due: %+v", d)
		}
		got(r.MoveMeeting(r.lead, MoveMeeting{m.target(""), at("2026-02-02")}))(t)
		if d := dues(); d[0].On != onDay("2026-02-02") || d[0].Subject != m.ID || d[0].Key != first[0].Key {
			t.Errorf("planned: %+v", d)
		}
		got(r.PlanMeeting(r.officer, PlanMeeting{Platform: home, Held: true, MeetingTerms: at("2026-01-20")}))(t)
		if d := dues(); d[0].On != onDay("2026-02-02") || d[0].Key == first[0].Key {
			t.Errorf("held: %+v", d)
		}
		d := got(r.AskDeliverable(r.lead, AskDeliverable{Platform: home, AskTerms: AskTerms{Title: "Organigramme", Owner: storetest.AgentID(3)}}))(t)
		if all := dues(); len(all) != 2 || all[0].Kind != "deliverable" || all[0].Person != storetest.AgentID(3) || all[0].On != d.DueOn {
			t.Errorf("a deliverable: %+v", all)
		}
	})
}

func TestProposeNext_KeepsTheWeekdayAndLeavesOutHolidays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ last, today, want string }{
		"three weeks later":                  {"2026-02-10", "2026-02-11", "2026-03-03"},
		"four weeks, for Easter Monday":      {"2026-03-16", "2026-03-17", "2026-04-13"},
		"Ascension":                          {"2026-04-23", "2026-04-24", "2026-05-21"},
		"both taken: nearest to four weeks":  {"2026-04-10", "2026-05-02", "2026-05-07"},
		"gone by: the weekday, a week ahead": {"2026-02-10", "2026-06-10", "2026-06-23"},
		"held on a Sunday":                   {"2026-02-08", "2026-02-09", "2026-03-06"},
	} {
		p := ProposeNext(&Meeting{Day: onDay(c.last), Start: 9 * 60, Minutes: 150}, 0, onDay(c.today))
		if p.Day != onDay(c.want) || p.Start != 9*60 || p.Minutes != 150 {
			t.Errorf("%s: %v %v", name, p.Day, p.Day.Time().Weekday())
		}
		if !workday(p.Day) {
			t.Errorf("%s: %s is no working day", name, p.Day)
		}
	}
	if p := ProposeNext(nil, onDay("2026-05-01"), onDay("2026-01-01")); p.Day != onDay("2026-05-04") {
		t.Errorf("the first one: %s", p.Day)
	}
	for day := onDay("2026-01-01"); day < onDay("2032-01-01"); day++ {
		if p := ProposeNext(&Meeting{Day: day, Minutes: 120}, 0, day); !workday(p.Day) || p.Day.DaysUntil(day) >= 0 {
			t.Fatalf("after %s: %s", day, p.Day)
		}
	}
}

func TestHoliday_KnowsTheMovingFeasts(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2024-04-01", "2025-04-21", "2026-04-06", "2026-05-14", "2026-05-25", "2027-03-29", "2038-04-26", "2026-07-14"} {
		if !Holiday(onDay(day)) {
			t.Errorf("%s is a holiday", day)
		}
	}
	for _, day := range []string{"2026-04-05", "2026-04-07", "2026-12-24", "2026-12-26"} {
		if Holiday(onDay(day)) {
			t.Errorf("%s is none", day)
		}
	}
}

func TestProgress_HoldsWhatIsDoneAgainstThePlan(t *testing.T) {
	t.Parallel()
	a := &Accompaniment{Start: onDay("2026-01-31"), Months: 12}
	steps := []PlanStep{{Month: 1, DoneOn: onDay("2026-02-27")}, {Month: 2, DoneOn: onDay("2026-04-02")}, {Month: 3}, {Month: 4, Void: "non"}}
	points := ProgressOf(a, steps, []qms.Date{onDay("2026-02-20"), onDay("2026-03-20")}, onDay("2026-04-15"))
	if len(points) != 13 {
		t.Fatalf("%d points", len(points))
	}
	for n, want := range map[int]ProgressPoint{
		0:  {0, onDay("2026-01-31"), 0, 0, 0, true},
		1:  {1, onDay("2026-02-28"), 1, 1, 1, true},
		2:  {2, onDay("2026-03-31"), 2, 1, 2, true},
		3:  {3, onDay("2026-04-30"), 3, 2, 2, true},
		12: {12, onDay("2027-01-31"), 3, 2, 2, false},
	} {
		if points[n] != want {
			t.Errorf("month %d: %+v", n, points[n])
		}
	}
}

func TestParseHour_ReadsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int64{"14:00": 840, "9h30": 570, "14 h": 840, "8": 480, "00:00": 0, " 23:59 ": 1439} {
		if h, err := ParseHour(s); err != nil || h != want {
			t.Errorf("%q: %d, %v", s, h, err)
		}
	}
	for _, s := range []string{"", "24:00", "12:60", "midi", "-1:00", "12:5", "1e2", "12:30:00", "९:00"} {
		if h, err := ParseHour(s); err == nil {
			t.Errorf("%q is read as %d", s, h)
		}
	}
	var empty *qms.Error
	if _, err := ParseHour(" "); !errors.As(err, &empty) || empty.Key != "input.required" {
		t.Errorf("no hour at all: %v", err)
	}
	if !hourExists(onDay("2026-10-25"), 150) || hourExists(onDay("2026-03-29"), 150) || hourOn(onDay("2026-03-30"), 150).UTC().Hour() != 0 {
		t.Error("the hours of the changes")
	}
	m := Meeting{Day: onDay("2026-10-24"), Start: 14 * 60, Minutes: 90}
	if m.End().Sub(m.Begin()) != 90*time.Minute {
		t.Error("the duration")
	}
}
