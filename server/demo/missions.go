package demo

import (
	"context"
	"errors"

	"maillon/qms"
	"maillon/qms/label"
)

// missions plans the way of spectrometry to the label, without accompaniment: evaluated in the first half
// of the year by two people of microscopy, labelled under two conditions, one of them still to be met.
// Microscopy, which is accompanied, holds the label of another body.
func (y *year) missions(micro, spectro qms.ID) {
	m := new(label.Mission)
	y.on(150, 10, func(ctx context.Context) error {
		return y.openMission(ctx, spectro, 150, []string{agent{number: 3}.email(), agent{number: 4}.email()}, m)
	})
	y.on(152, 3, func(ctx context.Context) error { return y.declare(ctx, m) })
	y.on(152, 4, func(ctx context.Context) error { return y.declare(ctx, m) })
	y.on(153, 10, func(ctx context.Context) error { return y.planVisit(ctx, m, 165) })
	y.on(167, 10, func(ctx context.Context) error { return y.find(ctx, m) })
	y.on(172, 3, func(ctx context.Context) error { return y.handIn(ctx, m) })
	y.on(185, 7, func(ctx context.Context) error {
		after, err := y.h.Label.ObserveReport(ctx, label.ObserveReport{At: atMission(m),
			Text: "La plateforme remercie les évaluateurs. L’essai de restauration demandé est prévu au prochain semestre."})
		return kept(m, after, err)
	})
	y.on(200, 10, func(ctx context.Context) error { return y.decide(ctx, m) })
	y.on(290, 10, func(ctx context.Context) error { return y.liftFirst(ctx, m) })
	y.on(40, 2, func(ctx context.Context) error {
		_, err := y.h.Label.AddOtherLabel(ctx, label.StateOtherLabel{Platform: micro, Kind: label.OtherIBiSA, Body: "Groupement d’exemple", Number: "IB-0042",
			Perimeter: "Microscopie électronique et confocale", From: y.date(0).AddMonths(-40), Through: y.date(Days).AddDays(45)})
		return err
	})
}

func atMission(m *label.Mission) label.At {
	return label.At{Platform: m.Platform, ID: m.ID, Revision: m.Revision}
}

// kept keeps a mission as an act left it.
func kept(into, after *label.Mission, err error) error {
	if err == nil {
		*into = *after
	}
	return err
}

func (y *year) openMission(ctx context.Context, platform qms.ID, day int, evaluators []string, into *label.Mission) error {
	m, err := y.h.Label.OpenMission(ctx, label.OpenMission{Platform: platform, Kind: label.MissionInitial, Evaluators: evaluators,
		AccessFrom: y.date(day), AccessUntil: y.date(day).AddMonths(4)})
	return kept(into, m, err)
}

// declare is the declaration of the evaluator who acts.
func (y *year) declare(ctx context.Context, m *label.Mission) error {
	me := qms.ActorFrom(ctx)
	me.Grants = append(me.Grants[:len(me.Grants):len(me.Grants)], qms.Grant{Role: qms.Auditor, Platform: m.Platform}) // given with the mission
	ctx = qms.WithActor(ctx, me)
	sheet, err := y.h.Label.Mission(ctx, m.Platform, m.Number)
	if err != nil {
		return err
	}
	for _, e := range sheet.Evaluators {
		if e.Person == me.ID {
			after, err := y.h.Label.DeclareIndependence(ctx, label.DeclareIndependence{At: atMission(m), Evaluator: e.ID,
				Words: "Aucun lien de travail ni de publication avec la plateforme depuis cinq ans."})
			return kept(m, after, err)
		}
	}
	return qms.NotFound("record.not_found")
}

func (y *year) planVisit(ctx context.Context, m *label.Mission, day int) error {
	after, err := y.h.Label.PlanVisit(ctx, label.PlanVisit{At: atMission(m), From: y.date(day), Plan: []label.PlanItem{
		{From: "09:00", Until: "09:30", Topic: "Ouverture", With: "Responsable et référent qualité"},
		{From: "09:30", Until: "11:00", Topic: "Démarche qualité et documents", With: "Référent qualité"},
		{From: "11:00", Until: "12:30", Topic: "Exercices de traçabilité", With: "Équipe"},
		{From: "14:00", Until: "15:30", Topic: "Équipements, habilitations et données", With: "Équipe"},
		{From: "15:30", Until: "16:30", Topic: "Restitution", With: "Responsable et direction d’unité"},
	}})
	return kept(m, after, err)
}

// find states what was found: mostly good.
func (y *year) find(ctx context.Context, m *label.Mission) error {
	sheet, err := y.h.Label.Mission(ctx, m.Platform, m.Number)
	if err == nil && len(sheet.Findings) == 0 {
		if err = y.fillGrid(ctx, m); err == nil {
			sheet, err = y.h.Label.Mission(ctx, m.Platform, m.Number)
		}
	}
	if err != nil || len(sheet.Findings) == 0 {
		return err
	}
	cmd := label.RecordFindings{At: atMission(m)}
	for i, c := range sheet.Findings {
		found := label.Found{Code: c.Code, Finding: label.FindingConform}
		switch i % 11 {
		case 3:
			found.Finding, found.Note = label.FindingStrength, "Pratique exemplaire, à partager avec les autres plateformes"
		case 6:
			found.Finding, found.Note = label.FindingOpportunity, "À formaliser pour que tout nouvel arrivant en dispose"
		case 9:
			found.Finding, found.Note = label.FindingMinor, "Preuve partielle : un essai sur trois est enregistré"
		}
		cmd.Lines = append(cmd.Lines, found)
	}
	after, err := y.h.Label.RecordFindings(ctx, cmd)
	return kept(m, after, err)
}

// fillGrid takes the criteria over, where there are any.
func (y *year) fillGrid(ctx context.Context, m *label.Mission) error {
	after, err := y.h.Label.FillGrid(ctx, atMission(m))
	if errors.Is(err, qms.Conflict("mission.grid_full")) {
		return nil
	}
	return kept(m, after, err)
}

// handIn hands the report in, by the evaluator who acts.
func (y *year) handIn(ctx context.Context, m *label.Mission) error {
	me := qms.ActorFrom(ctx)
	me.Grants = append(me.Grants[:len(me.Grants):len(me.Grants)], qms.Grant{Role: qms.Auditor, Platform: m.Platform})
	after, err := y.h.Label.ReportMission(qms.WithActor(ctx, me), label.ReportMission{At: atMission(m),
		Text: "La démarche qualité est portée par toute l’équipe et la traçabilité des prestations est fluide. Les équipements sont suivis et les habilitations à jour. La sauvegarde des données est en place ; sa restauration n’a pas encore été éprouvée sur tous les équipements. Les tarifs sont publiés."})
	return kept(m, after, err)
}

func (y *year) decide(ctx context.Context, m *label.Mission) error {
	made, err := y.h.Label.DecideMission(ctx, label.DecideMission{At: atMission(m), Body: "Comité de labellisation", Date: y.date(198), Outcome: label.OutcomeConditions,
		Note: "Avis favorable des évaluateurs.", Perimeter: "Spectrométrie de masse et chromatographie : prestations et recherche contractuelle",
		Conditions: []label.ConditionStated{
			{Words: "Écrire la procédure de sauvegarde et de restauration des données", DueOn: y.date(198).AddMonths(3)},
			{Words: "Éprouver la restauration des données de chaque équipement", DueOn: y.date(Days).AddDays(24)},
		}})
	if err == nil {
		*m = *made.Mission
	}
	return err
}

// liftFirst lifts the first condition of the decision.
func (y *year) liftFirst(ctx context.Context, m *label.Mission) error {
	sheet, err := y.h.Label.Mission(ctx, m.Platform, m.Number)
	if err != nil {
		return err
	}
	c := sheet.Conditions[0]
	_, err = y.h.Label.LiftCondition(ctx, label.LiftCondition{At: label.At{Platform: c.Platform, ID: c.ID, Revision: c.Revision},
		Evidence: "Procédure approuvée et diffusée, vue dans la liste maîtresse"})
	return err
}
