package trace

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestDue_KeepsTheKeyOfMaintenanceUntilItIsDone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		do := func(on, program string, months qms.Months) string {
			t.Helper()
			e := must(s.RecordEvent(lead, RecordEvent{Platform: platform, Equipment: s.equipment.ID, Kind: Preventive, Date: day(on), Ended: day(on), Program: program, Months: months}))(t)
			return string(e.ID)
		}
		due := func(on string) (keys []string) {
			t.Helper()
			err := db.View(lead, qms.ReadTrace.On(platform), func(r store.Reader) error {
				all, err := s.Due(lead, r, platform, day(on))
				for _, d := range all {
					if d.Kind == "maintenance" {
						keys = append(keys, d.On.String()+" "+d.Key)
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return keys
		}
		yearly := do("2026-01-31", "Annuelle", 12)
		monthly := do("2026-02-28", "Nettoyage", 1)
		want := []string{"2026-03-28 maintenance:" + monthly, "2027-01-31 maintenance:" + yearly}
		for _, on := range []string{"2026-02-28", "2026-05-05"} {
			if got := due(on); !cmp.Equal(got, want) {
				t.Errorf("on %s: %v", on, got)
			}
		}
		done := do("2026-05-06", " nettoyage", 1)
		if got := due("2026-05-06"); len(got) != 2 || got[0] != "2026-06-06 maintenance:"+done {
			t.Errorf("once done: %v", got)
		}
		if got := due("2026-05-05"); !cmp.Equal(got, want) {
			t.Errorf("the day before, asked afterwards: %v", got)
		}
		late := must(s.Schedule(lead, platform, ScheduleFilter{Standing: Expired, Kind: DueMaintenance}, qms.Cursor{}))(t)
		if len(late.Items) != 1 || late.Items[0].On != day("2026-06-06") {
			t.Errorf("late are %+v", late.Items)
		}
	})
}

func TestDataMap_NamesItsGaps(t *testing.T) {
	t.Parallel()
	on := day("2026-06-30")
	whole := DataSet{Name: "Images", Stored: "Serveur 1", Backup: "Bande", Retention: "10 ans", Owner: "Équipe", Date: day("2020-01-01")}
	tested := func(at string, restored bool) *RestoreTest { return &RestoreTest{Date: day(at), Restored: restored} }
	for _, c := range []struct {
		change func(*DataSet)
		last   *RestoreTest
		want   []DataGap
	}{
		{func(*DataSet) {}, tested("2025-07-01", true), nil},
		{func(*DataSet) {}, tested("2025-06-30", true), []DataGap{TestTooOld}},
		{func(*DataSet) {}, tested("2026-06-01", false), []DataGap{TestFailed}},
		{func(*DataSet) {}, nil, []DataGap{NeverTested}},
		{func(d *DataSet) { d.Backup = " " }, tested("2026-06-01", true), []DataGap{NoBackup}},
		{func(d *DataSet) { d.Stored, d.Owner, d.Retention = "", "", "" }, tested("2026-06-01", true), []DataGap{NoStore, NoRetention, NoOwner}},
	} {
		d := whole
		c.change(&d)
		if got := d.Gaps(c.last, on); !slices.Equal(got, c.want) {
			t.Errorf("%+v, %+v: %v, want %v", d, c.last, got, c.want)
		}
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		must(s.AddEquipment(lead, AddEquipment{Platform: platform, Code: "EQ-2", Name: "Balance"}))(t)
		d := must(s.AddDataSet(lead, AddDataSet{Platform: platform, Equipment: s.equipment.ID, Name: "Images brutes", YearlyMB: 2_000_000,
			Stored: "Serveur 1", Backup: "Bande", Retention: "10 ans", Owner: "Équipe utilisatrice", Date: day("2025-01-01")}))(t)
		if _, err := s.RecordRestoreTest(lead, RecordRestoreTest{Platform: platform, DataSet: d.ID, Date: day("2026-05-01")}); wrong(err)["remark"] != "restore.failure_unexplained" {
			t.Errorf("a failure without a word: %v", err)
		}
		test := must(s.RecordRestoreTest(lead, RecordRestoreTest{Platform: platform, DataSet: d.ID, Date: day("2026-05-01"), Restored: true, Person: "p1"}))(t)
		gaps := func(asOf qms.Date) []DataGap {
			t.Helper()
			m := must(s.DataMap(lead, platform, DataFilter{AsOf: asOf}, qms.Cursor{}))(t)
			if len(m.Lines.Items) != 1 || len(m.Unmapped) != 1 || m.Unmapped[0].Code != "EQ-2" {
				t.Fatalf("the map of %s is %+v", asOf, m)
			}
			return m.Lines.Items[0].Gaps
		}
		if a, b := gaps(day("2026-04-30")), gaps(0); !slices.Equal(a, []DataGap{NeverTested}) || b != nil {
			t.Errorf("the gaps are %v, then %v", a, b)
		}
		if m := must(s.DataMap(lead, platform, DataFilter{AsOf: day("2024-12-31")}, qms.Cursor{}))(t); m.Total != 0 {
			t.Errorf("before it was produced: %+v", m)
		}
		must(s.VoidRestoreTest(lead, Target{Platform: platform, ID: test.ID, Revision: 1, Reason: "Autre données"}))(t)
		if got := gaps(0); !slices.Equal(got, []DataGap{NeverTested}) {
			t.Errorf("with the test voided: %v", got)
		}
		other := qms.ID("00000000-0000-7000-9000-000000000002")
		if _, err := s.AddDataSet(storetest.As(qms.QualityLead, other), AddDataSet{Platform: other, Equipment: s.equipment.ID, Name: "x"}); wrong(err)["equipment"] == "" {
			t.Errorf("equipment of another platform is taken: %v", err)
		}
		if _, err := s.RecordRestoreTest(storetest.As(qms.QualityLead, other), RecordRestoreTest{Platform: other, DataSet: d.ID, Date: day("2026-05-01"), Restored: true}); wrong(err)["data_set"] == "" {
			t.Errorf("a data set of another platform is taken: %v", err)
		}
	})
}

func TestRenewal_IsPlannedByYearAndCost(t *testing.T) {
	t.Parallel()
	on := day("2026-06-30")
	pieces := []Equipment{
		{Code: "A", Acquired: day("2016-05-01"), LifeYears: 10, Cost: 100},
		{Code: "B", Acquired: day("2010-05-01"), LifeYears: 10, RenewalCost: 900, Cost: 1},
		{Code: "C", RenewalYear: 2029, Acquired: day("2000-01-01"), LifeYears: 3},
		{Code: "D", Acquired: day("2020-01-01")},
		{Code: "E", RenewalYear: 2027, Retired: day("2026-06-30")},
		{Code: "F", RenewalYear: 2027, Void: "twice"},
		{Code: "G", RenewalYear: 2045, RenewalCost: 5},
		{Code: "H", Commissioned: day("2019-01-01"), LifeYears: 8, RenewalCost: 50},
		{Code: "I", RenewalYear: 2027, Acquired: day("2026-07-01")},
	}
	plan := PlanRenewal(pieces, on, 6)
	type line struct {
		Code      string
		Year      int
		Cost      qms.Money
		Late, Est bool
	}
	var got []line
	for _, r := range plan.Lines {
		got = append(got, line{r.Equipment.Code, r.Year, r.Cost, r.Late, r.Estimated})
	}
	want := []line{{"B", 2020, 900, true, false}, {"A", 2026, 100, false, true}, {"H", 2027, 50, false, false}, {"C", 2029, 0, false, false}}
	if !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	years := []RenewalYear{{2020, 1, 900, true}, {2026, 1, 100, false}, {2027, 1, 50, false}, {2028, 0, 0, false}, {2029, 1, 0, false}}
	if !cmp.Equal(plan.Years, years) || plan.Total != 1050 || plan.Unpriced != 1 || len(plan.Unplanned) != 1 {
		t.Errorf("%+v", plan)
	}
	if plan := PlanRenewal(nil, on, 6); len(plan.Years) != 0 {
		t.Errorf("nothing planned: %+v", plan)
	}
}
