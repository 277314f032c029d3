package trace

import "maillon/qms"

// Standing is how something with a validity stands on a day.
type Standing string

// The standings. None is for what was never held by then.
const (
	None       Standing = ""
	Valid      Standing = "valid"
	Expiring   Standing = "expiring" // valid, and ends within the days of the settings
	Expired    Standing = "expired"
	Superseded Standing = "superseded" // a later one took its place
)

// Cover is how a set of validities stands on a day.
type Cover struct {
	Standing Standing
	Until    qms.Date // first day on which it no longer holds, or held; none when it has no end
}

// coverOn looks at all validities begun by the day. One that ends on or after the day another begins
// goes on in it, so that a renewal in time leaves no gap.
func coverOn(v Validities, day qms.Date, expiringDays int64) Cover {
	var end qms.Date
	holds, begun, open := false, false, false
	for _, p := range v {
		if p.From > day {
			continue
		}
		begun = true
		if p.Contains(day) {
			holds = true
			open = open || p.Until == 0
		}
		end = max(end, p.Until)
	}
	switch {
	case !begun:
		return Cover{}
	case open:
		return Cover{Standing: Valid}
	case !holds:
		return Cover{Standing: Expired, Until: end}
	}
	for extended := true; extended; { // renewals already on record that begin before the end
		extended = false
		for _, p := range v {
			if p.From > day && p.From <= end && p.Until == 0 {
				return Cover{Standing: Valid}
			}
			if p.From > day && p.From <= end && p.Until > end {
				end, extended = p.Until, true
			}
		}
	}
	if int64(day.DaysUntil(end)) <= expiringDays {
		return Cover{Standing: Expiring, Until: end}
	}
	return Cover{Standing: Valid, Until: end}
}

// TrainingCover is how the trainings of a person on a piece of equipment stand on a day.
func (g *Ground) TrainingCover(p Pair, day qms.Date, expiringDays int64) Cover {
	return coverOn(g.Trainings[p], day, expiringDays)
}

// CalibrationCover is how the calibration of equipment stands on a day; calibrated is false for
// equipment that is not under calibration.
func (g *Ground) CalibrationCover(equipment qms.ID, day qms.Date, expiringDays int64) (c Cover, calibrated bool) {
	v, calibrated := g.Calibrations[equipment]
	c = coverOn(v, day, expiringDays)
	if calibrated && c.Standing == None {
		c.Standing = Expired // only nonconforming ones: it is under calibration, and not fit
	}
	return c, calibrated
}
