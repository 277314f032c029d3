package demo

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// impacts plans two verifications of the mass spectrometer that find it out of tolerance, each adjusted
// and passed the same day, and the dossiers of what they touch: the first concluded, the second half
// decided.
func (y *year) impacts(platform qms.ID) {
	const manager, lead = 7, 8
	for i, day := range []int{60, 101, 190, 236, 301} {
		y.on(day, lead, func(ctx context.Context) error { return y.useSpectrometer(ctx, platform, day, i) })
	}
	first, second := new(trace.Impact), new(trace.Impact)
	y.on(150, manager, func(ctx context.Context) error { return y.outOfTolerance(ctx, platform, 150) })
	y.on(151, manager, func(ctx context.Context) error {
		return y.openImpact(ctx, platform, 150, "Dérive de la masse de référence : 12 ppm mesurés, 5 ppm tolérés. Source nettoyée, calibration refaite.", first)
	})
	y.on(153, manager, func(ctx context.Context) error {
		return y.proven(ctx, platform, trace.OfImpact, first.ID, "mesures-de-la-masse-de-reference.txt")
	})
	y.on(154, manager, func(ctx context.Context) error {
		return y.decideImpact(ctx, first, true, 0, trace.DecideImpact{Decision: trace.NotAffected,
			Note: "Résultats en masse nominale : l’écart reste sans effet sur l’identification"})
	})
	y.on(160, manager, func(ctx context.Context) error {
		_, err := y.h.Trace.ConcludeImpact(ctx, trace.ConcludeImpact{Target: trace.Target{Platform: platform, ID: first.ID, Revision: first.Revision},
			Words: "Aucun résultat rendu n’est remis en cause. La masse de référence est désormais mesurée chaque lundi."})
		return err
	})
	y.on(345, manager, func(ctx context.Context) error { return y.outOfTolerance(ctx, platform, 345) })
	y.on(346, manager, func(ctx context.Context) error {
		return y.openImpact(ctx, platform, 345, "Vérification annuelle : sensibilité inférieure de 30 % à la spécification. Détecteur remplacé.", second)
	})
	y.on(350, lead, func(ctx context.Context) error {
		return y.decideImpact(ctx, second, false, 2, trace.DecideImpact{Decision: trace.InformClient, InformedOn: y.date(349)})
	})
	y.on(352, lead, func(ctx context.Context) error {
		return y.decideImpact(ctx, second, false, 1, trace.DecideImpact{Decision: trace.RepeatIt, Note: "Dosage proche de la limite de quantification"})
	})
}

func (y *year) spectrometer(ctx context.Context, platform qms.ID) (qms.ID, error) {
	piece, err := y.h.Trace.Piece(ctx, platform, "MS-1", 0)
	if err != nil {
		return "", err
	}
	return piece.Equipment.ID, nil
}

func (y *year) useSpectrometer(ctx context.Context, platform qms.ID, day, i int) error {
	id, err := y.spectrometer(ctx, platform)
	if err == nil {
		_, err = y.h.Trace.RecordUse(ctx, trace.RecordUse{Platform: platform, Person: y.agents[9].ID, Equipment: id, Date: y.date(day),
			Minutes: int64(60 + 30*(i%3)), Project: "Projet S"})
	}
	return err
}

// outOfTolerance notes the verification that fails and, after the adjustment, the one that passes.
func (y *year) outOfTolerance(ctx context.Context, platform qms.ID, day int) error {
	id, err := y.spectrometer(ctx, platform)
	if err != nil {
		return err
	}
	for _, c := range []trace.RecordCalibration{
		{Kind: trace.Verified, Outcome: trace.Nonconforming, Certificate: "VE-MS-1-" + y.date(day).String()},
		{Kind: trace.Verified, Outcome: trace.Conforming, Months: 12, Certificate: "VE-MS-1-" + y.date(day).String() + "-B"},
	} {
		c.Platform, c.Equipment, c.Date = platform, id, y.date(day)
		if _, err := y.h.Trace.RecordCalibration(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// openImpact opens the dossier of the verification that failed on the day.
func (y *year) openImpact(ctx context.Context, platform qms.ID, day int, words string, into *trace.Impact) error {
	piece, err := y.h.Trace.Piece(ctx, platform, "MS-1", 0)
	if err != nil {
		return err
	}
	for _, c := range piece.Calibrations {
		if c.Outcome == trace.Nonconforming && c.Date == y.date(day) {
			opened, err := y.h.Trace.OpenImpact(ctx, trace.OpenImpact{Platform: platform, Words: words,
				Cause: trace.Cause{Kind: trace.ByCalibration, Subject: string(c.ID)}})
			if err == nil {
				*into = *opened
			}
			return err
		}
	}
	return qms.NotFound("record.not_found")
}

// decideImpact decides for all lines that wait, or for so many of them, the first ones.
func (y *year) decideImpact(ctx context.Context, i *trace.Impact, rest bool, lines int, d trace.DecideImpact) error {
	d.Target, d.Rest = trace.Target{Platform: i.Platform, ID: i.ID, Revision: i.Revision}, rest
	waiting, err := y.h.Trace.ImpactItems(ctx, i.Platform, i.Number, trace.ItemFilter{Undecided: true}, qms.Cursor{})
	if err != nil {
		return err
	}
	for _, item := range waiting.Items[:min(lines, len(waiting.Items))] {
		d.Items = append(d.Items, item.ID)
	}
	after, err := y.h.Trace.DecideImpact(ctx, d)
	if err == nil {
		*i = *after
	}
	return err
}
