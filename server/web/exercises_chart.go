package web

import (
	"math"
	"slices"
	"strconv"
	"time"

	"maillon/audits"
	"maillon/qms"
)

// bucket is a stretch of months of a chart, with what was counted in it.
type bucket struct {
	Label    string
	From, To qms.Date // first and last day
	Counts   map[string]int
}

// maxBuckets is how many bars a chart has; more months are drawn by quarter, then by year.
const maxBuckets = 36

// buckets puts the months of a tally together into at most maxBuckets, without gaps.
func (p *Page) buckets(t *audits.Tally) []bucket {
	var first, last qms.Date
	for month := range t.Months {
		on, err := qms.ParseDate(month + "-01")
		if err != nil {
			continue
		}
		if first == 0 || on < first {
			first = on
		}
		last = max(last, on)
	}
	if first == 0 {
		return nil
	}
	months := (last.Year()-first.Year())*12 + int(last.Month()) - int(first.Month()) + 1
	step := 1
	switch {
	case months > 3*maxBuckets:
		step = 12
	case months > maxBuckets:
		step = 3
	}
	from := qms.NewDate(first.Year(), time.Month((int(first.Month())-1)/step*step+1), 1)
	var all []bucket
	for ; from <= last && len(all) < 3*maxBuckets; from = from.AddMonths(qms.Months(step)) {
		b := bucket{From: from, To: from.AddMonths(qms.Months(step)).AddDays(-1), Counts: map[string]int{}}
		for n := range step {
			for key, count := range t.Months[from.AddMonths(qms.Months(n)).String()[:len("2026-01")]] {
				b.Counts[key] += count
			}
		}
		b.Label = p.bucketLabel(from, step)
		all = append(all, b)
	}
	return all
}

func (p *Page) bucketLabel(from qms.Date, step int) string {
	switch step {
	case 1:
		return p.Month(from)
	case 3:
		return p.T("page.exercises.quarter", (int(from.Month())+2)/3, strconv.Itoa(from.Year()))
	}
	return strconv.Itoa(from.Year())
}

// Chart is a drawing with its scale: stacked bars, or a line through points.
type Chart struct {
	Title         string
	Width, Height int
	Base, Left    int
	Grid          []ChartTick
	Ticks         []ChartTick
	Bars          []ChartPart
	Lines         []ChartCurve
	Legend        []ChartKey
}

// ChartTick is a word at a place of an axis.
type ChartTick struct {
	X, Y int
	Text string
}

// ChartPart is one part of a bar. Class is its colour.
type ChartPart struct {
	X, Y, Width, Height int
	Class, Title        string
	Word                string // on it, where there is room
}

// WordX is the middle of the part.
func (b ChartPart) WordX() int { return b.X + b.Width/2 }

// WordY is the base line of its word.
func (b ChartPart) WordY() int { return b.Y + b.Height/2 + 4 }

// ChartCurve is a line with its points.
type ChartCurve struct {
	Class, Points string
	Dots          []ChartDot
}

// ChartDot is one point of a line.
type ChartDot struct {
	X, Y  int
	Title string
}

// ChartKey is one line of the legend.
type ChartKey struct{ Class, Code, Label string }

const (
	chartWidth, chartHeight      = 860, 230
	chartLeft, chartTop, chartUp = 44, 14, 190 // the base line is at chartUp
)

// nice is a round number not less than n, and a step that divides it into at most five.
func nice(n int) (top, step int) {
	if n <= 5 {
		return max(1, n), 1
	}
	magnitude := math.Pow(10, math.Floor(math.Log10(float64(n)/5)))
	for _, m := range []float64{1, 2, 5, 10} {
		if step = int(m * magnitude); step*5 >= n {
			break
		}
	}
	return (n + step - 1) / step * step, step
}

// seriesColours is how many colours tell the kinds of a chart apart; further kinds share the last.
const seriesColours = 12

// stacked draws, for each bucket, how often each of the checks fired.
func (p *Page) stacked(title string, buckets []bucket, checks []string) *Chart {
	c := &Chart{Title: title, Width: chartWidth, Height: chartHeight, Base: chartUp, Left: chartLeft}
	most, checks := fired(buckets, checks)
	if most == 0 {
		return nil
	}
	top := c.scale(p, most)
	for i, check := range checks {
		c.Legend = append(c.Legend, ChartKey{colour(i), check, p.T("check." + check + ".title")})
	}
	slot := float64(chartWidth-chartLeft-8) / float64(len(buckets))
	every := max(1, (len(buckets)+11)/12)
	for i, b := range buckets {
		x := chartLeft + int(slot*float64(i)+slot*0.14)
		width := max(3, int(slot*0.72))
		sum := 0
		for k, check := range checks {
			n := b.Counts[check]
			if n == 0 {
				continue
			}
			low, high := c.at(sum, top), c.at(sum+n, top)
			sum += n
			part := ChartPart{X: x, Y: high, Width: width, Height: max(1, low-high), Class: colour(k), Title: p.T("page.exercises.bar", b.Label, check, n)}
			if part.Height >= 16 && part.Width >= 26 {
				part.Word = check
			}
			c.Bars = append(c.Bars, part)
		}
		if i%every == 0 {
			c.Ticks = append(c.Ticks, ChartTick{X: x + width/2, Y: chartUp + 18, Text: p.tick(b)})
		}
	}
	return c
}

// fired is the highest of the buckets, and those of the checks that fired in any.
func fired(buckets []bucket, checks []string) (most int, some []string) {
	total := map[string]int{}
	for _, b := range buckets {
		sum := 0
		for _, check := range checks {
			sum += b.Counts[check]
			total[check] += b.Counts[check]
		}
		most = max(most, sum)
	}
	return most, slices.DeleteFunc(slices.Clone(checks), func(check string) bool { return total[check] == 0 })
}

func colour(i int) string { return "c" + strconv.Itoa(min(i, seriesColours-1)) }

// tick is the short word under a bar.
func (p *Page) tick(b bucket) string {
	if b.To.DaysUntil(b.From) < -40 {
		return b.Label
	}
	return b.From.String()[5:7] + "/" + b.From.String()[2:4]
}

func (c *Chart) scale(p *Page, most int) (top int) {
	top, step := nice(most)
	for n := 0; n <= top; n += step {
		c.Grid = append(c.Grid, ChartTick{X: chartLeft - 8, Y: c.at(n, top), Text: p.Number(int64(n))})
	}
	return top
}

func (c *Chart) at(n, top int) int { return chartUp - (chartUp-chartTop)*n/top }

// scores draws the scores of exercises, in percent, as one line for each kind.
func (p *Page) scores(title string, all []audits.Exercise) *Chart {
	c := &Chart{Title: title, Width: chartWidth, Height: chartHeight, Base: chartUp, Left: chartLeft}
	for n := 0; n <= 100; n += 20 {
		c.Grid = append(c.Grid, ChartTick{X: chartLeft - 8, Y: c.at(n, 100), Text: p.Percent(n, 100)})
	}
	first, last := all[0].AsOf, all[len(all)-1].AsOf
	span := max(1, first.DaysUntil(last))
	x := func(d qms.Date) int { return chartLeft + 16 + (chartWidth-chartLeft-48)*first.DaysUntil(d)/span }
	for year := first.Year(); year <= last.Year(); year++ {
		if on := qms.NewDate(year, 1, 1); on >= first {
			c.Ticks = append(c.Ticks, ChartTick{X: x(on), Y: chartUp + 18, Text: strconv.Itoa(year)})
		}
	}
	if len(c.Ticks) == 0 {
		c.Ticks = append(c.Ticks, ChartTick{X: x(first), Y: chartUp + 18, Text: p.Date(first)})
		if last != first {
			c.Ticks = append(c.Ticks, ChartTick{X: x(last), Y: chartUp + 18, Text: p.Date(last)})
		}
	}
	for i, kind := range []string{audits.FullScope, string(audits.Services), string(audits.Access)} {
		line := ChartCurve{Class: colour(i)}
		for _, e := range all {
			if exerciseKind(e) != kind {
				continue
			}
			dot := ChartDot{X: x(e.AsOf), Y: c.at(int(percentOf(e)), 100), Title: e.Number + ", " + p.Date(e.AsOf) + ", " + p.Percent(int(e.Found), int(e.Expected))}
			line.Dots = append(line.Dots, dot)
			line.Points += strconv.Itoa(dot.X) + "," + strconv.Itoa(dot.Y) + " "
		}
		if len(line.Dots) > 0 {
			c.Lines = append(c.Lines, line)
			c.Legend = append(c.Legend, ChartKey{Class: line.Class, Label: p.T("page.exercises.kind_" + kind)})
		}
	}
	return c
}

// exerciseKind is what scores can be compared by.
func exerciseKind(e audits.Exercise) string {
	if e.Scope == audits.FullScope {
		return audits.FullScope
	}
	return string(e.Kind)
}

func percentOf(e audits.Exercise) int64 {
	return audits.Score{Found: e.Found, Expected: e.Expected}.Percent()
}
