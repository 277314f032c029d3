package web

import (
	"maillon/qms"
	"maillon/qms/label"
)

// CoverageChart is how far each theme is met, as bars beside each other.
type CoverageChart struct {
	Title         string
	Width, Height int
	Bars          []CoverageBar
	Ticks         []ChartTick
}

// CoverageBar is one theme.
type CoverageBar struct {
	Label, Word, Title string
	State              string // that colours it
	Y, TextY           int
	Said               int // where the figures end
	X, Width, Track    int // of the bar and of what it could be
	Mark               int // where it stood on the earlier day; 0 for no comparison
}

const (
	coverageRow, coverageSaid, coverageLeft, coverageWidth = 30, 275, 290, 860 // the figures stand before the bar: a phone shows them without scrolling
	coverageTrack                                          = coverageWidth - coverageLeft - 20
)

// coverageChart draws the themes, with a mark where each stood on the earlier day.
func (p *Page) coverageChart(c label.Coverage, since qms.Date, earlier func(label.Theme) label.ThemeCoverage) CoverageChart {
	chart := CoverageChart{Title: p.T("page.assessment.chart"), Width: coverageWidth, Height: len(c.Themes)*coverageRow + 30}
	for i, t := range c.Themes {
		percent := t.Percent()
		bar := CoverageBar{Label: p.T("theme." + string(t.Theme)), Word: p.Percent(percent, 100) + ", " + p.Number(int64(t.Answered)) + "/" + p.Number(int64(t.Total)),
			State: "failed", Y: i*coverageRow + 8, TextY: i*coverageRow + 22, Said: coverageSaid, X: coverageLeft, Width: coverageTrack * percent / 100, Track: coverageTrack}
		switch {
		case t.Answered == 0:
			bar.State = "todo"
		case percent >= 85:
			bar.State = "complete"
		case percent >= 60:
			bar.State = "open"
		case percent >= 30:
			bar.State = "remarks"
		}
		bar.Title = p.T("page.assessment.bar", bar.Label, p.Percent(percent, 100), t.Answered, t.Total)
		if since != 0 {
			bar.Mark = coverageLeft + coverageTrack*earlier(t.Theme).Percent()/100
		}
		chart.Bars = append(chart.Bars, bar)
	}
	for n := 0; n <= 100; n += 25 {
		chart.Ticks = append(chart.Ticks, ChartTick{X: coverageLeft + coverageTrack*n/100, Y: chart.Height - 6, Text: p.Percent(n, 100)})
	}
	return chart
}
