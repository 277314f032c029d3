package trace

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// bearingEvents reads, in one statement, the events that say how equipment stands on the day: those
// that go on then, the last maintenance of each program, and the moves after it. Without any equipment
// named they are those of the whole platform.
func bearingEvents(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date, equipment ...qms.ID) ([]EquipmentEvent, error) {
	var events []EquipmentEvent
	q := r.Select(&events).Where("platform = ? AND void = ''", platform).Where(`
kind IN (?) AND date <= ? AND (ended IS NULL OR ended > ?)
OR kind = ? AND date > ?
OR id IN (SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY equipment, program ORDER BY date DESC, id DESC) AS nth
  FROM equipment_events WHERE platform = ? AND kind = ? AND void = '' AND date <= ?) AS ranked WHERE nth = 1)`,
		bun.List([]EventKind{Breakdown, Corrective, Preventive, Repair, Withdrawal}), day, day, Move, day, platform, Preventive, day)
	if len(equipment) > 0 {
		q = q.Where("equipment IN (?)", bun.List(equipment))
	}
	return events, q.Scan(ctx)
}

// movesAfter reads the moves of a piece of equipment after the day, the first one first.
func movesAfter(ctx context.Context, r store.Reader, platform, equipment qms.ID, day qms.Date) ([]EquipmentEvent, error) {
	var moves []EquipmentEvent
	err := r.Select(&moves).Where("platform = ? AND equipment = ? AND kind = ? AND void = '' AND date > ?", platform, equipment, Move, day).
		Order("date", "id").Scan(ctx)
	return moves, err
}

// olderThan narrows a list of dated records to what comes after the cursor, newest first.
func olderThan(q *bun.SelectQuery, platform, equipment qms.ID, asOf qms.Date, after []string, limit int) *bun.SelectQuery {
	q = q.Where("platform = ? AND equipment = ? AND date <= ?", platform, equipment, asOf)
	if after != nil {
		q = q.Where("(date < ? OR date = ? AND id < ?)", after[0], after[0], after[1])
	}
	return q.Order("date DESC", "id DESC").Limit(int64(limit))
}

func lifeEvents(ctx context.Context, r store.Reader, platform, equipment qms.ID, asOf qms.Date, after []string, limit int) ([]EquipmentEvent, error) {
	var rows []EquipmentEvent
	return rows, olderThan(r.Select(&rows), platform, equipment, asOf, after, limit).Scan(ctx)
}

func lifeCalibrations(ctx context.Context, r store.Reader, platform, equipment qms.ID, asOf qms.Date, after []string, limit int) ([]Calibration, error) {
	var rows []Calibration
	return rows, olderThan(r.Select(&rows), platform, equipment, asOf, after, limit).Scan(ctx)
}

func lifeTests(ctx context.Context, r store.Reader, platform, equipment qms.ID, asOf qms.Date, after []string, limit int) ([]RestoreTest, error) {
	var rows []RestoreTest
	return rows, olderThan(r.Select(&rows), platform, equipment, asOf, after, limit).Scan(ctx)
}

// dataSetsOf reads the data sets of the equipment, or of the whole platform when none is named, voided
// ones left out.
func dataSetsOf(ctx context.Context, r store.Reader, platform qms.ID, equipment ...qms.ID) ([]DataSet, error) {
	var rows []DataSet
	q := r.Select(&rows).Where("platform = ? AND void = ''", platform)
	if len(equipment) > 0 {
		q = q.Where("equipment IN (?)", bun.List(equipment))
	}
	return rows, q.Order("equipment", "id").Scan(ctx)
}

// lastTests reads the last restore test of each data set by the day.
func lastTests(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date, equipment ...qms.ID) ([]RestoreTest, error) {
	var rows []RestoreTest
	q := r.Select(&rows).Where(`id IN (SELECT id FROM (
SELECT id, ROW_NUMBER() OVER (PARTITION BY data_set ORDER BY date DESC, id DESC) AS nth
FROM restore_tests WHERE platform = ? AND void = '' AND date <= ?) AS ranked WHERE nth = 1)`, platform, day)
	if len(equipment) > 0 {
		q = q.Where("equipment IN (?)", bun.List(equipment))
	}
	return rows, q.Scan(ctx)
}
