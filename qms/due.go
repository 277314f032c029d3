package qms

import (
	"cmp"
	"slices"
	"strings"
)

// Due is one thing that falls due. Every room has a pure function that lists its own.
type Due struct {
	Key      string // stable for one obligation, whatever day it is asked on
	Kind     string // "review", "training", "calibration", ...: due.KIND names it in qms/locale
	Platform ID
	Subject  ID     // the record it is about
	Title    string // how people call the subject
	On       Date
	Person   ID       // who is concerned; empty for the platform as a whole
	Parts    []string // of the address within the platform where it is done: equipment, EQ-001
	Revision int64    // of the record, so that calendars know a day that moved under the same key
}

// SortDues orders by day, then by platform, kind, title and key, so that equal questions have equal answers.
func SortDues(due []Due) {
	slices.SortFunc(due, func(a, b Due) int {
		return cmp.Or(cmp.Compare(a.On, b.On), strings.Compare(string(a.Platform), string(b.Platform)),
			strings.Compare(a.Kind, b.Kind), strings.Compare(a.Title, b.Title), strings.Compare(a.Key, b.Key))
	})
}
