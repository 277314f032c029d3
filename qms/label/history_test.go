package label

import (
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestHistory_AgreesWithTheCourseAndKnowsNothingLater(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := evaluating(t, db)
		made := e.awarded("2026-01-05")
		told := func(day string) (h *History) {
			t.Helper()
			if err := db.View(officer(), qms.ReadLabel.On(candidatePlatform), func(r store.Reader) (err error) {
				h, err = e.HistoryIn(t.Context(), r, candidatePlatform, onDay(day))
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return h
		}
		for _, day := range []string{"2026-01-04", "2026-01-06", made.Decision.Date.String(), "2026-02-20", "2033-01-01"} {
			h, course := told(day), got(e.Course(officer(), candidatePlatform, onDay(day)))(t)
			if h.Standing.Stage != course.Standing.Stage || h.Standing.Since != course.Standing.Since || h.Standing.Until != course.Standing.Until {
				t.Errorf("on %s it is %s since %s, on the course %s since %s", day, h.Standing.Stage, h.Standing.Since, course.Standing.Stage, course.Standing.Since)
			}
		}
		before, after := made.Decision.Date.AddDays(-1).String(), made.Decision.Date.AddDays(1).String()
		if h := told(before); len(h.Conditions) != 0 || h.Facts.LastEvaluation(h.Day) != 0 {
			t.Errorf("the day before the decision: conditions %+v, evaluated on %s", h.Conditions, h.Facts.LastEvaluation(h.Day))
		}
		if h := told(after); len(h.Conditions) != 1 || h.Facts.LastEvaluation(h.Day) != made.Decision.Date {
			t.Errorf("the day after it: conditions %+v, evaluated on %s", h.Conditions, h.Facts.LastEvaluation(h.Day))
		}
	})
}

func TestDeliverable_IsOnAPastDayWhatItWasThen(t *testing.T) {
	t.Parallel()
	asked, brought, judged := onDay("2026-02-01"), onDay("2026-02-10"), onDay("2026-02-12")
	for name, c := range map[string]struct {
		now  Deliverable
		want [4]DeliverableState // when asked, when brought, when judged, later
	}{
		"accepted": {Deliverable{State: Accepted, DeliveredOn: brought, JudgedOn: judged}, [4]DeliverableState{ToDeliver, Delivered, Accepted, Accepted}},
		"redo":     {Deliverable{State: ToRedo, DeliveredOn: brought, JudgedOn: judged}, [4]DeliverableState{ToDeliver, Delivered, ToRedo, ToRedo}},
		"dropped":  {Deliverable{State: Dropped, JudgedOn: judged}, [4]DeliverableState{ToDeliver, ToDeliver, Dropped, Dropped}},
		"brought":  {Deliverable{State: Delivered, DeliveredOn: brought}, [4]DeliverableState{ToDeliver, Delivered, Delivered, Delivered}},
		"owed":     {Deliverable{State: ToDeliver}, [4]DeliverableState{ToDeliver, ToDeliver, ToDeliver, ToDeliver}},
	} {
		for i, day := range []qms.Date{asked, brought, judged, judged.AddDays(30)} {
			if state := c.now.StateOn(day); state != c.want[i] {
				t.Errorf("%s on %s: %s, want %s", name, day, state, c.want[i])
			}
		}
		if then := c.now.then(asked); then.DeliveredOn != 0 || then.JudgedOn != 0 {
			t.Errorf("%s: on the day it was asked for it says what came later: %+v", name, then)
		}
	}
}

func TestFollowed_TellsSessionsAndDeliverablesOfTheDay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := sessionRoomOf(t, db)
		first := r.planned(t, "2026-02-10")
		r.on("2026-02-11")
		got(r.NoteMeeting(r.officer, NoteMeeting{Target: first.target(""), Hold: true, Present: []int{0}, MeetingNotes: MeetingNotes{Account: "Revue", Decisions: "Un pilote par processus"},
			Asks: []AskOfMeeting{{Title: "Fiche de vie", Owner: storetest.AgentID(4)}}}))(t)
		told := func(day string) (f *Followed) {
			t.Helper()
			if err := db.View(r.lead, qms.ReadLabel.On(home), func(reader store.Reader) (err error) {
				f, err = r.FollowedIn(t.Context(), reader, home, onDay(day))
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return f
		}
		if f := told("2026-01-04"); len(f.Accompaniments)+len(f.Meetings)+len(f.Deliverables) != 0 {
			t.Errorf("before it began: %+v", f)
		}
		if f := told("2026-02-09"); len(f.Accompaniments) != 1 || len(f.Meetings)+len(f.Deliverables) != 0 {
			t.Errorf("before the session: %+v", f)
		}
		list := got(r.Deliverables(r.lead, home, DeliverableFilter{}, qms.Cursor{}))(t)
		asked := &list.Page.Items[0]
		r.on("2026-02-20")
		got(r.Deliver(r.lead, Deliver{Target: asked.target("")}))(t)
		for day, want := range map[string]int{"2026-02-09": 0, "2026-02-11": 1, "2026-02-19": 1, "2026-02-20": 0} {
			owed := 0
			if err := db.View(r.lead, qms.ReadLabel.On(home), func(reader store.Reader) error {
				due, err := r.Dues(t.Context(), reader, []qms.ID{home}, onDay(day), onDay(day).AddDays(90))
				for _, d := range due {
					if d.Kind == dueDeliverable {
						owed++
					}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if owed != want {
				t.Errorf("on %s %d deliverables are due, not %d", day, owed, want)
			}
		}
		f := told("2026-02-11")
		if len(f.Meetings) != 1 || f.Meetings[0].Decisions != "Un pilote par processus" || len(f.Deliverables) != 1 || f.Names[storetest.AgentID(4)] == "" {
			t.Errorf("after the session: %+v", f)
		}
	})
}
