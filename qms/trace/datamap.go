package trace

import (
	"strings"

	"maillon/qms"
)

// DataSet is one kind of data that a piece of equipment produces, and what becomes of it.
type DataSet struct {
	qms.Row
	Equipment qms.ID
	Name      string // what is produced ("raw images")
	Format    string
	YearlyMB  int64  // megabytes in a usual year; zero when it is not stated
	Typical   string // how much at a time, in words
	Stored    string // where it lies first
	Backup    string // where the copy lies; empty for none
	Frequency string // how often it is copied
	Retention string // how long it is kept
	Owner     string // whose it is
	Opened    string // where it is open to others; empty for nowhere
	Remark    string
	Date      qms.Date // from which day this holds
	Through   qms.Date // last day; none while it is produced
	Void      string
}

// RestoreTest is one try to bring data back from its copy.
type RestoreTest struct {
	qms.Row
	Equipment qms.ID
	DataSet   qms.ID
	Date      qms.Date
	Restored  bool // the data came back whole
	Person    qms.ID
	Remark    string
	Void      string
}

// DataGap is something that is wanting in the data map.
type DataGap string

// The gaps. A copy that was never read back is a hope, not a backup.
const (
	NoStore     DataGap = "no-store"
	NoBackup    DataGap = "no-backup"
	NeverTested DataGap = "never-tested"
	TestTooOld  DataGap = "test-too-old" // more than RestoreMonths before the day
	TestFailed  DataGap = "test-failed"  // the last one
	NoRetention DataGap = "no-retention"
	NoOwner     DataGap = "no-owner"
)

// RestoreMonths is for how long a restore test counts.
const RestoreMonths = qms.Months(12)

// Grave reports whether data may be lost for it.
func (g DataGap) Grave() bool {
	switch g {
	case NoRetention, NoOwner:
		return false
	}
	return true
}

// Produced reports whether the data set counts on the day.
func (d *DataSet) Produced(day qms.Date) bool {
	return d.Void == "" && d.Date <= day && (d.Through == 0 || day <= d.Through)
}

// LastTest is the last restore test of the data set by the day; nil when there is none.
func (d *DataSet) LastTest(tests []RestoreTest, day qms.Date) *RestoreTest {
	var last *RestoreTest
	for i := range tests {
		t := &tests[i]
		if t.DataSet == d.ID && t.Void == "" && t.Date <= day && (last == nil || t.Date > last.Date || t.Date == last.Date && t.ID > last.ID) {
			last = t
		}
	}
	return last
}

// Gaps lists what is wanting of the data set on the day, given its last restore test.
func (d *DataSet) Gaps(last *RestoreTest, day qms.Date) []DataGap {
	var gaps []DataGap
	add := func(missing bool, gap DataGap) {
		if missing {
			gaps = append(gaps, gap)
		}
	}
	add(blank(d.Stored), NoStore)
	switch {
	case blank(d.Backup):
		add(true, NoBackup)
	case last == nil:
		add(true, NeverTested)
	case !last.Restored:
		add(true, TestFailed)
	default:
		add(day >= last.Date.AddMonths(RestoreMonths), TestTooOld)
	}
	add(blank(d.Retention), NoRetention)
	add(blank(d.Owner), NoOwner)
	return gaps
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
