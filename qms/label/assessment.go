package label

import (
	"slices"

	"maillon/qms"
)

// AskedState says whether an answer still holds for its criterion.
type AskedState string

// The states of a criterion in an assessment.
const (
	Answered   AskedState = "answered"
	Carried    AskedState = "carried"    // answered under an earlier version that asked the same
	AskedAgain AskedState = "asked"      // what it asks or expects has changed since it was answered
	NeverAsked AskedState = "unanswered" // no answer
)

// AssessedCriterion is a criterion with what the platform answers to it.
type AssessedCriterion struct {
	Criterion
	Answer *Answer    // the one of the day; nil for none
	State  AskedState //
	Before *Criterion // as it was answered, where it has changed
	New    bool       // the version before had no such criterion
	Proofs []Proof    // what stands behind the links of the answer
	Files  int        // evidence files that count
}

// Counts reports whether the answer counts: it was given to what is asked now.
func (c *AssessedCriterion) Counts() bool { return c.State == Answered || c.State == Carried }

// LevelNow is the level that counts.
func (c *AssessedCriterion) LevelNow() Level {
	if c.Answer == nil || !c.Counts() {
		return Unanswered
	}
	return c.Answer.Level
}

// Broken counts the links that prove nothing.
func (c *AssessedCriterion) Broken() (n int) {
	for _, f := range c.Proofs {
		if f.Broken() {
			n++
		}
	}
	return n
}

// Unproved reports whether an answer that says it is met, in part at least, names nothing that stands.
func (c *AssessedCriterion) Unproved() bool {
	return c.Counts() && c.Answer.Level.Points() > 0 && c.Files == 0 && len(c.Proofs) == c.Broken()
}

// Late reports whether the gap should have been closed by the day.
func (c *AssessedCriterion) Late(day qms.Date) bool {
	return c.Answer != nil && c.Answer.HasGap() && c.Answer.CloseBy != 0 && c.Answer.CloseBy < day
}

// Assessment is what a platform answers to the version in effect on a day.
type Assessment struct {
	Version *Referential // nil while none is in effect
	Prior   *Referential // the one in effect before it
	AsOf    qms.Date
	Items   []AssessedCriterion
	Gone    []GoneAnswer // answers to criteria that are no longer asked
	Names   map[qms.ID]string
}

// GoneAnswer is an answer whose criterion the version in effect has no longer.
type GoneAnswer struct {
	Answer    Answer
	Criterion *Criterion // as it was answered
}

// Item is the criterion of the code; nil when there is none.
func (a *Assessment) Item(code string) *AssessedCriterion {
	i := slices.IndexFunc(a.Items, func(c AssessedCriterion) bool { return c.Code == NormalCode(code) })
	if i < 0 {
		return nil
	}
	return &a.Items[i]
}

// join puts criteria and the answers of the day together. answered are criteria of earlier versions that
// answers name; prior the codes of the version before, nil when there was none.
func join(criteria []Criterion, answers []Answer, answered map[qms.ID]*Criterion, prior map[string]bool) (items []AssessedCriterion, gone []GoneAnswer) {
	of := make(map[string]*Answer, len(answers))
	for i := range answers {
		of[answers[i].Code] = &answers[i]
	}
	for _, c := range criteria {
		item := AssessedCriterion{Criterion: c, Answer: of[c.Code], State: NeverAsked, New: prior != nil && !prior[c.Code]}
		if a := item.Answer; a != nil {
			switch {
			case a.Wording != c.Wording:
				item.State, item.Before = AskedAgain, answered[a.Criterion]
			case a.Criterion != c.ID:
				item.State = Carried
			default:
				item.State = Answered
			}
			delete(of, c.Code)
		}
		items = append(items, item)
	}
	for i := range answers {
		if a := &answers[i]; of[a.Code] == a {
			gone = append(gone, GoneAnswer{*a, answered[a.Criterion]})
		}
	}
	return items, gone
}

// ThemeCoverage is how far a platform is with one theme.
type ThemeCoverage struct {
	Theme      Theme
	Total      int // criteria
	Answered   int // of them, with an answer that counts
	Applicable int // those that are not answered as not applicable
	Points     int // of the answers, 0 to 3 each
}

// Max is the points when every applicable criterion is fully met.
func (t ThemeCoverage) Max() int { return maxPoints * t.Applicable }

// Percent is the points as a part of those of all applicable criteria: what is not answered counts none.
func (t ThemeCoverage) Percent() int {
	if t.Max() == 0 {
		return 0
	}
	return 100 * t.Points / t.Max()
}

func (t *ThemeCoverage) add(l Level) {
	t.Total++
	if l != Unanswered {
		t.Answered++
	}
	if l != NotApplicable {
		t.Applicable++
	}
	t.Points += l.Points()
}

// Coverage is how far a platform is with the version in effect.
type Coverage struct {
	Version int64 // its number; 0 while none is in effect
	ThemeCoverage
	Themes   []ThemeCoverage // in the order of Themes, those that have criteria
	Asked    int             // answers that no longer hold, since the criterion has changed
	Required int             // required criteria that are below largely met or not answered
}

// cover counts what a platform answers, criterion by criterion.
func cover(version *Referential, items []AssessedCriterion) (c Coverage) {
	if version != nil {
		c.Version = version.Number
	}
	of := map[Theme]*ThemeCoverage{}
	for i := range items {
		item := &items[i]
		l := item.LevelNow()
		if of[item.Theme] == nil {
			of[item.Theme] = &ThemeCoverage{Theme: item.Theme}
		}
		of[item.Theme].add(l)
		c.add(l)
		if item.State == AskedAgain {
			c.Asked++
		}
		if item.Required && l != NotApplicable && l.Points() < LargelyMet.Points() {
			c.Required++
		}
	}
	for _, t := range themes {
		if of[t] != nil {
			c.Themes = append(c.Themes, *of[t])
		}
	}
	return c
}

// Coverage counts the assessment.
func (a *Assessment) Coverage() Coverage { return cover(a.Version, a.Items) }
