package audits

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"maillon/audits/pack"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
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

func TestStrata_AreRecordedWithListsThatComeBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, officer := site(t, db)
		cmd := sampleOf(Services, Upstream, 5)
		cmd.Strata = ByYearAndClients
		sheet, err := s.Draw(officer, cmd)
		if err != nil {
			t.Fatal(err)
		}
		var drawn, size int64
		for _, part := range sheet.Strata {
			drawn, size = drawn+part.Drawn, size+part.PopulationSize
			if got := listOf(t, s, officer, sheet, int(part.Position)); got.Digest() != part.PopulationDigest || int64(got.Size()) != part.PopulationSize {
				t.Errorf("stratum %q: %d numbers, digest %s", part.Name, got.Size(), got.Digest())
			}
		}
		if drawn != 5 || size != sheet.Exercise.PopulationSize || len(sheet.Items) != 5 {
			t.Errorf("%d drawn of %d in %+v", drawn, size, sheet.Strata)
		}
		if got := listOf(t, s, officer, sheet, 0); got.Digest() != sheet.Exercise.PopulationDigest || got.Size() != 13 {
			t.Errorf("the whole list has %d numbers", got.Size())
		}
		for _, digest := range []string{sheet.Exercise.PopulationDigest, sheet.Strata[0].PopulationDigest} {
			d, _, _ := strings.Cut(digest, " ")
			if kept, err := s.Keeps(storetest.AsSystem(), mustDigest(t, d)); err != nil || !kept {
				t.Errorf("the sweep would take the list %s: %v", digest, err)
			}
		}
	})
}

func listOf(t *testing.T, s *Service, ctx context.Context, sheet *Sheet, stratum int) Population {
	t.Helper()
	_, list, err := s.OpenPopulation(ctx, platform, sheet.Exercise.Number, stratum)
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	text, err := io.ReadAll(list)
	if err != nil {
		t.Fatal(err)
	}
	return Population{strings.Fields(string(text))}
}

func TestChosenItems_AreOfThePopulationAndSaySo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, officer := site(t, db)
		w := &room{Service: s, t: t, db: db}
		cmd := sampleOf(Services, Upstream, 0)
		cmd.Chosen = []string{"fac-2026-0003, FAC-2026-0001\n FAC-2026-0003"}
		w.do(s.Draw(officer, cmd))
		if e := w.sheet.Exercise; !e.Chosen || e.Seed != "" || e.SampleSize != 2 || w.sheet.Items[0].Number != "FAC-2026-0003" || w.sheet.Items[0].Digest != "" {
			t.Errorf("%+v", e)
		}
		for _, hostile := range []string{"DEM-2026-0001", "FAC-2026-0001 ' OR 1=1", "\x00", strings.Repeat("FAC ", 9)} {
			cmd.Chosen = []string{hostile}
			_, err := s.Draw(officer, cmd)
			if qms.CodeOf(err) != qms.CodeInvalid {
				t.Errorf("%q: %v", hostile, err)
			}
		}
		var many []string
		for n := range maxSample + 1 {
			many = append(many, fmt.Sprintf("FAC-%d", n))
		}
		cmd.Chosen = many
		_, err := s.Draw(officer, cmd)
		w.refused("exercise.size_out_of_range", err)
		empty := sampleOf(Services, Upstream, 3)
		empty.PeriodFrom, empty.PeriodTo = day("1999-01-01"), day("1999-12-31")
		_, err = s.Draw(officer, empty)
		w.refused("exercise.population_empty", err)
		uses := sampleOf(Access, Upstream, 3)
		uses.Strata = ByStatus
		_, err = s.Draw(officer, uses)
		w.refused("exercise.strata_of_uses", err)
	})
}

func TestConclude_SignsWhatIsOnRecordAndKeepsItsReport(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openRoom(t, db)
		file, err := w.trace.Receive(w.first, platform, "capture.txt", strings.NewReader("vu"))
		w.must(err)
		attach := AttachFile{Platform: platform, Exercise: w.sheet.Exercise.Number, Subject: w.sheet.Items[0].Links[0].ID, File: file}
		_, err = w.AttachFile(w.first, attach)
		w.must(err)
		stranger := attach
		stranger.Subject = storetest.AgentID(9)
		_, err = w.AttachFile(w.first, stranger)
		w.refused("exercise.item_not_found", err)
		w.do(w.StartClock(w.first, w.on(0)))
		w.advance(time.Minute)
		_, _, err = w.OpenReport(w.first, platform, w.sheet.Exercise.Number, "fr")
		w.refused("exercise.no_report", err)
		w.do(w.Conclude(w.second, Conclude{Platform: platform, Exercise: w.sheet.Exercise.Number, Verdict: Failed, Remark: "rien n'est répondu"}))
		kept, err := w.Sheet(w.first, platform, w.sheet.Exercise.Number)
		w.must(err)
		if e := kept.Exercise; e.SignedName != "Agent 20" || !kept.Holds() || kept.Items[0].Ticks() || kept.Items[0].Seconds != 60 || e.Found != 0 {
			t.Errorf("concluded %+v, holds %t", e, kept.Holds())
		}
		kept.Items[0].Links[0].Note = "retouché"
		if kept.Holds() {
			t.Error("the signature covers no note")
		}
		_, err = w.AttachFile(w.first, attach)
		w.refused("exercise.not_running", err)
		_, err = w.StartClock(w.first, w.on(0))
		w.refused("exercise.not_running", err)
		for _, language := range []string{"fr", "en"} {
			once, again := reportBytes(w, language), reportBytes(w, language)
			fresh := new(bytes.Buffer)
			sheet, err := w.Sheet(w.first, platform, w.sheet.Exercise.Number)
			w.must(err)
			w.must(printed(fresh, sheet, language))
			if !bytes.Equal(once, again) || !bytes.Equal(once, fresh.Bytes()) || !bytes.HasPrefix(once, []byte("%PDF")) {
				t.Errorf("%s: %d, %d and %d bytes", language, len(once), len(again), fresh.Len())
			}
		}
	})
}

func reportBytes(w *room, language string) []byte {
	w.t.Helper()
	report, pdf, err := w.OpenReport(storetest.As(qms.Auditor, platform), platform, w.sheet.Exercise.Number, language)
	w.must(err)
	defer pdf.Close()
	text, err := io.ReadAll(pdf)
	w.must(err)
	if kept, err := w.Keeps(storetest.AsSystem(), report.Content); err != nil || !kept {
		w.t.Errorf("the sweep would take the report: %v", err)
	}
	return text
}

func TestFull_CountsByMonthAndComparesWithTheOneBefore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, officer := site(t, db)
		w := &room{Service: s, t: t, db: db}
		before, err := s.RunFull(officer, platform, day("2026-02-28"))
		w.must(err)
		after, err := s.RunFull(officer, platform, day("2026-06-30"))
		w.must(err)
		tally, err := TallyOf(*after)
		w.must(err)
		months := tally.Months
		if months["2026-01"][CountChains] != 12 || months["2026-01"]["S07"] != 1 || months["2026-03"]["U01"] != 1 || months["2026-03"][CountUses] != 2 || tally.Total["U01"] != 1 {
			t.Errorf("tally %+v", tally)
		}
		old := *after
		old.Tally = ""
		if totals, err := TallyOf(old); err != nil || totals.Total["U01"] != 1 || totals.Total["S07"] != 1 || totals.Total[CountChains] != 12 {
			t.Errorf("of before tallies: %+v, %v", totals, err)
		}
		c, err := s.Compare(officer, platform, after.Number, before.Number)
		w.must(err)
		if c.A.Number != before.Number || len(c.New) != 1 || c.New[0] != (Defect{"UTI-00003", trace.U01}) || len(c.Repaired) != 0 || len(c.Lasting) != 1 {
			t.Errorf("new %v, repaired %v, lasting %v", c.New, c.Repaired, c.Lasting)
		}
		history, err := s.FullHistory(officer, platform, *after, 12)
		w.must(err)
		if len(history) != 2 || history[1].Number != after.Number || history[0].Tally.Total["U01"] != 0 {
			t.Errorf("history %+v", history)
		}
		_, err = s.Compare(officer, platform, after.Number, "EXE-2026-099")
		w.refused("exercise.not_found", err)
	})
}

func mustDigest(t *testing.T, s string) vault.Digest {
	t.Helper()
	d, err := vault.ParseDigest(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func printed(w io.Writer, sheet *Sheet, language string) error {
	return pack.PrintExercise(w, sheet.report(people.Platform{Row: qms.Row{ID: platform}, Code: "MIC", Name: "Plateforme de microscopie"}, language))
}
