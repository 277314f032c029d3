package pack

import (
	"slices"
	"strconv"
	"strings"

	"maillon/documents/rendition/typeface"
)

// platform prints the platform sheet: the figures of the day and who is there.
func (p *paper) platform(c *Contents) {
	p.page()
	p.heading(0, p.numbered(1, "pack.section.platform"), 60)
	p.pairs([][2]string{
		{p.say.T("pack.platform_name"), c.Platform.Name},
		{p.say.T("pack.platform_code"), c.Platform.Code},
		{p.say.T("pack.as_of"), p.say.LongDate(c.AsOf)},
	})
	p.y += 5
	p.figures(c)
	p.heading(1, p.say.T("pack.members"), 30)
	if len(c.Platform.Members) == 0 {
		p.empty(p.say.T("pack.members_none"))
		return
	}
	rows := make([][]cell, 0, len(c.Platform.Members))
	for _, m := range c.Platform.Members {
		roles := make([]string, 0, len(m.Roles)+1)
		for _, r := range m.Roles {
			roles = append(roles, p.say.T("role."+string(r)))
		}
		if m.Trainer {
			roles = append(roles, p.say.T("pack.trainer"))
		}
		rows = append(rows, []cell{bold(m.Code), text(m.Name), text(strings.Join(roles, ", ")),
			text(p.say.Date(m.From)), text(p.say.Date(m.Until.AddDays(-1)))})
	}
	p.table([]column{{title: p.say.T("pack.col.code"), width: 20}, {title: p.say.T("pack.col.name"), width: 60},
		{title: p.say.T("pack.col.roles"), width: 54}, {title: p.say.T("pack.col.from"), width: 18},
		{title: p.say.T("pack.col.until"), width: 18}}, rows)
}

func (p *paper) numbered(n int, key string) string {
	return strconv.Itoa(n) + ". " + p.say.T(key)
}

// figure is one number that counts, with what it counts and how it stands.
type figure struct {
	number int
	label  string
	state  string
}

// figures prints the numbers of the day in two rows of boxes.
func (p *paper) figures(c *Contents) {
	inForce := 0
	for _, d := range c.Documents {
		if d.State == "effective" {
			inForce++
		}
	}
	figures := []figure{
		{inForce, p.say.T("pack.figure.documents", len(c.Documents)), "effective"},
		{len(c.Links.Wrong), p.say.T("pack.figure.links", c.Links.Total), stateOf(len(c.Links.Wrong), "incoherent")},
		{c.Exercise.Complete, p.say.T("pack.figure.complete", c.Exercise.Chains), "complete"},
		{c.Exercise.Open, p.say.T("pack.figure.open", c.Exercise.Chains), "open"},
		{c.Exercise.Broken, p.say.T("pack.figure.broken", c.Exercise.Chains), stateOf(c.Exercise.Broken, "broken")},
		{len(c.Uses.Uncovered), p.say.T("pack.figure.uncovered", c.Uses.Total), stateOf(len(c.Uses.Uncovered), "expired")},
	}
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
	p.y += 2*(height+gap) + 2
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
	p.turn(true)
	p.heading(0, p.numbered(2, "pack.section.documents"), 30)
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
		rows = append(rows, []cell{bold(d.Code), title, text(d.Kind), text(d.Process), text(d.Version), state,
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
	p.turn(false)
	p.heading(0, p.numbered(3, "pack.section.links"), 30)
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
