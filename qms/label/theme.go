package label

import "slices"

// Theme is what a criterion is about.
type Theme string

// The themes, in the order in which a referential is read; theme.THEME names each in qms/locale.
const (
	QualityApproach Theme = "quality"
	Staff           Theme = "staff"
	Training        Theme = "training"
	Access          Theme = "access"
	Traceability    Theme = "traceability"
	Data            Theme = "data"
	Improvement     Theme = "improvement"
	Openness        Theme = "openness"
	Visibility      Theme = "visibility"
	Economy         Theme = "economy"
)

var themes = []Theme{QualityApproach, Staff, Training, Access, Traceability, Data, Improvement, Openness, Visibility, Economy}

// Themes lists the themes in their order.
func Themes() []Theme { return slices.Clone(themes) }

// Known reports whether there is such a theme.
func (t Theme) Known() bool { return slices.Contains(themes, t) }

// Level is how far a platform meets a criterion, in its own judgement.
type Level string

// The levels. Unanswered is none yet; what is not applicable counts in no score.
const (
	Unanswered    Level = ""
	NotMet        Level = "not-met"
	PartlyMet     Level = "partly"
	LargelyMet    Level = "largely"
	FullyMet      Level = "fully"
	NotApplicable Level = "not-applicable"
)

var levels = []Level{NotMet, PartlyMet, LargelyMet, FullyMet, NotApplicable}

// Levels lists what may be answered, the lowest first.
func Levels() []Level { return slices.Clone(levels) }

// maxPoints are those of a criterion that is fully met.
const maxPoints = 3

// Points are what the level counts, from 0 to 3, where it counts.
func (l Level) Points() int {
	switch l {
	case PartlyMet:
		return 1
	case LargelyMet:
		return 2
	case FullyMet:
		return maxPoints
	}
	return 0
}
