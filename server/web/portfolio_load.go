package web

import (
	"slices"
	"strconv"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/label"
)

// loadMonths is how far the load looks ahead, comparedMost how many platforms stand side by
// side, barWide the units that the heaviest month fills.
const (
	loadMonths   = 12
	comparedMost = 6
	barWide      = 200
)

// LoadView is the work of the quality officers by month.
type LoadView struct {
	*PortfolioView
	Months []LoadLine
	Who    []Option // officers, with the key of nobody last
	Most   int      // work of the heaviest month
}

// LoadLine is one month.
type LoadLine struct {
	label.Load
	Bars []LoadBar
}

// LoadBar is the part of one kind of work in the bar of a month.
type LoadBar struct {
	State string
	From  float64
	Wide  float64
}

// X is where the part begins.
func (b LoadBar) X() string { return px(b.From) }

// W is how wide it is.
func (b LoadBar) W() string { return px(b.Wide) }

// Of is the work of one officer in the month.
func (l LoadLine) Of(officer string) int { return l.Load.Of(qms.ID(officer)) }

// Total is the work of one kind in the month.
func (l LoadLine) Total(effort string) int { return l.Load.Total(label.Effort(effort)) }

var effortState = map[label.Effort]string{label.EffortSession: "accompanied", label.EffortEvaluation: "labelled", label.EffortFile: "expiring"}

func (s *Site) portfolioLoad(p *Page) error {
	v, err := s.portfolioView(p, "load")
	if err != nil {
		return err
	}
	lines := make([]label.PortfolioLine, len(v.Lines))
	for i := range v.Lines {
		lines[i] = v.Lines[i].PortfolioLine
	}
	view := LoadView{PortfolioView: v}
	loads := label.LoadOf(lines, v.Day, loadMonths)
	for _, id := range sortedNames(v.whole.Names) {
		view.Who = append(view.Who, Option{string(id), v.whole.Names[id]})
	}
	for _, l := range loads {
		view.Most = max(view.Most, l.Sum())
		if l.Of("") > 0 && !slices.ContainsFunc(view.Who, func(o Option) bool { return o.Value == "" }) {
			view.Who = append(view.Who, Option{"", p.T("page.candidacy.nobody")})
		}
	}
	for _, l := range loads {
		view.Months = append(view.Months, LoadLine{l, bars(l, view.Most)})
	}
	p.Title = p.T("page.portfolio.load")
	p.Crumb(p.T("page.portfolio.title"), v.Tab("/portfolio"))
	if v.asFile() {
		return p.exportLoad(view)
	}
	return v.show("portfolio_load", view)
}

// bars draws the work of a month on two hundred units, which the heaviest month fills.
func bars(l label.Load, most int) (all []LoadBar) {
	x := 0.0
	for _, e := range label.Efforts() {
		if n := l.Total(e); n > 0 {
			w := barWide * float64(n) / float64(most)
			all = append(all, LoadBar{effortState[e], x, max(w-1, 1)})
			x += w
		}
	}
	return all
}

func (p *Page) exportLoad(v LoadView) error {
	e := export{name: "charge-" + v.Day.String(), fixed: 1, kinds: map[int]cell{1: countCell, 2: countCell, 3: countCell, 4: countCell},
		heads: []string{"page.portfolio.month", "page.portfolio.effort_session", "page.portfolio.effort_evaluation", "page.portfolio.effort_file", "page.portfolio.total"}}
	for i, o := range v.Who {
		e.more, e.kinds[5+i] = append(e.more, o.Label), countCell
	}
	e.print = &printing{title: p.Title, asOf: v.Day, right: map[int]bool{}, widths: []float64{.12}, drawn: v.drawn,
		facts: v.facts(p.T("page.portfolio.load_lead")), empty: p.T("page.portfolio.empty")}
	for i := 1; i < len(e.heads)+len(e.more); i++ {
		e.print.widths, e.print.right[i] = append(e.print.widths, .5/float64(len(e.heads)+len(e.more)-1)), true
	}
	e.next = func(qms.Cursor) (rows [][]string, after string, err error) {
		for _, l := range v.Months {
			row := []string{p.Month(l.Month)}
			for _, effort := range label.Efforts() {
				row = append(row, strconv.Itoa(l.Load.Total(effort)))
			}
			row = append(row, strconv.Itoa(l.Sum()))
			for _, o := range v.Who {
				row = append(row, strconv.Itoa(l.Of(o.Value)))
			}
			rows = append(rows, row)
		}
		return rows, "", nil
	}
	return p.Export(e)
}

// drawn sets the bars of the months beside them.
func (v LoadView) drawn(l *pack.List) {
	l.Facts = append(l.Facts, v.page.T("page.portfolio.load_hint"), v.page.T("page.portfolio.load_legend"))
	l.Columns = slices.Insert(l.Columns, 1, pack.ListColumn{Width: .38})
	for i := range l.Lines {
		strip := &pack.Strip{Now: -1}
		for _, b := range v.Months[i].Bars {
			strip.Spans = append(strip.Spans, pack.StripSpan{State: b.State, From: b.From / barWide, Wide: b.Wide / barWide})
		}
		l.Lines[i].Cells = slices.Insert(l.Lines[i].Cells, 1, pack.ListCell{Strip: strip})
	}
}
