package pack

import (
	"slices"

	"maillon/documents/rendition/typeface"
)

// platform prints the platform sheet: the figures of the day.
func (p *paper) platform(c *Contents) {
	p.opens("platform", false, 60)
	p.pairs(append([][2]string{
		{p.say.T("pack.platform_name"), c.Platform.Name},
		{p.say.T("pack.platform_code"), c.Platform.Code},
		{p.say.T("pack.as_of"), p.say.LongDate(c.AsOf)},
	}, c.Platform.Facts...))
	p.y += 5
	p.figures(c)
}

// figure is one number that counts, with what it counts and how it stands.
type figure struct {
	number int
	label  string
	state  string
}

// figures prints the numbers of the day in rows of three boxes: those that a chosen section explains.
func (p *paper) figures(c *Contents) {
	figures := p.counted(c)
	const gap, height = 4.0, 20.0
	width := (p.width() - 2*gap) / 3
	for i, f := range figures {
		x := p.left() + float64(i%3)*(width+gap)
		y := p.y + float64(i/3)*(height+gap)
		p.Fill(x, y, width, height, sunken)
		p.sign(x+4, y+4.9, 3.4, f.state)
		p.At(x+9.5, y+8.6, p.say.Number(int64(f.number)), typeface.Of("bold", 15, tone(f.state)))
		for n, l := range p.Wrap(f.label, width-8, note) {
			p.At(x+4, y+13.4+float64(n)*note.Lead(), l, note)
		}
	}
	p.y += float64((len(figures)+2)/3)*(height+gap) + 2
}

func (p *paper) counted(c *Contents) (figures []figure) {
	if c.Holds("documents") {
		inForce := 0
		for _, d := range c.Documents {
			if d.State == "effective" {
				inForce++
			}
		}
		figures = append(figures, figure{inForce, p.say.T("pack.figure.documents", len(c.Documents)), "effective"})
	}
	if c.Holds("links") {
		wrong := len(c.Links.Wrong)
		figures = append(figures, figure{wrong, p.say.T("pack.figure.links", c.Links.Total), stateOf(wrong, "incoherent")})
	}
	if e := c.Exercise; c.Holds("services") || c.Holds("exercise") {
		figures = append(figures,
			figure{e.Complete, p.say.T("pack.figure.complete", e.Chains), "complete"},
			figure{e.Open, p.say.T("pack.figure.open", e.Chains), "open"},
			figure{e.Broken, p.say.T("pack.figure.broken", e.Chains), stateOf(e.Broken, "broken")})
	}
	if c.Holds("uses") {
		wrong := len(c.Uses.Uncovered)
		figures = append(figures, figure{wrong, p.say.T("pack.figure.uncovered", c.Uses.Total), stateOf(wrong, "expired")})
	}
	if c.Holds("assessment") && c.Criteria > 0 {
		figures = append(figures, figure{c.Answered, p.say.T("pack.figure.criteria", c.Criteria), stateOf(c.Criteria-c.Answered, "open")})
	}
	if c.Holds("due") {
		figures = append(figures, figure{c.Late, p.say.T("pack.figure.late"), stateOf(c.Late, "late")})
	}
	return figures
}

// stateOf is good when there is nothing wrong.
func stateOf(wrong int, state string) string {
	if wrong == 0 {
		return "valid"
	}
	return state
}

// documents prints the master list of the day, and what came later.
func (p *paper) documents(c *Contents) {
	p.opens("documents", true, 30)
	if len(c.Documents) == 0 {
		p.empty(p.say.T("pack.documents_none"))
	} else {
		p.paragraph(p.say.T("pack.documents_text", len(c.Documents), p.say.LongDate(c.AsOf)), body)
		p.masterList(c.Documents)
	}
	if len(c.Later) > 0 {
		p.heading(1, p.say.T("pack.documents_later"), 40)
		p.paragraph(p.say.T("pack.documents_later_text", len(c.Later), p.say.LongDate(c.AsOf)), body)
		p.masterList(c.Later)
	}
}

func (p *paper) masterList(documents []Document) {
	if slices.ContainsFunc(documents, func(d Document) bool { return d.NoContent }) {
		p.paragraph(p.say.T("pack.no_content_text"), note)
	}
	rows := make([][]cell, 0, len(documents))
	for _, d := range documents {
		title := text(d.Title)
		if d.NoContent {
			title.below = p.say.T("pack.no_content")
		}
		state := cell{text: p.say.T("pack.no_version"), state: "missing"}
		if d.State != "" {
			state = p.state(d.State)
		}
		code := bold(d.Code)
		code.mark = DocumentMark(d.Code) // where what is in force is listed tells more
		rows = append(rows, []cell{code, title, text(d.Kind), text(d.Process), text(d.Version), state,
			text(p.say.Date(d.Effective)), text(p.say.Date(d.NextReview)), text(d.Owner)})
	}
	p.table([]column{{title: p.say.T("pack.col.code"), width: 32}, {title: p.say.T("pack.col.title"), width: 84},
		{title: p.say.T("pack.col.kind"), width: 34}, {title: p.say.T("pack.col.process"), width: 16},
		{title: p.say.T("pack.col.version"), width: 15}, {title: p.say.T("pack.col.state"), width: 26},
		{title: p.say.T("pack.col.effective"), width: 19}, {title: p.say.T("pack.col.review"), width: 19},
		{title: p.say.T("pack.col.owner"), width: 22}}, rows)
}

// linksBetween prints the links that lead nowhere good.
func (p *paper) linksBetween(c *Contents) {
	p.opens("links", false, 30)
	if c.Links.Total == 0 {
		p.empty(p.say.T("pack.links_none"))
		return
	}
	p.paragraph(p.say.T("pack.links_text", c.Links.Total, len(c.Links.Wrong)), body)
	if c.Links.Suggested > 0 {
		p.paragraph(p.say.T("pack.links_suggested", c.Links.Suggested), note)
	}
	if len(c.Links.Wrong) == 0 {
		p.empty(p.say.T("pack.links_right"))
		return
	}
	rows := make([][]cell, 0, len(c.Links.Wrong))
	for _, l := range c.Links.Wrong {
		from := bold(l.From)
		from.below = p.say.T("pack.version", l.Version)
		rows = append(rows, []cell{from, {text: l.To, strong: l.Basis == "code", below: p.say.T("pack.basis." + l.Basis)},
			{text: p.say.T("pack.link." + l.Problem), state: l.Problem}, text(l.Context)})
	}
	p.table([]column{{title: p.say.T("pack.col.from_document"), width: 30}, {title: p.say.T("pack.col.to_document"), width: 44},
		{title: p.say.T("pack.col.problem"), width: 32}, {title: p.say.T("pack.col.context"), width: 64}}, rows)
}
