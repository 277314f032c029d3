package web

import (
	"maillon/audits"
	"maillon/qms"
	"maillon/qms/trace"
)

// impactWords says impacts in the reader's language, on pages and on paper.
type impactWords struct{ *Page }

// heading is what a list touches, before there is a dossier.
func (w impactWords) heading(v *trace.ImpactPreview) string {
	switch v.Cause.Kind {
	case trace.ByCalibration:
		return w.T("page.impact.cause_calibration", v.Equipment.Code, v.Calibration.Date)
	case trace.ByTraining:
		return w.T("page.impact.heading_training", v.People[v.Training.Person].Name, v.Equipment.Code, v.Training.Date)
	case trace.ByInstruction:
		return w.T("page.impact.cause_instruction", trace.Normal(v.Cause.Instruction), trace.NormalVersion(v.Cause.InstructionVersion))
	}
	return w.T("page.impact.cause_fault", v.Equipment.Code, v.Cause.From)
}

func (w impactWords) words() audits.ImpactWords { return audits.ImpactWords{Printer: w.Printer} }

// cause is what a dossier is about.
func (w impactWords) cause(i *trace.Impact, e trace.Equipment) string { return w.words().Cause(i, e) }

// window is the days of a window, its last days included.
func (w impactWords) window(periods []qms.Period) string { return w.words().Window(periods) }

// basis is why a window begins when it begins.
func (w impactWords) basis(b trace.Basis, on qms.Date, certificate string) string {
	return w.words().Basis(b, on, certificate)
}

// state is how a dossier stands, as a shape.
func (w impactWords) state(i *trace.Impact) string { return w.words().State(i) }

// stateWord is how a dossier stands.
func (w impactWords) stateWord(i *trace.Impact) string { return w.words().StateWord(i) }

// shape is the shape and colour of a decision.
func (w impactWords) shape(d trace.ItemDecision) string { return w.words().Shape(d) }

// decision is what was decided for a line, with what belongs to it.
func (w impactWords) decision(item *trace.ImpactItem) string { return w.words().Decision(item) }

// days is the day of a line, or the days of a lot.
func (w impactWords) days(item *trace.ImpactItem) string { return w.words().Days(item) }

// subject is the number of a line, or how many records a lot has.
func (w impactWords) subject(item *trace.ImpactItem) string { return w.words().Subject(item) }
