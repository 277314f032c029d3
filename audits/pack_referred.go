package audits

import (
	"context"
	"slices"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/trace"
)

// referredShown bounds the records of each kind that are told because an answer refers to them; how many
// more there are is said.
const referredShown = 200

// referred tells of the services and uses that answers of the self-assessment name and no other page tells
// of, as their dossiers would: each such reference leads to a page. It is read before the answers are told.
func (g *gathering) referred(ctx context.Context, a *label.Assessment) ([]pack.Panel, error) {
	services, uses := named(a, label.LinkService), named(a, label.LinkUse)
	if len(services)+len(uses) == 0 {
		return nil, nil
	}
	all, err := g.records(ctx)
	if err != nil {
		return nil, err
	}
	pieces, err := g.s.trace.EquipmentByID(ctx, g.r, g.platform)
	if err != nil {
		return nil, err
	}
	chains := g.untold(services, all)
	if err := g.drawnFiles(ctx, chains[:min(len(chains), referredShown)], all, nil); err != nil {
		return nil, err
	}
	unseen, err := g.unseen(ctx, uses)
	if err != nil || len(chains)+len(unseen) == 0 {
		return nil, err
	}
	top := pack.Panel{Title: g.say.T("pack.referred"), Text: []string{g.say.T("pack.referred_text", len(chains)+len(unseen))}}
	left := max(0, len(chains)-referredShown) + max(0, len(unseen)-referredShown)
	if left > 0 {
		top.Note = g.say.T("pack.referred_left", left)
	}
	panels := []pack.Panel{top}
	for _, d := range chains[:min(len(chains), referredShown)] {
		one := g.dossier(d, all, pieces)
		one.Minor = true
		panels = append(panels, one)
	}
	if len(unseen) == 0 {
		return panels, nil
	}
	list, err := g.referredUses(ctx, unseen[:min(len(unseen), referredShown)], pieces)
	return append(panels, list), err
}

// named are the codes of one kind that answers name, each once, in the order of the criteria.
func named(a *label.Assessment, kind label.LinkKind) (codes []string) {
	for i := range a.Items {
		if a.Items[i].Answer == nil {
			continue
		}
		for _, p := range a.Items[i].Proofs {
			if p.Kind == kind && !slices.Contains(codes, p.Code) {
				codes = append(codes, p.Code)
			}
		}
	}
	return codes
}

// untold are the service chains of the numbers that neither the register of services nor a dossier tells of.
func (g *gathering) untold(numbers []string, all *records) (chains []*drawnChain) {
	told := map[string]bool{}
	if g.c.Holds("services") {
		for _, s := range g.c.Services {
			told[s.Number] = true
		}
	}
	if g.c.Holds("dossiers") {
		for _, d := range g.drawn(g.concluded, all) {
			told[d.request] = true
		}
	}
	for _, number := range numbers {
		request := all.requestOf(number)
		if !told[request] && slices.ContainsFunc(all.requests, func(r trace.Request) bool { return r.Number == request }) {
			told[request] = true
			chains = append(chains, &drawnChain{request: request})
		}
	}
	return chains
}

// unseen are the uses of the numbers that neither the list of uses nor a dossier tells of.
func (g *gathering) unseen(ctx context.Context, numbers []string) (uses []trace.Use, err error) {
	told := map[string]bool{}
	if g.c.Holds("uses") {
		for _, u := range g.c.Uses.Uncovered {
			told[u.Number] = true
		}
	}
	if g.c.Holds("dossiers") {
		for _, s := range g.concluded {
			for _, item := range s.Items {
				told[item.Number] = told[item.Number] || s.Exercise.Kind == Access
			}
		}
	}
	found, err := usesByNumber(ctx, g.r, g.platform, numbers)
	for _, number := range numbers {
		if u, there := found[number]; there && !told[number] && u.Void == "" && u.Date <= g.asOf {
			uses = append(uses, u)
		}
	}
	return uses, err
}

// referredUses lists uses with the training that covers each.
func (g *gathering) referredUses(ctx context.Context, uses []trace.Use, pieces map[qms.ID]trace.Equipment) (pack.Panel, error) {
	var files called
	for _, u := range uses {
		files.add(u.ID, u.Number)
	}
	if err := g.attachCalled(ctx, files); err != nil {
		return pack.Panel{}, err
	}
	trainings, err := g.given(ctx)
	panel := pack.Panel{Columns: g.columns(head{"pack.col.use", 36}, head{"pack.col.date", 20}, head{"pack.dossier_facts", 62}, head{"page.impact.kind_of_training", 40}, head{"pack.dossier_files", 52})}
	for _, u := range uses {
		g.shown(u.ID)
		e := pieces[u.Equipment]
		number := strong(u.Number)
		number.Mark = pack.UseMark(u.Number)
		covered := g.state("missing", "")
		if t := covering(trainings, u.Person, u.Equipment, u.Date); t != nil {
			covered = pack.Told{Refs: []pack.Ref{g.cite(t)}}
		}
		panel.Rows = append(panel.Rows, []pack.Told{number, g.date(u.Date), plain(and(g.named(u.Person), e.Code, e.Name, u.Project)), covered, g.filesCell(u.ID)})
	}
	return panel, err
}
