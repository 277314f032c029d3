package web

import (
	"slices"
	"strconv"

	"maillon/qms"
	"maillon/qms/label"
)

// loadMonths is how far the load looks ahead, comparedMost how many platforms stand side by side.
const (
	loadMonths   = 12
	comparedMost = 6
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
	X, W  string
}

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
	loads := label.LoadOf(lines, p.Today, loadMonths)
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
	p.Crumb(p.T("page.portfolio.title"), "/portfolio")
	if p.Exported() {
		return p.exportLoad(view)
	}
	return p.Render("portfolio_load", view)
}

// bars draws the work of a month on two hundred units, which the heaviest month fills.
func bars(l label.Load, most int) (all []LoadBar) {
	x := 0.0
	for _, e := range label.Efforts() {
		if n := l.Total(e); n > 0 {
			w := 200 * float64(n) / float64(most)
			all = append(all, LoadBar{effortState[e], px(x), px(max(w-1, 1))})
			x += w
		}
	}
	return all
}

func (p *Page) exportLoad(v LoadView) error {
	e := export{name: "charge-" + p.Today.String(), fixed: 1, kinds: map[int]cell{1: countCell, 2: countCell, 3: countCell, 4: countCell},
		heads: []string{"page.portfolio.month", "page.portfolio.effort_session", "page.portfolio.effort_evaluation", "page.portfolio.effort_file", "page.portfolio.total"}}
	for i, o := range v.Who {
		e.more, e.kinds[5+i] = append(e.more, o.Label), countCell
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

// SideBySideView is platforms side by side.
type SideBySideView struct {
	*PortfolioView
	Chosen []*Followed
	Rows   []SideBySideRow
}

// SideBySideRow is one fact of each of the platforms.
type SideBySideRow struct {
	Key   string
	Cells []string
	Late  []bool
}

// IsChosen reports whether the platform is compared.
func (v SideBySideView) IsChosen(code string) bool {
	return slices.ContainsFunc(v.Chosen, func(f *Followed) bool { return f.Code == code })
}

// Flagged reports whether the cell of the row is late.
func (r SideBySideRow) Flagged(i int) bool { return i < len(r.Late) && r.Late[i] }

func (s *Site) portfolioCompare(p *Page) error {
	v, err := s.portfolioView(p, "compare")
	if err != nil {
		return err
	}
	view := SideBySideView{PortfolioView: v}
	for i := range v.Lines {
		if slices.Contains(p.queries("platform"), v.Lines[i].Code) && len(view.Chosen) < comparedMost {
			view.Chosen = append(view.Chosen, &v.Lines[i])
		}
	}
	view.Rows = p.compared(view.Chosen)
	p.Title = p.T("page.portfolio.compare")
	p.Crumb(p.T("page.portfolio.title"), "/portfolio")
	return p.Render("portfolio_compare", view)
}

// queries are all values of a name in the address.
func (p *Page) queries(name string) (values []string) {
	for key, value := range p.c.Context().QueryArgs().All() {
		if string(key) == name {
			values = append(values, readable(string(value)))
		}
	}
	return values
}

// compared are the facts of the platforms, one row for each.
func (p *Page) compared(chosen []*Followed) (rows []SideBySideRow) {
	add := func(key string, cell func(f *Followed) (string, bool)) {
		row := SideBySideRow{Key: "page.portfolio." + key}
		for _, f := range chosen {
			text, late := cell(f)
			row.Cells, row.Late = append(row.Cells, text), append(row.Late, late)
		}
		rows = append(rows, row)
	}
	plain := func(key string, cell func(f *Followed) string) {
		add(key, func(f *Followed) (string, bool) { return cell(f), false })
	}
	plain("stage", (*Followed).Stage)
	plain("since", func(f *Followed) string { return p.LongDate(f.Standing.Since) })
	plain("officer", func(f *Followed) string { return f.Officer })
	plain("institutions", func(f *Followed) string { return f.Behind })
	add("next", func(f *Followed) (string, bool) {
		if f.NextOn() == 0 {
			return "", false
		}
		return p.LongDate(f.NextOn()) + ", " + f.NextWords(), f.NextLate()
	})
	plain("accompanied_from", func(f *Followed) string { return p.LongDate(f.Start) })
	add("planned_end", func(f *Followed) (string, bool) {
		return p.LongDate(f.PlannedEnd), f.Accompanied() && f.PlannedEnd < p.Today
	})
	plain("sessions", func(f *Followed) string { return p.counted(f.Sessions, f.Start != 0) })
	plain("last_session", func(f *Followed) string { return p.LongDate(f.LastSession) })
	plain("owed", func(f *Followed) string { return p.counted(f.Owed, f.Start != 0) })
	add("overdue", func(f *Followed) (string, bool) { return p.counted(f.Overdue, f.Start != 0), f.Overdue > 0 })
	plain("carried", func(f *Followed) string { return p.counted(f.Carried, f.Start != 0) })
	plain("label", func(f *Followed) string {
		if f.Standing.Label == nil {
			return ""
		}
		return f.Standing.Label.Number
	})
	plain("ends", func(f *Followed) string { return p.LongDate(f.Standing.Until) })
	add("next_evaluation", func(f *Followed) (string, bool) {
		return p.LongDate(f.Standing.Next.On), f.Standing.Next.On != 0 && f.Standing.Next.On < p.Today
	})
	plain("conditions", func(f *Followed) string { return p.counted(len(f.Conditions), f.Standing.Label != nil) })
	add("late_dates", func(f *Followed) (string, bool) { return p.counted(f.LateDates(), true), f.LateDates() > 0 })
	return rows
}

// counted is a number where there is something to count.
func (p *Page) counted(n int, there bool) string {
	if !there {
		return ""
	}
	return p.Number(int64(n))
}
