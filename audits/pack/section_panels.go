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
	if len(one.Rows)+len(one.Facts) == 0 {
		follow = 14
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
	if len(one.Facts) > 0 {
		p.pairs(one.Facts)
		p.y += 3
	}
	p.panelTable(one)
	if one.Note != "" {
		p.paragraph(one.Note, note)
	}
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
