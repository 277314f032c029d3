package demo

import (
	"bytes"
	"context"
	"fmt"

	"maillon/documents"
	"maillon/qms"
)

// model is one template of the demo's quality kit, with the day and the text of its first version.
type model struct {
	code, french, english string
	kind, process, theme  string
	text, file            string
	description           string
}

const officer = 10 // the agent who keeps the kit

var models = []model{
	{"KIT-01", "Maîtriser les documents de la plateforme", "Controlling the documents of the platform", "PR", "QUA", "Documents", "kit-documents-1.0", "docx",
		"La première procédure à adapter : qui rédige, vérifie et approuve, et comment un document vit."},
	{"KIT-02", "Gérer et sauvegarder les données", "Managing and backing up data", "PR", "QUA", "Données", "kit-donnees-1.0", "docx",
		"À adapter équipement par équipement ; la liste des données se tient à part."},
	{"KIT-03", "Fiche de non-conformité", "Nonconformity form", "FO", "QUA", "Amélioration", "kit-nonconformite-1.0", "docx",
		"Une page par écart, du constat à la vérification de l’efficacité."},
	{"KIT-04", "Demande de prestation", "Service request form", "FO", "PRE", "Prestations", "kit-demande-1.0", "docx",
		"Ce que le client remplit, et la revue de la demande par la plateforme."},
	{"KIT-05", "Devis", "Quotation form", "FO", "PRE", "Prestations", "kit-devis-1.0", "docx",
		"Pour les plateformes qui font leurs devis elles-mêmes."},
	{"KIT-06", "Recevoir et suivre les échantillons", "Receiving and following samples", "PR", "PRE", "Prestations", "kit-echantillons-1.0", "md",
		"De l’arrivée au devenir de l’échantillon."},
	{"KIT-07", "Fiche de vie d’un équipement", "Equipment log", "FO", "EQP", "Équipements", "kit-equipement-1.0", "md",
		"Pour un équipement dont la vie n’est pas encore tenue dans Maillon."},
	{"KIT-08", "Enregistrement de formation à un équipement", "Training record form", "FO", "FOR", "Équipements", "kit-formation-1.0", "md",
		"Signé par le formateur et par la personne formée ; preuve de l’habilitation."},
}

// kit plans the quality kit of the site: eight templates, one of which moves on a month before today; two
// copied by the platform of microscopy, a third that it had before, and one that spectrometry declines.
func (y *year) kit(micro, spectro qms.ID) {
	for _, m := range models {
		y.on(30, officer, func(ctx context.Context) error { return y.model(ctx, m) })
	}
	y.copies(micro, 2)
	y.on(64, 2, func(ctx context.Context) error {
		return y.counterpart(ctx, micro, "FO-PRE-001", "KIT-04")
	})
	y.on(70, 8, func(ctx context.Context) error {
		return y.h.Documents.DeclineKit(ctx, spectro, "KIT-05", "Les devis sont faits par le service de valorisation.")
	})
	y.on(330, officer, func(ctx context.Context) error {
		file, err := y.modelFile(ctx, "kit-donnees-2.0", "docx")
		if err != nil {
			return err
		}
		_, err = y.h.Documents.PublishTemplate(ctx, documents.PublishTemplate{Code: "KIT-02", File: file,
			Changes: "Sauvegarde chaque nuit, restauration deux fois par an, et ce que deviennent les données à la fin d’un projet."})
		return err
	})
}

// modelFile makes and takes in the file of a template.
func (y *year) modelFile(ctx context.Context, text, extension string) (*documents.File, error) {
	body, err := texts.ReadFile("texts/" + text + ".md")
	if err != nil {
		return nil, err
	}
	content, err := write(extension, string(body))
	if err != nil {
		return nil, err
	}
	file, err := y.h.Documents.ReceiveTemplate(ctx, text+"."+extension, bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", text, err)
	}
	return &file, nil
}

func (y *year) model(ctx context.Context, m model) error {
	file, err := y.modelFile(ctx, m.text, m.file)
	if err != nil {
		return err
	}
	_, err = y.h.Documents.AddTemplate(ctx, documents.AddTemplate{Code: m.code, French: m.french, English: m.english, Kind: m.kind, Process: m.process,
		Theme: m.theme, Description: m.description, Changes: first, File: file})
	if err != nil {
		return fmt.Errorf("%s: %w", m.code, err)
	}
	return nil
}

// copies plans two copies in one act; one of them goes through its round and takes effect.
func (y *year) copies(platform qms.ID, lead int) {
	var drafted *documents.Document
	current := new(documents.Version)
	y.on(60, lead, func(ctx context.Context) error {
		made, err := y.h.Documents.CopyKit(ctx, documents.CopyKit{Platform: platform, Reason: "Copie du kit qualité",
			Lines: []documents.CopyLine{{Template: "KIT-02"}, {Template: "KIT-03"}}})
		if err == nil {
			drafted = made[0]
		}
		return err
	})
	y.on(61, lead, func(ctx context.Context) error {
		sheet, err := y.h.Documents.SheetOf(ctx, platform, drafted.ID, 0)
		if err != nil {
			return err
		}
		current, err = y.h.Documents.Submit(ctx, documents.Submit{Platform: platform, Version: sheet.Versions[0].ID,
			Verifier: y.agents[3].ID, Approver: y.agents[1].ID})
		return err
	})
	y.on(62, 3, func(ctx context.Context) error {
		_, err := y.h.Documents.Verify(ctx, documents.Verify{Platform: platform, Version: current.ID})
		return err
	})
	y.on(63, 1, func(ctx context.Context) error {
		_, err := y.h.Documents.Approve(ctx, documents.Approve{Platform: platform, Version: current.ID, EffectiveFrom: y.date(66)})
		return err
	})
}

// counterpart links a document that the platform had before to a template.
func (y *year) counterpart(ctx context.Context, platform qms.ID, code, template string) error {
	sheet, err := y.h.Documents.SheetByCode(ctx, platform, code, 0)
	if err != nil {
		return fmt.Errorf("%s: %w", code, err)
	}
	_, err = y.h.Documents.LinkKit(ctx, documents.LinkKit{Platform: platform, Document: sheet.ID, Template: template, Reason: "Le formulaire existait avant le kit."})
	return err
}
