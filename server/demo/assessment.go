package demo

import (
	"context"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/label"
)

// said is what a platform answers to one criterion.
type said struct {
	code  string
	level label.Level
	links string
	gap   string
	in    int // days until the gap is closed; 0 for no day
	who   int // agent who closes it
	why   string
}

// referential is published by the quality officer early in the year: the sample, which says that it is one.
func (y *year) referential() {
	y.on(3, 10, func(ctx context.Context) error {
		v, err := y.h.Label.TakeSample(ctx, "Exemple de Maillon", "Exemple rédigé pour Maillon, à adapter : ce n’est pas la grille officielle.")
		if err != nil {
			return err
		}
		_, err = y.h.Label.PublishReferential(ctx, label.PublishReferential{OnReferential: label.OnReferential{Number: v.Number, Revision: v.Revision}, EffectiveFrom: y.date(3)})
		return err
	})
}

// assessment is a self-assessment half filled in the year, with what is still missing.
func (y *year) assessment(platform qms.ID, lead int) {
	for _, step := range []struct {
		day  int
		said []said
	}{
		{90, []said{
			{code: "Q-01", level: label.FullyMet}, {code: "Q-02", level: label.FullyMet}, {code: "Q-03", level: label.PartlyMet, gap: "La politique n’est pas encore lue par tous", in: 200, who: lead},
			{code: "Q-04", level: label.PartlyMet, gap: "Deux processus n’ont pas de pilote"}, {code: "Q-05", level: label.LargelyMet, links: "MQ-QUA-001"},
			{code: "S-01", level: label.LargelyMet}, {code: "S-02", level: label.PartlyMet, gap: "La matrice ne couvre pas les doctorants", in: 260, who: lead},
			{code: "T-02", level: label.LargelyMet}, {code: "T-03", level: label.PartlyMet},
		}},
		{200, []said{
			{code: "Q-04", level: label.LargelyMet}, {code: "A-01", level: label.FullyMet}, {code: "A-02", level: label.LargelyMet}, {code: "A-03", level: label.FullyMet},
			{code: "R-01", level: label.LargelyMet}, {code: "R-02", level: label.LargelyMet}, {code: "R-03", level: label.FullyMet},
			{code: "R-04", level: label.PartlyMet, gap: "Un pipetier n’est pas au programme d’étalonnage", in: 150, who: lead}, {code: "R-06", level: label.NotApplicable, why: "La plateforme ne reçoit pas d’échantillons en dépôt"},
			{code: "D-01", level: label.LargelyMet}, {code: "D-02", level: label.PartlyMet, gap: "La procédure de sauvegarde est à écrire", in: 190, who: lead},
		}},
		{320, []said{
			{code: "D-03", level: label.NotMet, gap: "Aucun essai de restauration n’a été fait", in: 75, who: lead}, {code: "I-01", level: label.PartlyMet},
			{code: "I-02", level: label.NotMet, gap: "Préparer l’enquête auprès des usagers", in: 90}, {code: "O-01", level: label.FullyMet}, {code: "T-03", level: label.FullyMet},
			{code: "V-01", level: label.LargelyMet},
		}},
	} {
		y.on(step.day, lead, func(ctx context.Context) error {
			for _, a := range step.said {
				if err := y.answer(ctx, platform, step.day, a); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func (y *year) answer(ctx context.Context, platform qms.ID, day int, a said) error {
	now, err := y.h.Label.AnsweredCriterion(ctx, platform, a.code)
	if err != nil {
		return err
	}
	cmd := label.StateAnswer{Platform: platform, Code: a.code, Level: a.level, Reason: a.why, Links: label.ParseLinks(a.links), Gap: a.gap}
	if now.Answer != nil {
		cmd.Serial = now.Answer.Serial
	}
	if a.in > 0 {
		cmd.CloseBy = y.date(day + a.in)
	}
	if a.who > 0 && a.in > 0 {
		cmd.Person = y.agents[a.who].ID
	}
	if a.links == "" && a.level.Points() > 1 {
		if cmd.Links, err = y.proofs(ctx, platform, a.code); err != nil {
			return err
		}
	}
	_, err = y.h.Label.StateAnswer(ctx, cmd)
	return err
}

// proofs are documents in force, another one for each criterion.
func (y *year) proofs(ctx context.Context, platform qms.ID, code string) ([]label.Link, error) {
	page, err := y.h.Documents.Lines(ctx, platform, documents.Filter{State: documents.Effective}, "")
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	n := 0
	for _, r := range code {
		n += int(r)
	}
	return []label.Link{{Kind: label.LinkDocument, Code: page.Items[n%len(page.Items)].Code}}, nil
}
