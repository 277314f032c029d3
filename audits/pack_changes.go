package audits

import (
	"cmp"
	"context"
	"slices"
	"time"

	"maillon/audits/pack"
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// since is the day from which changes are told: the last evaluation before the day of the pack, else the
// first day of its period, else the beginning, and what it is in words.
func (g *gathering) since(ctx context.Context) (day qms.Date, words string, err error) {
	h, err := g.way(ctx)
	if err != nil {
		return 0, "", err
	}
	if h != nil {
		if last := h.Facts.LastEvaluation(g.asOf); last != 0 {
			return last, g.say.T("pack.changes_since_evaluation", g.say.LongDate(last)), nil
		}
	}
	if g.from != 0 && g.from < g.asOf {
		return g.from, g.say.T("pack.changes_since_period", g.say.LongDate(g.from)), nil
	}
	return 0, g.say.T("pack.changes_since_ever"), nil
}

// changes tells what changed since the last evaluation: documents, equipment, people and the label.
func (g *gathering) changes(ctx context.Context) error {
	since, words, err := g.since(ctx)
	if err != nil {
		return err
	}
	g.tell("changes", pack.Panel{Text: []string{words}})
	if err := g.changedDocuments(ctx, since); err != nil {
		return err
	}
	if err := g.changedEquipment(ctx, since); err != nil {
		return err
	}
	if err := g.changedPeople(ctx, since); err != nil {
		return err
	}
	if err := g.changedRecords(ctx, since); err != nil {
		return err
	}
	h, err := g.way(ctx)
	if err != nil || h == nil {
		return err
	}
	panel := g.steps(h)
	panel.Title, panel.Empty = g.say.T("pack.changes_label"), g.say.T("pack.changes_label_none")
	panel.Rows = panel.Rows[:0:0]
	for _, one := range g.happened(h) {
		if one.on > since {
			panel.Rows = append(panel.Rows, g.stepRow(one))
		}
	}
	g.tell("changes", panel)
	return nil
}

// changedDocuments lists the documents that are not what they were.
func (g *gathering) changedDocuments(ctx context.Context, since qms.Date) error {
	if g.s.documents == nil {
		return nil
	}
	from := since
	if from == 0 {
		from = qms.NewDate(1900, 1, 1)
	}
	e, err := g.s.documents.EvolutionIn(ctx, g.r, documents.CompareDays{Platform: g.platform, From: from, To: g.asOf})
	if err != nil {
		return err
	}
	panel := pack.Panel{Title: g.say.T("pack.changes_documents"), Empty: g.say.T("page.changes.none"),
		Columns: g.columns(head{"pack.col.code", 30}, head{"pack.col.title", 52}, head{"page.changes.before", 14}, head{"page.changes.after", 14}, head{"page.changes.details", 60})}
	if len(e.Rows) > 0 {
		panel.Text = []string{g.say.T("page.changes.figures", e.Before, e.After, e.Changed, e.Unchanged)}
	}
	for i := range e.Rows {
		panel.Rows = append(panel.Rows, g.evolved(&e.Rows[i]))
	}
	g.tell("changes", panel)
	return nil
}

func (g *gathering) evolved(row *documents.Evolved) []pack.Told {
	var before, after string
	title := row.Of.Title
	g.shown(row.Of.ID)
	if row.Before != nil {
		before, title = row.Before.Version.Number().String(), row.Before.Title
	}
	if row.After != nil {
		after, title = row.After.Version.Number().String(), row.After.Title
	}
	details := pack.Told{Lines: g.evolution(row)}
	for _, v := range row.Steps {
		g.shown(v.ID)
	}
	code := strong(row.Of.Code)
	code.Refs = []pack.Ref{{Mark: pack.DocumentMark(row.Of.Code)}}
	return []pack.Told{code, plain(title), plain(before), plain(after), details}
}

// evolution says what happened to the document, in order.
func (g *gathering) evolution(row *documents.Evolved) (said []string) {
	for _, v := range row.Steps {
		step := g.say.T("page.changes.step", v.Number().String(), v.EffectiveFrom)
		if v.Reason != "" {
			step = g.say.T("page.changes.step_why", step, v.Reason)
		}
		if name := row.Approver[v.Approver]; name != "" {
			step = g.say.T("page.changes.step_by", step, name)
		}
		said = append(said, step)
	}
	if row.Before != nil && row.After != nil {
		if row.Before.Title != row.After.Title {
			said = append(said, g.say.T("page.changes.was_called", row.Before.Title))
		}
		if row.Before.Kind != row.After.Kind || row.Before.Process != row.After.Process {
			said = append(said, g.say.T("page.changes.was_in", and(row.Before.Kind, row.Before.Process), and(row.After.Kind, row.After.Process)))
		}
	}
	if row.EndedOn != 0 {
		said = append(said, g.say.T("page.changes.ended", row.EndedOn))
		if row.Remark != "" {
			said = append(said, row.Remark)
		}
	}
	for _, late := range row.Late {
		said = append(said, g.say.T("page.changes.late", late.DueOn, late.DoneOn, late.Days()))
	}
	return said
}

// changedEquipment lists what was acquired, put into service, moved, changed and retired.
func (g *gathering) changedEquipment(ctx context.Context, since qms.Date) error {
	lives, err := g.lives(ctx)
	if err != nil {
		return err
	}
	panel := pack.Panel{Title: g.say.T("pack.changes_equipment"), Empty: g.say.T("pack.changes_equipment_none"),
		Columns: g.columns(head{"pack.col.date", 20}, head{"pack.col.equipment", 60}, head{"page.life.kind", 40}, head{"page.life.details", 50})}
	type change struct {
		on  qms.Date
		row []pack.Told
	}
	var all []change
	for i := range lives {
		e := &lives[i].Equipment
		for _, entry := range lives[i].Entries {
			if entry.Date <= since || !changesEquipment(entry) {
				continue
			}
			line := g.lifeLine(entry, nil)
			all = append(all, change{entry.Date, []pack.Told{g.date(entry.Date), {Text: e.Code, Strong: true, Below: e.Name, Refs: []pack.Ref{{Mark: pack.EquipmentMark(e.Code)}}},
				{Text: line.kind, State: line.state}, {Text: line.text, Below: line.facts}}})
		}
	}
	byDay(all, func(c change) qms.Date { return c.on }, func(c change) string { return c.row[1].Text })
	for _, c := range all {
		panel.Rows = append(panel.Rows, c.row)
	}
	g.tell("changes", panel)
	return nil
}

// changesEquipment reports whether the entry changes what equipment the platform has, or where it stands.
func changesEquipment(e trace.Entry) bool {
	if e.Event == nil {
		return e.Milestone != ""
	}
	switch e.Event.Kind {
	case trace.Move, trace.Modification, trace.Software, trace.Withdrawal, trace.Breakdown:
		return true
	}
	return false
}

// changedPeople lists who came and went, and whose role began or ended.
func (g *gathering) changedPeople(ctx context.Context, since qms.Date) error {
	held, err := people.HeldOn(ctx, g.r, g.platform)
	if err != nil {
		return err
	}
	type change struct {
		on               qms.Date
		name, what, mark string
	}
	var all []change
	add := func(on qms.Date, name, what, mark string) {
		if on > since && on <= g.asOf {
			all = append(all, change{on, name, what, mark})
		}
	}
	for _, m := range g.members {
		name := g.named(m.Person)
		add(m.From, name, g.say.T("pack.person_came"), "valid")
		add(m.Until, name, g.say.T("pack.person_left"), "withdrawn")
	}
	for _, h := range held {
		role := g.say.T("role." + string(h.Role))
		add(h.From, h.Name, g.say.T("pack.role_began", role), "valid")
		add(h.Until, h.Name, g.say.T("pack.role_ended", role), "withdrawn")
	}
	byDay(all, func(c change) qms.Date { return c.on }, func(c change) string { return cmp.Or(c.name, c.what) + c.what })
	panel := pack.Panel{Title: g.say.T("pack.changes_people"), Empty: g.say.T("pack.changes_people_none"),
		Columns: g.columns(head{"pack.col.date", 20}, head{"pack.col.name", 70}, head{"pack.col.change", 80})}
	for _, c := range all {
		panel.Rows = append(panel.Rows, []pack.Told{g.date(c.on), plain(c.name), g.state(c.mark, c.what)})
	}
	g.tell("changes", panel)
	return nil
}

// changedRecords counts what was put right and what was declared a mistake, by the kind of act.
func (g *gathering) changedRecords(ctx context.Context, since qms.Date) error {
	var from time.Time
	if since != 0 {
		from = midnight(g.r.DayOf, since.AddDays(1))
	}
	counts, err := g.actCounts(ctx, from)
	if err != nil {
		return err
	}
	counts = slices.DeleteFunc(counts, func(c store.ActCount) bool { return !isAmended(c.Act) })
	panel := g.actsByKind(counts)
	panel.Title, panel.Empty = g.say.T("pack.changes_amended"), g.say.T("pack.changes_amended_none")
	g.tell("changes", panel)
	return nil
}
