package trace

import (
	"fmt"
	"slices"
	"sort"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// referenceImpact answers what a cause touches from the words of DESIGN, section 4.4, slowly: each
// record is asked on its own, and each of its days against each check and training of the history.
func referenceImpact(h history, c Cause, commissioned map[qms.ID]qms.Date, x qms.Date) (touched []string) {
	voided := h.Trainings
	h = h.until(x)
	within := func(qms.Date) bool { return false }
	on := func(qms.ID, qms.ID) bool { return false }
	taught := func(Training) bool { return false }
	switch c.Kind {
	case ByCalibration:
		var bad Calibration
		for _, o := range h.Calibrations {
			if string(o.ID) == c.Subject {
				bad = o
			}
		}
		within = func(d qms.Date) bool { return referenceUnfit(h, bad, commissioned[bad.Equipment], d) }
		on = func(_, e qms.ID) bool { return e == bad.Equipment }
	case ByTraining:
		var bad Training
		for _, o := range voided {
			if string(o.ID) == c.Subject {
				bad = o
			}
		}
		within = func(d qms.Date) bool {
			for _, o := range h.Trainings {
				if o.ID != bad.ID && o.Person == bad.Person && o.Equipment == bad.Equipment && referenceHolds(o.Date, int(o.Months), o.Through, d) {
					return false
				}
			}
			return referenceHolds(bad.Date, int(bad.Months), bad.Through, d)
		}
		on = func(p, e qms.ID) bool { return p == bad.Person && e == bad.Equipment }
		taught = func(t Training) bool {
			return c.Taught && t.Trainer == bad.Person && t.Equipment == bad.Equipment && within(t.Date)
		}
	case ByInstruction:
		from := c.From
		if from == 0 {
			from = h.Instructions[c.Instruction][c.InstructionVersion].From
		}
		within = func(d qms.Date) bool { return d >= from && (c.Through == 0 || d <= c.Through) }
		taught = func(t Training) bool {
			if t.Procedure != c.Instruction || t.ProcedureVersion != c.InstructionVersion {
				return false
			}
			for d := t.Date; d < t.Date+3000; d++ {
				if within(d) && referenceHolds(t.Date, int(t.Months), t.Through, d) {
					return true
				}
			}
			return false
		}
	case ByFault:
		within = func(d qms.Date) bool { return d >= c.From && (c.Through == 0 || d <= c.Through) }
		on = func(_, e qms.ID) bool { return Normal("E-"+string(e)) == c.Subject }
	}
	for _, r := range h.Reports {
		named := c.Kind == ByInstruction && r.Instruction == c.Instruction && r.InstructionVersion == c.InstructionVersion
		if r.AnalysedOn <= x && within(r.AnalysedOn) && (named || on(r.Operator, r.Equipment)) {
			touched = append(touched, string(r.ID))
		}
	}
	for _, u := range h.Uses {
		if within(u.Date) && on(u.Person, u.Equipment) {
			touched = append(touched, string(u.ID))
		}
	}
	for _, t := range h.Trainings {
		if taught(t) {
			touched = append(touched, string(t.ID))
		}
	}
	sort.Strings(touched)
	return touched
}

// referenceUnfit asks of one day whether the finding of bad makes it doubtful: no good check lies
// between the day and the finding, on whichever side of it the day is.
func referenceUnfit(h history, bad Calibration, commissioned, d qms.Date) bool {
	good := false
	for _, o := range h.Calibrations {
		if o.Equipment != bad.Equipment || o.Outcome != Conforming {
			continue
		}
		if d < bad.Date && o.Date > d && o.Date < bad.Date || d > bad.Date && o.Date <= d && o.Date >= bad.Date {
			return false
		}
		good = good || o.Date < bad.Date
	}
	return good || commissioned == 0 || commissioned > bad.Date || d >= commissioned
}

// identified gives the history what a cause names: identifiers, trainers, procedures.
func identified(t *rapid.T, h *history) {
	id := func(n int) qms.ID { return qms.ID(fmt.Sprintf("00000000-0000-7000-8%03d-%012d", n%1000, n)) }
	for n := range h.Reports {
		h.Reports[n].ID = id(100 + n)
	}
	for n := range h.Uses {
		h.Uses[n].ID = id(200 + n)
	}
	for n := range h.Calibrations {
		h.Calibrations[n].ID = id(300 + n)
	}
	for n := range h.Trainings {
		tr := &h.Trainings[n]
		tr.ID, tr.Trainer = id(400+n), qms.ID(fmt.Sprint("p", rapid.IntRange(1, 3).Draw(t, "trainer")))
		tr.Procedure, tr.ProcedureVersion = fmt.Sprint("MO-", rapid.IntRange(1, 2).Draw(t, "procedure")), rapid.SampledFrom([]string{"1.0", "2.0"}).Draw(t, "taught")
	}
}

// drawCauses are causes about what the history holds, as of a day.
func drawCauses(t *rapid.T, h history, x qms.Date) []Cause {
	var all []Cause
	for _, c := range h.Calibrations {
		if c.Void == "" && c.Date <= x && c.Outcome == Nonconforming {
			all = append(all, Cause{Kind: ByCalibration, Subject: string(c.ID)})
		}
	}
	for _, tr := range h.Trainings {
		if tr.Date <= x {
			all = append(all, Cause{Kind: ByTraining, Subject: string(tr.ID), Taught: rapid.Bool().Draw(t, "taught too")})
		}
	}
	from := qms.MustDate("2024-11-15") + qms.Date(rapid.IntRange(0, 590).Draw(t, "from"))
	through := from + qms.Date(rapid.IntRange(0, 300).Draw(t, "lasts"))
	if rapid.Bool().Draw(t, "endless") {
		through = 0
	}
	for _, code := range []string{"MO-1", "MO-3"} {
		all = append(all, Cause{Kind: ByInstruction, Instruction: code, InstructionVersion: "1.0"},
			Cause{Kind: ByInstruction, Instruction: code, InstructionVersion: "2.0", From: from, Through: through})
	}
	return append(all, Cause{Kind: ByFault, Subject: "E-E1", From: from, Through: through})
}

// pieces are the rows of the equipment that histories name.
func pieces(commissioned map[qms.ID]qms.Date) []qms.Record {
	var rows []qms.Record
	for n := range 3 {
		id := qms.ID(fmt.Sprint("e", n+1))
		rows = append(rows, &Equipment{Row: qms.Row{ID: id}, Code: Normal("E-" + string(id)), Name: "Microscope", Commissioned: commissioned[id]})
	}
	return rows
}

func TestImpact_TouchesWhatTheSlowReferenceSaysOnEveryEngine(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		count := 0
		rapid.Check(t, func(rt *rapid.T) {
			h := drawHistory(rt)
			identified(rt, &h)
			x := qms.MustDate("2025-06-01") + qms.Date(rapid.IntRange(0, 390).Draw(rt, "as of"))
			commissioned := map[qms.ID]qms.Date{"e1": day("2025-01-10"), "e2": day("2025-11-01")}
			count++
			platform := qms.ID(fmt.Sprintf("00000000-0000-7000-9200-%012d", count))
			h.renamed(fmt.Sprint(count), platform)
			s := New(db, members{}, members{instructions: h.Instructions})
			if err := h.insert(db, platform); err != nil {
				rt.Fatal(err)
			}
			e := map[qms.ID]qms.Date{}
			err := db.Change(storetest.AsSystem(), qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(platform), Platform: platform}, func(tx *store.Tx) error {
				rows := pieces(commissioned)
				for _, row := range rows {
					piece := row.(*Equipment)
					piece.ID = qms.ID(fmt.Sprint(piece.ID, "-", count))
					e[piece.ID] = piece.Commissioned
					piece.Code = Normal("E-" + string(piece.ID))
				}
				return tx.Insert(storetest.AsSystem(), rows...)
			})
			if err != nil {
				rt.Fatal(err)
			}
			for _, c := range drawCauses(rt, h, x) {
				if c.Kind == ByFault {
					c.Subject += fmt.Sprint("-", count)
				}
				want := referenceImpact(h, c, e, x)
				counts, got := walkImpact(rt, s, platform, c, x)
				if diff := cmp.Diff(want, got); diff != "" {
					rt.Fatalf("%+v as of %s (-reference +list):\n%s", c, x, diff)
				}
				if counts.Total() != int64(len(want)) {
					rt.Fatalf("%+v as of %s: counted %+v, there are %d", c, x, counts, len(want))
				}
			}
		})
	})
}

// renamed makes the history's identifiers its own, so that many histories stand in one database.
func (h *history) renamed(suffix string, platform qms.ID) {
	own := func(id *qms.ID) { *id = *id + qms.ID("-"+suffix) }
	for n := range h.Reports {
		own(&h.Reports[n].ID)
		own(&h.Reports[n].Equipment)
	}
	for n := range h.Uses {
		own(&h.Uses[n].ID)
		own(&h.Uses[n].Equipment)
	}
	for n := range h.Calibrations {
		own(&h.Calibrations[n].ID)
		own(&h.Calibrations[n].Equipment)
	}
	for n := range h.Trainings {
		own(&h.Trainings[n].ID)
		own(&h.Trainings[n].Equipment)
	}
}

// walkImpact reads a preview page by page, two lines each.
func walkImpact(t interface{ Fatal(...any) }, s *Service, platform qms.ID, c Cause, x qms.Date) (counts TouchedCounts, ids []string) {
	for after, pages := "", 0; ; pages++ {
		v, err := s.PreviewImpact(storetest.AsSystem(), platform, c, x, qms.Cursor{After: after, Size: 2})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range v.Page.Items {
			ids = append(ids, string(l.Record))
		}
		counts = v.Counts
		if after = v.Page.Next; after == "" || pages > 50 {
			slices.Sort(ids)
			return counts, ids
		}
	}
}

func TestWindow_IsSinceTheLastGoodCheckAndSaysWhy(t *testing.T) {
	t.Parallel()
	check := func(date string, outcome Outcome, certificate string) Calibration {
		return Calibration{Row: qms.Row{ID: qms.ID(date + certificate)}, Equipment: "e", Date: day(date), Outcome: outcome, Certificate: certificate}
	}
	bad := check("2026-05-10", Nonconforming, "")
	voided := check("2026-05-01", Conforming, "C-9")
	voided.Void = "entered twice"
	elsewhere := check("2026-05-02", Conforming, "C-8")
	elsewhere.Equipment = "other"
	cases := []struct {
		name         string
		others       []Calibration
		commissioned qms.Date
		want         Window
	}{
		{"nothing known", nil, 0, Window{Periods: Validities{{}}, Basis: SinceEver}},
		{"commissioned", nil, day("2025-01-01"), Window{Periods: Validities{{From: day("2025-01-01")}}, Basis: SinceCommissioned, On: day("2025-01-01")}},
		{"commissioned after", nil, day("2026-06-01"), Window{Periods: Validities{{}}, Basis: SinceEver}},
		{"good before", []Calibration{check("2026-03-12", Conforming, "C-2"), check("2025-03-12", Conforming, "C-1"), check("2026-04-01", Nonconforming, "")}, day("2025-01-01"),
			Window{Periods: Validities{{From: day("2026-03-12")}}, Basis: SinceConforming, On: day("2026-03-12"), Words: "C-2"}},
		{"void and of other equipment", []Calibration{voided, elsewhere}, 0, Window{Periods: Validities{{}}, Basis: SinceEver}},
		{"adjusted the same day", []Calibration{check("2026-05-10", Conforming, "C-3")}, 0, Window{Periods: Validities{{Until: day("2026-05-11")}}, Basis: SinceEver}},
		{"good after", []Calibration{check("2026-06-20", Conforming, "C-5"), check("2026-06-01", Conforming, "C-4")}, 0, Window{Periods: Validities{{Until: day("2026-06-01")}}, Basis: SinceEver}},
		{"good after the day asked about", []Calibration{check("2026-07-20", Conforming, "C-5")}, 0, Window{Periods: Validities{{}}, Basis: SinceEver}},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, windowOfCalibration(bad, append(c.others, bad), c.commissioned, day("2026-06-30"))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestWindow_MayBeWidenedAndNeverNarrowed(t *testing.T) {
	t.Parallel()
	whole := Window{Periods: Validities{{From: day("2026-03-01"), Until: day("2026-04-01")}, {From: day("2026-05-01"), Until: day("2026-06-01")}}}
	cases := []struct {
		name          string
		window        Window
		from, through qms.Date
		want          Validities
		wrong         string
	}{
		{"as it is", whole, 0, 0, whole.Periods, ""},
		{"both ways", whole, day("2026-01-01"), day("2026-06-30"), Validities{{From: day("2026-01-01"), Until: day("2026-04-01")}, {From: day("2026-05-01"), Until: day("2026-07-01")}}, ""},
		{"the same days", whole, day("2026-03-01"), day("2026-05-31"), whole.Periods, ""},
		{"later beginning", whole, day("2026-03-02"), 0, nil, "from impact.narrowed_from"},
		{"earlier end", whole, 0, day("2026-05-30"), nil, "through impact.narrowed_through"},
		{"no beginning", Window{Periods: Validities{{Until: 9}}}, day("2026-03-02"), 0, nil, "from impact.no_beginning"},
		{"no end", Window{Periods: Validities{{From: 9}}}, 0, day("2026-05-30"), nil, "through impact.no_end"},
		{"all covered, a day stated", Window{}, day("2026-01-01"), day("2026-01-02"), Validities{{From: day("2026-01-01"), Until: day("2026-01-03")}}, ""},
		{"all covered, an end alone", Window{}, 0, day("2026-01-02"), nil, "from input.required"},
	}
	for _, c := range cases {
		in, w := &input{}, c.window
		w.widen(in, c.from, c.through)
		wrong := ""
		for _, f := range in.wrong {
			wrong += f.Name + " " + f.Key
		}
		if wrong != c.wrong || wrong == "" && !cmp.Equal(c.want, w.Periods) {
			t.Errorf("%s: %v, %q", c.name, w.Periods, wrong)
		}
	}
	if whole.Periods[0].From != day("2026-03-01") {
		t.Error("widening changed the window it began with")
	}
}

func TestWithout_LeavesTheDaysThatNothingElseHoldsOn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(label string) qms.Period {
			p := qms.Period{From: qms.Date(rapid.IntRange(1, 40).Draw(rt, label))}
			if rapid.Bool().Draw(rt, "ends") {
				p.Until = p.From + qms.Date(rapid.IntRange(1, 20).Draw(rt, "lasts"))
			}
			return p
		}
		from, taken := draw("from"), []qms.Period{}
		left := Validities{from}
		for range rapid.IntRange(0, 4).Draw(rt, "others") {
			p := draw("other")
			taken, left = append(taken, p), without(left, p)
		}
		for d := qms.Date(1); d < 80; d++ {
			want := from.Contains(d)
			for _, p := range taken {
				want = want && !p.Contains(d)
			}
			if left.On(d) != want {
				rt.Fatalf("day %d of %v without %v: %v", d, from, taken, left)
			}
		}
	})
}
