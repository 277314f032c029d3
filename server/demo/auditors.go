package demo

import (
	"context"

	"maillon/audits/auditors"
	"maillon/qms"
)

// auditedDocument is one that microscopy has had all year.
const auditedDocument = "MO-EQP-001"

// auditors plans what the auditor of microscopy does towards the end of the year, and an invitation to
// spectrometry that is still to be answered.
func (y *year) auditors(micro, spectro qms.ID) {
	var handed *auditors.AuditNote
	note := func(about auditors.About, label, words string, into **auditors.AuditNote) func(context.Context) error {
		return func(ctx context.Context) error {
			n, err := y.h.Auditors.WriteNote(ctx, auditors.WriteNote{Platform: micro, About: about, Label: label, Words: words})
			if into != nil {
				*into = n
			}
			return err
		}
	}
	y.on(340, 11, func(ctx context.Context) error {
		me := qms.ActorFrom(ctx)
		for path, title := range map[string]string{"documents": "Documents", "documents/" + auditedDocument: auditedDocument, "trail": "Journal", "exercises": "Exercices"} {
			y.h.Auditors.Saw(auditors.Sight{Code: Micro, Audits: []qms.ID{micro}, Person: me.ID, Name: me.Name, Kind: auditors.PageKind, Path: path, Title: title})
		}
		return y.h.Auditors.Flush(ctx)
	})
	y.on(340, 11, note(auditors.AboutPlatform, "", "Organisation claire ; demander l’organigramme à jour lors de la visite.", nil))
	y.on(341, 11, note(auditors.AboutDocument, auditedDocument, "Procédure connue de toutes les personnes rencontrées, versions tenues.", &handed))
	y.on(342, 11, func(ctx context.Context) error {
		_, err := y.h.Auditors.HandNote(ctx, auditors.On{Platform: micro, ID: handed.ID, Revision: handed.Revision})
		return err
	})
	y.on(360, 7, func(ctx context.Context) error {
		_, err := y.h.Auditors.Invite(ctx, auditors.Invite{Platforms: []qms.ID{spectro}, Name: "Agent 13", Email: "agent13@ailleurs.example",
			Purpose: "Regard extérieur avant le suivi à 24 mois", From: y.date(360), Until: y.date(360).AddMonths(2), Language: "fr"})
		return err
	})
}
