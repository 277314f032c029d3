package web

import (
	"strings"

	"maillon/audits"
	"maillon/qms"
	"maillon/qms/trace"
)

// firstLines is how many lines of a finding the page of a full exercise shows; the lists of services
// and of uses show all.
const firstLines = 50

// trendOf is how many full exercises a trend goes through.
const trendOf = 12

// defect is one line of the table of a full exercise.
type defect struct {
	Check  trace.Check
	Count  int
	Change int    // since the full exercise before
	Href   string // the list of what it was found in; empty for none
}

// monthLine is one line of the table beside the charts.
type monthLine struct {
	bucket
	Cells []monthCell
}

// monthCell is how often one check fired in one month.
type monthCell struct {
	Check string
	Count int
	Href  string
}

// fullPage is a full exercise and what it found.
type fullPage struct {
	Exercise  audits.Exercise
	Findings  *trace.Findings
	Defects   []defect
	Before    *audits.FullResult // the full exercise before, if any
	Most      int                // the largest count, which the bars are measured by
	Services  *Chart             // nil when no check fired
	Uses      *Chart
	Heads     []string // codes of the checks that fired, in the order of the cells
	Months    []monthLine
	Trend     *Chart
	History   []audits.FullResult
	Broken    []trace.BrokenChain
	Uncovered []trace.UncoveredUse
	Dangling  []string
}

// allChecks are the codes of the checks of services, S07 among them, and of uses.
func allChecks() (services, uses []string) {
	for _, c := range append(trace.ServiceChecks(), trace.S07) {
		services = append(services, string(c))
	}
	for _, c := range trace.UseChecks() {
		uses = append(uses, string(c))
	}
	return services, uses
}

func (s *Site) showFull(p *Page, e audits.Exercise) error {
	f, err := audits.FindingsOf(e)
	if err != nil {
		return err
	}
	tally, err := audits.TallyOf(e)
	if err != nil {
		return err
	}
	history, err := s.Audits.FullHistory(p.Context(), p.Platform.ID, e, trendOf)
	if err != nil {
		return err
	}
	page := &fullPage{Exercise: e, Findings: f, Most: 1, History: history,
		Broken: f.Broken[:min(firstLines, len(f.Broken))], Uncovered: f.Uncovered[:min(firstLines, len(f.Uncovered))],
		Dangling: f.Dangling[:min(4*firstLines, len(f.Dangling))]}
	if n := len(history); n > 1 {
		page.Before = &history[n-2]
	}
	services, uses := allChecks()
	for _, check := range append(services, uses...) {
		if !f.Makes(trace.Check(check)) {
			continue
		}
		d := defect{Check: trace.Check(check), Count: tally.Total[check], Href: p.drill(e, check, 0, 0)}
		if page.Before != nil {
			d.Change = d.Count - page.Before.Tally.Total[check]
		}
		page.Defects, page.Most = append(page.Defects, d), max(page.Most, d.Count)
		if d.Count > 0 {
			page.Heads = append(page.Heads, check)
		}
	}
	page.draw(p, e, tally, services, uses)
	return p.Render("exercises_full", page)
}

func (v *fullPage) draw(p *Page, e audits.Exercise, tally *audits.Tally, services, uses []string) {
	buckets := p.buckets(tally)
	v.Services = p.stacked(p.T("page.exercises.chart_services"), buckets, services)
	v.Uses = p.stacked(p.T("page.exercises.chart_uses"), buckets, uses)
	for _, b := range buckets {
		line := monthLine{bucket: b}
		for _, check := range v.Heads {
			cell := monthCell{Check: check, Count: b.Counts[check]}
			if cell.Count > 0 {
				cell.Href = p.drill(e, check, b.From, b.To)
			}
			line.Cells = append(line.Cells, cell)
		}
		v.Months = append(v.Months, line)
	}
	if len(v.History) > 1 {
		var all []audits.Exercise
		for _, r := range v.History {
			all = append(all, r.Exercise)
		}
		v.Trend = p.scores(p.T("page.exercises.chart_trend"), all)
	}
}

// Counts are how often each check fired in a full exercise of the trend, in the order of the heads.
func (v *fullPage) Counts(r audits.FullResult) []int {
	counts := make([]int, len(v.Heads))
	for i, check := range v.Heads {
		counts[i] = r.Tally.Total[check]
	}
	return counts
}

// drill is the list of the chains or uses in which the check fires, of requests or uses between two
// days; of the whole exercise when there are none.
func (p *Page) drill(e audits.Exercise, check string, from, to qms.Date) string {
	path, filter := p.To("services"), "check"
	switch {
	case check == string(trace.S07):
		return "#dangling-h"
	case strings.HasPrefix(check, "U"):
		path, filter = p.To("uses"), "cover"
	}
	to = min(to, e.AsOf)
	href := path + "?" + Query(filter, check)
	if from != 0 {
		href += "&" + Query("from", p.InputDate(from)) + "&" + Query("to", p.InputDate(to))
	}
	return href + "&" + Query("as_of", p.InputDate(e.AsOf))
}

// AllOf is the list of everything that is wrong, as of the day of the exercise.
func (p *Page) AllOf(e audits.Exercise, list, name, value string) string {
	return p.To(list) + "?" + Query(name, value) + "&" + Query("as_of", p.InputDate(e.AsOf))
}

// ChecksOf are the checks behind a proposal, each with its title.
func (p *Page) ChecksOf(l audits.ExerciseLink) []Option {
	var checks []Option
	for _, check := range strings.Fields(l.Checks) {
		checks = append(checks, Option{check, p.T("check." + check + ".title")})
	}
	return checks
}
