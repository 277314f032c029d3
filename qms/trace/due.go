package trace

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// dueFrom lists the preventive maintenance that falls due, and the validities that end: the last training of each person on each piece of equipment,
// and the calibration of each piece in service. An obligation keeps its key, which names the record that
// ends, until it is renewed. The titles do not name people yet: see naming.
func dueFrom(f *facts, platform qms.ID, day qms.Date) []qms.Due {
	g := f.ground(day, nil)
	var due []qms.Due
	retired := func(e Equipment) bool { return e.Void != "" || e.Retired != 0 && e.Retired <= day }
	trainings, calibrations := lastTrainings(f, day), lastCalibrations(f, day)
	for pair := range g.Trainings {
		e := f.equipment[pair.Equipment]
		cover := g.TrainingCover(pair, day, f.settings.ExpiringDays)
		if cover.Until == 0 || retired(e) {
			continue
		}
		last := trainings[pair]
		due = append(due, qms.Due{Key: "training:" + string(last.ID), Kind: DueTraining, Platform: platform, Subject: e.ID, Title: e.Code + " " + e.Name,
			On: cover.Until, Person: pair.Person, Parts: []string{"equipment", e.Code}, Revision: last.Revision})
	}
	for id := range g.Calibrations {
		e := f.equipment[id]
		cover, _ := g.CalibrationCover(id, day, f.settings.ExpiringDays)
		if cover.Until == 0 || retired(e) {
			continue
		}
		last := calibrations[id]
		due = append(due, qms.Due{Key: "calibration:" + string(last.ID), Kind: DueCalibration, Platform: platform, Subject: id, Title: e.Code + " " + e.Name,
			On: cover.Until, Parts: []string{"equipment", e.Code}, Revision: last.Revision})
	}
	due = append(due, maintenanceDue(f, platform, day)...)
	return byDay(due)
}

// lastTrainings is, of each person on each piece of equipment, the training that lasts longest: the one to
// be renewed.
func lastTrainings(f *facts, day qms.Date) map[Pair]*Training {
	last := make(map[Pair]*Training, len(f.trainings))
	for i := range f.trainings {
		t := &f.trainings[i]
		if t.Void != "" || t.Date > day {
			continue
		}
		pair := Pair{t.Person, t.Equipment}
		if before := last[pair]; before == nil ||
			cmp.Or(cmp.Compare(t.Validity().Until, before.Validity().Until), cmp.Compare(t.Date, before.Date), strings.Compare(string(t.ID), string(before.ID))) > 0 {
			last[pair] = t
		}
	}
	return last
}

// lastCalibrations is the last conforming calibration of each piece, the one to be renewed. Its revision
// counts the changes of all those of the piece: a nonconforming one ends what held before.
func lastCalibrations(f *facts, day qms.Date) map[qms.ID]qms.Row {
	last, changes := map[qms.ID]*Calibration{}, map[qms.ID]int64{}
	for i := range f.calibrations {
		c := &f.calibrations[i]
		if c.Date > day {
			continue
		}
		changes[c.Equipment] += c.Revision
		if c.Void != "" || c.Outcome != Conforming {
			continue
		}
		if before := last[c.Equipment]; before == nil || cmp.Or(cmp.Compare(c.Date, before.Date), strings.Compare(string(c.ID), string(before.ID))) > 0 {
			last[c.Equipment] = c
		}
	}
	rows := make(map[qms.ID]qms.Row, len(last))
	for id, c := range last {
		rows[id] = qms.Row{ID: c.ID, Revision: changes[id]}
	}
	return rows
}

// naming puts the name of who is trained behind the title of what they are trained on.
func naming(due []qms.Due, names map[qms.ID]string) []qms.Due {
	for n := range due {
		if due[n].Kind == DueTraining {
			due[n].Title += ", " + names[due[n].Person]
		}
	}
	return due
}

func namesIn(people map[qms.ID]Person) map[qms.ID]string {
	names := make(map[qms.ID]string, len(people))
	for id, p := range people {
		names[id] = p.Name
	}
	return names
}

func byDay(due []qms.Due) []qms.Due {
	slices.SortFunc(due, func(a, b qms.Due) int {
		return cmp.Or(cmp.Compare(a.On, b.On), strings.Compare(a.Key, b.Key))
	})
	return due
}

// Due lists what ends of trainings and calibrations, past ends included, what preventive maintenance
// falls due, and what chains and impacts wait for, by date.
func (s *Service) Due(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]qms.Due, error) {
	f, err := factsWithEvents(ctx, r, platform, day)
	if err != nil {
		return nil, err
	}
	people, err := s.peopleByID(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	chains, err := dueOfChains(ctx, r, []qms.ID{platform}, map[qms.ID]CheckSettings{platform: f.settings}, day)
	if err != nil {
		return nil, err
	}
	return byDay(append(naming(dueFrom(f, platform, day), namesIn(people)), chains...)), nil
}

// Summary is what the home page of a platform tells of its traceability.
type Summary struct {
	AsOf         qms.Date
	Findings     *Findings
	Trainings    map[Standing]int // people on equipment
	Calibrations map[Standing]int // equipment under calibration
	Ending       []qms.Due        // trainings and calibrations that end within the days of the settings, or ended within them
}

// Summary makes the full check and counts what ends.
func (s *Service) Summary(ctx context.Context, platform qms.ID, asOf qms.Date) (sum *Summary, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if asOf == 0 {
			asOf = r.Today()
		}
		findings, err := s.examined(ctx, r, platform, asOf)
		if err != nil {
			return err
		}
		f, err := factsWithEvents(ctx, r, platform, asOf)
		if err != nil {
			return err
		}
		people, err := s.peopleByID(ctx, r, platform)
		if err != nil {
			return err
		}
		sum = summaryOf(f, people, findings, platform, asOf)
		return nil
	})
	return sum, err
}

func summaryOf(f *facts, people map[qms.ID]Person, findings *Findings, platform qms.ID, asOf qms.Date) *Summary {
	sum := &Summary{AsOf: asOf, Findings: findings, Trainings: matrixOf(f, people, asOf, "").Counts, Calibrations: map[Standing]int{}}
	for _, l := range equipmentLines(f, asOf) {
		if l.Calibrated {
			sum.Calibrations[l.Calibration.Standing]++
		}
	}
	for _, d := range naming(dueFrom(f, platform, asOf), namesIn(people)) {
		if days := int64(asOf.DaysUntil(d.On)); days <= f.settings.ExpiringDays && -days <= f.settings.ExpiringDays {
			sum.Ending = append(sum.Ending, d)
		}
	}
	return sum
}
