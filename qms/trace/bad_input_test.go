package trace

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// TestRecord_RefusesWhatCannotBe says of each record by which field it is refused.
func TestRecord_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		retired := must(s.AddEquipment(lead, AddEquipment{Platform: platform, Code: "OLD", Name: "Microtome", Commissioned: day("2020-01-01"), Retired: day("2026-01-01")}))(t)
		must(s.RecordRequest(lead, RecordRequest{Platform: platform, Date: day("2026-03-01"), Client: "c", ClientStatus: "s", Subject: "o"}))(t)
		report := func(change func(*RecordReport)) error {
			cmd := RecordReport{Platform: platform, Request: "DEM-2026-0001", Date: day("2026-03-20"), AnalysedOn: day("2026-03-15"),
				Operator: "p2", Equipment: s.equipment.ID, Instruction: "MO-1", InstructionVersion: "2"}
			change(&cmd)
			return second(s.RecordReport(lead, cmd))
		}
		training := func(change func(*RecordTraining)) error {
			cmd := RecordTraining{Platform: platform, Person: "p2", Equipment: s.equipment.ID, Trainer: "p1", Date: day("2026-02-02")}
			change(&cmd)
			return second(s.RecordTraining(lead, cmd))
		}
		use := func(change func(*RecordUse)) error {
			cmd := RecordUse{Platform: platform, Person: "p2", Equipment: s.equipment.ID, Date: day("2026-02-02")}
			change(&cmd)
			return second(s.NoteUse(lead, cmd))
		}
		for name, c := range map[string]struct {
			err  error
			want map[string]string
		}{
			"use before 1990":               {use(func(c *RecordUse) { c.Date = day("1989-12-31") }), map[string]string{"date": "date.implausible"}},
			"use tomorrow":                  {use(func(c *RecordUse) { c.Date = day("2026-07-01") }), map[string]string{"date": "date.future"}},
			"use of retired equipment":      {use(func(c *RecordUse) { c.Equipment = retired.ID }), map[string]string{"equipment": "equipment.out_of_service"}},
			"use before commissioning":      {use(func(c *RecordUse) { c.Equipment, c.Date = retired.ID, day("2019-12-31") }), map[string]string{"equipment": "equipment.not_yet"}},
			"use that lasts two years":      {use(func(c *RecordUse) { c.Minutes = 2 * 366 * minutesPerDay }), map[string]string{"minutes": "duration.implausible"}},
			"analysis on retired equipment": {report(func(c *RecordReport) { c.Equipment = retired.ID }), map[string]string{"equipment": "equipment.out_of_service"}},
			"report before 1990": {report(func(c *RecordReport) { c.Date, c.AnalysedOn = day("1980-01-02"), day("1980-01-01") }),
				map[string]string{"date": "date.implausible", "analysed_on": "date.implausible"}},
			"analysis after its report":     {report(func(c *RecordReport) { c.AnalysedOn = day("2026-03-21") }), map[string]string{"analysed_on": "report.analysed_after"}},
			"report of another's request":   {report(func(c *RecordReport) { c.Request = "DEM-2026-0009" }), map[string]string{"request": "request.unknown"}},
			"training that ends first":      {training(func(c *RecordTraining) { c.Through = day("2026-02-01") }), map[string]string{"through": "training.ends_before"}},
			"training of oneself":           {training(func(c *RecordTraining) { c.Trainer = "p2" }), map[string]string{"trainer": "training.own_trainer"}},
			"training on retired equipment": {training(func(c *RecordTraining) { c.Equipment = retired.ID }), map[string]string{"equipment": "equipment.out_of_service"}},
		} {
			if diff := cmp.Diff(c.want, wrong(c.err)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if err := training(func(c *RecordTraining) { c.Equipment, c.Date = retired.ID, day("2019-12-31") }); err != nil {
			t.Errorf("a training before the equipment serves is refused: %v", err)
		}
		if err := use(func(c *RecordUse) { c.Equipment, c.Date = retired.ID, day("2025-12-31") }); err != nil {
			t.Errorf("a use on the last day of service is refused: %v", err)
		}
	})
}

func TestRecordInvoice_RefusesTheSameOneTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		must(s.RecordRequest(ctx, RecordRequest{Platform: platform, Date: day("2026-03-01"), Client: "c", ClientStatus: "s", Subject: "o"}))(t)
		cmd := RecordInvoice{Platform: platform, Request: "DEM-2026-0001", Date: day("2026-03-21"), Total: 100}
		first := must(s.RecordInvoice(ctx, cmd))(t)
		if _, err := s.RecordInvoice(ctx, cmd); wrong(err)["second"] != "invoice.twice" {
			t.Errorf("the same again: %v", err)
		}
		numbered := cmd
		numbered.Number, numbered.Second = first.Number, true
		if _, err := s.RecordInvoice(ctx, numbered); wrong(err)["number"] != "number.taken" {
			t.Errorf("the same number: %v", err)
		}
		cmd.Second = true
		must(s.RecordInvoice(ctx, cmd))(t)
		cmd.Second, cmd.Total = false, 101
		must(s.RecordInvoice(ctx, cmd))(t)
	})
}

// TestChains_OfAnotherPlatformAreNotReached wants no record of one platform to be named by another's.
func TestChains_OfAnotherPlatformAreNotReached(t *testing.T) {
	t.Parallel()
	const other = qms.ID("00000000-0000-7000-9000-000000000002")
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.QualityOfficer, "")
		must(s.RecordRequest(ctx, RecordRequest{Platform: platform, Number: "DEM-A", Date: day("2026-03-01"), Client: "c", ClientStatus: "s", Subject: "o"}))(t)
		if _, err := s.RecordQuote(ctx, RecordQuote{Platform: other, Request: "DEM-A", Date: day("2026-03-02"), Total: 1}); wrong(err)["request"] != "request.unknown" {
			t.Errorf("a quote of another platform's request: %v", err)
		}
		if _, err := s.NoteUse(ctx, RecordUse{Platform: other, Person: "p2", Equipment: s.equipment.ID, Date: day("2026-02-02")}); wrong(err)["equipment"] != "equipment.not_here" {
			t.Errorf("a use of another platform's equipment: %v", err)
		}
		act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(other), Platform: other}
		err := db.Change(ctx, act, func(tx *store.Tx) error {
			_, err := s.TakeRegisters(ctx, tx, Registers{Quotes: []QuoteRow{{Number: "DEV-B", Request: "DEM-A", Date: day("2026-03-02"), Total: 1}}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		here, there := must(s.FullCheck(ctx, platform, day("2026-06-30")))(t), must(s.FullCheck(ctx, other, day("2026-06-30")))(t)
		if len(here.Dangling) != 0 || !cmp.Equal(there.Dangling, []string{"DEV-B"}) || there.Chains.Total != 0 {
			t.Errorf("here %+v, there %+v", here, there)
		}
	})
}

func TestImport_ShowsWhatWasNotInService(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Auditor, platform)
		taken(t, db, s.Service, Registers{
			Equipment: []EquipmentRow{{Code: "OLD", Name: "Microtome", Retired: day("2025-01-01")}},
			Uses:      []UseRow{{Number: "U-1", Person: "P02", Equipment: "OLD", Date: day("2025-02-01")}},
		})
		u := must(s.UseSheet(ctx, platform, "U-1"))(t)
		if u.Equipment.Serves(u.Use.Date) || !u.Equipment.Serves(day("2024-12-31")) {
			t.Errorf("the equipment of %+v served on that day", u.Use)
		}
	})
}
