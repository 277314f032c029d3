package web

import (
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
	Day    float64
	Words  string // what is drawn, for who does not see it
}

// Today is where the day of the drawing is.
func (s Spark) Today() string { return px(s.Day) }

// SparkSpan is a stretch of time: what went by, or what is planned.
type SparkSpan struct {
	State string
	Plan  bool
	From  float64
	Wide  float64
}

// X is where the stretch begins on the drawing.
func (s SparkSpan) X() string { return px(s.From) }

// W is how wide it is.
func (s SparkSpan) W() string { return px(s.Wide) }

// SparkTick is one date.
type SparkTick struct {
	State string
	Done  bool
	On    float64
}

// X is where the date is on the drawing.
func (t SparkTick) X() string { return px(t.On) }

// axis places days on the drawing.
type axis struct{ first qms.Date }

func axisOn(day qms.Date) axis { return axis{qms.NewDate(day.Year()-sparkBehind, 1, 1)} }

func (a axis) at(day qms.Date) float64 {
	years := float64(day.Year() - a.first.Year())
	begin := qms.NewDate(day.Year(), 1, 1)
	x := (years + float64(begin.DaysUntil(day))/366) * sparkYear
	return min(max(x, 0), sparkYears*sparkYear)
}

func px(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// SparkHeads are the years written above the drawings.
func (v *PortfolioView) SparkHeads() (heads []DrawnWord) {
	first := axisOn(v.Day).first.Year()
	for i := 0; i < sparkYears; i += 2 {
		heads = append(heads, DrawnWord{X: i*sparkYear + 2, Y: 20, Text: strconv.Itoa(first + i)})
	}
	return heads
}

// SparkFrom is the first year drawn, SparkTo the last.
func (v *PortfolioView) SparkFrom() int { return axisOn(v.Day).first.Year() }

// SparkTo is the last year drawn.
func (v *PortfolioView) SparkTo() int { return v.SparkFrom() + sparkYears - 1 }

func sparkTracks() (tracks []int) {
	for i := 1; i < sparkYears; i++ {
		tracks = append(tracks, i*sparkYear)
	}
	return tracks
}

// Spark draws the way of the platform.
func (f *Followed) Spark() Spark {
	p, a := f.page, axisOn(f.day)
	d := Spark{Day: a.at(f.day), Tracks: sparkTracks()}
	var words []string
	if f.Start != 0 {
		end := f.EndedOn
		if end == 0 {
			d.span(a, "accompanied", true, f.day, f.PlannedEnd)
			end = f.day
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
		if m.Done == 0 && m.On < f.day {
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
		if e.Label != l.ID || e.Date > f.day {
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
	d.span(a, state, false, l.AwardedOn, min(end, max(f.day, l.AwardedOn)))
	d.span(a, state, true, max(f.day, l.AwardedOn), end)
	return p.T("page.portfolio.drawn_label", l.Number, l.AwardedOn, end.AddDays(-1))
}

// span draws a stretch; nothing where it is empty or outside.
func (s *Spark) span(a axis, state string, plan bool, from, until qms.Date) {
	if from == 0 || until <= from {
		return
	}
	if x, end := a.at(from), a.at(until); end > x {
		s.Spans = append(s.Spans, SparkSpan{State: state, Plan: plan, From: x, Wide: end - x})
	}
}

func (s *Spark) tick(a axis, state string, done bool, on qms.Date) {
	if x := a.at(on); x > 0 && x < sparkYears*sparkYear {
		s.Ticks = append(s.Ticks, SparkTick{State: state, Done: done, On: x})
	}
}
