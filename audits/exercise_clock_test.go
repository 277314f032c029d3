package audits

import (
	"context"
	"errors"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// room is a site with an exercise of three uses, evaluated by two quality officers.
type room struct {
	*Service
	t      *testing.T
	db     *store.DB
	first  context.Context
	second context.Context
	sheet  *Sheet
}

func openRoom(t *testing.T, db *store.DB) *room {
	t.Helper()
	s, first := site(t, db)
	w := &room{Service: s, t: t, db: db, first: first}
	act := qms.Act{Name: "platform.add", Needs: qms.ManagePlatforms.OnSite()}
	w.must(db.Change(storetest.AsSystem(), act, func(tx *store.Tx) error {
		return tx.Insert(w.first, &people.Platform{Row: qms.Row{ID: platform}, Code: "MIC", Name: "Plateforme de microscopie", MadeAt: tx.Now()})
	}))
	admin := people.New(db, people.Options{})
	added, err := admin.AddUser(storetest.AsSystem(), people.AddUser{Name: "Agent 20", Email: "agent20@plateforme.example", Role: qms.QualityOfficer})
	w.must(err)
	w.second = storetest.AsPerson(added.Person, "Agent 20", qms.Grant{Role: qms.QualityOfficer})
	cmd := sampleOf(Access, Upstream, 3)
	cmd.Evaluators = []qms.ID{added.Person}
	w.sheet, err = s.Draw(first, cmd)
	w.must(err)
	return w
}

func (w *room) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// on is what is said of the n-th item.
func (w *room) on(n int) Clock {
	return Clock{Platform: platform, Exercise: w.sheet.Exercise.Number, Item: w.sheet.Items[n].ID}
}

func (w *room) advance(d time.Duration) { storetest.ClockOf(w.db).Advance(d) }

// do keeps the sheet that an act answers with.
func (w *room) do(sheet *Sheet, err error) {
	w.t.Helper()
	w.must(err)
	w.sheet = sheet
}

// refused holds an error to its key.
func (w *room) refused(key string, err error) {
	w.t.Helper()
	var e *qms.Error
	if !errors.As(err, &e) {
		w.t.Errorf("%v, want %s", err, key)
		return
	}
	for _, f := range e.Fields {
		if f.Key == key {
			return
		}
	}
	if e.Key != key {
		w.t.Errorf("%v, want %s", err, key)
	}
}

func (w *room) answer(n int, answer Answer) Decide {
	item := w.sheet.Items[n]
	cmd := Decide{Platform: platform, Exercise: w.sheet.Exercise.Number, Item: item.ID, Revision: item.Revision, Stop: true}
	for _, l := range item.Links {
		cmd.Decisions = append(cmd.Decisions, Decision{Link: l.ID, Answer: answer})
	}
	return cmd
}

func TestClock_CountsWhileItRunsAndStopsWithThePause(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openRoom(t, db)
		w.do(w.StartClock(w.first, w.on(0)))
		w.advance(90 * time.Second)
		if got := w.sheet.Items[0].SecondsAt(db.Now()); got != 90 {
			t.Errorf("shows %d s", got)
		}
		w.do(w.StopClock(w.first, w.on(0)))
		w.advance(time.Hour) // it stands
		w.do(w.StartClock(w.first, w.on(0)))
		w.advance(10 * time.Second)
		w.do(w.StartClock(w.first, w.on(1))) // whoever goes on to another item leaves the first
		if i := w.sheet.Items[0]; i.Ticks() || i.Seconds != 100 {
			t.Errorf("the first item: %+v", i.ExerciseItem)
		}
		w.advance(30 * time.Second)
		w.do(w.Pause(w.second, platform, w.sheet.Exercise.Number))
		w.advance(time.Hour)
		if i := w.sheet.Items[1]; i.Ticks() || i.Seconds != 30 || w.sheet.Seconds(db.Now()) != 130 || w.sheet.Exercise.State != Paused {
			t.Errorf("paused: %+v", i.ExerciseItem)
		}
		_, err := w.StartClock(w.first, w.on(1))
		w.refused("exercise.paused", err)
		_, err = w.Decide(w.first, w.answer(1, Found))
		w.refused("exercise.paused", err)
		w.do(w.Resume(w.first, platform, w.sheet.Exercise.Number))
		w.do(w.Decide(w.first, w.answer(1, Found)))
	})
}

func TestClock_LeftRunningIsCutAndCorrectedWithANote(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openRoom(t, db)
		w.do(w.StartClock(w.first, w.on(0)))
		w.advance(14 * time.Hour) // the browser was closed
		if got := w.sheet.Items[0].SecondsAt(db.Now()); got != 7200 {
			t.Errorf("shows %d s", got)
		}
		w.do(w.StopClock(w.first, w.on(0)))
		if i := w.sheet.Items[0]; i.Seconds != 7200 || !i.Cut {
			t.Errorf("stopped: %+v", i.ExerciseItem)
		}
		correct := CorrectClock{Clock: w.on(0), Seconds: 600}
		_, err := w.CorrectClock(w.first, correct)
		w.refused("exercise.clock_note_needed", err)
		for _, seconds := range []int64{-1, maxSeconds + 1} {
			correct.Seconds, correct.Note = seconds, "oublié"
			_, err = w.CorrectClock(w.first, correct)
			w.refused("exercise.seconds_out_of_range", err)
		}
		correct.Seconds = 600
		w.do(w.CorrectClock(w.first, correct))
		if i := w.sheet.Items[0]; i.Seconds != 600 || i.Cut || i.ClockNote != "oublié" {
			t.Errorf("corrected: %+v", i.ExerciseItem)
		}
		stated := w.answer(0, Found)
		stated.Seconds = 42
		_, err = w.Decide(w.first, stated)
		w.refused("exercise.clock_ran", err)
	})
}

func TestEvaluators_OfOneItemAreToldThatItChanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openRoom(t, db)
		late := w.answer(0, Missing)
		w.do(w.Decide(w.first, w.answer(0, Found)))
		_, err := w.Decide(w.second, late)
		w.refused("exercise.item_changed", err)
		if l := w.sheet.Items[0].Links[0]; l.AnsweredName != "Agent 02" || l.AnsweredAt.IsZero() {
			t.Errorf("answered by %q at %v", l.AnsweredName, l.AnsweredAt)
		}
		w.do(w.Decide(w.second, w.answer(0, Missing)))
		if l := w.sheet.Items[0].Links[0]; l.Answer != Missing || l.AnsweredName != "Agent 20" {
			t.Errorf("then %s by %q", l.Answer, l.AnsweredName)
		}
		w.do(w.StartClock(w.first, w.on(1)))
		_, err = w.StartClock(w.second, w.on(1))
		w.refused("exercise.clock_taken", err)
		w.do(w.AssignItems(w.first, AssignItems{Platform: platform, Exercise: w.sheet.Exercise.Number, Items: []qms.ID{w.on(2).Item}, Person: qms.ActorFrom(w.second).ID}))
		tasks, err := w.ExerciseTasks(w.second, []qms.ID{platform})
		w.must(err)
		if len(tasks) != 1 || tasks[0].Open != 2 || tasks[0].Assigned != 1 {
			t.Errorf("tasks %+v", tasks)
		}
		third := storetest.AsPerson(storetest.AgentID(33), "Agent 33", qms.Grant{Role: qms.QualityOfficer})
		_, err = w.Decide(third, w.answer(1, Found))
		w.refused("exercise.not_evaluator", err)
		name := NameEvaluator{Platform: platform, Exercise: w.sheet.Exercise.Number, Person: qms.ActorFrom(w.second).ID, Dismiss: true}
		_, err = w.NameEvaluator(w.first, name)
		w.refused("input.required", err)
		name.Reason = "parti"
		w.do(w.NameEvaluator(w.first, name))
		if w.sheet.Items[2].Assigned != "" || w.sheet.Judges(name.Person) {
			t.Error("still at it")
		}
		name.Person = qms.ActorFrom(w.first).ID
		_, err = w.NameEvaluator(w.first, name)
		w.refused("exercise.last_evaluator", err)
		_, err = w.NameEvaluator(w.first, NameEvaluator{Platform: platform, Exercise: w.sheet.Exercise.Number, Person: storetest.AgentID(77)})
		w.refused("exercise.cannot_evaluate", err)
	})
}

func TestPractice_IsThePlatformsAndCountsApart(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, officer := site(t, db)
		w := &room{Service: s, t: t, db: db}
		lead := storetest.As(qms.QualityLead, platform)
		_, err := s.Draw(lead, sampleOf(Access, Upstream, 2))
		w.refused("right.missing", err)
		cmd := sampleOf(Access, Upstream, 2)
		cmd.Practice = true
		w.do(s.Draw(lead, cmd))
		if w.sheet.Exercise.Number != "ENT-2026-001" {
			t.Errorf("number %s", w.sheet.Exercise.Number)
		}
		w.do(s.Decide(lead, w.answer(0, Found)))
		w.do(s.Decide(lead, w.answer(1, Found)))
		w.do(s.Conclude(lead, Conclude{Platform: platform, Exercise: w.sheet.Exercise.Number, Verdict: Passed}))
		w.do(s.Draw(officer, sampleOf(Access, Upstream, 1)))
		if w.sheet.Exercise.Number != "EXE-2026-001" {
			t.Errorf("number %s", w.sheet.Exercise.Number)
		}
		_, err = s.Decide(lead, w.answer(0, Found))
		w.refused("right.missing", err)
		for practice, want := range map[bool]int{false: 0, true: 1} {
			all, err := s.Series(lead, platform, practice)
			if err != nil || len(all) != want {
				t.Errorf("practice %t: %d in the series, %v", practice, len(all), err)
			}
		}
	})
}
