package qms

import (
	"cmp"
	"slices"
	"strings"
)

// Due is one thing that falls due. Every room has a pure function that lists its own.
type Due struct {
	Key       string // stable for one obligation, whatever day it is asked on and moved to
	Kind      string // "review", "training", "calibration", ...: due.KIND names it in qms/locale
	Platform  ID
	Subject   ID     // the record it is about
	Title     string // how people call the subject, in no language: a code, a number, a name
	Form      string // due_title.FORM in qms/locale puts the title into words, where it says too little alone
	On        Date
	Person    ID       // who is concerned; empty for the platform as a whole, or for the programme
	Parts     []string // of the address within the platform where it is done: equipment, EQ-001
	Programme bool     // where nobody is named it is for the quality officers of the site: the platform cannot do it
	Revision  int64    // rises with every change of the records that On follows from: so calendars know a day that moved
}

// SortDues orders by day, then by platform, kind, title and key, so that equal questions have equal answers.
func SortDues(due []Due) {
	slices.SortFunc(due, func(a, b Due) int {
		return cmp.Or(cmp.Compare(a.On, b.On), strings.Compare(string(a.Platform), string(b.Platform)),
			strings.Compare(a.Kind, b.Kind), strings.Compare(a.Title, b.Title), strings.Compare(a.Key, b.Key))
	})
}
