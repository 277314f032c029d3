package demo

import (
	"bytes"
	"context"
	"fmt"

	"maillon/documents"
	"maillon/qms"
)

// place is where a process stands on the map, and who steers it.
type place struct {
	code, name, purpose string
	kind                documents.ProcessType
	owner               int
}

var microProcesses = []place{
	{"QUA", "Piloter la qualité", "Fixer le cap, écouter, mesurer et améliorer.", documents.Management, 2},
	{"PRE", "Réaliser les prestations", "Rendre à chaque demande un résultat sûr, retraçable et à temps.", documents.Core, 1},
	{"EQP", "Gérer les équipements", "Des équipements disponibles, étalonnés, et dont on sait l’histoire.", documents.Support, 3},
	{"FOR", "Former et habiliter", "Que chacun sache se servir de ce qu’il utilise.", documents.Support, 1},
	{"ACH", "Acheter", "Acheter ce qui convient, chez qui convient.", documents.Support, 3},
}

var spectroProcesses = []place{
	{"PRE", "Analyser pour un client", "De la demande au rapport, sans perdre un échantillon.", documents.Core, 7},
	{"EQP", "Gérer les équipements", "", documents.Support, 9},
}

// chart plans the process map of a platform.
func (y *year) chart(platform qms.ID, lead int, processes []place) {
	for i, p := range processes {
		y.on(1, lead, func(ctx context.Context) error {
			_, err := y.h.Documents.AddProcess(ctx, platform, documents.Process{Code: p.code, Name: p.name, Type: p.kind,
				Owner: y.agents[p.owner].ID, Purpose: p.purpose, Place: int64(i + 1)}, "")
			return err
		})
	}
}

// inForce hands over the version of the document that is in force.
func (y *year) inForce(ctx context.Context, platform qms.ID, code string) (*documents.Entry, error) {
	sheet, err := y.h.Documents.SheetByCode(ctx, platform, code, 0)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", code, err)
	case sheet.InForce == nil:
		return nil, fmt.Errorf("%s: nothing of it is in force", code)
	}
	return sheet.InForce, nil
}

// control plans what is done with the documents of the platform of microscopy beside their rounds:
// who they are addressed to and who has read them, a review, a comment, and filled forms.
func (y *year) control(platform qms.ID) {
	y.address(platform, 20, "MQ-QUA-001", qms.Manager, qms.QualityLead, qms.Member)
	y.address(platform, 21, "MO-EQP-001", qms.Member, qms.User)
	y.address(platform, 22, "PR-PRE-001", qms.Member)
	for _, r := range []struct{ day, agent int }{{23, 3}, {24, 4}, {33, 6}, {118, 3}, {121, 4}, {125, 6}} {
		y.reads(platform, r.day, r.agent, "MO-EQP-001")
	}
	for agent := 1; agent <= 4; agent++ { // agent 05 has read nothing yet
		y.reads(platform, 188+agent, agent, "MQ-QUA-001")
	}
	y.reads(platform, 150, 3, "PR-PRE-001")
	y.on(350, 2, func(ctx context.Context) error {
		v, err := y.inForce(ctx, platform, "MO-EQP-002")
		if err != nil {
			return err
		}
		_, err = y.h.Documents.ReviewUnchanged(ctx, documents.ReviewUnchanged{Platform: platform, Version: v.ID,
			Note: "Relu avec les utilisateurs : rien à changer."})
		return err
	})
	y.on(356, 2, func(ctx context.Context) error {
		sheet, err := y.h.Documents.SheetByCode(ctx, platform, "PR-FOR-001", 0)
		if err != nil {
			return err
		}
		_, err = y.h.Documents.AddComment(ctx, documents.AddComment{Platform: platform, Version: sheet.Open.ID,
			Text: "Le paragraphe 3 pourrait dire qui prévient l’utilisateur avant la fin de validité."})
		return err
	})
	y.fill(platform)
	y.keep(platform)
}

// keep plans the logo, how long filled forms are kept, and where to look for a new edition of what
// comes from outside: the first of the forms has passed its time by now, and the next look is late.
func (y *year) keep(platform qms.ID) {
	y.on(1, 2, func(ctx context.Context) error {
		drawn, err := logo()
		if err != nil {
			return err
		}
		received, err := y.h.Documents.ReceiveLogo(ctx, platform, bytes.NewReader(drawn))
		if err != nil {
			return err
		}
		_, err = y.h.Documents.SetSettings(ctx, documents.SetSettings{Platform: platform, Revision: -1, Language: "fr", Logo: received})
		return err
	})
	nine, half := qms.Months(9), qms.Months(6)
	y.on(25, 2, func(ctx context.Context) error {
		v, err := y.inForce(ctx, platform, "FO-EQP-001")
		if err != nil {
			return err
		}
		_, err = y.h.Documents.Revise(ctx, documents.Revise{Platform: platform, Document: v.Document, RetentionMonths: &nine})
		return err
	})
	y.on(60, 2, func(ctx context.Context) error {
		v, err := y.inForce(ctx, platform, "EX-QUA-001")
		if err != nil {
			return err
		}
		publisher, where := "Organisme de normalisation (exemple)", "Son catalogue en ligne"
		if _, err = y.h.Documents.Revise(ctx, documents.Revise{Platform: platform, Document: v.Document, Publisher: &publisher,
			Watch: &where, WatchMonths: &half}); err != nil {
			return err
		}
		_, err = y.h.Documents.Look(ctx, documents.Look{Platform: platform, Document: v.Document, Outcome: documents.WatchedSame})
		return err
	})
}

func (y *year) address(platform qms.ID, day int, code string, roles ...qms.Role) {
	y.on(day, 2, func(ctx context.Context) error {
		v, err := y.inForce(ctx, platform, code)
		if err != nil {
			return err
		}
		_, err = y.h.Documents.Address(ctx, documents.Address{Platform: platform, Document: v.Document, Roles: roles})
		return err
	})
}

func (y *year) reads(platform qms.ID, day, agent int, code string) {
	y.on(day, agent, func(ctx context.Context) error {
		v, err := y.inForce(ctx, platform, code)
		if err != nil {
			return err
		}
		_, err = y.h.Documents.Acknowledge(ctx, documents.Acknowledge{Platform: platform, Version: v.ID})
		return err
	})
}

// filled is a form filled on a day.
type filled struct {
	day                 int
	form, version       string
	about               documents.About
	code, title, remark string
}

// microForms are filled forms; the last one is filled on a form that had been withdrawn by then.
var microForms = []filled{
	{30, "FO-FOR-001", "", documents.AboutTraining, "A06/CONF-1", "Attestation d’habilitation de l’agent 06", ""},
	{121, "FO-FOR-001", "", documents.AboutTraining, "A04/FLUO-1", "Attestation d’habilitation de l’agent 04", ""},
	{40, "FO-EQP-001", "", documents.AboutEquipment, "CONF-1", "Fiche de vie du microscope confocal", ""},
	{196, "FO-EQP-001", "", documents.AboutEquipment, "FLUO-1", "Fiche de vie du spectromètre", "Après l’étalonnage de juin."},
	{231, "FO-EQP-001", "1.0", documents.AboutEquipment, "MEB-1", "Fiche de vie du microscope électronique", ""},
}

// fill plans the filled forms.
func (y *year) fill(platform qms.ID) {
	for _, f := range microForms {
		y.on(f.day+1, 2, func(ctx context.Context) error {
			content, err := write("pdf", "# "+f.title+"\n\n"+f.form+"\n\nRempli et signé le "+y.date(f.day).String()+".\n")
			if err != nil {
				return err
			}
			file, err := y.h.Documents.Receive(ctx, platform, f.title+".pdf", bytes.NewReader(content))
			if err != nil {
				return err
			}
			_, err = y.h.Documents.EnterRecord(ctx, documents.Enter{Platform: platform, Form: f.form, Version: f.version, Date: y.date(f.day),
				Title: f.title, Remark: f.remark, AboutKind: f.about, AboutCode: f.code, File: &file})
			return err
		})
	}
}

// spare plans the exemption of the small team of spectrometry.
func (y *year) spare(platform qms.ID) {
	y.on(2, 8, func(ctx context.Context) error {
		_, err := y.h.Documents.Exempt(ctx, documents.Exempt{Platform: platform, Allows: documents.VerifierApproves,
			Reason: "Trois permanents seulement, dont un souvent absent."})
		return err
	})
}
