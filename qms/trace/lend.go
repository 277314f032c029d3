package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Ground is what the checks of a platform stand on as of a day, for those who examine it: a fixed
// number of statements, whatever the size of the platform.
func (s *Service) Ground(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) (*Ground, error) {
	settings, trainings, calibrations := []CheckSettings{}, []Training{}, []Calibration{}
	if err := r.Select(&settings).Where("platform = ?", platform).Scan(ctx); err != nil {
		return nil, err
	}
	if err := r.Select(&trainings).Where("platform = ?", platform).Scan(ctx); err != nil {
		return nil, err
	}
	if err := r.Select(&calibrations).Where("platform = ?", platform).Scan(ctx); err != nil {
		return nil, err
	}
	instructions, err := s.instructions.Periods(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	settings = append(settings, DefaultSettings()) // the first counts
	return NewGround(asOf, settings[0], trainings, calibrations, instructions), nil
}

// EquipmentByID is every piece of equipment of the platform, retired ones included.
func (s *Service) EquipmentByID(ctx context.Context, r store.Reader, platform qms.ID) (map[qms.ID]Equipment, error) {
	var rows []Equipment
	if err := r.Select(&rows).Where("platform = ?", platform).Scan(ctx); err != nil {
		return nil, err
	}
	byID := make(map[qms.ID]Equipment, len(rows))
	for _, e := range rows {
		byID[e.ID] = e
	}
	return byID, nil
}
