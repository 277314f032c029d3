package demo

import (
	"bytes"
	"context"
	"fmt"

	"maillon/documents"
	"maillon/qms"
)

// fate is what becomes of a version.
type fate int

const (
	effective fate = iota
	planned        // approved, to take effect after the year
	reviewed       // verified, waiting for its approval
	submitted      // waiting for its verifier
	rejected       // sent back to its author
	draft
	withdrawn // some time after it took effect
)

// version is one version of a document: what day its draft is made, and what becomes of it.
type version struct {
	day    int
	text   string // of texts, without its extension
	reason string
	fate   fate
}

// document is one document of the demo. Its author, verifier and approver are agents.
type document struct {
	kind, process, title string
	file                 string // extension
	review               qms.Months
	people               [3]int
	versions             []version
}

const first = "Première version"

var (
	byLead   = [3]int{2, 3, 1}
	byMember = [3]int{4, 2, 1}
	byThird  = [3]int{3, 2, 1}
)

// microLibrary is in the order of the drafts, so that codes are given out as the texts name them.
var microLibrary = []document{
	{"MQ", "QUA", "Manuel qualité", "pdf", 24, byLead, []version{{2, "manuel-1.0", first, effective}, {180, "manuel-2.0", "Processus et indicateurs ajoutés après l’audit interne", effective}}},
	{"PC", "PRE", "Réaliser une prestation", "pdf", 24, byLead, []version{{3, "processus-1.0", first, effective}}},
	{"PR", "PRE", "Traiter une demande de prestation", "pdf", 24, byLead, []version{{4, "demandes-1.0", first, effective}, {140, "demandes-1.1", "Vérifications avant l’analyse", effective}}},
	{"PR", "EQP", "Étalonner et vérifier les équipements", "md", 12, byThird, []version{{5, "etalonnage-1.0", first, effective}}},
	{"MO", "EQP", "Utiliser le microscope confocal", "pdf", 12, byMember, []version{{6, "confocal-1.0", first, effective}, {110, "confocal-2.0", "Temps de chauffe porté à vingt minutes", effective}}},
	{"MO", "EQP", "Préparer un échantillon pour la microscopie", "pdf", 12, byMember, []version{{7, "echantillon-1.0", first, effective}}},
	{"PR", "FOR", "Habiliter une personne sur un équipement", "pdf", 24, byThird, []version{{8, "habilitation-1.0", first, effective}, {352, "habilitation-2.0", "Durées de validité revues", reviewed}}},
	{"FO", "PRE", "Formulaire de demande de prestation", "pdf", 24, byLead, []version{{9, "formulaire-demande-1.0", first, effective}}},
	{"FO", "FOR", "Attestation d’habilitation", "pdf", 24, byThird, []version{{10, "attestation-1.0", first, effective}}},
	{"FO", "EQP", "Fiche de vie d’un équipement", "pdf", 24, byThird, []version{{12, "fiche-vie-1.0", first, withdrawn}}},
	{"LI", "QUA", "Liste des documents d’origine externe et des fournisseurs", "pdf", 12, byLead, []version{{20, "liste-externe-1.0", first, effective}}},
	{"EX", "QUA", "Systèmes de management de la qualité : exigences", "pdf", 24, byLead, []version{{22, "norme-2015", "Édition en vigueur", effective}}},
	{"MO", "EQP", "Utiliser le spectromètre de fluorescence", "pdf", 12, byMember, []version{{350, "fluorescence-1.0", first, planned}}},
	{"PR", "ACH", "Acheter et évaluer les fournisseurs", "pdf", 24, byLead, []version{{345, "achats-1.0", first, rejected}}},
}

// The small team of spectrometry, and the two of it who are left when the lead is away.
var (
	spectroPeople = [3]int{9, 8, 7}
	spectroTwo    = [3]int{9, 7, 7}
)

var spectroLibrary = []document{
	{"PR", "PRE", "Traiter une demande d’analyse", "pdf", 24, spectroPeople, []version{{15, "spectro-demandes-1.0", first, effective}}},
	{"MO", "EQP", "Utiliser le spectromètre de masse", "pdf", 12, spectroTwo, []version{{16, "spectro-masse-1.0", first, effective}}},
	{"FO", "PRE", "Demande d’analyse", "docx", 24, spectroPeople, []version{{17, "spectro-formulaire-1.0", first, submitted}}},
}

// library plans the life of the documents.
func (y *year) library(platform qms.ID, library []document) {
	for _, d := range library {
		made := new(qms.ID)
		for i, v := range d.versions {
			y.version(platform, d, v, i > 0, made)
		}
	}
}

// version plans the life of one version: a draft, and up to a week until it takes effect.
func (y *year) version(platform qms.ID, d document, v version, next bool, made *qms.ID) {
	current := new(*documents.Version)
	author, verifier, approver := d.people[0], d.people[1], d.people[2]
	y.on(v.day, author, func(ctx context.Context) (err error) {
		*current, err = y.draft(ctx, platform, d, v, next, made)
		return err
	})
	if v.fate == draft {
		return
	}
	y.on(v.day+1, author, func(ctx context.Context) (err error) {
		*current, err = y.h.Documents.Submit(ctx, documents.Submit{Platform: platform, Version: (*current).ID,
			Verifier: y.agents[verifier].ID, Approver: y.agents[approver].ID})
		return err
	})
	switch v.fate {
	case submitted:
		return
	case rejected:
		y.on(v.day+3, verifier, func(ctx context.Context) error {
			_, err := y.h.Documents.Reject(ctx, documents.Reject{Platform: platform, Version: (*current).ID,
				Reason: "Le contrôle à réception doit dire qui signe et où c’est noté."})
			return err
		})
		return
	}
	y.on(v.day+3, verifier, func(ctx context.Context) (err error) {
		*current, err = y.h.Documents.Verify(ctx, documents.Verify{Platform: platform, Version: (*current).ID})
		return err
	})
	if v.fate != reviewed {
		y.effect(platform, v, approver, current)
	}
}

// effect plans the approval, and the withdrawal of what is withdrawn.
func (y *year) effect(platform qms.ID, v version, approver int, current **documents.Version) {
	from := v.day + 6
	if v.fate == planned {
		from = Days + 20
	}
	y.on(v.day+5, approver, func(ctx context.Context) error {
		_, err := y.h.Documents.Approve(ctx, documents.Approve{Platform: platform, Version: (*current).ID, EffectiveFrom: y.date(from)})
		return err
	})
	y.printed(v.day + 5)
	if v.fate == withdrawn {
		y.on(v.day+200, approver, func(ctx context.Context) error {
			_, err := y.h.Documents.Withdraw(ctx, documents.Withdraw{Platform: platform, Version: (*current).ID,
				Reason: "La fiche de vie est tenue dans Maillon."})
			return err
		})
	}
}

// draft makes the document with its first draft, or the draft of its next version.
func (y *year) draft(ctx context.Context, platform qms.ID, d document, v version, next bool, made *qms.ID) (*documents.Version, error) {
	text, err := texts.ReadFile("texts/" + v.text + ".md")
	if err != nil {
		return nil, err
	}
	content, err := write(d.file, string(text))
	if err != nil {
		return nil, err
	}
	file, err := y.h.Documents.Receive(ctx, platform, v.text+"."+d.file, bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", v.text, err)
	}
	if next {
		return y.h.Documents.NewVersion(ctx, documents.NewVersion{Platform: platform, Document: *made,
			Minor: v.text[len(v.text)-1] != '0', Reason: v.reason, File: &file})
	}
	cmd := documents.Create{Platform: platform, Kind: d.kind, Process: d.process, Title: d.title, ReviewMonths: &d.review, Reason: v.reason, File: &file}
	if d.kind == "EX" {
		cmd.Publisher, cmd.Edition, cmd.Watch = "ISO", "2015", "Catalogue de l’éditeur"
	}
	document, version, err := y.h.Documents.Create(ctx, cmd)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.title, err)
	}
	*made = document.ID
	return version, nil
}
