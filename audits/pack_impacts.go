package audits

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trace"
)

// impactShown bounds the lines of one dossier that are listed, and impactsShown those of all of them; the
// register in the archive has them all.
const (
	impactShown  = 100
	impactsShown = 2000
)

// toldImpact is a dossier as it stood on the day, with the lines that are listed.
type toldImpact struct {
	trace.Impact
	calibration *trace.Calibration // its cause
	training    *trace.Training    // its cause
	counts      map[trace.TouchedKind]map[trace.ItemDecision]int
	lines       []trace.ImpactItem
}

// touching reads the dossiers of the period, once for all sections that refer to them.
func (g *gathering) touching(ctx context.Context) ([]*toldImpact, error) {
	if g.again("impacts") || !g.c.Holds("impacts") {
		return g.impacts, nil
	}
	all, err := trace.ImpactsIn(ctx, g.r, g.platform, g.from, g.asOf)
	if err != nil {
		return nil, err
	}
	g.causes = map[qms.ID][]pack.Ref{}
	room := impactsShown
	for n := range all {
		told := &toldImpact{Impact: all[n]}
		if err := g.traceBack(ctx, told); err != nil {
			return nil, err
		}
		if told.Void == "" {
			if err := g.decided(ctx, told, min(room, impactShown)); err != nil {
				return nil, err
			}
			room -= len(told.lines)
			g.causes[told.Subject] = append(g.causes[told.Subject], pack.Ref{Text: told.Number, Mark: pack.ImpactMark(told.Number)})
		}
		g.impacts = append(g.impacts, told)
	}
	return g.impacts, g.nameDeciders(ctx)
}

// traceBack reads what the dossier was opened for, void or not.
func (g *gathering) traceBack(ctx context.Context, told *toldImpact) (err error) {
	switch told.Kind {
	case trace.ByCalibration:
		told.calibration, err = recordOf[trace.Calibration](ctx, g.r, g.platform, told.Subject)
	case trace.ByTraining:
		told.training, err = recordOf[trace.Training](ctx, g.r, g.platform, told.Subject)
	}
	return err
}

// decided counts what was decided, and keeps so many of the lines: those with a consequence, or without a
// decision, before those that were found untouched. However many there are, memory holds twice as many.
func (g *gathering) decided(ctx context.Context, told *toldImpact, most int) error {
	told.counts = map[trace.TouchedKind]map[trace.ItemDecision]int{}
	told.Items, told.Decided = 0, 0
	var others []trace.ImpactItem
	err := trace.EachImpactItem(ctx, g.r, told.ID, g.asOf, func(t *trace.ImpactItem) error {
		if told.counts[t.Kind] == nil {
			told.counts[t.Kind] = map[trace.ItemDecision]int{}
		}
		told.counts[t.Kind][t.Decision]++
		if told.Items++; t.Decision != trace.Undecided {
			told.Decided++
		}
		switch {
		case t.Decision != trace.NotAffected && len(told.lines) < most:
			told.lines = append(told.lines, *t)
		case t.Decision == trace.NotAffected && len(others) < most:
			others = append(others, *t)
		}
		return nil
	})
	told.lines = append(told.lines, others[:min(len(others), most-len(told.lines))]...)
	slices.SortFunc(told.lines, func(a, b trace.ImpactItem) int { return cmp.Compare(a.Position, b.Position) })
	return err
}

// nameDeciders reads the names of who opened, decided and concluded.
func (g *gathering) nameDeciders(ctx context.Context) (err error) {
	var ids []qms.ID
	for _, i := range g.impacts {
		ids = append(ids, i.OpenedBy, i.ConcludedBy, i.Person)
		for n := range i.lines {
			ids = append(ids, i.lines[n].DecidedBy)
		}
	}
	slices.Sort(ids)
	g.deciders, err = people.NamesOf(ctx, g.r, slices.Compact(ids))
	return err
}

// impactsSection tells what each dossier found touched and what was decided for it (ISO 9001, 7.1.5.2).
func (g *gathering) impactsSection(ctx context.Context) error {
	all, err := g.touching(ctx)
	if err != nil {
		return err
	}
	pieces, err := g.s.trace.EquipmentByID(ctx, g.r, g.platform)
	if err != nil {
		return err
	}
	var files called
	for _, i := range all {
		files.add(i.ID, i.Number)
	}
	if err := g.attachCalled(ctx, files); err != nil {
		return err
	}
	list := pack.Panel{Empty: g.say.T("pack.impacts_none"),
		Columns: g.columns(head{"page.impact.number", 28}, head{"page.impact.cause", 46}, head{"page.impact.window", 34}, head{"page.impact.frozen", 34}, head{"page.impact.state", 28})}
	if len(all) > 0 {
		list.Text = []string{g.say.T("pack.impacts_text", len(all))}
	}
	for _, i := range all {
		list.Rows = append(list.Rows, g.impactRow(i, pieces[i.Equipment]))
	}
	g.tell("impacts", list)
	for _, i := range all {
		if i.Void == "" {
			g.tell("impacts", g.impact(i, pieces)...)
		}
	}
	return nil
}

func (g *gathering) impactRow(i *toldImpact, e trace.Equipment) []pack.Told {
	g.shown(i.ID)
	say := ImpactWords{g.say}
	number := strong(i.Number)
	number.Mark, number.Below = pack.ImpactMark(i.Number), g.say.Date(i.OpenedOn)
	number.Refs = []pack.Ref{{Mark: pack.ImpactMark(i.Number)}}
	if i.Void != "" { // nothing more is told of it
		number.Refs = g.filesOf(i.ID)
	}
	cause := plain(say.Cause(&i.Impact, e))
	cause.Refs = []pack.Ref{g.causeRef(i, e)}
	standing := g.state(say.State(&i.Impact), say.StateWord(&i.Impact))
	standing.Below = i.Void
	if i.ConcludedOn != 0 {
		standing.Below = g.say.Date(i.ConcludedOn)
	}
	return []pack.Told{number, cause, plain(say.Window(i.Periods)), plain(g.say.T("page.impact.counts", i.Chains, i.Reports, i.Uses, i.Trainings)), standing}
}

// causeRef leads to where the pack tells of the cause.
func (g *gathering) causeRef(i *toldImpact, e trace.Equipment) pack.Ref {
	switch {
	case i.Kind == trace.ByInstruction:
		return pack.Ref{Text: i.Instruction, Mark: pack.DocumentMark(i.Instruction)}
	case i.training != nil && i.training.Void == "":
		return g.cite(i.training)
	}
	return pack.Ref{Text: e.Code, Mark: pack.EquipmentMark(e.Code)}
}

// impact is one dossier: its facts, its files, and its lines with their decisions.
func (g *gathering) impact(i *toldImpact, pieces map[qms.ID]trace.Equipment) (panels []pack.Panel) {
	say := ImpactWords{g.say}
	e := pieces[i.Equipment]
	top := pack.Panel{Title: g.say.T("pack.impact.title", i.Number), Mark: pack.ImpactMark(i.Number), Facts: g.impactFacts(i, e)}
	panels = append(panels, top)
	if files := g.filesOf(i.ID); len(files) > 0 {
		proofs := pack.Panel{Columns: g.columns(head{"page.impact.files", 170})}
		for _, f := range files {
			proofs.Rows = append(proofs.Rows, []pack.Told{{Refs: []pack.Ref{f}}})
		}
		panels = append(panels, proofs)
	}
	lines := pack.Panel{Empty: g.say.T("page.impact.nothing_touched"),
		Columns: g.columns(head{"page.impact.record", 32}, head{"page.impact.who", 36}, head{"page.impact.date", 24}, head{"page.impact.decision", 50}, head{"page.impact.decided_by", 28})}
	for n := range i.lines {
		item := &i.lines[n]
		g.shown(item.ID)
		decision := g.state(say.Shape(item.Decision), say.Decision(item))
		decision.Below = item.Note
		by := plain("")
		if item.DecidedOn != 0 {
			by = pack.Told{Text: g.deciders[item.DecidedBy], Below: g.say.Date(item.DecidedOn)}
		}
		who := plain(item.Who)
		if item.AddedOn != 0 {
			who.Below = g.say.T("page.impact.added_on", item.AddedOn)
		}
		lines.Rows = append(lines.Rows, []pack.Told{g.touched(item, pieces), who, plain(say.Days(item)), decision, by})
	}
	if int(i.Items) > len(i.lines) {
		lines.Empty = ""
		lines.Note = g.say.T("pack.impact_left", len(i.lines), i.Items, g.say.T("import.kind.impacts"), i.Number)
	}
	return append(panels, lines)
}

// touched is the record of a line, with where the pack tells of it.
func (g *gathering) touched(item *trace.ImpactItem, pieces map[qms.ID]trace.Equipment) pack.Told {
	one := strong(ImpactWords{g.say}.Subject(item))
	switch {
	case item.Record == "":
	case item.Kind == trace.TouchedReport:
		one.Refs = []pack.Ref{{Text: item.Request, Mark: pack.ServiceMark(item.Request)}}
	case item.Kind == trace.TouchedUse:
		one.Below, one.Refs = item.Project, []pack.Ref{{Mark: pack.UseMark(item.Number)}}
	default:
		g.cited[item.Record] = true
		one.Text, one.Refs = pieces[item.Equipment].Code, []pack.Ref{{Text: g.say.T("pack.training_on", item.Date), Mark: pack.TrainingMark(string(item.Record))}}
	}
	return one
}

func (g *gathering) impactFacts(i *toldImpact, e trace.Equipment) [][2]string {
	say := ImpactWords{g.say}
	t := g.say.T
	facts := [][2]string{{t("page.impact.cause"), and(say.Cause(&i.Impact, e), g.causeWords(i))}, {t("page.impact.words"), i.Words},
		{t("page.impact.equipment"), and(e.Code, e.Name)}, {t("page.uses.person"), g.deciders[i.Person]}, {t("page.impact.window"), say.Window(i.Periods)},
		{t("page.impact.reason"), say.Basis(i.Basis, i.BasisOn, i.BasisWords)}, {t("page.impact.follows"), i.Follows},
		{t("page.impact.opened"), t("page.impact.by_on", i.OpenedOn, g.deciders[i.OpenedBy])},
		{t("page.impact.frozen"), t("page.impact.counts", i.Chains, i.Reports, i.Uses, i.Trainings)}, {t("page.impact.digest"), i.Digest}}
	for _, kind := range []trace.TouchedKind{trace.TouchedReport, trace.TouchedUse, trace.TouchedTraining} {
		if i.counts[kind] != nil {
			facts = append(facts, [2]string{t("page.impact.decisions") + ", " + strings.ToLower(t("page.impact.kinds_"+string(kind))), g.decisions(i.counts[kind])})
		}
	}
	if i.ConcludedOn == 0 {
		return known(append(facts, [2]string{t("page.impact.conclusion"), t("pack.impact.not_concluded")})...)
	}
	return known(append(facts, [2]string{t("page.impact.conclusion"), i.Conclusion},
		[2]string{t("page.impact.concluded"), t("page.impact.by_on", i.ConcludedOn, g.deciders[i.ConcludedBy])})...)
}

// causeWords is more of the cause: what the check measured, or why the training is void.
func (g *gathering) causeWords(i *toldImpact) string {
	switch {
	case i.calibration != nil && i.calibration.Certificate != "":
		return and(measured(i.calibration.Measure), g.say.T("page.life.certificate", i.calibration.Certificate))
	case i.calibration != nil:
		return measured(i.calibration.Measure)
	case i.training != nil && i.training.Void != "":
		return g.say.T("pack.impact_training_void", i.training.Void)
	}
	return ""
}

// decisions counts lines by what was decided, in the order of the decisions.
func (g *gathering) decisions(counts map[trace.ItemDecision]int) string {
	var parts []string
	for _, d := range append(trace.ItemDecisions(), trace.Undecided) {
		if n := counts[d]; n > 0 {
			word := g.say.T("page.impact.undecided")
			if d != trace.Undecided {
				word = g.say.T("page.impact.decision_" + string(d))
			}
			parts = append(parts, g.say.T("pack.level_count", word, n))
		}
	}
	return strings.Join(parts, ", ")
}
