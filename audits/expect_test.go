package audits

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/trace"
)

var day = qms.MustDate

// whole is a chain without a defect, and the ground on which it has none.
func whole() (trace.Chain, *trace.Ground) {
	chain := trace.Chain{
		Request:  trace.Request{Number: "DEM-2026-0001", Date: day("2026-01-10")},
		Quotes:   []trace.Quote{{Number: "DEV-2026-0001", Date: day("2026-01-12"), AcceptedOn: day("2026-01-15"), Total: 100}},
		Reports:  []trace.Report{{Number: "RAP-2026-0001", Date: day("2026-02-03"), AnalysedOn: day("2026-02-01"), Operator: "p", Equipment: "e", Instruction: "MO-ANA-001", InstructionVersion: "1.0", DataPlace: "projet 1"}},
		Invoices: []trace.Invoice{{Number: "FAC-2026-0001", Date: day("2026-02-10"), Total: 100}},
	}
	ground := &trace.Ground{
		AsOf: day("2026-06-30"), InvoiceDays: 90,
		Trainings:    map[trace.Pair]trace.Validities{{Person: "p", Equipment: "e"}: {{From: day("2025-01-01"), Until: day("2027-01-01")}}},
		Calibrations: map[qms.ID]trace.Validities{"e": {{From: day("2025-06-01"), Until: day("2026-06-01")}}},
		Instructions: map[string]map[string]qms.Period{"MO-ANA-001": {"1.0": {From: day("2024-01-01")}}},
	}
	return chain, ground
}

// expect is the expectation of the dossier that the room would make of the chain on that ground.
func expect(chain trace.Chain, ground *trace.Ground) expectation {
	d := &trace.Dossier{Chain: chain.AsOf(ground.AsOf), Verdict: trace.Judge(chain, ground)}
	for _, r := range d.Chain.Reports {
		f := trace.ReportFacts{Equipment: trace.Equipment{Code: "EQ-001"}}
		trainings := ground.Trainings[trace.Pair{Person: r.Operator, Equipment: r.Equipment}]
		if f.Trained = trainings.On(r.AnalysedOn); len(trainings) > 0 {
			f.Training = &trace.Training{}
		}
		var calibrations trace.Validities
		calibrations, f.Calibrates = ground.Calibrations[r.Equipment]
		f.Calibrated = calibrations.On(r.AnalysedOn)
		f.Instruction, f.Known = ground.Instructions[r.Instruction][r.InstructionVersion]
		f.InForce = f.Known && f.Instruction.Contains(r.AnalysedOn)
		d.Reports = append(d.Reports, f)
	}
	return expectation{d}
}

func answers(proposals []proposal) map[string]Answer {
	got := map[string]Answer{}
	for _, p := range proposals {
		got[p.link] = p.answer
	}
	return got
}

func TestExpectation_OfAWholeChainFindsEveryLinkBothWays(t *testing.T) {
	t.Parallel()
	e := expect(whole())
	for name, proposals := range map[string][]proposal{
		"from the invoice": e.upstream("FAC-2026-0001"),
		"from the report":  e.upstream("RAP-2026-0001"),
		"from the request": e.downstream(),
	} {
		if len(proposals) < 6 {
			t.Errorf("%s: only %d links are expected", name, len(proposals))
		}
		for _, p := range proposals {
			if p.answer != Found || len(p.checks) != 0 {
				t.Errorf("%s: %s is proposed as %s %v", name, p.link, p.answer, p.checks)
			}
		}
	}
}

func TestExpectation_ProposesWhatTheChecksSay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		spoil func(*trace.Chain, *trace.Ground)
		link  string
		want  Answer
		check trace.Check
	}{
		{"no accepted quote", func(c *trace.Chain, _ *trace.Ground) { c.Quotes[0].AcceptedOn = 0 }, linkQuote, Missing, trace.S01},
		{"no report", func(c *trace.Chain, _ *trace.Ground) { c.Reports = nil }, linkReport, Missing, trace.S02},
		{"no invoice in time", func(c *trace.Chain, _ *trace.Ground) { c.Invoices = nil }, linkInvoice, Missing, trace.S03},
		{"an invoice before the report", func(c *trace.Chain, _ *trace.Ground) { c.Invoices[0].Date = day("2026-02-02") }, linkInvoice, Incoherent, trace.S04},
		{"another sum", func(c *trace.Chain, _ *trace.Ground) { c.Invoices[0].Total = 90 }, linkQuote, Incoherent, trace.S05},
		{"no training", func(_ *trace.Chain, g *trace.Ground) { clear(g.Trainings) }, linkTraining, Missing, trace.S08},
		{"training over", func(c *trace.Chain, _ *trace.Ground) { c.Reports[0].AnalysedOn = day("2027-01-01") }, linkTraining, Incoherent, trace.S08},
		{"unknown instruction", func(c *trace.Chain, _ *trace.Ground) { c.Reports[0].InstructionVersion = "9.0" }, linkInstruction, Missing, trace.S09},
		{"instruction not in force", func(_ *trace.Chain, g *trace.Ground) {
			g.Instructions["MO-ANA-001"]["1.0"] = qms.Period{From: day("2026-03-01")}
		}, linkInstruction, Incoherent, trace.S09},
		{"calibration over", func(_ *trace.Chain, g *trace.Ground) { g.Calibrations["e"] = trace.Validities{} }, linkCalibration, Incoherent, trace.S10},
		{"not under calibration", func(_ *trace.Chain, g *trace.Ground) { clear(g.Calibrations) }, linkCalibration, NotApplicable, ""},
		{"no place of data", func(c *trace.Chain, _ *trace.Ground) { c.Reports[0].DataPlace = "" }, linkData, Missing, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			chain, ground := whole()
			c.spoil(&chain, ground)
			for _, p := range expect(chain, ground).downstream() {
				if p.link != c.link {
					continue
				}
				if p.answer != c.want {
					t.Errorf("%s is proposed as %s, want %s", p.link, p.answer, c.want)
				}
				if c.check != "" && !slices.Contains(p.checks, c.check) {
					t.Errorf("%s names %v, want %s", p.link, p.checks, c.check)
				}
				return
			}
			t.Errorf("%s is not expected", c.link)
		})
	}
}

func TestExpectation_OfAYoungChainAsksForNothingYet(t *testing.T) {
	t.Parallel()
	chain, ground := whole()
	chain.Quotes, chain.Reports, chain.Invoices = nil, nil, nil
	got := answers(expect(chain, ground).downstream())
	want := map[string]Answer{linkQuote: NotApplicable, linkReport: NotApplicable, linkInvoice: NotApplicable}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestExpectation_OfSeveralReportsTakesTheWorst(t *testing.T) {
	t.Parallel()
	chain, ground := whole()
	second := chain.Reports[0]
	second.Number, second.Operator = "RAP-2026-0002", "somebody else"
	chain.Reports = append(chain.Reports, second)
	e := expect(chain, ground)
	if got := answers(e.upstream("FAC-2026-0001"))[linkTraining]; got != Missing {
		t.Errorf("from the invoice the training is proposed as %s", got)
	}
	if got := answers(e.upstream("RAP-2026-0001"))[linkTraining]; got != Found {
		t.Errorf("from the sound report the training is proposed as %s", got)
	}
}

func TestBehindUse_FollowsTheCheckOfTheUse(t *testing.T) {
	t.Parallel()
	piece := trace.Equipment{Code: "EQ-001", Retired: day("2026-01-01")}
	for check, want := range map[trace.Check]Answer{"": Found, trace.U01: Missing, trace.U02: Incoherent, trace.U03: Incoherent} {
		if got := answers(behindUse(trace.Use{Date: day("2025-12-31")}, piece, check)); got[linkTraining] != want || got[linkEquipment] != Found {
			t.Errorf("%q: %v", check, got)
		}
	}
	if got := answers(behindUse(trace.Use{Date: day("2026-01-01")}, piece, "")); got[linkEquipment] != Incoherent {
		t.Errorf("a use of retired equipment is proposed as %s", got[linkEquipment])
	}
}

func TestScore_RoundsDownAndProposesItsVerdict(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		found, expected, percent int64
		verdict                  Verdict
	}{{0, 0, 100, Passed}, {7, 7, 100, Passed}, {199, 200, 99, Remarks}, {8, 10, 80, Remarks}, {79, 100, 79, Failed}, {0, 3, 0, Failed}} {
		s := Score{Found: c.found, Expected: c.expected}
		if s.Percent() != c.percent || s.Verdict() != c.verdict {
			t.Errorf("%+v: %d %%, %s", s, s.Percent(), s.Verdict())
		}
	}
}
