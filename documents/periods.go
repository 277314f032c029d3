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
func periodsBy(rows []periodRow, err error) (map[string]map[string]qms.Period, error) {
	periods, of := map[string]map[string]qms.Period{}, map[qms.ID]map[string]qms.Period{}
	for _, v := range rows {
		if v.Code != "" {
			of[v.Document] = map[string]qms.Period{}
			periods[v.Code] = of[v.Document]
		}
	}
	for _, v := range rows {
		stated := Version{EffectiveFrom: v.EffectiveFrom, EffectiveUntil: v.EffectiveUntil}
		if p, ok := stated.Period(); ok {
			of[v.Document][Number{v.Major, v.Minor}.String()] = p
		}
	}
	return periods, err
}

// PeriodsNamed is the function of that name, for those who are handed the service.
func (s *Service) PeriodsNamed(ctx context.Context, r store.Reader, platform qms.ID, codes []string) (map[string]map[string]qms.Period, error) {
	return PeriodsNamed(ctx, r, platform, codes)
}

// periodRow is a version, or a document when it has a code.
type periodRow struct {
	Document       qms.ID
	Code           string
	Major, Minor   int64
	EffectiveFrom  qms.Date
	EffectiveUntil qms.Date
}
