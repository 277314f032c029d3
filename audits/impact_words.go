package audits

import (
	"strings"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/trace"
)

// ImpactWords says impacts in the reader's language, on pages and on paper.
type ImpactWords struct{ *locale.Printer }

// Cause is what a dossier is about.
func (w ImpactWords) Cause(i *trace.Impact, e trace.Equipment) string {
	if i.Kind == trace.ByInstruction {
		return w.T("page.impact.cause_instruction", i.Instruction, i.InstructionVersion)
	}
	return w.T("page.impact.cause_"+string(i.Kind), e.Code, i.FoundOn)
}

// Window is the days of a window, its last days included.
func (w ImpactWords) Window(periods []qms.Period) string {
	if len(periods) == 0 {
		return w.T("page.impact.window_none")
	}
	parts := make([]string, 0, len(periods))
	for _, p := range periods {
		switch {
		case p.From == 0 && p.Until == 0:
			parts = append(parts, w.T("page.impact.window_ever"))
		case p.From == 0:
			parts = append(parts, w.T("page.impact.window_until", p.Until.AddDays(-1)))
		case p.Until == 0:
			parts = append(parts, w.T("page.impact.window_since", p.From))
		default:
			parts = append(parts, w.T("page.impact.window_days", p.From, p.Until.AddDays(-1)))
		}
	}
	return strings.Join(parts, w.T("page.impact.window_and"))
}

// Basis says why a window begins when it begins.
func (w ImpactWords) Basis(b trace.Basis, on qms.Date, certificate string) string {
	switch {
	case b == "":
		return ""
	case b == trace.SinceConforming && certificate != "":
		return w.T("page.impact.basis_certificate", on, certificate)
	case on == 0:
		return w.T("page.impact.basis_ever")
	}
	return w.T("page.impact.basis_"+string(b), on)
}

// State is how a dossier stands, as a shape; StateWord says it.
func (w ImpactWords) State(i *trace.Impact) string {
	switch {
	case i.Void != "":
		return "withdrawn"
	case i.ConcludedOn != 0:
		return "complete"
	case i.Undecided() > 0:
		return "open"
	}
	return "in-review"
}

// StateWord is how a dossier stands.
func (w ImpactWords) StateWord(i *trace.Impact) string {
	switch w.State(i) {
	case "withdrawn":
		return w.T("page.impact.is_void")
	case "complete":
		return w.T("page.impact.is_concluded")
	case "open":
		return w.T("page.impact.to_decide", i.Undecided())
	}
	return w.T("page.impact.to_conclude")
}

// Shape is the shape and colour of a decision.
func (w ImpactWords) Shape(d trace.ItemDecision) string {
	switch d {
	case trace.Undecided:
		return "todo"
	case trace.NotAffected:
		return "complete"
	}
	return "remarks"
}

// Decision is what was decided for a line, with what belongs to it.
func (w ImpactWords) Decision(item *trace.ImpactItem) string {
	switch item.Decision {
	case trace.Undecided:
		return w.T("page.impact.undecided")
	case trace.InformClient:
		return w.T("page.impact.informed_on", item.InformedOn)
	case trace.AmendReport:
		return w.T("page.impact.amended_by", item.Amended)
	}
	return w.T("page.impact.decision_" + string(item.Decision))
}

// Days are the day of a line, or the days of a lot.
func (w ImpactWords) Days(item *trace.ImpactItem) string {
	if item.Last != 0 && item.Last != item.Date {
		return w.T("page.impact.window_days", item.Date, item.Last)
	}
	return w.Date(item.Date)
}

// Subject is the number of a line, or how many records a lot has.
func (w ImpactWords) Subject(item *trace.ImpactItem) string {
	if item.Record == "" {
		return w.T("page.impact.lot_of_"+string(item.Kind), item.Count)
	}
	return item.Number
}
