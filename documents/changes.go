package documents

import (
	"cmp"
	"slices"

	"maillon/qms"
)

// Then is how a document stood on a day on which a version of it was in force.
type Then struct {
	Version *Version
	Title   string
	Kind    string
	Process string
}

// Change is what became of one document between two days. Before is nil when nothing of it was in force
// on the first, After when nothing was on the second.
type Change struct {
	Document      qms.ID
	Before, After *Then
}

// ChangeKind is a kind of change. One document may have undergone several.
type ChangeKind string

// The kinds of changes.
const (
	ChangeNew          ChangeKind = "new"          // in force on the second day and not on the first
	ChangeVersion      ChangeKind = "version"      // another version is in force
	ChangeEnded        ChangeKind = "ended"        // in force on the first day and not on the second
	ChangeRetitled     ChangeKind = "retitled"     // called otherwise
	ChangeReclassified ChangeKind = "reclassified" // of another kind or process
	ChangeLate         ChangeKind = "late"         // its periodic review came after its date
)

// ChangeKinds lists the kinds of changes in the order in which they are shown.
func ChangeKinds() []ChangeKind {
	return []ChangeKind{ChangeNew, ChangeVersion, ChangeEnded, ChangeRetitled, ChangeReclassified, ChangeLate}
}

// Changes tells two days apart, from how the documents stood on each. It is pure: the changes from a
// first day to a second and from the second to a third make up those from the first to the third.
func Changes(before, after map[qms.ID]Then) []Change {
	var all []Change
	for id, then := range before {
		c := Change{Document: id, Before: &then}
		if now, still := after[id]; still {
			c.After = &now
		}
		if len(c.Kinds()) > 0 {
			all = append(all, c)
		}
	}
	for id, now := range after {
		if _, was := before[id]; !was {
			all = append(all, Change{Document: id, After: &now})
		}
	}
	slices.SortFunc(all, func(a, b Change) int { return cmp.Compare(a.Document, b.Document) })
	return all
}

// Kinds are what the change consists of; none when nothing changed.
func (c Change) Kinds() (kinds []ChangeKind) {
	switch {
	case c.Before == nil && c.After == nil:
		return nil
	case c.Before == nil:
		return []ChangeKind{ChangeNew}
	case c.After == nil:
		return []ChangeKind{ChangeEnded}
	}
	if c.Before.Version.ID != c.After.Version.ID {
		kinds = append(kinds, ChangeVersion)
	}
	if c.Before.Title != c.After.Title {
		kinds = append(kinds, ChangeRetitled)
	}
	if c.Before.Kind != c.After.Kind || c.Before.Process != c.After.Process {
		kinds = append(kinds, ChangeReclassified)
	}
	return kinds
}

// LateReview is a periodic review that came after its date: it ended without a change, or in a new
// version.
type LateReview struct {
	Version qms.ID // that was to be reviewed
	DueOn   qms.Date
	DoneOn  qms.Date
	Next    Number // of the new version; zero when it ended without a change
}

// Days is how many days late the review was.
func (l LateReview) Days() int { return l.DueOn.DaysUntil(l.DoneOn) }

// LateReviews lists the reviews of one document that came late, done after the first day and by the
// second. Versions are those of the document that were in force some day of these, reviews those of
// them that ended without a change.
func LateReviews(versions []*Version, reviews []PeriodicReview, from, to qms.Date) (late []LateReview) {
	for _, r := range reviews {
		if r.ReviewedOn > from && r.ReviewedOn <= to && r.DueOn != 0 && r.ReviewedOn > r.DueOn {
			late = append(late, LateReview{Version: r.Version, DueOn: r.DueOn, DoneOn: r.ReviewedOn})
		}
	}
	for _, v := range versions {
		for _, next := range versions {
			came := next.EffectiveFrom
			if came > from && came <= to && v.EffectiveUntil == came && v.ReviewOn != 0 && came > v.ReviewOn && next.InForceOn(came) && v.InForceOn(v.EffectiveFrom) {
				late = append(late, LateReview{Version: v.ID, DueOn: v.ReviewOn, DoneOn: came, Next: next.Number()})
			}
		}
	}
	slices.SortFunc(late, func(a, b LateReview) int { return int(a.DoneOn - b.DoneOn) })
	return late
}

// reviewThen is the date of the version's next review as it stood on the day: what a later review moved
// on is put back. Reviews come oldest first.
func (v *Version) reviewThen(reviews []PeriodicReview, day qms.Date) qms.Date {
	for _, r := range reviews {
		if r.Version == v.ID && r.ReviewedOn > day {
			return r.DueOn
		}
	}
	return v.ReviewOn
}
