package web

import (
	"fmt"
	"slices"
	"strconv"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/label"
)

// programmeLabel is what the filter of the timeline calls the label of the programme itself.
const programmeLabel = "programme"

// LabelLine is one label of the timeline, with the dates that it has: one of the programme, or of another
// body.
type LabelLine struct {
	*Followed
	Label      *label.Label
	Other      *label.OtherLabel // of another body; nil for one of the programme
	Milestones []label.Milestone // none of another body's
	State      string
	Spark      Spark
}

// Called is what the label is called.
func (l LabelLine) Called() string {
	if l.Other != nil {
		return l.Other.Called()
	}
	return l.Label.Number
}

// By is who awarded a label of another body, and its number there.
func (l LabelLine) By() string {
	switch {
	case l.Other == nil:
		return ""
	case l.Other.Number == "":
		return l.Other.Body
	}
	return l.Other.Body + ", " + l.Other.Number
}

// From is the first day of the label.
func (l LabelLine) From() qms.Date {
	if l.Other != nil {
		return l.Other.FromDate
	}
	return l.Label.AwardedOn
}

// End is the first day without another body's label, and how that looks; none where it has no end.
func (l LabelLine) End() label.Milestone {
	if l.Other == nil || l.Other.UntilDate == 0 {
		return label.Milestone{}
	}
	m := label.Milestone{On: l.Other.UntilDate, Kind: label.MilestoneEnd}
	if l.Other.Closed != "" {
		m.Done = l.Other.UntilDate
	}
	return m
}

// When is a date of the label with its shape: done, late or to come.
func (l LabelLine) When(m label.Milestone) string {
	switch {
	case m.Done != 0:
		return "done"
	case m.On < l.day:
		return "late"
	}
	return "due"
}

// MilestoneKey is the key of the word for a date of a label.
func (l LabelLine) MilestoneKey(m label.Milestone) string {
	return fmt.Sprint("page.portfolio.m_", m.Kind)
}

// labels are the labels of the lines, the latest of each platform with what is met of it, and then those of
// other bodies. Kind keeps one sort of them: the programme's, or one of other bodies.
func (v *PortfolioView) labels(kind string) (lines []LabelLine) {
	for i := range v.Lines {
		f := &v.Lines[i]
		if kind == "" || kind == programmeLabel {
			lines = append(lines, f.ours()...)
		}
		for n := range f.Others {
			if o := &f.Others[n]; kind == "" || kind == string(o.Kind) {
				l := LabelLine{Followed: f, Other: o, State: "valid"}
				if o.UntilDate != 0 && o.UntilDate <= f.day {
					l.State = "superseded"
				}
				l.Spark = f.drawOther(l)
				lines = append(lines, l)
			}
		}
	}
	return lines
}

// ours are the labels that the programme awarded to the platform.
func (f *Followed) ours() (lines []LabelLine) {
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
	return lines
}

// drawOther draws a label of another body: until its end, or on to the edge where it has none.
func (f *Followed) drawOther(l LabelLine) Spark {
	a, p, o := axisOn(f.day), f.page, l.Other
	d := Spark{Day: a.at(f.day), Tracks: sparkTracks()}
	end := o.UntilDate
	if end == 0 {
		end = a.first.AddMonths(12 * sparkYears)
		d.Words = p.T("page.portfolio.drawn_other_open", l.Called(), o.FromDate)
	} else {
		d.Words = p.T("page.portfolio.drawn_label", l.Called(), o.FromDate, end.AddDays(-1))
	}
	d.span(a, "other", false, o.FromDate, min(end, f.day))
	d.span(a, "other", true, max(f.day, o.FromDate), end)
	return d
}

// OtherKinds are what the timeline can be narrowed to: every label, the programme's, or one sort of others.
func (v *PortfolioView) OtherKinds() []Option {
	options := []Option{{"", v.page.T("page.portfolio.any_label")}, {programmeLabel, v.page.T("page.portfolio.programme")}}
	for _, kind := range label.OtherKinds() {
		options = append(options, Option{string(kind), v.page.T("page.others.kind_" + string(kind))})
	}
	return options
}

// OtherWords say which labels of other bodies the platform holds on the day, and until when.
func (f *Followed) OtherWords() (words []string) {
	for i := range f.Others {
		o := &f.Others[i]
		switch {
		case o.UntilDate == 0:
			words = append(words, f.page.T("page.portfolio.other_since", o.Called(), o.FromDate))
		case o.UntilDate > f.day:
			words = append(words, f.page.T("page.portfolio.other_until", o.Called(), o.UntilDate.AddDays(-1)))
		}
	}
	return words
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
	view := TimelineView{v, v.labels(p.Query("label"))}
	p.Title = p.T("page.portfolio.timeline")
	p.Crumb(p.T("page.portfolio.title"), v.Tab("/portfolio"))
	if v.asFile() {
		return p.Export(view.export(p))
	}
	return v.show("portfolio_timeline", view)
}

func (v TimelineView) export(p *Page) export {
	days := map[int]cell{4: dayCell, 5: dayCell, 6: dayCell, 7: dayCell, 8: dayCell}
	right := map[int]bool{4: true, 5: true, 6: true, 7: true, 8: true}
	return export{
		name: "frise-" + v.Day.String(), fixed: 2, kinds: days,
		heads: []string{"page.portfolio.code", "page.portfolio.platform", "page.portfolio.label", "page.portfolio.by", "page.portfolio.from", "page.portfolio.m_follow-up-24",
			"page.portfolio.m_follow-up-48", "page.portfolio.m_renewal", "page.portfolio.m_end"},
		print: &printing{title: p.Title, asOf: v.Day, right: right, empty: p.T("page.portfolio.no_label"), widths: []float64{.06, .15, .1, 0, .07, .07, .07, .11, .07},
			facts: v.facts(p.T("page.portfolio.labels", len(v.Labels))), drawn: v.drawn},
		next: func(qms.Cursor) (rows [][]string, after string, err error) {
			for _, l := range v.Labels {
				row := []string{l.Code, l.Name, l.Called(), l.By(), p.InputDate(l.From())}
				for _, m := range l.Milestones {
					row = append(row, p.InputDate(m.On))
				}
				if l.Other != nil {
					row = append(row, "", "", "", p.InputDate(l.End().On))
				}
				rows = append(rows, row)
			}
			return rows, "", nil
		},
	}
}

// drawn sets the ways of the labels beside their names, under the years.
func (v TimelineView) drawn(l *pack.List) {
	var years []pack.AxisMark
	for year := 0; year < sparkYears; year += 2 {
		years = append(years, pack.AxisMark{At: float64(year) / sparkYears, Text: strconv.Itoa(v.SparkFrom() + year)})
	}
	l.Facts = append(l.Facts, v.page.T("page.portfolio.drawn_legend"))
	l.Columns, l.Axes = slices.Insert(l.Columns, 3, pack.ListColumn{Width: .33}), map[int][]pack.AxisMark{3: years}
	for i := range l.Lines {
		l.Lines[i].Cells = slices.Insert(l.Lines[i].Cells, 3, pack.ListCell{Strip: v.Labels[i].Spark.strip(sparkYears * sparkYear)})
	}
}

// strip is the drawing as paper has it: in shares of its width.
func (s Spark) strip(width float64) *pack.Strip {
	strip := &pack.Strip{Now: s.Day / width}
	for _, x := range s.Tracks {
		strip.Tracks = append(strip.Tracks, float64(x)/width)
	}
	for _, span := range s.Spans {
		strip.Spans = append(strip.Spans, pack.StripSpan{State: span.State, Plan: span.Plan, From: span.From / width, Wide: span.Wide / width})
	}
	for _, tick := range s.Ticks {
		strip.Ticks = append(strip.Ticks, pack.StripTick{State: tick.State, Done: tick.Done, At: tick.On / width})
	}
	return strip
}
