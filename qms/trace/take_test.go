package trace

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestTakeRegisters_ThenExamineGivesTheKey(t *testing.T) {
	t.Parallel()
	batch, people, instructions := registers(t)
	_, right := key(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, members{people, instructions}, members{people, instructions})
		counts := taken(t, db, s, batch)
		if counts[UseRegister].Added != 600 || counts[TrainingRegister].Added != 442 || counts[QuoteRegister].Added != 226 {
			t.Errorf("added %v", counts)
		}
		ctx := storetest.As(qms.Auditor, platform)
		found, err := s.FullCheck(ctx, platform, qms.MustDate("2026-06-30"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&right, found); diff != "" {
			t.Errorf("-key +found:\n%s", diff)
		}
		for name, c := range taken(t, db, s, batch) {
			if c.Added+c.Changed > 0 {
				t.Errorf("the second time: %s %+v", name, c)
			}
		}
	})
}

func TestTakeRegisters_MakesARevisionOfWhatDiffersAndKeepsWhatIsNotStated(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, members{}, members{})
		taken(t, db, s, Registers{Quotes: []QuoteRow{{Number: " dev-1 ", Request: "dem-1", Date: day("2026-01-02"), AcceptedOn: day("2026-01-05"), Total: 100}}})
		counts := taken(t, db, s, Registers{Quotes: []QuoteRow{{Number: "DEV-1", Request: "DEM-1", Date: day("2026-01-03")}}})
		if got := counts[QuoteRegister]; got != (Taken{Changed: 1}) {
			t.Fatalf("taken %+v", got)
		}
		err := db.View(storetest.AsSystem(), qms.ReadTrace.On(platform), func(r store.Reader) error {
			quotes, err := allOf[Quote](t.Context(), r, platform, "number")
			if err != nil {
				return err
			}
			q := quotes[0]
			if len(quotes) != 1 || q.Revision != 2 || q.Date != day("2026-01-03") || q.AcceptedOn != day("2026-01-05") || q.Total != 100 {
				t.Errorf("kept %+v", quotes)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestTakeRegisters_PointsAtEveryRowAndFieldAndWritesNothing(t *testing.T) {
	t.Parallel()
	batch := Registers{
		Equipment:    []EquipmentRow{{Code: "EQ-1", Name: "Microscope"}, {Code: "eq-1", Name: "Autre"}},
		Calibrations: []CalibrationRow{{Equipment: "EQ-1", Date: day("2026-01-01"), Outcome: "bof"}},
		Requests:     []RequestRow{{Number: "DEM-1", Date: day("2026-01-01")}, {Number: "DEM-2"}, {Number: strings.Repeat("X", 65), Date: day("2026-01-01")}},
		Reports:      []ReportRow{{Number: "RAP-1", Request: "DEM-1", Date: day("2026-01-01"), AnalysedOn: day("2026-01-01"), Operator: "P99", Equipment: "EQ-9"}},
		Trainings: []TrainingRow{
			{Person: "p01", Equipment: "eq-1", Date: day("2026-01-02"), Through: day("2026-01-01")},
			{Person: "P01", Equipment: "EQ-1", Date: day("2026-01-03"), Months: -1},
		},
	}
	want := []string{
		"equipment 1 code row.doubled", "calibrations 0 outcome calibration.outcome_unknown",
		"requests 1 date input.required", "requests 2 number input.too_long",
		"reports 0 operator person.unknown", "reports 0 equipment equipment.unknown",
		"trainings 0 through training.ends_before", "trainings 1 months months.implausible",
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, members{people: []Person{{ID: "p", Code: "P01"}}}, members{})
		act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(platform), Platform: platform}
		ctx := storetest.As(qms.Manager, platform)
		err := db.Change(ctx, act, func(tx *store.Tx) error {
			_, err := s.TakeRegisters(ctx, tx, batch)
			return err
		})
		var wrong *BatchError
		if !errors.As(err, &wrong) || qms.CodeOf(err) != qms.CodeInvalid {
			t.Fatalf("got %v", err)
		}
		var got []string
		for _, r := range wrong.Rows {
			got = append(got, strings.Join([]string{string(r.Register), string(rune('0' + r.Row)), r.Field, r.Err.Key}, " "))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		f, err := s.FullCheck(ctx, platform, day("2026-06-30"))
		if err != nil || f.Chains.Total != 0 {
			t.Errorf("something was written: %+v, %v", f, err)
		}
	})
}
