package pack

// panels draws a section that is told in panels.
func panels(key string, wide bool) func(*paper, *Contents) {
	return func(p *paper, c *Contents) {
		p.opens(key, wide, 30)
		for i := range c.Panels[key] {
			p.panel(&c.Panels[key][i])
		}
		if len(c.Panels[key]) == 0 {
			p.empty(p.say.T("pack.nothing_there"))
		}
	}
}

// panel sets one panel where the pen stands.
func (p *paper) panel(one *Panel) {
	follow := 30.0
	switch {
	case len(one.Rows)+len(one.Facts) > 0:
	case one.Empty != "":
		follow = 14
	default: // it introduces those that follow
		follow = 50
	}
	switch {
	case one.Title == "":
	case one.Minor:
		p.subtitle(one.Title, follow)
	default:
		p.heading(1, one.Title, follow)
	}
	if one.Mark != "" {
		p.mark(one.Mark, p.y)
	}
	for _, text := range one.Text {
		p.paragraph(text, body)
	}
	switch {
	case len(one.Facts) == 0:
	case one.Compact:
		p.columns(one.Facts)
	default:
		p.pairs(one.Facts)
		p.y += 3
	}
	p.panelTable(one)
	if one.Note != "" {
		p.paragraph(one.Note, note)
	}
}

// columns sets names and values in two columns of small letters.
func (p *paper) columns(facts [][2]string) {
	const gap, name = 6.0, 32.0
	width := (p.width() - gap) / 2
	for i := 0; i < len(facts); i += 2 {
		lines, most := [2][]string{}, 1
		for n, fact := range facts[i:min(i+2, len(facts))] {
			lines[n] = p.Wrap(fact[1], width-name, small)
			most = max(most, len(lines[n]))
		}
		p.need(float64(most)*small.Lead() + 1)
		for n, fact := range facts[i:min(i+2, len(facts))] {
			x := p.left() + float64(n)*(width+gap)
			p.At(x, p.y+small.Lead()*0.76, p.Short(fact[0], name-2, smaller), smaller)
			for k, l := range lines[n] {
				p.At(x+name, p.y+(float64(k)+0.76)*small.Lead(), l, small)
			}
		}
		p.y += float64(most)*small.Lead() + 1
	}
	p.y += 2
}

func (p *paper) panelTable(one *Panel) {
	if len(one.Rows) == 0 {
		if one.Empty != "" {
			p.empty(one.Empty)
		}
		return
	}
	columns := make([]column, len(one.Columns))
	for i, c := range one.Columns {
		columns[i] = column{c.Title, c.Width, c.Right}
	}
	rows := make([][]cell, len(one.Rows))
	for i, row := range one.Rows {
		rows[i] = make([]cell, len(columns))
		for n, c := range row[:min(len(row), len(columns))] {
			rows[i][n] = cell{text: c.Text, below: c.Below, state: c.State, strong: c.Strong, lines: c.Lines, strip: c.Strip, mark: c.Mark, refs: c.Refs}
		}
	}
	p.table(columns, rows)
}
