package audits

import (
	"context"
	"slices"
	"strings"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/trace"
)

// trainingsShown bounds the list of trainings; the register in the archive has them all.
const trainingsShown = 400

// given reads the trainings given up to the day, the earliest first, once for all sections that tell of
// them.
func (g *gathering) given(ctx context.Context) ([]trace.Training, error) {
	if g.again("trainings") {
		return g.trained, nil
	}
	var err error
	g.trained, err = recordsUntil[trace.Training](ctx, g.r, g.platform, g.asOf)
	return g.trained, err
}

// covering is the training that let the person use the equipment on a day, or else the last one begun by
// then; nil when there is none.
func covering(all []trace.Training, person, equipment qms.ID, on qms.Date) (found *trace.Training) {
	held := false
	for i := range all {
		t := &all[i]
		if t.Person != person || t.Equipment != equipment || t.Date > on {
			continue
		}
		if holds := t.Validity().Contains(on); holds || !held {
			found, held = t, holds
		}
	}
	return found
}

// cite refers to a training. The list then has it, whenever it was given.
func (g *gathering) cite(t *trace.Training) pack.Ref {
	g.cited[t.ID] = true
	return pack.Ref{Text: g.say.T("pack.training_on", t.Date), Mark: pack.TrainingMark(string(t.ID))}
}

// trainings lists those given in the period, the latest first, and those given before that other sections
// refer to. It is read after these.
func (g *gathering) trainings(ctx context.Context) error {
	all, err := g.given(ctx)
	if err != nil {
		return err
	}
	pieces, err := g.s.trace.EquipmentByID(ctx, g.r, g.platform)
	if err != nil {
		return err
	}
	panel := pack.Panel{Title: g.say.T("pack.trainings"), Empty: g.say.T("pack.trainings_none"),
		Columns: g.columns(head{"pack.col.date", 22}, head{"pack.col.person", 50}, head{"pack.col.equipment", 50}, head{"pack.col.trainer", 44}, head{"pack.col.valid_until", 36}, head{"pack.col.procedure", 60})}
	told, count, left := g.told(all)
	if count > 0 {
		panel.Text = []string{g.say.T("pack.trainings_text", count)}
	}
	if before := len(told) + left - count; before > 0 {
		panel.Text = append(panel.Text, g.say.T("pack.trainings_cited", before))
	}
	if left > 0 {
		panel.Note = g.say.T("pack.trainings_left", left)
	}
	if err := g.trainingFiles(ctx, told, pieces); err != nil {
		return err
	}
	if _, err := g.touching(ctx); err != nil {
		return err
	}
	for _, t := range told {
		panel.Rows = append(panel.Rows, g.trainingRow(t, pieces[t.Equipment]))
	}
	g.tell("uses", panel)
	return nil
}

// told are the trainings to list, the latest first; count is how many were given in the period, and left
// how many of these are not listed.
func (g *gathering) told(all []trace.Training) (told []trace.Training, count, left int) {
	for _, t := range slices.Backward(all) {
		if t.Date >= g.from {
			count++
		}
		switch {
		case g.cited[t.ID], t.Date >= g.from && count <= trainingsShown:
			told = append(told, t)
		case t.Date >= g.from:
			left++
		}
	}
	return told, count, left
}

func (g *gathering) trainingRow(t trace.Training, e trace.Equipment) []pack.Told {
	g.shown(t.ID)
	until := plain(g.say.T("pack.for_ever"))
	if end := t.Validity().Until; end != 0 {
		until = plain(g.lastDay(end))
		if until.State = "valid"; end <= g.asOf {
			until.State = "expired"
		}
	}
	date := g.date(t.Date)
	date.Mark = pack.TrainingMark(string(t.ID))
	if t.Kind != "" {
		date.Below = g.say.T("page.trainings.kind_" + string(t.Kind))
	}
	var proof pack.Told
	if t.Procedure != "" {
		proof.Refs = []pack.Ref{{Text: strings.TrimSpace(t.Procedure + " " + t.ProcedureVersion), Mark: pack.DocumentMark(t.Procedure)}}
	}
	proof.Refs = slices.Concat(proof.Refs, g.filesOf(t.ID, t.Session), g.causes[t.ID])
	return []pack.Told{date, plain(g.named(t.Person)), {Text: e.Code, Below: e.Name}, plain(g.named(t.Trainer)), until, proof}
}
