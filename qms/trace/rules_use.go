package trace

import "maillon/qms"

// JudgeUse names the check that a use fires, or "" when trainings cover it. U01: the person has no
// training on that equipment on record. U03: the only ones begin after the day of use. U02: every
// one begun by then has expired. U04: trainings cover it, and none of those that do was given by
// somebody who was a trainer for that equipment on the day of training; one whose trainer is not
// stated was given by nobody.
//
// A use that lasts beyond midnight is judged on each of its days (see Use.Last), and the first day on
// which a check fires decides: a training that ends within a use does not cover it.
func JudgeUse(u Use, g *Ground) Check {
	pair := Pair{u.Person, u.Equipment}
	trainings := g.Trainings[pair]
	if len(trainings) == 0 {
		return U01
	}
	last := u.Last()
	for day := u.Date; day <= last; day++ {
		if check := uncovered(trainings, day); check != "" {
			return check
		}
	}
	if g.Given == nil {
		return ""
	}
	given := g.Given[pair]
	for day := u.Date; day <= last; day++ {
		if !given.On(day) {
			return U04
		}
	}
	return ""
}

// uncovered is the check that a day fires on which none of the trainings holds.
func uncovered(trainings Validities, day qms.Date) Check {
	begun := false
	for _, t := range trainings {
		if t.Contains(day) {
			return ""
		}
		begun = begun || t.From <= day
	}
	if begun {
		return U02
	}
	return U03
}
