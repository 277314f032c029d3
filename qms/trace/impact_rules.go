package trace

import (
	"slices"

	"maillon/qms"
)

// Window is when a cause acts, and why from then.
type Window struct {
	Periods Validities // in order, apart from each other; the last may have no end, the first no beginning
	Basis   Basis
	On      qms.Date // the day that the basis names
	Words   string   // the certificate
}

// Hull is the window from its first to its last day; ok is false when it holds on no day at all.
func (w Window) Hull() (hull qms.Period, ok bool) {
	if len(w.Periods) == 0 {
		return hull, false
	}
	return qms.Period{From: w.Periods[0].From, Until: w.Periods[len(w.Periods)-1].Until}, true
}

// windowOfCalibration is since the last conforming calibration before the nonconforming one, whatever
// its validity was, to the next conforming one, and at least through the day itself. On the day of the
// next one the equipment is fit again, as it is for S10; a conforming one on the very day of the
// nonconforming one comes after it: found unfit, adjusted, passed. Without one before it the window
// begins when the equipment was commissioned, or has no beginning.
func windowOfCalibration(c Calibration, all []Calibration, commissioned, asOf qms.Date) Window {
	var before, after *Calibration
	for i := range all {
		o := &all[i]
		if o.Equipment != c.Equipment || o.Void != "" || o.Date > asOf || o.Outcome != Conforming {
			continue
		}
		if o.Date < c.Date && (before == nil || o.Date > before.Date) {
			before = o
		}
		if o.Date >= c.Date && (after == nil || o.Date < after.Date) {
			after = o
		}
	}
	w := Window{Basis: SinceEver}
	period := qms.Period{}
	switch {
	case before != nil:
		w.Basis, w.On, w.Words, period.From = SinceConforming, before.Date, before.Certificate, before.Date
	case commissioned != 0 && commissioned <= c.Date:
		w.Basis, w.On, period.From = SinceCommissioned, commissioned, commissioned
	}
	if after != nil {
		period.Until = max(after.Date, c.Date.AddDays(1))
	}
	w.Periods = Validities{period}
	return w
}

// windowOfTraining is the validity of the training without the days on which another training of the
// same person on the same equipment holds.
func windowOfTraining(t Training, all []Training, asOf qms.Date) Window {
	left := Validities{t.Validity()}
	for _, o := range all {
		if o.ID != t.ID && o.Person == t.Person && o.Equipment == t.Equipment && o.Void == "" && o.Date <= asOf {
			left = without(left, o.Validity())
		}
	}
	return Window{Periods: left, Basis: SinceTraining, On: t.Date}
}

// without takes the days of one period out of others.
func without(from Validities, p qms.Period) Validities {
	left := Validities{}
	for _, f := range from {
		if p.Until != 0 && p.Until <= f.From || f.Until != 0 && f.Until <= p.From {
			left = append(left, f)
			continue
		}
		if f.From < p.From {
			left = append(left, qms.Period{From: f.From, Until: p.From})
		}
		if p.Until != 0 && (f.Until == 0 || p.Until < f.Until) {
			left = append(left, qms.Period{From: p.Until, Until: f.Until})
		}
	}
	return left
}

// windowOfInstruction is from the day stated, else since the version came into force.
func windowOfInstruction(from qms.Date, inForce qms.Period) Window {
	switch {
	case from != 0:
		return Window{Periods: Validities{{From: from}}, Basis: SinceStated, On: from}
	case inForce.From != 0:
		return Window{Periods: Validities{{From: inForce.From}}, Basis: SinceInForce, On: inForce.From}
	}
	return Window{Periods: Validities{{}}, Basis: SinceEver}
}

// widen moves the beginning and the end of the window to the days that a person states, which may only
// make it longer: what the rule found is never left out.
func (w *Window) widen(in *input, from, through qms.Date) {
	if from == 0 && through == 0 {
		return
	}
	if len(w.Periods) == 0 {
		if from == 0 {
			in.fail("from", "input.required")
			return
		}
		w.Periods = Validities{{From: from, Until: through.AddDays(1)}}
		return
	}
	w.Periods = slices.Clone(w.Periods)
	first, last := &w.Periods[0], &w.Periods[len(w.Periods)-1]
	switch {
	case from == 0:
	case first.From == 0:
		in.fail("from", "impact.no_beginning")
	case from > first.From:
		in.fail("from", "impact.narrowed_from", first.From)
	default:
		first.From = from
	}
	switch {
	case through == 0:
	case last.Until == 0:
		in.fail("through", "impact.no_end")
	case through.AddDays(1) < last.Until:
		in.fail("through", "impact.narrowed_through", last.Until.AddDays(-1))
	default:
		last.Until = through.AddDays(1)
	}
}

// Reach is what a cause touches: records of these days on this equipment, by this person or by this
// version of a work instruction.
type Reach struct {
	Periods            Validities
	Equipment          qms.ID // of every cause but a work instruction
	Person             qms.ID // of a training
	Instruction        string
	InstructionVersion string
	Taught             bool // trainings that the person gave on the equipment
}

// Report says whether the cause touches the analysis.
func (x *Reach) Report(r *Report) bool {
	if r.Void != "" || !x.Periods.On(r.AnalysedOn) {
		return false
	}
	if x.Instruction != "" {
		return r.Instruction == x.Instruction && r.InstructionVersion == x.InstructionVersion
	}
	return r.Equipment == x.Equipment && (x.Person == "" || r.Operator == x.Person)
}

// Use says whether the cause touches the use; a work instruction touches none.
func (x *Reach) Use(u *Use) bool {
	return x.Instruction == "" && u.Void == "" && u.Equipment == x.Equipment && (x.Person == "" || u.Person == x.Person) && x.Periods.On(u.Date)
}

// Training says whether the cause touches the training: one that the person gave on the equipment, or
// one that taught the work instruction and holds on a day of the window.
func (x *Reach) Training(t *Training) bool {
	if t.Void != "" {
		return false
	}
	if x.Instruction != "" {
		return t.Procedure == x.Instruction && t.ProcedureVersion == x.InstructionVersion && x.meets(t.Validity())
	}
	return x.Taught && t.Trainer == x.Person && t.Equipment == x.Equipment && x.Periods.On(t.Date)
}

// meets reports whether the period has a day in common with the window.
func (x *Reach) meets(p qms.Period) bool {
	return slices.ContainsFunc(x.Periods, func(w qms.Period) bool {
		return (w.Until == 0 || p.From < w.Until) && (p.Until == 0 || w.From < p.Until)
	})
}
