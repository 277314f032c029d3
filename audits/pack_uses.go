package audits

import (
	"cmp"
	"context"
	"slices"
	"time"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/trace"
)

// yearUses are the uses of one piece of equipment in one year, by month.
type yearUses struct {
	times   [12]int
	minutes int64
	wanting int // uses that no training covers
}

// useTally counts uses by year and equipment: however many there are, memory holds one line for each pair.
type useTally map[int]map[qms.ID]*yearUses

func (t useTally) add(v trace.UseVerdict) {
	year, month := v.Use.Date.Year(), v.Use.Date.Month()
	if t[year] == nil {
		t[year] = map[qms.ID]*yearUses{}
	}
	if t[year][v.Use.Equipment] == nil {
		t[year][v.Use.Equipment] = &yearUses{}
	}
	u := t[year][v.Use.Equipment]
	u.times[month-1]++
	u.minutes += v.Use.Minutes
	if v.Check != "" {
		u.wanting++
	}
}

// usesByMonth tells how much each piece of equipment was used, one table a year, the latest first.
func (g *gathering) usesByMonth(t useTally, pieces map[qms.ID]trace.Equipment) {
	years := make([]int, 0, len(t))
	for y := range t {
		years = append(years, y)
	}
	slices.SortFunc(years, func(a, b int) int { return b - a })
	for _, year := range years {
		panel := pack.Panel{Title: g.say.T("pack.uses_of_year", yearWords(year)), Columns: []pack.ListColumn{{Title: g.say.T("pack.col.equipment"), Width: 58}}}
		for m := time.January; m <= time.December; m++ {
			panel.Columns = append(panel.Columns, pack.ListColumn{Title: g.say.T("pack.month_short." + qms.NewDate(2000, m, 1).String()[5:7]), Width: 13, Right: true})
		}
		for _, h := range []head{{"pack.col.total", 17}, {"pack.col.hours", 20}, {"pack.col.uncovered", 20}} {
			panel.Columns = append(panel.Columns, pack.ListColumn{Title: g.say.T(h.key), Width: h.width, Right: true})
		}
		for id, u := range t[year] {
			panel.Rows = append(panel.Rows, g.useRow(pieces[id], u))
		}
		slices.SortFunc(panel.Rows, func(a, b []pack.Told) int { return cmp.Compare(a[0].Text, b[0].Text) })
		g.tell("uses", panel)
	}
}

// yearWords is a year as people write it, without the spaces of a number.
func yearWords(year int) string { return qms.NewDate(year, 1, 1).String()[:4] }

func (g *gathering) useRow(e trace.Equipment, u *yearUses) []pack.Told {
	row := []pack.Told{{Text: e.Code, Strong: true, Below: e.Name}}
	total := 0
	for _, n := range u.times {
		total += n
		cell := plain("")
		if n > 0 {
			cell.Text = g.say.Number(int64(n))
		}
		row = append(row, cell)
	}
	wanting := plain("0")
	if u.wanting > 0 {
		wanting = pack.Told{Text: g.say.Number(int64(u.wanting)), State: "expired"}
	}
	return append(row, strong(g.say.Number(int64(total))), plain(g.say.Number((u.minutes+30)/60)), wanting)
}

// uses reads the uses of the period, counted by month, and those that no training covers.
func (g *gathering) uses(ctx context.Context) error {
	if err := g.chains(ctx); err != nil {
		return err
	}
	pieces, err := g.s.trace.EquipmentByID(ctx, g.r, g.platform)
	if err != nil {
		return err
	}
	g.usesByMonth(g.used, pieces)
	return nil
}
