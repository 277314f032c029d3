package demo

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/locale"
)

// asked is what a session of the demo asks for the next one: when it is brought, in days after the session;
// 0 for never. redo says what the officer found missing the first time.
type asked struct {
	title, expected string
	owner, after    int
	document        string
	redo            string
}

// themes are what the sessions of the demo are about, one after the other.
var themes = []struct {
	agenda, account, decisions string
	asks                       []asked
}{
	{"Présentation du programme\nPérimètre et équipe", "L’équipe est constituée et le périmètre confirmé.", "Une séance toutes les trois semaines, le même jour.",
		[]asked{{"Organigramme nominatif", "Une page, avec les suppléances", 1, 12, "", ""}}},
	{"Organigramme\nPolitique qualité", "La politique qualité est relue ensemble.", "", []asked{{"Politique qualité signée", "Signée par la direction de l’unité", 1, 15, "", "La date de la signature manque"}}},
	{"Cartographie des processus", "Les processus de réalisation sont posés, ceux de support restent à décrire.", "Un pilote par processus.", []asked{
		{"Fiches de processus", "Une fiche par processus, avec ses indicateurs", 2, 18, "", ""}}},
	{"Maîtrise des documents : codes et modèles", "La codification est arrêtée.", "La codification est figée.", []asked{{"Liste maîtresse à jour", "", 2, 10, "", ""}}},
	{"Procédures d’achat et d’accueil", "Deux procédures relues.", "", []asked{{"Procédure d’accueil des usagers", "Relue par deux usagers", 3, 30, "", ""}}},
	{"Compétences et habilitations", "La matrice est complète pour les microscopes.", "", []asked{{"Matrice de compétences", "", 2, 14, "", ""}}},
	{"Accès et tarifs", "La grille tarifaire est comprise, son mode de calcul reste à écrire.", "", []asked{{"Mode de calcul des tarifs", "Feuille de calcul commentée", 1, 45, "", ""}}},
	{"Fiches de vie des équipements", "Fiches de vie ouvertes pour trois équipements.", "", []asked{{"Plan de maintenance", "Échéances sur douze mois", 3, 16, "", ""}}},
	{"Traçabilité des prestations", "Exercice ascendant sur deux factures.", "Les rapports portent le numéro de la demande.", []asked{{"Corrections de la traçabilité", "Écarts de l’exercice repris un à un", 2, 19, "", ""}}},
	{"Données : inventaire", "L’inventaire des données est commencé.", "", []asked{{"Inventaire des données", "Par équipement : volume, lieu, durée", 3, 20, "", ""}}},
	{"Sauvegarde et restauration", "La sauvegarde est en place, aucune restauration n’a été essayée.", "", []asked{{"Compte rendu d’un essai de restauration", "Un fichier de chaque équipement", 3, 0, "", ""}}},
	{"Amélioration continue", "Le registre des non-conformités est ouvert.", "", []asked{{"Enquête de satisfaction", "Questionnaire et liste d’envoi", 1, 17, "", ""}}},
	{"Indicateurs et revue", "Trois indicateurs retenus.", "", []asked{{"Tableau de bord des indicateurs", "", 2, 13, "", ""}}},
	{"Visibilité", "La page publique est à refaire.", "", []asked{{"Texte de la page publique", "Français et anglais", 4, 0, "", ""}}},
	{"Autoévaluation", "Premier passage sur le référentiel.", "", []asked{{"Liste des preuves par critère", "", 2, 0, "", ""}}},
}

// accompaniment plans the year of sessions of a platform: one is cancelled, one deliverable is done again,
// and one is late and carried over from session to session.
func (y *year) accompaniment(platform qms.ID) {
	const officer, lead, begins = 10, 2, 32
	plan := new(label.Accompaniment)
	y.on(begins, officer, func(ctx context.Context) error {
		cmd := label.StartAccompaniment{Platform: platform, PlanTerms: label.PlanTerms{Start: y.date(begins), Months: 15, Officer: y.agents[officer].ID,
			Aim: "Obtenir le label et simplifier l’accueil des nouveaux usagers"}}
		for _, t := range label.SampleSteps() {
			cmd.Steps = append(cmd.Steps, label.StepTerms{Title: locale.For(locale.French).T("plan_step." + t.Key), Month: t.Month(15)})
		}
		started, err := y.h.Label.StartAccompaniment(ctx, cmd)
		if err == nil {
			*plan = *started
		}
		return err
	})
	at := label.ProposeNext(nil, y.date(begins), y.date(begins))
	at.Minutes = 150
	for n, theme := 0, 0; ; n++ {
		day, when, agenda := y.start.DaysUntil(at.Day), at, themes[theme%len(themes)].agenda
		m := new(label.Meeting)
		place := "Bâtiment 2, salle 110"
		if n%4 == 3 {
			place = ""
		}
		planned := begins
		if n > 0 {
			planned = min(max(begins, day-16), Days-2)
		}
		y.on(planned, officer, func(ctx context.Context) error {
			return y.planSession(ctx, platform, when, place, agenda, m)
		})
		if day >= Days-1 {
			break
		}
		if n == 6 {
			y.on(day-2, lead, func(ctx context.Context) error {
				_, err := y.h.Label.CancelMeeting(ctx, label.Target{Platform: platform, ID: m.ID, Revision: m.Revision, Reason: "Déménagement de la plateforme"})
				return err
			})
		} else {
			y.holdSession(platform, day+1, theme, m)
			y.steps = append(y.steps, y.stepDone(platform, plan, day+1, theme))
			theme++
		}
		at = label.ProposeNext(&label.Meeting{Day: at.Day, Start: at.Start, Minutes: at.Minutes}, 0, at.Day)
	}
}

func (y *year) planSession(ctx context.Context, platform qms.ID, when label.Proposal, place, agenda string, into *label.Meeting) error {
	terms := label.MeetingTerms{Day: when.Day, Start: when.Start, Minutes: when.Minutes, Place: place, Agenda: agenda}
	if place == "" {
		terms.Link = "https://visio.plateforme.example/accompagnement"
	}
	for _, n := range []int{10, 1, 2, 3} {
		terms.Attendees = append(terms.Attendees, label.Attendee{Person: y.agents[n].ID})
	}
	terms.Attendees = append(terms.Attendees, label.Attendee{Name: "Agent 31, direction de l’unité", Email: "agent31@plateforme.example"})
	m, err := y.h.Label.PlanMeeting(ctx, label.PlanMeeting{Platform: platform, MeetingTerms: terms})
	if err == nil {
		*into = *m
	}
	return err
}

// holdSession plans the minutes of a session, what it asks for, and when that is brought and looked at.
func (y *year) holdSession(platform qms.ID, day, theme int, m *label.Meeting) {
	const officer = 10
	about := themes[theme%len(themes)]
	y.on(day, officer, func(ctx context.Context) error {
		cmd := label.NoteMeeting{Target: label.Target{Platform: platform, ID: m.ID, Revision: m.Revision}, Hold: true, Present: []int{0, 1, 2},
			MeetingNotes: label.MeetingNotes{Account: about.account, Decisions: about.decisions}}
		if theme%3 == 0 {
			cmd.Present = append(cmd.Present, 4)
		}
		if theme == 4 {
			cmd.Worked = []label.WorkedOn{{Code: "PR-ACH-001", Version: "1.0", Words: "relue"}}
		}
		for _, a := range about.asks {
			cmd.Asks = append(cmd.Asks, label.AskOfMeeting{Title: a.title, Expected: a.expected, Owner: y.agents[a.owner].ID})
		}
		_, err := y.h.Label.NoteMeeting(ctx, cmd)
		return err
	})
	for _, a := range about.asks {
		if a.after == 0 {
			continue
		}
		y.on(day+a.after, a.owner, func(ctx context.Context) error { return y.bring(ctx, platform, a) })
		y.on(day+a.after+2, officer, func(ctx context.Context) error { return y.judge(ctx, platform, a, a.redo) })
		if a.redo != "" {
			y.on(day+a.after+9, a.owner, func(ctx context.Context) error { return y.bring(ctx, platform, a) })
			y.on(day+a.after+12, officer, func(ctx context.Context) error { return y.judge(ctx, platform, a, "") })
		}
	}
}

// found is the deliverable of that title.
func (y *year) found(ctx context.Context, platform qms.ID, title string) (label.Target, error) {
	all, err := y.h.Label.Deliverables(ctx, platform, label.DeliverableFilter{Newest: true}, qms.Cursor{Size: qms.MaxPageSize})
	if err != nil {
		return label.Target{}, err
	}
	for _, d := range all.Page.Items {
		if d.Title == title {
			return label.Target{Platform: platform, ID: d.ID, Revision: d.Revision}, nil
		}
	}
	return label.Target{}, qms.NotFound("record.not_found")
}

func (y *year) bring(ctx context.Context, platform qms.ID, a asked) error {
	target, err := y.found(ctx, platform, a.title)
	if err == nil {
		_, err = y.h.Label.Deliver(ctx, label.Deliver{Target: target, Document: a.document, Words: "Déposé sur l’espace de la plateforme"})
	}
	return err
}

func (y *year) judge(ctx context.Context, platform qms.ID, a asked, missing string) error {
	target, err := y.found(ctx, platform, a.title)
	if err == nil {
		_, err = y.h.Label.JudgeDeliverable(ctx, label.JudgeDeliverable{Target: target, Accepted: missing == "", Note: missing})
	}
	return err
}

// stepDone plans that the step of the plan of a theme is done; the plan is a little behind.
func (y *year) stepDone(platform qms.ID, plan *label.Accompaniment, day, theme int) step {
	return step{day, func(ctx context.Context) error {
		if theme%2 == 0 {
			return nil
		}
		ctx = qms.WithActor(ctx, y.agents[10])
		sheet, err := y.h.Label.Accompaniment(ctx, platform, 0)
		if err != nil || theme/2 >= len(sheet.Steps) || sheet.Current.ID != plan.ID {
			return err
		}
		t := sheet.Steps[theme/2]
		_, err = y.h.Label.DonePlanStep(ctx, label.Target{Platform: platform, ID: t.ID, Revision: t.Revision}, y.date(day))
		return err
	}}
}
