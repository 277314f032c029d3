package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// gridInForce is the referential that holds on the day, as the rows of a grid: the texts are taken over as
// they are, so that a later version changes nothing in a mission.
func gridInForce(ctx context.Context, r store.Reader, day qms.Date) (title string, rows []MissionFinding, err error) {
	all, err := referentials(ctx, r)
	if err != nil {
		return "", nil, err
	}
	v := InEffect(all, day)
	if v == nil {
		return "", nil, nil
	}
	criteria, err := criteriaOf(ctx, r, v.ID)
	if err != nil {
		return "", nil, err
	}
	for _, c := range criteria {
		rows = append(rows, MissionFinding{Chapter: string(c.Theme), Code: c.Code, Criterion: c.French, CriterionEn: c.English,
			Expected: c.EvidenceFrench, ExpectedEn: c.EvidenceEnglish})
	}
	return v.Name, rows, nil
}
