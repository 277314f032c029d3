package demo

import (
	"context"
	"fmt"
	"strings"

	"maillon/qms"
	"maillon/qms/trace"
)

// owned is what the platform keeps of a piece of equipment: bought so many years before the last year
// of the demo, for how much, to serve for how long.
type owned struct {
	code          string
	age           int
	cost, renewal qms.Money
	life          int64
	inventory     string
	funding       string
	answers       int // the agent who answers for it
}

var microOwned = []owned{
	{"CONF-1", 8, 31_500_000, 36_000_000, 10, "INV-2018-0412", "Contrat de plan", 3},
	{"MEB-1", 11, 42_000_000, 48_000_000, 15, "INV-2015-0077", "Région", 1},
	{"FLUO-1", 9, 5_400_000, 0, 8, "INV-2017-0230", "Fonds propres", 4},
	{"BAL-1", 7, 480_000, 520_000, 8, "INV-2019-0058", "Fonds propres", 4},
	{"PREP-1", 5, 1_250_000, 0, 10, "INV-2021-0109", "Agence de financement", 3},
}

// lives plans the life of the equipment of microscopy: its upkeep, a breakdown with its repair, one that
// goes on, a balance found out of tolerance, and what becomes of the data.
func (y *year) lives(platform qms.ID) {
	for n, o := range microOwned {
		y.on(7, 1, func(ctx context.Context) error { return y.own(ctx, platform, n, o) })
	}
	event := func(day, agent int, code string, e trace.RecordEvent) {
		y.on(day, agent, func(ctx context.Context) error {
			e.Platform, e.Date = platform, y.date(day)
			_, err := y.befall(ctx, code, e)
			return err
		})
	}
	done := func(day int) qms.Date { return y.date(day) }
	event(40, 2, "MEB-1", trace.RecordEvent{Kind: trace.Preventive, Ended: done(40), Program: "Remplacement du filament", Months: 6, Person: y.agents[3].ID, Outcome: "Filament changé, alignement repris"})
	event(60, 2, "CONF-1", trace.RecordEvent{Kind: trace.Preventive, Ended: done(61), Program: "Révision annuelle", Months: 12, Company: "Constructeur d’exemple", Cost: 240_000, Description: "Révision selon contrat", Outcome: "Conforme aux valeurs du constructeur"})
	event(130, 2, "CONF-1", trace.RecordEvent{Kind: trace.Software, Description: "Logiciel d’acquisition, version 4.2", Person: y.agents[4].ID})
	event(181, 2, "PREP-1", trace.RecordEvent{Kind: trace.Move, Place: "Salle 110", Description: "Réaménagement du laboratoire"})
	event(350, 5, "FLUO-1", trace.RecordEvent{Kind: trace.Breakdown, Description: "La lampe au xénon ne s’allume plus"})
	y.breakdown(platform)
	y.on(352, 2, func(ctx context.Context) error { return y.unfit(ctx, platform) })
	y.dataSets(platform)
	y.on(341, 1, func(ctx context.Context) error {
		_, err := y.h.Trace.AddEquipment(ctx, trace.AddEquipment{Platform: platform, Code: "CRYO-1", Name: "Cryostat", Category: "Préparation", Place: "Salle 110",
			Holding: trace.Holding{Supplier: "Fournisseur d’exemple", Acquired: y.date(338), Cost: 3_800_000, LifeYears: 12, Funding: "Région", Waiting: true}})
		return err
	})
}

// own completes the register after the inventory.
func (y *year) own(ctx context.Context, platform qms.ID, n int, o owned) error {
	p, err := y.h.Trace.Piece(ctx, platform, o.code, 0)
	if err != nil {
		return err
	}
	e := p.Equipment
	last := y.date(Days).Year()
	cmd := trace.AddEquipment{Name: e.Name, Category: e.Category, Make: e.Make, Model: e.Model, Serial: e.Serial, Place: e.Place, Commissioned: e.Commissioned,
		Holding: trace.Holding{Supplier: "Fournisseur d’exemple", Acquired: qms.NewDate(last-o.age, 3, 1+n), Cost: o.cost, Inventory: o.inventory, Funding: o.funding,
			Responsible: y.agents[o.answers].ID, LifeYears: o.life, RenewalCost: o.renewal}}
	if cmd.Commissioned != 0 {
		cmd.Commissioned = cmd.Acquired.AddDays(30)
	}
	_, err = y.h.Trace.CorrectEquipment(ctx, trace.Target{Platform: platform, ID: e.ID, Revision: e.Revision, Reason: "Complété d’après l’inventaire"}, cmd)
	return err
}

// befall records an event of the equipment of that code.
func (y *year) befall(ctx context.Context, code string, e trace.RecordEvent) (*trace.EquipmentEvent, error) {
	p, err := y.h.Trace.Piece(ctx, e.Platform, code, 0)
	if err != nil {
		return nil, err
	}
	e.Equipment = p.Equipment.ID
	return y.h.Trace.RecordEvent(ctx, e)
}

// breakdown is a breakdown of the confocal microscope, and its repair with the report of the company.
func (y *year) breakdown(platform qms.ID) {
	const down, up = 208, 213
	var broke *trace.EquipmentEvent
	y.on(down, 4, func(ctx context.Context) (err error) {
		broke, err = y.befall(ctx, "CONF-1", trace.RecordEvent{Platform: platform, Kind: trace.Breakdown, Date: y.date(down), Description: "Le laser à 488 nm s’éteint après quelques minutes"})
		return err
	})
	y.on(up, 2, func(ctx context.Context) error {
		repair, err := y.befall(ctx, "CONF-1", trace.RecordEvent{Platform: platform, Kind: trace.Repair, Date: y.date(up - 1), Ended: y.date(up), Ends: broke.ID,
			Description: "Échange de l’alimentation du laser", Company: "Constructeur d’exemple", Cost: 185_000, Outcome: "Puissance stable pendant deux heures"})
		if err != nil {
			return err
		}
		report := "Rapport d’intervention\n\nÉchange de l’alimentation du laser à 488 nm. Essai de deux heures : puissance stable.\n"
		file, err := y.h.Trace.Receive(ctx, platform, "rapport-intervention.txt", strings.NewReader(report))
		if err != nil {
			return err
		}
		_, err = y.h.Trace.AddEvidence(ctx, trace.AddEvidence{Platform: platform, Kind: trace.OfEvent, Subject: repair.ID, File: file, Remark: "Rapport de la société"})
		return err
	})
}

// unfit is a verification of the balance that finds it out of tolerance.
func (y *year) unfit(ctx context.Context, platform qms.ID) error {
	p, err := y.h.Trace.Piece(ctx, platform, "BAL-1", 0)
	if err != nil {
		return err
	}
	_, err = y.h.Trace.RecordCalibration(ctx, trace.RecordCalibration{Platform: platform, Equipment: p.Equipment.ID, Date: y.date(352), Outcome: trace.Nonconforming,
		Kind: trace.Verified, Provider: "Laboratoire d’exemple", Certificate: fmt.Sprintf("VE-BAL-1-%03d", 352),
		Measure: trace.Measure{Nominal: "100", Tolerance: "0.05", Deviation: "0.08", Unit: "mg"}})
	return err
}

// dataSets maps the data: a set that is whole, one without backup, one whose copy nobody ever read back.
func (y *year) dataSets(platform qms.ID) {
	add := func(code string, d trace.AddDataSet, tested int) {
		y.on(90, 2, func(ctx context.Context) error {
			p, err := y.h.Trace.Piece(ctx, platform, code, 0)
			if err != nil {
				return err
			}
			d.Platform, d.Equipment, d.Date = platform, p.Equipment.ID, y.date(0)
			set, err := y.h.Trace.AddDataSet(ctx, d)
			if err != nil || tested == 0 {
				return err
			}
			_, err = y.h.Trace.RecordRestoreTest(ctx, trace.RecordRestoreTest{Platform: platform, DataSet: set.ID, Date: y.date(tested), Restored: true,
				Person: y.agents[4].ID, Remark: "Dix fichiers relus et comparés"})
			return err
		})
	}
	add("CONF-1", trace.AddDataSet{Name: "Images brutes", Format: "CZI", YearlyMB: 2_400_000, Typical: "2 Go par acquisition", Stored: "Serveur de la plateforme",
		Backup: "Centre de calcul", Frequency: "chaque nuit", Retention: "10 ans", Owner: "Équipe utilisatrice", Opened: "Entrepôt institutionnel"}, 88)
	add("MEB-1", trace.AddDataSet{Name: "Micrographies", Format: "TIFF", YearlyMB: 350_000, Typical: "20 Mo par image", Stored: "Ordinateur de pilotage",
		Retention: "5 ans", Owner: "Équipe utilisatrice"}, 0)
	add("FLUO-1", trace.AddDataSet{Name: "Spectres", Format: "CSV", YearlyMB: 800, Stored: "Serveur de la plateforme", Backup: "Disque externe", Frequency: "chaque mois"}, 0)
}
