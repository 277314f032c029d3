package audits

import (
	"cmp"
	"context"
	"strings"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/trace"
)

// dossiers shows what stands behind every item that a concluded exercise drew: the whole chain with its
// files, and how each of its links was answered.
func (g *gathering) dossiers(ctx context.Context) error {
	sheets, err := g.sheets(ctx)
	if err != nil {
		return err
	}
	if len(sheets) == 0 {
		g.tell("dossiers", pack.Panel{Empty: g.say.T("pack.dossiers_none")})
		return nil
	}
	all, err := g.records(ctx)
	if err != nil {
		return err
	}
	pieces, err := g.s.trace.EquipmentByID(ctx, g.r, g.platform)
	if err != nil {
		return err
	}
	drawn := g.drawn(sheets, all)
	if err := g.drawnFiles(ctx, drawn, all, sheets); err != nil {
		return err
	}
	trainings, err := g.given(ctx)
	if err != nil {
		return err
	}
	for _, d := range drawn {
		g.tell("dossiers", g.dossier(d, all, pieces))
		for _, item := range d.items {
			g.tell("dossiers", g.answers(item, g.behindReports(item.Number, all.reports[d.request], pieces, trainings)))
		}
	}
	uses, err := g.drawnUses(ctx, sheets, pieces, trainings)
	g.tell("dossiers", uses...)
	return err
}

// drawnChain is a service chain of which exercises drew a record.
type drawnChain struct {
	request string
	items   []drawnItem
}

// drawnItem is one item of an exercise.
type drawnItem struct {
	exercise string
	SheetItem
}

// drawn gathers the items of exercises on services by their request, in the order of the draws.
func (g *gathering) drawn(sheets []*Sheet, all *records) []*drawnChain {
	of := map[string]*drawnChain{}
	var chains []*drawnChain
	for _, s := range sheets {
		if s.Exercise.Kind != Services {
			continue
		}
		for _, item := range s.Items {
			request := all.requestOf(item.Number)
			if of[request] == nil {
				of[request] = &drawnChain{request: request}
				chains = append(chains, of[request])
			}
			of[request].items = append(of[request].items, drawnItem{s.Exercise.Number, item})
		}
	}
	return chains
}

// requestOf is the request that the record of the number is or names.
func (r *records) requestOf(number string) string {
	for _, q := range r.requests {
		if q.Number == number {
			return number
		}
	}
	for request, of := range r.quotes {
		for _, q := range of {
			if q.Number == number {
				return request
			}
		}
	}
	for request, of := range r.reports {
		for _, q := range of {
			if q.Number == number {
				return request
			}
		}
	}
	for request, of := range r.invoices {
		for _, q := range of {
			if q.Number == number {
				return request
			}
		}
	}
	return number
}

// drawnFiles attaches the files of the records of the chains, and those that evaluators added.
func (g *gathering) drawnFiles(ctx context.Context, drawn []*drawnChain, all *records, sheets []*Sheet) error {
	numbers := map[qms.ID]string{}
	var ids []qms.ID
	add := func(id qms.ID, number string) {
		g.shown(id)
		ids, numbers[id] = append(ids, id), number
	}
	for _, d := range drawn {
		for _, r := range all.requests {
			if r.Number == d.request {
				add(r.ID, r.Number)
			}
		}
		for _, q := range all.quotes[d.request] {
			add(q.ID, q.Number)
		}
		for _, r := range all.reports[d.request] {
			add(r.ID, r.Number)
		}
		for _, i := range all.invoices[d.request] {
			add(i.ID, i.Number)
		}
	}
	for _, s := range sheets {
		for _, item := range s.Items {
			add(item.ID, s.Exercise.Number)
			for _, l := range item.Links {
				add(l.ID, s.Exercise.Number)
			}
		}
	}
	return g.attachAll(ctx, ids, func(id qms.ID) string { return numbers[id] })
}

// dossier is one chain: its records from the request on, each with its files, then the answers.
func (g *gathering) dossier(d *drawnChain, all *records, pieces map[qms.ID]trace.Equipment) pack.Panel {
	title := d.request
	panel := pack.Panel{Mark: pack.ServiceMark(d.request), Columns: g.columns(head{"pack.dossier_stage", 36}, head{"pack.col.date", 20}, head{"pack.dossier_facts", 62}, head{"pack.dossier_files", 52}),
		Empty: g.say.T("pack.dossier_none")}
	row := func(id qms.ID, stage, number, date string, facts ...string) {
		panel.Rows = append(panel.Rows, []pack.Told{{Text: number, Strong: true, Below: g.say.T("pack.record_" + stage)}, plain(date), plain(and(facts...)), g.filesCell(id)})
	}
	for _, r := range all.requests {
		if r.Number == d.request {
			title = and(r.Number, r.Client, r.Subject)
			row(r.ID, "request", r.Number, g.say.Date(r.Date), r.Client, g.clientStatus(r.ClientStatus), r.Subject, r.Samples)
		}
	}
	for _, q := range all.quotes[d.request] {
		answer := ""
		switch {
		case q.AcceptedOn != 0 && q.AcceptedOn <= g.asOf:
			answer = g.say.T("pack.quote.accepted") + " " + g.say.Date(q.AcceptedOn)
		case q.RefusedOn != 0 && q.RefusedOn <= g.asOf:
			answer = g.say.T("pack.quote.refused") + " " + g.say.Date(q.RefusedOn)
		}
		row(q.ID, "quote", q.Number, g.say.Date(q.Date), g.say.Money(q.Total), answer)
	}
	for _, r := range all.reports[d.request] {
		row(r.ID, "report", r.Number, g.say.Date(r.Date), g.say.T("pack.detail.operator", g.named(r.Operator), pieces[r.Equipment].Code, r.AnalysedOn),
			strings.TrimSpace(r.Instruction+" "+r.InstructionVersion), r.DataPlace, g.released(r))
	}
	for _, i := range all.invoices[d.request] {
		row(i.ID, "invoice", i.Number, g.say.Date(i.Date), g.say.Money(i.Total), i.Quote)
	}
	panel.Title = title
	return panel
}

func (g *gathering) released(r trace.Report) string {
	if r.ReleasedBy == "" {
		return ""
	}
	return g.say.T("pack.released_by", g.named(r.ReleasedBy))
}

func (g *gathering) clientStatus(status string) string {
	if g.say.Has("client_status." + status) {
		return g.say.T("client_status." + status)
	}
	return status
}

func (g *gathering) filesCell(record qms.ID) pack.Told {
	if refs := g.refs[record]; len(refs) > 0 {
		return pack.Told{Refs: refs}
	}
	return pack.Told{Below: g.say.T("pack.no_file")}
}

// answers are those to the links of an item: what was looked for, where it leads, and what was found. refs
// lead to where the pack tells of what a link leads to.
func (g *gathering) answers(item drawnItem, refs map[string][]pack.Ref) pack.Panel {
	score := ScoreOf(item.Links)
	panel := pack.Panel{Title: g.say.T("pack.dossier_answers", item.exercise, item.Number, score.Found, score.Expected), Minor: true,
		Columns: g.columns(head{"pack.dossier_link", 44}, head{"pack.dossier_target", 42}, head{"pack.col.result", 24}, head{"pack.col.notes", 60})}
	for _, l := range item.Links {
		answer := string(cmp.Or(l.Answer, Missing))
		panel.Rows = append(panel.Rows, []pack.Told{plain(g.say.T("link." + l.Link)), {Text: l.Target, Refs: refs[l.Link]}, g.state(answer, ""), {Text: l.Note, Refs: g.refs[l.ID]}})
	}
	return panel
}

// drawnUses are the items of exercises on uses of equipment, with the training that covers each.
func (g *gathering) drawnUses(ctx context.Context, sheets []*Sheet, pieces map[qms.ID]trace.Equipment, trainings []trace.Training) ([]pack.Panel, error) {
	var numbers []string
	for _, s := range sheets {
		if s.Exercise.Kind == Access {
			for _, item := range s.Items {
				numbers = append(numbers, item.Number)
			}
		}
	}
	uses, err := usesByNumber(ctx, g.r, g.platform, numbers)
	if err != nil {
		return nil, err
	}
	if err := g.useFiles(ctx, uses); err != nil {
		return nil, err
	}
	var panels []pack.Panel
	for _, s := range sheets {
		if s.Exercise.Kind != Access {
			continue
		}
		for _, item := range s.Items {
			panel := pack.Panel{Title: and(item.Number, item.Label), Mark: pack.UseMark(item.Number), Empty: g.say.T("pack.dossier_none"),
				Columns: g.columns(head{"pack.dossier_stage", 36}, head{"pack.col.date", 20}, head{"pack.dossier_facts", 62}, head{"pack.dossier_files", 52})}
			var refs map[string][]pack.Ref
			if u, known := uses[item.Number]; known {
				g.shown(u.ID)
				refs = g.behindUse(u, pieces[u.Equipment], trainings)
				panel.Rows = append(panel.Rows, []pack.Told{{Text: u.Number, Strong: true, Below: g.say.T("pack.col.use")}, g.date(u.Date),
					plain(and(g.named(u.Person), pieces[u.Equipment].Code, pieces[u.Equipment].Name, u.Project)), g.filesCell(u.ID)})
			}
			panels = append(panels, panel, g.answers(drawnItem{s.Exercise.Number, item}, refs))
		}
	}
	return panels, nil
}

// requestOf is the request of the service chain that the record of the number belongs to, as far as the
// services were read.
func (g *gathering) requestOf(number string) string {
	if g.read == nil {
		return number
	}
	return g.read.requestOf(number)
}
