package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// RegisterLine is a version as a register of documents states it.
type RegisterLine struct {
	Stated
	Withdrawn string // why it was withdrawn; "-" when nobody said; empty when it was not
}

// RegisterLines lists the versions of the platform that were, are or will be in force, of the documents
// that the reader may see, by code and from the oldest: those whose day of effect had come by asOf; all
// when asOf is none. TakeMasterList takes them over.
func RegisterLines(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) ([]RegisterLine, error) {
	all, err := documentsOf(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	versions, err := versionsOfPlatform(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	of := map[qms.ID][]*Version{}
	for i := len(versions) - 1; i >= 0; i-- {
		of[versions[i].Document] = append(of[versions[i].Document], versions[i])
	}
	var lines []RegisterLine
	for _, d := range all {
		for _, v := range of[d.ID] {
			if v.EffectiveFrom == 0 || asOf != 0 && v.EffectiveFrom > asOf {
				continue
			}
			l := RegisterLine{Stated: Stated{Code: d.Code, Title: d.Title, Version: v.Number().String(), EffectiveFrom: v.EffectiveFrom, EffectiveUntil: v.EffectiveUntil}}
			if asOf != 0 && l.EffectiveUntil > asOf {
				l.EffectiveUntil = 0
			}
			if v.WithdrawnOn != 0 && (asOf == 0 || v.WithdrawnOn <= asOf) {
				if l.Withdrawn = v.Remark; l.Withdrawn == "" {
					l.Withdrawn = "-"
				}
			}
			lines = append(lines, l)
		}
	}
	return lines, nil
}
