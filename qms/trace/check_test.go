package trace

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maillon/qms"
)

func TestJudge_AgreesWithTheSlowReference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		x := qms.MustDate("2025-06-01") + qms.Date(rapid.IntRange(0, 700).Draw(t, "as of"))
		if diff := cmp.Diff(reference(h, x), judged(h, x)); diff != "" {
			t.Fatalf("the rules differ from the reference (-reference +rules):\n%s", diff)
		}
	})
}

func TestJudge_GivesTheKeyOfTheRegisters(t *testing.T) {
	t.Parallel()
	batch, _, instructions := registers(t)
	written, right := key(t)
	h := batch.plain(instructions)
	for name, found := range map[string]*Findings{
		"rules":     judged(h, qms.MustDate("2026-06-30")),
		"reference": reference(h, qms.MustDate("2026-06-30")),
	} {
		if diff := cmp.Diff(&right, found); diff != "" {
			t.Errorf("%s (-key +found):\n%s", name, diff)
		}
		text, err := json.MarshalIndent(found, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(written, string(text)); diff != "" {
			t.Errorf("%s, as JSON (-key +found):\n%s", name, diff)
		}
	}
}

func day(s string) qms.Date { return qms.MustDate(s) }

// sound is a chain that no check has anything to say about on 2026-06-30, and its ground.
func sound() (Chain, *Ground) {
	c := Chain{
		Request:  Request{Number: "DEM-1", Date: day("2026-01-05")},
		Quotes:   []Quote{{Number: "DEV-1", Request: "DEM-1", Date: day("2026-01-06"), AcceptedOn: day("2026-01-10"), Total: 100}},
		Reports:  []Report{{Number: "RAP-1", Request: "DEM-1", Date: day("2026-02-10"), AnalysedOn: day("2026-02-01"), Operator: "p", Equipment: "e", Instruction: "MO-1", InstructionVersion: "1.0"}},
		Invoices: []Invoice{{Number: "FAC-1", Request: "DEM-1", Quote: "DEV-1", Date: day("2026-02-20"), Total: 100}},
	}
	g := NewGround(day("2026-06-30"), DefaultSettings(),
		[]Training{{Person: "p", Equipment: "e", Date: day("2025-02-02"), Months: 12}},
		[]Calibration{{Equipment: "e", Date: day("2025-12-01"), Months: 12, Outcome: Conforming}},
		map[string]map[string]qms.Period{"MO-1": {"1.0": {From: day("2025-01-01")}}})
	return c, g
}

func TestJudge_FiresEachCheckAtItsEdge(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		spoil  func(c *Chain, g *Ground)
		state  State
		checks []Check
	}{
		{"sound", func(*Chain, *Ground) {}, Complete, nil},
		{"quote accepted after the day", func(c *Chain, _ *Ground) { c.Quotes[0].AcceptedOn = day("2026-07-01") }, Broken, []Check{S01}},
		{"invoice without report", func(c *Chain, _ *Ground) { c.Reports = nil }, Broken, []Check{S02}},
		{"report 90 days old", func(c *Chain, g *Ground) { c.Invoices, g.AsOf = nil, day("2026-05-11") }, Open, nil},
		{"report 91 days old", func(c *Chain, g *Ground) { c.Invoices, g.AsOf = nil, day("2026-05-12") }, Broken, []Check{S03}},
		{"quote on the day of the request", func(c *Chain, _ *Ground) { c.Quotes[0].Date = c.Request.Date }, Complete, nil},
		{"quote the day before", func(c *Chain, _ *Ground) { c.Quotes[0].Date = c.Request.Date - 1 }, Broken, []Check{S04}},
		{"amendment accepted after the analysis", func(c *Chain, _ *Ground) {
			c.Quotes = append(c.Quotes, Quote{Number: "DEV-2", Date: day("2026-02-03"), AcceptedOn: day("2026-02-05"), Total: 50})
			c.Invoices[0].Total = 150
		}, Complete, nil},
		{"part invoice between two reports", func(c *Chain, _ *Ground) {
			second := c.Reports[0]
			second.Number, second.Date = "RAP-2", day("2026-03-01")
			c.Reports = append(c.Reports, second)
		}, Complete, nil},
		{"one invoice of another sum", func(c *Chain, _ *Ground) { c.Invoices[0].Total = 101 }, Broken, []Check{S05}},
		{"two invoices of the same sum", func(c *Chain, _ *Ground) {
			c.Invoices[0].Total = 40
			c.Invoices = append(c.Invoices, Invoice{Number: "FAC-2", Date: day("2026-03-01"), Total: 60})
		}, Complete, nil},
		{"two invoices that exceed", func(c *Chain, _ *Ground) {
			c.Invoices = append(c.Invoices, Invoice{Number: "FAC-2", Date: day("2026-03-01"), Total: 1})
		}, Broken, []Check{S06}},
		{"last day of the training", func(c *Chain, _ *Ground) { c.Reports[0].AnalysedOn = day("2026-02-01") }, Complete, nil},
		{"day after", func(c *Chain, _ *Ground) { c.Reports[0].AnalysedOn = day("2026-02-02") }, Broken, []Check{S08}},
		{"unknown version", func(c *Chain, _ *Ground) { c.Reports[0].InstructionVersion = "9.0" }, Broken, []Check{S09}},
		{"never calibrated", func(c *Chain, g *Ground) { delete(g.Calibrations, "e") }, Complete, nil},
		{"calibrated, and unfit", func(c *Chain, g *Ground) { g.Calibrations["e"] = Validities{} }, Broken, []Check{S10}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, g := sound()
			tc.spoil(&c, g)
			v := Judge(c, g)
			var checks []Check
			for _, f := range v.Fired {
				checks = append(checks, f.Check)
			}
			if v.State != tc.state || !cmp.Equal(checks, tc.checks) {
				t.Errorf("got %s %v, want %s %v", v.State, checks, tc.state, tc.checks)
			}
		})
	}
}

func TestCalibrated_EndsWhatHeldWhenFoundUnfit(t *testing.T) {
	t.Parallel()
	held := calibrated([]Calibration{
		{Date: day("2025-01-01"), Months: 12, Outcome: Conforming},
		{Date: day("2025-03-01"), Outcome: Nonconforming},
		{Date: day("2025-04-01"), Months: 12, Outcome: Conforming},
		{Date: day("2025-04-01"), Outcome: Nonconforming},
	})
	for text, want := range map[string]bool{"2024-12-31": false, "2025-02-28": true, "2025-03-01": false, "2025-03-31": false, "2025-04-01": true, "2026-03-31": true, "2026-04-01": false} {
		if got := held.On(day(text)); got != want {
			t.Errorf("fit on %s: %v, want %v", text, got, want)
		}
	}
}

func TestNormal_MakesCodesComparable(t *testing.T) {
	t.Parallel()
	if got := Normal("  dem-2024-0001 "); got != "DEM-2024-0001" {
		t.Errorf("Normal: %q", got)
	}
	for in, want := range map[string]string{"1": "1.0", " 2.0 ": "2.0", "v3": "3.0", "": "", "1.10": "1.10"} {
		if got := NormalVersion(in); got != want {
			t.Errorf("NormalVersion(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]Outcome{"Conforme": Conforming, "": Conforming, "NON-CONFORME": Nonconforming, "Non conforme": Nonconforming} {
		if got, err := ParseOutcome(in); err != nil || got != want {
			t.Errorf("ParseOutcome(%q) = %q, %v", in, got, err)
		}
	}
	if _, err := ParseOutcome("peut-être"); qms.CodeOf(err) != qms.CodeInvalid {
		t.Errorf("an unknown outcome is taken: %v", err)
	}
}
