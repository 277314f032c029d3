package audits

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/documents/vault/dir"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
)

const platform = qms.ID("00000000-0000-7000-9000-000000000001")

// members knows one person, and the work instruction of the chain of whole.
type members struct{}

func (members) PeopleOf(context.Context, store.Reader, qms.ID) ([]trace.Person, error) {
	return []trace.Person{{ID: storetest.AgentID(1), Code: "P01", Name: "Agent 01"}}, nil
}

func (members) Periods(context.Context, store.Reader, qms.ID) (map[string]map[string]qms.Period, error) {
	return map[string]map[string]qms.Period{"MO-ANA-001": {"1.0": {From: day("2024-01-01")}}}, nil
}

// site is a platform with twelve sound chains, one quote without its request, and three uses of
// which the last has no training.
func site(t *testing.T, db *store.DB) (*Service, context.Context) {
	t.Helper()
	tr := trace.New(db, members{}, members{})
	lead := storetest.As(qms.QualityLead, platform)
	batch := trace.Registers{
		Equipment: []trace.EquipmentRow{{Code: "EQ-001", Name: "Microscope"}, {Code: "EQ-002", Name: "Balance"}},
		Trainings: []trace.TrainingRow{{Person: "P01", Equipment: "EQ-001", Trainer: "P01", Date: day("2025-01-01"), Months: 36}},
		Quotes:    []trace.QuoteRow{{Number: "DEV-2026-0099", Request: "DEM-2019-9999", Date: day("2026-01-12")}},
		Uses: []trace.UseRow{
			{Number: "UTI-00001", Person: "P01", Equipment: "EQ-001", Date: day("2026-01-05"), Minutes: 60},
			{Number: "UTI-00002", Person: "P01", Equipment: "EQ-001", Date: day("2026-03-05"), Minutes: 60},
			{Number: "UTI-00003", Person: "P01", Equipment: "EQ-002", Date: day("2026-03-06"), Minutes: 60},
		},
	}
	for n := 1; n <= 12; n++ {
		no := func(prefix string) string { return fmt.Sprintf("%s-2026-%04d", prefix, n) }
		batch.Requests = append(batch.Requests, trace.RequestRow{Number: no("DEM"), Date: day("2026-01-10"), Client: "Client 01", Subject: "Analyse"})
		batch.Quotes = append(batch.Quotes, trace.QuoteRow{Number: no("DEV"), Request: no("DEM"), Date: day("2026-01-12"), AcceptedOn: day("2026-01-15"), Total: 10000})
		batch.Reports = append(batch.Reports, trace.ReportRow{Number: no("RAP"), Request: no("DEM"), Date: day("2026-02-03"), AnalysedOn: day("2026-02-01"), Operator: "P01", Equipment: "EQ-001", Instruction: "MO-ANA-001", InstructionVersion: "1.0"})
		batch.Invoices = append(batch.Invoices, trace.InvoiceRow{Number: no("FAC"), Request: no("DEM"), Quote: no("DEV"), Date: day("2026-02-10"), Total: 10000})
	}
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(platform), Platform: platform}
	err := db.Change(lead, act, func(tx *store.Tx) error {
		_, err := tr.TakeRegisters(lead, tx, batch)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	folder, err := dir.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := New(db, Options{Trace: tr.KeepIn(folder), Vault: folder})
	t.Cleanup(s.Close)
	return s, storetest.As(qms.QualityOfficer)
}

func sampleOf(kind Kind, direction Direction, size int) Draw {
	return Draw{Platform: platform, Kind: kind, Direction: direction, AsOf: day("2026-06-30"), Seed: "graine", Size: size}
}

func TestDraw_PutsTheSameItemsOnRecordEachTime(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := site(t, db)
		first, err := s.Draw(lead, sampleOf(Services, Upstream, 5))
		if err != nil {
			t.Fatal(err)
		}
		second, err := s.Draw(lead, sampleOf(Services, Upstream, 5))
		if err != nil {
			t.Fatal(err)
		}
		if first.Exercise.Number != "EXE-2026-001" || second.Exercise.Number != "EXE-2026-002" {
			t.Errorf("numbers %s and %s", first.Exercise.Number, second.Exercise.Number)
		}
		// twelve invoices, and the quote that names no request
		if first.Exercise.PopulationSize != 13 || len(first.Items) != 5 {
			t.Fatalf("%d of %d drawn", len(first.Items), first.Exercise.PopulationSize)
		}
		for i := range first.Items {
			if first.Items[i].Number != second.Items[i].Number || first.Items[i].Digest != second.Items[i].Digest {
				t.Errorf("item %d: %s, then %s", i, first.Items[i].Number, second.Items[i].Number)
			}
		}
		kept, err := s.Sheet(lead, platform, "exe-2026-001")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, kept); diff != "" {
			t.Errorf("on record it differs (-drawn +kept):\n%s", diff)
		}
	})
}

func TestDraw_ProposesForWholeOrphanAndUncoveredItems(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := site(t, db)
		services, err := s.Draw(lead, sampleOf(Services, Upstream, 13))
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range services.Items {
			for _, l := range item.Links {
				want := Found
				switch {
				case item.Number == "DEV-2026-0099", l.Link == linkData:
					want = Missing
				case l.Link == linkCalibration:
					want = NotApplicable
				}
				if l.Proposal != want {
					t.Errorf("%s, %s: %s, want %s", item.Number, l.Link, l.Proposal, want)
				}
			}
		}
		uses, err := s.Draw(lead, sampleOf(Access, Upstream, 3))
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range uses.Items {
			want := Found
			if item.Number == "UTI-00003" {
				want = Missing
			}
			if got := item.Links[0]; got.Link != linkTraining || got.Proposal != want {
				t.Errorf("%s: %s %s, want %s", item.Number, got.Link, got.Proposal, want)
			}
		}
	})
}

func TestExercise_AnsweredAndConcludedChangesNoMore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := site(t, db)
		sheet, err := s.Draw(lead, sampleOf(Access, Upstream, 1))
		if err != nil {
			t.Fatal(err)
		}
		item := sheet.Items[0]
		answer := Decide{Platform: platform, Exercise: sheet.Exercise.Number, Item: item.ID, Seconds: 42, Revision: item.Revision,
			Decisions: []Decision{{Link: item.Links[0].ID, Answer: Found}, {Link: item.Links[1].ID, Answer: Incoherent, Note: " à revoir "}}}
		if sheet, err = s.Decide(lead, answer); err != nil {
			t.Fatal(err)
		}
		if got := sheet.Score(); got != (Score{Found: 1, Expected: 2}) || sheet.Items[0].Links[1].Note != "à revoir" {
			t.Errorf("score %+v, links %+v", got, sheet.Items[0].Links)
		}
		if _, err = s.Decide(lead, answer); qms.CodeOf(err) != qms.CodeConflict {
			t.Errorf("answers on an old revision: %v", err)
		}
		conclude := Conclude{Platform: platform, Exercise: sheet.Exercise.Number, Verdict: Passed}
		if _, err = s.Conclude(lead, conclude); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("passed with a gap: %v", err)
		}
		conclude.Verdict = Failed
		if _, err = s.Conclude(lead, conclude); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("failed without a remark: %v", err)
		}
		conclude.Remark = "un lien incohérent"
		if sheet, err = s.Conclude(lead, conclude); err != nil {
			t.Fatal(err)
		}
		if e := sheet.Exercise; e.State != Concluded || e.Found != 1 || e.Expected != 2 || e.ConcludedAt.IsZero() {
			t.Errorf("concluded as %+v", e)
		}
		answer.Revision = 0
		if _, err = s.Decide(lead, answer); qms.CodeOf(err) != qms.CodeConflict {
			t.Errorf("an answer after the conclusion: %v", err)
		}
	})
}

func TestRunFull_KeepsWhatExamineFinds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := site(t, db)
		e, err := s.RunFull(lead, platform, day("2026-06-30"))
		if err != nil {
			t.Fatal(err)
		}
		sheet, err := s.Sheet(storetest.As(qms.Auditor, platform), platform, e.Number)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := FindingsOf(sheet.Exercise)
		if err != nil {
			t.Fatal(err)
		}
		found, err := s.Examine(lead, platform, day("2026-06-30"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(found, kept); diff != "" {
			t.Error(diff)
		}
		if found.Chains.Complete != 12 || len(found.Dangling) != 1 || len(found.Uncovered) != 1 {
			t.Errorf("found %+v", found)
		}
		page, err := s.Exercises(lead, platform, ExerciseFilter{}, qms.Cursor{})
		if err != nil || len(page.Items) != 1 || page.Items[0].Findings != "" {
			t.Errorf("listed %+v, %v", page, err)
		}
	})
}

func TestDraw_RefusesWhatCannotBeDrawn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := site(t, db)
		for field, spoil := range map[string]func(*Draw){
			"kind":        func(d *Draw) { d.Kind = "autre" },
			"direction":   func(d *Draw) { d.Direction = "" },
			"as_of":       func(d *Draw) { d.AsOf = day("2027-01-01") },
			"period_from": func(d *Draw) { d.PeriodFrom = day("2026-07-01") },
			"seed":        func(d *Draw) { d.Seed = "a\nb" },
			"sample_size": func(d *Draw) { d.Size = maxSample + 1 },
		} {
			d := sampleOf(Services, Downstream, 3)
			spoil(&d)
			_, err := s.Draw(lead, d)
			var e *qms.Error
			if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		if _, err := s.Draw(storetest.As(qms.Auditor, platform), sampleOf(Services, Downstream, 3)); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("an auditor draws: %v", err)
		}
		if _, err := s.Exercises(storetest.As(qms.QualityLead, storetest.AgentID(77)), platform, ExerciseFilter{}, qms.Cursor{}); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("the lead of another platform reads: %v", err)
		}
	})
}
