package pack

import (
	"slices"

	"maillon/documents/rendition/typeface"
	"maillon/qms"
)

const (
	nameWidth    = 44.0 // of the first column of the matrix
	cellLeast    = 14.5 // of a column: the date under the shape has to fit
	cellMost     = 20.0
	matrixRow    = 7.0
	matrixHead   = 7.0
	legendRoom   = 8.0
	perEquipment = 5.0
)

// matrix prints the training matrix on pages turned on their side, in as many parts as its columns
// need, all of about one width.
func (p *paper) matrix(c *Contents) {
	p.opens("matrix", true, 30)
	p.skills(c.Matrix, c.AsOf)
}

// skills sets the matrix as of a day on pages that are turned already.
func (p *paper) skills(m Matrix, asOf qms.Date) {
	if len(m.People) == 0 || len(m.Equipment) == 0 {
		p.empty(p.say.T("pack.matrix_none"))
		return
	}
	p.paragraph(p.say.T("pack.matrix_text", len(m.People), len(m.Equipment), p.say.LongDate(asOf)), body)
	p.legend(m)
	most := int((p.width() - nameWidth) / cellLeast)
	parts := (len(m.Equipment) + most - 1) / most
	columns := (len(m.Equipment) + parts - 1) / parts
	for from := 0; from < len(m.Equipment); from += columns {
		until := min(from+columns, len(m.Equipment))
		if from > 0 {
			p.page()
		}
		if parts > 1 {
			p.subtitle(p.say.T("pack.matrix_part", m.Equipment[from].Code, m.Equipment[until-1].Code), 40)
		}
		p.matrixPart(m, from, until, min(cellMost, (p.width()-nameWidth)/float64(columns)))
	}
	p.named(m.Equipment)
}

// legend says what the shapes mean that the matrix shows.
func (p *paper) legend(m Matrix) {
	x := p.left()
	for _, state := range []string{"trainer", "valid", "due", "expiring", "expired"} {
		if !slices.ContainsFunc(m.People, func(t Trainee) bool {
			return slices.ContainsFunc(t.Cells, func(c Cell) bool { return c.State == state })
		}) {
			continue
		}
		p.sign(x, p.y+0.6, 2.8, state)
		f, word := typeface.Of("bold", 8, tone(state)), p.word(state)
		if state == "due" {
			word = p.say.T("pack.matrix_requalify")
		}
		p.At(x+4, p.y+3, word, f)
		x += 4 + p.Measure(word, f) + 8
	}
	p.At(x, p.y+3, p.say.T("pack.matrix_blank"), note)
	p.y += legendRoom
}

func (p *paper) matrixPart(m Matrix, from, until int, cellWidth float64) {
	width := nameWidth + float64(until-from)*cellWidth
	p.matrixHead(m.Equipment[from:until], cellWidth)
	for _, person := range m.People {
		if p.need(matrixRow) {
			p.matrixHead(m.Equipment[from:until], cellWidth)
		}
		p.At(p.left()+padX, p.y+3.1, person.Code, typeface.Of("bold", 7.5, black))
		p.At(p.left()+padX, p.y+6, p.Short(person.Name, nameWidth-2*padX, smaller), smaller)
		for i, cell := range person.Cells[from:until] {
			p.matrixCell(p.left()+nameWidth+(float64(i)+0.5)*cellWidth, cell)
		}
		p.y += matrixRow
		p.Rule(p.left(), p.y, p.left()+width, line, 0.15)
	}
	p.y += 4
}

func (p *paper) matrixHead(equipment []Equipment, cellWidth float64) {
	width := nameWidth + float64(len(equipment))*cellWidth
	p.Fill(p.left(), p.y, width, matrixHead, sunken)
	p.At(p.left()+padX, p.y+4.7, p.say.T("pack.col.person"), headFace)
	for i, e := range equipment {
		p.Centred(p.left()+nameWidth+(float64(i)+0.5)*cellWidth, p.y+4.7, p.Short(e.Code, cellWidth-1, headFace), headFace)
	}
	p.y += matrixHead
	p.Rule(p.left(), p.y, p.left()+width, soft, 0.25)
}

// matrixCell shows the shape of the state and the last day on which it holds.
func (p *paper) matrixCell(middle float64, c Cell) {
	if c.State == "" {
		return
	}
	p.sign(middle-1.4, p.y+0.8, 2.8, c.State)
	last := p.say.T("pack.for_ever")
	if !c.Until.IsZero() {
		last = c.Until.AddDays(-1).Time().Format("02/01/06")
	}
	p.Centred(middle, p.y+6.1, last, typeface.Of("sans", 6.5, tone(c.State)))
}

// named lists what the codes of the columns stand for.
func (p *paper) named(equipment []Equipment) {
	p.heading(1, p.say.T("pack.equipment"), 20)
	const columns = 3
	width := p.width() / columns
	for i := 0; i < len(equipment); i += columns {
		p.need(perEquipment)
		for n, e := range equipment[i:min(i+columns, len(equipment))] {
			x := p.left() + float64(n)*width
			p.At(x, p.y+3.4, p.Short(e.Code, 20, typeface.Of("bold", 8, black)), typeface.Of("bold", 8, black))
			p.At(x+22, p.y+3.4, p.Short(e.Name, width-24, note), note)
		}
		p.y += perEquipment
	}
}

// uses prints how much equipment was used, the trainings given, and the uses that no training covers.
func (p *paper) uses(c *Contents) {
	p.opens("uses", true, 40)
	for i := range c.Panels["uses"] {
		p.panel(&c.Panels["uses"][i])
	}
	p.uncovered(c)
}

// uncovered prints the uses that no training covers.
func (p *paper) uncovered(c *Contents) {
	p.heading(1, p.say.T("pack.uses_uncovered"), 40)
	switch {
	case c.Uses.Total == 0:
		p.empty(p.say.T("pack.uses_none"))
		return
	case len(c.Uses.Uncovered) == 0:
		p.empty(p.say.T("pack.uses_covered", c.Uses.Total))
		return
	}
	p.paragraph(p.say.T("pack.uses_text", len(c.Uses.Uncovered), c.Uses.Total), body)
	rows := make([][]cell, 0, len(c.Uses.Uncovered))
	for _, u := range c.Uses.Uncovered {
		what := text(p.say.T("pack.check_line", u.Check, p.say.T("check."+u.Check+".title")))
		what.below = u.Detail
		number := bold(u.Number)
		number.mark = UseMark(u.Number)
		rows = append(rows, []cell{number, text(p.say.Date(u.Date)), text(u.Person), text(u.Equipment), what})
	}
	p.table([]column{{title: p.say.T("pack.col.use"), width: 24}, {title: p.say.T("pack.col.date"), width: 18},
		{title: p.say.T("pack.col.person"), width: 34}, {title: p.say.T("pack.col.equipment"), width: 38},
		{title: p.say.T("pack.col.wrong"), width: 56}}, rows)
}
