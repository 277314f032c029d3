package trace

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// Step is the way from one stage of a chain to the next.
type Step string

// The steps. page.times.STEP names each in qms/locale.
const (
	ToQuote    Step = "quote"    // from the request to its first quote
	ToAnswer   Step = "answer"   // from the first quote to the first acceptance
	ToAnalysis Step = "analysis" // from that to the first analysis
	ToReport   Step = "report"   // from that to the first report
	ToInvoice  Step = "invoice"  // from that to the first invoice
)

var steps = []Step{ToQuote, ToAnswer, ToAnalysis, ToReport, ToInvoice}

// Time is how long a chain took for one step, in days, beside what is usual.
type Time struct {
	Step   Step
	Known  bool // both ends are on record
	Days   int
	Median int // of the chains of the platform that took the step; see Pace
	Of     int // how many they are; 0 where it was not asked for
}

// stageDays are the days between which the steps lie; none for what did not happen.
type stageDays [6]qms.Date

// took is the days of a step; ok when both of its ends are on record.
func (m stageDays) took(i int) (days int, ok bool) {
	if m[i] == 0 || m[i+1] == 0 {
		return 0, false
	}
	return m[i].DaysUntil(m[i+1]), true
}

// earlier is the earlier of two days, either of which may be none.
func earlier(a, b qms.Date) qms.Date {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

func daysOf(c *Chain) (m stageDays) {
	m[0] = c.Request.Date
	for _, q := range c.Quotes {
		m[1], m[2] = earlier(m[1], q.Date), earlier(m[2], q.AcceptedOn)
	}
	for _, r := range c.Reports {
		m[3], m[4] = earlier(m[3], r.AnalysedOn), earlier(m[4], r.Date)
	}
	for _, i := range c.Invoices {
		m[5] = earlier(m[5], i.Date)
	}
	return m
}

// Times is how long the chain took from stage to stage. Steps that are out of order are negative.
func (d *Dossier) Times() []Time {
	m := daysOf(&d.Chain)
	times := make([]Time, len(steps))
	for i, step := range steps {
		times[i].Step = step
		times[i].Days, times[i].Known = m.took(i)
	}
	return times
}

// Pace is the median of each step over the chains of the platform whose request came within the twelve
// months up to the day. Chains that did not take a step do not count for it.
func (s *Service) Pace(ctx context.Context, platform qms.ID, day qms.Date) (times []Time, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if day == 0 {
			day = r.Today()
		}
		var taken [len(stageDays{}) - 1][]int
		err := eachPace(ctx, r, platform, day.AddMonths(-12), day, func(m stageDays) {
			for i := range taken {
				if days, ok := m.took(i); ok {
					taken[i] = append(taken[i], days)
				}
			}
		})
		for i, step := range steps {
			times = append(times, Time{Step: step, Median: median(taken[i]), Of: len(taken[i])})
		}
		return err
	})
	return times, err
}

// median is the middle one, the lower of two; 0 of none.
func median(days []int) int {
	if len(days) == 0 {
		return 0
	}
	slices.Sort(days)
	return days[(len(days)-1)/2]
}

// eachPace reads the stageDays of the chains of a period, in one statement.
func eachPace(ctx context.Context, r store.Reader, platform qms.ID, after, through qms.Date, f func(stageDays)) error {
	const of = " WHERE platform = r.platform AND request = r.number AND void = '' AND date <= ?)"
	rows, err := r.Query(ctx, `SELECT r.date, (SELECT MIN(date) FROM quotes`+of+`, (SELECT MIN(accepted_on) FROM quotes`+of+`,
(SELECT MIN(analysed_on) FROM reports`+of+`, (SELECT MIN(date) FROM reports`+of+`, (SELECT MIN(date) FROM invoices`+of+`
FROM requests AS r WHERE r.platform = ? AND r.date > ? AND r.date <= ? AND r.void = ''`,
		through, through, through, through, through, platform, after, through)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var m stageDays
		if err := rows.Scan(&m[0], &m[1], &m[2], &m[3], &m[4], &m[5]); err != nil {
			return err
		}
		if m[2] > through {
			m[2] = 0
		}
		f(m)
	}
	return rows.Err()
}

// Records are the identifiers of all that the dossier holds, void ones too, for its journal.
func (d *Dossier) Records() []qms.ID {
	ids := []qms.ID{d.Chain.Request.ID, d.Chain.Request.Submission}
	if d.Set.Request != nil {
		ids = append(ids, d.Set.Request.ID)
	}
	for _, some := range [][]Quote{d.Chain.Quotes, d.Set.Quotes} {
		for i := range some {
			ids = append(ids, some[i].ID)
		}
	}
	for _, some := range [][]Report{d.Chain.Reports, d.Set.Reports} {
		for i := range some {
			ids = append(ids, some[i].ID)
		}
	}
	for _, some := range [][]Invoice{d.Chain.Invoices, d.Astray, d.Set.Invoices} {
		for i := range some {
			ids = append(ids, some[i].ID)
		}
	}
	for _, some := range [][]Sample{d.Samples, d.Set.Samples} {
		for i := range some {
			ids = append(ids, some[i].ID)
		}
	}
	for _, files := range d.Evidence {
		for i := range files {
			ids = append(ids, files[i].ID)
		}
	}
	return slices.DeleteFunc(ids, func(id qms.ID) bool { return id == "" })
}

// Journal lists the latest acts about the records of the dossier, and whether there are more. It takes
// two statements. Whoever reads the dossier reads the trail of its records.
func (s *Service) Journal(ctx context.Context, platform qms.ID, d *Dossier) (entries []store.JournalEntry, more bool, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		page, err := store.Journal(ctx, r, trail.LogOf(platform), store.JournalFilter{Rows: d.Records()}, qms.Cursor{Size: qms.MaxPageSize})
		entries, more = page.Items, page.Next != ""
		return err
	})
	return entries, more, err
}
