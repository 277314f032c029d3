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

// skills reads the training matrix of the day.
func (g *gathering) skills(ctx context.Context) error {
	ground, err := g.s.trace.Ground(ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return err
	}
	settings, err := settingsOf(ctx, g.r, g.platform)
	if err != nil {
		return err
	}
	pieces, err := g.s.trace.EquipmentByID(ctx, g.r, g.platform)
	if err != nil {
		return err
	}
	trainings, err := g.given(ctx)
	if err != nil {
		return err
	}
	for _, t := range trainings {
		g.shown(t.ID)
	}
	equipment, persons := trained(ground, pieces, g.members)
	for _, e := range equipment {
		g.shown(e.ID)
		g.c.Matrix.Equipment = append(g.c.Matrix.Equipment, pack.Equipment{Code: e.Code, Name: e.Name})
	}
	for _, m := range persons {
		row := pack.Trainee{Code: m.Code, Name: m.Name}
		for _, e := range equipment {
			cover := ground.TrainingCover(trace.Pair{Person: m.Person, Equipment: e.ID}, g.asOf, settings.ExpiringDays)
			row.Cells = append(row.Cells, pack.Cell{State: string(cover.Standing), Until: cover.Until})
		}
		g.c.Matrix.People = append(g.c.Matrix.People, row)
	}
	return nil
}

// trained are the equipment and the people that any training names, by code.
func trained(ground *trace.Ground, pieces map[qms.ID]trace.Equipment, members map[qms.ID]people.Member) ([]trace.Equipment, []people.Member) {
	equipment, persons := map[qms.ID]trace.Equipment{}, map[qms.ID]people.Member{}
	for pair := range ground.Trainings {
		equipment[pair.Equipment] = pieces[pair.Equipment]
		persons[pair.Person] = members[pair.Person]
	}
	return byKey(equipment, func(e trace.Equipment) string { return e.Code }),
		byKey(persons, func(m people.Member) string { return m.Code + "\x00" + m.Name })
}

func byKey[T any](all map[qms.ID]T, key func(T) string) []T {
	list := make([]T, 0, len(all))
	for _, one := range all {
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	return list
}

// uncovered lists the uses that no training covers.
func (g *gathering) uncovered(ctx context.Context, all []trace.UncoveredUse, pieces map[qms.ID]trace.Equipment) error {
	numbers := make([]string, 0, len(all))
	for _, u := range all {
		numbers = append(numbers, u.Use)
	}
	uses, err := usesByNumber(ctx, g.r, g.platform, numbers)
	if err != nil {
		return err
	}
	ground, err := g.s.trace.Ground(ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return err
	}
	for _, u := range all {
		use := uses[u.Use]
		g.shown(use.ID)
		detail := ""
		if u.Defect == trace.U02 {
			cover := ground.TrainingCover(trace.Pair{Person: use.Person, Equipment: use.Equipment}, use.Date, 0)
			detail = g.say.T("pack.detail.expired", cover.Until.AddDays(-1))
		}
		piece := pieces[use.Equipment]
		g.c.Uses.Uncovered = append(g.c.Uses.Uncovered, pack.Use{Number: u.Use, Date: use.Date, Person: g.named(use.Person),
			Equipment: strings.TrimSpace(piece.Code + " " + piece.Name), Check: string(u.Defect), Detail: detail})
	}
	return nil
}

// samples reads the sampled exercises with their answers.
func (g *gathering) samples(ctx context.Context) error {
	sheets, err := g.sheets(ctx)
	if err != nil {
		return err
	}
	var evaluators []qms.ID
	for _, s := range sheets {
		evaluators = append(evaluators, s.Exercise.Evaluator)
	}
	slices.Sort(evaluators)
	names, err := people.NamesOf(ctx, g.r, slices.DeleteFunc(slices.Compact(evaluators), func(id qms.ID) bool { return id == "" }))
	if err != nil {
		return err
	}
	for _, sheet := range sheets {
		e := &sheet.Exercise
		g.shown(e.ID)
		s := pack.Sample{Number: e.Number, Kind: string(e.Kind), Direction: string(e.Direction), Seed: e.Seed, Population: int(e.PopulationSize),
			Digest: e.PopulationDigest, Found: int(e.Found), Expected: int(e.Expected), Verdict: string(e.Verdict), Remark: e.Remark,
			Evaluator: names[e.Evaluator], Concluded: e.ConcludedAt}
		for _, item := range sheet.Items {
			s.Items = append(s.Items, g.sampled(item))
		}
		g.c.Samples = append(g.c.Samples, s)
	}
	return nil
}

// sampled is one drawn item: what was found, and a note for each link that was not.
func (g *gathering) sampled(item SheetItem) pack.SampleItem {
	g.shown(item.ID)
	score := ScoreOf(item.Links)
	out := pack.SampleItem{Number: item.Number, Found: int(score.Found), Expected: int(score.Expected)}
	for _, l := range item.Links {
		g.shown(l.ID)
		if l.Answer == Found || l.Answer == NotApplicable {
			continue
		}
		said := g.say.T("link."+l.Link) + ", " + g.say.T("state."+string(cmp.Or(l.Answer, Missing)))
		if l.Note != "" {
			said = g.say.T("pack.check_line", said, l.Note)
		}
		out.Notes = append(out.Notes, said)
	}
	return out
}
