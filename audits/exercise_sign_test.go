package audits

import (
	"bytes"
	"context"
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
