package trace

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// PieceLife is the whole life of one piece of equipment up to a day, and how it stood then.
type PieceLife struct {
	Equipment   Equipment // at the place where it stood on the day
	Status      Status
	Calibrated  bool // under calibration
	Calibration Cover
	Trained     int           // people validly trained on it
	Maintenance []Maintenance // that was foreseen, the soonest first
	Data        []DataLine    // what it produced on the day
	Entries     []Entry       // that count, newest first
}

// LivesIn reads the life of every piece of equipment of the platform up to a day, by code, within a
// transaction of the caller's, who has seen to the right to read. It takes six statements however many
// there are; memory grows with the lines of all life sheets. Equipment acquired later is left out.
func (s *Service) LivesIn(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) ([]PieceLife, error) {
	all, err := factsOf(ctx, r, platform, scope{})
	if err != nil {
		return nil, err
	}
	pieces, err := allOf[Equipment](ctx, r, platform, "code")
	if err != nil {
		return nil, err
	}
	byID := make(map[qms.ID]Equipment, len(pieces))
	for _, e := range pieces {
		byID[e.ID] = e
	}
	told, err := entriesOfAll(ctx, r, platform, asOf)
	if err != nil {
		return nil, err
	}
	data, err := dataLines(ctx, r, platform, byID, asOf)
	if err != nil {
		return nil, err
	}
	all.events = told.events
	return livesOf(all, pieces, told, data, asOf), nil
}

// toldLives is what stands on the life sheets of a platform.
type toldLives struct {
	events  []EquipmentEvent // of all days: moves tell where equipment stood before them
	entries map[qms.ID][]Entry
}

func entriesOfAll(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) (*toldLives, error) {
	t := &toldLives{entries: map[qms.ID][]Entry{}}
	if err := r.Select(&t.events).Where("platform = ? AND void = ''", platform).Order("date", "id").Scan(ctx); err != nil {
		return nil, err
	}
	for i := range t.events {
		if e := &t.events[i]; e.Date <= asOf {
			t.entries[e.Equipment] = append(t.entries[e.Equipment], Entry{Date: e.Date, Event: e})
		}
	}
	var calibrations []Calibration
	if err := r.Select(&calibrations).Where("platform = ? AND void = '' AND date <= ?", platform, asOf).Order("date", "id").Scan(ctx); err != nil {
		return nil, err
	}
	for i := range calibrations {
		c := &calibrations[i]
		t.entries[c.Equipment] = append(t.entries[c.Equipment], Entry{Date: c.Date, Calibration: c})
	}
	var tests []RestoreTest
	if err := r.Select(&tests).Where("platform = ? AND void = '' AND date <= ?", platform, asOf).Order("date", "id").Scan(ctx); err != nil {
		return nil, err
	}
	for i := range tests {
		v := &tests[i]
		t.entries[v.Equipment] = append(t.entries[v.Equipment], Entry{Date: v.Date, Test: v})
	}
	return t, nil
}

// livesOf puts the lives together. It is pure.
func livesOf(all *facts, pieces []Equipment, told *toldLives, data []DataLine, asOf qms.Date) []PieceLife {
	g, trained := all.ground(asOf, nil), map[qms.ID]int{}
	for pair, v := range g.Trainings {
		if v.On(asOf) {
			trained[pair.Equipment]++
		}
	}
	events, lines := eventsByEquipment(all.events), map[qms.ID][]DataLine{}
	for _, l := range data {
		lines[l.Equipment.ID] = append(lines[l.Equipment.ID], l)
	}
	var lives []PieceLife
	for _, e := range pieces {
		if e.Void != "" || e.Acquired > asOf {
			continue
		}
		l := PieceLife{Equipment: e, Trained: trained[e.ID], Data: lines[e.ID], Maintenance: MaintenanceOn(e.ID, events[e.ID], asOf)}
		l.Calibration, l.Calibrated = g.CalibrationCover(e.ID, asOf, all.settings.ExpiringDays)
		l.Status = StatusOn(&e, events[e.ID], l.Calibration, l.Calibrated, asOf)
		l.Equipment.Place = PlaceOn(&e, events[e.ID], asOf)
		if e.Retired > asOf {
			l.Equipment.Retired, l.Equipment.RetiredWhy = 0, ""
		}
		l.Entries = append(told.entries[e.ID], milestones(&e, asOf, nil)...)
		slices.SortFunc(l.Entries, newestFirst)
		lives = append(lives, l)
	}
	slices.SortFunc(lives, func(a, b PieceLife) int { return strings.Compare(a.Equipment.Code, b.Equipment.Code) })
	return lives
}

// TrainersIn lists who could train others on what on the day, within a transaction of the caller's, who
// has seen to the right to read.
func TrainersIn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]Trainer, error) {
	all, err := trainersOf(ctx, r, platform)
	return slices.DeleteFunc(all, func(t Trainer) bool { return !t.On(day) }), err
}
