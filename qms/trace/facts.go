package trace

import (
	"context"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// facts is what stands behind the checks and the pages: settings, trainings, calibrations and
// equipment of a platform, or those within a scope, of all times and voided ones included.
type facts struct {
	settings     CheckSettings
	trainings    []Training
	calibrations []Calibration
	trainers     []Trainer
	equipment    map[qms.ID]Equipment
	events       []EquipmentEvent    // that bear on a status; read apart, where it is wanted
	decisions    []Requalification   // without their reasons
	byPair       map[Pair][]Training // of the trainings; made when it is asked for
}

// scope narrows facts; empty lists do not.
type scope struct {
	persons   []qms.ID // whose trainings
	equipment []qms.ID // and of which equipment, with its calibrations
	behind    bool     // instead: of the reports of the chain that "target" names in the statement
	piece     string   // of the one piece of equipment that has this identifier or code
}

// The kinds of row of factRows.
const (
	settingsRow = iota
	trainingRow
	calibrationRow
	equipmentRow
	decisionRow
	trainerRow

	factColumns = 13
)

// factsOf reads all of it in one statement.
func factsOf(ctx context.Context, r store.Reader, platform qms.ID, in scope) (*facts, error) {
	query, args := factQuery(platform, in)
	rows, err := r.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	f := newFacts()
	ids := interned{}
	scan := newScanner(rows, factColumns)
	for scan.next() {
		f.add(scan, ids, platform)
	}
	return f, scan.done()
}

func newFacts() *facts {
	return &facts{settings: DefaultSettings(), equipment: map[qms.ID]Equipment{}}
}

func (f *facts) add(s *scanner, ids interned, platform qms.ID) {
	row := qms.Row{ID: qms.ID(s.text(1)), Platform: platform, Revision: s.integer(2)}
	months := qms.Months(s.integer(7))
	switch s.integer(0) {
	case settingsRow:
		f.settings = CheckSettings{Row: row, InvoiceDays: int64(months), Evidence: strings.Contains(s.text(10), "e"),
			Trainers: strings.Contains(s.text(10), "t"), Uncovered: s.text(11)}
		days, err := strconv.ParseInt(s.text(9), 10, 64)
		if err != nil {
			s.fail(9)
		}
		f.settings.ExpiringDays = days
	case trainingRow:
		f.trainings = append(f.trainings, Training{Row: row, Person: ids.id(s.text(3)), Equipment: ids.id(s.text(4)),
			Trainer: ids.id(s.text(5)), Date: s.date(6), Months: months, Through: s.date(8), Kind: TrainingKind(s.text(9)),
			Procedure: s.text(10), ProcedureVersion: s.text(11), Void: s.text(12)})
	case calibrationRow:
		f.calibrations = append(f.calibrations, Calibration{Row: row, Equipment: ids.id(s.text(4)), Date: s.date(6),
			Months: months, Outcome: Outcome(s.text(9)), Certificate: s.text(10), Void: s.text(12)})
	case equipmentRow:
		f.equipment[row.ID] = Equipment{Row: row, Category: s.text(3), Place: s.text(4), Commissioned: s.date(6), Waiting: months > 0,
			Retired: s.date(8), Code: s.text(9), Name: s.text(10), Serial: s.text(11), Void: s.text(12)}
	case decisionRow:
		f.decisions = append(f.decisions, Requalification{Row: row, DecidedBy: qms.ID(s.text(5)), Since: s.date(6), Required: months > 0,
			DueOn: s.date(8), Procedure: s.text(9), Version: s.text(10), DecidedOn: s.date(11)})
	case trainerRow:
		f.trainers = append(f.trainers, Trainer{Row: row, Person: ids.id(s.text(3)), Equipment: ids.id(s.text(4)),
			ValidFrom: s.date(6), ValidUntil: s.date(8), Void: s.text(12)})
	}
}

// ground is what the checks stand on as of a day.
func (f *facts) ground(asOf qms.Date, instructions map[string]map[string]qms.Period) *Ground {
	return NewGround(asOf, f.settings, f.trainings, f.calibrations, instructions, f.trainers...)
}

// interned keeps one copy of each ID.
type interned map[string]qms.ID

func (m interned) id(text string) qms.ID {
	if id, ok := m[text]; ok {
		return id
	}
	m[text] = qms.ID(text)
	return qms.ID(text)
}

// Ground is what the checks of the platform stand on as of a day, for rooms that explain an answer.
// It takes one statement and what Instructions needs.
func (s *Service) Ground(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) (*Ground, error) {
	f, err := factsOf(ctx, r, platform, scope{})
	if err != nil {
		return nil, err
	}
	instructions, err := s.instructions.Periods(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	return f.ground(asOf, instructions), nil
}

// EquipmentByID is every piece of equipment of the platform, retired and voided ones included.
func (s *Service) EquipmentByID(ctx context.Context, r store.Reader, platform qms.ID) (map[qms.ID]Equipment, error) {
	all, err := allOf[Equipment](ctx, r, platform, "code")
	byID := make(map[qms.ID]Equipment, len(all))
	for _, e := range all {
		byID[e.ID] = e
	}
	return byID, err
}
