package demo

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/trace"
)

// evidence backs answers of the self-assessment with what a pack leads to: a service, a piece of equipment
// with its certificate, a use, an exercise, and files of their own.
func (y *year) evidence(platform qms.ID, lead int) {
	y.on(330, lead, func(ctx context.Context) error {
		service, use, err := y.latest(ctx, platform)
		if err != nil {
			return err
		}
		for _, a := range []struct{ code, remark, file, links string }{
			{"Q-02", "La direction de l’unité a signé la lettre d’engagement et réserve un jour par semaine à la démarche.", "lettre-engagement-signee.txt", ""},
			{"R-01", "Chaque prestation se suit de la demande à la facture ; un exercice l’a vérifié.", "", service},
			{"R-02", "Une mise à disposition n’est ouverte qu’après habilitation.", "extrait-planning-reservations.txt", use + "\ntraining: A02/CONF-1"},
			{"R-03", "Chaque équipement a sa fiche de vie.", "", "equipment: CONF-1\nMO-EQP-001"},
		} {
			if err := y.backed(ctx, platform, a.code, a.remark, a.file, a.links); err != nil {
				return err
			}
		}
		return nil
	})
	y.on(331, lead, func(ctx context.Context) error { return y.certificate(ctx, platform, "CONF-1") })
}

// latest is the number of the first service that is complete, and of the first use.
func (y *year) latest(ctx context.Context, platform qms.ID) (service, use string, err error) {
	services, err := y.h.Trace.Services(ctx, platform, trace.ServiceFilter{State: trace.Complete, Sort: "number"}, qms.Cursor{Size: 1})
	if err != nil {
		return "", "", err
	}
	uses, err := y.h.Trace.Uses(ctx, platform, trace.UseFilter{Sort: "number"}, qms.Cursor{Size: 1})
	if err != nil {
		return "", "", err
	}
	for _, s := range services.Items {
		service = "service: " + s.Request.Number
	}
	for _, u := range uses.Items {
		use = "use: " + u.Use.Number
	}
	return service, use, nil
}

// backed answers a criterion again with words, links and a file beside it.
func (y *year) backed(ctx context.Context, platform qms.ID, code, remark, file, links string) error {
	now, err := y.h.Label.AnsweredCriterion(ctx, platform, code)
	if err != nil || now.Answer == nil {
		return err
	}
	before := now.Answer
	a, err := y.h.Label.StateAnswer(ctx, label.StateAnswer{Platform: platform, Code: code, Serial: before.Serial, Level: before.Level, Remark: remark,
		Links: append(label.ParseLinks(links), before.Links...), Gap: before.Gap, CloseBy: before.CloseBy, Person: before.Person})
	if err != nil || file == "" {
		return err
	}
	return y.proven(ctx, platform, trace.OfAnswer, a.Thread, file)
}

// certificate adds the file of the certificate to the last calibration of the equipment.
func (y *year) certificate(ctx context.Context, platform qms.ID, code string) error {
	piece, err := y.h.Trace.Piece(ctx, platform, code, 0)
	if err != nil || len(piece.Calibrations) == 0 {
		return err
	}
	c := piece.Calibrations[0]
	return y.proven(ctx, platform, trace.OfCalibration, c.ID, "certificat-"+c.Certificate+".txt")
}

// proven adds a file to a record.
func (y *year) proven(ctx context.Context, platform qms.ID, kind trace.EvidenceKind, record qms.ID, name string) error {
	f, err := y.h.Trace.Receive(ctx, platform, name, strings.NewReader("Pièce d’exemple : "+name+"\n"))
	if err != nil {
		return err
	}
	_, err = y.h.Trace.AddEvidence(ctx, trace.AddEvidence{Platform: platform, Kind: kind, Subject: record, File: f})
	return err
}
