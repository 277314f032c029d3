package trace

import (
	"cmp"
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// Milestone is a day of the register that stands on the life sheet: it has no record of its own.
type Milestone string

// The milestones.
const (
	Acquired     Milestone = "acquired"
	Commissioned Milestone = "commissioned"
	Retired      Milestone = "retired"
)

// Entry is one line of a life sheet: a milestone, an event, a calibration or a restore test.
type Entry struct {
	Date        qms.Date
	Milestone   Milestone
	Event       *EquipmentEvent
	Calibration *Calibration
	Test        *RestoreTest
}

// ID is that of the record, or what stands for it.
func (e Entry) ID() qms.ID {
	switch {
	case e.Event != nil:
		return e.Event.ID
	case e.Calibration != nil:
		return e.Calibration.ID
	case e.Test != nil:
		return e.Test.ID
	}
	return qms.ID(e.Milestone)
}

// Void is why the record is a mistake; empty for one that counts.
func (e Entry) Void() string {
	switch {
	case e.Event != nil:
		return e.Event.Void
	case e.Calibration != nil:
		return e.Calibration.Void
	case e.Test != nil:
		return e.Test.Void
	}
	return ""
}

// DataLine is one data set of the data map on a day.
type DataLine struct {
	Equipment Equipment // code, name, category
	Set       DataSet
	Last      *RestoreTest
	Gaps      []DataGap
}

// Grave reports whether data may be lost for a gap of the line.
func (l DataLine) Grave() bool { return slices.ContainsFunc(l.Gaps, DataGap.Grave) }

// Life is how a piece of equipment stands on a day, and the beginning of its life sheet.
type Life struct {
	Status      Status
	Place       string
	Responsible Person
	Maintenance []Maintenance    // that is foreseen, the soonest first
	Open        []EquipmentEvent // that go on on the day
	Data        []DataLine
	Entries     qms.Page[Entry] // newest first
}

// lifeEntries is how much of the life sheet stands on the page of the equipment.
const lifeEntries = 15

// lifeOf reads the life of a piece of equipment, in at most six statements.
func lifeOf(ctx context.Context, r store.Reader, all *facts, e *Equipment, day qms.Date) (*Life, error) {
	events, err := bearingEvents(ctx, r, e.Platform, day, e.ID)
	if err != nil {
		return nil, err
	}
	cover, calibrated := all.ground(day, nil).CalibrationCover(e.ID, day, all.settings.ExpiringDays)
	l := &Life{Status: StatusOn(e, events, cover, calibrated, day), Place: PlaceOn(e, events, day), Maintenance: MaintenanceOn(e.ID, events, day)}
	for i := range events {
		if events[i].covers(day) && events[i].Kind != Withdrawal {
			l.Open = append(l.Open, events[i])
		}
	}
	if l.Data, err = dataLines(ctx, r, e.Platform, map[qms.ID]Equipment{e.ID: *e}, day, e.ID); err != nil {
		return nil, err
	}
	l.Entries, err = entriesOf(ctx, r, e, day, nil, lifeEntries)
	return l, err
}

func dataLines(ctx context.Context, r store.Reader, platform qms.ID, pieces map[qms.ID]Equipment, day qms.Date, equipment ...qms.ID) ([]DataLine, error) {
	sets, err := dataSetsOf(ctx, r, platform, equipment...)
	if err != nil || len(sets) == 0 {
		return nil, err
	}
	tests, err := lastTests(ctx, r, platform, day, equipment...)
	if err != nil {
		return nil, err
	}
	of := map[qms.ID]int{}
	for i := range tests {
		of[tests[i].DataSet] = i
	}
	var lines []DataLine
	for _, d := range sets {
		e, here := pieces[d.Equipment]
		if !here || e.Void != "" || !d.Produced(day) {
			continue
		}
		l := DataLine{Equipment: e, Set: d}
		if i, tested := of[d.ID]; tested {
			l.Last = &tests[i]
		}
		l.Gaps = d.Gaps(l.Last, day)
		lines = append(lines, l)
	}
	return lines, nil
}

// entriesOf reads one page of a life sheet, voided records included, in three statements.
func entriesOf(ctx context.Context, r store.Reader, e *Equipment, day qms.Date, after []string, limit int) (page qms.Page[Entry], err error) {
	events, err := lifeEvents(ctx, r, e.Platform, e.ID, day, after, limit+1)
	if err != nil {
		return page, err
	}
	calibrations, err := lifeCalibrations(ctx, r, e.Platform, e.ID, day, after, limit+1)
	if err != nil {
		return page, err
	}
	tests, err := lifeTests(ctx, r, e.Platform, e.ID, day, after, limit+1)
	if err != nil {
		return page, err
	}
	entries := milestones(e, day, after)
	for i := range events {
		entries = append(entries, Entry{Date: events[i].Date, Event: &events[i]})
	}
	for i := range calibrations {
		entries = append(entries, Entry{Date: calibrations[i].Date, Calibration: &calibrations[i]})
	}
	for i := range tests {
		entries = append(entries, Entry{Date: tests[i].Date, Test: &tests[i]})
	}
	slices.SortFunc(entries, newestFirst)
	if len(entries) > limit {
		entries = entries[:limit+1]
	}
	return qms.PageOf(entries, limit, func(e Entry) string { return qms.EncodeAfter(e.Date.String(), string(e.ID())) }), nil
}

func newestFirst(a, b Entry) int {
	return cmp.Or(cmp.Compare(b.Date, a.Date), cmp.Compare(b.ID(), a.ID()))
}

func milestones(e *Equipment, day qms.Date, after []string) []Entry {
	var entries []Entry
	for _, m := range []Entry{{Date: e.Acquired, Milestone: Acquired}, {Date: e.Commissioned, Milestone: Commissioned}, {Date: e.Retired, Milestone: Retired}} {
		at := m.Date.String()
		passed := after != nil && (at > after[0] || at == after[0] && string(m.Milestone) >= after[1])
		if m.Date != 0 && m.Date <= day && !passed {
			entries = append(entries, m)
		}
	}
	return entries
}

// LifeSheet is one page of the life sheet of a piece of equipment.
type LifeSheet struct {
	Piece   *Piece
	Entries qms.Page[Entry]
}

// LifeSheet reads a page of the life of a piece of equipment by its code, newest first; asOf 0 is today.
func (s *Service) LifeSheet(ctx context.Context, platform qms.ID, code string, asOf qms.Date, c qms.Cursor) (sheet *LifeSheet, err error) {
	after, err := qms.DecodeAfter(c.After, 2)
	if err != nil {
		return nil, err
	}
	if after != nil {
		if _, err := qms.ParseDate(after[0]); err != nil {
			return nil, qms.Invalid("cursor.malformed")
		}
	}
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		p, err := s.pieceIn(ctx, r, platform, code, asOf)
		if err != nil {
			return err
		}
		sheet = &LifeSheet{Piece: p}
		sheet.Entries, err = entriesOf(ctx, r, &p.Equipment, p.AsOf, after, c.Limit())
		return err
	})
	return sheet, err
}

// Event reads an event of the life sheets of the platform; a voided one is read too. So do the methods
// below.
func (s *Service) Event(ctx context.Context, platform, id qms.ID) (*EquipmentEvent, error) {
	return recordByID[EquipmentEvent](ctx, s, platform, id)
}

// Calibration reads a calibration.
func (s *Service) Calibration(ctx context.Context, platform, id qms.ID) (*Calibration, error) {
	return recordByID[Calibration](ctx, s, platform, id)
}

// DataSet reads a data set.
func (s *Service) DataSet(ctx context.Context, platform, id qms.ID) (*DataSet, error) {
	return recordByID[DataSet](ctx, s, platform, id)
}

// RestoreTest reads a restore test.
func (s *Service) RestoreTest(ctx context.Context, platform, id qms.ID) (*RestoreTest, error) {
	return recordByID[RestoreTest](ctx, s, platform, id)
}

func recordByID[T any](ctx context.Context, s *Service, platform, id qms.ID) (row *T, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		row, err = byID[T](ctx, r, platform, id)
		return err
	})
	return row, err
}

// EquipmentByCode reads a piece of equipment by its code, in any case; a voided one is read too.
func (s *Service) EquipmentByCode(ctx context.Context, platform qms.ID, code string) (e *Equipment, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		e, err = equipmentByCode(ctx, r, platform, Normal(code))
		return err
	})
	return e, err
}
