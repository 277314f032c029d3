package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Ground is what the checks of the platform stand on as of a day, for rooms that explain an answer.
func (s *Service) Ground(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) (*Ground, error) {
	g, _, err := s.ground(ctx, r, platform, asOf)
	return g, err
}

// EquipmentByID is every piece of equipment of the platform, voided ones included.
func (s *Service) EquipmentByID(ctx context.Context, r store.Reader, platform qms.ID) (map[qms.ID]Equipment, error) {
	all, err := allEquipment(ctx, r, platform)
	byID := make(map[qms.ID]Equipment, len(all))
	for _, e := range all {
		byID[e.ID] = e
	}
	return byID, err
}

// ground reads what the checks stand on, in four statements and what Instructions needs: settings,
// every training and every calibration of the platform, every version in force.
func (s *Service) ground(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) (*Ground, CheckSettings, error) {
	set, err := settings(ctx, r, platform)
	if err != nil {
		return nil, set, err
	}
	trainings, err := trainingFacts(ctx, r, platform, asOf)
	if err != nil {
		return nil, set, err
	}
	calibrations, err := calibrationFacts(ctx, r, platform, asOf)
	if err != nil {
		return nil, set, err
	}
	instructions, err := s.instructions.Periods(ctx, r, platform)
	if err != nil {
		return nil, set, err
	}
	return NewGround(asOf, set, trainings, calibrations, instructions), set, nil
}

// trainingFacts reads of the trainings what their validity needs. IDs are shared between rows.
func trainingFacts(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) ([]Training, error) {
	rows, err := r.Query(ctx, `SELECT person, equipment, CAST(date AS TEXT), months, COALESCE(CAST(through AS TEXT), '')
FROM trainings WHERE platform = ? AND date <= ? AND void = ''`, platform, asOf)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Training
	ids := interned{}
	scan := newScanner(rows, 5)
	for scan.next() {
		all = append(all, Training{Person: ids.id(scan.text(0)), Equipment: ids.id(scan.text(1)), Date: scan.date(2),
			Months: qms.Months(scan.integer(3)), Through: scan.date(4)})
	}
	return all, scan.done()
}

func calibrationFacts(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) ([]Calibration, error) {
	rows, err := r.Query(ctx, `SELECT equipment, CAST(date AS TEXT), months, outcome
FROM calibrations WHERE platform = ? AND date <= ? AND void = ''`, platform, asOf)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Calibration
	ids := interned{}
	scan := newScanner(rows, 4)
	for scan.next() {
		all = append(all, Calibration{Equipment: ids.id(scan.text(0)), Date: scan.date(1),
			Months: qms.Months(scan.integer(2)), Outcome: Outcome(scan.text(3))})
	}
	return all, scan.done()
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
