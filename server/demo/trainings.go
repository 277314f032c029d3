package demo

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/trace"
)

// groups plans who may train on what, a session for several people under the first version of a work
// instruction, and the renewal of some of them under the second: the others are left to requalify.
func (y *year) groups(l *lab) {
	for _, t := range []struct {
		equipment string
		trainer   int
	}{{"CONF-1", 1}, {"MEB-1", 1}, {"FLUO-1", 1}, {"BAL-1", 1}, {"PREP-1", 1}, {"CONF-1", 3}, {"BAL-1", 3}, {"MEB-1", 3}} {
		y.on(8, 1, func(ctx context.Context) error {
			_, err := y.h.Trace.NameTrainer(ctx, trace.NameTrainer{Platform: l.platform, Person: y.agents[t.trainer].ID,
				Equipment: l.equipment[t.equipment], From: y.date(-400)})
			return err
		})
	}
	const held, renewed = 60, 335
	y.on(held, l.recorder, func(ctx context.Context) error { return y.session(ctx, l, held) })
	y.on(renewed, l.recorder, func(ctx context.Context) error {
		sheet, err := y.h.Trace.SessionSheet(ctx, l.platform, "SES-"+y.date(held).String()[:4]+"-0001")
		if err != nil {
			return err
		}
		var of []qms.ID
		for _, t := range sheet.People[0].Trainings {
			of = append(of, t.ID)
		}
		_, err = y.h.Trace.RenewTrainings(ctx, trace.RenewTrainings{Platform: l.platform, Of: of, Date: y.date(renewed), Trainer: y.agents[1].ID, Months: 24})
		return err
	})
}

// session records a session with its signed attendance list.
func (y *year) session(ctx context.Context, l *lab, day int) error {
	g, err := y.h.Trace.RecordSession(ctx, trace.RecordSession{Platform: l.platform, Named: []string{"A02", "A03", "A05", "A06"}, On: []string{"BAL-1", "PREP-1"},
		SessionTerms: trace.SessionTerms{Date: y.date(day), Trainer: y.agents[1].ID, Kind: trace.InitialTraining, Months: 24, Procedure: l.instruction,
			Place: "Salle 104", Minutes: 120, Note: "Pesée, préparation et nettoyage du poste"}})
	if err != nil {
		return err
	}
	file, err := y.h.Trace.Receive(ctx, l.platform, "emargement-"+g.Number+".txt",
		strings.NewReader("Feuille d’émargement "+g.Number+" (exemple)\nA02 signé\nA03 signé\nA05 signé\nA06 signé\nA01, formateur, signé\n"))
	if err != nil {
		return err
	}
	_, err = y.h.Trace.AddEvidence(ctx, trace.AddEvidence{Platform: l.platform, Kind: trace.OfSession, Subject: g.ID, File: file, Remark: "Feuille d’émargement signée"})
	return err
}
