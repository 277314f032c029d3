package trace

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// slowStatus is StatusOn as one would say it aloud, day by day: what stands last in the list of what
// befell the equipment by the evening of the day.
func slowStatus(e Equipment, events []EquipmentEvent, calibrations []Calibration, day qms.Date) Status {
	going := map[qms.ID]EventKind{} // what goes on, while the days pass
	for d := qms.MustDate("2025-12-01"); d <= day; d++ {
		for _, event := range events {
			if event.Void != "" || event.Usable || event.Equipment != e.ID {
				continue
			}
			if event.Date == d {
				going[event.ID] = event.Kind
			}
			if event.Ended == d {
				delete(going, event.ID)
			}
		}
	}
	during := func(kinds ...EventKind) bool {
		for _, kind := range going {
			if slices.Contains(kinds, kind) {
				return true
			}
		}
		return false
	}
	switch {
	case e.Retired != 0 && day >= e.Retired:
		return OutOfService
	case e.Commissioned != 0 && day < e.Commissioned, e.Waiting && e.Commissioned == 0:
		return NotCommissioned
	case during(Withdrawal):
		return OutOfService
	case during(Breakdown):
		return BrokenDown
	case during(Preventive, Corrective, Repair):
		return UnderMaintenance
	case slowlyUncalibrated(calibrations, day):
		return OutOfCalibration
	}
	return InService
}

// slowlyUncalibrated tries every calibration that counts against every later one.
func slowlyUncalibrated(calibrations []Calibration, day qms.Date) bool {
	under := false
	for _, c := range calibrations {
		if c.Void != "" || c.Date > day {
			continue
		}
		under = true
		if c.Outcome != Conforming || c.Months > 0 && day >= c.Date.AddMonths(c.Months) {
			continue
		}
		spoilt := slices.ContainsFunc(calibrations, func(later Calibration) bool {
			return later.Void == "" && later.Outcome == Nonconforming && later.Date > c.Date && later.Date <= day
		})
		if !spoilt {
			return false
		}
	}
	return under
}

// TestStatus_AgreesWithTheSlowReference holds the status against the one told day by day, over random
// lives and every day of them.
func TestStatus_AgreesWithTheSlowReference(t *testing.T) {
	t.Parallel()
	kinds := append(EventKinds(), Withdrawal)
	rapid.Check(t, func(t *rapid.T) {
		day := func(label string) qms.Date {
			return qms.MustDate("2026-01-01") + qms.Date(rapid.IntRange(0, 60).Draw(t, label))
		}
		one := func(label string, in int) bool { return rapid.IntRange(1, in).Draw(t, label) == 1 }
		e := Equipment{Row: qms.Row{ID: "e"}}
		switch rapid.IntRange(0, 2).Draw(t, "commissioned") {
		case 0:
			e.Commissioned = day("commissioned on")
		case 1:
			e.Waiting = one("waiting", 4)
		}
		if one("retired", 3) {
			e.Retired = day("retired on")
		}
		var events []EquipmentEvent
		for i := range rapid.IntRange(0, 6).Draw(t, "events") {
			event := EquipmentEvent{Row: qms.Row{ID: qms.ID(fmt.Sprint(i))}, Equipment: "e", Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Date: day("date"), Usable: one("usable", 5)}
			if event.Kind == Withdrawal || one("ended", 2) {
				event.Ended = event.Date + qms.Date(rapid.IntRange(0, 20).Draw(t, "days"))
			}
			if event.Kind == Withdrawal {
				event.Usable = false
			}
			if one("void", 6) {
				event.Void = "entered twice"
			}
			if one("of another", 6) {
				event.Equipment = "other"
			}
			events = append(events, event)
		}
		var calibrations []Calibration
		for range rapid.IntRange(0, 3).Draw(t, "calibrations") {
			c := Calibration{Equipment: "e", Date: day("calibrated"), Months: qms.Months(rapid.IntRange(0, 1).Draw(t, "months")), Outcome: Conforming}
			if one("nonconforming", 3) {
				c.Outcome = Nonconforming
			}
			calibrations = append(calibrations, c)
		}
		for d := qms.MustDate("2025-12-30"); d < qms.MustDate("2026-04-10"); d++ {
			g := NewGround(d, DefaultSettings(), nil, calibrations, nil)
			cover, calibrated := g.CalibrationCover("e", d, 30)
			if got, want := StatusOn(&e, events, cover, calibrated, d), slowStatus(e, events, calibrations, d); got != want {
				t.Fatalf("on %s it is %s, want %s", d, got, want)
			}
		}
	})
}

func TestLife_FollowsBreakdownsRepairsAndMoves(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead, member := furnished(t, db), storetest.As(qms.QualityLead, platform), storetest.As(qms.Member, platform)
		e := s.equipment
		status := func(on string) Status {
			t.Helper()
			return must(s.Piece(member, platform, "EQ-1", day(on)))(t).Life.Status
		}
		down := must(s.RecordEvent(member, RecordEvent{Platform: platform, Equipment: e.ID, Kind: Breakdown, Date: day("2026-03-03"), Description: "Le laser ne démarre plus"}))(t)
		if got := status("2026-03-02"); got != InService {
			t.Errorf("the day before it is %s", got)
		}
		if got := status("2026-06-30"); got != BrokenDown {
			t.Errorf("while the breakdown is open it is %s", got)
		}
		open := RecordEvent{Platform: platform, Equipment: e.ID, Kind: Repair, Date: day("2026-03-09"), Description: "Échange du laser", Company: "Société 01", Cost: 125000, Ends: down.ID}
		if _, err := s.RecordEvent(lead, open); wrong(err)["ended"] != "event.ends_nothing_yet" {
			t.Errorf("a repair that goes on ends a breakdown: %v", err)
		}
		open.Ended = day("2026-03-11")
		must(s.RecordEvent(lead, open))(t)
		if b, r, after := status("2026-03-10"), status("2026-03-05"), status("2026-03-11"); b != BrokenDown || r != BrokenDown || after != InService {
			t.Errorf("in March it is %s, %s, %s", r, b, after)
		}
		if _, err := s.RecordEvent(lead, open); wrong(err)["ends"] != "event.not_open" {
			t.Errorf("a breakdown ends twice: %v", err)
		}
		must(s.RecordEvent(lead, RecordEvent{Platform: platform, Equipment: e.ID, Kind: Move, Date: day("2026-04-01"), Description: "Travaux", Place: "Salle 2"}))(t)
		last := must(s.RecordEvent(lead, RecordEvent{Platform: platform, Equipment: e.ID, Kind: Move, Date: day("2026-05-01"), Description: "Retour", Place: "Salle 3"}))(t)
		place := func(on string) string {
			t.Helper()
			return must(s.Piece(member, platform, "EQ-1", day(on)))(t).Life.Place
		}
		if a, b, c := place("2026-03-31"), place("2026-04-01"), place("2026-06-30"); a != "" || b != "Salle 2" || c != "Salle 3" {
			t.Errorf("it stood in %q, %q, %q", a, b, c)
		}
		must(s.VoidEvent(lead, Target{Platform: platform, ID: last.ID, Revision: last.Revision, Reason: "Jamais fait"}))(t)
		if got := place("2026-06-30"); got != "Salle 2" {
			t.Errorf("after the void it stands in %q", got)
		}
		if _, err := s.RecordEvent(member, RecordEvent{Platform: platform, Equipment: e.ID, Kind: Software, Date: day("2026-04-01"), Description: "2.1"}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a member records what is not a breakdown: %v", err)
		}
	})
}

func TestEvent_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		good := RecordEvent{Platform: platform, Equipment: s.equipment.ID, Kind: Preventive, Date: day("2026-01-10"), Ended: day("2026-01-10"), Program: "Annuelle", Months: 12}
		must(s.RecordEvent(lead, good))(t)
		for field, c := range map[string]struct {
			key    string
			change func(*RecordEvent)
		}{
			"date":        {"date.future", func(e *RecordEvent) { e.Date, e.Ended = day("2026-07-01"), 0 }},
			"ended":       {"event.ends_before", func(e *RecordEvent) { e.Ended = day("2026-01-09") }},
			"kind":        {"input.unknown_choice", func(e *RecordEvent) { e.Kind = Withdrawal }},
			"next_on":     {"event.two_nexts", func(e *RecordEvent) { e.NextOn = day("2027-01-01") }},
			"program":     {"event.next_of_maintenance", func(e *RecordEvent) { e.Kind, e.Description = Repair, "x" }},
			"description": {"input.required", func(e *RecordEvent) { e.Program = " " }},
			"cost":        {"money.negative", func(e *RecordEvent) { e.Cost = -1 }},
			"person":      {"person.not_member", func(e *RecordEvent) { e.Person = "p9" }},
			"place": {"input.required", func(e *RecordEvent) {
				*e = RecordEvent{Platform: platform, Equipment: e.Equipment, Kind: Move, Date: e.Date, Description: "x"}
			}},
			"equipment": {"equipment.not_here", func(e *RecordEvent) { e.Equipment = "nothing" }},
			"company":   {"text.unreadable", func(e *RecordEvent) { e.Company = "a\x00b" }},
		} {
			bad := good
			c.change(&bad)
			if _, err := s.RecordEvent(lead, bad); wrong(err)[field] != c.key {
				t.Errorf("%s: %v, want %s", field, err, c.key)
			}
		}
	})
}

func TestEquipment_IsRetiredAndComesBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		at := func() Target {
			e := must(s.Piece(lead, platform, "EQ-1", 0))(t).Equipment
			return Target{Platform: platform, ID: e.ID, Revision: e.Revision, Reason: "Optique rayée"}
		}
		must(s.RetireEquipment(lead, RetireEquipment{at(), day("2026-02-01")}))(t)
		if _, err := s.RetireEquipment(lead, RetireEquipment{at(), day("2026-02-02")}); wrong(err)["on"] != "equipment.retired_already" {
			t.Errorf("retired twice: %v", err)
		}
		if _, err := s.ReturnEquipment(lead, ReturnEquipment{at(), day("2026-02-01")}); wrong(err)["on"] != "equipment.returned_before" {
			t.Errorf("back before it left: %v", err)
		}
		must(s.ReturnEquipment(lead, ReturnEquipment{at(), day("2026-03-01")}))(t)
		for on, want := range map[string]Status{"2026-01-31": InService, "2026-02-01": OutOfService, "2026-02-28": OutOfService, "2026-03-01": InService} {
			if got := must(s.Piece(lead, platform, "EQ-1", day(on)))(t).Life.Status; got != want {
				t.Errorf("on %s it is %s, want %s", on, got, want)
			}
			list, _, err := s.EquipmentList(lead, platform, EquipmentFilter{AsOf: day(on), Status: want}, qms.Cursor{})
			if err != nil || len(list.Items) != 1 {
				t.Errorf("on %s the list shows %v, %v", on, list.Items, err)
			}
		}
		must(s.AddEquipment(lead, AddEquipment{Platform: platform, Code: "EQ-2", Name: "Balance", Holding: Holding{Waiting: true, Acquired: day("2026-06-01")}}))(t)
		two := must(s.Piece(lead, platform, "EQ-2", 0))(t)
		if two.Life.Status != NotCommissioned {
			t.Errorf("what waits is %s", two.Life.Status)
		}
		must(s.CommissionEquipment(lead, CommissionEquipment{Target{Platform: platform, ID: two.Equipment.ID, Revision: 1}, day("2026-06-15")}))(t)
		if got := must(s.Piece(lead, platform, "EQ-2", 0))(t).Life.Status; got != InService {
			t.Errorf("commissioned it is %s", got)
		}
	})
}

func TestLifeSheet_IsPagedWholeAndInOrder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		from := day("2025-01-01")
		must(s.CorrectEquipment(lead, Target{Platform: platform, ID: s.equipment.ID, Revision: 1, Reason: "Complété"},
			AddEquipment{Name: "Microscope", Commissioned: from.AddDays(3), Holding: Holding{Acquired: from}}))(t)
		for i := range 23 {
			must(s.RecordEvent(lead, RecordEvent{Platform: platform, Equipment: s.equipment.ID, Kind: Software, Date: from.AddDays(i / 2), Description: fmt.Sprint(i)}))(t)
		}
		for i := range 4 {
			must(s.RecordCalibration(lead, RecordCalibration{Platform: platform, Equipment: s.equipment.ID, Date: from.AddDays(i * 3), Outcome: Conforming}))(t)
		}
		var dates []qms.Date
		seen := map[qms.ID]bool{}
		for after := ""; ; {
			sheet := must(s.LifeSheet(lead, platform, "eq-1", 0, qms.Cursor{After: after, Size: 4}))(t)
			for _, entry := range sheet.Entries.Items {
				if seen[entry.ID()] {
					t.Errorf("%s comes twice", entry.ID())
				}
				seen[entry.ID()] = true
				dates = append(dates, entry.Date)
			}
			if after = sheet.Entries.Next; after == "" {
				break
			}
		}
		if len(dates) != 29 || !slices.IsSortedFunc(dates, func(a, b qms.Date) int { return int(b - a) }) {
			t.Errorf("%d lines: %v", len(dates), dates)
		}
		if _, err := s.LifeSheet(lead, platform, "EQ-1", 0, qms.Cursor{After: qms.EncodeAfter("no day", "x")}); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("a forged cursor: %v", err)
		}
		past := must(s.LifeSheet(lead, platform, "EQ-1", from, qms.Cursor{}))(t)
		if n := len(past.Entries.Items); n != 4 {
			t.Errorf("on the first day there are %d lines", n)
		}
	})
}

func TestCalibration_AgreesWithItsNumbersOrSaysWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tolerance, deviation string
		want                 Outcome
		judged               bool
	}{
		{"0.05", "0.05", Conforming, true}, {"0.05", "-0.050", Conforming, true}, {"0.05", "0.0500000000000000000001", Nonconforming, true},
		{"0.05", "-0.051", Nonconforming, true}, {"", "0.1", "", false}, {"0.1", "", "", false}, {"0", "0", Conforming, true},
	} {
		if got, judged := (Measure{Tolerance: c.tolerance, Deviation: c.deviation}).Conformity(); got != c.want || judged != c.judged {
			t.Errorf("%q beyond %q is %q, %t", c.deviation, c.tolerance, got, judged)
		}
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		cmd := RecordCalibration{Platform: platform, Equipment: s.equipment.ID, Date: day("2026-01-10"), Months: 12, Outcome: Conforming, Kind: Verified,
			Provider: "Laboratoire 01", Measure: Measure{Nominal: "100", Tolerance: "0,05", Deviation: "−0,06", Unit: "mg"}}
		if _, err := s.RecordCalibration(lead, cmd); wrong(err)["explanation"] != "calibration.disagrees_nonconforming" {
			t.Errorf("conforming beyond its tolerance: %v", err)
		}
		cmd.Explanation = "Erreur corrigée par ajustage"
		c := must(s.RecordCalibration(lead, cmd))(t)
		if want := (Measure{"100", "0.05", "-0.06", "mg"}); c.Measure != want {
			t.Errorf("kept as %+v", c.Measure)
		}
		if got := must(s.Calibration(lead, platform, c.ID))(t); !cmp.Equal(got, c) {
			t.Errorf("read back another: %s", cmp.Diff(c, got))
		}
		for field, measure := range map[string]Measure{"nominal": {Nominal: "1e9"}, "tolerance": {Tolerance: "-1"}, "deviation": {Deviation: "1/2"}} {
			if _, err := s.RecordCalibration(lead, RecordCalibration{Platform: platform, Equipment: s.equipment.ID, Date: day("2026-01-10"), Outcome: Conforming, Measure: measure}); wrong(err)[field] == "" {
				t.Errorf("%s: %+v is taken: %v", field, measure, err)
			}
		}
	})
}
