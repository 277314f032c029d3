package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// SignedRelease is the kind of the signature that releases a report.
const SignedRelease = "report-release"

// releaseSigned is what the signature of a release covers: what the report states.
type releaseSigned struct {
	Number, Request                       string
	Date, AnalysedOn                      qms.Date
	Operator, Equipment                   qms.ID
	Instruction, InstructionVersion, Data string
	By                                    qms.ID
	On                                    qms.Date
	Void                                  string
}

func (r *Report) signed() string {
	return qms.Digest(releaseSigned{Number: r.Number, Request: r.Request, Date: r.Date, AnalysedOn: r.AnalysedOn, Operator: r.Operator, Equipment: r.Equipment,
		Instruction: r.Instruction, InstructionVersion: r.InstructionVersion, Data: r.DataPlace, By: r.ReleasedBy, On: r.ReleasedOn, Void: r.Void})
}

// CoveredIn is what the signatures of releases on the platform would cover now, by report, in one
// statement: of the reports that are named.
func CoveredIn(ctx context.Context, r store.Reader, platform qms.ID, reports []qms.ID) (map[string]map[qms.ID]string, error) {
	now := map[string]map[qms.ID]string{SignedRelease: {}}
	found, err := reportsByID(ctx, r, platform, reports)
	for i := range found {
		now[SignedRelease][found[i].ID] = found[i].signed()
	}
	return now, err
}

// Covered is what the signatures that released the reports of the dossier would cover now, those set aside with
// them; none where no report is released.
func (d *Dossier) Covered() map[string]map[qms.ID]string {
	now := map[qms.ID]string{}
	for _, reports := range [][]Report{d.Chain.Reports, d.Set.Reports} {
		for i := range reports {
			if r := &reports[i]; r.ReleasedBy != "" {
				now[r.ID] = r.signed()
			}
		}
	}
	if len(now) == 0 {
		return nil
	}
	return map[string]map[qms.ID]string{SignedRelease: now}
}
