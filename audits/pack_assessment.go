package audits

import (
	"context"
	"strings"

	"maillon/audits/pack"
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/label"
)

// assessment tells what the platform answers to the referential of the day: how far it is with each theme,
// then criterion by criterion, with the evidence as references into the pack.
func (g *gathering) assessment(ctx context.Context) error {
	if g.s.label == nil {
		return nil
	}
	a, err := g.s.label.AssessmentIn(ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return err
	}
	if a.Version == nil {
		g.tell("assessment", pack.Panel{Empty: g.say.T("page.assessment.none")})
		return nil
	}
	var threads []qms.ID
	codes := map[qms.ID]string{}
	for i := range a.Items {
		if answer := a.Items[i].Answer; answer != nil {
			g.shown(answer.ID)
			threads, codes[answer.Thread] = append(threads, answer.Thread), a.Items[i].Code
		}
	}
	if err := g.attachAll(ctx, threads, func(id qms.ID) string { return codes[id] }); err != nil {
		return err
	}
	files, err := g.filesInForce(ctx)
	if err != nil {
		return err
	}
	referred, err := g.referred(ctx, a)
	if err != nil {
		return err
	}
	g.tell("assessment", g.coverage(a))
	for _, theme := range label.Themes() {
		if panel := g.criteria(a, theme, files); len(panel.Rows) > 0 {
			g.tell("assessment", panel)
		}
	}
	g.tell("assessment", referred...)
	return nil
}

// coverage counts the answers of each theme, with a bar of its score.
func (g *gathering) coverage(a *label.Assessment) pack.Panel {
	c := a.Coverage()
	g.c.Criteria, g.c.Answered = c.Total, c.Answered
	name := a.Version.Name
	if a.Version.Sample {
		name = and(name, g.say.T("pack.assessment_sample"))
	}
	panel := pack.Panel{Title: g.say.T("page.assessment.coverage"), Text: []string{g.say.T("pack.assessment_text", a.Version.Number, name, c.Answered, c.Total, g.say.LongDate(g.asOf))},
		Columns: g.columns(head{"pack.col.theme", 60}, head{"page.assessment.answered", 30}, head{"page.assessment.percent", 20}, head{"pack.assessment_bar", 60})}
	panel.Columns[1].Right, panel.Columns[2].Right = true, true
	row := func(name string, t label.ThemeCoverage) []pack.Told {
		state := "valid"
		switch p := t.Percent(); {
		case p < 34:
			state = "missing"
		case p < 67:
			state = "expiring"
		}
		bar := &pack.Strip{Now: -1, Tracks: []float64{0, 0.25, 0.5, 0.75, 1}, Spans: []pack.StripSpan{{State: state, Wide: float64(t.Percent()) / 100}}}
		return []pack.Told{strong(name), plain(g.say.T("pack.assessment_of", t.Answered, t.Total)), plain(g.say.Percent(t.Percent(), 100)), {Strip: bar}}
	}
	for _, t := range c.Themes {
		panel.Rows = append(panel.Rows, row(g.say.T("theme."+string(t.Theme)), t))
	}
	panel.Rows = append(panel.Rows, row(g.say.T("page.assessment.all"), c.ThemeCoverage))
	if c.Required > 0 {
		panel.Note = g.say.T("page.assessment.required_n", c.Required)
	}
	return panel
}

// levelShape is the state whose shape stands before a level.
var levelShape = map[label.Level]string{label.NotMet: "missing", label.PartlyMet: "incoherent", label.LargelyMet: "open", label.FullyMet: "valid", label.NotApplicable: "not-applicable"}

// criteria are those of one theme with what the platform answers.
func (g *gathering) criteria(a *label.Assessment, theme label.Theme, files map[string]*documents.Entry) pack.Panel {
	panel := pack.Panel{Title: g.say.T("theme." + string(theme)),
		Columns: g.columns(head{"pack.col.code", 18}, head{"page.missions.criterion", 66}, head{"page.assessment.level", 36}, head{"pack.assessment_answer", 62}, head{"page.assessment.evidence", 85})}
	for i := range a.Items {
		item := &a.Items[i]
		if item.Theme != theme {
			continue
		}
		criterion := plain(item.Text(g.say.Lang()))
		criterion.Below = strings.Join(item.Clauses, ", ")
		code := strong(item.Code)
		if item.Required {
			code.Below = g.say.T("pack.assessment_required")
		}
		panel.Rows = append(panel.Rows, []pack.Told{code, criterion, g.level(item), g.answer(item, a.Names), g.proofs(item, files)})
	}
	return panel
}

func (g *gathering) level(item *label.AssessedCriterion) pack.Told {
	switch {
	case item.Answer == nil:
		return g.state("missing", g.say.T("page.assessment.unanswered"))
	case !item.Counts():
		return g.state("incoherent", g.say.T("page.assessment.asked_again"))
	}
	level := g.state(levelShape[item.Answer.Level], g.say.T("level."+string(item.Answer.Level)))
	level.Below = g.say.T("pack.assessment_on", item.Answer.AnsweredOn)
	return level
}

// answer is what is in place and what is missing, in the platform's words.
func (g *gathering) answer(item *label.AssessedCriterion, names map[qms.ID]string) pack.Told {
	a := item.Answer
	if a == nil {
		return pack.Told{}
	}
	one := plain(and(a.Reason, a.Remark))
	if a.HasGap() {
		gap := g.say.T("pack.assessment_gap", a.Gap)
		if a.CloseBy != 0 {
			gap += " " + g.say.T("pack.assessment_by", a.CloseBy)
		}
		one.Lines = append(one.Lines, and(gap, names[a.Person]))
	}
	return one
}

// proofs are the references of an answer: each says what it is, where it is shown in the pack, and which
// file of the archive it is.
func (g *gathering) proofs(item *label.AssessedCriterion, files map[string]*documents.Entry) (one pack.Told) {
	if item.Answer == nil {
		return one
	}
	for _, p := range item.Proofs {
		one.Refs = append(one.Refs, g.proof(p, files)...)
	}
	one.Refs = append(one.Refs, g.refs[item.Answer.Thread]...)
	if len(one.Refs) == 0 && item.Unproved() {
		return g.state("missing", g.say.T("page.assessment.unproved"))
	}
	return one
}

func (g *gathering) proof(p label.Proof, files map[string]*documents.Entry) []pack.Ref {
	text := p.Code
	if p.Version != "" {
		text += " v" + p.Version
	}
	text = and(text, p.Title)
	if p.Standing != label.EvidenceCurrent {
		text += " (" + g.say.T("page.assessment.proof_"+p.Standing) + ")"
	}
	switch p.Kind {
	case label.LinkDocument:
		ref := pack.Ref{Text: text, Mark: pack.DocumentMark(p.Code)}
		if v := files[p.Code]; v != nil {
			ref.File = v.Content
		}
		return []pack.Ref{ref}
	case label.LinkService:
		return []pack.Ref{{Text: text, Mark: pack.ServiceMark(g.requestOf(p.Code))}}
	case label.LinkExercise:
		return []pack.Ref{{Text: text, Mark: pack.ExerciseMark(p.Code)}}
	case label.LinkTraining:
		if len(p.Parts) > 2 {
			training := qms.ID(p.Parts[2])
			g.cited[training] = true
			return []pack.Ref{{Text: text, Mark: pack.TrainingMark(p.Parts[2])}}
		}
	case label.LinkUse:
		return []pack.Ref{{Text: text, Mark: pack.UseMark(p.Code)}}
	case label.LinkEquipment, label.LinkCalibration:
		if len(p.Parts) > 1 {
			return []pack.Ref{{Text: text, Mark: pack.EquipmentMark(p.Parts[1])}}
		}
	}
	return []pack.Ref{{Text: text}}
}
