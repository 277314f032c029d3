package audits

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"maillon/audits/pack"
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
	"maillon/qms/trace"
)

// organisation tells who answers for what: roles, the team of the quality approach, pilots of processes,
// trainers, and the exemptions of a small team (ISO 9001, 5.3).
func (g *gathering) organisation(ctx context.Context) error {
	roles, err := g.roles(ctx)
	if err != nil {
		return err
	}
	g.tell("organisation", roles)
	h, err := g.way(ctx)
	if err != nil {
		return err
	}
	if h != nil {
		g.tell("organisation", g.team(h))
	}
	trainers, err := g.trainers(ctx)
	if err != nil {
		return err
	}
	exempt, err := g.exemptions(ctx)
	if err != nil {
		return err
	}
	g.tell("organisation", trainers, exempt)
	return nil
}

// roles lists who held which role on the day, those that carry responsibility first.
func (g *gathering) roles(ctx context.Context) (pack.Panel, error) {
	held, err := people.HeldOn(ctx, g.r, g.platform)
	if err != nil {
		return pack.Panel{}, err
	}
	held = slices.DeleteFunc(held, func(h people.Held) bool { return !h.Active(g.asOf) })
	order := qms.Roles()
	slices.SortStableFunc(held, func(a, b people.Held) int {
		return cmp.Or(slices.Index(order, a.Role)-slices.Index(order, b.Role), strings.Compare(a.Name, b.Name))
	})
	panel := pack.Panel{Title: g.say.T("pack.roles"), Empty: g.say.T("pack.roles_none"),
		Columns: g.columns(head{"pack.col.role", 50}, head{"pack.col.name", 70}, head{"pack.col.from", 25}, head{"pack.col.until", 25})}
	for _, h := range held {
		g.shown(h.Grant)
		panel.Rows = append(panel.Rows, []pack.Told{strong(g.say.T("role." + string(h.Role))), plain(h.Name), g.date(h.From), plain(g.lastDay(h.Until))})
	}
	return panel, nil
}

// team is the team of the quality approach, as the candidacy of the day states it.
func (g *gathering) team(h *label.History) pack.Panel {
	panel := pack.Panel{Title: g.say.T("page.candidacy.team"), Empty: g.say.T("pack.team_none"),
		Columns: g.columns(head{"pack.col.name", 70}, head{"pack.team_part", 100})}
	c := label.CurrentIn(h.Facts.Candidacies, g.asOf)
	if c == nil {
		return panel
	}
	g.shown(c.ID)
	for _, m := range c.Team {
		name := plain(m.Name)
		if name.Strong = m.Lead; m.Lead {
			name.Below = g.say.T("pack.team_lead")
		}
		panel.Rows = append(panel.Rows, []pack.Told{name, plain(m.Part)})
	}
	panel.Facts = known([2]string{g.say.T("page.candidacy.included"), c.Included}, [2]string{g.say.T("page.candidacy.excluded"), c.Excluded},
		[2]string{g.say.T("page.candidacy.sites"), c.Sites}, [2]string{g.say.T("page.candidacy.activities"), c.Activities})
	if c.Staff > 0 {
		panel.Facts = append(panel.Facts, [2]string{g.say.T("page.candidacy.staff"), g.say.Number(c.Staff)})
	}
	return panel
}

// trainers lists who may train others, with what they train on.
func (g *gathering) trainers(ctx context.Context) (pack.Panel, error) {
	panel := pack.Panel{Title: g.say.T("pack.trainers"), Empty: g.say.T("pack.trainers_none"),
		Columns: g.columns(head{"pack.col.name", 60}, head{"pack.trainers_on", 110})}
	all, err := trace.TrainersIn(ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return panel, err
	}
	pieces, err := g.s.trace.EquipmentByID(ctx, g.r, g.platform)
	if err != nil {
		return panel, err
	}
	on := map[string][]string{}
	for _, t := range all {
		g.shown(t.ID)
		name := g.named(t.Person)
		on[name] = append(on[name], pieces[t.Equipment].Code)
	}
	for _, m := range g.members {
		if name := g.named(m.Person); m.Trainer && m.Active(g.asOf) && on[name] == nil {
			on[name] = []string{g.say.T("pack.trainers_any")}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(on)) {
		slices.Sort(on[name])
		panel.Rows = append(panel.Rows, []pack.Told{plain(name), plain(strings.Join(on[name], ", "))})
	}
	return panel, nil
}

// exemptions are those from the rule of three people that held on the day.
func (g *gathering) exemptions(ctx context.Context) (pack.Panel, error) {
	panel := pack.Panel{Title: g.say.T("pack.exemptions"), Text: []string{g.say.T("pack.exemptions_none")}}
	all, err := documents.ExemptionsIn(ctx, g.r, g.platform, g.asOf)
	if err != nil || len(all) == 0 {
		return panel, err
	}
	panel.Text = nil
	for _, e := range all {
		g.shown(e.ID)
		panel.Text = append(panel.Text, e.Sentence(g.say))
	}
	return panel, nil
}
