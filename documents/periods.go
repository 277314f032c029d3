package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// PeriodsNamed is Periods for a few documents by their codes, in one statement whatever the size of the
// library.
func PeriodsNamed(ctx context.Context, r store.Reader, platform qms.ID, codes []string) (map[string]map[string]qms.Period, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	return periodsBy(periodsNamed(ctx, r, platform, codes))
}

// periodsBy gathers the periods by code, then version. A document without a version has an entry.
func periodsBy(versions []periodRow, err error) (map[string]map[string]qms.Period, error) {
	periods := make(map[string]map[string]qms.Period, len(versions))
	for _, v := range versions {
		if periods[v.Code] == nil {
			periods[v.Code] = map[string]qms.Period{}
		}
		stated := Version{EffectiveFrom: v.EffectiveFrom, EffectiveUntil: v.EffectiveUntil}
		if p, ok := stated.Period(); ok {
			periods[v.Code][Number{v.Major, v.Minor}.String()] = p
		}
	}
	return periods, err
}

// PeriodsNamed is the function of that name, for those who are handed the service.
func (s *Service) PeriodsNamed(ctx context.Context, r store.Reader, platform qms.ID, codes []string) (map[string]map[string]qms.Period, error) {
	return PeriodsNamed(ctx, r, platform, codes)
}

// periodRow is a version with the code of its document.
type periodRow struct {
	Code           string
	Major, Minor   int64
	EffectiveFrom  qms.Date
	EffectiveUntil qms.Date
}
