package web

import (
	"slices"
	"strings"

	"maillon/qms"
)

// SideBySideView is platforms side by side.
type SideBySideView struct {
	*PortfolioView
	Chosen []*Followed
	Rows   []SideBySideRow
	More   int // chosen too, and not shown
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
	view, wanted := SideBySideView{PortfolioView: v}, p.queries("platform")
	for i := range v.every {
		switch f := &v.every[i]; {
		case !slices.Contains(wanted, f.Code):
		case len(view.Chosen) == comparedMost:
			view.More++
		default:
			view.Chosen = append(view.Chosen, f)
		}
	}
	view.Rows = p.compared(view.Chosen)
	p.Title = p.T("page.portfolio.compare")
	p.Crumb(p.T("page.portfolio.title"), v.Tab("/portfolio"))
	if v.asFile() {
		return p.Export(view.export(p))
	}
	return v.show("portfolio_compare", view)
}

// export is the comparison as it is shown: a fact on each line, a platform in each column.
func (v SideBySideView) export(p *Page) export {
	e := export{name: "comparaison-" + v.Day.String(), heads: []string{"page.portfolio.fact"}, fixed: 1,
		print: &printing{title: p.Title, asOf: v.Day, widths: []float64{.2}, facts: v.facts(p.T("page.portfolio.compared", len(v.Chosen))),
			empty: p.T("page.portfolio.choose_platforms")}}
	for _, f := range v.Chosen {
		e.more, e.print.widths = append(e.more, f.Name), append(e.print.widths, .8/float64(len(v.Chosen)))
	}
	e.next = func(qms.Cursor) (rows [][]string, after string, err error) {
		if len(v.Chosen) == 0 {
			return nil, "", nil
		}
		for _, r := range v.Rows {
			rows = append(rows, append([]string{p.T(r.Key)}, r.Cells...))
		}
		return rows, "", nil
	}
	return e
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
func (p *Page) compared(chosen []*Followed) []SideBySideRow {
	side := &sideBySide{chosen: chosen}
	p.compareCourse(side)
	p.compareLabel(side)
	return side.rows
}

// sideBySide is the comparison as it grows, row by row.
type sideBySide struct {
	chosen []*Followed
	rows   []SideBySideRow
}

// add adds a row of which every cell says whether it is late.
func (s *sideBySide) add(key string, cell func(f *Followed) (string, bool)) {
	row := SideBySideRow{Key: "page.portfolio." + key}
	for _, f := range s.chosen {
		text, late := cell(f)
		row.Cells, row.Late = append(row.Cells, text), append(row.Late, late)
	}
	s.rows = append(s.rows, row)
}

func (s *sideBySide) plain(key string, cell func(f *Followed) string) {
	s.add(key, func(f *Followed) (string, bool) { return cell(f), false })
}

// compareCourse adds where the platforms stand and how their accompaniment goes.
func (p *Page) compareCourse(s *sideBySide) {
	s.plain("stage", (*Followed).Stage)
	s.plain("since", func(f *Followed) string { return p.LongDate(f.Standing.Since) })
	s.plain("officer", func(f *Followed) string { return f.Officer })
	s.plain("institutions", func(f *Followed) string { return f.Behind })
	s.add("next", func(f *Followed) (string, bool) {
		if f.NextOn() == 0 {
			return "", false
		}
		return p.LongDate(f.NextOn()) + ", " + f.NextWords(), f.NextLate()
	})
	s.plain("accompanied_from", func(f *Followed) string { return p.LongDate(f.Start) })
	s.add("planned_end", func(f *Followed) (string, bool) {
		return p.LongDate(f.PlannedEnd), f.Accompanied() && f.PlannedEnd < f.day
	})
	s.plain("sessions", func(f *Followed) string { return p.counted(f.Sessions, f.Start != 0) })
	s.plain("last_session", func(f *Followed) string { return p.LongDate(f.LastSession) })
	s.plain("owed", func(f *Followed) string { return p.counted(f.Owed, f.Start != 0) })
	s.add("overdue", func(f *Followed) (string, bool) { return p.counted(f.Overdue, f.Start != 0), f.Overdue > 0 })
	s.plain("carried", func(f *Followed) string { return p.counted(f.Carried, f.Start != 0) })
}

// compareLabel adds their labels, what was awarded under conditions, and what is late.
func (p *Page) compareLabel(s *sideBySide) {
	s.plain("label", func(f *Followed) string {
		if f.Standing.Label == nil {
			return ""
		}
		return f.Standing.Label.Number
	})
	s.plain("ends", func(f *Followed) string { return p.LongDate(f.Standing.Until) })
	s.add("next_evaluation", func(f *Followed) (string, bool) {
		return p.LongDate(f.Standing.Next.On), f.Standing.Next.On != 0 && f.Standing.Next.On < f.day
	})
	s.plain("conditions", func(f *Followed) string { return p.counted(len(f.Conditions), f.Standing.Label != nil) })
	s.plain("others", func(f *Followed) string { return strings.Join(f.OtherWords(), " ; ") })
	s.add("late_dates", func(f *Followed) (string, bool) { return p.counted(f.LateDates(), true), f.LateDates() > 0 })
}

// counted is a number where there is something to count.
func (p *Page) counted(n int, there bool) string {
	if !there {
		return ""
	}
	return p.Number(int64(n))
}
