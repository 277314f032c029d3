package label

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"maillon/qms"
)

// Referential is one version of the list of criteria that the programme evaluates platforms by (DESIGN,
// section 5). It is of the site. A draft changes until it is published; a published one never does, and
// holds from its day until the next one's.
type Referential struct {
	qms.Row
	Number        int64 // 1, 2, 3...
	Name          string
	Note          string // what it is and what is new in it
	Sample        bool   // most of its criteria are those shipped with Maillon: ours, not an official grid
	Edits         int64  // how often its criteria were changed, so that the revision moves with them
	Follows       int64  // the version that it was made from; 0 for none
	State         ReferentialState
	EffectiveFrom qms.Date // none in a draft that does not say it yet
	OpenedBy      qms.ID
	OpenedOn      qms.Date
	PublishedBy   qms.ID
	PublishedOn   qms.Date
	Void          string // why a draft was given up
}

// ReferentialState is how far a version is.
type ReferentialState string

// The states.
const (
	ReferentialDraft     ReferentialState = "draft"
	ReferentialPublished ReferentialState = "published"
)

// Standing is what the version is on the day, given the one in effect then (nil for none).
func (v *Referential) Standing(day qms.Date, inEffect *Referential) string {
	switch {
	case v.Void != "":
		return "withdrawn"
	case v.State == ReferentialDraft:
		return "draft"
	case inEffect != nil && inEffect.Number == v.Number:
		return "effective"
	case v.EffectiveFrom > day:
		return "approved"
	}
	return "superseded"
}

// Open reports whether the version may still change.
func (v *Referential) Open() bool { return v.State == ReferentialDraft && v.Void == "" }

// InEffect is the version that holds on the day: of those published by then, the one with the latest day
// of effect; nil when there is none.
func InEffect(all []Referential, day qms.Date) (found *Referential) {
	for i := range all {
		v := &all[i]
		if v.State != ReferentialPublished || v.Void != "" || v.PublishedOn > day || v.EffectiveFrom > day {
			continue
		}
		if found == nil || cmp.Or(cmp.Compare(v.EffectiveFrom, found.EffectiveFrom), cmp.Compare(v.Number, found.Number)) > 0 {
			found = v
		}
	}
	return found
}

// Criterion is one thing that the programme asks of a platform.
type Criterion struct {
	qms.Row
	Referential     qms.ID
	Code            string // unique within the version; the same from version to version
	Theme           Theme
	Position        int64 // from 1, in the order of the version
	Required        bool  // else recommended
	French          string
	English         string
	EvidenceFrench  string // what is expected to be shown
	EvidenceEnglish string
	Clauses         []string // of other standards that it answers: "ISO 9001:2015 7.2"
	Wording         string   // digest of the texts and of the evidence expected
	Dropped         bool     // taken out of a draft
}

// Text is what is asked, in the language.
func (c *Criterion) Text(language string) string { return inLanguage(language, c.French, c.English) }

// Evidence is what is expected to be shown, in the language.
func (c *Criterion) Evidence(language string) string {
	return inLanguage(language, c.EvidenceFrench, c.EvidenceEnglish)
}

func inLanguage(language, french, english string) string {
	if language == "en" {
		return cmp.Or(english, french)
	}
	return cmp.Or(french, english)
}

// wording is the digest of what an answer is given to: when it is another, the criterion is asked again.
func (c *Criterion) wording() string {
	hash := sha256.Sum256([]byte(strings.Join([]string{c.French, c.English, c.EvidenceFrench, c.EvidenceEnglish}, "\x00")))
	return hex.EncodeToString(hash[:16])
}

// CriterionText is a criterion as a person, a file or a program states it.
type CriterionText struct {
	Code            string   `json:"code"`
	Theme           Theme    `json:"theme"`
	Required        bool     `json:"required"`
	French          string   `json:"fr"`
	English         string   `json:"en"`
	EvidenceFrench  string   `json:"evidence_fr"`
	EvidenceEnglish string   `json:"evidence_en"`
	Clauses         []string `json:"clauses"`
}

// Stated is the criterion as it is stated.
func (c *Criterion) Stated() CriterionText {
	return CriterionText{Code: c.Code, Theme: c.Theme, Required: c.Required, French: c.French, English: c.English,
		EvidenceFrench: c.EvidenceFrench, EvidenceEnglish: c.EvidenceEnglish, Clauses: c.Clauses}
}

// state takes over what is stated.
func (c *Criterion) state(t CriterionText) {
	c.Code, c.Theme, c.Required, c.French, c.English = t.Code, t.Theme, t.Required, t.French, t.English
	c.EvidenceFrench, c.EvidenceEnglish, c.Clauses = t.EvidenceFrench, t.EvidenceEnglish, t.Clauses
	c.Wording = c.wording()
}

func (c *Criterion) same(o *Criterion) bool {
	return c.Code == o.Code && c.Theme == o.Theme && c.Required == o.Required && c.Wording == o.Wording && slices.Equal(c.Clauses, o.Clauses)
}

// CriterionChange is what differs for one code from a version to the next.
type CriterionChange struct {
	Code          string
	Before, After *Criterion // nil where one version has none
}

// Reworded reports whether an answer to the one before no longer holds.
func (c CriterionChange) Reworded() bool {
	return c.Before != nil && c.After != nil && c.Before.Wording != c.After.Wording
}

// CompareCriteria lists what differs from one version to another, in the order of the later one, then
// what is gone. That only the order differs is no change.
func CompareCriteria(before, after []Criterion) (changes []CriterionChange) {
	was := make(map[string]*Criterion, len(before))
	for i := range before {
		was[before[i].Code] = &before[i]
	}
	for i := range after {
		c := &after[i]
		old := was[c.Code]
		delete(was, c.Code)
		if old == nil || !old.same(c) {
			changes = append(changes, CriterionChange{c.Code, old, c})
		}
	}
	for i := range before {
		if c := &before[i]; was[c.Code] == c {
			changes = append(changes, CriterionChange{c.Code, c, nil})
		}
	}
	return changes
}

// Tally counts changes of criteria.
type Tally struct{ Same, Added, Changed, Reworded, Gone int }

// Count counts the changes that lead to so many criteria.
func Count(changes []CriterionChange, after int) (t Tally) {
	for _, c := range changes {
		switch {
		case c.Before == nil:
			t.Added++
		case c.After == nil:
			t.Gone++
		case c.Reworded():
			t.Reworded++
		default:
			t.Changed++
		}
	}
	t.Same = after - t.Added - t.Changed - t.Reworded
	return t
}
