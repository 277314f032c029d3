package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// ImpactPreview is what a cause touches as of a day, before anything is recorded.
type ImpactPreview struct {
	AsOf        qms.Date
	Cause       Cause
	Window      Window
	Equipment   Equipment    // none of a work instruction
	Calibration *Calibration // of a cause of that kind
	Training    *Training    // likewise
	InForce     qms.Period   // of the version of a work instruction
	Counts      TouchedCounts
	Lots        bool // so many that a dossier keeps some as lots
	Page        qms.Page[Touched]
	People      map[qms.ID]Person
	Pieces      map[qms.ID]Equipment
	Dossiers    []Impact // that are on record of the same cause
}

// PreviewImpact lists what a cause touches, one page of it: reports, uses, then trainings, each by day.
// asOf 0 is today.
func (s *Service) PreviewImpact(ctx context.Context, platform qms.ID, c Cause, asOf qms.Date, cursor qms.Cursor) (v *ImpactPreview, err error) {
	after, err := readTouchedCursor(cursor.After)
	if err != nil {
		return nil, err
	}
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if asOf == 0 {
			asOf = r.Today()
		}
		t, err := s.trace(ctx, r, platform, c, asOf)
		if err != nil {
			return err
		}
		v = &ImpactPreview{AsOf: asOf, Cause: c, Window: t.window, Equipment: t.equipment, Calibration: t.calibration, Training: t.training, InForce: t.inForce}
		if v.Counts, err = countTouched(ctx, r, platform, &t.reach, asOf); err != nil {
			return err
		}
		v.Lots = max(v.Counts.Reports, v.Counts.Uses) > maxLines
		if v.Dossiers, err = impactsAbout(ctx, r, platform, t); err != nil {
			return err
		}
		if v.People, v.Pieces, err = s.named(ctx, r, platform); err != nil {
			return err
		}
		limit := cursor.Limit()
		var lines []Touched
		err = touched(ctx, r, platform, &t.reach, asOf, after, limit+1, func(l *Touched) error {
			lines = append(lines, *l)
			return nil
		})
		v.Page = qms.PageOf(lines, limit, func(l Touched) string { return touchedCursor(&l) })
		return err
	})
	return v, err
}

// named is who and what the lines of an impact name.
func (s *Service) named(ctx context.Context, r store.Reader, platform qms.ID) (map[qms.ID]Person, map[qms.ID]Equipment, error) {
	people, err := s.peopleByID(ctx, r, platform)
	if err != nil {
		return nil, nil, err
	}
	pieces, err := s.EquipmentByID(ctx, r, platform)
	return people, pieces, err
}
