package demo

import (
	"context"
	"fmt"
	"strings"

	"maillon/qms"
	"maillon/qms/trace"
	"maillon/server/importer"
)

// instrument is a piece of equipment with the days of its calibrations.
type instrument struct {
	code, name, category string
	months               qms.Months
	calibrated           []int
}

// lesson is a training: who, on what, by whom, on what day, for how many months.
type lesson struct {
	day       int
	person    int
	equipment string
	trainer   int
	months    qms.Months
	renewal   bool
}

// session is a use of a piece of equipment.
type session struct {
	day, person int
	equipment   string
}

var microInstruments = []instrument{
	{"CONF-1", "Microscope confocal", "Microscopie optique", 13, []int{8}},
	{"MEB-1", "Microscope électronique à balayage", "Microscopie électronique", 6, []int{8, 300}},
	{"FLUO-1", "Spectromètre de fluorescence", "Spectroscopie", 6, []int{20, 195}},
	{"BAL-1", "Balance de précision", "Préparation", 12, []int{14}},
	{"PREP-1", "Poste de préparation", "Préparation", 0, nil},
}

var microLessons = []lesson{
	{9, 2, "CONF-1", 1, 24, false},
	{9, 3, "CONF-1", 1, 24, false},
	{10, 4, "CONF-1", 3, 6, false},
	{10, 3, "MEB-1", 1, 24, false},
	{12, 2, "MEB-1", 1, 24, false},
	{30, 6, "CONF-1", 3, 6, false},
	{31, 4, "BAL-1", 3, 0, false},
	{120, 4, "FLUO-1", 1, 12, false},
	{150, 5, "MEB-1", 3, 12, false},
	{262, 4, "CONF-1", 3, 12, true},
	{290, 5, "CONF-1", 3, 12, false},
}

var microSessions = []session{
	{35, 6, "CONF-1"}, {42, 6, "CONF-1"}, {63, 4, "CONF-1"}, {77, 6, "CONF-1"}, {95, 6, "CONF-1"}, {101, 4, "BAL-1"},
	{112, 4, "FLUO-1"}, // before the training: U03
	{130, 6, "CONF-1"}, {144, 4, "FLUO-1"}, {161, 5, "MEB-1"}, {175, 6, "CONF-1"}, {188, 4, "FLUO-1"}, {203, 5, "MEB-1"},
	{221, 6, "CONF-1"}, // expired: U02
	{240, 6, "MEB-1"},  // never trained: U01
	{256, 5, "MEB-1"}, {275, 4, "CONF-1"}, {301, 5, "CONF-1"}, {318, 5, "MEB-1"}, {333, 4, "CONF-1"}, {347, 5, "CONF-1"}, {358, 4, "CONF-1"},
}

// microTrace plans the year of the platform of microscopy.
func (y *year) microTrace(platform qms.ID) {
	l := &lab{platform: platform, recorder: 2, equipment: map[string]qms.ID{}, instruction: "MO-EQP-001", versions: "2.0", second: 116,
		operator: func(analysed int) int { return 2 + analysed%2 },
		instrument: func(i int) string {
			if i%6 == 1 && i < 16 || i == 27 {
				return "MEB-1"
			}
			return "CONF-1"
		}}
	y.equip(l, 1, microInstruments)
	y.teach(l, microLessons)
	y.groups(l)
	y.borrow(l, microSessions)
	faults := planted()
	for i := range 32 {
		s, differs := faults[i]
		if !differs {
			s = usual
		}
		y.serve(l, i, 24+i*105/10, s)
	}
	y.on(200, 2, func(ctx context.Context) error { return y.oldQuote(ctx, platform) })
}

// oldQuote takes over a line of an old register whose request was never found (S07).
func (y *year) oldQuote(ctx context.Context, platform qms.ID) error {
	register := "N° devis;N° demande;Date du devis;Accepté le;Montant HT\nDEV-ANCIEN-0007;DEM-ANCIEN-0007;" +
		y.date(-40).Time().Format("02/01/2006") + ";;410,00\n"
	result, err := y.h.Importer.Registers(ctx, importer.ImportRegisters{Platform: platform, Reason: "Reprise de l’ancien cahier des devis",
		Files: []importer.File{{Name: "devis-anciens.csv", Content: strings.NewReader(register), Size: int64(len(register))}}})
	if err == nil && !result.Applied {
		err = fmt.Errorf("the old register was refused: %v", result.Problems)
	}
	return err
}

// spectroTrace plans the year of the platform of spectrometry.
func (y *year) spectroTrace(platform qms.ID) {
	l := &lab{platform: platform, recorder: 8, equipment: map[string]qms.ID{}, instruction: "MO-EQP-001", versions: "1.0",
		operator: func(int) int { return 9 }, instrument: func(int) string { return "MS-1" }}
	y.equip(l, 7, []instrument{{"MS-1", "Spectromètre de masse", "Spectrométrie", 12, []int{18}}})
	y.teach(l, []lesson{{19, 9, "MS-1", 7, 24, false}})
	for i := range 8 {
		s := usual
		if i == 5 {
			s.accept = 0
		}
		y.serve(l, i, 40+i*38, s)
	}
}

// equip plans the equipment and its calibrations.
func (y *year) equip(l *lab, manager int, instruments []instrument) {
	for n, in := range instruments {
		y.on(6, manager, func(ctx context.Context) error {
			e, err := y.h.Trace.AddEquipment(ctx, trace.AddEquipment{Platform: l.platform, Code: in.code, Name: in.name, Category: in.category,
				Make: "Constructeur d’exemple", Model: fmt.Sprintf("M%d", 100+10*n), Serial: fmt.Sprintf("EX-%04d", 1200+n),
				Place: fmt.Sprintf("Salle %d", 101+n), Commissioned: y.date(-700 - 90*n)})
			if err == nil {
				l.equipment[in.code] = e.ID
			}
			return err
		})
		for _, day := range in.calibrated {
			y.on(day, manager, func(ctx context.Context) error {
				_, err := y.h.Trace.RecordCalibration(ctx, trace.RecordCalibration{Platform: l.platform, Equipment: l.equipment[in.code],
					Date: y.date(day), Months: in.months, Outcome: trace.Conforming, Certificate: fmt.Sprintf("CE-%s-%03d", in.code, day)})
				return err
			})
		}
	}
}

// teach plans trainings; the trainer's manager notes them.
func (y *year) teach(l *lab, lessons []lesson) {
	for _, t := range lessons {
		y.on(t.day, l.recorder, func(ctx context.Context) error {
			kind := trace.InitialTraining
			if t.renewal {
				kind = trace.RenewedTraining
			}
			_, err := y.h.Trace.RecordTraining(ctx, trace.RecordTraining{Platform: l.platform, Person: y.agents[t.person].ID,
				Equipment: l.equipment[t.equipment], Trainer: y.agents[t.trainer].ID, Date: y.date(t.day), Months: t.months, Kind: kind})
			return err
		})
	}
}

// borrow plans uses.
func (y *year) borrow(l *lab, sessions []session) {
	for i, u := range sessions {
		y.on(u.day, l.recorder, func(ctx context.Context) error {
			_, err := y.h.Trace.RecordUse(ctx, trace.RecordUse{Platform: l.platform, Person: y.agents[u.person].ID,
				Equipment: l.equipment[u.equipment], Date: y.date(u.day), Minutes: int64(45 + 15*(i%6)), Project: fmt.Sprintf("Projet %c", 'A'+rune(i%5))})
			return err
		})
	}
}
