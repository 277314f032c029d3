package trace

import (
	"cmp"
	"slices"
	"strings"

	"maillon/qms"
)

// EquipmentEvent is one line of the life sheet of a piece of equipment: what was done to it or what
// befell it. Calibrations and restore tests have records of their own.
type EquipmentEvent struct {
	qms.Row
	Equipment   qms.ID
	Kind        EventKind
	Date        qms.Date // the day it began
	Ended       qms.Date // the day it ended, on which the equipment served again; none while one that lasts goes on
	Usable      bool     // the equipment could be used meanwhile
	Description string
	Outcome     string
	Person      qms.ID // who did it, when it was somebody of the platform
	Company     string // or who else did
	Cost        qms.Money
	Program     string     // of preventive maintenance: which of several ("annual service")
	Months      qms.Months // until the next one of the program, counted from its end
	NextOn      qms.Date   // or its day
	Ends        qms.ID     // the event that this one brought to its end: a breakdown, for a repair
	Place       string     // of a move: where to
	PlaceBefore string     // and where from
	Void        string
}

// EventKind is what kind of thing happened.
type EventKind string

// The kinds of event.
const (
	Preventive   EventKind = "preventive" // maintenance
	Corrective   EventKind = "corrective" // maintenance
	Breakdown    EventKind = "breakdown"
	Repair       EventKind = "repair"
	Move         EventKind = "move"
	Modification EventKind = "modification"
	Software     EventKind = "software"
	Withdrawal   EventKind = "withdrawal" // out of service, and back: written by ReturnEquipment alone
	OtherEvent   EventKind = "other"
)

// EventKinds lists the kinds that people record, in the order of forms.
func EventKinds() []EventKind {
	return []EventKind{Preventive, Corrective, Breakdown, Repair, Move, Modification, Software, OtherEvent}
}

// Lasts reports whether such an event keeps the equipment out of use until its end is stated. The
// others happen on a day and change nothing of the status.
func (k EventKind) Lasts() bool {
	switch k {
	case Preventive, Corrective, Breakdown, Repair, Withdrawal:
		return true
	}
	return false
}

// Open reports whether the event still goes on, whatever the day.
func (e *EquipmentEvent) Open() bool { return e.Kind.Lasts() && e.Ended == 0 && e.Void == "" }

// covers reports whether the event goes on at the end of the day.
func (e *EquipmentEvent) covers(day qms.Date) bool {
	return e.Kind.Lasts() && e.Void == "" && e.Date <= day && (e.Ended == 0 || day < e.Ended)
}

// Due is the day on which the next maintenance of the program falls; none when none is foreseen.
func (e *EquipmentEvent) Due() qms.Date {
	switch {
	case e.NextOn != 0:
		return e.NextOn
	case e.Months == 0:
		return 0
	}
	return max(e.Date, e.Ended).AddMonths(e.Months)
}

// Status is how a piece of equipment stands on a day. It is not kept: it follows from the records.
type Status string

// The statuses, the one that outweighs the others first.
const (
	OutOfService     Status = "out-of-service"
	NotCommissioned  Status = "not-commissioned"
	BrokenDown       Status = "broken-down"
	UnderMaintenance Status = "under-maintenance"
	OutOfCalibration Status = "out-of-calibration"
	InService        Status = "in-service"
)

// Statuses lists them, the one that outweighs the others first.
func Statuses() []Status {
	return []Status{OutOfService, NotCommissioned, BrokenDown, UnderMaintenance, OutOfCalibration, InService}
}

// StatusOn is the status of the equipment on the day, given its events and how its calibration stands
// that day. Events of other equipment, voided ones and those that do not cover the day do not count.
func StatusOn(e *Equipment, events []EquipmentEvent, calibration Cover, calibrated bool, day qms.Date) Status {
	switch {
	case e.Retired != 0 && e.Retired <= day:
		return OutOfService
	case e.Commissioned > day || e.Commissioned == 0 && e.Waiting:
		return NotCommissioned
	}
	broken, maintained := false, false
	for i := range events {
		event := &events[i]
		if event.Equipment != e.ID || event.Usable || !event.covers(day) {
			continue
		}
		switch event.Kind {
		case Withdrawal:
			return OutOfService
		case Breakdown:
			broken = true
		case Preventive, Corrective, Repair:
			maintained = true
		}
	}
	switch {
	case broken:
		return BrokenDown
	case maintained:
		return UnderMaintenance
	case calibrated && calibration.Standing != Valid && calibration.Standing != Expiring:
		return OutOfCalibration
	}
	return InService
}

// PlaceOn is where the equipment stood on the day, given its moves: where the first move after the day
// took it from, else where it is.
func PlaceOn(e *Equipment, events []EquipmentEvent, day qms.Date) string {
	place, first := e.Place, qms.Date(0)
	for i := range events {
		move := &events[i]
		if move.Kind == Move && move.Equipment == e.ID && move.Void == "" && move.Date > day && (first == 0 || move.Date < first) {
			place, first = move.PlaceBefore, move.Date
		}
	}
	return place
}

// Maintenance is when the next preventive maintenance of a program falls due.
type Maintenance struct {
	Program string
	Last    qms.Date   // day on which the last one ended
	Months  qms.Months // its period; none when it gave a date
	On      qms.Date
	after   *EquipmentEvent // the last one
}

// MaintenanceOn lists what preventive maintenance the equipment waits for on the day, the soonest
// first: of each program the one that follows the last maintenance begun by then. Programs are told
// apart by their words, case and spaces aside.
func MaintenanceOn(equipment qms.ID, events []EquipmentEvent, day qms.Date) []Maintenance {
	last := map[string]*EquipmentEvent{}
	for i := range events {
		e := &events[i]
		if e.Equipment != equipment || e.Kind != Preventive || e.Void != "" || e.Date > day {
			continue
		}
		key := programKey(e.Program)
		if before := last[key]; before == nil || e.Date > before.Date || e.Date == before.Date && e.ID > before.ID {
			last[key] = e
		}
	}
	var due []Maintenance
	for _, e := range last {
		if on := e.Due(); on != 0 {
			due = append(due, Maintenance{e.Program, max(e.Date, e.Ended), e.Months, on, e})
		}
	}
	slices.SortFunc(due, func(a, b Maintenance) int {
		return cmp.Or(cmp.Compare(a.On, b.On), strings.Compare(programKey(a.Program), programKey(b.Program)))
	})
	return due
}

// programKey is the words of a program as they are compared.
func programKey(program string) string {
	return strings.ToLower(strings.Join(strings.Fields(program), " "))
}
