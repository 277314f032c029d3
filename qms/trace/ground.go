package trace

import (
	"cmp"
	"slices"

	"maillon/qms"
)

// NewGround gathers what the checks stand on as of a day. Trainings and calibrations after that day,
// and voided ones, do not count. InvoiceDays is that of the settings. Trainers are asked where the
// settings make U04; who makes S11 sets Filed.
func NewGround(asOf qms.Date, s CheckSettings, trainings []Training, calibrations []Calibration,
	instructions map[string]map[string]qms.Period, trainers ...Trainer) *Ground {
	g := &Ground{
		AsOf: asOf, InvoiceDays: s.InvoiceDays, evidence: s.Evidence, Trainings: map[Pair]Validities{},
		Calibrations: map[qms.ID]Validities{}, Instructions: instructions,
	}
	for _, t := range trainings {
		if t.Date <= asOf && t.Void == "" {
			pair := Pair{t.Person, t.Equipment}
			g.Trainings[pair] = append(g.Trainings[pair], t.Validity())
		}
	}
	if s.Trainers {
		g.Given = given(asOf, trainings, trainers)
	}
	byEquipment := map[qms.ID][]Calibration{}
	for _, c := range calibrations {
		if c.Date <= asOf && c.Void == "" {
			byEquipment[c.Equipment] = append(byEquipment[c.Equipment], c)
		}
	}
	for equipment, list := range byEquipment {
		g.Calibrations[equipment] = calibrated(list)
	}
	return g
}

// given is the trainings as of a day that were given by a trainer for that equipment on the day of
// training.
func given(asOf qms.Date, trainings []Training, trainers []Trainer) map[Pair]Validities {
	of := map[Pair][]Trainer{}
	for _, t := range trainers {
		pair := Pair{t.Person, t.Equipment}
		of[pair] = append(of[pair], t)
	}
	given := map[Pair]Validities{}
	for _, t := range trainings {
		if givenBy(of[Pair{t.Trainer, t.Equipment}], t) && t.Date <= asOf && t.Void == "" {
			pair := Pair{t.Person, t.Equipment}
			given[pair] = append(given[pair], t.Validity())
		}
	}
	return given
}

// givenBy reports whether who gave the training was among the trainers for that equipment on that day.
func givenBy(trainers []Trainer, t Training) bool {
	return slices.ContainsFunc(trainers, func(r Trainer) bool {
		return r.Person == t.Trainer && r.Equipment == t.Equipment && r.On(t.Date)
	})
}

// calibrated is the periods in which equipment with these calibrations was fit. A conforming one
// holds for its months; a nonconforming one gives no validity and ends what held before, from its
// day until the next conforming one. Of two on one day the conforming one counts: the equipment was
// found unfit, adjusted and passed. The result is never nil.
func calibrated(list []Calibration) Validities {
	slices.SortFunc(list, func(a, b Calibration) int { return cmp.Compare(a.Date, b.Date) })
	held := Validities{}
	for i, c := range list {
		if c.Outcome != Conforming {
			continue
		}
		period := validity(c.Date, c.Months, 0)
		for _, later := range list[i+1:] {
			if later.Outcome != Conforming && later.Date > c.Date {
				if period.Until == 0 || later.Date < period.Until {
					period.Until = later.Date
				}
				break
			}
		}
		held = append(held, period)
	}
	return held
}
