package documents

import (
	"slices"
	"time"

	"maillon/qms"
)

// Watched is how a document of external origin is watched: its publisher may bring out another
// edition, and clause 7.5.3.2 wants it identified and controlled.
type Watched struct {
	WatchMonths qms.Months // how often to look for a new edition; 0: not watched
	WatchedOn   qms.Date   // when somebody last looked
	WatchOn     qms.Date   // when to look again
	NewEdition  string     // found, and not yet the edition of our document
}

// Watch is one look for a new edition.
type Watch struct {
	qms.Row
	Document qms.ID
	Date     qms.Date
	Outcome  WatchOutcome
	Edition  string // the one in use when nothing was found, else the new one
	Remark   string
	Person   qms.ID
	Name     string // as it was
	NotedAt  time.Time
}

// WatchOutcome is what a look for a new edition found.
type WatchOutcome string

// The outcomes.
const (
	WatchedSame WatchOutcome = "same" // no new edition
	WatchedNew  WatchOutcome = "new"
)

// plan sets when to look next: so many months after the last look, or after from when nobody has
// looked yet.
func (w *Watched) plan(from qms.Date) {
	switch {
	case w.WatchMonths == 0:
		w.WatchOn = 0
	case w.WatchedOn != 0:
		w.WatchOn = w.WatchedOn.AddMonths(w.WatchMonths)
	default:
		w.WatchOn = from.AddMonths(w.WatchMonths)
	}
}

// watch takes how often to look, when that is said. The next look then counts from the last one, or
// from today.
func (d *Document) watch(months *qms.Months, today qms.Date) {
	if months != nil && *months != d.WatchMonths {
		d.WatchMonths = *months
		d.plan(today)
	}
	if fold(d.Edition) == fold(d.NewEdition) {
		d.NewEdition = "" // our document is of that edition now
	}
}

// checkKeeping says what is wrong with how long a document is kept and how often it is watched.
func (d *Document) checkKeeping() (wrong []qms.Field) {
	if d.RetentionMonths < 0 || d.RetentionMonths > maxRetention {
		wrong = append(wrong, qms.Wrong("retention_months", "document.retention_months", maxRetention))
	}
	if d.WatchMonths < 0 || d.WatchMonths > maxWatch {
		wrong = append(wrong, qms.Wrong("watch_months", "document.watch_months", maxWatch))
	}
	return wrong
}

// The bounds of what a person states, in months.
const (
	maxRetention = 1200
	maxWatch     = 240
)

// LateOn reports whether the look for a new edition should have been taken before the day.
func (w Watched) LateOn(day qms.Date) bool { return w.WatchOn != 0 && w.WatchOn < day }

// WatchDue lists the looks for a new edition that fall due by the day until. It is pure: documents are
// those of one platform.
func WatchDue(documents []*Document, until qms.Date) (due []qms.Due) {
	for _, d := range documents {
		if d.WatchOn == 0 || d.WatchOn > until {
			continue
		}
		due = append(due, qms.Due{
			Key: "watch:" + string(d.ID), Kind: "watch", Platform: d.Platform,
			Subject: d.ID, Title: d.Code + " " + d.Title, On: d.WatchOn, Person: d.Owner, Parts: []string{"documents", d.Code}, Revision: d.Revision,
		})
	}
	slices.SortStableFunc(due, func(a, b qms.Due) int { return int(a.On - b.On) })
	return due
}
