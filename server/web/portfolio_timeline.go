package web

import (
	"fmt"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/label"
)

// The drawing of a label: ten years of forty units, so that six years and the one before it fit.
const (
	sparkYears  = 10
	sparkYear   = 40
	sparkBehind = 3 // years before this one, so that a label of this year ends on the drawing
)

// Spark is the way of one platform drawn over ten years.
type Spark struct {
	Tracks []int // where years begin
	Spans  []SparkSpan
	Ticks  []SparkTick
	Today  string
	Words  string // what is drawn, for who does not see it
}

// SparkSpan is a stretch of time: what went by, or what is planned.
type SparkSpan struct {
	State string
	Plan  bool
	X, W  string
}

// SparkTick is one date.
type SparkTick struct {
	State string
	Done  bool
	X     string
}

// axis places days on the drawing.
type axis struct{ first qms.Date }

func (p *Page) axis() axis { return axis{qms.NewDate(p.Today.Year()-sparkBehind, 1, 1)} }

func (a axis) at(day qms.Date) float64 {
	years := float64(day.Year() - a.first.Year())
	begin := qms.NewDate(day.Year(), 1, 1)
	x := (years + float64(begin.DaysUntil(day))/366) * sparkYear
	return min(max(x, 0), sparkYears*sparkYear)
}

func px(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// SparkHeads are the years written above the drawings.
func (v *PortfolioView) SparkHeads() (heads []DrawnWord) {
	first := v.page.axis().first.Year()
	for i := 0; i < sparkYears; i += 2 {
		heads = append(heads, DrawnWord{X: i*sparkYear + 2, Y: 20, Text: strconv.Itoa(first + i)})
	}
	return heads
}

// SparkFrom is the first year drawn, SparkTo the last.
func (v *PortfolioView) SparkFrom() int { return v.page.axis().first.Year() }

// SparkTo is the last year drawn.
func (v *PortfolioView) SparkTo() int { return v.SparkFrom() + sparkYears - 1 }

// Spark draws the way of the platform.
func (f *Followed) Spark() Spark {
	p, a := f.page, f.page.axis()
	d := Spark{Today: px(a.at(p.Today))}
	for i := 1; i < sparkYears; i++ {
		d.Tracks = append(d.Tracks, i*sparkYear)
	}
	var words []string
	if f.Start != 0 {
		end := f.EndedOn
		if end == 0 {
			d.span(a, "accompanied", true, p.Today, f.PlannedEnd)
			end = min(p.Today, max(p.Today, f.Start))
			words = append(words, p.T("page.portfolio.drawn_accompanied", f.Start, f.PlannedEnd))
		} else {
			words = append(words, p.T("page.portfolio.drawn_was_accompanied", f.Start, end))
		}
		d.span(a, "accompanied", false, f.Start, end)
	}
	for _, m := range f.Missions {
		if m.Kind == label.MissionInitial {
			d.tick(a, "evaluation", f.Standing.Mission == nil || f.Standing.Mission.ID != m.ID, m.OpenedOn)
			words = append(words, p.T("page.portfolio.drawn_evaluated", m.OpenedOn))
		}
	}
	for i := range f.Labels {
		words = append(words, f.drawLabel(&d, a, &f.Labels[i]))
	}
	for _, m := range f.Standing.Milestones {
		if m.Kind != label.MilestoneFollowUp24 && m.Kind != label.MilestoneFollowUp48 {
			continue
		}
		state := "labelled"
		if m.Done == 0 && m.On < p.Today {
			state = "late"
		}
		d.tick(a, state, m.Done != 0, m.On)
	}
	d.Words = strings.Join(words, " ; ")
	return d
}

// drawLabel draws one award until its end, or until it was withdrawn, and says so.
func (f *Followed) drawLabel(d *Spark, a axis, l *label.Label) string {
	p, end, state := f.page, l.EndsOn(), "labelled"
	for _, e := range f.Events {
		if e.Label != l.ID || e.Date > p.Today {
			continue
		}
		switch e.Kind {
		case label.EventWithdrawn:
			end, state = min(end, e.Date), "withdrawn"
		case label.EventSuspended:
			state = "suspended"
		case label.EventLifted:
			state = "labelled"
		}
	}
	d.span(a, state, false, l.AwardedOn, min(end, max(p.Today, l.AwardedOn)))
	d.span(a, state, true, max(p.Today, l.AwardedOn), end)
	return p.T("page.portfolio.drawn_label", l.Number, l.AwardedOn, end.AddDays(-1))
}

// span draws a stretch; nothing where it is empty or outside.
func (d *Spark) span(a axis, state string, plan bool, from, until qms.Date) {
	if from == 0 || until <= from {
		return
	}
	if x, end := a.at(from), a.at(until); end > x {
		d.Spans = append(d.Spans, SparkSpan{State: state, Plan: plan, X: px(x), W: px(end - x)})
	}
}

func (d *Spark) tick(a axis, state string, done bool, on qms.Date) {
	if x := a.at(on); x > 0 && x < sparkYears*sparkYear {
		d.Ticks = append(d.Ticks, SparkTick{State: state, Done: done, X: px(x)})
	}
}

// LabelLine is one label of the timeline, with the dates that it has.
type LabelLine struct {
	*Followed
	Label      *label.Label
	Milestones []label.Milestone
	State      string
	Spark      Spark
}

// When is a date of the label with its shape: done, late or to come.
func (l LabelLine) When(m label.Milestone) string {
	switch {
	case m.Done != 0:
		return "done"
	case m.On < l.page.Today:
		return "late"
	}
	return "due"
}

// labels are the labels of the lines, the latest of each platform with what is met of it.
func (v *PortfolioView) labels() (lines []LabelLine) {
	for i := range v.Lines {
		f := &v.Lines[i]
		for n := range f.Labels {
			l := LabelLine{Followed: f, Label: &f.Labels[n], Milestones: label.MilestonesOf(f.Labels[n].AwardedOn), State: "superseded"}
			only := *f
			only.Labels, only.Start, only.Missions = f.Labels[n:n+1], 0, nil
			if s := f.Standing.Label; s != nil && s.ID == l.Label.ID {
				if l.State = f.State(); len(f.Standing.Milestones) > 0 {
					l.Milestones = f.Standing.Milestones
				}
			} else {
				only.Standing.Milestones = nil
			}
			l.Spark = only.Spark()
			lines = append(lines, l)
		}
	}
	return lines
}

// TimelineView is every label over time.
type TimelineView struct {
	*PortfolioView
	Labels []LabelLine
}

func (s *Site) portfolioTimeline(p *Page) error {
	v, err := s.portfolioView(p, "timeline")
	if err != nil {
		return err
	}
	view := TimelineView{v, v.labels()}
	p.Title = p.T("page.portfolio.timeline")
	p.Crumb(p.T("page.portfolio.title"), "/portfolio")
	if p.Exported() {
		return p.Export(export{
			name: "frise-" + p.Today.String(), fixed: 2, kinds: map[int]cell{3: dayCell, 4: dayCell, 5: dayCell, 6: dayCell, 7: dayCell},
			heads: []string{"page.portfolio.code", "page.portfolio.platform", "page.portfolio.label", "page.portfolio.awarded", "page.portfolio.m_follow-up-24",
				"page.portfolio.m_follow-up-48", "page.portfolio.m_renewal", "page.portfolio.m_end"},
			next: func(qms.Cursor) (rows [][]string, after string, err error) {
				for _, l := range view.Labels {
					row := []string{l.Code, l.Name, l.Label.Number, p.InputDate(l.Label.AwardedOn)}
					for _, m := range l.Milestones {
						row = append(row, p.InputDate(m.On))
					}
					rows = append(rows, row)
				}
				return rows, "", nil
			},
		})
	}
	return p.Render("portfolio_timeline", view)
}

// MilestoneKey is the key of the word for a date of a label.
func (l LabelLine) MilestoneKey(m label.Milestone) string {
	return fmt.Sprint("page.portfolio.m_", m.Kind)
}
