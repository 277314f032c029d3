package demo

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
)

// candidacies plans how the two platforms join the programme: the microscopy to be accompanied, the
// spectrometry to be evaluated directly. A third institution is no partner of the programme.
func (y *year) candidacies(micro, spectro qms.ID) {
	const officer = 10
	behind := map[string]qms.ID{}
	y.on(0, officer, func(ctx context.Context) error {
		for _, i := range []label.StateInstitution{
			{ShortName: "UNIV", Name: "Université (exemple)", PartnerFrom: qms.NewDate(2016, 1, 1)},
			{ShortName: "ORG", Name: "Organisme national de recherche (exemple)", PartnerFrom: qms.NewDate(2016, 1, 1)},
			{ShortName: "ASSO", Name: "Association de filière (exemple)"},
		} {
			added, err := y.h.Label.AddInstitution(ctx, i)
			if err != nil {
				return err
			}
			behind[i.ShortName] = added.ID
		}
		for _, platform := range []qms.ID{micro, spectro} {
			cmd := label.NameOfficer{Platform: platform, Person: y.agents[officer].ID, From: y.date(0)}
			if _, err := y.h.Label.NameOfficer(ctx, cmd); err != nil {
				return err
			}
		}
		return nil
	})
	y.newcomers(behind)
	y.candidacy(micro, 1, 0, func() label.StateCandidacy {
		return label.StateCandidacy{Institutions: []qms.ID{behind["UNIV"], behind["ORG"]}, Staff: 9,
			Signatories: []label.Signatory{{Name: "Agent 31", Function: "Directrice de l’unité A"}, {Name: "Agent 32", Function: "Directeur de l’unité B"}},
			Team: []label.TeamMember{{Person: y.agents[2].ID, Part: "Pilote de la démarche, documents", Lead: true},
				{Person: y.agents[1].ID, Part: "Revue de direction, moyens"}, {Person: y.agents[3].ID, Part: "Métrologie et habilitations"}},
			Included: "Microscopie confocale, électronique et préparation d’échantillons, pour la recherche et les entreprises",
			Excluded: "Le microscope d’enseignement, géré par la faculté", Equipment: "Microscope confocal, microscope électronique à balayage, cryostat",
			Sites: "Bâtiment 2, salles 110 à 114", Activities: "Prestations, mises à disposition après formation, formation continue"}
	})
	y.candidacy(spectro, 7, 1, func() label.StateCandidacy {
		return label.StateCandidacy{Institutions: []qms.ID{behind["ORG"], behind["ASSO"]}, Staff: 5,
			Signatories: []label.Signatory{{Name: "Agent 33", Function: "Directeur de l’unité C"}},
			Team:        []label.TeamMember{{Person: y.agents[8].ID, Part: "Pilote de la démarche", Lead: true}, {Person: y.agents[7].ID, Part: "Moyens, relations avec les clients"}},
			Included:    "Spectrométrie de masse et chromatographie", Sites: "Bâtiment 7", Activities: "Prestations et recherche contractuelle",
			Direct: true, DirectReason: "La démarche qualité est en place depuis quatre ans, avec un audit interne chaque année"}
	})
}

// candidacy plans one candidacy from its first days to the decision. What it states is made on the day: it
// names records of the day before.
func (y *year) candidacy(platform qms.ID, manager, first int, state func() label.StateCandidacy) {
	const officer = 10
	c := new(label.Candidacy)
	keep := func(after *label.Candidacy, err error) error {
		if err == nil {
			*c = *after
		}
		return err
	}
	target := func(reason string) label.Target {
		return label.Target{Platform: platform, ID: c.ID, Revision: c.Revision, Reason: reason}
	}
	y.on(first, manager, func(ctx context.Context) error {
		cmd := state()
		cmd.Platform, cmd.ReceivedOn = platform, y.date(first)
		return keep(y.h.Label.ReceiveCandidacy(ctx, cmd))
	})
	y.on(first+1, manager, func(ctx context.Context) error {
		for n := range c.Signatories {
			if err := keep(y.h.Label.SignLetter(ctx, label.SignLetter{Target: target(""), Signatory: n + 1, On: y.date(first + 1)})); err != nil {
				return err
			}
		}
		return nil
	})
	y.on(first+2, officer, func(ctx context.Context) error {
		return keep(y.h.Label.DecideCandidacy(ctx, label.DecideCandidacy{Target: target("Tutelle partenaire, lettre signée, périmètre clair"),
			Decision: label.Eligible, On: y.date(first + 2)}))
	})
}

// newcomers plans platforms that are not far on the way, so that the portfolio has something of each: one
// that is only known, one whose letter nobody signs, and one that is not receivable.
func (y *year) newcomers(behind map[string]qms.ID) {
	const officer = 10
	for i, add := range []people.AddPlatform{{Code: "RMN", Name: "Plateforme de RMN (exemple)"}, {Code: "CYTO", Name: "Plateforme de cytométrie (exemple)"},
		{Code: "DRONE", Name: "Plateforme de drones (exemple)"}} {
		day, refused := 280+10*i, i == 2
		y.on(day, officer, func(ctx context.Context) error {
			platform, err := y.h.People.AddPlatform(ctx, add)
			if err != nil || i == 0 {
				return err
			}
			cmd := label.StateCandidacy{Target: label.Target{Platform: platform.ID}, ReceivedOn: y.date(day), Institutions: []qms.ID{behind["UNIV"]}, Staff: 4,
				Signatories: []label.Signatory{{Name: "Agent 34", Function: "Directrice de l’unité D"}}, Included: "Toutes les activités de la plateforme"}
			if refused {
				cmd.Institutions = []qms.ID{behind["ASSO"]}
			}
			c, err := y.h.Label.ReceiveCandidacy(ctx, cmd)
			if err != nil || !refused {
				return err
			}
			_, err = y.h.Label.DecideCandidacy(ctx, label.DecideCandidacy{Decision: label.Ineligible, On: y.date(day),
				Target: label.Target{Platform: platform.ID, ID: c.ID, Revision: c.Revision, Reason: "Aucune tutelle partenaire du programme"}})
			return err
		})
	}
}
