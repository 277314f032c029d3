package audits

import (
	"slices"
	"testing"

	"maillon/qms/trace"
)

func TestExpectation_OfAStageWithoutAFileIsIncoherentWhereFilesAreAskedFor(t *testing.T) {
	t.Parallel()
	e := expect(whole())
	e.Unfiled = []string{"FAC-2026-0001", "DEV-2026-0001"}
	for _, p := range e.from("RAP-2026-0001", Upstream) {
		bare := p.link == linkQuote
		if (p.answer == Incoherent) != bare || slices.Contains(p.checks, trace.S11) != bare {
			t.Errorf("%s: %s %v", p.link, p.answer, p.checks)
		}
	}
}

func TestBehindUse_OfATrainingThatNobodyCouldGiveIsIncoherent(t *testing.T) {
	t.Parallel()
	links := behindUse(trace.Use{Date: day("2026-02-01")}, trace.Equipment{}, trace.U04)
	if links[0].answer != Incoherent || !slices.Equal(links[0].checks, []trace.Check{trace.U04}) {
		t.Errorf("%+v", links[0])
	}
}
