package pack

import "strings"

// organisation prints who is there and who answers for what.
func (p *paper) organisation(c *Contents) {
	p.opens("organisation", false, 60)
	p.members(c.Platform.Members)
	for i := range c.Panels["organisation"] {
		p.panel(&c.Panels["organisation"][i])
	}
}

// members lists who belonged to the platform on the day.
func (p *paper) members(members []Member) {
	p.heading(1, p.say.T("pack.members"), 30)
	if len(members) == 0 {
		p.empty(p.say.T("pack.members_none"))
		return
	}
	rows := make([][]cell, 0, len(members))
	for _, m := range members {
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
	p.table([]column{{title: p.say.T("pack.col.code"), width: 20}, {title: p.say.T("pack.col.name"), width: 56},
		{title: p.say.T("pack.col.roles"), width: 48}, {title: p.say.T("pack.col.from"), width: 23},
		{title: p.say.T("pack.col.until"), width: 23}}, rows)
}
